"""Exact placement: of all choices of candidates that the limits allow, the cheapest.

Costs are absolute differences between two variables and any costs of one. Feasibility is decided
by bounds (`planner.network.arc_consistency`), the least total by one minimum cut (Ishikawa 2003,
Hochbaum 2001). The cheapest solutions are closed under minimum by components, so one of them is
the earliest in every component; that is the one returned.

Cutting is the last resort. If every cost can be at its own least at once, raising lower bounds
finds the earliest such solution directly. Otherwise `placement_costs.Forest` bounds the total from
below, and choosing forward by it gives a good solution; most courses end where the two meet. What
remains is cut between bounds that leave out only what costs more than a known solution. Nothing
that costs equally much is ever left out, so the earliest is not lost on the way.
"""

from collections.abc import Sequence
from operator import add
from typing import NamedTuple

from planner.network.arc_consistency import (
    Among,
    Infeasible,
    Limit,
    LimitGraph,
    Lookup,
    extremes,
    minimal_subset,
)
from planner.network.minimum_cut import SINK, SOURCE, UNLIMITED, FlowNetwork
from planner.network.placement_costs import (
    CostForest,
    PairCost,
    Preference,
    TargetCost,
    Terms,
    distances,
)

__all__ = [
    "Among",
    "Infeasible",
    "Limit",
    "Placement",
    "Preference",
    "TargetCost",
    "extremes",
    "minimal_subset",
    "place",
    "place_between",
]


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
    pulls: Sequence[TargetCost],
    preferences: Sequence[Preference] = (),
) -> Placement | None:
    """The cheapest solution, the earliest in every component among equals; ``None`` if none.

    Args:
        sizes: number of candidates of each variable.
        limits: what a solution has to keep to.
        pulls: costs between two variables, or of one and a number.
        preferences: costs of one variable.

    Raises:
        ValueError: a pull with a reference and a single goal, or the other way round.
    """
    reach = extremes(sizes, limits)
    if isinstance(reach, Infeasible):
        return None
    return place_between(LimitGraph(len(sizes), limits), limits, *reach, pulls, preferences)


def place_between(
    graph: LimitGraph,
    limits: Sequence[Limit],
    low: Sequence[int],
    high: Sequence[int],
    pulls: Sequence[TargetCost],
    preferences: Sequence[Preference] = (),
) -> Placement:
    """As `place`, for those who know the extreme solutions already.

    Args:
        graph: the limits by what wakes them; it is not changed.
        limits: the same, one by one.
        low: the least solution.
        high: the greatest solution.
        pulls: costs between two variables, or of one and a number.
        preferences: costs of one variable.

    Raises:
        ValueError: a pull with a reference and a single goal, or the other way round.
    """
    terms = Terms(low, high, pulls, preferences)
    positions = _all_at_their_least(graph, terms, low, high)
    if positions is None:
        forest = CostForest(terms, high)
        positions = _forward(graph, forest, low, high)
        cost = terms.cost(positions)
        if cost > forest.least:
            positions = _best(limits, graph, terms, forest, high, cost)
    return Placement(tuple(positions), terms.cost(positions), tuple(low), tuple(high))


class _From:
    """A table that begins at some candidate."""

    __slots__ = ("first", "steps")

    def __init__(self, first: int, steps: Sequence[int]) -> None:
        self.first = first
        self.steps = steps

    def __len__(self) -> int:
        return self.first + len(self.steps)

    def __getitem__(self, at: int, /) -> int:
        return self.steps[at - self.first]


def _with_ties(graph: LimitGraph, terms: Terms, excess: int) -> LimitGraph:
    """The limits and, besides, that no tie costs more than ``excess``."""
    tied = graph.copy()
    for head, reference, weight, position, goal, shift in terms.ties:
        reach = excess // weight
        tied.add(reference, head, Lookup(goal, shift - reach, position))
        tied.add(head, reference, Lookup(position, -shift - reach, goal))
    return tied


def _all_at_their_least(
    graph: LimitGraph, terms: Terms, low: Sequence[int], high: Sequence[int]
) -> list[int] | None:
    """The earliest solution in which no tie costs anything and every own cost is least, if any.

    "Only these candidates" is a limit of a variable on itself: to the next one that is allowed.
    """
    tied = _with_ties(graph, terms, 0)
    for variable, costs in terms.own.items():
        first, last = low[variable], high[variable]
        if first < last:
            aim, following = min(costs), last + 1
            steps = [following] * len(costs)
            for at in range(last - first, -1, -1):
                if costs[at] == aim:
                    following = first + at
                steps[at] = following
            tied.add(variable, variable, _From(first, steps))
    positions = list(low)
    return positions if tied.rise(positions, high, range(len(low))) else None


def _forward(
    graph: LimitGraph, forest: CostForest, low: Sequence[int], high: Sequence[int]
) -> list[int]:
    """A good solution: references first, each variable where it and what follows cost least.

    If it costs no more than the forest's bound, it is the earliest of the cheapest: whatever that
    one takes was among the cheapest here, and of these the earliest possible is taken each time.

    ``least`` and ``greatest`` stay solutions throughout. A candidate between the two may belong to
    no solution; the least solution from it on, which always exists, then has a later one.
    """
    least, greatest = list(low), list(high)
    for variable in forest.order:
        first = least[variable]
        if first == greatest[variable]:
            continue
        price = _price(forest, variable, low[variable], least, greatest)
        if not price:
            continue
        least[variable] = first + price.index(min(price))
        graph.rise(least, greatest, (variable,))
        greatest[variable] = least[variable]
        graph.fall(greatest, least, (variable,))
    return least


def _price(
    forest: CostForest, variable: int, start: int, least: Sequence[int], most: Sequence[int]
) -> list[int]:
    """What each candidate between the bounds costs, as far as that is settled; maybe empty."""
    first, last = least[variable], most[variable]
    price = forest.subtree_cost.get(variable, [])[first - start : last - start + 1]
    up = forest.parent[variable]
    for head, reference, weight, position, goal, shift in (
        *up,
        *forest.others[variable],
    ):
        if head == variable and least[reference] == most[reference]:
            part = distances(weight, position[first : last + 1], goal[least[reference]] + shift)
        elif reference == variable and least[head] == most[head]:
            part = distances(weight, goal[first : last + 1], position[least[head]] - shift)
        else:
            continue
        price = list(map(add, price, part)) if price else part
    return price


def _best(
    limits: Sequence[Limit],
    graph: LimitGraph,
    terms: Terms,
    forest: CostForest,
    high: Sequence[int],
    cost: int,
) -> list[int]:
    """The earliest of the cheapest solutions, where one that costs ``cost`` is known.

    Between bounds that leave out only what costs more than some amount, a cut that finds no more
    than this amount has found the best of all. A low amount makes for a small cut, so guesses go
    first; if the best costs more, what was found meanwhile is a good amount for a second cut.
    """
    whole = forest.total_cost()
    everything = range(len(high))
    share = 4
    while True:
        most = forest.least + (cost - forest.least) // share
        near_low, near_high = list(terms.low), list(high)
        for variable, costs in whole.items():
            start = terms.low[variable]
            while costs[near_low[variable] - start] > most:
                near_low[variable] += 1
            while costs[near_high[variable] - start] > most:
                near_high[variable] -= 1
        tied = _with_ties(graph, terms, most - terms.least)
        if tied.rise(near_low, near_high, everything):
            tied.fall(near_high, near_low, everything)
            positions = _cheapest(limits, terms, near_low, near_high)
            cost = min(cost, terms.cost(positions))
            if cost <= most:
                return positions
            share = 1
        else:
            share //= 2


def _cheapest(
    limits: Sequence[Limit], terms: Terms, low: Sequence[int], high: Sequence[int]
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
    network: FlowNetwork, tie: PairCost, base: list[int], low: Sequence[int], high: Sequence[int]
) -> None:
    """``|p - g|`` is the number of ``t`` for which one of ``p >= t`` and ``g >= t`` holds.

    All ``t`` between two neighbouring values ask the same of both, so they share one connection.
    """
    head, reference, weight, position, goal, shift = tie
    at, last_at = low[head], high[head]
    to, last_to = low[reference], high[reference]
    below = min(position[at], goal[to] + shift)
    while at <= last_at or to <= last_to:
        value = position[at] if at <= last_at else goal[to] + shift
        if to <= last_to and goal[to] + shift < value:
            value = goal[to] + shift
        if value > below:
            node = SOURCE if at == low[head] else SINK if at > last_at else base[head] + at
            other = (
                SOURCE if to == low[reference] else SINK if to > last_to else base[reference] + to
            )
            if node > SINK or other > SINK:
                price = weight * (value - below)
                network.connect(node, other, price, price)
            below = value
        while at <= last_at and position[at] == value:
            at += 1
        while to <= last_to and goal[to] + shift == value:
            to += 1
