"""What the bounds of a network imply: whether it can hold, and how much room it leaves."""

from planner.network.compiled import UNREACHED, Compiled, PropagationGraph, compiled
from planner.network.propagation import earliest_or_cycle, propagate_from, spread_purely
from planner.network.temporal import Network

_INCONSISTENT = "the network is inconsistent: nothing follows from it"


def is_consistent(network: Network) -> bool:
    """Tell whether any values satisfy all bounds and phases.

    O(nm) for n nodes and m bounds of one scale without phases, as Bellman-Ford;
    O(n^2 m) at worst with both scales and phases. Usually a few sweeps.
    """
    whole = compiled(network)
    return bool(whole.solution) or earliest_or_cycle(whole) is None


def earliest(network: Network, source: int, at: int | None = None) -> list[int | None]:
    """Return the least value of every node, given where `source` is.

    All least values hold together: they are the earliest schedule. None: unbounded.
    Quickest after `is_consistent` when the source was added first.

    Args:
        network: consistent.
        source: a node.
        at: its value; None for any in cell 0 that its phases allow.

    Raises:
        ValueError: the source cannot lie there, or the network is noticed to be inconsistent.
    """
    whole = compiled(network)
    if whole.is_rooted and whole.solution and source == 0 and at is None:
        values = whole.solution  # proving consistency has found it already
    else:
        values = _extremes(whole, whole.upward, source, 0, at)
    return [None if (value := values[p]) == UNREACHED else value for p in whole.place]


def latest(network: Network, source: int, at: int | None = None) -> list[int | None]:
    """Return the greatest value of every node, given where `source` is; see `earliest`.

    Args:
        network: consistent.
        source: a node.
        at: its value; None for any in cell 0.
    """
    whole = compiled(network)
    values = _extremes(whole, whole.downward, source, -1, None if at is None else -1 - at)
    return [None if (value := values[p]) == UNREACHED else -1 - value for p in whole.place]


def distance(
    network: Network, a: int, b: int, *, coarse: bool = True
) -> tuple[int | None, int | None]:
    """Return the least and greatest distance from `a` to `b` that all bounds together allow.

    Both ends can be attained; None: unbounded.

    Args:
        network: consistent.
        a: a node, from which it is counted.
        b: a node; before `a` distances are negative.
        coarse: in cells, ``cell(b) - cell(a)``; else in steps, ``b - a``.

    Raises:
        ValueError: the network is noticed to be inconsistent.
    """
    whole = compiled(network)
    return least_distance(whole, a, b, coarse=coarse), greatest_distance(whole, a, b, coarse=coarse)


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


def least_distance(whole: Compiled, a: int, b: int, *, coarse: bool) -> int | None:
    """Return the least distance from node `a` to `b`, in cells if coarse; None if unbounded.

    Fine distances depend on the phase p of `a`: the least value of `b` is a step function of p with
    flat pieces where a phase or a cell's edge rounds. Each turn takes the right end of one flat
    piece, where the distance is least; a piece that nothing rounds is the least of all.

    Args:
        whole: compiled from a consistent network.
        a: a node of the network, from which it is counted.
        b: a node of the network.
        coarse: in cells; else in steps.
    """
    a, b, edges = whole.place[a], whole.place[b], whole.upward
    if coarse:
        value = _spread(edges, a, edges.opens[a])[b]
        return None if value == UNREACHED else value // edges.period
    best: int | None = None
    start, end = edges.opens[a], None
    while True:
        result = spread_purely(edges, a, start, b)
        if result is None:
            raise ValueError(_INCONSISTENT)
        values, is_pure = result
        if values[b] == UNREACHED:
            return None
        if end is None:
            end = values[a] + edges.period
        elif values[a] >= end:
            return best
        if is_pure:  # no other phase of `a` can do better than the bare amounts
            return values[b] - values[a]
        # The latest `a` that still lets `b` be this early:
        last = -1 - _spread(whole.downward, b, -1 - values[b])[a]
        shortest = values[b] - last
        best = shortest if best is None else min(best, shortest)
        start = edges.round_up(a, last + 1)


def greatest_distance(whole: Compiled, a: int, b: int, *, coarse: bool) -> int | None:
    """Return the greatest distance from node `a` to `b`, in cells if coarse; None if unbounded."""
    least = least_distance(whole, b, a, coarse=coarse)
    return None if least is None else -least


def phase_range(whole: Compiled, node: int) -> tuple[int, int]:
    """Return the first and the last phase that a node can have in a solution."""
    place, up, down = whole.place[node], whole.upward, whole.downward
    first = _spread(up, place, up.opens[place])[place]
    last = -1 - _spread(down, place, down.opens[place] - down.period)[place]
    return first, last


def _extremes(
    whole: Compiled, edges: PropagationGraph, source: int, cell: int, at: int | None
) -> list[int]:
    place = whole.place[source]
    start = cell * edges.period + edges.opens[place] if at is None else at
    values = _spread(edges, place, edges.round_up(place, start))
    if at is not None and values[place] != at:
        raise ValueError("no solution has the source there")
    return values


def _spread(edges: PropagationGraph, source: int, value: int) -> list[int]:
    values = propagate_from(edges, source, value)
    if values is None:
        raise ValueError(_INCONSISTENT)
    return values
