"""What the bounds of a network imply: whether it can hold, and how much room it leaves."""

from collections.abc import Set

from planner.network.compiled import UNREACHED, Compiled, PropagationGraph, compiled
from planner.network.guided_search import INCONSISTENT, least_value, led_by_schedules
from planner.network.propagation import earliest_or_cycle, propagate_from
from planner.network.temporal import Bound, Network


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
    network: Network, a: int, b: int, *, coarse: bool = True, left_out: Set[int] = frozenset()
) -> tuple[int | None, int | None]:
    """Return the least and greatest distance from `a` to `b` that all bounds together allow.

    Both ends can be attained; None: unbounded.

    Args:
        network: consistent.
        a: a node, from which it is counted.
        b: a node; before `a` distances are negative.
        coarse: in cells, ``cell(b) - cell(a)``; else in steps, ``b - a``.
        left_out: rules that do not count.

    Raises:
        ValueError: the network is inconsistent.
    """
    least = least_distance(network, a, b, coarse=coarse, left_out=left_out)
    return least, greatest_distance(network, a, b, coarse=coarse, left_out=left_out)


def least_distance(
    network: Network,
    a: int,
    b: int,
    *,
    coarse: bool = True,
    left_out: Set[int] = frozenset(),
    from_on: int | None = None,
) -> int | None:
    """Return the least distance from node `a` to `b`, as `distance` has it.

    A distance of less than `from_on` is None, too, which is quicker to find.

    Fine distances depend on the phase p of `a`: the least value of `b` is a step function of p with
    flat pieces where a phase or a cell's edge rounds. Each turn takes the right end of one flat
    piece, where the distance is least; a piece that nothing rounds is the least of all.
    """
    whole = _searched(network, left_out)
    a, b, edges, mirrored = whole.place[a], whole.place[b], whole.upward, whole.downward
    if coarse:
        # Backwards in time the distance is the same: the search begins where less is tied.
        if edges.degree(a) > edges.degree(b):
            edges, a, b = mirrored, b, a
        known = UNREACHED if from_on is None else from_on * edges.period - 1
        value = least_value(edges, a, edges.opens[a], b, left_out, known=known, coarse=True).value
        return None if value == known else value // edges.period
    best: int | None = None
    start = edges.opens[a]
    end = start + edges.period
    while start < end:
        known = UNREACHED if from_on is None else start + from_on - 1
        value, apart = least_value(edges, a, start, b, left_out, known=known)
        if value == known:
            return None
        if apart is not None:  # no other phase of `a` can do better than the bare amounts
            best = apart
            break
        # The latest `a` that still lets `b` be this early:
        last = -1 - least_value(mirrored, b, -1 - value, a, left_out).value
        shortest = value - last
        best = shortest if best is None else min(best, shortest)
        start = edges.round_up(a, last + 1)
    return None if best is None or (from_on is not None and best < from_on) else best


def greatest_distance(
    network: Network, a: int, b: int, *, coarse: bool = True, left_out: Set[int] = frozenset()
) -> int | None:
    """Return the greatest distance from node `a` to `b`, as `distance` has it."""
    least = least_distance(network, b, a, coarse=coarse, left_out=left_out)
    return None if least is None else -least


def _follows(network: Network, bound: Bound, left_out: Set[int]) -> bool:
    """Tell whether a bound follows without the rules left out."""
    tail, head, least, most, coarse, _ = bound
    sides = [] if least is None else [(tail, head, least)]
    sides += [] if most is None else [(head, tail, -most)]
    return all(
        least_distance(network, a, b, coarse=coarse, left_out=left_out, from_on=amount) is not None
        for a, b, amount in sides
    )


def phase_range(
    network: Network, node: int, *, left_out: Set[int] = frozenset()
) -> tuple[int, int]:
    """Return the first and the last phase that a node can have in a solution."""
    whole = _searched(network, left_out)
    place, up, down = whole.place[node], whole.upward, whole.downward
    first = least_value(up, place, up.opens[place], place, left_out).value
    start = down.opens[place] - down.period
    return first, -1 - least_value(down, place, start, place, left_out).value


def is_redundant(network: Network, *rules: int, left_out: Set[int] = frozenset()) -> bool:
    """Tell whether rules change nothing: all their bounds and phases follow from the other rules.

    Args:
        network: consistent.
        rules: they are left out together.
        left_out: rules that do not count among the others.

    Raises:
        ValueError: the network is inconsistent.
    """
    whole = compiled(network)
    left_out = left_out | set(rules)
    numbers = [number for rule in rules for number in whole.bounds_of.get(rule, ())]
    if not all(_follows(network, network.bounds[number], left_out) for number in numbers):
        return False
    for node in (node for rule in rules for node in whole.phases_of.get(rule, ())):
        opens, closes = network.phases[node]
        first, last = phase_range(network, node, left_out=left_out)
        if first < opens or last > closes:
            return False
    return True


def _searched(network: Network, left_out: Set[int]) -> Compiled:
    return led_by_schedules(compiled(network)).with_free_phases(left_out)


def _extremes(
    whole: Compiled, edges: PropagationGraph, source: int, cell: int, at: int | None
) -> list[int]:
    place = whole.place[source]
    start = cell * edges.period + edges.opens[place] if at is None else at
    values = propagate_from(edges, place, edges.round_up(place, start))
    if values is None:
        raise ValueError(INCONSISTENT)
    if at is not None and values[place] != at:
        raise ValueError("no solution has the source there")
    return values
