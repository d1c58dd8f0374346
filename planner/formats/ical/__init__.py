"""iCalendar (RFC 5545, 5546, 7986, 9074, 9253): timelines as calendars that every reader accepts.

``write_calendar`` streams many timelines into one file; ``write_split`` into one file per
participant, site, role or room; ``calendar_objects`` gives single events for a CalDAV server;
``verify`` reads a file back.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import BinaryIO

from planner.formats.ical.calendar import calendar_objects, calendar_properties, write_calendar
from planner.formats.ical.event import CalendarProperties, Event
from planner.formats.ical.events import Events, events_of
from planner.formats.ical.options import CalendarOptions, Level, Rendering
from planner.formats.ical.split import Split, file_name, parts, write_split

__all__ = [
    "CalendarOptions",
    "CalendarProperties",
    "Event",
    "Events",
    "Level",
    "Rendering",
    "Split",
    "calendar_objects",
    "calendar_properties",
    "events_of",
    "file_name",
    "parts",
    "verify",
    "write_calendar",
    "write_split",
]


def verify(file: BinaryIO, events: Iterable[Event], kept: Collection[str] = ()) -> Iterator[str]:
    """What differs between a calendar and the events it was written from; nothing if all is well.

    See `planner.formats.ical.verification.verify`; the icalendar library is loaded only here.
    """
    from planner.formats.ical.verification import verify as compare

    return compare(file, events, kept)
