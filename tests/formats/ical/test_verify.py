import io
from collections.abc import Callable
from typing import Any

import pytest

from planner.formats.ical import CalendarOptions, Event, Events, events_of, verify, write_calendar
from planner.timeline.model import Timeline

Build = Callable[..., Timeline]


def written(*timelines: Timeline, **options: Any) -> tuple[bytes, list[Event]]:
    chosen = CalendarOptions(**options)
    out = io.BytesIO()
    write_calendar(timelines, out, chosen)
    events = Events(chosen)
    return out.getvalue(), [event for one in timelines for event in events.events_of(one)]


def differences(data: bytes, events: list[Event]) -> list[str]:
    return list(verify(io.BytesIO(data), events))


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "Africa/Casablanca", "Asia/Gaza", "America/New_York", "UTC"]
)
@pytest.mark.parametrize("utc", [False, True])
def test_what_was_written_reads_back_as_it_was_meant(timeline: Build, zone: str, utc: bool) -> None:
    data, events = written(timeline(zone, visits=45), utc=utc, level="staff", run_sheet=True)
    assert differences(data, events) == []


def test_hostile_titles_read_back(timeline: Build, visit: Callable[..., Any]) -> None:
    one = timeline()
    titles = ["C:\\Notes", "a;b,c\\n", "\r\nEND:VEVENT", "🧪" * 3_000, "x\x00y\ud800", '"^n'] * 2
    visits = tuple(
        visit(one.anchor_date, id=f"v{number}", title=title, number=number)
        for number, title in enumerate(titles)
    )
    data, events = written(timeline(visits=visits), level="staff")
    assert differences(data, events) == []


def test_many_events_are_compared_in_pieces(timeline: Build) -> None:
    people = [timeline(participant=f"P{number}") for number in range(40)]
    data, events = written(*people)
    assert len(events) > 400
    assert differences(data, events) == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (b"T090000", b"T090100", "start reads back"),
        (b"T110000", b"T120000", "end reads back"),
        (b"SUMMARY:P0001 V01", b"SUMMARY:P0001 V10", "summary reads back"),
        (b"STATUS:TENTATIVE", b"STATUS:CONFIRMED", "status reads back"),
        (b"\r\nUID:", b"\r\nUID:0", "UID reads back"),
        (b"TZOFFSETTO:+0100", b"TZOFFSETTO:+0300", "by the VTIMEZONE"),
        (b"TZID:Europe/Berlin", b"TZID:Elsewhere", "has no VTIMEZONE"),
        (b"DTSTART;TZID=Europe/Berlin:2027", b"DTSTART;TZID=Europe/Berlin:20x7", "DTSTART"),
        (b"DTSTART;TZID", b"DTSTART;TZID=;X", "event 1"),
        (b"END:VEVENT\r\n", b"", "missing"),
    ],
)
def test_every_difference_is_said(timeline: Build, old: bytes, new: bytes, complaint: str) -> None:
    data, events = written(timeline())
    assert old in data
    found = differences(data.replace(old, new, 1), events)
    assert any(complaint in line for line in found), found


def test_missing_and_superfluous_events_are_said(timeline: Build) -> None:
    data, events = written(timeline())
    assert any("missing" in line for line in differences(data, [*events, events[0]]))
    assert any("not meant to be" in line for line in differences(data, events[:-1]))


def test_events_of_gives_what_was_written(timeline: Build) -> None:
    data, events = written(timeline())
    assert events == events_of(timeline(), CalendarOptions())
    assert differences(data, events) == []
