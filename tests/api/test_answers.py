"""The functions behind the commands: the same answers, drawn as the commands draw them."""

import io
import json
import pickle
from datetime import date
from pathlib import Path

import pytest
from conftest import Planner

import planner
from planner.api import rendering
from planner.timeline.record_reading import read_record

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
RECORDS = EXAMPLES / "records"
TWO, AMENDED = EXAMPLES / "two-sessions.yaml", EXAMPLES / "two-sessions-amended.yaml"
UNDER_WAY = EXAMPLES / "two-sessions-records"


def answers() -> dict[str, tuple[object, list[str]]]:
    """What a function gives, and the command that asks the same."""
    timeline = planner.plan("mapp1", "2027-01-11")
    return {
        "timeline": (timeline, ["timeline", "mapp1", "--start", "2027-01-11"]),
        "replan": (
            planner.replan("mapp1", RECORDS / "P0001.csv", "2027-03-01"),
            ["timeline", "mapp1", "--records", str(RECORDS / "P0001.csv"), "--today", "2027-03-01"],
        ),
        "anchors": (
            planner.anchors("mapp1", "2027-01-01", "2027-01-31"),
            ["anchors", "mapp1", "--from", "2027-01-01", "--to", "2027-01-31"],
        ),
        "whatif": (
            planner.whatif("mapp1", start="2027-01-11", miss=["dosing-1"]),
            ["whatif", "mapp1", "--start", "2027-01-11", "--miss", "dosing-1"],
        ),
        "deviations": (
            planner.deviations("mapp1", str(RECORDS)),
            ["deviations", "mapp1", "--records", str(RECORDS)],
        ),
        "due": (
            planner.due(
                RECORDS, "2027-02-08", "2027-02-28", protocols=["mapp1"],
                without=[("2027-02-10", date(2027, 2, 12))],
            ),
            ["due", "--records", str(RECORDS), "--today", "2027-02-08", "--to",
             "2027-02-28", "--protocol", "mapp1", "--away", "2027-02-10..2027-02-12"],
        ),
        "diff": (planner.diff(TWO, AMENDED), ["diff", str(TWO), str(AMENDED)]),
        "amend": (
            planner.amend(TWO, AMENDED, UNDER_WAY, start="2027-03-01", today="2027-03-01"),
            ["amend", str(TWO), str(AMENDED), "--records", str(UNDER_WAY), "--from", "2027-03-01",
             "--today", "2027-03-01"],
        ),
        "claims": (planner.claims(substance="mdma"), ["claims", "--substance", "mdma"]),
        "one claim": (planner.claims("1"), ["claims", "1"]),
        "sources": (planner.evidence("mapp1"), ["sources", "mapp1"]),
        "burden": (planner.burden("mapp1"), ["burden", "mapp1"]),
        "replay": (
            planner.replay(EXAMPLES / "lzzt.yaml", EXAMPLES / "sv.json", dm=EXAMPLES / "dm.json"),
            ["replay", str(EXAMPLES / "lzzt.yaml"), str(EXAMPLES / "sv.json"), "--dm",
             str(EXAMPLES / "dm.json")],
        ),
    }  # fmt: skip


@pytest.fixture(scope="module")
def asked() -> dict[str, tuple[object, list[str]]]:
    return answers()


@pytest.mark.parametrize(
    "name",
    ["timeline", "replan", "anchors", "whatif", "deviations", "due", "diff", "amend", "claims",
     "one claim", "burden", "replay", "sources"],
)  # fmt: skip
def test_an_answer_in_json_is_what_the_command_writes(
    asked: dict[str, tuple[object, list[str]]], planner: Planner, name: str
) -> None:
    answer, command = asked[name]
    assert planner(*command, "--format", "json").out == rendering.render(answer, "json") + "\n"


@pytest.mark.parametrize("name", ["deviations", "due", "amend", "burden", "replay"])
def test_an_answer_in_csv_is_what_the_command_writes(
    asked: dict[str, tuple[object, list[str]]], planner: Planner, name: str
) -> None:
    answer, command = asked[name]
    assert planner(*command, "--format", "csv").out == rendering.render(answer, "csv")


def test_answers_cross_processes(asked: dict[str, tuple[object, list[str]]]) -> None:
    for answer, _ in asked.values():
        moved = pickle.loads(pickle.dumps(answer))
        assert rendering.render(moved, "json") == rendering.render(answer, "json")


def test_trials_are_compared_as_the_command_does(planner: Planner) -> None:
    import planner as front

    comparison = front.compare(["mapp1", "comp001"])
    out = planner("compare", "mapp1", "comp001", "--format", "markdown").out
    assert out == front.render(comparison, "markdown")


def test_a_timing_is_read_and_one_with_two_readings_is_not() -> None:
    assert planner.read_timing("3 weeks after dosing").written()
    assert planner.read_timing("nothing at all").why == "no time in it"  # type: ignore[union-attr]


def test_records_that_do_not_fit_are_left_out_with_why(tmp_path: Path) -> None:
    good = read_record(str(RECORDS / "P0001.csv")).record
    bad = tmp_path / "P0009.csv"
    bad.write_text("visit,status\nnobody,occurred\n", encoding="utf-8")
    report = planner.deviations("mapp1", [good, bad, good])
    assert report.records == 1
    assert [whose for whose, _ in report.left_out] == ["P0009"]
    assert report.left_out[0][1].startswith(f"{bad}:2:1: ")


def test_of_two_records_of_a_participant_none_is_taken() -> None:
    good = read_record(str(RECORDS / "P0001.csv")).record
    other = good.model_copy(update={"participant": "P0002"})
    report = planner.deviations("mapp1", [good, good.model_copy(), other])
    assert report.records == 1
    assert report.left_out == [("P0001", "2 records are of this participant: P0001, P0001")]


def test_ranges_that_are_upside_down_or_too_long_are_refused() -> None:
    with pytest.raises(planner.PlannerError, match="last: 2027-01-01 is before first 2027-01-02"):
        planner.anchors("mapp1", "2027-01-02", "2027-01-01")
    with pytest.raises(planner.PlannerError, match="longer than ten years"):
        planner.anchors("mapp1", "2027-01-01", "2047-01-01")
    with pytest.raises(planner.PlannerError, match="last: 2027-01-01 is before first 2027-01-02"):
        planner.due(RECORDS, "2027-01-02", "2027-01-01", protocols=["mapp1"])
    with pytest.raises(planner.PlannerError, match="without: 2027-01-01 is before 2027-01-02"):
        planner.due(RECORDS, "2027-01-01", "2027-01-02", without=[("2027-01-02", "2027-01-01")])


def test_a_protocol_is_shown_as_the_command_shows_it(planner: Planner) -> None:
    import planner as front

    shown = front.render(front.load("mapp1"), width=200)
    assert planner("show", "mapp1").out == shown


def test_a_site_and_a_record_are_loaded() -> None:
    assert planner.load_site(EXAMPLES / "site-berlin.yaml").timezone == "Europe/Berlin"
    assert planner.load_record(RECORDS / "P0001.csv").participant == "P0001"


def test_calendars_are_checked_and_compared(tmp_path: Path) -> None:
    old, new = tmp_path / "old.ics", tmp_path / "new.ics"
    planner.write(planner.plan("mapp1", "2027-01-11"), old)
    planner.write([planner.plan("mapp1", "2027-01-12")], new)
    assert planner.check_calendar(old).report.findings == ()
    found = planner.diff_calendars(old, new)
    assert not found.changes.same
    assert planner.diff_calendars(old, str(old)).changes.same
    assert f"{old} to {new}" in planner.render(found, "html")


@pytest.mark.parametrize("suffix", [".txt", ".md", ".csv", ".html", ".json", ".xlsx"])
def test_what_is_written_is_of_the_format_that_its_name_says(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"burden{suffix}"
    planner.write(planner.burden("mapp1"), path)
    content = path.read_bytes()
    starts = {".html": b"<!DOCTYPE html>", ".json": b"{", ".xlsx": b"PK", ".csv": b"arms,"}
    assert content.startswith(starts.get(suffix, content[:1]))
    if suffix == ".json":
        assert json.loads(content)["format"] == 1


def test_a_protocol_is_written_as_yaml_and_as_a_study(tmp_path: Path) -> None:
    protocol = planner.load("mapp1").protocol
    planner.write(protocol, tmp_path / "sources.bib")
    assert "\n@" in (tmp_path / "sources.bib").read_text(encoding="utf-8")
    for name in ("mine.yaml", "study.json"):
        planner.write(protocol, tmp_path / name)
        assert planner.load(tmp_path / name).protocol == protocol


def test_a_picture_and_a_page_are_written_as_they_are(tmp_path: Path) -> None:
    picture, page = planner.chart("mapp1"), planner.report("mapp1")
    planner.write(picture, tmp_path / "chart.svg")
    planner.write(page, tmp_path / "report.html")
    assert (tmp_path / "chart.svg").read_bytes() == picture
    assert (tmp_path / "report.html").read_text(encoding="utf-8").rstrip() == page.rstrip()


def test_a_calendar_that_is_written_is_the_one_that_is_exported(tmp_path: Path) -> None:
    timeline = planner.plan("mapp1", "2027-01-11")
    exported = io.BytesIO()
    planner.export([timeline], exported, planner.CalendarOptions())
    planner.write(timeline, tmp_path / "one.ics")
    assert (tmp_path / "one.ics").read_bytes() == exported.getvalue()


def test_what_cannot_be_drawn_so_says_how_it_can() -> None:
    timeline = planner.plan("mapp1", "2027-01-11")
    with pytest.raises(planner.PlannerError, match="`jsn` is none of json, csv, table, markdown"):
        planner.render(timeline, "jsn")
    with pytest.raises(planner.PlannerError, match="this cannot be drawn"):
        planner.render(5)
    with pytest.raises(planner.PlannerError, match="names no format by its suffix"):
        planner.write(timeline, "plan")
    with pytest.raises(planner.PlannerError, match="`ical` is none of text, table, markdown"):
        planner.write(planner.diff(TWO, AMENDED), "changes.ics")


def test_every_renderer_is_of_a_class_that_there_is() -> None:
    known = {type(answer).__name__ for answer, _ in answers().values()}
    known |= {
        "Evidence",
        "ProtocolSupport",
        "CalendarDifference",
        "Check",
        "Checks",
        "Comparison",
        "Enrolments",
        "Findings",
        "Glossary",
        "Grid",
        "ImportedProtocol",
        "LibraryIndex",
        "ParticipantMessages",
        "Procedures",
        "TableDocument",
        "TimingTexts",
        "WeekPlan",
    }
    assert {*rendering._GRIDS, *rendering._TEXTS} == known | {"Protocol", "ProtocolFile"}
