"""How early one time point makes another: a search that is led by schedules already known.

A schedule that holds bounds what can follow from a value: where a place is no later than in the
schedule moved by whole periods, nothing that follows from it is later than there. So the search
takes the place with the best prospect first, and no place whose prospect is no better than what
the goal has already. Of a protocol's places that leaves next to none.
"""

from collections.abc import Container, Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from planner.network.compiled import UNREACHED, Compiled, PropagationGraph
from planner.network.propagation import earliest_or_cycle, propagate_from_all

INCONSISTENT = "the network is inconsistent: nothing follows from it"
_FAR = 1 << 32
"""Periods that what nothing ties together is apart in a schedule."""


class Arrival(NamedTuple):
    """The least value of a goal, UNREACHED where none follows from the source's.

    `apart` is how far from the source, where no step on the way rounds: then no other value of the
    source brings the goal nearer.
    """

    value: int
    apart: int | None


def led_by_schedules(whole: Compiled) -> Compiled:
    """Return the same network with what leads a search on its graphs, made once.

    Raises:
        ValueError: the network is inconsistent.
    """
    up, down = whole.upward, whole.downward
    if up.ranks:
        return whole
    if not whole.solution and earliest_or_cycle(whole) is not None:
        raise ValueError(INCONSISTENT)
    # The other schedule is the latest around node 0, and around one place of all that nothing ties
    # to it, with all that is free to be later far ahead.
    soonest = whole.solution
    latest = propagate_from_all(down, {place: -1 - soonest[place] for place in _centres(whole)})
    if latest is None:
        raise ValueError(INCONSISTENT)
    ahead = _FAR * up.period
    mirrored = [max(y, -1 - x - ahead) for x, y in zip(soonest, latest, strict=True)]
    up.schedules = [soonest, [-1 - y for y in mirrored]]
    down.schedules = [[-1 - x for x in soonest], mirrored]
    up.ranks = _ranks(up, down)
    down.ranks = [-rank for rank in up.ranks]
    return whole


def _centres(whole: Compiled) -> list[int]:
    """Return a place of each part of the network that no bound ties to another part."""
    seen = [False] * len(whole.place)
    centres = []
    for root in whole.place:
        if not seen[root]:
            centres.append(root)
            seen[root] = True
            part = [root]
            for place in part:  # grows while it is walked
                for graph in (whole.upward, whole.downward):
                    for head in _heads(graph, place):
                        if not seen[head]:
                            seen[head] = True
                            part.append(head)
    return centres


def least_value(
    graph: PropagationGraph,
    source: int,
    value: int,
    goal: int,
    left_out: Container[int] = (),
    *,
    known: int = UNREACHED,
    coarse: bool = False,
) -> Arrival:
    """Return the least value of a place when another one has at least a certain value.

    Args:
        graph: the bounds, in one direction, `led_by_schedules`.
        source: a place.
        value: of the source, in steps; its phase must be allowed.
        goal: the place that is asked about; it can be the source.
        left_out: rules whose bounds do not count.
        known: a value that the goal has anyway.
        coarse: only the cell of the result is to be the least.
    """
    period, opens, closes = graph.period, graph.opens, graph.closes
    ranks, rules, last_rank = graph.ranks, graph.rules, graph.ranks[goal]
    fine_into, coarse_into = graph.fine_into[goal], graph.coarse_into[goal]
    soon, late = graph.schedules
    soon_goal, late_goal = soon[goal], late[goal]

    def prospect(place: int, value: int) -> int:
        """Return the latest that may follow for the goal."""
        by_soon = soon_goal - (soon[place] - value) // period * period
        by_late = late_goal - (late[place] - value) // period * period
        bound = min(by_soon, by_late)
        return bound - bound % period if coarse else bound

    values = {source: value}
    apart: dict[int, int | None] = {source: 0}
    best = max(known, value) if source == goal else known
    waiting = [(-prospect(source, value), 0, source, value)]
    if ranks[source] > last_rank:
        return Arrival(best, None)
    turn = 0
    while waiting:
        bound, _, node, value = heappop(waiting)
        if -bound <= best:
            break
        if value < values[node]:
            continue
        near, far, so_far = graph.fine[node], graph.coarse[node], apart[node]
        cell = value - value % period
        steps = [(value, near, so_far), (cell, far, None)]
        if len(near) + len(far) > len(fine_into) + len(coarse_into):
            # Of a place with many steps the one to the goal first: it may do.
            direct = [(goal, amount, edge) for tail, amount, edge in fine_into if tail == node]
            steps.insert(0, (value, direct, so_far))
            direct = [(goal, amount, edge) for tail, amount, edge in coarse_into if tail == node]
            steps.insert(1, (cell, direct, None))
        for start, edges, exact in steps:
            if -bound <= best:
                break
            for there, amount, edge in edges:
                arrival = start + amount
                if arrival <= values.get(there, UNREACHED) or ranks[there] > last_rank:
                    continue
                if left_out and rules[edge >> 1] in left_out:
                    continue
                distance = None if exact is None else exact + amount
                phase = arrival % period
                if not opens[there] <= phase <= closes[there]:
                    arrival += opens[there] - phase + (period if phase > closes[there] else 0)
                    distance = None
                values[there] = arrival
                apart[there] = distance
                if there == goal and arrival > best:
                    best = arrival
                ahead = prospect(there, arrival)
                if ahead > best:
                    turn -= 1  # of equal prospects the last found first
                    heappush(waiting, (-ahead, turn, there, arrival))
    return Arrival(best, apart.get(goal))


def _ranks(up: PropagationGraph, down: PropagationGraph) -> list[int]:
    """Return a number for each place such that no edge leads to a place of a lower one.

    Places that lead to each other have the same (Kosaraju and Sharir 1981).
    """
    order: list[int] = []
    seen = [False] * len(up.opens)
    for root in range(len(seen)):
        if seen[root]:
            continue
        seen[root] = True
        path = [(root, _heads(up, root))]
        while path:
            place, heads = path[-1]
            for head in heads:
                if not seen[head]:
                    seen[head] = True
                    path.append((head, _heads(up, head)))
                    break
            else:
                order.append(place)
                path.pop()
    ranks = [-1] * len(order)
    rank = 0
    for root in reversed(order):
        if ranks[root] < 0:
            ranks[root] = rank
            queue = [root]
            for place in queue:  # grows while it is walked
                for tail in _heads(down, place):
                    if ranks[tail] < 0:
                        ranks[tail] = rank
                        queue.append(tail)
            rank += 1
    return ranks


def _heads(graph: PropagationGraph, place: int) -> Iterator[int]:
    return (edge[0] for edges in (graph.fine, graph.coarse) for edge in edges[place])
