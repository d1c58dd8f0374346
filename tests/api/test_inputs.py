"""What the public functions take: paths, ids, files and protocols built in code; dates as text."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

import planner
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model
from planner.site import load_site
from planner.timeline.record_reading import read_record

EXAMPLES = Path(__file__).parents[2] / "examples"
SITE = EXAMPLES / "site-everyday.yaml"
START = date(2027, 1, 11)
RECORD = EXAMPLES / "records" / "P0001.csv"
COLLISION = EXAMPLES / "collision.yaml"


@pytest.fixture
def in_code() -> Protocol:
    """The same protocol as one that nobody wrote into a file."""
    return planner.load("mapp1").protocol.model_copy(deep=True)


def test_a_protocol_is_a_path_an_id_a_file_or_a_protocol(tmp_path: Path, in_code: Protocol) -> None:
    file = planner.load("mapp1")
    copy = tmp_path / "mine.yaml"
    copy.write_text("\n".join(file.document.lines), encoding="utf-8")
    expected = planner.plan("mapp1", START)
    for same in (file, str(copy), copy, in_code):
        assert planner.plan(same, START) == expected


def test_a_protocol_built_in_code_stands_in_the_text_of_a_file(in_code: Protocol) -> None:
    file = planner.load(in_code)
    assert (file.path, file.protocol is in_code) == ("<mapp1>", True)
    assert validate_model(Protocol, file.document) == in_code
    first = file.position(("epochs", 0, "visits", 0))
    assert file.line(first.line).strip().startswith("- {id: ") or "id: " in file.line(first.line)


def test_a_protocol_built_in_code_has_the_findings_of_its_file(in_code: Protocol) -> None:
    file = planner.load(COLLISION)
    assert [one.check for one in planner.check(file)]
    assert sorted((one.check, one.message) for one in planner.check(file.protocol)) == sorted(
        (one.check, one.message) for one in planner.check(file)
    )
    supports = [planner.evidence(one) for one in (in_code, "mapp1")]
    assert len(supports[0].statements) == len(supports[1].statements) > 50


def test_a_site_is_a_path_or_a_site() -> None:
    expected = planner.plan("mapp1", START, site=str(SITE))
    assert planner.plan("mapp1", START, site=SITE) == expected
    assert planner.plan("mapp1", START, site=load_site(str(SITE))) == expected


def test_dates_and_times_are_texts_as_well() -> None:
    assert planner.plan("mapp1", "2027-01-11") == planner.plan("mapp1", START)
    at = {"dosing-1": date(2027, 1, 29)}
    assert planner.plan("mapp1", START, at=at) == planner.plan(
        "mapp1", "2027-01-11", at={"dosing-1": "2027-01-29"}
    )
    assert planner.run_sheet("mapp1", "dosing-1", start="08:30") == planner.run_sheet(
        "mapp1", "dosing-1", start=time(8, 30)
    )
    moved = [
        planner.whatif("mapp1", start="2027-01-11", move={"dosing-1": moment})
        for moment in (datetime(2027, 2, 15, 9, tzinfo=UTC), "2027-02-15T09:00+00:00")
    ]
    assert moved[0] == moved[1]


def test_a_record_is_a_path_or_a_record() -> None:
    file = read_record(str(RECORD))
    expected = planner.plan("mapp1", actuals=str(RECORD), today="2027-03-01")
    assert planner.plan("mapp1", actuals=RECORD, today=date(2027, 3, 1)) == expected
    assert planner.plan("mapp1", actuals=file.record, today="2027-03-01") == expected


def test_a_path_object_is_never_an_id_of_the_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("mapp1", "-"):
        with pytest.raises(planner.PlannerError, match="no such file"):
            planner.load(Path(name))
    Path("mapp1").write_bytes((EXAMPLES / "collision.yaml").read_bytes())
    assert planner.load(Path("mapp1")).protocol.id == planner.load(COLLISION).protocol.id


WRONG: dict[str, tuple[Callable[..., object], str]] = {
    "protocol": (
        lambda: planner.plan(5, START),  # type: ignore[arg-type]
        "protocol: a path, an id of the library, a ProtocolFile or a Protocol is wanted, not int",
    ),
    "start": (
        lambda: planner.plan("mapp1", 5),  # type: ignore[arg-type]
        "start: a date, or a text such as `2027-01-11`, is wanted, not int",
    ),
    "start with a time": (
        lambda: planner.plan("mapp1", datetime(2027, 1, 11, tzinfo=UTC)),
        "start: a date is wanted, not a date and time; give the date at the site, as `.date()`",
    ),
    "start as text": (
        lambda: planner.plan("mapp1", "11.01.2027"),
        "start: `11.01.2027` is not a date; write `2027-01-11`",
    ),
    "start long ago": (
        lambda: planner.plan("mapp1", date(27, 1, 11)),
        "start: `0027-01-11` is outside the years 1900-2200",
    ),
    "site": (
        lambda: planner.plan("mapp1", START, site=3),  # type: ignore[arg-type]
        "site: a path or a Site is wanted, not int",
    ),
    "a path of bytes": (
        lambda: planner.plan("mapp1", START, site=b"x"),  # type: ignore[arg-type]
        "site: a path or a Site is wanted, not bytes",
    ),
    "names": (
        lambda: planner.plan("mapp1", START, without_visits="baseline"),
        "without_visits: a list of names is wanted, not `baseline`",
    ),
    "select": (
        lambda: planner.check("mapp1", select="time"),
        "select: a list of names is wanted, not `time`",
    ),
    "arm": (
        lambda: planner.activities("mapp1", 1),  # type: ignore[arg-type]
        "arm: the id of an arm is wanted, not int",
    ),
    "at": (
        lambda: planner.plan("mapp1", START, at=["dosing-1"]),  # type: ignore[arg-type]
        "at: a dict of dates by visit is wanted, not list",
    ),
    "at a date": (
        lambda: planner.plan("mapp1", START, at={"dosing-1": 5}),  # type: ignore[dict-item]
        "at: dosing-1: a date, or a text such as `2027-01-11`, is wanted, not int",
    ),
    "move": (
        lambda: planner.whatif("mapp1", start=START, move={"dosing-1": 5}),  # type: ignore[dict-item]
        "move: dosing-1: a date, or a text such as `2027-03-01T09:00`, is wanted, not int",
    ),
    "a time": (
        lambda: planner.run_sheet("mapp1", "dosing-1", start=9.0),  # type: ignore[arg-type]
        "start: a time of day, or a text such as `09:00`, is wanted, not float",
    ),
    "a time in seconds": (
        lambda: planner.run_sheet("mapp1", "dosing-1", start=time(9, 0, 30)),
        "start: 09:00:30: a time of day is given in whole minutes",
    ),
    "kind": (
        lambda: planner.chart("mapp1", "cours"),  # type: ignore[arg-type]
        "kind: `cours` is none of course, network, day, schema; did you mean `course`?",
    ),
    "timeline": (
        lambda: planner.chart("mapp1", timeline="P0001"),  # type: ignore[arg-type]
        "timeline: a Timeline is wanted, not `P0001`",
    ),
    "timelines": (
        lambda: planner.export(["P0001"], io.BytesIO(), planner.CalendarOptions()),  # type: ignore[list-item]
        "timelines: a Timeline is wanted, not `P0001`",
    ),
    "options": (
        lambda: planner.export([], io.BytesIO(), None),  # type: ignore[arg-type]
        "options: a CalendarOptions is wanted, not NoneType",
    ),
    "record": (
        lambda: planner.plan("mapp1", actuals=5),  # type: ignore[arg-type]
        "actuals: a path or a Record is wanted, not int",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_no_such_thing_is_refused_with_what_is_wanted(what: str) -> None:
    call, message = WRONG[what]
    with pytest.raises(planner.PlannerError) as error:
        call()
    assert str(error.value).startswith(message)


def test_one_timeline_is_exported_as_a_list_of_it_is() -> None:
    one, listed = io.BytesIO(), io.BytesIO()
    timeline = planner.plan("mapp1", START)
    assert planner.export(timeline, one, planner.CalendarOptions()) == planner.export(
        [timeline], listed, planner.CalendarOptions()
    )
    assert one.getvalue() == listed.getvalue()
