"""Which visits share a journey to the site, and which visits need not take place at all.

A visit in the clinic is a trip of its own, unless the rules always put it on the date of another
one, or into its stay, and that other one takes place whenever it does. Visits that only may fall on
one date are two trips: nothing is guessed.
"""

from collections.abc import Mapping

from planner.network.windows import distance, earliest, is_consistent, latest
from planner.protocol.course import Course, Occurrence, Point
from planner.schedule.build import Schedule

Condition = tuple[str, ...]


def conditions(occurrence: Occurrence) -> frozenset[Condition]:
    """What must be so for a visit to take place; empty for one that always does.

    Of a cycle that ends by a decision only the first is sure, and each needs the one before it. A
    decision is taken anew in each cycle.
    """
    visit, epoch, cycle = occurrence.visit, occurrence.epoch, occurrence.cycle
    found: set[Condition] = set()
    if visit.optional:
        found.add(("optional", occurrence.id))
    if visit.when:
        found.add(("when", visit.when, *(() if cycle is None else (epoch.id, str(cycle)))))
    if cycle is not None and epoch.cycle is not None and epoch.cycle.until is not None:
        found.update(("until", epoch.id, str(number)) for number in range(2, cycle + 1))
    return frozenset(found)


def shared_trips(schedule: Schedule) -> dict[str, str] | None:
    """Visits in the clinic that are no trip of their own, each with the one whose trip it shares.

    By occurrence id. ``None`` where the rules contradict each other, from which nothing follows.
    A number of propagations for each pair of visits that can coincide at all.
    """
    course, network = schedule.course, schedule.network
    if not is_consistent(network):
        return None
    clinic = [one for one in course.visits if one.visit.mode == "clinic"]
    if schedule.anchor is None or len(clinic) < 2:
        return {}
    low = earliest(network, schedule.anchor)
    high = latest(network, schedule.anchor)
    days = {
        point: (_day(low[node], network.period), _day(high[node], network.period))
        for point, node in schedule.nodes.items()
    }
    needs = {one.id: conditions(one) for one in clinic}
    leaves = {one.id: _leaves(one) for one in clinic}
    shared: dict[str, str] = {}
    for at, one in enumerate(clinic):
        for other_at, other in enumerate(clinic):
            if one is other or not needs[other.id] <= needs[one.id]:
                continue
            if not _can_meet(days, leaves[one.id], leaves[other.id]):
                continue
            if not _meet(schedule, leaves[one.id], leaves[other.id]):
                continue
            less_sure = needs[other.id] < needs[one.id]
            if less_sure or _comes_first(schedule, other, one, listed_first=other_at < at):
                shared[one.id] = other.id
                break
    return shared


def _leaves(occurrence: Occurrence) -> tuple[Point, Point]:
    """The points of arriving and of leaving; both the start unless one stays overnight."""
    start = Point(occurrence.id)
    return start, Point(occurrence.id, end=True) if occurrence.visit.overnight else start


def _can_meet(
    days: Mapping[Point, tuple[int | None, int | None]],
    one: tuple[Point, Point],
    other: tuple[Point, Point],
) -> bool:
    """Whether the first and the last days of both leave it possible that they always coincide.

    What must always hold holds for the earliest and for the latest dates; this spares propagations.
    """
    for arrival, leaving in ((one[0], other[1]), (other[0], one[1])):
        for arrives, leaves in zip(days[arrival], days[leaving], strict=True):
            if arrives is not None and leaves is not None and arrives > leaves:
                return False
    return True


def _meet(schedule: Schedule, one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two stretches of dates always have a date in common."""
    return _always_before(schedule, one[0], other[1]) and _always_before(schedule, other[0], one[1])


def _always_before(schedule: Schedule, first: Point, second: Point) -> bool:
    """Whether the date of one point never lies after that of another."""
    least = distance(schedule.network, schedule.nodes[first], schedule.nodes[second])[0]
    return least is not None and least >= 0


def _comes_first(
    schedule: Schedule, one: Occurrence, other: Occurrence, *, listed_first: bool
) -> bool:
    """Whether one starts on an earlier date, or is listed first where the dates are the same."""
    before = _always_before(schedule, Point(one.id), Point(other.id))
    if not before:
        return False
    return listed_first or not _always_before(schedule, Point(other.id), Point(one.id))


def _day(value: int | None, period: int) -> int | None:
    return None if value is None else value // period


def optional_visits(course: Course) -> list[str]:
    """Ids of the visits that need not take place, as written, in listed order."""
    found = (one.visit.id for one in course.visits if conditions(one))
    return list(dict.fromkeys(found))
