"""Reads a calendar back with the icalendar library and compares it with what was meant."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from itertools import chain, islice
from typing import BinaryIO

import icalendar

from planner.formats.ical.event import Event
from planner.formats.ical.text import clean
from planner.time.zone import known_zone

_BATCH = 200


def verify(file: BinaryIO, events: Iterable[Event], kept: Collection[str] = ()) -> Iterator[str]:
    """Yields a sentence for every difference between a calendar and its events, in file order.

    Compared are the number of events, UIDs, start and end instants, summaries, statuses, revision
    numbers and when they last changed, and whether each local time means the same by the file's
    VTIMEZONE. The file is parsed in pieces (memory does not grow with it), at icalendar's speed,
    which is some thousand events a second.

    Args:
        file: a calendar, read from where it stands.
        events: what it was written from, in the same order; taken one at a time.
        kept: UIDs of events of a former calendar that may follow them as they were.
    """
    expected = iter(events)
    zones: dict[str, tzinfo] = {}
    read = 0
    for calendar in _pieces(file):
        for zone in calendar.timezones:
            if zone.tz_name not in zones:
                # By the file's own words; looked up by name it would be the database's zone.
                zones[zone.tz_name] = zone.to_tz(lookup_tzid=False)
        for problem in calendar.errors:
            yield f"calendar: {problem[0]}: {problem[1]}"
        for read_event in calendar.events:
            read += 1
            event = next(expected, None)
            if event is None and str(read_event.get("UID")) in kept:
                yield from _zone_differences(read, read_event, zones)
            elif event is None:
                yield f"event {read} is in the file, but was not meant to be"
            else:
                yield from _differences(read, read_event, event)
                yield from _zone_differences(read, read_event, zones)
    missing = sum(1 for _ in expected)
    if missing:
        yield f"{read} events are in the file, {missing} are missing"


def _pieces(file: BinaryIO) -> Iterator[icalendar.Calendar]:
    """The calendar, some events at a time, each time with its properties and zones so far."""
    head: list[bytes] = []
    events = _components(file, head)
    first = list(islice(events, _BATCH))
    ended = False
    while not ended:
        batch = list(islice(events, _BATCH))
        ended = not batch
        # bytes: icalendar takes a str for the name of a file, if there is such a file
        yield icalendar.Calendar.from_ical(b"".join(chain(head, first, [b"END:VCALENDAR\r\n"])))
        first = batch


def _components(file: BinaryIO, head: list[bytes]) -> Iterator[bytes]:
    """The bytes of each VEVENT; whatever else comes goes to `head`."""
    event: list[bytes] | None = None
    for line in file:
        if line == b"BEGIN:VEVENT\r\n":
            event = []
        if event is None:
            if line != b"END:VCALENDAR\r\n":
                head.append(line)
            continue
        event.append(line)
        if line == b"END:VEVENT\r\n":
            yield b"".join(event)
            event = None
    if event is not None:
        yield b"".join(event)


def _differences(number: int, read_event: icalendar.Event, event: Event) -> Iterator[str]:
    for problem in read_event.errors:
        yield f"event {number}: {problem[0]}: {problem[1]}"
    for name, read, expected in (
        ("UID", str(read_event.get("UID")), event.uid),
        ("start", _read_instant(read_event, "DTSTART"), _instant(event.details.start)),
        ("end", _read_instant(read_event, "DTEND"), _instant(event.details.end)),
        ("summary", str(read_event.get("SUMMARY")), clean(event.summary)),
        ("status", str(read_event.get("STATUS")), event.details.status),
        ("sequence", read_event.get("SEQUENCE"), event.details.sequence),
        ("stamp", _read_instant(read_event, "DTSTAMP"), event.details.stamp),
        ("last change", _read_instant(read_event, "LAST-MODIFIED"), event.details.stamp),
    ):
        if read != expected:
            yield f"event {number}: {name} reads back as {read!r}, meant was {expected!r}"


def _read_instant(event: icalendar.Event, name: str) -> object:
    value = event.get(name)
    return _instant(_by_our_rules(value)) if isinstance(value, icalendar.vDDDTypes) else None


def _by_our_rules(value: icalendar.vDDDTypes) -> object:
    """What was read, where it names a zone in the zone that we know by this name."""
    zone = known_zone(str(value.params.get("TZID", "")))
    moment = value.dt
    return moment.replace(tzinfo=zone) if zone and isinstance(moment, datetime) else moment


def _instant(moment: object) -> object:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def _zone_differences(
    number: int, event: icalendar.Event, zones: dict[str, tzinfo]
) -> Iterator[str]:
    for name in ("DTSTART", "DTEND"):
        value = event.get(name)
        zone = value.params.get("TZID") if isinstance(value, icalendar.vDDDTypes) else None
        if value is None or zone is None:
            continue
        if zone not in zones:
            yield f"event {number}: {name} is in {zone}, which has no VTIMEZONE"
            continue
        moment = _by_our_rules(value)
        if not isinstance(moment, datetime):
            continue
        offset = moment.replace(tzinfo=zones[zone]).utcoffset()
        if offset != moment.utcoffset():
            yield (
                f"event {number}: by the VTIMEZONE {zone} is {offset} from UTC at"
                f" {moment:%Y-%m-%d %H:%M}, in truth {moment.utcoffset()}"
            )
