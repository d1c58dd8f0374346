"""`planner timeline --records` and `planner whatif`, as a coordinator uses them."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import planner as api
from planner.errors import PlannerError
from planner.timeline.record import Record

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
DECISIONS = str(ROOT / "examples" / "decisions.yaml")
RECORDS = ROOT / "examples" / "decisions-records"
BERLIN = str(ROOT / "examples" / "site-berlin.yaml")
NOTICE = "Research and education only"
HOSTILE = "=cmd|calc [red]x[/red] <script>alert(1)</script> *a*"
BOOKED = """\
participant: P0007
start: 2027-01-11
visits:
  - {visit: screening, status: occurred, start: 2026-12-28}
  - {visit: baseline, status: occurred, start: 2027-01-11T09:00}
  - {visit: preparation, status: occurred, start: 2027-01-14}
  - {visit: dosing-a, status: booked, start: 2027-01-18T09:00}
  - {visit: four-weeks, status: booked, start: 2027-02-15T10:00}
  - visit: fall
    status: unscheduled
    start: 2027-01-16T12:00
    reason: "=cmd|calc [red]x[/red] <script>alert(1)</script> *a*"
    note: "=cmd|calc [red]x[/red] <script>alert(1)</script> *a*"
"""


@pytest.fixture
def booked(tmp_path: Path) -> str:
    path = tmp_path / "P0007.yaml"
    path.write_text(BOOKED)
    return str(path)


def visits(planner: Planner, *arguments: str) -> dict[str, dict[str, Any]]:
    result = planner("timeline", DECISIONS, *arguments, "--format", "json")
    assert result.code == 0, result.err
    return {visit["id"]: visit for visit in json.loads(result.out)["visits"]}


def test_undecided_branches_are_provisional_and_a_decided_one_is_the_only_one(
    planner: Planner,
) -> None:
    early = visits(planner, "--records", str(RECORDS / "P0101.yaml"))
    assert {name for name, visit in early.items() if visit.get("provisional")} == {
        "dosing-b", "integration-b", "dosing-c", "integration-c", "week-1", "week-2", "week-3",
        "week-4", "fortnight-1", "fortnight-2",
    }  # fmt: skip
    late = visits(planner, "--records", str(RECORDS / "P0102.yaml"))
    assert not any(visit.get("provisional") for visit in late.values())
    assert {"dosing-c", "week-4"} <= late.keys()
    assert "fortnight-1" not in late
    assert "early-end" not in {*early, *late}


WITHDRAWN = ("--today", "2026-10-20")


def test_a_withdrawal_ends_the_plan_with_the_early_termination(planner: Planner) -> None:
    ended = visits(planner, "--records", str(RECORDS / "P0103.yaml"), "--site", BERLIN, *WITHDRAWN)
    assert ended["early-end"]["start"].startswith("2026-10-20")
    assert {visit["status"] for visit in ended.values()} == {"occurred", "cancelled", "planned"}
    assert [name for name, visit in ended.items() if visit["status"] == "planned"] == ["early-end"]


def test_the_arm_in_a_record_changes_nothing_before_unblinding(
    planner: Planner, tmp_path: Path
) -> None:
    told = set()
    text = (RECORDS / "P0101.yaml").read_text()
    for arm in ("active", "control"):
        path = tmp_path / "P0101.yaml"
        path.write_text(f"{text}arm: {arm}\n")
        for kind in ("table", "json", "csv", "markdown"):
            result = planner("timeline", DECISIONS, "--records", str(path), "--format", kind)
            told.add((kind, result.out))
    assert len(told) == 4


@pytest.mark.parametrize("kind", ["table", "json", "csv", "markdown"])
def test_hostile_text_in_a_record_does_no_harm_in_any_output(
    planner: Planner, booked: str, kind: str
) -> None:
    result = planner("timeline", DECISIONS, "--records", booked, "--format", kind)
    assert result.code == 0, result.err
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(result.out)))
        assert rows[-1]["status"] == "unscheduled"
        assert rows[-1]["remarks"] == "'" + HOSTILE
        assert not any((cell or "").startswith("=") for row in rows for cell in row.values())
    elif kind == "json":
        assert json.loads(result.out)["unscheduled"][0]["reason"] == HOSTILE
    elif kind == "markdown":
        assert "<script>" not in result.out
        assert "\\*a\\*" in result.out
    else:
        assert "[red]x[/red]" in result.out  # as written, and not obeyed
        assert "\x1b" not in result.out


@pytest.mark.parametrize("width", ["60", "80", "110"])
def test_a_table_of_a_course_under_way_fits_the_terminal(
    planner: Planner, booked: str, monkeypatch: pytest.MonkeyPatch, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    options = ("--records", booked, "--site", BERLIN, "--today", "2027-03-22")
    result = planner("timeline", DECISIONS, *options)
    assert max(map(len, result.out.split("\n"))) <= int(width)
    text = " ".join(result.out.split())
    for words in (
        "not recorded",
        "unscheduled visit:",
        "provisional",
        "overdue",
        "today: 2027-03-22",
    ):
        assert words in text


def test_what_forces_a_plan_outside_its_windows_is_told_and_the_answer_is_no(
    planner: Planner, booked: str
) -> None:
    options = ("--records", booked, "--today", "2027-08-01")
    result = planner("timeline", DECISIONS, *options)
    assert result.code == 1
    assert "No plan keeps all windows" in result.out
    assert "today is Sun 1 Aug 2027" in result.out
    markdown = planner("timeline", DECISIONS, *options, "--format", "markdown")
    assert (markdown.code, "forced by" in markdown.out) == (1, True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "--start: name the date of the anchor visit, or a record with --records"),
        (("--start", "2027-01-11", "--today", "2027-01-12"), "--today: has no effect"),
        (("--records", "RECORD", "--participant", "P0001"), "--participant: the record"),
        (("--records", "RECORD", "--start", "2027-02-01"), "--start: the record dates `baseline`"),
        (("--records", "nothing.yaml"), "no such file"),
        (("--records", "RECORD", "--today", "soon"), "--today: `soon` is not a date"),
    ],
)
def test_options_that_contradict_the_record_are_refused(
    planner: Planner, booked: str, options: tuple[str, ...], message: str
) -> None:
    given = [booked if option == "RECORD" else option for option in options]
    result = planner("timeline", DECISIONS, *given)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_whatif_tells_what_moves_and_writes_nothing(planner: Planner, booked: str) -> None:
    before = Path(booked).read_bytes()
    options = ("--records", booked, "--move", "dosing-a=2027-01-21T09:00")
    result = planner("whatif", DECISIONS, *options)
    assert result.code == 0, result.err
    assert "All windows are kept." in result.out
    assert "No file has been changed." in result.out
    assert NOTICE in result.out
    assert Path(booked).read_bytes() == before
    data = json.loads(planner("whatif", DECISIONS, *options, "--format", "json").out)
    assert data["format"] == 1
    assert NOTICE in data["notice"]
    changes = {change["id"]: change for change in data["changes"]}
    assert changes["dosing-a"]["days"] == 3
    # 15 February would be 25 days after the session, one too few.
    assert changes["four-weeks"]["lost_booking"].startswith("2027-02-15T10:00")
    assert data["unchanged"] + len(changes) == len(visits(planner, "--records", booked))


def test_whatif_as_csv_is_a_row_a_visit_in_the_columns_of_a_timeline(
    planner: Planner, booked: str
) -> None:
    moved = ("--records", booked, "--move", "dosing-a=2027-01-21T09:00", "--format")
    rows = list(csv.DictReader(io.StringIO(planner("whatif", DECISIONS, *moved, "csv").out)))
    timeline = planner("timeline", DECISIONS, "--records", booked, "--format", "csv").out
    known = set(next(csv.reader(io.StringIO(timeline))))
    own = {"step", "days", *(name for name in rows[0] if name.endswith("_before"))}
    assert set(rows[0]) - own <= known
    assert {name.removesuffix("_before") for name in own} - {"step", "days"} <= known
    changes = json.loads(planner("whatif", DECISIONS, *moved, "json").out)["changes"]
    assert [row["visit"] for row in rows] == [change["id"] for change in changes]
    for row, change in zip(rows, changes, strict=True):
        assert row["start"] == change["after"]["start"]
        assert row["start_before"] == change["before"]["start"]
        assert int(row["days"]) == change["days"]
    assert [row["step"] for row in rows if row["step"]] == ["move"]


def test_whatif_answers_no_when_a_window_breaks(planner: Planner, booked: str) -> None:
    options = ("--records", booked, "--move", "dosing-a=2027-02-03", "--miss", "four-weeks")
    for kind in ("table", "markdown", "json"):
        result = planner("whatif", DECISIONS, *options, "--format", kind)
        assert result.code == 1
        assert "10 days late" in " ".join(result.out.split())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "--move, --miss or --cancel: give at least one change to try"),
        (("--move", "dosing-a"), "write VISIT=DATE"),
        (("--move", "dosing-a=soon"), "--move: `soon` is not a date"),
        (("--miss", "dosing-z"), "--miss: `dosing-z` is not a visit of this course; did you mean"),
        (("--miss", "baseline"), "is recorded as occurred; what has happened cannot be changed"),
        (("--miss", "dosing-a", "--format", "cvs"), "--format: `cvs` is none of table, markdown"),
    ],
)
def test_what_cannot_be_tried_is_told(
    planner: Planner, booked: str, options: tuple[str, ...], message: str
) -> None:
    result = planner("whatif", DECISIONS, "--records", booked, *options)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_whatif_needs_a_participant(planner: Planner) -> None:
    result = planner("whatif", DECISIONS, "--miss", "dosing-a")
    assert result.code == 2
    assert "--records" in result.err
    begun = ("--start", "2027-01-11", "--move", "dosing-a=2027-01-20")
    assert planner("whatif", DECISIONS, *begun).code == 0


def test_python_plans_what_the_command_line_plans(planner: Planner, booked: str) -> None:
    protocol = api.load(DECISIONS)
    timeline = api.plan(protocol, actuals=booked, today=date(2027, 1, 16))
    shown = visits(planner, "--records", booked, "--today", "2027-01-16")
    assert [visit.start.isoformat() for visit in timeline.visits] == [
        visit["start"] for visit in shown.values()
    ]
    assert [visit.status for visit in timeline.visits] == [
        visit["status"] for visit in shown.values()
    ]
    record = Record(participant="P0007", start=date(2027, 1, 11))
    assert api.plan(protocol, actuals=record).participant == "P0007"
    answer = api.whatif(protocol, booked, move={"dosing-a": date(2027, 1, 21)}, miss=["four-weeks"])
    assert {one.id for one in answer.changes} >= {"dosing-a", "four-weeks"}
    assert api.whatif(protocol, start=date(2027, 1, 11), cancel=["four-weeks"]).kept


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "start: name the date"),
        ({"start": date(2027, 1, 11), "today": date(2027, 1, 12)}, "today: has no effect"),
        (
            {"actuals": "x.yaml", "participant": "P0001"},
            "participant: the record gives that already; leave it out",
        ),
        (
            {"actuals": "x.yaml", "at": {"dosing-a": date(2027, 1, 12)}},
            "at: the record gives that already; leave it out",
        ),
    ],
)
def test_python_refuses_what_contradicts_the_record(options: Any, message: str) -> None:
    with pytest.raises(PlannerError, match=message):
        api.plan(api.load(DECISIONS), **options)


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("timeline", ()),
        ("due", ("--from", "2027-01-19", "--to", "2027-06-30", "--protocol", DECISIONS)),
        ("deviations", ()),
        ("whatif", ("--move", "dosing-a=2027-01-19")),
        ("export", ("--no-state", "-o", "OUT.ics")),
        ("export", ("--no-state", "-o", "OUT.ics", "--verify")),
    ],
)
def test_a_record_whose_code_could_tell_somebody_is_read_with_a_warning(
    planner: Planner, tmp_path: Path, command: str, options: tuple[str, ...]
) -> None:
    path = tmp_path / "AM1.yaml"
    path.write_text(BOOKED.replace("P0007", "AM1"), encoding="utf-8")
    words = [word.replace("OUT", str(tmp_path / "out")) for word in options]
    protocol = () if command == "due" else (DECISIONS,)
    given = (*protocol, "--records", str(path))
    result = planner(command, *given, *words)
    assert result.code in (0, 1), result.err
    assert result.err.count(f"warning: {path}: participant `AM1`: could be initials") == 1
    path.write_text(BOOKED, encoding="utf-8")
    assert "could be" not in planner(command, *given, *words).err
