"""What the rules of a course say about which visits come first, whatever dates are chosen."""

from collections.abc import Iterator
from itertools import islice

from planner.checks.subject import Subject, feasible_schedules
from planner.network.further_bounds import can_hold_with
from planner.network.temporal import Bound
from planner.network.windows import earliest, latest, least_distance
from planner.protocol.course import Course, Occurrence, Point, TimingConstraint, bounding_window
from planner.protocol.document import Path
from planner.schedule.build import IMPLIED, Schedule
from planner.time.distance import MINUTES_A_DAY, ClockDistance, Window


class Order:
    """The order of the visits of one arm whose rules can all hold; visits by occurrence id."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.course: Course = schedule.course
        self._after: dict[str, list[str]] = {}
        for rule in self.course.all_rules:
            if rule.order is not None:
                earlier, later = rule.reference.visit, rule.point.visit
                if rule.order.latest is not None:
                    earlier, later = later, earlier
                self._after.setdefault(later, []).append(earlier)
        # Asked for many thousand times, and a point made for each costs more than the look-up.
        names = [visit.id for visit in schedule.course.visits]
        starts = {name: schedule.nodes[Point(name)] for name in names}
        ends = {name: schedule.nodes[Point(name, end=True)] for name in names}
        self._nodes = starts, ends
        anchor = schedule.anchor
        network = schedule.network
        count = len(network)
        unknown: list[int | None] = [None] * count
        self._soonest = unknown if anchor is None else earliest(network, anchor)
        self._latest = unknown if anchor is None else latest(network, anchor)

    def node(self, visit: str, *, end: bool = False) -> int:
        """The network's node of a visit's start or end."""
        return self._nodes[end][visit]

    def bounds(self) -> Iterator[tuple[TimingConstraint, Window]]:
        """The rules that bound the distance between two points, and what they leave."""
        for rule in self.course.all_rules:
            window = bounding_window(rule, self.course)
            if window is not None:
                yield rule, window

    def soonest(self, visit: str) -> int | None:
        """The minute at which a visit starts in the earliest schedule.

        Args:
            visit: the id of an occurrence.

        Returns:
            Minutes from the start of the anchor's day; ``None`` where nothing bounds it.
        """
        return self._soonest[self.node(visit)]

    def latest(self, visit: str) -> int | None:
        """The minute at which a visit starts in the latest schedule.

        Args:
            visit: the id of an occurrence.

        Returns:
            Minutes from the start of the anchor's day; ``None`` where nothing bounds it.
        """
        return self._latest[self.node(visit)]

    def in_time(self, visits: list[Occurrence]) -> list[Occurrence]:
        """Visits in the order of the earliest schedule; as listed where that says nothing."""
        known = [self.soonest(visit.id) for visit in visits]
        if None in known:
            return visits
        return sorted(visits, key=lambda visit: self.soonest(visit.id) or 0)

    def of_kind(self, kind: str) -> list[Occurrence]:
        """The visits of a kind, as `in_time` has them."""
        return self.in_time([visit for visit in self.course.visits if visit.kind == kind])

    def sure_to_follow(self, visit: Occurrence, others: list[Occurrence]) -> list[Occurrence]:
        """Those of some others that come after a visit in every schedule."""
        soonest = earliest(self.schedule.network, self.node(visit.id))
        return [
            other
            for other in others
            if self._is_before(visit.id, other.id, _day(soonest[self.node(other.id)]))
        ]

    def first_to_follow(
        self, visit: Occurrence, others: list[Occurrence], number: int
    ) -> list[Occurrence]:
        """The first few of some others, as listed, that come after a visit in every schedule."""
        following = (other for other in others if self.comes_before(visit.id, other.id))
        return list(islice(following, number))

    def least_days(self, visit: str, other: str) -> int | None:
        """The fewest days from the date of a visit to that of another one, in any schedule.

        Args:
            visit: the id of an occurrence.
            other: the id of another one.

        Returns:
            Negative where the other one can come first; ``None`` without a bound.
        """
        return least_distance(self.schedule.network, self.node(visit), self.node(other))

    def comes_before(self, visit: str, other: str) -> bool:
        """Whether ``visit`` starts before ``other`` in every schedule."""
        # One schedule that has them the other way round is enough of an answer.
        for times in (self._soonest, self._latest):
            first, second = _day(times[self.node(visit)]), _day(times[self.node(other)])
            if first is not None and second is not None and second < first:
                return False
        return self._is_before(visit, other, self.least_days(visit, other))

    def _is_before(self, visit: str, other: str, least_days: int | None) -> bool:
        if least_days is None or least_days < 0:
            return False
        if least_days > 0 or self.in_turn(visit, other):
            return True
        network = self.schedule.network
        least = least_distance(network, self.node(visit), self.node(other), coarse=False)
        return least is not None and least > 0

    def in_turn(self, visit: str, other: str) -> bool:
        """Whether rules of order, one or several in a row, put ``visit`` before ``other``.

        Then the two come one after another where they share a date.
        """
        known, queue = {other}, [other]
        for reached in queue:
            for earlier in self._after.get(reached, ()):
                if earlier == visit:
                    return True
                if earlier not in known:
                    known.add(earlier)
                    queue.append(earlier)
        return False

    def may_overlap(self, visit: Occurrence, other: Occurrence) -> bool:
        """Whether some schedule has both visits at one time.

        A visit that does not say how long it takes is a moment: it overlaps what has begun and not
        ended, and another moment at the same minute. Nobody starts a visit so late that it runs
        past midnight, unless its time of day or a night says so.
        """
        if any(self._overlap_in(times, visit, other) for times in (self._soonest, self._latest)):
            return True
        for first, second in ((visit, other), (other, visit)):
            days = self.least_days(first.id, second.id)
            if days is not None and days > _days(first):
                return False
        together = []
        for first, second in ((visit, other), (other, visit)):
            start, end = self.node(first.id), self.node(first.id, end=True)
            known = _has_end(first)
            if known and _is_over_by_midnight(first):
                together.append(Bound(start, end, 0, 0, True, IMPLIED))
            last = -1 if known else 0
            tail = end if known else start
            together.append(Bound(tail, self.node(second.id), None, last, False, IMPLIED))
        return can_hold_with(self.schedule.network, together)

    def _overlap_in(self, times: list[int | None], first: Occurrence, second: Occurrence) -> bool:
        """Whether two visits overlap in one schedule that holds."""
        spans = []
        for visit in (first, second):
            start = times[self.node(visit.id)]
            end = times[self.node(visit.id, end=True)] if _has_end(visit) else start
            if start is None or end is None:
                return False
            if _is_over_by_midnight(visit) and start // MINUTES_A_DAY != end // MINUTES_A_DAY:
                return False
            spans.append((start, max(end, start + 1)))
        return spans[0][0] < spans[1][1] and spans[1][0] < spans[0][1]


def _has_end(occurrence: Occurrence) -> bool:
    return occurrence.visit.duration is not None or occurrence.visit.overnight is not None


def _is_over_by_midnight(occurrence: Occurrence) -> bool:
    visit = occurrence.visit
    return visit.overnight is None and visit.at is None and _longest(occurrence) < MINUTES_A_DAY


def _longest(occurrence: Occurrence) -> int:
    """The most minutes that a visit's duration allows; 0 without one."""
    duration = occurrence.visit.duration
    most = None if duration is None else duration.value.latest
    return most.minutes if isinstance(most, ClockDistance) else 0


def _day(minute: int | None) -> int | None:
    return None if minute is None else minute // MINUTES_A_DAY


def _days(occurrence: Occurrence) -> int:
    """The most days from the date of a visit's start to that of its end."""
    if occurrence.visit.overnight is not None:
        return occurrence.visit.overnight.nights
    if _is_over_by_midnight(occurrence):
        return 0
    return (_longest(occurrence) + MINUTES_A_DAY - 1) // MINUTES_A_DAY


def visit_orders(subject: Subject) -> list[Order]:
    """The order of each different arm; arms whose rules contradict each other have none."""
    return subject.cached(_visit_orders)


def _visit_orders(subject: Subject) -> list[Order]:
    return [Order(schedule) for schedule in feasible_schedules(subject)]


def first_and_last_occurrences(visits: list[Occurrence], each: int = 3) -> Iterator[Occurrence]:
    """The first occurrences of each written visit, and its last: those between are like them.

    Args:
        visits: the occurrences of a course, in order.
        each: how many of the first ones.
    """
    count: dict[Path, int] = {}
    last = {visit.path: visit.id for visit in visits}
    for visit in visits:
        count[visit.path] = count.get(visit.path, 0) + 1
        if count[visit.path] <= each or last[visit.path] == visit.id:
            yield visit
