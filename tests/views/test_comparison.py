"""Trials side by side: what stands in the cells, and how many trials go which way."""

import pytest
from example_protocol import example_file

from planner.formats.load import load_protocol
from planner.notice import NOTICE
from planner.protocol.library import library_ids
from planner.schedule.protocol_metrics import outlines
from planner.views.comparison import FEW, comparison_grid
from planner.views.tables.csv import render_csv
from planner.views.tables.grid import Grid
from planner.views.tables.markdown import render_markdown
from planner.views.tables.text import render_table


def grid_of(*names: str, as_lines: bool | None = None) -> Grid:
    return comparison_grid(
        [outlines(load_protocol(name).protocol) for name in names], as_lines=as_lines
    )


def column(grid: Grid, at: int = 1) -> dict[str, str]:
    return {line.cells[0]: line.cells[at] for line in grid.lines}


def test_mapp1_beside_psilodep_1() -> None:
    grid = grid_of("mapp1", "psilodep-1")
    assert grid.heads == (("", "mapp1", "psilodep-1"),)
    mapp1, psilodep = column(grid, 1), column(grid, 2)
    assert mapp1["Dosing sessions"] == "3"
    assert mapp1["Spacing as written"] == "3w..5w, target 4w (unverified)"
    assert mapp1["Slack between sessions"] == "3w..5w"
    assert mapp1["Session length"] == "8h"
    assert mapp1["Stay overnight"] == "1 night each"
    assert mapp1["Staff at dosing"] == "2 x therapist (unverified)"
    assert mapp1["Preparation"] == "3, each 90min"
    assert mapp1["Integration"] == "3 per session, 9 in all, each 90min"
    assert mapp1["Primary endpoint"] == (
        "CAPS-5: target 18w, 17w..19w (assumed) after the anchor, 7w..9w (assumed) after dosing-3"
    )
    assert mapp1["Whole course"] == "19..28 weeks"
    assert psilodep["Spacing as written"] == "1w"
    assert psilodep["Preparation"] == "1, length not stated"
    assert psilodep["Last visit"] == "follow-up-6mo: 6mo after dosing-2"


def test_arms_that_differ_stand_in_one_cell_with_their_names() -> None:
    cells = column(grid_of("mpva-2v3"))
    assert cells["Dosing sessions"] == "two-sessions: 2; three-sessions: 3"
    assert cells["Preparation"] == "3, length not stated"


def test_few_trials_stand_in_columns_and_more_in_lines() -> None:
    names = library_ids()
    few, many = grid_of(*names[:FEW]), grid_of(*names[: FEW + 1])
    assert few.heads[0] == ("", *names[:FEW])
    assert many.heads[0][0] == "Trial"
    assert [line.cells[0] for line in many.lines] == names[: FEW + 1]
    assert grid_of("mapp1", as_lines=True).lines[0].cells[0] == "mapp1"


@pytest.mark.parametrize("name", library_ids())
def test_no_cell_of_the_library_is_empty(name: str) -> None:
    for line in grid_of(name).lines:
        assert all(line.cells), line


def test_contradicting_rules_are_told_and_no_numbers_made() -> None:
    fragment = """\
constraints: [{from: prep-1, to: dosing, within: 60d..}]
"""
    cells = column(comparison_grid([outlines(example_file(fragment).protocol)]))
    assert cells["Whole course"] == "the rules contradict each other"
    assert cells["Dosing sessions"] == "1"
    assert cells["Spacing as written"] == "one session"


HOSTILE = """\
condition: "=cmd|' /C calc'!A0 <script>alert(1)</script> | **x**"
substance: mdma
"""


def test_what_a_file_says_acts_nowhere() -> None:
    grid = comparison_grid([outlines(example_file(HOSTILE).protocol)])
    assert "'=cmd" in render_csv(grid)
    markdown = render_markdown(grid)
    assert "<script>" not in markdown
    assert "\\|" in markdown
    assert grid.notes[-1] == NOTICE


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_a_comparison_fits_terminals(width: int) -> None:
    text = render_table(grid_of(*library_ids()), width=width, color=False)
    assert max(map(len, text.split("\n"))) <= width
    assert all(name in text for name in library_ids())
