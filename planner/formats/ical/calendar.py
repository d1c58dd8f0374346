"""Timelines to a calendar file: its own properties, its zones, and the events as a stream."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import BinaryIO

from planner.errors import PlannerError
from planner.formats.ical.date_times import is_local
from planner.formats.ical.event import CalendarProperties, Event
from planner.formats.ical.events import Events
from planner.formats.ical.kept_events import KeptEvents, local_years
from planner.formats.ical.options import CalendarOptions, Level, Rendering
from planner.formats.ical.revision import Revised, Revisions
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
    words = options.words if options.level is Level.PARTICIPANT else None
    name = options.name or ("Study visits" if words is None else words.name)
    if title and options.level not in (Level.BUSY, Level.PARTICIPANT):
        name = f"{name} {title}"
    published = options.rendering is Rendering.PUBLISHED
    return CalendarProperties(
        PRODID,
        name=name,
        description=NOTICE if words is None else words.notice,
        color=options.color,
        refresh=options.refresh,
        method="PUBLISH" if published else None,
        organizer=options.organizer if published else "",
        organizer_name=options.organizer_name if published else "",
    )


Former = Callable[[str, Collection[str]], KeptEvents]
"""Gives events of the former form of a file, by the file's name and their UIDs."""
OnChange = Callable[[Revised, Timeline | None], None]
"""Is told of every event that has changed, with its timeline while its participant has one."""


class CalendarFile:
    """One VCALENDAR in the making: timelines go in, bytes go out at once.

    Several files may share `events`, which remembers what participants have in common, and
    `revisions`, which remembers what was said before; ``file`` is this one's name among them.
    """

    def __init__(
        self,
        out: BinaryIO,
        options: CalendarOptions,
        events: Events | None = None,
        title: str = "",
        *,
        revisions: Revisions | None = None,
        on_change: OnChange | None = None,
        file: str = "",
    ) -> None:
        self._out = out
        self._events = Events(options) if events is None else events
        self._writer = Writer(calendar_properties(options, title))
        self._zones: set[str] = set()
        self._revisions = revisions
        self._noticed = on_change
        self._file = file
        self.count = 0
        out.write(self._writer.head())

    def add(self, timeline: Timeline) -> list[Event]:
        """Writes the events of one timeline and returns them.

        A zone's VTIMEZONE stands before the first event that uses it: at the top, and further down
        only where a later timeline brings a zone of its own.
        """
        if self._revisions is None:
            events = self._events.events_of(timeline)
            self._announce(timeline, events)
            self._out.write(self._writer.events(events))
            self.count += len(events)
            return events
        revised = self._revisions.revise(timeline, self._writer, self._file)
        self._announce(timeline, revised.events)
        self._out.write(b"".join(revised.data))
        self.count += len(revised.events)
        if self._noticed is not None:
            for event in revised.changed:
                self._noticed(event, timeline)
        return revised.events

    def _announce(self, timeline: Timeline, events: list[Event]) -> None:
        key = timeline.timezone
        if key not in self._zones and any(map(is_local, events)):
            self._zones.add(key)
            zone = zone_text(key, *self._events.covered_years(timeline))
            self._out.write(self._writer.zone(zone))

    def write(self, revised: Revised) -> None:
        """Writes an event of a participant who has no timeline any more; its times are in UTC."""
        self._out.write(revised.data)
        self.count += 1
        if revised.changed and self._noticed is not None:
            self._noticed(revised, None)

    def keep(self, kept: KeptEvents) -> None:
        """Writes events of a former calendar as they are.

        Raises:
            PlannerError: one of them is in local times of years that this calendar's VTIMEZONE,
                unlike that of the former one, does not cover.
        """
        for key, former in kept.zones.items():
            if key not in self._zones:
                self._zones.add(key)
                self._out.write(former)
                continue
            first, last = self._events.years[key]
            own = self._writer.zone(zone_text(key, first, last))
            for uid, data in kept.events.items():
                if former != own and not all(first <= year <= last for year in local_years(data)):
                    raise PlannerError(
                        f"event {uid} cannot be kept as it is: the time zone {key} of this calendar"
                        f" is written for the years {first} to {last}. Nothing was changed"
                    )
        for data in kept.events.values():
            self._out.write(data)
            self.count += 1

    def writer(self, _: str = "") -> Writer:
        """What renders this file's events."""
        return self._writer

    def close(self) -> None:
        """Writes the calendar's end; the stream itself stays open."""
        self._out.write(self._writer.tail())


def write_calendar(
    timelines: Iterable[Timeline],
    out: BinaryIO,
    options: CalendarOptions,
    title: str = "",
    *,
    events: Events | None = None,
    revisions: Revisions | None = None,
    on_change: OnChange | None = None,
    former: Former | None = None,
) -> int:
    """Writes one calendar with the events of all timelines and returns how many there are.

    Timelines are taken one at a time and events are written as they are made, so memory does not
    grow with the number of participants. `title` is appended to the calendar's name, except at the
    level `busy`. With `revisions`, which are made with the same `events`, each event is numbered by
    what was said of it before, what is no longer planned stays as cancelled, and `on_change` is
    told of what has changed.

    Args:
        timelines: one per participant.
        out: is written from where it stands and left open.
        options: of the calendar.
        title: any text; empty for none.
        events: makes the events; new ones by `options` when ``None``.
        revisions: what was said before; ``None`` numbers no change.
        on_change: is given each event that has changed, with its timeline (``None`` for one of a
            participant who has none any more).
        former: gives the events that `revisions` keeps as they are.

    Raises:
        PlannerError: the time zone's data cannot be read.
        OSError: `out` cannot be written to.
    """
    file = CalendarFile(out, options, events, title, revisions=revisions, on_change=on_change)
    for timeline in timelines:
        file.add(timeline)
    if revisions is not None:
        for _, revised in revisions.rest(file.writer):
            file.write(revised)
    keep_former(file, "", revisions, former)
    file.close()
    return file.count


def keep_former(
    file: CalendarFile, name: str, revisions: Revisions | None, former: Former | None
) -> None:
    """Writes the events that `revisions` keeps as they are in a file, once it knows them all.

    Args:
        file: that is written.
        name: of the file in its set.
        revisions: as of `write_calendar`.
        former: gives those events.
    """
    kept = {} if revisions is None else revisions.kept.get(name, {})
    if kept and former is not None:
        file.keep(former(name, set().union(*kept.values())))


def calendar_objects(timeline: Timeline, options: CalendarOptions) -> Iterator[tuple[str, bytes]]:
    """Each event as a calendar of its own, with a file name, as a CalDAV server stores them.

    RFC 4791 4.1: one UID per object, and its VTIMEZONE inside.
    """
    events = Events(options)
    writer = Writer(calendar_properties(options))
    for event in events.events_of(timeline):
        yield (f"{event.uid}.ics", whole_object(events, event, timeline, writer))


def whole_object(
    events: Events,
    event: Event,
    timeline: Timeline | None,
    writer: Writer,
    data: bytes | None = None,
) -> bytes:
    """A calendar of one event, with the VTIMEZONE that it needs.

    Args:
        events: what made the event, and so settled which years its zone has to cover.
        event: the event.
        timeline: whose it is; ``None`` where all its times are in UTC.
        writer: renders it.
        data: the event's bytes where they are ready.
    """
    zone = b""
    if timeline is not None and is_local(event):
        zone = writer.zone(zone_text(timeline.timezone, *events.covered_years(timeline)))
    ready = writer.events([event]) if data is None else data
    return writer.head() + zone + ready + writer.tail()


def revised_objects(
    timelines: Iterable[Timeline],
    options: CalendarOptions,
    events: Events,
    revisions: Revisions,
    on_change: OnChange | None = None,
) -> Iterator[tuple[str, bytes]]:
    """`calendar_objects` of many timelines, numbered by what was said before; see `Revisions`.

    Args:
        timelines: one per participant; taken one at a time.
        options: of each object.
        events: makes the events by the same options.
        revisions: made with the same `events`.
        on_change: as of `write_calendar`.
    """
    writer = Writer(calendar_properties(options))

    for timeline in timelines:
        revised = revisions.revise(timeline, writer)
        if on_change is not None:
            for change in revised.changed:
                on_change(change, timeline)
        for event, data in zip(revised.events, revised.data, strict=True):
            yield f"{event.uid}.ics", whole_object(events, event, timeline, writer, data)
    for _, dropped in revisions.rest(lambda _: writer):
        if dropped.changed and on_change is not None:
            on_change(dropped, None)
        data = whole_object(events, dropped.event, None, writer, dropped.data)
        yield f"{dropped.event.uid}.ics", data
