"""On which days a visit of a plan can take place, as one tells a participant.

That is: what lies before it stays as planned, all that follows may be planned anew, and every rule
and closed day holds. So "any day from Monday to Friday" is true of each of these days.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from planner.network.arc_consistency import LimitGraph
from planner.timeline.candidates import Candidates
from planner.timeline.model import DateWindow
from planner.timeline.placing import CoursePlanner, Placed, Plan, Problem, sizes_of


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
    all visits that start earlier in this plan where this plan has them.

    Args:
        planner: the one that made the plan.
        plan: a plan that keeps every window; of any other nothing is said.

    Returns:
        Nothing for visits that the plan has where they cannot be placed.
    """
    anchor = date.fromordinal(plan.anchor)
    problem = planner.problem(anchor, horizon=planner.near)
    if problem is None or not all(sizes_of(problem)):
        return {}
    ways = zip(problem.candidates, plan.visits, strict=True)
    chosen = [_index(one, placed) for one, placed in ways]
    graph = LimitGraph(len(chosen), problem.limits)
    low = [0] * len(chosen)
    high = [size - 1 for size in sizes_of(problem)]
    if not graph.rise(low, high, range(len(chosen))):
        return {}
    found: dict[str, PossibleDays] = {}
    order = sorted(range(len(chosen)), key=lambda at: plan.visits[at].start)
    for at in order:
        days = _days(graph, problem, at, low, high)
        if days.days:
            found[planner.course.visits[at].id] = days
        index = chosen[at]
        if index is None:
            return {}
        low[at], high[at] = max(low[at], index), index
        if not graph.rise(low, high, [at]):
            return {}
    return found


def _index(candidates: Candidates, placed: Placed) -> int | None:
    for index, (start, end) in enumerate(zip(candidates.starts, candidates.ends, strict=True)):
        if (start, end) == (placed.start, placed.end):
            return index
    return None


def _days(
    graph: LimitGraph, problem: Problem, at: int, low: list[int], high: list[int]
) -> PossibleDays:
    """The days that a visit can have between these bounds, each tried."""
    column = problem.candidates[at].days
    days = []
    index = low[at]
    while index <= high[at]:
        last = index
        while last < high[at] and column[last + 1] == column[index]:
            last += 1
        least, most = low[:], high[:]
        least[at], most[at] = index, last
        if graph.rise(least, most, [at]):
            days.append(date.fromordinal(column[index]))
        index = last + 1
    span = problem.spans[at]
    return PossibleDays(
        tuple(days),
        bool(days) and span.open_first and days[0].toordinal() == column[0],
        bool(days) and span.open_last and days[-1].toordinal() == column[-1],
    )
