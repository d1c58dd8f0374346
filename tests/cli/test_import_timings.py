"""`planner import timings` on the command line: files, formats, counts and exit codes."""

import json
from pathlib import Path

import pytest

from tests.conftest import Planner

CSV = """value,property_type,property_name
-7 to 0,window,Visit Window (Days)
15±3,study_day,Day
DX,study_day,Day
Screening,period,Period
15±3,study_day,Day
"""


def test_a_file_of_texts_becomes_a_table_and_is_counted(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(CSV, encoding="utf-8")
    result = planner("import", "timings", str(path))
    assert result.code == 1
    assert "within: -7d/+0d" in result.out
    assert "target: 14d, within: ±3d" in result.out
    assert "letters stand where numbers would" in result.out
    assert "4 distinct texts: 3 carry a time, 2 read (67%), 1 not understood" in result.err


def test_one_text_is_read_in_the_context_that_is_named(planner: Planner) -> None:
    result = planner("import", "timings", "--text", "15±3", "--context", "study day")
    assert result.code == 0
    assert "study day 15, ±3d" in result.out
    refused = planner("import", "timings", "--text", "15±3")
    assert refused.code == 1
    assert "ambiguous" in refused.out


def test_a_plain_file_has_a_text_a_line(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_text("q3w\n\nWeek 12\nBaseline\n", encoding="utf-8")
    result = planner("import", "timings", str(path), "--format", "json")
    assert result.code == 0
    data = json.loads(result.out)
    assert data["format"] == 1
    assert data["counts"] == {
        "texts": 3, "carrying": 2, "read": 2, "not_understood": 0, "ambiguous": 0,
    }  # fmt: skip
    assert [one.get("written") for one in data["texts"]] == ["every: 3w", "target: 12w", None]
    assert "notice" in data


def test_a_table_with_a_day_0_counts_its_days_from_it(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    rows = "".join(f"P1,{day},study_day,Day\n" for day in ("0", "7"))
    other = "P2,7,study_day,Day\n"
    path.write_text(f"protocol,value,property_type,property_name\n{rows}{other}", encoding="utf-8")
    result = planner("import", "timings", str(path), "--format", "json")
    written = [one["written"] for one in json.loads(result.out)["texts"]]
    assert written == ["target: 0d", "target: 7d", "target: 6d"]


def test_the_headings_of_json_tables_are_read(planner: Planner, tmp_path: Path) -> None:
    column = {
        "composite_label": "Screening / ≤28",
        "property_values": [
            {"property_type": "study_day", "property_name": "Study Day", "value": "≤28"},
            {"property_type": "visit", "property_name": "Visit", "value": "1"},
        ],
    }
    path = tmp_path / "tables.json"
    path.write_text(json.dumps({"timeline_segments": {"main": [column]}}), encoding="utf-8")
    result = planner("import", "timings", str(path))
    assert result.code == 0
    assert "before: {visit: day-1, within: 0d..28d}" in result.out


def test_a_spreadsheet_runs_no_text_of_a_file(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "texts.txt"
    path.write_text("=cmd|'/c calc'!A1\n", encoding="utf-8")
    result = planner("import", "timings", str(path), "--format", "csv")
    assert "\n'=cmd" in result.out


def test_what_cannot_be_read_is_refused_in_one_sentence(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "texts.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    for arguments, message in (
        ([], "name a file"),
        ([str(path)], "no column is named `value` or `text`"),
        ([str(tmp_path / "absent.csv")], "no such file"),
        (["--text", "x", "--format", "tabel"], "did you mean `table`?"),
    ):
        result = planner("import", "timings", *arguments)
        assert result.code == 2
        assert message in result.err


def test_the_table_goes_to_a_file(planner: Planner, tmp_path: Path) -> None:
    output = tmp_path / "timings.md"
    result = planner("import", "timings", "--text", "Week 12", "-o", str(output))
    assert result.code == 0
    assert result.out == ""
    assert "| Week 12 |" in output.read_text(encoding="utf-8")


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize("what", ["Week 12", "Day 28", "the last dose"])
@pytest.mark.parametrize("text", ["{side} {what}", "{Side} {what}"])
def test_order_without_a_distance_is_no_window(
    planner: Planner, side: str, what: str, text: str
) -> None:
    said = text.format(side=side, Side=side.capitalize(), what=what)
    result = planner("import", "timings", "--text", said, "--format", "json")
    [one] = json.loads(result.out)["texts"]
    assert one["written"].startswith(f"order: {side} ")
    assert one["written"].endswith(what.removeprefix("the "))
    assert "within" not in one["written"]
    stated = planner("import", "timings", "--text", f"at least 1 day {side} {what}")
    assert "within: 1d.." in stated.out  # a stated open end is a window
