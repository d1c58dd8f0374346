"""What nothing dates has no date in any output: listed as waiting, or refused with the reason."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import small_protocol

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
BERLIN = str(ROOT / "examples" / "site-berlin.yaml")
START = ("--start", "2027-01-11")
HEAD = (
    small_protocol.HEAD
    + """\
epochs:
  - id: treatment
    visits:
      - {id: start, duration: 1h}
"""
)
WAITS = (
    HEAD
    + """\
      - id: stop
        title: Decision to stop
        unscheduled: true
        after: {visit: start, within: 1d..}
      - id: end
        title: End of treatment
        kind: termination
        duration: 1h
        after: {visit: stop, within: 0d..7d}
      - {id: last, title: Week 12, after: {visit: start, within: 80d..88d, target: 84d}}
"""
)
UNTIED = HEAD + "      - {id: week-2, duration: 1h}\n"
RECORD = """\
participant: P0001
protocol: small
visits:
  - {visit: start, status: occurred, start: 2027-01-11}
"""
STOPPED = RECORD + "  - {visit: stop, status: occurred, start: 2027-02-01}\n"


@pytest.fixture
def waits(tmp_path: Path) -> str:
    path = tmp_path / "waits.yaml"
    path.write_text(WAITS, encoding="utf-8")
    return str(path)


@pytest.fixture
def untied(tmp_path: Path) -> str:
    path = tmp_path / "untied.yaml"
    path.write_text(UNTIED, encoding="utf-8")
    return str(path)


def recorded(tmp_path: Path, text: str = RECORD) -> str:
    path = tmp_path / "P0001.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_file_is_told_of_it_and_the_help_names_a_cure_that_works(
    planner: Planner, waits: str
) -> None:
    result = planner("validate", waits, "--select", "hangs-on-optional")
    assert "`end` counts only from `stop`, and has no date until that happens" in result.out
    assert "mark `end` with `unscheduled: true`, too, or count it from another" in result.out
    assert "2 visits; 11.4-12.6 weeks; 1 without a date" in result.out
    text = Path(waits).read_text(encoding="utf-8")
    cures = (
        ("id: end\n", "id: end\n        unscheduled: true\n"),
        (
            "{visit: stop, within: 0d..7d}",
            "[{visit: stop, within: 0d..7d}, {visit: start, within: 1d..}]",
        ),
    )
    for before, after in cures:
        Path(waits).write_text(text.replace(before, after), encoding="utf-8")
        assert "hangs-on-optional" not in planner("validate", waits).out


@pytest.mark.parametrize("output_format", ["table", "csv", "markdown", "json"])
def test_a_timeline_lists_it_as_waiting(planner: Planner, waits: str, output_format: str) -> None:
    result = planner("timeline", waits, *START, "--format", output_format)
    assert result.code == 0
    if output_format == "json":
        visits = json.loads(result.out)["visits"]
        assert [visit["id"] for visit in visits] == ["start", "end", "last"]
        assert visits[1]["start"] is None
        assert visits[1]["waiting_for"] == ["stop"]
        assert visits[1]["status"] == "waiting"
        assert set(visits[0]) <= set(visits[1])
    else:
        assert "End of treatment" in result.out
        assert "waits for `stop`" in result.out.replace("\\`", "`")
    assert "2026-" not in result.out
    assert "2025-" not in result.out


def test_naming_the_event_or_recording_it_dates_what_waits(
    planner: Planner, waits: str, tmp_path: Path
) -> None:
    named = planner("timeline", waits, *START, "--with", "stop", "--format", "json")
    starts = {one["id"]: one["start"] for one in json.loads(named.out)["visits"]}
    assert starts["end"] is not None
    record = recorded(tmp_path, STOPPED)
    told = planner("timeline", waits, "--records", record, "--format", "json")
    starts = {one["id"]: one["start"] for one in json.loads(told.out)["visits"]}
    assert starts["end"].startswith("2027-02-01")


def test_a_calendar_has_no_event_and_says_so(planner: Planner, waits: str, tmp_path: Path) -> None:
    for arguments in (START, ("--records", recorded(tmp_path))):
        result = planner("export", waits, *arguments, "--no-state", "--level", "staff")
        assert result.code == 0
        assert "End of treatment" not in result.out
        assert result.out.count("BEGIN:VEVENT") == 3  # two visits, and a window
        assert "no event: End of treatment waits for `stop` (P0001)" in result.err


def test_a_calendar_of_before_loses_the_event_that_nothing_dates_any_more(
    planner: Planner, waits: str, tmp_path: Path
) -> None:
    calendar = str(tmp_path / "c.ics")
    folder = tmp_path / "records"
    folder.mkdir()
    planner("export", waits, "--records", recorded(folder, STOPPED), "-o", calendar)
    assert "CANCELLED" not in Path(calendar).read_text(encoding="utf-8")
    planner("export", waits, "--records", recorded(folder, RECORD), "-o", calendar)
    assert "CANCELLED" in Path(calendar).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["course", "network", "dated"])
def test_a_chart_has_no_mark_for_it_and_lists_it_in_words(
    planner: Planner, waits: str, tmp_path: Path, kind: str
) -> None:
    picture = tmp_path / "chart.svg"
    arguments = START if kind == "dated" else ("--kind", kind)
    assert planner("chart", waits, *arguments, "-o", str(picture)).code == 0
    text = picture.read_text(encoding="utf-8")
    assert "waits for `stop`" in text
    assert " 2025<" not in text
    assert " 2026<" not in text


def test_a_sheet_says_that_there_is_no_date_yet(planner: Planner, waits: str) -> None:
    pytest.importorskip("babel")
    result = planner("handout", waits, *START, "--participant", "P0001", "--site", BERLIN)
    assert "Closing visit: there is no date yet." in result.out
    assert "stop" not in result.out.lower().replace("stopped", "")


def test_a_report_lists_it_in_its_plan(planner: Planner, waits: str) -> None:
    result = planner("report", waits, *START)
    assert result.code == 0
    assert "waits for `stop`" in result.out


def test_the_schedule_of_activities_has_no_day_for_it(planner: Planner, waits: str) -> None:
    lines = planner("soa", waits, "--format", "csv").out.splitlines()
    rows = {line.split(",")[0]: line.split(",")[1:] for line in lines}
    assert rows["Study day"] == ["1", "≥ 2", "", "85 ± 4"]
    assert rows["Takes place"] == ["", "unscheduled", "waits for V02", ""]


def test_anchors_name_it(planner: Planner, waits: str) -> None:
    dates = ("--from", "2027-01-11", "--to", "2027-01-12")
    assert "End of treatment: waits for `stop`" in planner("anchors", waits, *dates).out
    data = json.loads(planner("anchors", waits, *dates, "--format", "json").out)
    assert data["waiting"] == [{"id": "end", "waiting_for": ["stop"]}]


def test_neither_due_nor_overdue_but_listed(planner: Planner, waits: str, tmp_path: Path) -> None:
    record = recorded(tmp_path)
    dates = ("--from", "2027-03-01", "--to", "2027-12-31")
    result = planner("due", "--records", record, "--protocol", waits, *dates)
    assert "V03 End of treatment waits for `stop` (P0001)." in result.out
    data = json.loads(
        planner("due", "--records", record, "--protocol", waits, *dates, "--format", "json").out
    )
    assert [one["visit"] for one in data["due"]] == ["last"]
    assert [one["visit"] for one in data["waiting"]] == ["end"]
    table = planner("due", "--records", record, "--protocol", waits, *dates, "--format", "csv").out
    assert "waiting,P0001,small,end," in table
    result = planner("deviations", waits, "--records", record, "--today", "2027-02-01")
    assert result.code == 0
    assert "no protocol deviations in 1 record" in result.out
    assert "V03 End of treatment waits for `stop` (P0001)." in result.out


def test_what_if_the_event_happened(planner: Planner, waits: str) -> None:
    result = planner("whatif", waits, *START, "--move", "stop=2027-02-01")
    assert result.code == 0
    assert "has a date now" in result.out
    result = planner("whatif", waits, *START, "--cancel", "last")
    assert "End of treatment: waits for `stop`." in result.out


def test_what_nothing_ties_is_refused_by_all_that_would_date_it(
    planner: Planner, untied: str, tmp_path: Path
) -> None:
    record = recorded(tmp_path)
    picture = str(tmp_path / "c.svg")
    calendar = tmp_path / "c.ics"
    dates = ("--from", "2027-01-11", "--to", "2027-01-12")
    commands: list[tuple[str, ...]] = [
        ("timeline", untied, *START),
        ("timeline", untied, "--records", record),
        ("export", untied, *START, "--no-state", "-o", str(calendar)),
        ("export", untied, "--records", record, "--no-state", "-o", str(calendar)),
        ("chart", untied, "-o", picture),
        ("chart", untied, "--kind", "network", "-o", picture),
        ("chart", untied, *START, "-o", picture),
        ("handout", untied, *START, "--participant", "P0001", "--site", BERLIN),
        ("anchors", untied, *dates),
        ("whatif", untied, *START, "--miss", "start"),
        ("due", "--records", record, "--protocol", untied, *dates),
        ("deviations", untied, "--records", record),
    ]
    for command in commands:
        result = planner(*command)
        assert result.code == 1, command
        assert "no timing connects `week-2` to the anchor `start`" in result.err, command
        assert result.out == "", command
    assert not calendar.exists()
    assert not Path(picture).exists()
