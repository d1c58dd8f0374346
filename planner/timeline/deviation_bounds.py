"""Where the windows of a course lead, from what is settled, when not all of them can be kept.

Of a plan that is outside its windows by ``n`` days in all, no visit lies further than ``n`` days
from the dates given here: each is reached along rules, and each day beyond is a day outside some
rule on the way. Days that today's date alone costs are the same in all plans and are told apart.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from planner.protocol.course import Course, Point, TimingConstraint
from planner.schedule.build import least_steps, most_steps
from planner.time.distance import MAX_DAYS, MINUTES_A_DAY, ClockDistance, Distance, Window


class FixedDates(NamedTuple):
    """What dates are reached from.

    ``fixed`` are the ordinals of the first and the last date of visits that stay; ``longest`` the
    most days that any other visit can end after its start; ``floor`` the first date on which the
    visits ``held`` by it can take place, ``None`` for any.
    """

    fixed: Mapping[str, tuple[int, int]]
    longest: Mapping[str, int]
    floor: int | None
    held: frozenset[str]


class ReachableSpan(NamedTuple):
    """The first and last date (ordinals) that rules lead a visit to; ``None`` where none does."""

    first: int | None
    last: int | None


class _Edge(NamedTuple):
    """``head`` lies at most ``most`` days after ``tail``, both of them starts of visits."""

    tail: str
    head: str
    most: int


def reached(
    names: Sequence[str], rules: Iterable[tuple[TimingConstraint, Window]], fixed_dates: FixedDates
) -> dict[str, ReachableSpan]:
    """Between which dates rules put each visit that is not fixed, if each is kept or cannot be."""
    edges = [edge for rule, window in rules for edge in _edges(rule, window, fixed_dates)]
    last = _spread(names, edges, fixed_dates, down=False)
    turned = [_Edge(edge.head, edge.tail, edge.most) for edge in edges]
    first = _spread(names, turned, fixed_dates, down=True)
    return {
        name: ReachableSpan(first.get(name), last.get(name))
        for name in names
        if name not in fixed_dates.fixed
    }


def unavoidable(rules: Iterable[tuple[TimingConstraint, Window]], fixed_dates: FixedDates) -> int:
    """The days outside windows that the floor costs whatever is planned."""
    if fixed_dates.floor is None:
        return 0
    days = 0
    for rule, window in rules:
        reference, point = rule.reference, rule.point
        if (
            reference.visit in fixed_dates.fixed
            and point.visit in fixed_dates.held
            and not point.end
        ):
            days += max(
                0,
                fixed_dates.floor
                - _after(_day(reference, fixed_dates), window.latest, fixed_dates.floor),
            )
        elif (
            point.visit in fixed_dates.fixed
            and reference.visit in fixed_dates.held
            and not reference.end
        ):
            day = _day(point, fixed_dates)
            days += max(0, _after(fixed_dates.floor, window.earliest, day) - day)
    return days


def furthest_target(course: Course) -> int:
    """No chain of targets leads further than this many days from where it begins."""
    reach = {visit.id: 0 for visit in course.visits}
    for _ in course.visits:
        before = sum(reach.values())
        for rule in course.rules:
            if rule.target is not None:
                days = abs(most_steps(rule.target) or 0)
                if isinstance(rule.target, ClockDistance):
                    days = days // MINUTES_A_DAY + 1
                days_here = min(reach[rule.reference.visit] + days, MAX_DAYS)
                reach[rule.point.visit] = max(reach[rule.point.visit], days_here)
        if sum(reach.values()) == before:
            break
    return max(reach.values(), default=0)


def _after(day: int, distance: Distance | None, otherwise: int) -> int:
    if distance is None or isinstance(distance, ClockDistance):
        return otherwise
    return distance.after(date.fromordinal(day)).toordinal()


def _day(point: Point, fixed_dates: FixedDates) -> int:
    return fixed_dates.fixed[point.visit][point.end]


def _edges(rule: TimingConstraint, window: Window, fixed_dates: FixedDates) -> Iterable[_Edge]:
    tail, head = rule.reference, rule.point
    most, least = _most_days(window.latest), _least_days(window.earliest)
    if most is not None:
        yield _Edge(
            tail.visit, head.visit, most + _late(tail, fixed_dates) - _early(head, fixed_dates)
        )
    if least is not None:
        yield _Edge(
            head.visit, tail.visit, _late(head, fixed_dates) - _early(tail, fixed_dates) - least
        )


def _late(point: Point, fixed_dates: FixedDates) -> int:
    """At most so many days after its visit's start does a point lie."""
    if not point.end:
        return 0
    if point.visit in fixed_dates.fixed:
        return fixed_dates.fixed[point.visit][1] - fixed_dates.fixed[point.visit][0]
    return fixed_dates.longest[point.visit]


def _early(point: Point, fixed_dates: FixedDates) -> int:
    """At least so many days after its visit's start does a point lie."""
    return _late(point, fixed_dates) if point.visit in fixed_dates.fixed else 0


def _most_days(distance: Distance | None) -> int | None:
    steps = most_steps(distance)
    return (
        -(-steps // MINUTES_A_DAY) + 1 if isinstance(distance, ClockDistance) and steps else steps
    )


def _least_days(distance: Distance | None) -> int | None:
    steps = least_steps(distance)
    return steps // MINUTES_A_DAY - 1 if isinstance(distance, ClockDistance) and steps else steps


def _spread(
    names: Sequence[str], edges: Sequence[_Edge], fixed_dates: FixedDates, *, down: bool
) -> dict[str, int]:
    """The least dates that chains of edges allow at most; with ``down`` the other way round."""
    days_reached = {name: days[0] for name, days in fixed_dates.fixed.items()}
    for _ in names:
        changed = False
        for tail, head, most in edges:
            if tail not in days_reached or head in fixed_dates.fixed:
                continue
            day = days_reached[tail] - most if down else days_reached[tail] + most
            if fixed_dates.floor is not None and head in fixed_dates.held:
                day = max(day, fixed_dates.floor)
            known = days_reached.get(head)
            if known is None or (day > known if down else day < known):
                days_reached[head] = day
                changed = True
        if not changed:
            break
    return days_reached
