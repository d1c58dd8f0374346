"""A protocol in numbers: sessions, their spacing and lengths, staff, endpoints, how long it takes.

All of it is computed from the file. What the file does not say is ``None`` or empty, never filled
in; what its author only assumed carries the grade ``assumed``, so that nobody takes it for what
the trial published.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from planner.network.windows import earliest, is_consistent, latest
from planner.protocol.course import Course, Occurrence, Point
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.build import Schedule, build_schedule
from planner.schedule.course_length import CourseLength, course_length
from planner.schedule.distances import Said, graded, planned_days, said
from planner.schedule.slack import without_order
from planner.time.distance import MINUTES_A_DAY, ClockDistance

Span = tuple[int | None, int | None]
"""Least and greatest number, both included; ``None`` is an open end."""

_NAMING = ("primary", "endpoint")
_NOTED = re.compile(r"\bprimary (?:endpoint|outcome)\b", re.IGNORECASE)


class Session(NamedTuple):
    """One visit of a kind that is counted: dosing, preparation or integration.

    ``length`` is in minutes, least and most; ``staff`` the number of people by role; both ``None``
    where the file does not say. ``certain`` is false for what a participant may go without:
    optional and conditional visits, and repeats that a decision ends. ``phrase`` tells the length
    of a session in the file's words.
    """

    id: str
    certain: bool
    grade: str | None
    length: tuple[int, int] | None
    length_grade: str | None
    nights: int
    staff: tuple[tuple[str, int], ...] | None
    staff_grade: str | None
    mode: str

    @property
    def people(self) -> int | None:
        """How many of the staff are present, ``None`` where the file does not say."""
        return None if self.staff is None else sum(number for _, number in self.staff)


class DosingInterval(NamedTuple):
    """From the start of one dosing session to the start of the next.

    ``said`` is the distance as written, ``None`` where nothing ties the two; ``days`` what all
    rules together leave of it, but for those that only order the visits.
    """

    earlier: str
    later: str
    stated: Said | None
    days: Span


class Endpoint(NamedTuple):
    """A visit that closes a question of the study, and where it lies.

    ``said`` is its distance from the last dosing session before it, ``after`` that session's id;
    ``days`` what all rules leave of that distance, but for those that only order the visits;
    ``from_anchor`` the same from the anchor.
    ``instruments`` are the titles of what is measured there as primary endpoint.
    """

    id: str
    title: str
    instruments: tuple[str, ...]
    after: str | None
    stated: Said | None
    days: Span
    said_from_anchor: Said | None
    from_anchor: Span


class ProtocolMetrics(NamedTuple):
    """One arm of a protocol in numbers.

    ``integration`` holds the integration sessions that follow each dosing session, in its order;
    ``between`` the assessments that lie between each dosing session and the next by all rules.
    ``endpoints`` are the visits that measure the primary endpoint after the first dosing session:
    those that their id, title or a note names as such, else all of them (``endpoint_is_named``
    tells which). ``length`` is from the first visit to the last. The effective numbers are
    open on both sides where the rules contradict each other (``consistent`` is false).
    """

    protocol: Protocol
    course: Course
    consistent: bool
    dosing: tuple[Session, ...]
    spacing: tuple[DosingInterval, ...]
    preparation: tuple[Session, ...]
    integration: tuple[tuple[Session, ...], ...]
    between: tuple[tuple[str, ...], ...]
    endpoints: tuple[Endpoint, ...]
    endpoint_is_named: bool
    end: Endpoint | None
    length: CourseLength

    @property
    def arm(self) -> str | None:
        """The arm whose course this is."""
        return self.course.arm


def outline(protocol: Protocol, arm: str | None = None) -> ProtocolMetrics:
    """The numbers of one arm, with every optional and conditional visit that is planned.

    Args:
        protocol: as loaded.
        arm: an arm's id; the first one when ``None``.

    Raises:
        PlannerError: there is no such arm, or the course is too large.
    """
    course = expand(protocol, arm, unscheduled=False)
    schedule = build_schedule(course)
    consistent = is_consistent(schedule.network)
    measured = _Measure(schedule, consistent)
    stated = _Measure(without_order(schedule), consistent)
    dosing = [visit for visit in course.visits if visit.kind == "dosing"]
    places = [at for at, visit in enumerate(course.visits) if visit.kind == "dosing"]
    first, last = (places[0], places[-1]) if places else (len(course.visits), -1)
    preparation = [
        visit for at, visit in enumerate(course.visits) if visit.kind == "preparation" and at < last
    ]
    endpoints, is_named = _endpoints(course, first)
    end = _end(measured)
    return ProtocolMetrics(
        protocol,
        course,
        consistent,
        tuple(_session(visit, protocol) for visit in dosing),
        tuple(
            DosingInterval(a.id, b.id, said(course, a.id, b.id), stated.days(a.id, b.id))
            for a, b in pairwise(dosing)
        ),
        tuple(_session(visit, protocol) for visit in preparation),
        _integration(course, dosing),
        _between(measured, dosing),
        tuple(_endpoint(measured, stated, visit) for visit in endpoints),
        is_named,
        None if end is None else _endpoint(measured, stated, end),
        course_length(schedule) if consistent else CourseLength(None, None),
    )


def outlines(protocol: Protocol) -> tuple[tuple[tuple[str | None, ...], ProtocolMetrics], ...]:
    """The outline of every arm, arms with the same course together: their ids and the outline.

    Without arms there is one entry for ``(None,)``.
    """
    arms: tuple[str | None, ...] = tuple(arm.id for arm in protocol.arms) or (None,)
    groups: list[tuple[list[str | None], Course]] = []
    for arm in arms:
        course = expand(protocol, arm, unscheduled=False)
        shape = (course.visits, course.rules)
        for ids, other in groups:
            if shape == (other.visits, other.rules):
                ids.append(arm)
                break
        else:
            groups.append(([arm], course))
    return tuple((tuple(ids), outline(protocol, ids[0])) for ids, _ in groups)


def counted(sessions: tuple[Session, ...]) -> tuple[int, int]:
    """The least and the greatest number of sessions: the certain ones, and all."""
    return sum(session.certain for session in sessions), len(sessions)


def is_certain(occurrence: Occurrence) -> bool:
    """Whether every participant of the arm has this visit, whatever is chosen and decided."""
    visit = occurrence.visit
    if visit.optional or visit.when is not None:
        return False
    return occurrence.ends_by is None or occurrence.cycle == 1


class _Measure:
    """Distances that all rules together leave, and nothing where the rules contradict."""

    def __init__(self, schedule: Schedule, consistent: bool) -> None:
        self.schedule = schedule
        self.course = schedule.course
        self.consistent = consistent
        self.reached: dict[str, tuple[list[int | None], list[int | None]]] = {}
        anchor = schedule.course.anchor
        self.planned = {} if anchor is None else planned_days(schedule.course, anchor)

    def days(self, start: str, end: str) -> Span:
        """The fewest and most days between two visits; two propagations for each start."""
        if not self.consistent:
            return None, None
        network, nodes = self.schedule.network, self.schedule.nodes
        if start not in self.reached:
            source = nodes[Point(start)]
            self.reached[start] = earliest(network, source), latest(network, source)
        low, high = (values[nodes[Point(end)]] for values in self.reached[start])
        return _day(low), _day(high)

    def is_after(self, visit: str, other: str) -> bool:
        """Whether the rules let a visit never come before another one."""
        least = self.days(other, visit)[0]
        return least is not None and least >= 0

    def is_before(self, visit: str, other: str) -> bool:
        """Whether the rules let a visit never come after another one."""
        most = self.days(other, visit)[1]
        return most is not None and most <= 0

    def dosing_before(self, visit: str) -> str | None:
        """The last dosing session before a visit: by all rules, else as planned, else as listed."""
        earlier: str | None = None
        as_listed = True
        for occurrence in self.course.visits:
            as_listed = as_listed and occurrence.id != visit
            if (
                occurrence.kind == "dosing"
                and occurrence.id != visit
                and self._precedes(occurrence.id, visit, as_listed)
            ):
                earlier = occurrence.id
        return earlier

    def _precedes(self, dosing: str, visit: str, as_listed: bool) -> bool:
        least, most = self.days(dosing, visit)
        if most is not None and most < 0:
            return False
        if dosing in self.planned and visit in self.planned:
            apart = self.planned[visit] - self.planned[dosing]
            return as_listed if apart == 0 else apart > 0
        return as_listed if least is None else least >= 0


def _day(value: int | None) -> int | None:
    return None if value is None else value // MINUTES_A_DAY


def _session(occurrence: Occurrence, protocol: Protocol) -> Session:
    visit = occurrence.visit
    above = (visit, occurrence.epoch, protocol)
    length, length_grade, staff, staff_grade = None, None, None, None
    if visit.duration is not None:
        least, most = visit.duration.value.earliest, visit.duration.value.latest
        if isinstance(least, ClockDistance) and isinstance(most, ClockDistance):
            length = least.minutes, most.minutes
            length_grade = graded(visit.duration, *above)
    if visit.staff is not None:
        staff_grade = graded(visit.staff, *above)
        staff = tuple(
            (role, _own_number(protocol, role) if number is None else number)
            for role, number in visit.staff.roles.items()
        )
    cycle = occurrence.epoch.cycle
    return Session(
        occurrence.id,
        is_certain(occurrence),
        graded(*([cycle] if cycle is not None else []), *above),
        length,
        length_grade,
        0 if visit.overnight is None else visit.overnight.nights,
        staff,
        staff_grade,
        visit.mode,
    )


def _own_number(protocol: Protocol, role: str) -> int:
    declared = protocol.roles.get(role)
    return 1 if declared is None else declared.count


def _integration(course: Course, dosing: list[Occurrence]) -> tuple[tuple[Session, ...], ...]:
    """The integration sessions of each dosing session: of the one they are counted from."""
    following: dict[str, list[Session]] = {visit.id: [] for visit in dosing}
    reference = {rule.point.visit: rule.reference.visit for rule in reversed(course.rules)}
    last = None
    for occurrence in course.visits:
        if occurrence.kind == "dosing":
            last = occurrence.id
        elif occurrence.kind == "integration":
            visit_id: str | None = occurrence.id
            for _ in range(len(course.visits)):
                if visit_id is None or visit_id in following:
                    break
                visit_id = reference.get(visit_id)
            owner = visit_id if visit_id in following else last
            if owner is not None:
                following[owner].append(_session(occurrence, course.protocol))
    return tuple(tuple(sessions) for sessions in following.values())


def _between(measured: _Measure, dosing: list[Occurrence]) -> tuple[tuple[str, ...], ...]:
    """Ids of assessments, and of visits that measure an endpoint, between sessions."""
    course = measured.course
    endpoints = {key for key, activity in course.protocol.activities.items() if activity.endpoint}
    assessing = [
        visit.id
        for visit in course.visits
        if visit.kind != "dosing"
        and (visit.kind in ("assessment", "follow-up") or endpoints & set(visit.visit.activities))
    ]
    return tuple(
        tuple(
            visit
            for visit in assessing
            if measured.is_after(visit, earlier.id) and measured.is_before(visit, later.id)
        )
        for earlier, later in pairwise(dosing)
    )


def _endpoints(course: Course, first_dosing: int) -> tuple[list[Occurrence], bool]:
    """The visits of the primary endpoint, and whether the file names them as such."""
    primary = _primary(course.protocol)
    after = course.visits[first_dosing:] if first_dosing < len(course.visits) else course.visits
    stated = [visit for visit in after if visit.visit.endpoint == "primary"]
    if stated:
        return stated, True
    measuring = [visit for visit in after if primary & set(visit.visit.activities)]
    named = [visit for visit in measuring if _is_named(visit)]
    if not named and not primary:
        named = [visit for visit in after if _is_named(visit)]
    return (named, True) if named else (measuring, len(measuring) == 1)


def _primary(protocol: Protocol) -> set[str]:
    return {key for key, activity in protocol.activities.items() if activity.endpoint == "primary"}


def _is_named(occurrence: Occurrence) -> bool:
    visit = occurrence.visit
    words = f"{visit.id} {visit.title or ''}".lower()
    timings = (*visit.after, *visit.before, *visit.first, *visit.next)
    notes = (visit.note, *(timing.note for timing in timings))
    return any(word in words for word in _NAMING) or any(
        _NOTED.search(" ".join(note.split())) for note in notes if note
    )


def _endpoint(measured: _Measure, stated: _Measure, occurrence: Occurrence) -> Endpoint:
    course = measured.course
    activities = course.protocol.activities
    primary = _primary(course.protocol)
    instruments = tuple(
        activities[key].title or key for key in occurrence.visit.activities if key in primary
    )
    before = measured.dosing_before(occurrence.id)
    anchor = course.anchor
    return Endpoint(
        occurrence.id,
        occurrence.title,
        instruments,
        before,
        None if before is None else said(course, before, occurrence.id),
        (None, None) if before is None else stated.days(before, occurrence.id),
        None if anchor is None else said(course, anchor, occurrence.id),
        (None, None) if anchor is None else stated.days(anchor, occurrence.id),
    )


def _end(measured: _Measure) -> Occurrence | None:
    """The visit that comes last: by targets from the anchor, else by its least day from there."""
    course = measured.course
    anchor = course.anchor
    if anchor is None or not course.visits:
        return course.visits[-1] if course.visits else None
    days = []
    for at, visit in enumerate(course.visits):
        day = measured.planned.get(visit.id, measured.days(anchor, visit.id)[0])
        if day is not None:
            days.append((day, at))
    return course.visits[max(days)[1]] if days else course.visits[-1]
