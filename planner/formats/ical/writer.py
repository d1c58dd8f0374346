"""Writes events as a stream of bytes, in constant memory.

What all participants on the same plan share (`Details`) is rendered once, and a string is probed
with one search before it is escaped: that is nearly all of its speed.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.formats.ical.event import (
    Alarm,
    CalendarProperties,
    Details,
    Event,
    EventRelation,
    busy_status,
    transparency,
)
from planner.formats.ical.text import LINE_OCTETS, escape, fold, parameter, special
from planner.formats.ical.vtimezone import ZoneText
from planner.time.iso8601 import IsoDuration, minutes_duration

_CHUNK = 256  # events a piece of bytes
_MAX_DETAILS = 65_536


class Writer:
    """Renders the parts of one calendar file, in the order in which they are called."""

    def __init__(self, properties: CalendarProperties) -> None:
        self.properties = properties
        self._event = _event_renderer(properties)

    def head(self) -> bytes:
        """BEGIN:VCALENDAR and the calendar's own properties."""
        return b"".join(fold(line).encode() for line in _calendar_lines(self.properties))

    def zone(self, zone: ZoneText) -> bytes:
        """A VTIMEZONE; readers may need it before the first event that uses it."""
        return "".join(line + "\r\n" for line in zone.lines()).encode("ascii")

    def events(self, events: Iterable[Event]) -> bytes:
        """Some VEVENTs."""
        return "".join(map(self._event, events)).encode()

    def each(self, events: Iterable[Event]) -> list[str]:
        """The same, one by one."""
        return list(map(self._event, events))

    def tail(self) -> bytes:
        """END:VCALENDAR."""
        return b"END:VCALENDAR\r\n"


def serialise(
    events: Iterable[Event], properties: CalendarProperties, zones: Iterable[ZoneText] = ()
) -> Iterator[bytes]:
    """A whole calendar in pieces; events are taken from the iterable as they are needed.

    `zones` are those that the events' local times are in.

    Args:
        events: in the order in which they are to stand.
        properties: of the calendar.
        zones: a VTIMEZONE each, before all events; none where all times are in UTC.
    """
    writer = Writer(properties)
    yield writer.head() + b"".join(map(writer.zone, zones))
    batch: list[Event] = []
    for event in events:
        batch.append(event)
        if len(batch) == _CHUNK:
            yield writer.events(batch)
            batch.clear()
    yield writer.events(batch) + writer.tail()


def duration_text(length: timedelta) -> str:
    """A DURATION (RFC 5545 3.3.6) of whole minutes, not negative: ``P1D``, ``PT1H30M``.

    A whole number of days are calendar days: a reminder one day before comes at the same time.
    """
    minutes = length.seconds // 60
    if not minutes:
        return str(IsoDuration(days=length.days))
    return str(minutes_duration(minutes)._replace(days=length.days or None))


def _calendar_lines(properties: CalendarProperties) -> list[str]:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{escape(properties.prodid)}",
        "CALSCALE:GREGORIAN",
    ]
    if properties.method is not None:
        lines.append(f"METHOD:{properties.method}")
    if properties.name:
        # RFC 7986 5.1, and the older name that most readers still look for.
        lines += [f"NAME:{escape(properties.name)}", f"X-WR-CALNAME:{escape(properties.name)}"]
    if properties.description:
        text = escape(properties.description)
        lines += [f"DESCRIPTION:{text}", f"X-WR-CALDESC:{text}"]
    if properties.color:
        lines.append(f"COLOR:{properties.color}")
    if properties.refresh is not None:
        often = duration_text(properties.refresh)
        lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{often}", f"X-PUBLISHED-TTL:{often}"]
    return lines


def _event_renderer(properties: CalendarProperties) -> Callable[[Event], str]:
    """A function from an event to its content lines, with the caches of one file inside."""
    organizer = ""
    if properties.organizer:
        name = properties.organizer_name
        named = f";CN={parameter(name)}" if name else ""
        organizer = fold(f"ORGANIZER{named}:{properties.organizer}")
    if properties.attendee:
        asked = ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE" if properties.method == "REQUEST" else ""
        organizer += fold(f"ATTENDEE{asked}:{properties.attendee}")
    # By identity, which is what events of one plan share and what is quick to compare; an entry
    # keeps its record alive, or another one might come to have the same id.
    known: dict[int, tuple[Details, str]] = {}

    def render(event: Event) -> str:
        uid, summary, details, relations, alarms = event
        entry = known.get(id(details))
        if entry is None:
            if len(known) >= _MAX_DETAILS:
                known.clear()
            entry = known[id(details)] = (details, _detail_lines(details) + organizer)
        if special(uid) or len(uid) > LINE_OCTETS - 4:
            uid = fold(f"UID:{escape(uid)}")[4:-2]
        rest = "".join(map(_relation_line, relations)) if relations else ""
        if alarms:
            rest += "".join(map(_alarm_lines, alarms))
        return (
            f"BEGIN:VEVENT\r\nUID:{uid}\r\n{fold('SUMMARY:' + escape(summary))}"
            f"{entry[1]}{rest}END:VEVENT\r\n"
        )

    return render


def _detail_lines(details: Details) -> str:
    (
        stamp, start, end, status, opaque, classification, category, description, location,
        recurrence, sequence,
    ) = details  # fmt: skip
    changed = instant_text(stamp)
    lines = (
        f"DTSTAMP:{changed}\r\nLAST-MODIFIED:{changed}\r\n{_moment_line('DTSTART', start)}"
        f"{'' if end is None else _moment_line('DTEND', end)}"
        f"{_state_lines(status, opaque, classification, category)}SEQUENCE:{sequence}\r\n"
    )
    if recurrence is not None:
        interval = f";INTERVAL={recurrence.every_days}" if recurrence.every_days != 1 else ""
        lines += f"RRULE:FREQ=DAILY;COUNT={recurrence.count}{interval}\r\n"
    if description:
        lines += fold(f"DESCRIPTION:{escape(description)}")
    if location:
        lines += fold(f"LOCATION:{escape(location)}")
    return lines


@lru_cache(maxsize=256)
def instant_text(instant: datetime) -> str:
    """An instant as a DATE-TIME in UTC (RFC 5545 3.3.5, form 2)."""
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


@lru_cache(maxsize=256)
def _state_lines(status: str, opaque: bool, classification: str, category: str) -> str:
    lines = (
        f"STATUS:{status}",
        f"TRANSP:{transparency(opaque)}",
        f"X-MICROSOFT-CDO-BUSYSTATUS:{busy_status(opaque)}",
        f"CLASS:{classification}",
        f"CATEGORIES:{escape(category)}",
    )
    return "".join(map(fold, lines))


def _moment_line(name: str, moment: date) -> str:
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{_day_text(moment)}\r\n"
    clock = f"T{moment.hour:02d}{moment.minute:02d}{moment.second:02d}"
    zone = moment.tzinfo
    if zone is UTC:
        return f"{name}:{_day_text(moment.date())}{clock}Z\r\n"
    if not isinstance(zone, ZoneInfo):
        raise ValueError(f"{moment.isoformat()} is neither in UTC nor in a zone of the database")
    return fold(f"{name};TZID={zone.key}:{_day_text(moment.date())}{clock}")


@lru_cache(maxsize=8192)
def _day_text(day: date) -> str:
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def _relation_line(relation: EventRelation) -> str:
    """A RELATED-TO with its relation type, and the gap of a temporal one."""
    reltype, uid, gap = relation
    line = f"RELATED-TO;RELTYPE={reltype}{';GAP=' + gap if gap else ''}:"
    return fold(line + (escape(uid) if special(uid) else uid))


def _alarm_lines(alarm: Alarm) -> str:
    """A VALARM that shows a text; its UID is RFC 9074's."""
    sign = "-" if alarm.minutes_before > 0 else ""
    return (
        f"BEGIN:VALARM\r\n{fold('UID:' + escape(alarm.uid))}ACTION:DISPLAY\r\n"
        f"TRIGGER:{sign}{duration_text(timedelta(minutes=abs(alarm.minutes_before)))}\r\n"
        f"{fold('DESCRIPTION:' + escape(alarm.text))}END:VALARM\r\n"
    )
