"""On which days a visit of a plan can take place, as one tells a participant.

That is: what lies before it stays as planned, all that follows may be planned anew, and every rule
and closed day holds. So "any day from Monday to Friday" is true of each of these days.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from planner.network.arc_consistency import LimitGraph
from planner.timeline.candidates import Bounded, Candidates, Way, columns_of, whole
from planner.timeline.course_planner import CoursePlanner, Plan
from planner.timeline.minutes import Minutes, TooFull
from planner.timeline.model import DateWindow
from planner.timeline.placement_problem import PlacementProblem


class PossibleDays(NamedTuple):
    """The days of one visit, ascending.

    ``goes_back`` says that nothing bounds the first of them, ``goes_on`` that nothing the last.
    """

    days: tuple[date, ...]
    goes_back: bool
    goes_on: bool

    def within(self, window: DateWindow) -> "PossibleDays":
        """Those of the days that lie in a window."""
        if window.no_day is not None:
            return PossibleDays((), goes_back=False, goes_on=False)
        first, last = window.earliest or date.min, window.latest or date.max
        return PossibleDays(
            tuple(day for day in self.days if first <= day <= last),
            self.goes_back and window.earliest is None,
            self.goes_on and window.latest is None,
        )


def possible_days(planner: CoursePlanner, plan: Plan) -> Mapping[str, PossibleDays]:
    """The days of each visit, by occurrence id.

    Exact: a day is named if and only if some plan has the visit on it, keeps every window, and has
    all visits that start earlier in this plan where this plan has them, apart from it; whether days
    are too full for what follows is not asked.

    Args:
        planner: the one that made the plan.
        plan: a plan that keeps every window; of any other nothing is said.

    Returns:
        Nothing for visits that the plan has where they cannot be placed.
    """
    problem = planner.problem(date.fromordinal(plan.anchor), horizon=planner.horizon)
    if problem is None or not problem.has_room():
        return {}
    ways = [Way(placed.start, placed.day, placed.end, placed.end_day, 0) for placed in plan.visits]
    parts = []
    bounds = zip(ways, problem.candidates, problem.low, problem.high, strict=True)
    for way, columns, low_at, high_at in bounds:
        own = _with_planned(Bounded(columns, low_at, high_at), way)
        if own is None:
            return {}
        parts.append(own)
    problem = planner.problem_of(parts, problem.spans, problem.circumstances)
    planned = [
        bisect_left(columns.starts, way.start)
        for way, columns in zip(ways, problem.candidates, strict=True)
    ]
    if any(limit.least[planned[limit.tail]] > planned[limit.head] for limit in problem.limits):
        return {}
    earlier = _Earlier(planner.minutes, problem, ways)
    low, high = list(problem.low), list(problem.high)
    days_by_visit = {}
    for at in earlier.order:
        columns, span = problem.candidates[at], problem.spans[at]
        numbers = [
            columns.days[index]
            for index in _movable(problem.graph, columns.days, planned, at, low, high)
            if index == planned[at] or earlier.are_apart(at, columns.way(index))
        ]
        low[at] = high[at] = planned[at]
        earlier.count += 1
        first, last = columns.days[problem.low[at]], columns.days[problem.high[at]]
        days_by_visit[planner.course.visits[at].id] = PossibleDays(
            tuple(map(date.fromordinal, numbers)),
            span.open_first and numbers[0] == first,
            span.open_last and numbers[-1] == last,
        )
    return days_by_visit


def _with_planned(part: Bounded, planned: Way) -> Bounded | None:
    """The candidates with the planned way among them, if its day is; the day has no others then."""
    day = part.within(planned.day, planned.day)
    if day.low > day.high:
        return None
    if planned.start in part.columns.starts[day.low : day.high + 1]:
        return part
    before, after = part._replace(high=day.low - 1), part._replace(low=day.high + 1)
    own = zip(before.alone(), columns_of([planned]), after.alone(), strict=True)
    return whole(Candidates(*(first + way + last for first, way, last in own)))


def _movable(
    graph: LimitGraph,
    days: Sequence[int],
    planned: Sequence[int],
    at: int,
    low: Sequence[int],
    high: Sequence[int],
) -> list[int]:
    """A candidate of a visit on each day that it can have between the bounds, in order.

    The plan is a solution and stays one while the visit is moved a day at a time, and with it as
    little of the others as has to be.
    """
    before, after = [], []
    solution = list(planned)
    while True:
        solution[at] = bisect_left(days, days[solution[at]]) - 1
        if solution[at] < low[at] or not graph.fall(solution, low, (at,)):
            break
        before.append(_first_of_day(graph, days, at, low, high, solution[at]))
    solution = list(planned)
    while True:
        solution[at] = bisect_right(days, days[solution[at]])
        if solution[at] > high[at] or not graph.rise(solution, high, (at,)):
            break
        after.append(solution[at])
    return [*reversed(before), planned[at], *after]


def _first_of_day(
    graph: LimitGraph,
    days: Sequence[int],
    at: int,
    low: Sequence[int],
    high: Sequence[int],
    index: int,
) -> int:
    """The first candidate that a visit can have on the day of one that it can have."""
    first = max(low[at], bisect_left(days, days[index]))
    if first == index:
        return index
    least = list(low)
    least[at] = first
    graph.rise(least, high, range(len(least)))
    return least[at]


class _Earlier:
    """The visits that start before another one in a plan, and stay where they are.

    ``order`` has all visits as they start; the first ``count`` of them are the ones before.
    """

    def __init__(self, minutes: Minutes, problem: PlacementProblem, ways: Sequence[Way]) -> None:
        self.minutes = minutes
        self.circumstances = problem.circumstances
        self.ways = ways
        self.order = sorted(range(len(ways)), key=lambda at: ways[at].start)
        self.count = 0
        self._rank = {at: rank for rank, at in enumerate(self.order)}
        self._days = [ways[at].day for at in self.order]
        self._longest = 1 + max(way.end_day - way.day for way in ways)

    def are_apart(self, at: int, way: Way) -> bool:
        """Whether a visit can be apart from those before it when it is on the day of ``way``."""
        first = bisect_left(self._days, way.day - self._longest)
        last = bisect_right(self._days, way.end_day + 1)
        near = set(self.order[first : min(last, self.count)])
        for _, rule, _ in self.minutes.bounds_of[at]:
            near.update(end for end in self.minutes.ends(rule) if self._rank[end] < self.count)
        circumstances = self.circumstances._replace(settled=frozenset(near), booked={})
        ways = {at: way, **{other: self.ways[other] for other in near}}
        return not isinstance(self.minutes.arranged(ways, circumstances), TooFull)
