"""One law of what a terminal obeys and of what a spreadsheet runs, for every output."""

import csv
import io
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import planner
from planner.cli.output import complain
from planner.text import counted, disarmed, one_line, visible, visible_lines
from planner.timeline.record import Actual, Record
from planner.timeline.record_writing import record_csv
from planner.views.tables.csv import render_csv
from planner.views.tables.grid import Grid, Line
from planner.views.timeline_data import render_csv as render_timeline

PLANNER = Path(__file__).parent.parent / "planner"
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-1d..2d"]
STUDY = """\
format: 1
id: formula
title: Formula
version: "1"
status: draft
design: open-label
anchor: v1
epochs:
  - id: treatment
    visits:
      - {id: v1, title: "＝HYPERLINK(1)"}
"""


@pytest.mark.parametrize(
    ("letter", "spelled"),
    [
        ("\x1b", "\\x1b"),
        ("\n", "\\x0a"),
        ("\x85", "\\x85"),
        ("\u2028", "\\u2028"),
        ("\u202e", "\\u202e"),
        ("\ud800", "\\ud800"),
        ("\U000e0001", "\\U000e0001"),
        ("é", "é"),
        ("値", "値"),
    ],
)
def test_what_a_terminal_obeys_has_one_spelling(
    letter: str, spelled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert visible(f"a{letter}b") == f"a{spelled}b"
    kept = letter if letter == "\n" else spelled
    assert visible_lines(f"a{letter}b") == f"a{kept}b"
    complain(f"a{letter}b")
    assert capsys.readouterr().err == f"error: a{kept}b\n"


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert visible(text).isprintable()
    assert all(map(str.isprintable, visible_lines(text).split("\n")))
    assert visible_lines(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_is_disarmed(text: str) -> None:
    assert disarmed(text) == "'" + one_line(text)


@pytest.mark.parametrize(
    "text", ["-7", "+1:20", "-0:30", "-28..-7", "-31 (-63..-14)", "-3 ± 2", "15", "X", ""]
)
def test_numbers_days_and_times_stay_as_they_are(text: str) -> None:
    assert disarmed(text) == text


def test_every_table_for_a_spreadsheet_is_disarmed(tmp_path: Path) -> None:
    path = tmp_path / "formula.yaml"
    path.write_text(STUDY, encoding="utf-8")
    timeline = planner.plan(planner.load(str(path)), date(2027, 1, 11))
    reason = Actual(visit="v1", status="missed", reason="＝HYPERLINK(1)")
    grid = Grid("", (("＝HYPERLINK(1)",),), (Line(("＝HYPERLINK(1)",)),), ())
    tables = (
        render_timeline(timeline),
        record_csv(Record(participant="P001", visits=(reason,))),
        render_csv(grid),
    )
    for table in tables:
        cells = [cell for row in csv.reader(io.StringIO(table)) for cell in row]
        assert [cell for cell in cells if "HYPERLINK" in cell]
        assert not [cell for cell in cells if cell.startswith("＝")]


def test_whatever_writes_csv_disarms_its_cells() -> None:
    for path in PLANNER.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if re.search(r"csv\.(writer|DictWriter)", text):
            assert "disarmed(" in text, path


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 visits"), (1, "1 visit"), (2, "2 visits"), (1500, "1,500 visits")]
)
def test_how_many_there_are_of_a_thing(number: int, words: str) -> None:
    assert counted(number, "visit") == words
