"""Which visits share a journey to the site, and which visits need not take place at all.

A visit in the clinic is a trip of its own, unless the rules always put it on the date of another
one, or into its stay, and that other one takes place whenever it does. Visits that only may fall on
one date are two trips: nothing is guessed.
"""

from planner.network.windows import earliest, is_consistent, latest
from planner.protocol.course import Occurrence, Point
from planner.schedule.build import Schedule

Condition = tuple[str, ...]


def conditions(occurrence: Occurrence) -> frozenset[Condition]:
    """What must be so for a visit to take place; empty for one that always does.

    Of a cycle that ends by a decision only the first is sure, and each needs the one before it. A
    decision is taken anew in each cycle.
    """
    visit, cycle = occurrence.visit, occurrence.cycle
    repeating = occurrence.epoch.id if occurrence.epoch.cycle is not None else visit.id
    alternatives: set[Condition] = set()
    if visit.optional:
        alternatives.add(("optional", occurrence.id))
    if visit.when:
        alternatives.add(("when", visit.when, *(() if cycle is None else (repeating, str(cycle)))))
    if cycle is not None and occurrence.ends_by is not None:
        alternatives.update(("until", repeating, str(number)) for number in range(2, cycle + 1))
    return frozenset(alternatives)


def shared_trips(schedule: Schedule) -> dict[str, str] | None:
    """Visits in the clinic that are no trip of their own, each with the one whose trip it shares.

    By occurrence id. ``None`` where the rules contradict each other, from which nothing follows.
    Visits that no rule ties to the anchor are trips of their own. Three propagations at most for
    each visit that can coincide with another one at all.
    """
    if not is_consistent(schedule.network):
        return None
    clinic = [visit for visit in schedule.course.visits if "clinic" in visit.visit.modes]
    place = {visit.id: at for at, visit in enumerate(clinic)}
    needed = {
        visit.id: conditions(visit) | ({("mode",)} if len(visit.visit.modes) > 1 else frozenset())
        for visit in clinic
    }
    shared: dict[str, str] = {}
    for visit, others in _candidates(schedule, clinic):
        needs = needed[visit.id]
        near: _Neighbourhood | None = None
        for other in others:
            surely = needed[other.id]
            if not surely <= needs:
                continue
            near = near or _Neighbourhood(schedule, visit)
            if not near.always_meets(other):
                continue
            listed_first = place[other.id] < place[visit.id]
            if surely < needs or near.starts_after(other, listed_first=listed_first):
                shared[visit.id] = other.id
                break
    return {visit.id: shared[visit.id] for visit in clinic if visit.id in shared}


def _candidates(
    schedule: Schedule, clinic: list[Occurrence]
) -> list[tuple[Occurrence, list[Occurrence]]]:
    """Each visit with those that meet it both on the earliest dates of all and on the latest.

    What always holds holds for these two, and they need one propagation each for the whole course.
    """
    if schedule.anchor is None:
        return []
    soonest = _stretches(schedule, clinic, earliest(schedule.network, schedule.anchor))
    last = _stretches(schedule, clinic, latest(schedule.network, schedule.anchor))
    partners: dict[str, list[Occurrence]] = {visit.id: [] for visit in clinic}
    # Those that the earliest dates do not bound are compared by the latest ones.
    for ruling, other in ((soonest, last), (last, dict.fromkeys(soonest))):
        bounded = [
            (stretch, visit)
            for visit in clinic
            if (stretch := ruling[visit.id]) is not None
            and (ruling is soonest or soonest[visit.id] is None)
        ]
        bounded.sort(key=lambda item: item[0])
        for at, (stretch, visit) in enumerate(bounded):
            for later_at in range(at + 1, len(bounded)):
                later, another = bounded[later_at]
                if later[0] > stretch[1]:
                    break
                if _can_meet(other[visit.id], other[another.id]):
                    partners[visit.id].append(another)
                    partners[another.id].append(visit)
    return [(visit, partners[visit.id]) for visit in clinic if partners[visit.id]]


def _stretches(
    schedule: Schedule, clinic: list[Occurrence], values: list[int | None]
) -> dict[str, tuple[int, int] | None]:
    """The first and the last day at the site of each visit; ``None`` where nothing bounds it."""
    stretches: dict[str, tuple[int, int] | None] = {}
    for visit in clinic:
        arrival, leaving = (
            _day(values[schedule.nodes[point]], schedule) for point in _points(visit)
        )
        stretches[visit.id] = None if arrival is None or leaving is None else (arrival, leaving)
    return stretches


def _can_meet(first: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    """Whether two stretches of days have one in common; if only one is bounded, they can part."""
    if first is None or other is None:
        return first is other
    return first[0] <= other[1] and other[0] <= first[1]


class _Neighbourhood:
    """How the dates of other visits can lie to those of one visit, whatever dates are chosen."""

    def __init__(self, schedule: Schedule, visit: Occurrence) -> None:
        self.schedule = schedule
        network = schedule.network
        arrival, leaving = (schedule.nodes[point] for point in _points(visit))
        self.nearest = earliest(network, arrival)
        self.farthest = latest(network, arrival)
        self.after_leaving = self.farthest if leaving == arrival else latest(network, leaving)

    def always_meets(self, other: Occurrence) -> bool:
        """Whether both always have a date in common."""
        arrival, leaving = (self.schedule.nodes[point] for point in _points(other))
        left = _day(self.nearest[leaving], self.schedule)
        came = _day(self.after_leaving[arrival], self.schedule)
        return left is not None and left >= 0 and came is not None and came <= 0

    def starts_after(self, other: Occurrence, *, listed_first: bool) -> bool:
        """Whether the other starts on an earlier date, or is listed first where it is the same."""
        node = self.schedule.nodes[Point(other.id)]
        last = _day(self.farthest[node], self.schedule)
        if last is None or last > 0:
            return False
        first = _day(self.nearest[node], self.schedule)
        return listed_first or first is None or first < 0


def _points(occurrence: Occurrence) -> tuple[Point, Point]:
    """Arriving and leaving; both the start unless one stays overnight."""
    start = Point(occurrence.id)
    return start, Point(occurrence.id, end=True) if occurrence.visit.overnight else start


def _day(value: int | None, schedule: Schedule) -> int | None:
    return None if value is None else value // schedule.network.period
