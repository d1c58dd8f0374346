"""Propagation: raises time points until every bound holds, or proves that none of it can.

Kept apart from the questions asked of it (`windows`, `conflict`): this is the one hot loop.
"""

from __future__ import annotations

from typing import TypeAlias

from planner.network.temporal import Network

# How a value came about: the node, its value, the edge that raised it (see Compiled; ~edge when
# the step rounded or was coarse), and the record of the node that the edge came from; None at the
# start. Records share their tails, so one costs one tuple.
Record: TypeAlias = "tuple[int, int, int, Record | None]"

# The edges that leave each node: where to, how far, and the edge's number.
Edges: TypeAlias = list[list[tuple[int, int, int]]]

UNREACHED = -(1 << 80)
_NOWHERE: Record = (-1, UNREACHED, -1, None)


class Compiled:
    """A network as lists of edges by node, each edge one side of one bound.

    Edge 2i is the lower side of bound i (from its tail to its head, `least`), edge 2i+1 the upper
    side (from head to tail, ``-most``); a walk along edges never arrives earlier than it adds up.
    Coarse amounts are in steps here, not cells. `opens` and `closes` are the phase windows.

    The greatest solution is the least one of the mirrored network ``y = -1 - x``: there
    ``cell(y) = -1 - cell(x)``, phases are counted from the cell's end and all edges are reversed.
    """

    __slots__ = ("closes", "coarse", "fine", "mirror", "opens", "order", "period", "rank")

    def __init__(
        self, period: int, opens: list[int], closes: list[int], fine: Edges, coarse: Edges
    ) -> None:
        self.period = period
        self.opens = opens
        self.closes = closes
        self.fine = fine
        self.coarse = coarse
        self.order: list[int] = []
        self.rank: list[int] = []
        self.mirror: Compiled = self

    def sweep_along(self, order: list[int]) -> None:
        """Take nodes in this order from now on, in the mirrored network in the opposite one."""
        rank = [0] * len(order)
        for position, node in enumerate(order):
            rank[node] = position
        self.order, self.rank = order, rank
        last = len(order) - 1
        self.mirror.order, self.mirror.rank = order[::-1], [last - r for r in rank]

    def round_up(self, node: int, value: int) -> int:
        """Return the first value from `value` on that the node's phase window allows."""
        phase = value % self.period
        if phase < self.opens[node]:
            return value + self.opens[node] - phase
        if phase > self.closes[node]:
            return value + self.period + self.opens[node] - phase
        return value

    def without(self, network: Network, rule: int) -> Compiled:
        """Return the same without one rule of the network that this was compiled from."""
        bounds = {i: bound for i, bound in enumerate(network.bounds) if bound.rule == rule}
        nodes = {node for bound in bounds.values() for node in bound[:2]}
        freed = [node for node, by in enumerate(network.phase_rules) if by == rule]

        def lessened(side: Compiled) -> Compiled:
            opens, closes = side.opens[:], side.closes[:]
            for node in freed:
                opens[node], closes[node] = 0, side.period - 1
            fine, coarse = side.fine[:], side.coarse[:]
            for edges in (fine, coarse):
                for node in nodes:
                    edges[node] = [edge for edge in edges[node] if edge[2] // 2 not in bounds]
            return Compiled(side.period, opens, closes, fine, coarse)

        return _paired(lessened(self), lessened(self.mirror), self.order)


def compiled(network: Network) -> Compiled:
    """Return the edges of a network, made once and kept until the network grows."""
    if network.compiled is None:
        network.compiled = _compile(network)
    return network.compiled


def _compile(network: Network) -> Compiled:
    period = network.period
    last = period - 1
    count = len(network)
    fine: Edges = [[] for _ in range(count)]
    coarse: Edges = [[] for _ in range(count)]
    mirror_fine: Edges = [[] for _ in range(count)]
    mirror_coarse: Edges = [[] for _ in range(count)]
    edge = 0
    for tail, head, least, most, is_coarse, _ in network.bounds:
        edges, reversed_edges = (coarse, mirror_coarse) if is_coarse else (fine, mirror_fine)
        scale = period if is_coarse else 1
        if least is not None:
            least *= scale
            edges[tail].append((head, least, edge))
            reversed_edges[head].append((tail, least, edge))
        if most is not None:
            most *= -scale
            edges[head].append((tail, most, edge + 1))
            reversed_edges[tail].append((head, most, edge + 1))
        edge += 2
    opens = [phase[0] for phase in network.phases]
    closes = [phase[1] for phase in network.phases]
    this = Compiled(period, opens, closes, fine, coarse)
    mirror = Compiled(
        period, [last - c for c in closes], [last - o for o in opens], mirror_fine, mirror_coarse
    )
    return _paired(this, mirror, [])


def _paired(this: Compiled, mirror: Compiled, order: list[int]) -> Compiled:
    this.mirror, mirror.mirror = mirror, this
    if order:
        this.sweep_along(order)
    return this


def guess(edges: Compiled) -> list[int]:
    """Return values that hold along a spanning forest, and make their order that of the sweeps.

    A protocol is nearly a tree, so the guess is nearly a solution; and in order of time nearly all
    lower sides point forward and upper sides backward, which is what alternating sweeps like best.
    """
    period, fine, coarse = edges.period, edges.fine, edges.coarse
    values = [UNREACHED] * len(fine)
    for root, value in enumerate(values):
        if value != UNREACHED:
            continue
        values[root] = edges.opens[root]
        reached = [root]
        for p in reached:  # grows while it is walked: breadth first
            start = values[p]
            for q, amount, _ in fine[p]:
                if values[q] == UNREACHED:
                    values[q] = edges.round_up(q, start + amount)
                    reached.append(q)
            start -= start % period
            for q, amount, _ in coarse[p]:
                if values[q] == UNREACHED:
                    values[q] = start + amount + edges.opens[q]
                    reached.append(q)
    edges.sweep_along(sorted(range(len(values)), key=values.__getitem__))
    return values


def settle(edges: Compiled, values: list[int]) -> list[Record] | None:
    """Raise `values` in place to the least solution above them; all must fit their phases.

    Returns None when settled, or else a walk that proves that there is no solution at all.
    Any start will do: if there is a solution, a shift by whole periods lifts it above the start,
    and it then stops the values from rising past it.
    """
    trail: list[Record] = [(node, value, -1, None) for node, value in enumerate(values)]
    return _propagate(edges, values, trail, bytearray(b"\1") * len(values))


def spread(edges: Compiled, source: int, value: int) -> tuple[list[int], list[Record]] | None:
    """Return the least values of all nodes when `source` is at least `value`, and how they arose.

    `value` must fit the source's phase. Nodes that nothing pushes stay at UNREACHED.
    Returns None when values rise for ever, which a consistent network never lets happen.
    """
    if not edges.order:
        guess(edges)
    values = [UNREACHED] * len(edges.fine)
    trail = [_NOWHERE] * len(values)
    values[source] = value
    trail[source] = (source, value, -1, None)
    raised = bytearray(len(values))
    raised[edges.rank[source]] = 1
    if _propagate(edges, values, trail, raised) is not None:
        return None
    return values, trail


def _propagate(
    edges: Compiled, values: list[int], trail: list[Record], raised: bytearray
) -> list[Record] | None:
    """Bellman and Ford's relaxation in alternating sweeps (Yen 1970) over the raised nodes only.

    A sweep takes each raised node once, in order of rank, then against it; so a run of edges in one
    direction costs one sweep however the nodes are listed. In the plain network (one scale, no
    phases) at most n sweeps of m edges: O(nm), as Bellman-Ford. With phases O(n^2 m), whatever the
    period: see `_impossible_round`.
    """
    period, opens, closes = edges.period, edges.opens, edges.closes
    fine, coarse = edges.fine, edges.coarse
    order, rank = edges.order, edges.rank
    find, rfind = raised.find, raised.rfind
    taken = sweeps = 0
    forward = True
    while True:
        position = find(1) if forward else rfind(1)
        if position < 0:
            return None
        while position >= 0:
            raised[position] = 0
            taken += 1
            p = order[position]
            value = values[p]
            record = trail[p]
            for q, amount, edge in fine[p]:
                arrival = value + amount
                if arrival > values[q]:
                    phase = arrival % period
                    if phase < opens[q]:
                        arrival += opens[q] - phase
                        edge = ~edge
                    elif phase > closes[q]:
                        arrival += period + opens[q] - phase
                        edge = ~edge
                    values[q] = arrival
                    trail[q] = (q, arrival, edge, record)
                    raised[rank[q]] = 1
            if coarse[p]:
                value -= value % period
                for q, amount, edge in coarse[p]:
                    arrival = value + amount
                    if arrival > values[q]:
                        arrival += opens[q]
                        values[q] = arrival
                        trail[q] = (q, arrival, ~edge, record)
                        raised[rank[q]] = 1
            position = find(1, position + 1) if forward else rfind(1, 0, position)
        forward = not forward
        sweeps += 1
        if taken >= len(values) or sweeps & (sweeps - 1) == 0:
            walk = _impossible_walk(edges, trail, raised, deep=sweeps & (sweeps - 1) == 0)
            if walk is not None:
                return walk
            taken = 0


def _impossible_walk(
    edges: Compiled, trail: list[Record], raised: bytearray, *, deep: bool
) -> list[Record] | None:
    """Look for a proof of infeasibility behind the nodes that are still rising.

    Nodes whose last raisers form a cycle are where to look (in O(n)); looking behind any one node
    as well whenever the number of sweeps is a power of two makes sure that a proof is not missed.
    """
    seen_from = [-1] * len(trail)
    position = raised.find(1)
    while position >= 0:
        start = node = edges.order[position]
        while seen_from[node] < 0:
            seen_from[node] = start
            before = trail[node][3]
            if before is None:
                break
            node = before[0]
        else:
            if seen_from[node] == start:
                deep = False
                walk = _impossible_round(edges.period, trail[node])
                if walk is not None:
                    return walk
        position = raised.find(1, position + 1)
    position = raised.find(1)
    if deep and position >= 0:
        return _impossible_round(edges.period, trail[edges.order[position]])
    return None


def _impossible_round(period: int, last: Record) -> list[Record] | None:
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
        node, value, edge, before = record
        first = at_phase.setdefault((node, value % period), len(walk))
        if first == len(walk):
            first = in_stretch.setdefault(node, len(walk))
        walk.append(record)
        if first < len(walk) - 1:
            return walk[first:][::-1]
        if edge < 0:
            in_stretch.clear()
        record = before
    return None


def is_pure(record: Record, source: int) -> bool:
    """Tell whether the walk from `source` to a record is one of fine steps that nothing rounded."""
    before = record[3]
    while before is not None and record[0] != source:
        if record[2] < 0:
            return False
        record, before = before, before[3]
    return True
