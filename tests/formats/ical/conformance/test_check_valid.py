"""Files with nothing wrong, as different as they come: the check has nothing to say."""

import importlib.util
import io
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shared import SHARED

from planner.formats.ical import (
    CalendarOptions,
    CalendarProperties,
    Level,
    Rendering,
    Split,
    calendar_objects,
    parts,
    write_calendar,
)
from planner.formats.ical.conformance import Profile, check_calendar
from planner.formats.ical.event import Alarm, Details, Event, EventRelation, Recurrence
from planner.formats.ical.options import WITHOUT_WORDS
from planner.formats.ical.vtimezone import zone_text
from planner.formats.ical.writer import serialise
from planner.time.zone import find_zone
from planner.timeline.model import Timeline

_SPEC = importlib.util.spec_from_file_location(
    "calendars", Path(__file__).with_name("calendars.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
calendars = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(calendars)


def told(data: bytes, profile: Profile = Profile.FILE) -> list[str]:
    return [
        f"{one.line}:{one.column} {one.rule} {one.message}"
        for one in check_calendar(data, profile).findings
    ]


@pytest.mark.parametrize("text", calendars.VALID.values(), ids=calendars.VALID)
def test_a_valid_file_has_nothing_wrong(text: str) -> None:
    assert told(calendars.folded(text)) == []


def written(options: CalendarOptions, *timelines: Timeline) -> bytes:
    out = io.BytesIO()
    write_calendar(timelines, out, options)
    return out.getvalue()


@pytest.mark.parametrize("level", WITHOUT_WORDS)
@pytest.mark.parametrize("rendering", [Rendering.PUBLISHED, Rendering.FILE])
def test_our_own_calendars_have_nothing_wrong(
    timeline: Callable[..., Timeline], level: Level, rendering: Rendering
) -> None:
    options = CalendarOptions(level=level, rendering=rendering, alarms=(0, 60, 1440))
    profile = Profile.PUBLISHED if rendering is Rendering.PUBLISHED else Profile.FILE
    assert told(written(options, timeline(visits=30)), profile) == []
    assert told(written(CalendarOptions(level=level, utc=True), timeline(visits=9))) == []


@pytest.mark.parametrize(
    "zone",
    ["Africa/Cairo", "Africa/Casablanca", "Asia/Jerusalem", "America/Nuuk", "Australia/Lord_Howe",
     "Europe/Dublin", "Asia/Tehran", "UTC"],
)  # fmt: skip
def test_our_own_zones_have_nothing_wrong(timeline: Callable[..., Timeline], zone: str) -> None:
    assert told(written(CalendarOptions(), timeline(zone, visits=60))) == []


def test_our_own_objects_and_parts_have_nothing_wrong(timeline: Callable[..., Timeline]) -> None:
    options = CalendarOptions(rendering=Rendering.CALDAV)
    for _, data in calendar_objects(timeline(visits=12), options):
        assert told(data, Profile.CALDAV) == []
    for by in Split:
        for part in parts(timeline(), by):
            assert told(written(CalendarOptions(), part.timeline), Profile.PUBLISHED) == []


def test_what_the_reference_library_writes_has_nothing_wrong() -> None:
    made = icalendar.Calendar.new(prodid="-//Example//EN", version="2.0")
    for number, start in enumerate(
        [datetime(2027, 1, 5, 9, tzinfo=UTC), date(2027, 1, 5), datetime(2027, 1, 5, 9)]  # noqa: DTZ001
    ):
        one = icalendar.Event.new(
            uid=f"{number}@example.org",
            stamp=datetime(2027, 1, 1, tzinfo=UTC),
            start=start,
            end=start + timedelta(days=1),
            summary="a, b; c " * 20,
            categories=["a,b", "c"],
        )
        one.add("rrule", {"freq": "daily", "count": 3})
        made.add_component(one)
    found = {one.rule for one in check_calendar(made.to_ical()).findings}
    assert found <= {"fold-in-escape"}


TEXT = st.text(st.sampled_from("aé🧪\u202e\x00\t\r\n\\;,:^\"'Nn%"), min_size=1, max_size=90)
BERLIN = find_zone("Europe/Berlin")


@st.composite
def events(draw: st.DrawFn) -> Event:
    day = draw(st.dates(date(2026, 1, 1), date(2031, 12, 31)))
    hour = draw(st.integers(4, 20))
    start: date | datetime = draw(
        st.sampled_from(
            [
                day,
                datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN),
                datetime(day.year, day.month, day.day, hour, tzinfo=UTC),
            ]
        )
    )
    end = draw(st.none() | st.integers(1, 3).map(lambda days: start + timedelta(days=days)))
    details = Details(
        stamp=datetime(2026, 10, 1, tzinfo=UTC),
        start=start,
        end=end,
        status=draw(st.sampled_from(["TENTATIVE", "CONFIRMED", "CANCELLED"])),
        opaque=draw(st.booleans()),
        classification="PRIVATE",
        category=draw(TEXT),
        description=draw(TEXT | st.just("")),
        location=draw(TEXT | st.just("")),
        recurrence=draw(st.none() | st.builds(Recurrence, st.integers(1, 9), st.integers(2, 9))),
        sequence=draw(st.integers(0, 9)),
    )
    relation = EventRelation(
        draw(st.sampled_from(["STARTTOSTART", "FINISHTOSTART"])), "other", "P1D"
    )
    return Event(
        draw(st.uuids().map(str)),
        draw(TEXT),
        details,
        draw(st.sampled_from([(), (relation,)])),
        draw(st.lists(st.builds(Alarm, st.uuids().map(str), st.integers(0, 999), TEXT), max_size=2)
             .map(tuple)),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(events(), min_size=1, max_size=4, unique_by=lambda one: one.uid), TEXT)
def test_whatever_our_writer_writes_has_nothing_wrong(many: list[Event], name: str) -> None:
    properties = CalendarProperties(
        "-//a//b//EN", name=name, method="PUBLISH", organizer="mailto:a@b.example",
        organizer_name=name, color="steelblue", refresh=timedelta(days=1),
    )  # fmt: skip
    data = b"".join(serialise(many, properties, [zone_text("Europe/Berlin", 2026, 2032)]))
    allowed = {"relation-to-nothing"}
    assert [one for one in check_calendar(data).findings if one.rule not in allowed] == []


def test_other_judges_find_nothing_wrong_with_these_files_either(tmp_path: Path) -> None:
    check = SHARED / "tools" / "icalcheck.py"
    if not check.is_file():
        pytest.skip("tools/icalcheck.py is not at hand; see $PLANNER_SHARED")
    # A judge that knows neither cancellations without a start nor a few newer things.
    unlike = {"a reply", "a refresh", "a refusal", "a zone of a registry", "lower case"}
    paths = []
    for name, text in calendars.VALID.items():
        if name not in unlike:
            path = tmp_path / f"{name}.ics"
            path.write_bytes(calendars.folded(text))
            paths.append(str(path))
    run = subprocess.run(
        [sys.executable, str(check), "--engines", "lex,rfc", *paths],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "error" not in run.stdout, run.stdout
