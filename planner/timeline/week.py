"""A site's week over all protocols: who is there when, and what rooms and roles do not suffice for.

A clash is a stretch of time in which visits need more of a kind of room, or more people of a role,
than the site file says that there are, or a visit on a day on which its place is closed. Nobody is
assigned to a room: that there are enough of them at any moment is all that is checked.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.timeline.model import DatedVisit, Timeline

DAYS = 7
_MOMENT = timedelta(minutes=1)
"""How long a visit counts of which nobody says how long it takes."""


def monday_of(day: date) -> date:
    """The Monday of the week in which a date lies."""
    return day - timedelta(days=day.weekday())


class Need(NamedTuple):
    """Places in a kind of room, or people of a role, from ``start`` to ``end``, which is free."""

    kind: Literal["room", "role"]
    name: str
    number: int
    start: datetime
    end: datetime


class WeekVisit(NamedTuple):
    """One visit of the week.

    Attributes:
        start: at the site; of a stay that began before the week that day.
        end: ``None`` where nobody says how long it takes.
        status: as of a `DatedVisit`, or ``unscheduled``.
        room: the kind of room that the protocol asks for.
        staff: people by role.
        moved_from: an appointment that cannot be kept.
        closed: why its place is closed on the day of its start.
    """

    participant: str
    protocol: str
    visit: str
    label: str
    mode: str
    start: datetime
    end: datetime | None
    status: str
    room: str | None
    staff: tuple[tuple[str, int], ...]
    needs: tuple[Need, ...]
    provisional: bool = False
    unrecorded: bool = False
    moved_from: datetime | None = None
    closed: str | None = None


class WeekClash(NamedTuple):
    """More than there is, from ``start`` until ``end``; or a visit while its place is closed.

    Attributes:
        kind: ``room``, ``role`` or ``closed``.
        name: the kind of room or the role; of a closed day why it is closed.
        needed: the most that are needed at a moment: places, or people.
        there: how many there are; 0 where the site file has others and not this one.
        visits: that need it.
    """

    kind: Literal["room", "role", "closed"]
    name: str
    needed: int
    there: int
    start: datetime
    end: datetime
    visits: tuple[WeekVisit, ...]


def week_visits(
    timeline: Timeline, calendars: Mapping[str, SiteCalendar], first: date
) -> Iterator[WeekVisit]:
    """The visits of a participant that lie in the seven days, wholly or in part.

    Args:
        timeline: with a record of what has happened so far.
        calendars: of the places of visits, by occurrence id.
        first: of the seven days.
    """
    begin, end = first, first + timedelta(days=DAYS)
    for visit in timeline.visits:
        if visit.kind == "event" or visit.status in ("missed", "cancelled"):
            continue
        needs = tuple(_needs(visit, timeline.visit_length))
        until = max([visit.start, *(need.end - _MOMENT for need in needs), *_known(visit.end)])
        if visit.start.date() < end and until.date() >= begin:
            place = calendars.get(visit.id)
            closed = place.why_closed(visit.start.date()) if place is not None else None
            yield WeekVisit(
                timeline.participant,
                timeline.protocol_id,
                visit.id,
                visit.label,
                visit.mode,
                visit.start,
                visit.end,
                visit.status,
                visit.room,
                visit.staff,
                needs,
                visit.provisional,
                visit.unrecorded,
                visit.booked,
                closed,
            )
    for extra in timeline.unscheduled:
        if begin <= extra.start.date() < end:
            yield WeekVisit(
                timeline.participant,
                timeline.protocol_id,
                extra.id,
                extra.id,
                "",
                extra.start,
                extra.end,
                extra.status,
                None,
                (),
                (),
            )


def moved_away(timeline: Timeline, first: date) -> Iterator[DatedVisit]:
    """Visits booked in the seven days that cannot take place then."""
    for visit in timeline.visits:
        if visit.booked is not None and 0 <= (visit.booked.date() - first).days < DAYS:
            yield visit


def _known(end: datetime | None) -> tuple[datetime, ...]:
    return () if end is None else (end - _MOMENT,)


def _needs(visit: DatedVisit, default: int | None) -> Iterator[Need]:
    """A room until the end of the stay, people until that of the session; others by run sheet."""
    length = _MOMENT if default is None else timedelta(minutes=default)
    end = visit.end or visit.start + length
    if visit.room is not None:
        yield Need("room", visit.room, 1, visit.start, end)
    over = visit.session_end or end
    for role, number in visit.staff:
        yield Need("role", role, number, visit.start, over)
    present = {role for role, _ in visit.staff}
    for item in visit.run_sheet:
        for role, number in item.staff:
            if role not in present:
                yield Need("role", role, number, item.start, item.end or item.start + _MOMENT)


def find_clashes(
    visits: Sequence[WeekVisit], available: Mapping[tuple[str, str], int], first: date
) -> list[WeekClash]:
    """Every clash of the seven days, by time.

    Args:
        visits: of all participants.
        available: how many there are, by ``room`` or ``role`` and name; what has no number there
            clashes with nothing.
        first: of the seven days.
    """
    by_name: dict[tuple[Literal["room", "role"], str], list[tuple[Need, WeekVisit]]] = defaultdict(
        list
    )
    for visit in visits:
        for need in visit.needs:
            by_name[need.kind, need.name].append((need, visit))
    clashes = [
        clash
        for (kind, name), needs in by_name.items()
        if (kind, name) in available
        for clash in _stretches(kind, name, needs, available[kind, name], first)
    ]
    clashes += [
        WeekClash("closed", visit.closed, 1, 0, visit.start, visit.end or visit.start, (visit,))
        for visit in visits
        if visit.closed is not None and visit.status not in ("occurred", "unscheduled")
    ]
    return sorted(clashes, key=lambda clash: (clash.start, clash.kind, clash.name))


def _stretches(
    kind: Literal["room", "role"],
    name: str,
    needs: Iterable[tuple[Need, WeekVisit]],
    there: int,
    first: date,
) -> Iterator[WeekClash]:
    """The stretches in which more is needed than there is, each with the most and the visits."""
    wanted = [(need, visit) for need, visit in needs if need.number]
    moments = sorted({moment for need, _ in wanted for moment in (need.start, need.end)})
    begin: datetime | None = None
    most = 0
    for moment in moments:
        number = sum(need.number for need, _ in wanted if need.start <= moment < need.end)
        if number > there:
            begin, most = begin or moment, max(most, number)
        elif begin is not None:
            zone = begin.tzinfo
            opens = datetime.combine(first, time(), zone)
            closes = datetime.combine(first + timedelta(days=DAYS), time(), zone)
            if begin < closes and moment > opens:
                involved = tuple(
                    dict.fromkeys(
                        visit for need, visit in wanted if need.start < moment and need.end > begin
                    )
                )
                yield WeekClash(kind, name, most, there, begin, moment, involved)
            begin, most = None, 0


def hides_visits(protocol: Protocol) -> bool:
    """Whether some arms of a blinded study have visits of their own, which no plan shows."""
    return protocol.hides_plans and any(
        epoch.arms or any(visit.arms for visit in epoch.visits) for epoch in protocol.epochs
    )
