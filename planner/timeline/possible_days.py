"""On which days a visit of a plan can take place, as one tells a participant.

That is: what lies before it stays as planned, all that follows may be planned anew, and every rule
and closed day holds. So "any day from Monday to Friday" is true of each of these days.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from planner.network.arc_consistency import LimitGraph
from planner.timeline.candidates import Candidates, Way, columns_of
from planner.timeline.course_planner import CoursePlanner, PlacementProblem, Plan, sizes_of
from planner.timeline.minutes import TooFull
from planner.timeline.model import DateWindow


class PossibleDays(NamedTuple):
    """The days of one visit, ascending.

    ``goes_back`` says that nothing bounds the first of them, ``goes_on`` that nothing the last.
    """

    days: tuple[date, ...]
    goes_back: bool
    goes_on: bool

    def within(self, window: DateWindow) -> "PossibleDays":
        """Those of the days that lie in a window."""
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
    if problem is None or not all(sizes_of(problem)):
        return {}
    ways = [Way(placed.start, placed.day, placed.end, placed.end_day, 0) for placed in plan.visits]
    if any(
        way.day not in columns.days for way, columns in zip(ways, problem.candidates, strict=True)
    ):
        return {}
    candidates = [
        _with_planned(columns, way) for way, columns in zip(ways, problem.candidates, strict=True)
    ]
    limits = planner.limits_of(candidates, problem.here.only)
    problem = problem._replace(candidates=candidates, limits=limits)
    graph = LimitGraph(len(ways), limits)
    low = [0] * len(ways)
    high = [size - 1 for size in sizes_of(problem)]
    if not graph.rise(low, high, range(len(ways))):
        return {}
    days_by_visit: dict[str, PossibleDays] = {}
    placed: dict[int, Way] = {}
    for at in sorted(range(len(ways)), key=lambda at: ways[at].start):
        days = _days(planner, graph, problem, placed, at, low, high)
        if days.days:
            days_by_visit[planner.course.visits[at].id] = days
        placed[at] = ways[at]
        index = candidates[at].starts.index(ways[at].start)
        low[at], high[at] = max(low[at], index), index
        if not graph.rise(low, high, [at]):
            return {}
    return days_by_visit


def _with_planned(columns: Candidates, planned: Way) -> Candidates:
    """The candidates with the planned way among them; what else its day has makes room for it."""
    at = bisect_left(columns.starts, planned.start)
    if at < len(columns.starts) and columns.starts[at] == planned.start:
        return columns
    others = (way for way in zip(*columns, strict=True) if way[1] != planned.day)
    return columns_of(sorted([*others, planned]))


def _days(
    planner: CoursePlanner,
    graph: LimitGraph,
    problem: PlacementProblem,
    placed: Mapping[int, Way],
    at: int,
    low: list[int],
    high: list[int],
) -> PossibleDays:
    """The days that a visit can have between these bounds beside the placed ones, each tried."""
    columns = problem.candidates[at]
    circumstances = problem.here._replace(settled=frozenset(placed), booked={})
    days = []
    index = low[at]
    while index <= high[at]:
        last = index
        while last < high[at] and columns.days[last + 1] == columns.days[index]:
            last += 1
        least, most = low[:], high[:]
        least[at], most[at] = index, last
        if graph.rise(least, most, [at]):
            way = Way(*(column[least[at]] for column in columns))
            if not isinstance(
                planner.minutes.arranged({**placed, at: way}, circumstances), TooFull
            ):
                days.append(date.fromordinal(way.day))
        index = last + 1
    span = problem.spans[at]
    return PossibleDays(
        tuple(days),
        bool(days) and span.open_first and days[0].toordinal() == columns.days[0],
        bool(days) and span.open_last and days[-1].toordinal() == columns.days[-1],
    )
