"""Timelines to a calendar file: its own properties, its zones, and the events as a stream."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from planner.formats.ical.events import Events
from planner.formats.ical.moments import is_local
from planner.formats.ical.options import CalendarOptions, Level, Rendering
from planner.formats.ical.record import CalendarProperties, Event
from planner.formats.ical.vtimezone import zone_text
from planner.formats.ical.writer import Writer
from planner.notice import NOTICE
from planner.timeline.model import Timeline

PRODID = "-//trial-session-planner//Study calendar//EN"


def calendar_properties(options: CalendarOptions, title: str = "") -> CalendarProperties:
    """What the calendar says of itself; `title` tells one of several parts apart.

    The protocol's title is never used: it names drugs and diagnoses.
    """
    if options.rendering is Rendering.CALDAV:
        return CalendarProperties(PRODID)
    name = options.name or "Study visits"
    if title and options.level is not Level.BUSY:
        name = f"{name} {title}"
    published = options.rendering is Rendering.PUBLISHED
    return CalendarProperties(
        PRODID,
        name=name,
        description=NOTICE,
        color=options.color,
        refresh=options.refresh,
        method="PUBLISH" if published else None,
        organizer=options.organizer if published else "",
        organizer_name=options.organizer_name if published else "",
    )


class CalendarFile:
    """One VCALENDAR in the making: timelines go in, bytes go out at once.

    Several files may share `events`, which remembers what participants have in common.
    """

    def __init__(
        self, out: BinaryIO, options: CalendarOptions, events: Events | None = None, title: str = ""
    ) -> None:
        self._out = out
        self._events = Events(options) if events is None else events
        self._writer = Writer(calendar_properties(options, title))
        self._zones: set[str] = set()
        self.count = 0
        out.write(self._writer.head())

    def add(self, timeline: Timeline) -> list[Event]:
        """Writes the events of one timeline and returns them.

        A zone's VTIMEZONE stands before the first event that uses it: at the top, and further down
        only where a later timeline brings a zone of its own.
        """
        events = self._events.of(timeline)
        key = timeline.timezone
        if key not in self._zones and any(map(is_local, events)):
            self._zones.add(key)
            zone = zone_text(key, *self._events.covered_years(timeline))
            self._out.write(self._writer.zone(zone))
        self._out.write(self._writer.events(events))
        self.count += len(events)
        return events

    def close(self) -> None:
        """Writes the calendar's end; the stream itself stays open."""
        self._out.write(self._writer.tail())


def write_calendar(
    timelines: Iterable[Timeline], out: BinaryIO, options: CalendarOptions, title: str = ""
) -> int:
    """Writes one calendar with the events of all timelines and returns how many there are.

    Timelines are taken one at a time and events are written as they are made, so memory does not
    grow with the number of participants. `title` is appended to the calendar's name, except at the
    level `busy`.

    Raises:
        PlannerError: the time zone's data cannot be read.
        OSError: `out` cannot be written to.
    """
    file = CalendarFile(out, options, title=title)
    for timeline in timelines:
        file.add(timeline)
    file.close()
    return file.count


def calendar_objects(timeline: Timeline, options: CalendarOptions) -> Iterator[tuple[str, bytes]]:
    """Each event as a calendar of its own, with a file name, as a CalDAV server stores them.

    RFC 4791 4.1: one UID per object, and its VTIMEZONE inside.
    """
    events = Events(options)
    writer = Writer(calendar_properties(options))
    for event in events.of(timeline):
        zone = b""
        if is_local(event):
            key = timeline.timezone
            zone = writer.zone(zone_text(key, *events.covered_years(timeline)))
        yield (
            f"{event.uid}.ics",
            writer.head() + zone + writer.events([event]) + writer.tail(),
        )
