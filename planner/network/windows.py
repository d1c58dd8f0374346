"""What the bounds of a network imply: whether it can hold, and how much room it leaves."""

from __future__ import annotations

from planner.network.propagation import (
    UNREACHED,
    Compiled,
    Record,
    compiled,
    guess,
    is_pure,
    settle,
    spread,
)
from planner.network.temporal import Network

_INCONSISTENT = "the network is inconsistent: nothing follows from it"


def is_consistent(network: Network) -> bool:
    """Tell whether any values satisfy all bounds and phases.

    O(nm) for n nodes and m bounds of one scale without phases, as Bellman-Ford;
    O(n^2 m) at worst with both scales and phases. Usually a few sweeps.
    """
    edges = compiled(network)
    values = guess(edges)
    consistent = settle(edges, values) is None
    if consistent:  # the best order there is for the sweeps of later questions
        edges.sweep_along(sorted(range(len(values)), key=values.__getitem__))
    return consistent


def earliest(network: Network, source: int, at: int | None = None) -> list[int | None]:
    """Return the least value of every node, given where `source` is.

    Without `at` the source lies in cell 0, at any phase that its window allows; with it, exactly
    there. All least values hold together: they are the earliest schedule. None: unbounded.
    Assumes a consistent network; raises ValueError when it notices that it is not, and when the
    source cannot lie at `at`.
    """
    edges = compiled(network)
    return _extremes(edges, source, edges.opens[source] if at is None else at, at)


def latest(network: Network, source: int, at: int | None = None) -> list[int | None]:
    """Return the greatest value of every node, given where `source` is; see `earliest`."""
    edges = compiled(network).mirror
    if at is None:  # cell 0 is cell -1 in the mirror
        values = _extremes(edges, source, edges.opens[source] - edges.period, None)
    else:
        values = _extremes(edges, source, -1 - at, -1 - at)
    return [None if value is None else -1 - value for value in values]


def distance(
    network: Network, a: int, b: int, *, coarse: bool = True
) -> tuple[int | None, int | None]:
    """Return the least and greatest distance from `a` to `b` that all bounds together allow.

    Coarse: ``cell(b) - cell(a)``; fine: ``b - a``. Both ends can be attained; None: unbounded.
    Assumes a consistent network; raises ValueError when it notices that it is not.
    """
    edges = compiled(network)
    return least_distance(edges, a, b, coarse=coarse), greatest_distance(edges, a, b, coarse=coarse)


def is_redundant(network: Network, rule: int) -> bool:
    """Tell whether a rule changes nothing: all its bounds and phases follow from the other rules.

    Assumes that the other rules do not contradict each other (anything would follow); raises
    ValueError when it notices that they do.
    """
    rest = compiled(network).without(network, rule)
    for bound in network.bounds:
        if bound.rule != rule:
            continue
        tail, head, coarse = bound.tail, bound.head, bound.coarse
        if bound.least is not None:
            shortest = least_distance(rest, tail, head, coarse=coarse)
            if shortest is None or shortest < bound.least:
                return False
        if bound.most is not None:
            longest = greatest_distance(rest, tail, head, coarse=coarse)
            if longest is None or longest > bound.most:
                return False
    for node, by in enumerate(network.phase_rules):
        if by == rule:
            opens, closes = network.phases[node]
            first, last = phase_range(rest, node)
            if first < opens or last > closes:
                return False
    return True


def least_distance(edges: Compiled, a: int, b: int, *, coarse: bool) -> int | None:
    """Return the least distance from `a` to `b`, in cells if coarse; None if unbounded.

    Fine distances depend on the phase p of `a`: the least value of `b` is a step function of p with
    flat pieces where a phase or a cell's edge rounds. Each turn takes the right end of one flat
    piece, where the distance is least; a piece that nothing rounds is the least of all.
    """
    start = edges.opens[a]
    values, trail = _spread(edges, a, start)
    if values[b] == UNREACHED:
        return None
    if coarse:
        return values[b] // edges.period
    best: int | None = None
    end = values[a] + edges.period
    while True:
        if is_pure(trail[b], a):  # no other phase of `a` can do better than the bare amounts
            return values[b] - values[a]
        back, _ = _spread(edges.mirror, b, -1 - values[b])
        last = -1 - back[a]  # the latest `a` that still lets `b` be this early
        shortest = values[b] - last
        best = shortest if best is None else min(best, shortest)
        start = edges.round_up(a, last + 1)
        if start >= end:
            return best
        values, trail = _spread(edges, a, start)
        if values[a] >= end:
            return best


def greatest_distance(edges: Compiled, a: int, b: int, *, coarse: bool) -> int | None:
    """Return the greatest distance from `a` to `b`, in cells if coarse; None if unbounded."""
    least = least_distance(edges, b, a, coarse=coarse)
    return None if least is None else -least


def phase_range(edges: Compiled, node: int) -> tuple[int, int]:
    """Return the first and the last phase that a node can have in a solution."""
    first = _spread(edges, node, edges.opens[node])[0][node]
    mirror = edges.mirror
    last = -1 - _spread(mirror, node, mirror.opens[node] - edges.period)[0][node]
    return first, last


def _extremes(edges: Compiled, source: int, start: int, at: int | None) -> list[int | None]:
    values, _ = _spread(edges, source, start)
    if at is not None and values[source] != at:
        raise ValueError("no solution has the source there")
    return [None if value == UNREACHED else value for value in values]


def _spread(edges: Compiled, source: int, value: int) -> tuple[list[int], list[Record]]:
    result = spread(edges, source, edges.round_up(source, value))
    if result is None:
        raise ValueError(_INCONSISTENT)
    return result
