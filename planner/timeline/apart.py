"""The best dates on which all visits of a participant can be apart.

Dates come first: a minimum cut finds the best ones as if visits could overlap, and the minutes of
their days are arranged (`planner.timeline.minutes`). Where a day is too full for what lies on it,
the dates are branched: in turn each of its visits lies before or after its date. Branches are taken
up in the order of what their best dates cost, so the first one whose days hold their visits is the
best of all, and where none is left nothing fits.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from heapq import heappop, heappush
from typing import NamedTuple

from planner.network.arc_consistency import Limit, Lookup
from planner.network.placement import Placement, Preference, TargetCost, place_between
from planner.timeline.candidates import Candidates, Way
from planner.timeline.minutes import Minutes, Pair, TooFull
from planner.timeline.placement_problem import PlacementProblem

MAX_BRANCHES = 400
"""After so many branches the best dates are no longer looked for, only some."""


class Apart(NamedTuple):
    """Where the visits lie: on the dates of a placement, and when on them.

    ``proven`` says that no other dates cost less.
    """

    placement: Placement
    ways: Sequence[Way]
    proven: bool


class NeverApart(NamedTuple):
    """No dates found on which the visits are apart; ``pairs`` are those that stood in each other's
    way, none where the limits alone leave no dates. ``proven``: there are none."""

    pairs: frozenset[Pair]
    proven: bool


class _Branch(NamedTuple):
    """A part of all dates: limits besides those of the rules, and bounds of the candidates."""

    limits: tuple[Limit, ...]
    low: tuple[int, ...]
    high: tuple[int, ...]


class Search:
    """Looks for the best dates of one placement problem.

    Args:
        minutes: arranges the visits of a day.
        problem: where each visit can lie, and what the rules leave.
        pulls, preferences: what dates cost.
    """

    def __init__(
        self,
        minutes: Minutes,
        problem: PlacementProblem,
        pulls: Sequence[TargetCost],
        preferences: Sequence[Preference],
    ) -> None:
        self.minutes = minutes
        self.problem = problem
        self.circumstances = problem.circumstances
        self.candidates = problem.candidates
        self.pulls = pulls
        self.preferences = preferences
        self._pairs: set[Pair] = set()

    def best(self) -> Apart | NeverApart:
        """The best dates on which all are apart; of equally good ones the earliest as listed."""
        everything = _Branch((), tuple(self.problem.low), tuple(self.problem.high))
        root = self._placed(everything)
        if root is None:
            return NeverApart(frozenset(), proven=True)
        pairs: set[Pair] = set()
        branches = [(root.cost, root.indices, everything, root)]
        opened = 0
        while branches and opened <= 2 * MAX_BRANCHES:
            _, _, branch, placement = heappop(branches)
            arranged = self._arranged(placement)
            if not isinstance(arranged, TooFull):
                whole = placement._replace(least=root.least, greatest=root.greatest)
                ways = [arranged[at] for at in range(len(self.candidates))]
                return Apart(whole, ways, proven=opened <= MAX_BRANCHES)
            pairs.update(arranged.pairs)
            for part in self._parts(branch, placement, arranged):
                opened += 1
                placed = self._placed(part)
                if placed is not None:
                    # Past the limit the newest branch goes first: any dates will do.
                    order = placed.cost if opened <= MAX_BRANCHES else -opened
                    heappush(branches, (order, placed.indices, part, placed))
        return NeverApart(frozenset(pairs), proven=not branches)

    def _placed(self, branch: _Branch) -> Placement | None:
        """The best placement of a branch; ``None`` if it has none."""
        low, high = list(branch.low), list(branch.high)
        graph, limits = self.problem.graph, self.problem.limits
        if branch.limits:
            graph, limits = graph.extended(branch.limits), [*limits, *branch.limits]
        if not graph.narrow(low, high):
            return None
        return place_between(graph, limits, low, high, self.pulls, self.preferences)

    def _arranged(self, placement: Placement) -> Mapping[int, Way] | TooFull:
        ways = map(Candidates.way, self.candidates, placement.indices)
        return self.minutes.arranged(dict(enumerate(ways)), self.circumstances)

    def _parts(self, branch: _Branch, placement: Placement, full: TooFull) -> Iterator[_Branch]:
        """The branch without these dates of these visits together: parts that share no dates."""
        chosen = placement.indices
        if len(full.visits) == 2 and self.circumstances.booked.keys().isdisjoint(full.visits):
            first_visit, other = full.visits
            days, other_days = self.candidates[first_visit].days, self.candidates[other].days
            apart = other_days[chosen[other]] - days[chosen[first_visit]]
            if self._overlap_always(first_visit, other, apart, branch):
                later = _days_after(days, first_visit, other_days, other, apart + 1)
                earlier = _days_after(other_days, other, days, first_visit, 1 - apart)
                yield branch._replace(limits=(*branch.limits, later))
                yield branch._replace(limits=(*branch.limits, earlier))
                return
        low, high = list(branch.low), list(branch.high)
        for at in full.visits:
            first, following = chosen[at], chosen[at] + 1
            if at not in self.circumstances.booked:
                column = self.candidates[at].days
                first = bisect_left(column, column[chosen[at]])
                following = bisect_right(column, column[chosen[at]])
            yield _Branch(branch.limits, tuple(low), (*high[:at], first - 1, *high[at + 1 :]))
            yield _Branch(branch.limits, (*low[:at], following, *low[at + 1 :]), tuple(high))
            low[at], high[at] = first, following - 1

    def _overlap_always(self, visit: int, other: int, apart: int, branch: _Branch) -> bool:
        """Whether two visits that start so many days apart overlap whatever the dates."""
        first, second = self._by_day(visit, branch), self._by_day(other, branch)
        return not any(
            self.minutes.can_be_apart({visit: way, other: second[day + apart]}, self.circumstances)
            for day, way in first.items()
            if day + apart in second
        )

    def _by_day(self, at: int, branch: _Branch) -> dict[int, Way]:
        """A way for each day that a visit can have in a branch."""
        within = range(branch.low[at], branch.high[at] + 1)
        columns = self.candidates[at]
        return {columns.days[k]: columns.way(k) for k in within}


def _days_after(
    days: Sequence[int], tail: int, other_days: Sequence[int], head: int, apart: int
) -> Limit:
    """That the head lies at least so many days after the tail."""
    return Limit(tail, head, Lookup(days, apart, other_days), -1)
