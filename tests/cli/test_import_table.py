"""`planner import table`: the protocol on stdout or in a file, what was read how on stderr."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

Planner = Callable[..., Any]
EXAMPLE = Path(__file__).parents[2] / "examples" / "visits.csv"


def test_the_example_becomes_a_protocol_with_its_dates(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "visits.yaml"
    done = planner("import", "table", str(EXAMPLE), "-o", str(path))
    assert done.code == 0
    assert "day = `Day` (-14, 0, 7, ...)" in done.err
    assert f"{EXAMPLE}:12:1: mistake: no day" in done.err
    rows = planner("timeline", str(path), "--start", "2027-01-11", "--format", "csv").out
    for date in ("2026-12-28", "2027-01-18", "2027-02-08", "2027-07-12"):
        assert date in rows
    assert planner("validate", str(path)).code == 0


def test_a_table_of_twelve_rows_is_about_as_long_as_by_hand(planner: Planner) -> None:
    text = planner("import", "table", str(EXAMPLE)).out
    rules = [line for line in text.splitlines() if "after:" in line or "before:" in line]
    assert len(rules) == 9  # one for each visit with a day but the anchor
    assert text.count("order: listed") == 1
    assert len([line for line in text.splitlines() if not line.startswith("#")]) < 70


def test_what_has_two_readings_is_asked_for_by_option(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("Visit,Day,Minus,Plus\nScreening,-7,-2,2\nFirst dose,1,0,0\n")
    asked = planner("import", "table", str(path))
    assert asked.code == 2
    assert "--day-one" in asked.err
    assert "--day-zero" in asked.err
    asked = planner("import", "table", str(path), "--day-one")
    assert asked.code == 2
    assert "--signed-minus" in asked.err
    done = planner("import", "table", str(path), "--day-one", "--signed-minus")
    assert "before: {visit: first-dose, target: 7d, within: ±2d, note: B2:D2}" in done.out


def test_columns_are_named_by_heading_or_letter(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("Wann,Was\n0,Beginn\n14,Ende\n", encoding="utf-8")
    assert "--map name=HEADING,day=HEADING" in planner("import", "table", str(path)).err
    done = planner("import", "table", str(path), "--map", "day=A,name=Was")
    assert "target: 14d" in done.out
    wrong = planner("import", "table", str(path), "--map", "day=Wan,name=Was")
    assert "no column is called `Wan`; did you mean `Wann`?" in wrong.err
    assert (
        "--map: `x` is no MEANING=HEADING"
        in planner("import", "table", str(path), "--map", "x").err
    )
    assert "`dai` is none of" in planner("import", "table", str(path), "--map", "dai=A").err
