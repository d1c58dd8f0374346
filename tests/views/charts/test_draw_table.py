"""The picture of the SPIRIT figure: the words of the table, and a line through the sessions."""

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from planner.formats.load import load_protocol
from planner.views.charts.draw_table import draw_table
from planner.views.charts.picture import Picture, Stroke, Symbol
from planner.views.charts.svg import svg
from planner.views.spirit_figure import spirit_figure

Planner = Callable[..., Any]


def picture(name: str) -> Picture:
    return draw_table(spirit_figure(load_protocol(name).protocol))


def test_every_word_of_the_table_is_in_the_picture() -> None:
    grid = spirit_figure(load_protocol("comp006").protocol)
    words = re.findall(r"\S+", " ".join(line.text for line in picture("comp006").words))
    texts = [grid.title, *grid.notes, *(text for head in grid.heads for text in head)]
    texts += [line.cells[0] for line in grid.lines]
    assert set(" ".join(texts).split()) <= set(words)


def test_each_arm_has_a_symbol_for_each_session_and_one_line_through_them() -> None:
    items = [item for _, item in picture("comp006").items]
    symbols = [item for item in items if isinstance(item, Symbol)]
    strokes = [item for item in items if isinstance(item, Stroke)]
    assert len(symbols) == 3 * 2
    rows = {stroke.y for stroke in strokes}
    assert {symbol.y for symbol in symbols} == rows
    for row in rows:
        ends = sorted(
            (stroke.x, stroke.x + float(stroke.path.partition("H")[2]))
            for stroke in strokes
            if stroke.y == row
        )
        assert all(abs(end - start) < 0.02 for (_, end), (start, _) in pairwise(ends))
        own = sorted(symbol.x for symbol in symbols if symbol.y == row)
        assert (ends[0][0], ends[-1][1]) == pytest.approx((own[0], own[-1]), abs=0.02)


def test_the_command_writes_it_by_the_suffix_and_only_for_the_figure(
    planner: Planner, tmp_path: Path
) -> None:
    path = tmp_path / "figure.svg"
    assert planner("soa", "mapp1", "--spirit", "-o", str(path)).code == 0
    assert path.read_text(encoding="utf-8").startswith("<svg ")
    assert planner("soa", "mapp1", "-o", str(tmp_path / "table.svg")).code == 2


def test_equal_figures_have_equal_bytes() -> None:
    assert svg(picture("mapp1")) == svg(picture("mapp1"))
