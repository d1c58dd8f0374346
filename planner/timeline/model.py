"""One participant's dated plan, as data: what every output is made from."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DateWindow:
    """Dates from the earliest to the latest, both included; ``None`` is an open end."""

    earliest: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class DatedItem:
    """One line of a run sheet at its planned clock time."""

    id: str
    title: str
    start: datetime
    end: datetime | None
    earliest: datetime | None
    latest: datetime | None
    optional: bool
    staff: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A timing of this visit, for calendars that relate events (RFC 9253).

    ``gap_minutes``/``gap_days`` is the planned (target, or else least) distance; one is ``None``.
    """

    earlier: str
    later: str
    from_end: bool
    to_end: bool
    gap_days: int | None
    gap_minutes: int | None


@dataclass(frozen=True, slots=True)
class ListedVisit:
    """What the protocol says of a visit, with a date or without; ``number`` is its place there."""

    id: str
    title: str
    kind: str
    epoch: str
    epoch_title: str
    cycle: int | None
    mode: str
    optional: bool
    conditional: str | None
    number: int


@dataclass(frozen=True, slots=True)
class DatedVisit(ListedVisit):
    """One visit of the plan.

    ``start`` and ``end`` are instants in the site's zone; ``end`` is ``None`` where the protocol
    gives no duration. An overnight visit ends on the next date; ``session_end`` is when the
    session itself is over (equal to ``end`` without an overnight stay).

    ``target`` and ``window`` are dates counted from where the visits that they count from really
    lie or are planned; the window is what the visit's own timings allow, and what every view means
    by allowed dates. ``effective_window`` is counted from the anchor: the first and the last date
    that the visit has in any plan which keeps all rules; of a visit that is settled its own date.
    In another plan the visits before it lie elsewhere, so that it can reach beyond ``window`` on
    either side: neither is a part of the other. ``window_stated`` is false where no timing of the
    visit states a window, so that there are no allowed dates and ``target`` is only preferred;
    ``None`` where the visit has no timings, as an anchor has none. With an end of ``window`` that
    is ``None`` it tells a stated open end from a window that nobody published.

    ``status`` is ``planned``, ``booked``, ``occurred``, ``missed`` or ``cancelled``, or, where
    today's date is known, ``due`` while the window is open and ``overdue`` once its last day has
    passed. ``deviation`` says how it lies outside a window. ``booked`` is an appointment that
    cannot be kept and was moved; ``provisional`` visits depend on a decision not yet known;
    ``waiting_for`` are gates not yet passed. ``unrecorded``: its date has passed, and nobody
    recorded what became of it. ``against``: it is booked, but by a decision it does not take place.
    """

    target: date | None
    window: DateWindow
    effective_window: DateWindow
    start: datetime
    end: datetime | None
    session_end: datetime | None
    overnight: bool
    study_day: int
    status: str
    deviation: str | None
    room: str | None
    staff: tuple[tuple[str, int], ...]
    gates: tuple[str, ...]
    run_sheet: tuple[DatedItem, ...]
    links: tuple[Link, ...]
    booked: datetime | None = None
    provisional: bool = False
    waiting_for: tuple[str, ...] = ()
    unrecorded: bool = False
    against: bool = False
    window_stated: bool | None = None


@dataclass(frozen=True, slots=True)
class DatedTrack:
    """A parallel track: one entry that repeats, such as a daily diary.

    ``start`` is the first occurrence, ``end`` of it ``None`` where no duration is given;
    ``every_days`` the step in calendar days and ``count`` the number of occurrences.
    """

    id: str
    title: str
    kind: str
    start: datetime
    end: datetime | None
    every_days: int
    count: int


@dataclass(frozen=True, slots=True)
class WaitingVisit(ListedVisit):
    """A visit of the course that has no date (DOMAIN 2.10); it is in no calendar.

    ``waiting_for`` are the visits that it counts from, none of which has a date: any one of them
    dates it. ``status`` is ``waiting``; ``undated`` where none of them takes place any more;
    ``missed`` or ``cancelled`` where that is recorded without a date. ``why`` is the reason in
    words.
    """

    status: str
    waiting_for: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class WaitingTrack:
    """A track that begins or ends with a visit without a date; otherwise as `WaitingVisit`."""

    id: str
    title: str
    kind: str
    status: str
    waiting_for: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class UnscheduledVisit:
    """A visit that nobody had planned; it stands beside the plan."""

    id: str
    start: datetime
    end: datetime | None
    study_day: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """A participant's whole plan; a pure function of protocol, arm, options, site and dates.

    With a record of what has happened also of that and of today's date: ``forced`` then says why
    some visits lie outside their windows, where no plan fits; ``unscheduled`` are visits beside it.
    ``changed`` is when what is known of the participant last changed, ``None`` where nobody says.
    ``telling`` are words that tell the substance, the condition or an arm.
    ``study_id`` is what calendars know the study by, ``former_ids`` what they may have begun with.
    ``waiting`` and ``waiting_tracks`` are what has no date, in listed order.
    """

    protocol_id: str
    protocol_title: str
    protocol_version: str
    study_id: str
    arm: str | None
    blinded: bool
    participant: str
    site_id: str
    site_title: str
    timezone: str
    anchor_visit: str
    anchor_date: date
    day_zero: bool
    visits: tuple[DatedVisit, ...]
    tracks: tuple[DatedTrack, ...]
    conventions: tuple[str, ...]
    cost: int
    today: date | None = None
    forced: tuple[str, ...] = ()
    unscheduled: tuple[UnscheduledVisit, ...] = ()
    changed: date | None = None
    former_ids: tuple[str, ...] = ()
    telling: frozenset[str] = frozenset()
    waiting: tuple[WaitingVisit, ...] = ()
    waiting_tracks: tuple[WaitingTrack, ...] = ()

    def listed(self) -> "list[DatedVisit | WaitingVisit]":
        """All visits: by their dates, each one without a date after the one listed before it."""
        found: list[DatedVisit | WaitingVisit] = list(self.visits)
        for one in self.waiting:
            before = [at for at, other in enumerate(found) if other.number < one.number]
            last = max(before, key=lambda at: found[at].number, default=-1)
            found.insert(last + 1, one)
        return found
