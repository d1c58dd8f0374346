"""Propagation: raises time points until every bound holds, or proves that none of it can.

Kept apart from the questions asked of it (`windows`, `conflict`): this is the one hot loop.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from planner.network.compiled import UNREACHED, Compiled, PropagationGraph

# How a value came about: the place, its value, the edge that raised it (~edge when the step rounded
# or was coarse), and the record of the place that the edge came from; None at the start.
# Records share their tails, so one costs one tuple.
Record: TypeAlias = "tuple[int, int, int, Record | None]"


class CycleStep(NamedTuple):
    """One step of a proof: the edge, numbered as in `PropagationGraph`, that raised a node."""

    node: int
    value: int
    edge: int


def earliest_or_cycle(whole: Compiled) -> list[CycleStep] | None:
    """Raise the start values to the least solution above them; None when that is done.

    Otherwise return a closed walk that proves that there is no solution: each round of it comes
    back later. It begins and ends with the same node (the first edge is not part of it).
    Any start would do: if there is a solution, a shift by whole periods lifts it above the start,
    and it then stops the values from rising past it.
    """
    values = whole.start[:]
    walk = _propagate(whole.upward, values, bytearray(b"\1") * len(values), None)
    if walk is None:
        whole.solution[:] = values
        return None
    return [
        CycleStep(whole.node_at[place], value, edge if edge >= 0 else ~edge)
        for place, value, edge, _ in walk
    ]


def propagate_from(edges: PropagationGraph, source: int, value: int) -> list[int] | None:
    """Return the least values of all places when place `source` is at least `value`.

    `value` must fit the source's phase. Places that nothing pushes stay at UNREACHED.
    Returns None when values rise for ever, which a consistent network never lets happen.

    Args:
        edges: the bounds, in one direction.
        source: a place.
        value: in steps; it is kept or raised.
    """
    return propagate_from_all(edges, {source: value})


def propagate_from_all(edges: PropagationGraph, begun: Mapping[int, int]) -> list[int] | None:
    """As `propagate_from`, from several places at once.

    Args:
        edges: the bounds, in one direction.
        begun: by place the value that it has at least, which must fit its phase.
    """
    values = [UNREACHED] * len(edges.opens)
    raised = bytearray(len(values))
    for source, value in begun.items():
        values[source] = value
        raised[source] = 1
    return values if _propagate(edges, values, raised, None) is None else None


def _begin(values: list[int]) -> list[Record]:
    return [(place, value, -1, None) for place, value in enumerate(values)]


def _propagate(
    edges: PropagationGraph, values: list[int], raised: bytearray, trail: list[Record] | None
) -> list[Record] | None:
    """Bellman and Ford's relaxation in alternating sweeps (Yen 1970) over the raised places only.

    A sweep takes each raised place once, forward or backward in time; so a run of edges in one
    direction costs one sweep however the nodes were listed. In the plain network (one scale, no
    phases) O(n) sweeps of m edges: O(nm), as Bellman-Ford. With phases O(n^2 m), whatever the
    period: see `impossible_round`. Protocols need two or three looks at each place.

    Without a trail, records are kept only once it takes suspiciously long.
    """
    period, opens, closes = edges.period, edges.opens, edges.closes
    fine, coarse = edges.fine, edges.coarse
    rounds = edges.rounds
    find, rfind = raised.find, raised.rfind
    taken = sweeps = 0
    forward = not edges.is_mirrored
    while True:
        p = find(1) if forward else rfind(1)
        if p < 0:
            return None
        while p >= 0:
            raised[p] = 0
            taken += 1
            value = values[p]
            before = trail[p] if trail is not None else None  # a self-loop may replace it
            for q, amount, edge in fine[p]:
                arrival = value + amount
                if arrival > values[q]:
                    if rounds:
                        phase = arrival % period
                        if phase < opens[q]:
                            arrival += opens[q] - phase
                            edge = ~edge
                        elif phase > closes[q]:
                            arrival += period + opens[q] - phase
                            edge = ~edge
                    values[q] = arrival
                    raised[q] = 1
                    if trail is not None:
                        trail[q] = (q, arrival, edge, before)
            if coarse[p]:
                value -= value % period
                for q, amount, edge in coarse[p]:
                    arrival = value + amount
                    if arrival > values[q]:
                        values[q] = arrival = arrival + opens[q]
                        raised[q] = 1
                        if trail is not None:
                            trail[q] = (q, arrival, ~edge, before)
            p = find(1, p + 1) if forward else rfind(1, 0, p)
        forward = not forward
        sweeps += 1
        if trail is None:
            if taken > 4 * len(values):
                trail = _begin(values)
                taken = 0
            continue
        power_of_two = sweeps & (sweeps - 1) == 0
        if taken >= len(values) or power_of_two:
            taken = 0
            walk = _impossible_walk(period, trail, raised, deep=power_of_two)
            if walk is not None:
                return walk


def _impossible_walk(
    period: int, trail: list[Record], raised: bytearray, *, deep: bool
) -> list[Record] | None:
    """Look for a proof of infeasibility behind the places that are still rising.

    Places whose last raisers form a cycle are where to look (in O(n)); looking behind any one place
    as well whenever the number of sweeps is a power of two makes sure that a proof is not missed.
    """
    seen_from = [-1] * len(trail)
    start = raised.find(1)
    while start >= 0:
        place = start
        while seen_from[place] < 0:
            seen_from[place] = start
            before = trail[place][3]
            if before is None:
                break
            place = before[0]
        else:
            if seen_from[place] == start:
                walk = impossible_round(period, trail[place])
                if walk is not None:
                    return walk
        start = raised.find(1, start + 1)
    start = raised.find(1)
    return impossible_round(period, trail[start]) if deep and start >= 0 else None


def impossible_round(period: int, last: Record) -> list[Record] | None:
    """Return the last closed walk behind a record that can be walked for ever, or None.

    Coming back to a node with a larger value proves nothing yet: rounding may raise a value once
    and then be content. It is proof when the phase is the same too, for then the next round
    does the same again; or when no step of the round rounded, for then the amounts alone add up to
    more than nothing, and rounding only adds. (The walk may pass a node twice at other phases.)

    A step that rounds, or is coarse, arrives at its node's opening: n possible states. Between two
    such steps no node comes twice without being a proof. So more than n(n+1) steps hold one.
    """
    at_phase: dict[tuple[int, int], int] = {}
    in_stretch: dict[int, int] = {}
    walk: list[Record] = []
    record: Record | None = last
    while record is not None:
        place, value, edge, before = record
        first = at_phase.setdefault((place, value % period), len(walk))
        if first == len(walk):
            first = in_stretch.setdefault(place, len(walk))
        walk.append(record)
        if first < len(walk) - 1:
            return walk[first:][::-1]
        if edge < 0:
            in_stretch.clear()
        record = before
    return None
