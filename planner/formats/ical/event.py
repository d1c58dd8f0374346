"""What one calendar event says, free of any syntax: the one record that both serialisers write."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple


class EventRelation(NamedTuple):
    """A RELATED-TO property: this event's relation to the event with that UID.

    ``gap`` is the planned distance of a temporal relation (RFC 9253 section 6.2) as a DURATION, so
    that ``P1D`` and ``PT24H`` stay two things; ``None`` for PARENT, CHILD and SIBLING.
    """

    reltype: str
    uid: str
    gap: str | None = None


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The event repeats every so many calendar days, so many times in all."""

    every_days: int
    count: int


class Alarm(NamedTuple):
    """A reminder on the screen, some minutes before the start, or after it where negative.

    Its UID is RFC 9074's.
    """

    uid: str
    minutes_before: int
    text: str


class Details(NamedTuple):
    """What an event says whoever it is about: one record for all participants on the same plan.

    ``stamp`` is when the event last changed, in UTC. ``start`` and ``end`` are both dates (an
    all-day event, ``end`` exclusive) or both instants: in UTC, or in a ``ZoneInfo`` where the local
    time occurs exactly once. ``end`` is ``None`` where the length is not known; otherwise it lies
    after ``start``. ``description`` and ``location`` may be empty. ``status`` is TENTATIVE,
    CONFIRMED or CANCELLED (RFC 5545 3.8.1.11).
    """

    stamp: datetime
    start: date | datetime
    end: date | datetime | None
    status: str
    opaque: bool
    classification: str
    category: str
    description: str = ""
    location: str = ""
    recurrence: Recurrence | None = None
    sequence: int = 0


def transparency(opaque: bool) -> str:
    """TRANSP (RFC 5545 3.8.2.7): whether the event takes up time."""
    return "OPAQUE" if opaque else "TRANSPARENT"


def busy_status(opaque: bool) -> str:
    """X-MICROSOFT-CDO-BUSYSTATUS, consistent with TRANSP ([MS-OXCICAL] 2.1.3.1.1.20.31)."""
    return "BUSY" if opaque else "FREE"


class Event(NamedTuple):
    """One VEVENT: whose it is, and its `Details`.

    Text may hold anything; the serialisers clean it.
    """

    uid: str
    summary: str
    details: Details
    relations: tuple[EventRelation, ...] = ()
    alarms: tuple[Alarm, ...] = ()


class CalendarProperties(NamedTuple):
    """What the VCALENDAR says of itself; an empty text or ``None`` is not written.

    ``method`` is iTIP's (RFC 5546), ``None`` in a plain file and in a CalDAV object. ``color`` is
    a CSS3 name (RFC 7986 5.9), ``refresh`` how often a subscriber should look again. ``organizer``
    is a URI, written into every event, ``organizer_name`` its CN parameter; ``attendee`` the URI
    that a scheduling message is for.
    """

    prodid: str
    name: str = ""
    description: str = ""
    color: str = ""
    refresh: timedelta | None = None
    method: str | None = None
    organizer: str = ""
    organizer_name: str = ""
    attendee: str = ""
