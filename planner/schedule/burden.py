"""What a course costs in time: hours, trips, nights and calls, least and most.

Least: shortest durations, no visit that need not take place. Most: longest durations, all visits.
Every figure is a sum over visits, so those of the epochs add up to those of the course.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from planner.network.windows import distance, is_consistent
from planner.protocol.course import Course, Occurrence, Point
from planner.protocol.expand import expand
from planner.protocol.fields import Mode
from planner.protocol.model import Protocol, Track
from planner.protocol.visit import Staffing, Visit
from planner.schedule.build import (
    Schedule,
    build_schedule,
    least_steps,
    most_steps,
    without_window,
)
from planner.schedule.study_days import lying_days
from planner.schedule.trips import conditions, shared_trips
from planner.schedule.undated import Choice, why_undated, with_dates
from planner.time.distance import CalendarDistance, Window


class Range(NamedTuple):
    """The least and the most of something, both possible; ``most`` is ``None`` where open."""

    least: int = 0
    most: int | None = 0

    def plus(self, other: "Range") -> "Range":
        """The sum of both."""
        open_end = self.most is None or other.most is None
        most = None if open_end else (self.most or 0) + (other.most or 0)
        return Range(self.least + other.least, most)


NOTHING = Range()


class RoleTime(NamedTuple):
    """What a course takes of one role.

    ``each`` is the minutes of one person who is there whenever the role is, ``together`` the sum
    over all persons. ``people`` is the fewest and the most at one visit; ``unstated`` counts the
    visits among ``visits`` whose length nobody states, in no sum of minutes.
    """

    role: str
    visits: Range
    unstated: Range
    people: Range
    each: Range
    together: Range


class Burden(NamedTuple):
    """What a stretch of a course costs; times in minutes.

    ``calls`` are visits by phone or video, ``home`` those at home. ``minutes`` are the
    participant's in visits of every mode, without nights; ``unstated`` counts the visits whose
    length nobody states. ``roles`` are in the order of the file.
    """

    visits: Range
    trips: Range
    nights: Range
    calls: Range
    home: Range
    minutes: Range
    unstated: Range
    roles: tuple[RoleTime, ...]


EMPTY = Burden(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, ())


class TrackBurden(NamedTuple):
    """How many entries a track asks for, and their minutes, ``None`` where no length is stated.

    ``on_target`` is how many there are where every visit lies on its target; ``None`` where the
    windows that the file states say how many there can be.
    """

    id: str
    title: str
    entries: Range
    minutes: Range | None
    on_target: int | None = None


class UndatedTrack(NamedTuple):
    """A track in no figure, since nobody plans a visit that it begins or ends with."""

    id: str
    title: str
    why: str


class SharedTrip(NamedTuple):
    """A visit that is no trip of its own, the one whose trip it shares, and how often."""

    visit: str
    other: str
    times: int


class TotalHours(NamedTuple):
    """How long all meetings of a visit take together; ``repeats`` says that their number is known.

    ``hours`` is in elapsed time; it is in the figures of the epoch in which the first one lies.
    """

    visit: str
    hours: Window
    repeats: bool


class CourseBurden(NamedTuple):
    """What a course costs, as a whole and epoch by epoch, and what is not known of it.

    ``arms`` are those whose courses cost the same, empty without arms. ``epochs`` have the epoch's
    id and title. ``unstated`` names the visits without a stated duration, ``unstaffed`` those
    without stated staff (at home nobody needs to be there), ``optional`` those that need not take
    place, all as written in the file. ``shared`` are visits on another one's trip; ``None`` where
    the rules contradict each other. ``unmeasured`` are roles that only a run sheet names, so that
    nothing says how long they are there; ``groups`` are visits that several participants share.
    ``waiting_tracks`` are in no figure.
    """

    arms: tuple[str, ...]
    total: Burden
    epochs: tuple[tuple[str, str, Burden], ...]
    tracks: tuple[TrackBurden, ...]
    unstated: tuple[str, ...]
    unstaffed: tuple[str, ...]
    optional: tuple[str, ...]
    shared: tuple[SharedTrip, ...] | None
    unmeasured: tuple[str, ...]
    groups: tuple[str, ...]
    waiting_tracks: tuple[UndatedTrack, ...] = ()
    totals: tuple[TotalHours, ...] = ()


def burdens(protocol: Protocol, arm: str | None = None) -> list[CourseBurden]:
    """What the course of each arm costs; arms that cost the same stand together.

    Args:
        protocol: the protocol as loaded.
        arm: only this arm; every arm when ``None``.

    Raises:
        PlannerError: there is no such arm, or its cycles make more than 2,500 visits.
    """
    chosen: list[str | None] = [arm] if arm else [arm.id for arm in protocol.arms] or [None]
    burdens: list[CourseBurden] = []
    for arm_id in chosen:
        burden = course_burden(expand(protocol, arm_id, unscheduled=False))
        for at, other in enumerate(burdens):
            if other._replace(arms=()) == burden._replace(arms=()):
                burdens[at] = other._replace(arms=(*other.arms, *burden.arms))
                break
        else:
            burdens.append(burden)
    return burdens


def course_burden(course: Course) -> CourseBurden:
    """What one course costs that has every optional and conditional visit, as `expand` gives it."""
    schedule = build_schedule(course)
    shared = shared_trips(schedule)
    roles = tuple(course.protocol.roles)
    # What waits for an event takes place only if that happens.
    dated = with_dates(course.protocol, course.arm, Choice())
    waiting = {waiting.what.id for waiting in dated.waiting if not waiting.is_untied}
    epochs: dict[str, tuple[str, Burden]] = {}
    counted = [visit for visit in course.visits if visit.kind != "event"]
    unsure = {v.visit.id for v in counted if conditions(v) or v.id in waiting}
    totals: dict[str, TotalHours] = {}
    for occurrence in counted:
        epoch, total_hours = occurrence.epoch, occurrence.visit.total
        title, so_far = epochs.get(epoch.id, (epoch.title or epoch.id, EMPTY))
        sure = not conditions(occurrence) and occurrence.id not in waiting
        minutes = None
        if total_hours is not None:
            name = occurrence.visit.id
            all_of_them = TotalHours(name, total_hours.value, occurrence.cycle is not None)
            counts = name not in totals
            totals[name] = all_of_them
            is_sure = Range(int(name not in unsure), 1)
            minutes = _minutes(total_hours.value, is_sure) if counts else NOTHING
        own = _visit_burden(occurrence, course.protocol, shared or {}, minutes, sure=sure)
        epochs[epoch.id] = title, _plus(so_far, own, roles)
    total = EMPTY
    for _, burden in epochs.values():
        total = _plus(total, burden, roles)
    visits = [visit.visit for visit in counted]
    return CourseBurden(
        arms=() if course.arm is None else (course.arm,),
        total=total,
        epochs=tuple((key, title, burden) for key, (title, burden) in epochs.items()),
        tracks=_tracks(schedule),
        unstated=_ids(v for v in visits if v.duration is None and v.total is None),
        unstaffed=_ids(v for v in visits if not staff_of(v, course.protocol) and v.mode != "home"),
        optional=_ids(v.visit for v in counted if conditions(v) or v.id in waiting),
        shared=None if shared is None else _shared(course, shared),
        unmeasured=_unmeasured(visits, course.protocol),
        groups=_ids(visit for visit in visits if visit.participants is not None),
        waiting_tracks=_waiting_tracks(course, dated),
        totals=tuple(totals.values()),
    )


def _waiting_tracks(course: Course, dated: Course) -> tuple[UndatedTrack, ...]:
    counted = {track.id for track, _, _ in course.tracks}
    return tuple(
        UndatedTrack(waiting.what.id, waiting.what.title or waiting.what.id, why_undated(waiting))
        for waiting in dated.waiting
        if isinstance(waiting.what, Track) and waiting.what.id not in counted
    )


def _shared(course: Course, shared: dict[str, str]) -> tuple[SharedTrip, ...]:
    written = {visit.id: visit.visit.id for visit in course.visits}
    times = Counter((written[visit], written[other]) for visit, other in shared.items())
    return tuple(SharedTrip(*pair, number) for pair, number in times.items())


def _visit_burden(
    occurrence: Occurrence,
    protocol: Protocol,
    shared: dict[str, str],
    of_total: Range | None,
    *,
    sure: bool,
) -> Burden:
    """What one visit costs; ``of_total`` are the minutes that it has of those of all together."""
    visit = occurrence.visit
    once = Range(int(sure), 1)
    minutes, unstated = (NOTHING, once) if of_total is None else (of_total, NOTHING)
    if visit.duration is not None:
        minutes, unstated = _minutes(visit.duration.value, once), NOTHING
    nights = NOTHING if visit.overnight is None else _times(once, visit.overnight.nights)
    roles = tuple(
        RoleTime(role, once, unstated, Range(people, people), minutes, _times(minutes, people))
        for role, people in staff_of(visit, protocol).items()
    )
    return Burden(
        visits=once,
        trips=_by(visit, once, "clinic") if occurrence.id not in shared else NOTHING,
        nights=nights,
        calls=_by(visit, once, "phone", "video"),
        home=_by(visit, once, "home"),
        minutes=minutes,
        unstated=unstated,
        roles=roles,
    )


def _by(visit: Visit, once: Range, *modes: Mode) -> Range:
    """How often a visit takes place in one of some ways; perhaps not, where it has others, too."""
    ways = [mode in modes for mode in visit.modes]
    return Range(once.least if all(ways) else 0, 1) if any(ways) else NOTHING


def _plus(burden: Burden, other: Burden, order: tuple[str, ...]) -> Burden:
    roles = {role.role: role for role in burden.roles}
    for role in other.roles:
        before = roles.get(role.role)
        roles[role.role] = role if before is None else _role_plus(before, role)
    known = [roles.pop(name) for name in order if name in roles]
    return Burden(
        burden.visits.plus(other.visits),
        burden.trips.plus(other.trips),
        burden.nights.plus(other.nights),
        burden.calls.plus(other.calls),
        burden.home.plus(other.home),
        burden.minutes.plus(other.minutes),
        burden.unstated.plus(other.unstated),
        (*known, *roles.values()),
    )


def _role_plus(role: RoleTime, other: RoleTime) -> RoleTime:
    fewest = min(role.people.least, other.people.least)
    most = max(role.people.most or 0, other.people.most or 0)
    return RoleTime(
        role.role,
        role.visits.plus(other.visits),
        role.unstated.plus(other.unstated),
        Range(fewest, most),
        role.each.plus(other.each),
        role.together.plus(other.together),
    )


def _minutes(length: Window, once: Range) -> Range:
    """The minutes of a visit that takes so long, if it takes place."""
    return Range(
        (least_steps(length.earliest) or 0) * once.least,
        most_steps(length.latest),
    )


def _times(amount: Range, number: int) -> Range:
    return Range(amount.least * number, None if amount.most is None else amount.most * number)


def staff_of(visit: Visit, protocol: Protocol) -> dict[str, int]:
    """How many of each role a visit has, without roles that are not there.

    Args:
        visit: as written, or as an arm has it.
        protocol: says how many there are of a role where the visit does not.
    """
    return {} if visit.staff is None else people_by_role(visit.staff, protocol)


def people_by_role(staff: Staffing, protocol: Protocol) -> dict[str, int]:
    """How many people of each role are there, without roles that have none.

    Args:
        staff: of a visit or of an item of its run sheet.
        protocol: says how many there are of a role where the staffing does not.
    """
    numbers = {}
    for role, people in staff.roles.items():
        declared = protocol.roles.get(role)
        number = people if people is not None else 1 if declared is None else declared.count
        if number:
            numbers[role] = number
    return numbers


def _unmeasured(visits: Iterable[Visit], protocol: Protocol) -> tuple[str, ...]:
    """Roles that a run sheet brings to a visit whose own staff lacks them."""
    titles: list[str] = []
    for visit in visits:
        staff = staff_of(visit, protocol)
        for item in visit.run_sheet.items if visit.run_sheet else ():
            if item.staff is not None:
                titles += (
                    role for role in people_by_role(item.staff, protocol) if role not in staff
                )
    return tuple(dict.fromkeys(titles))


def _ids(visits: Iterable[Visit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(visit.id for visit in visits))


def _tracks(schedule: Schedule) -> tuple[TrackBurden, ...]:
    """The tracks of a course, and of the course without the visits that need not take place."""
    course = schedule.course
    most = {track[0].id: _entries(*track, schedule) for track in course.tracks}
    least = most
    if course.tracks and any(conditions(visit) for visit in course.visits):
        further = [
            visit.id
            for visit in expand(course.protocol, course.arm).visits
            if visit.ends_by is not None and (visit.cycle or 1) > 1
        ]
        shortest = expand(course.protocol, course.arm, with_visits=(), left_out=further)
        shorter = build_schedule(shortest)
        least = {track[0].id: _entries(*track, shorter) for track in shorter.course.tracks}
    burdens = []
    for track, start, until in course.tracks:
        # A track that hangs on an optional visit is not there without it.
        entries = _spanning(least.get(track.id, NOTHING), most[track.id])
        minutes = None
        if track.duration is not None:
            length = track.duration
            longest = _times(entries, most_steps(length.latest) or 0).most
            minutes = Range((least_steps(length.earliest) or 0) * entries.least, longest)
        on_target = None if entries.most is not None else _on_target(track, start, until, course)
        burdens.append(TrackBurden(track.id, track.title or track.id, entries, minutes, on_target))
    return tuple(burdens)


def _on_target(track: Track, start: Point, until: Point | None, course: Course) -> int | None:
    """How often a track comes round between two visits on target, where no window limits them."""
    days = lying_days(course)
    if until is None or not {start.visit, until.visit} <= days.keys():
        return None
    if not without_window(course):
        return None
    return _times_between(track, days[until.visit] - days[start.visit])


def _spanning(first: Range, other: Range) -> Range:
    most = None if first.most is None or other.most is None else max(first.most, other.most)
    return Range(min(first.least, other.least), most)


def _entries(track: Track, start: Point, until: Point | None, schedule: Schedule) -> Range:
    """How often a track comes round: as written, or as many days as the rules leave between."""
    a_day = len(track.entries)
    if track.times is not None:
        return Range(track.times * a_day, track.times * a_day)
    if until is None or not is_consistent(schedule.network):
        return Range(0, None)
    nodes = schedule.nodes
    least, most = (
        None if days is None else _times_between(track, days)
        for days in distance(schedule.network, nodes[start], nodes[until])
    )
    return Range(least or 0, most)


def _times_between(track: Track, days: int) -> int:
    """How often a track comes round in so many days."""
    assert isinstance(track.every, CalendarDistance), "Track refuses clock distances"
    assert isinstance(track.offset, CalendarDistance), "Track refuses clock distances"
    return max(0, (days - track.offset.days) // track.every.days + 1) * len(track.entries)
