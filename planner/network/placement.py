"""Exact placement: of all choices of candidates that the limits allow, the cheapest.

Costs are absolute differences between two variables and any costs of one. Feasibility is decided
by bounds (`planner.network.arc_consistency`), the least total by one minimum cut (Ishikawa 2003,
Hochbaum 2001). The cheapest solutions are closed under minimum by components, so one of them is
the earliest in every component; that is the one returned.

Cutting is the last resort. If every cost can be at its own least at once, raising lower bounds
finds the earliest such solution directly, and most schedules end there. Otherwise a quick solution
says how much more the best one can cost; no single cost can be further off than that, which
narrows the bounds before the cut. Nothing that costs equally much is excluded on the way.
"""

from bisect import bisect_left
from collections.abc import Sequence
from operator import add
from typing import NamedTuple

from planner.network.arc_consistency import (
    Infeasible,
    Limit,
    LimitGraph,
    extremes,
    minimal_subset,
)
from planner.network.minimum_cut import SINK, SOURCE, UNLIMITED, FlowNetwork

__all__ = [
    "Infeasible",
    "Limit",
    "Placement",
    "Preference",
    "Pull",
    "extremes",
    "minimal_subset",
    "place",
]


class Pull(NamedTuple):
    """Cost ``weight * |position[k] - goal[j]|`` when head takes ``k`` and reference takes ``j``.

    All integers, the weight not negative. Both lists are non-decreasing, with an entry for every
    candidate. Without a reference ``goal`` is a single number.
    """

    head: int
    reference: int | None
    weight: int
    position: Sequence[int]
    goal: Sequence[int] | int


class Preference(NamedTuple):
    """Cost ``costs[k]``, an integer >= 0, when ``variable`` takes candidate ``k``."""

    variable: int
    costs: Sequence[int]


class Placement(NamedTuple):
    """The chosen candidate of each variable and the total cost.

    ``least`` and ``greatest`` are the extreme solutions, as `extremes` gives them.
    """

    indices: tuple[int, ...]
    cost: int
    least: tuple[int, ...]
    greatest: tuple[int, ...]


def place(
    sizes: Sequence[int],
    limits: Sequence[Limit],
    pulls: Sequence[Pull],
    preferences: Sequence[Preference] = (),
) -> Placement | None:
    """The cheapest solution, the earliest in every component among equals; ``None`` if none.

    Args:
        sizes: number of candidates of each variable.
        limits: what a solution has to keep to.
        pulls: costs between two variables, or of one and a number.
        preferences: costs of one variable.
    """
    reach = extremes(sizes, limits)
    if isinstance(reach, Infeasible):
        return None
    low, high = reach
    terms = _Terms(low, high, pulls, preferences)
    graph = LimitGraph(len(sizes), limits)
    found = _all_at_their_least(graph, terms, low, high)
    if found is None:
        quick = _nearest(graph, terms, low, high)
        narrow_low, narrow_high = low.copy(), high.copy()
        _narrow(graph, terms, terms.cost(quick) - terms.least, narrow_low, narrow_high)
        found = _cheapest(limits, terms, narrow_low, narrow_high)
    return Placement(tuple(found), terms.cost(found), tuple(low), tuple(high))


class _Tie(NamedTuple):
    """A pull of some weight between two variables that can both move."""

    head: int
    reference: int
    weight: int
    position: Sequence[int]
    goal: Sequence[int]


class _Terms:
    """All costs, sorted into ties between two variables and costs of one.

    ``own[v][k - low[v]]`` is what candidate ``k`` of ``v`` costs by itself. ``least`` is no more
    than any solution costs: every variable's least own cost, and nothing for the ties.
    """

    def __init__(
        self,
        low: Sequence[int],
        high: Sequence[int],
        pulls: Sequence[Pull],
        preferences: Sequence[Preference],
    ) -> None:
        self.low = low
        self.ties: list[_Tie] = []
        self.own: dict[int, list[int]] = {}
        for head, reference, weight, position, goal in pulls:
            if isinstance(goal, int):
                if reference is not None:
                    raise ValueError("with a reference the goal is a list")
                self._add(head, _distances(weight, position[low[head] : high[head] + 1], goal))
            elif reference is None:
                raise ValueError("without a reference the goal is a number")
            elif low[reference] == high[reference]:
                own = position[low[head] : high[head] + 1]
                self._add(head, _distances(weight, own, goal[low[reference]]))
            elif low[head] == high[head]:
                own = goal[low[reference] : high[reference] + 1]
                self._add(reference, _distances(weight, own, position[low[head]]))
            elif weight:
                self.ties.append(_Tie(head, reference, weight, position, goal))
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
        for head, reference, weight, position, goal in self.ties:
            total += weight * abs(position[indices[head]] - goal[indices[reference]])
        return total


def _distances(weight: int, values: Sequence[int], goal: int) -> list[int]:
    return [weight * abs(value - goal) for value in values]


class _Within:
    """Of ``positions`` the first that is no more than ``reach`` below ``goals[k]``, when asked.

    Few of these are ever looked at, so they are not tabled.
    """

    __slots__ = ("goals", "positions", "reach")

    def __init__(self, goals: Sequence[int], positions: Sequence[int], reach: int) -> None:
        self.goals = goals
        self.positions = positions
        self.reach = reach

    def __len__(self) -> int:
        return len(self.goals)

    def __getitem__(self, at: int, /) -> int:
        return bisect_left(self.positions, self.goals[at] - self.reach)


def _with_ties(graph: LimitGraph, terms: _Terms, excess: int) -> LimitGraph:
    """The limits and, besides, that no tie costs more than ``excess``."""
    tied = graph.copy()
    for head, reference, weight, position, goal in terms.ties:
        reach = excess // weight
        tied.add(reference, head, _Within(goal, position, reach))
        tied.add(head, reference, _Within(position, goal, reach))
    return tied


def _all_at_their_least(
    graph: LimitGraph, terms: _Terms, low: Sequence[int], high: Sequence[int]
) -> list[int] | None:
    """The earliest solution in which no tie costs anything and every own cost is least, if any.

    "Only these candidates" is a limit of a variable on itself: to the next one that is allowed.
    """
    tied = _with_ties(graph, terms, 0)
    for variable, costs in terms.own.items():
        first, last = low[variable], high[variable]
        if first < last:
            aim, following = min(costs), last + 1
            steps = [first] * following
            for at in range(last, first - 1, -1):
                if costs[at - first] == aim:
                    following = at
                steps[at] = following
            tied.add(variable, variable, steps)
    found = list(low)
    return found if tied.rise(found, high, range(len(low))) else None


def _nearest(
    graph: LimitGraph, terms: _Terms, low: Sequence[int], high: Sequence[int]
) -> list[int]:
    """A good solution: references first, each variable as near its goals as what is chosen allows.

    ``least`` and ``greatest`` stay solutions throughout. A candidate between the two may belong to
    no solution; then the cheaper of the next ones up and down that do is taken.
    """
    least, greatest = list(low), list(high)
    ties = _ties_by_variable(len(low), terms.ties)
    for variable in _references_first(ties):
        first = least[variable]
        if first == greatest[variable]:
            continue
        price = _price(terms, ties[variable], variable, least, greatest)
        if not price:
            continue
        chosen = first + price.index(min(price))
        above = least.copy()
        above[variable] = chosen
        graph.rise(above, greatest, (variable,))
        if above[variable] > chosen:
            below = greatest.copy()
            below[variable] = chosen
            graph.fall(below, (variable,))
            chosen = min(below[variable], above[variable], key=lambda at: price[at - first])
            above = least.copy()
            above[variable] = chosen
            graph.rise(above, greatest, (variable,))
        least = above
        greatest[variable] = chosen
        graph.fall(greatest, (variable,))
    return least


def _ties_by_variable(count: int, ties: Sequence[_Tie]) -> list[list[_Tie]]:
    found: list[list[_Tie]] = [[] for _ in range(count)]
    for tie in ties:
        found[tie.head].append(tie)
        found[tie.reference].append(tie)
    return found


def _price(
    terms: _Terms, ties: Sequence[_Tie], variable: int, least: Sequence[int], most: Sequence[int]
) -> list[int]:
    """What each candidate between the bounds costs, as far as that is settled; maybe empty."""
    first, last = least[variable], most[variable]
    price: list[int] = []
    own = terms.own.get(variable)
    if own is not None:
        start = terms.low[variable]
        price = own[first - start : last - start + 1]
    for head, reference, weight, position, goal in ties:
        if head == variable and least[reference] == most[reference]:
            part = _distances(weight, position[first : last + 1], goal[least[reference]])
        elif reference == variable and least[head] == most[head]:
            part = _distances(weight, goal[first : last + 1], position[least[head]])
        else:
            continue
        price = list(map(add, price, part)) if price else part
    return price


def _references_first(ties: Sequence[Sequence[_Tie]]) -> list[int]:
    """All variables, each after those that it is pulled by, unless these run in circles."""
    order: list[int] = []
    opened, done = set[int](), set[int]()
    for root in range(len(ties)):
        stack = [root]
        while stack:
            variable = stack[-1]
            if variable not in opened:
                opened.add(variable)
                stack += [
                    tie.reference
                    for tie in ties[variable]
                    if tie.head == variable and tie.reference not in opened
                ]
            else:
                stack.pop()
                if variable not in done:
                    done.add(variable)
                    order.append(variable)
    return order


def _narrow(graph: LimitGraph, terms: _Terms, excess: int, low: list[int], high: list[int]) -> None:
    """Narrows the bounds in place to where no cost is more than ``excess`` above its least."""
    for variable, costs in terms.own.items():
        most, start = min(costs) + excess, terms.low[variable]
        while costs[low[variable] - start] > most:
            low[variable] += 1
        while costs[high[variable] - start] > most:
            high[variable] -= 1
    tied = _with_ties(graph, terms, excess)
    everything = range(len(low))
    held = tied.rise(low, high, everything)
    assert held, "the solution that set the excess lies within"
    tied.fall(high, everything)


def _cheapest(
    limits: Sequence[Limit], terms: _Terms, low: Sequence[int], high: Sequence[int]
) -> list[int]:
    """The minimum cut between the bounds.

    Node ``base[v] + k`` is on the source's side when ``v`` takes candidate ``k`` or a later one;
    ``v``'s lowest candidate needs no node. The cut with the least on the source's side is earliest.
    """
    base, nodes = [], 2
    for first, last in zip(low, high, strict=True):
        base.append(nodes - first - 1)
        nodes += last - first
    network = FlowNetwork(nodes)
    for at, first, last in zip(base, low, high, strict=True):
        for candidate in range(first + 2, last + 1):
            network.connect(at + candidate, at + candidate - 1, UNLIMITED)
    for tail, head, least, _ in limits:
        before = low[head]
        if least[high[tail]] > before:
            for candidate in range(low[tail] + 1, high[tail] + 1):
                if least[candidate] > before:  # what is no stricter follows from the one below
                    before = least[candidate]
                    network.connect(base[tail] + candidate, base[head] + before, UNLIMITED)
    for variable, costs in terms.own.items():
        start = terms.low[variable]
        for candidate in range(low[variable] + 1, high[variable] + 1):
            step = costs[candidate - start] - costs[candidate - start - 1]
            if step > 0:
                network.connect(base[variable] + candidate, SINK, step)
            elif step < 0:
                network.connect(SOURCE, base[variable] + candidate, -step)
    for tie in terms.ties:
        _connect(network, tie, base, low, high)
    held = network.cut()
    return [
        first + sum(held[at + first + 1 : at + last + 1])
        for at, first, last in zip(base, low, high, strict=True)
    ]


def _connect(
    network: FlowNetwork, tie: _Tie, base: list[int], low: Sequence[int], high: Sequence[int]
) -> None:
    """``|p - g|`` is the number of ``t`` for which one of ``p >= t`` and ``g >= t`` holds.

    All ``t`` between two neighbouring values ask the same of both, so they share one connection.
    """
    head, reference, weight, position, goal = tie
    at, last_at = low[head], high[head]
    to, last_to = low[reference], high[reference]
    below = min(position[at], goal[to])
    while at <= last_at or to <= last_to:
        value = position[at] if at <= last_at else goal[to]
        if to <= last_to and goal[to] < value:
            value = goal[to]
        if value > below:
            one = SOURCE if at == low[head] else SINK if at > last_at else base[head] + at
            other = (
                SOURCE if to == low[reference] else SINK if to > last_to else base[reference] + to
            )
            if one > SINK or other > SINK:
                price = weight * (value - below)
                network.connect(one, other, price, price)
            below = value
        while at <= last_at and position[at] == value:
            at += 1
        while to <= last_to and goal[to] == value:
            to += 1
