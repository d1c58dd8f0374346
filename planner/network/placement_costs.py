"""The costs of a placement, and what they come to when the limits are left out of account.

Without limits, costs along a forest of references are minimised exactly from the last visits back
to the first: what a visit and all that counts from it cost, for each of its candidates. With limits
that is never too much, hence a lower bound, and for choosing forward a look at what follows.
"""

from collections.abc import Sequence
from operator import add, sub
from typing import NamedTuple

from planner.network.minimum_cut import UNLIMITED


class TargetCost(NamedTuple):
    """Cost ``weight * |position[k] - goal[j] - shift|`` when head takes ``k``, reference ``j``.

    All integers, the weight not negative. Both lists are non-decreasing, with an entry for every
    candidate. Without a reference ``goal`` is a single number.
    """

    head: int
    reference: int | None
    weight: int
    position: Sequence[int]
    goal: Sequence[int] | int
    shift: int = 0


class Preference(NamedTuple):
    """Cost ``costs[k]``, an integer >= 0, when ``variable`` takes candidate ``k``."""

    variable: int
    costs: Sequence[int]


class PairCost(NamedTuple):
    """A pull of some weight between two variables that can both move."""

    head: int
    reference: int
    weight: int
    position: Sequence[int]
    goal: Sequence[int]
    shift: int


class Terms:
    """All costs, sorted into ties between two variables and costs of one.

    ``own[v][k - low[v]]`` is what candidate ``k`` of ``v`` costs by itself. ``least`` is no more
    than any solution costs: every variable's least own cost, and nothing for the ties.
    """

    def __init__(
        self,
        low: Sequence[int],
        high: Sequence[int],
        pulls: Sequence[TargetCost],
        preferences: Sequence[Preference],
    ) -> None:
        self.low = low
        self.ties: list[PairCost] = []
        self.own: dict[int, list[int]] = {}
        for head, reference, weight, position, goal, shift in pulls:
            if isinstance(goal, int):
                if reference is not None:
                    raise ValueError("with a reference the goal is a list")
                own = position[low[head] : high[head] + 1]
                self._add(head, distances(weight, own, goal + shift))
            elif reference is None:
                raise ValueError("without a reference the goal is a number")
            elif low[reference] == high[reference]:
                own = position[low[head] : high[head] + 1]
                self._add(head, distances(weight, own, goal[low[reference]] + shift))
            elif low[head] == high[head]:
                own = goal[low[reference] : high[reference] + 1]
                self._add(reference, distances(weight, own, position[low[head]] - shift))
            elif weight:
                self.ties.append(PairCost(head, reference, weight, position, goal, shift))
        for variable, costs in preferences:
            self._add(variable, costs[low[variable] : high[variable] + 1])
        self.least = sum(map(min, self.own.values()))

    def _add(self, variable: int, costs: Sequence[int]) -> None:
        before = self.own.get(variable)
        self.own[variable] = list(costs if before is None else map(add, before, costs))

    def cost(self, indices: Sequence[int]) -> int:
        """What a solution costs."""
        low = self.low
        total = sum([costs[indices[at] - low[at]] for at, costs in self.own.items()])
        for head, reference, weight, position, goal, shift in self.ties:
            total += weight * abs(position[indices[head]] - goal[indices[reference]] - shift)
        return total


def distances(weight: int, values: Sequence[int], goal: int) -> list[int]:
    """What each value costs for its distance from the goal."""
    return [weight * abs(value - goal) for value in values]


class CostForest:
    """All ties of each variable to one that it counts from, without circles.

    ``order`` has every variable after the one it counts from; ``parent`` are the ties to that one,
    ``others`` are the ties that found no place. ``subtree_cost[v][k - low[v]]`` is the least that
    ``v`` and all that counts from it cost when ``v`` takes ``k``, limits left out of account;
    variables that cost nothing are missing. ``least`` is no more than any solution costs.
    """

    def __init__(self, terms: Terms, high: Sequence[int]) -> None:
        count = len(terms.low)
        self.low, self.high = terms.low, high
        ties: list[list[PairCost]] = [[] for _ in range(count)]
        for tie in terms.ties:
            ties[tie.head].append(tie)
        self.order = _references_first(ties)
        self.parent: list[list[PairCost]] = [[] for _ in range(count)]
        self.others: list[list[PairCost]] = [[] for _ in range(count)]
        placed = [False] * count
        for variable in self.order:
            for tie in ties[variable]:
                up = self.parent[variable]
                if placed[tie.reference] and (not up or up[0].reference == tie.reference):
                    up.append(tie)
                else:
                    self.others[variable].append(tie)
                    self.others[tie.reference].append(tie)
            placed[variable] = True
        self.subtree_cost = dict(terms.own)
        self._share: dict[int, list[int]] = {}  # of what its parent's candidates cost ahead
        self.least = 0
        self._gather()

    def _gather(self) -> None:
        ahead = self.subtree_cost
        for variable in reversed(self.order):
            costs = ahead.get(variable)
            up = self.parent[variable]
            if up:
                terms = [self._between(tie) for tie in up]
                if costs is None:
                    costs = ahead[variable] = [0] * len(terms[0].values)
                share = self._share[variable] = cheapest_reach(costs, terms)
                reference = up[0].reference
                before = ahead.get(reference)
                ahead[reference] = list(map(add, before, share)) if before else share
            elif costs is not None:
                self.least += min(costs)

    def _between(self, tie: PairCost) -> "WeighedDistance":
        head, reference, weight, position, goal, shift = tie
        low, high = self.low, self.high
        values = position[low[head] : high[head] + 1]
        goals = goal[low[reference] : high[reference] + 1]
        return WeighedDistance(weight, values, [goal + shift for goal in goals] if shift else goals)

    def total_cost(self) -> dict[int, list[int]]:
        """For each candidate the least that the whole costs with it, like ``subtree_cost``.

        From the references back out: what the candidate costs ahead, and all the rest besides.
        """
        whole: dict[int, list[int]] = {}
        for variable in self.order:
            costs = self.subtree_cost.get(variable)
            if costs is None:
                continue
            up = self.parent[variable]
            if not up:
                rest = self.least - min(costs)
                whole[variable] = [cost + rest for cost in costs]
            else:
                beside = list(map(sub, whole[up[0].reference], self._share[variable]))
                terms = [
                    WeighedDistance(weight, goals, values)
                    for weight, values, goals in map(self._between, up)
                ]
                whole[variable] = list(map(add, costs, cheapest_reach(beside, terms)))
        return whole


class WeighedDistance(NamedTuple):
    """The weighted distance of each value of one variable from each goal of another.

    Both ascend.
    """

    weight: int
    values: Sequence[int]
    goals: Sequence[int]


def cheapest_reach(costs: Sequence[int], terms: Sequence[WeighedDistance]) -> list[int]:
    """For each goal of another variable the least of cost and weighted distances over all values.

    Args:
        costs: of each value.
        terms: the distances that count, of the same values and goals each.
    """
    return _reach_alone(costs, terms[0]) if len(terms) == 1 else _reach_together(costs, terms)


def _reach_together(costs: Sequence[int], terms: Sequence[WeighedDistance]) -> list[int]:
    """As `cheapest_reach`, for several distances.

    The later the goal, the later the best value (distances are convex, so that the table of their
    sums is a Monge array): halving the goals halves the values to look at (Aggarwal et al. 1987).
    """
    goals = len(terms[0].goals)
    costs_of_goals = [0] * goals
    parts = [(0, goals, 0, len(costs) - 1)]
    while parts:
        begin, end, first, last = parts.pop()
        if begin >= end:
            continue
        middle = (begin + end) // 2
        sums = list(costs[first : last + 1])
        for weight, values, all_goals in terms:
            goal = all_goals[middle]
            sums = [
                total + weight * abs(value - goal)
                for total, value in zip(sums, values[first : last + 1], strict=True)
            ]
        costs_of_goals[middle] = least = min(sums)
        best = first + sums.index(least)
        parts.append((begin, middle, first, best))
        parts.append((middle + 1, end, best, last))
    return costs_of_goals


def _reach_alone(costs: Sequence[int], term: WeighedDistance) -> list[int]:
    """As `cheapest_reach`, for one distance.

    Once up for the values below each goal, once down for those above.
    """
    weight, values, goals = term
    costs_of_goals = []
    at, count, best = 0, len(values), UNLIMITED
    for goal in goals:
        while at < count and values[at] <= goal:
            cost = costs[at] - weight * values[at]
            if cost < best:
                best = cost
            at += 1
        costs_of_goals.append(best + weight * goal)
    at, best = count - 1, UNLIMITED
    for index in range(len(goals) - 1, -1, -1):
        goal = goals[index]
        while at >= 0 and values[at] >= goal:
            cost = costs[at] + weight * values[at]
            if cost < best:
                best = cost
            at -= 1
        if best - weight * goal < costs_of_goals[index]:
            costs_of_goals[index] = best - weight * goal
    return costs_of_goals


def _references_first(ties: Sequence[Sequence[PairCost]]) -> list[int]:
    """All variables, each after those that it counts from, unless these run in circles."""
    order: list[int] = []
    opened, done = set[int](), set[int]()
    for root in range(len(ties)):
        stack = [root]
        while stack:
            variable = stack[-1]
            if variable not in opened:
                opened.add(variable)
                stack += [tie.reference for tie in ties[variable] if tie.reference not in opened]
            else:
                stack.pop()
                if variable not in done:
                    done.add(variable)
                    order.append(variable)
    return order
