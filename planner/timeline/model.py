"""One participant's dated plan, as data: what every output is made from."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from planner.display import drawn_html, drawn_svg
from planner.errors import PlannerError, did_you_mean
from planner.notice import NOTICE
from planner.protocol.fields import ListedKind, Mode, TrackKind
from planner.schedule.visit_numbers import visit_label
from planner.timeline.dated_reminder import DatedReminder

VisitStatus = Literal["planned", "booked", "occurred", "missed", "cancelled", "due", "overdue"]
WaitingStatus = Literal["waiting", "undated", "missed", "cancelled"]


@dataclass(frozen=True, slots=True)
class DateWindow:
    """Dates from the earliest to the latest, both included; ``None`` is an open end.

    ``no_day`` says which two rules leave no day at all; both ends are ``None`` then.
    """

    earliest: date | None
    latest: date | None
    no_day: str | None = None

    def __str__(self) -> str:
        """The window in one text: `2027-01-11..2027-01-20`; empty without one."""
        if self.no_day is not None:
            return self.no_day
        if self.earliest == self.latest:
            return f"{self.earliest or ''}"
        return f"{self.earliest or ''}..{self.latest or ''}"

    def to_dict(self) -> dict[str, object]:
        """The window as JSON has it: both ends as ISO text, and why it has no day where so."""
        no_day = {} if self.no_day is None else {"no_day": self.no_day}
        return {"earliest": _iso(self.earliest), "latest": _iso(self.latest), **no_day}


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
    conditional: bool = False


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
    """What the protocol says of a visit, with a date or without.

    ``number`` is its place in the nominal order of the visits of all arms, from 1 (see
    `planner.schedule.visit_numbers`). The ``mode`` of an event is ``none``.
    """

    id: str
    title: str
    kind: ListedKind
    epoch: str
    epoch_title: str
    cycle: int | None
    mode: Mode | Literal["none"]
    optional: bool
    conditional: str | None
    number: int

    @property
    def label(self) -> str:
        """What views for staff call it: ``V07 First integration session (1)``."""
        return visit_label(self.number, self.title)

    def _common(self) -> dict[str, object]:
        return {
            "id": self.id,
            "number": self.number,
            "title": self.title,
            "label": self.label,
            "kind": self.kind,
            "epoch": self.epoch,
            "cycle": self.cycle,
            "mode": self.mode,
            "optional": self.optional,
        }


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
    ``unmet`` says what the participant prefers and does not get; ``own_start`` when a call is by
    the participant's own clock, where a record says by which.
    """

    target: date | None
    window: DateWindow
    effective_window: DateWindow
    start: datetime
    end: datetime | None
    session_end: datetime | None
    overnight: bool
    study_day: int
    status: VisitStatus
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
    unmet: tuple[str, ...] = ()
    own_start: datetime | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else there is to say of the visit's window and of an appointment."""
        words = ("not recorded", self.unrecorded), ("decided against", self.against)
        no_day = (self.window.no_day,) if self.window.no_day else ()
        return (*no_day, *(remark for remark, holds in words if holds), *self.of_participant)

    @property
    def of_participant(self) -> tuple[str, ...]:
        """What the participant prefers and does not get, and when a call is by their own clock."""
        if self.own_start is None:
            return self.unmet
        clock = f"{self.own_start:%a %H:%M} by the participant's clock ({self.own_start.tzinfo})"
        return (*self.unmet, clock)

    def to_dict(self) -> dict[str, object]:
        """The visit as it stands in `Timeline.to_dict`."""
        under_way = {
            "booked": _iso(self.booked),
            "provisional": self.provisional,
            "waiting_for": list(self.waiting_for),
            "unrecorded": self.unrecorded,
            "against": self.against,
            "unmet": list(self.unmet),
            "own_start": _iso(self.own_start),
        }
        return {
            **self._common(),
            "target": _iso(self.target),
            "window_stated": self.window_stated,
            "window": self.window.to_dict(),
            "effective_window": self.effective_window.to_dict(),
            "start": self.start.isoformat(),
            "end": _iso(self.end),
            "study_day": self.study_day,
            "status": self.status,
            "deviation": self.deviation,
            **{name: value for name, value in under_way.items() if value},
        }

    def to_record(self) -> dict[str, object]:
        """The visit as a row of `Timeline.to_records`."""
        return {
            **self._common(),
            "study_day": self.study_day,
            "start": self.start,
            "end": self.end,
            "target": self.target,
            "window_stated": self.window_stated,
            "window_earliest": self.window.earliest,
            "window_latest": self.window.latest,
            "effective_earliest": self.effective_window.earliest,
            "effective_latest": self.effective_window.latest,
            "status": self.status,
            "deviation": self.deviation,
            "booked": self.booked,
            "provisional": self.provisional,
            "waiting_for": " ".join(self.waiting_for) or None,
            "remarks": "; ".join(self.remarks) or None,
        }


@dataclass(frozen=True, slots=True)
class DatedTrack:
    """A parallel track: one entry that repeats, such as a daily diary.

    ``start`` is the first occurrence, ``end`` of it ``None`` where no duration is given;
    ``every_days`` the step in calendar days and ``count`` the number of occurrences.
    """

    id: str
    title: str
    kind: TrackKind
    start: datetime
    end: datetime | None
    every_days: int
    count: int

    def to_dict(self) -> dict[str, object]:
        """The track as it stands in `Timeline.to_dict`."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "start": self.start.isoformat(),
            "end": _iso(self.end),
            "every_days": self.every_days,
            "count": self.count,
        }


@dataclass(frozen=True, slots=True)
class WaitingVisit(ListedVisit):
    """A visit of the course that has no date (DOMAIN 2.10); it is in no calendar.

    ``waiting_for`` are the visits that it counts from, none of which has a date: any one of them
    dates it. ``status`` is ``waiting``; ``undated`` where none of them takes place any more;
    ``missed`` or ``cancelled`` where that is recorded without a date. ``why`` is the reason in
    words.
    """

    status: WaitingStatus
    waiting_for: tuple[str, ...]
    why: str

    def to_dict(self) -> dict[str, object]:
        """The visit as it stands in `Timeline.to_dict`: what has to do with dates is ``None``."""
        no_window = DateWindow(None, None)
        return {
            **self._common(),
            "target": None,
            "window_stated": None,
            "window": no_window.to_dict(),
            "effective_window": no_window.to_dict(),
            "start": None,
            "end": None,
            "study_day": None,
            "status": self.status,
            "deviation": None,
            "waiting_for": list(self.waiting_for),
        }

    def to_record(self) -> dict[str, object]:
        """The visit as a row of `Timeline.to_records`."""
        return {
            **self._common(),
            "status": self.status,
            "provisional": False,
            "waiting_for": " ".join(self.waiting_for) or None,
            "remarks": self.why,
        }


@dataclass(frozen=True, slots=True)
class WaitingTrack:
    """A track that begins or ends with a visit without a date; otherwise as `WaitingVisit`."""

    id: str
    title: str
    kind: TrackKind
    status: WaitingStatus
    waiting_for: tuple[str, ...]
    why: str

    def to_dict(self) -> dict[str, object]:
        """The track as it stands in `Timeline.to_dict`."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "status": self.status,
            "waiting_for": list(self.waiting_for),
        }


@dataclass(frozen=True, slots=True)
class UnscheduledVisit:
    """A visit that nobody had planned, or a ``failed`` screening; it stands beside the plan.

    ``id`` is that of the record, of a failed screening that of the visit that is planned again.
    """

    id: str
    start: datetime
    end: datetime | None
    study_day: int
    reason: str | None
    status: Literal["unscheduled", "failed"] = "unscheduled"

    def to_dict(self) -> dict[str, object]:
        """The visit as it stands in `Timeline.to_dict`."""
        return {
            "id": self.id,
            "start": self.start.isoformat(),
            "end": _iso(self.end),
            "study_day": self.study_day,
            "reason": self.reason,
            **({"status": self.status} if self.status == "failed" else {}),
        }

    @property
    def what(self) -> str:
        """What kind of visit it is, as views head it."""
        return "failed screening" if self.status == "failed" else "unscheduled visit"

    def to_record(self) -> dict[str, object]:
        """The visit as a row of `Timeline.to_records`."""
        return {
            "id": self.id,
            "study_day": self.study_day,
            "start": self.start,
            "end": self.end,
            "status": self.status,
            "remarks": self.reason,
        }


COLUMNS = (
    "title", "kind", "epoch", "cycle", "mode", "optional", "study_day", "start", "end",
    "target", "window_stated", "window_earliest", "window_latest", "effective_earliest",
    "effective_latest", "status", "deviation", "booked", "provisional", "waiting_for", "remarks",
    "number", "label",
)  # fmt: skip
"""What rows of a timeline tell, after whose visit it is and which."""


@dataclass(frozen=True, slots=True, repr=False)
class Timeline:
    """A participant's whole plan; a pure function of protocol, arm, options, site and dates.

    With a record of what has happened also of that and of today's date: ``forced`` then says why
    some visits lie outside their windows, where no plan fits; ``unscheduled`` are visits beside it.
    ``changed`` is when what is known of the participant last changed, ``None`` where nobody says.
    ``telling`` are words that tell the substance, the condition or an arm.
    ``study_id`` is what calendars know the study by, ``former_ids`` what they may have begun with.
    ``waiting`` and ``waiting_tracks`` are what has no date, in listed order. ``visit_length`` is
    the default, in minutes, of visits of which nobody says how long they take.
    ``reminders`` are what staff have to do by a date; no participant sees them.
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
    visit_length: int | None = None
    reminders: tuple[DatedReminder, ...] = ()

    def listed(self) -> "list[DatedVisit | WaitingVisit]":
        """All visits: by their dates, each one without a date after the one listed before it."""
        visits: list[DatedVisit | WaitingVisit] = list(self.visits)
        for visit in self.waiting:
            before = [at for at, other in enumerate(visits) if other.number < visit.number]
            last = max(before, key=lambda at: visits[at].number, default=-1)
            visits.insert(last + 1, visit)
        return visits

    def without_events(self, kept: Collection[str] = ()) -> "Timeline":
        """The visits alone, as calendars and participants see them: events are none.

        Args:
            kept: ids of dated events that stay.
        """
        if all(visit.kind != "event" for visit in (*self.visits, *self.waiting)):
            return self
        return replace(
            self,
            visits=tuple(
                visit for visit in self.visits if visit.kind != "event" or visit.id in kept
            ),
            waiting=tuple(visit for visit in self.waiting if visit.kind != "event"),
        )

    def visit(self, visit_id: str) -> DatedVisit:
        """The visit of this occurrence id, such as `dosing-2`.

        Raises:
            PlannerError: the plan has no such visit, or none with a date; says which are near.
        """
        for visit in self.visits:
            if visit.id == visit_id:
                return visit
        for waiting in self.waiting:
            if waiting.id == visit_id:
                raise PlannerError(f"`{visit_id}` has no date: {waiting.why}")
        hint = did_you_mean(visit_id, [visit.id for visit in self.visits], before="; ")
        raise PlannerError(f"this plan has no visit `{visit_id[:60]}`{hint}")

    def to_dict(self) -> dict[str, object]:
        """The timeline as plain data, as `planner timeline --format json` writes it.

        Dates are ISO 8601, instants carry their UTC offset; the arm is ``None`` in a blinded study.
        """
        return {
            "format": 1,
            "notice": NOTICE,
            "protocol": {"id": self.protocol_id, "version": self.protocol_version},
            "arm": None if self.blinded else self.arm,
            "participant": self.participant,
            "site": {"id": self.site_id, "timezone": self.timezone},
            "anchor": {"visit": self.anchor_visit, "date": self.anchor_date.isoformat()},
            "conventions": list(self.conventions),
            "days_off_target": self.cost,
            "visits": [visit.to_dict() for visit in self.listed()],
            "tracks": [track.to_dict() for track in self.tracks],
            **self._beside(),
        }

    def _beside(self) -> dict[str, object]:
        """What only some plans have to tell; keys without a word are absent."""
        known = {
            "reminders": [reminder.to_dict() for reminder in self.reminders],
            "waiting_tracks": [track.to_dict() for track in self.waiting_tracks],
            "today": _iso(self.today),
            "forced": list(self.forced),
            "unscheduled": [extra.to_dict() for extra in self.unscheduled],
        }
        return {name: value for name, value in known.items() if value}

    def to_records(self) -> list[dict[str, object]]:
        """One flat row per visit, unscheduled ones last: ``pandas.DataFrame(plan.to_records())``.

        Every row has the same keys: ``participant``, ``visit`` and `COLUMNS`. Dates are `date`,
        instants `datetime` in the site's zone; ``None`` where there is nothing to tell. What a
        visit waits for is one text, the ids with blanks between them.
        """
        rows = [visit.to_record() for visit in (*self.listed(), *self.unscheduled)]
        return [
            {
                "participant": self.participant,
                "visit": row["id"],
                **{name: row.get(name) for name in COLUMNS},
            }
            for row in rows
        ]

    def _repr_html_(self) -> str | None:
        return drawn_html(self)

    def _repr_svg_(self) -> str | None:
        return drawn_svg(self)

    def __repr__(self) -> str:
        """Whose plan it is; nothing that tells an arm."""
        return (
            f"<Timeline of {self.participant} in {self.protocol_id} at {self.site_id}:"
            f" {len(self.visits)} visits, {self.anchor_visit} on {self.anchor_date}>"
        )


def _iso(value: date | datetime | None) -> str | None:
    return None if value is None else value.isoformat()
