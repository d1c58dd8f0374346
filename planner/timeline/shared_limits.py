"""The rules of a course as tables over a stretch of dates, sorted by what is still to come.

A table says for each date on which one of two visits can take place where the other can begin or
has to end. It depends on the rule and the site alone, so all participants share it; what differs
between them is which visits are settled, and that makes a shape.
"""

from bisect import bisect_left
from datetime import date
from typing import NamedTuple

from planner.network.arc_consistency import Limit, LimitGraph
from planner.network.placement import TargetCost
from planner.protocol.course import TimingConstraint
from planner.schedule.aims import target_weight
from planner.time.distance import CalendarDistance
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.history import RecordedTimes
from planner.timeline.limits import shifted


class RuleSide:
    """One distance that a rule gives: an end of its window, or its aim.

    ``position`` are the dates of the placed visit's point, by candidate; ``goal``, made when first
    asked for, the dates that the distance leads to from each candidate of the reference.
    """

    __slots__ = (
        "_goal", "_planner", "distance", "head", "is_aim", "is_latest", "position", "rule",
        "tail", "weight",
    )  # fmt: skip

    def __init__(
        self,
        planner: "Horizon",
        rule: TimingConstraint,
        distance: CalendarDistance,
        *,
        is_latest: bool = False,
        is_aim: bool = False,
    ) -> None:
        course = planner.planner.course
        self.rule = rule
        self.distance = distance
        self.is_latest = is_latest
        self.is_aim = is_aim
        self.tail = planner.planner.index[rule.reference.visit]
        self.head = planner.planner.index[rule.point.visit]
        column = planner.columns[self.head]
        self.position = column.end_days if rule.point.end else column.days
        self.weight = target_weight(course, course.visits[self.head])
        self._planner = planner
        self._goal: list[int] | None = None

    @property
    def goal(self) -> list[int]:
        """Where the distance leads from each candidate of the reference."""
        if self._goal is None:
            column = self._planner.columns[self.tail]
            self._goal = shifted(column, self.rule.reference, self.distance)
        return self._goal

    def reached(self, event: RecordedTimes) -> int:
        """The ordinal of the date that the distance leads to from a settled reference."""
        day = event.end_day if self.rule.reference.end else event.day
        if self.distance.is_fixed:
            return day + self.distance.days
        return self.distance.after(date.fromordinal(day)).toordinal()

    def placed(self, event: RecordedTimes) -> int:
        """The ordinal of the date of a settled visit's point."""
        return event.end_day if self.rule.point.end else event.day


class Horizon:
    """The dates from ``first`` to ``last`` (ordinals, both included) on which visits can be."""

    def __init__(self, planner: CoursePlanner, first: int, last: int) -> None:
        self.planner = planner
        self.columns = [pattern.between(first, last, closures=True) for pattern in planner.patterns]


class RemainingKey(NamedTuple):
    """What a shape depends on: the settled visits, and the void ones without a date."""

    fixed: frozenset[str]
    not_done: frozenset[str]


class RemainingCourse(NamedTuple):
    """What holds for all participants who have the same visits still to come.

    Attributes:
        free: positions of the visits that will take place.
        limits, graph: the windows between two of them.
        from_settled, to_settled: windows of which only the placed visit, or the reference, is free.
        pulls: aims between two of them; ``pulls_from`` and ``pulls_to`` as with windows.
        tied: visits with a window or an aim to another of them.
        open_first, open_last: visits that nothing keeps from being as early, or late, as one likes.
    """

    free: tuple[int, ...]
    limits: list[Limit]
    graph: LimitGraph
    from_settled: list[RuleSide]
    to_settled: list[RuleSide]
    pulls: list[TargetCost]
    pulls_from: list[RuleSide]
    pulls_to: list[RuleSide]
    tied: frozenset[int]
    open_first: frozenset[int]
    open_last: frozenset[int]


class Shapes:
    """The shapes of one course, each made when first asked for.

    Expects a course whose visits are tied by calendar distances alone.
    """

    def __init__(self, stretch: Horizon) -> None:
        planner = stretch.planner
        self.names = [visit.id for visit in planner.course.visits]
        self._sides = [
            RuleSide(stretch, rule, distance, is_latest=is_latest)
            for rule, window in planner.bounding_rules()
            for distance, is_latest in ((window.earliest, False), (window.latest, True))
            if isinstance(distance, CalendarDistance)
        ]
        self._aims = [
            RuleSide(stretch, rule, distance, is_aim=True)
            for rule, distance, _ in planner.aims
            if isinstance(distance, CalendarDistance)
        ]
        self._tables: dict[int, Limit] = {}
        self._known: dict[RemainingKey, RemainingCourse | None] = {}

    def shape(self, key: RemainingKey) -> RemainingCourse | None:
        """The shape; ``None`` where a visit to come counts from a void one without a date.

        Such a one keeps a place, on a closed day or not, for which there are no tables. On the
        place of any other void one nothing depends.
        """
        if key not in self._known:
            self._known[key] = self._make(key)
        return self._known[key]

    def _make(self, key: RemainingKey) -> RemainingCourse | None:
        is_void = [name in key.not_done for name in self.names]
        is_free = [name not in key.fixed and name not in key.not_done for name in self.names]
        for side in (*self._sides, *self._aims):
            ends = (side.tail, side.head)
            if any(is_void[end] for end in ends) and any(is_free[end] for end in ends):
                return None
        limits, from_settled, to_settled = [], [], []
        lower, upper = [], []
        for number, side in enumerate(self._sides):
            if is_void[side.tail] or is_void[side.head]:
                continue
            way = (side.head, side.tail) if side.is_latest else (side.tail, side.head)
            lower.append(way)
            upper.append(way[::-1])
            if is_free[side.tail] and is_free[side.head]:
                limits.append(self._table(number, side))
            elif is_free[side.head]:
                from_settled.append(side)
            elif is_free[side.tail]:
                to_settled.append(side)
        pulls, pulls_from, pulls_to = [], [], []
        for side in self._aims:
            if is_free[side.tail] and is_free[side.head]:
                pulls.append(
                    TargetCost(side.head, side.tail, side.weight, side.position, side.goal)
                )
            elif is_free[side.head]:
                pulls_from.append(side)
            elif is_free[side.tail]:
                pulls_to.append(side)
        free = frozenset(at for at in range(len(self.names)) if is_free[at])
        roots = {at for at, name in enumerate(self.names) if name in key.fixed}
        return RemainingCourse(
            tuple(sorted(free)),
            limits,
            LimitGraph(len(self.names), limits),
            from_settled,
            to_settled,
            pulls,
            pulls_from,
            pulls_to,
            frozenset(
                end
                for side in (*self._sides, *self._aims)
                if is_free[side.tail] and is_free[side.head]
                for end in (side.tail, side.head)
            ),
            free - _reachable(roots, lower),
            free - _reachable(roots, upper),
        )

    def _table(self, number: int, side: RuleSide) -> Limit:
        """The lower side as a limit on the placed visit, the upper one as one on its reference."""
        if number not in self._tables:
            if side.is_latest:
                least = [bisect_left(side.goal, value) for value in side.position]
                self._tables[number] = Limit(side.head, side.tail, least, number)
            else:
                least = [bisect_left(side.position, value) for value in side.goal]
                self._tables[number] = Limit(side.tail, side.head, least, number)
        return self._tables[number]


def _reachable(roots: set[int], ways: list[tuple[int, int]]) -> set[int]:
    """All that ways lead to from the roots."""
    reached = set(roots)
    before = -1
    while len(reached) != before:
        before = len(reached)
        reached |= {head for tail, head in ways if tail in reached}
    return reached
