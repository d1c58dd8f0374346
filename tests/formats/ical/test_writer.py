import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import icalendar
import pytest
from formats.ical import icalendar_reference as reference
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planner.formats.ical import writer
from planner.formats.ical.event import (
    Alarm,
    CalendarProperties,
    Details,
    Event,
    EventRelation,
    Recurrence,
)
from planner.formats.ical.text import clean
from planner.formats.ical.vtimezone import zone_text
from planner.time.zone import find_zone

STAMP = datetime(2026, 10, 1, tzinfo=UTC)
BERLIN = find_zone("Europe/Berlin")
ZONES = [zone_text("Europe/Berlin", 2026, 2031), zone_text("Africa/Casablanca", 2026, 2031)]


def _whole_seconds(moment: time) -> time:
    return moment.replace(microsecond=0)


HOSTILE = st.text(st.sampled_from("aé🧪\u202e\u2028\x85\x00\x07\t\r\n\\;,:^\"'Nn%\ud800"))
TEXT = st.one_of(
    HOSTILE,
    st.text(max_size=40),
    st.sampled_from(
        ["C:\\Notes", "x\r\nEND:VCALENDAR\r\n", "é;" * 5_000, "\\" * 200, "a" * 10_000]
    ),
)
SOME = TEXT.filter(bool)
UID = st.one_of(st.uuids().map(str), SOME)
DAY = st.dates(date(2026, 1, 1), date(2031, 12, 31))
# Every local time but those around clock changes, which are never written in a zone.
LOCAL = st.builds(
    datetime.combine, DAY, st.times(time(4), time(23, 59, 59)).map(_whole_seconds), st.just(BERLIN)
)


@st.composite
def event_details(draw: st.DrawFn) -> Details:
    start: Any = draw(st.one_of(DAY, LOCAL, LOCAL.map(lambda moment: moment.astimezone(UTC))))
    ends = st.integers(1, 3).map(lambda days: start + timedelta(days=days))
    return Details(
        stamp=STAMP,
        start=start,
        end=draw(st.none() | ends),
        status=draw(st.sampled_from(["TENTATIVE", "CONFIRMED", "CANCELLED"])),
        opaque=draw(st.booleans()),
        classification=draw(st.sampled_from(["PUBLIC", "PRIVATE", "CONFIDENTIAL"])),
        category=draw(SOME),
        description=draw(SOME | st.just("")),
        location=draw(SOME | st.just("")),
        recurrence=draw(st.none() | st.builds(Recurrence, st.integers(1, 9), st.integers(2, 99))),
        sequence=draw(st.integers(0, 99)),
    )


RELATIONS = st.builds(
    EventRelation,
    st.sampled_from(["PARENT", "STARTTOSTART", "FINISHTOSTART"]),
    UID,
    st.sampled_from([None, "P14D", "PT1H30M"]),
)
ALARMS = st.builds(Alarm, UID, st.integers(1, 5_000), SOME)
EVENTS = st.builds(
    Event,
    UID,
    SOME,
    event_details(),
    st.lists(RELATIONS, max_size=3).map(tuple),
    st.lists(ALARMS, max_size=2).map(tuple),
)
PROPERTIES = st.builds(
    CalendarProperties,
    prodid=SOME,
    name=SOME | st.just(""),
    description=SOME | st.just(""),
    color=st.sampled_from(["", "steelblue"]),
    refresh=st.none() | st.integers(1, 5_000).map(lambda minutes: timedelta(minutes=minutes)),
    method=st.sampled_from([None, "PUBLISH", "REQUEST", "CANCEL"]),
    organizer=st.sampled_from(["", "mailto:no-reply@study.invalid", "urn:uuid:0"]),
    organizer_name=SOME | st.just(""),
    attendee=st.sampled_from(["", "mailto:visits@study.invalid"]),
)


def fast(events: list[Event], properties: CalendarProperties) -> bytes:
    return b"".join(writer.serialise(events, properties, ZONES))


def components(lines: list[str]) -> Counter[tuple[str, ...]]:
    """Each component as its sorted lines, whose order and that of their parameters says nothing."""
    found: Counter[tuple[str, ...]] = Counter()
    stack: list[list[str]] = []
    for line in lines:
        if line.startswith("BEGIN:"):
            stack.append([line])
        elif line.startswith("END:"):
            part = tuple(sorted(stack.pop()))
            if stack:
                stack[-1].append("contains " + repr(part))
            found[part] += 1
        else:
            stack[-1].append(normal(line))
    return found


def normal(line: str) -> str:
    """A content line with its parameters in order, and in quotes only where they need to be."""
    match = re.fullmatch(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^":;,]*))*):(.*)', line, re.DOTALL)
    assert match is not None, line
    name, head, value = match.groups()
    parameters = sorted(re.findall(r';([A-Z-]+)="?((?<=")[^"]*|[^":;,]*)', head))
    if name == "RRULE":
        value = ";".join(sorted(value.split(";")))
    return f"{name}{parameters}{value}"


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=3), PROPERTIES)
def test_both_serialisers_write_the_same_content_lines(
    events: list[Event], properties: CalendarProperties
) -> None:
    ours = fast(events, properties)
    theirs = reference.serialise(events, properties, ZONES)
    assert components(logical(ours)) == components(logical(theirs))


def logical(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


@settings(max_examples=60, deadline=None)
@given(st.lists(EVENTS, min_size=1, max_size=3), PROPERTIES)
def test_whatever_a_record_holds_the_bytes_are_a_calendar(
    problems: Callable[[bytes], list[str]], events: list[Event], properties: CalendarProperties
) -> None:
    data = fast([_with_end(event) for event in events], properties)
    assert problems(data) == []


def _with_end(event: Event) -> Event:
    details = event.details
    if details.end is None:
        details = details._replace(end=details.start + timedelta(days=1))
    return event._replace(details=details)


@settings(max_examples=40, deadline=None)
@given(EVENTS)
@example(
    Event("u", "C:\\Notes\\new", Details(STAMP, STAMP, None, "CONFIRMED", True, "PRIVATE", "Visit"))
)
def test_icalendar_reads_back_what_the_record_says(event: Event) -> None:
    data = fast([event], CalendarProperties("-//test//"))
    (found,) = icalendar.Calendar.from_ical(data).events
    assert not found.errors
    assert str(found["UID"]) == clean(event.uid)
    assert str(found["SUMMARY"]) == clean(event.summary)
    assert str(found.get("DESCRIPTION", "")) == clean(event.details.description)
    assert found["DTSTART"].dt == event.details.start
    assert (found["DTEND"].dt if "DTEND" in found else None) == event.details.end
    assert [alarm["UID"] for alarm in found.walk("VALARM")] == [
        clean(alarm.uid) for alarm in event.alarms
    ]


def test_records_with_the_same_details_share_their_lines_and_keep_their_own() -> None:
    details = Details(STAMP, date(2027, 1, 1), None, "TENTATIVE", False, "PRIVATE", "Visit")
    events = [Event(f"uid-{number}", f"P{number}", details) for number in range(1_000)]
    lines = logical(fast(events, CalendarProperties("-//test//")))
    assert [line for line in lines if line.startswith("UID")] == [
        f"UID:uid-{number}" for number in range(1_000)
    ]
    assert lines.count("DTSTART;VALUE=DATE:20270101") == 1_000


def test_events_are_taken_only_as_they_are_needed() -> None:
    details = Details(STAMP, date(2027, 1, 1), None, "TENTATIVE", False, "PRIVATE", "Visit")
    taken = 0

    def events() -> Any:
        nonlocal taken
        for number in range(10_000):
            taken += 1
            yield Event(f"uid-{number}", "P", details)

    stream = writer.serialise(events(), CalendarProperties("-//test//"))
    next(stream)
    next(stream)
    assert 0 < taken < 1_000


def test_a_time_in_no_known_zone_is_refused() -> None:
    odd = datetime(2027, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    event = Event("u", "s", Details(STAMP, odd, None, "TENTATIVE", False, "PRIVATE", "Visit"))
    with pytest.raises(ValueError, match="neither in UTC nor in a zone"):
        fast([event], CalendarProperties("-//test//"))


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "P0D"), (1, "PT1M"), (90, "PT1H30M"), (60, "PT1H"), (1440, "P1D"), (1501, "P1DT1H1M")],
)
def test_durations_are_written_shortly(minutes: int, text: str) -> None:
    assert writer.duration_text(timedelta(minutes=minutes)) == text


def test_the_writer_needs_no_seekable_file() -> None:
    out = io.BytesIO()
    for piece in writer.serialise([], CalendarProperties("-//test//")):
        out.write(piece)
    assert out.getvalue() == (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\nCALSCALE:GREGORIAN\r\n"
        b"END:VCALENDAR\r\n"
    )
