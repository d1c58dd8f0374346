"""A network made ready for propagation: its edges by place, both ways round."""

from typing import NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

from planner.network.temporal import Network

# The edges that leave each place: where to, how far, and the edge's number.
Edges: TypeAlias = list[list[tuple[int, int, int]]]

UNREACHED = -(1 << 60)


class PropagationGraph:
    """The edges of a network one way round, for the hot loop; each is one side of one bound.

    Edge 2i is the lower side of bound i (from its tail to its head, `least`), edge 2i+1 the upper
    side (from head to tail, ``-most``); a walk along edges never arrives earlier than it adds up.
    Coarse amounts are in steps here, not cells. `opens`, `closes`: the phase windows.

    The greatest solution is the least one of the mirrored network ``y = -1 - x``: there
    ``cell(y) = -1 - cell(x)``, phases are counted from the cell's end and all edges are reversed.
    """

    __slots__ = ("closes", "coarse", "fine", "is_mirrored", "opens", "period", "rounds")

    def __init__(
        self, period: int, opens: list[int], closes: list[int], *, is_mirrored: bool
    ) -> None:
        self.period = period
        self.opens = opens
        self.closes = closes
        self.is_mirrored = is_mirrored
        self.rounds = any(opens) or any(phase < period - 1 for phase in closes)
        self.fine: Edges = [[] for _ in opens]
        self.coarse: Edges = [[] for _ in opens]

    def round_up(self, place: int, value: int) -> int:
        """Return the first value from `value` on that the place's phase window allows."""
        phase = value % self.period
        if phase < self.opens[place]:
            return value + self.opens[place] - phase
        if phase > self.closes[place]:
            return value + self.period + self.opens[place] - phase
        return value

    def without(self, bounds: set[int], ends: set[int], freed: set[int]) -> "PropagationGraph":
        """Return the same without these bounds, which end at `ends`, and these places' phases."""
        opens, closes = self.opens[:], self.closes[:]
        for place in freed:
            opens[place], closes[place] = 0, self.period - 1
        rest = PropagationGraph(self.period, opens, closes, is_mirrored=self.is_mirrored)
        rest.fine, rest.coarse = self.fine[:], self.coarse[:]
        for edges in (rest.fine, rest.coarse):
            for place in ends:
                edges[place] = [edge for edge in edges[place] if edge[2] // 2 not in bounds]
        return rest


class Compiled(NamedTuple):
    """A network in both directions, with its nodes renumbered: place 0 is about the earliest.

    `node_at` and `place` translate. `start`: values that fit the phases and satisfy most bounds.
    `solution`: empty until `settle` has found it. `is_rooted`: the start values follow from node 0
    lying at its opening in cell 0; then the solution is the earliest schedule from there.
    """

    node_at: list[int]
    place: list[int]
    start: list[int]
    solution: list[int]
    is_rooted: bool
    upward: PropagationGraph
    downward: PropagationGraph  # mirrored

    def without(self, network: Network, rule: int) -> "Compiled":
        """Return the same without one rule of the network that this was compiled from."""
        bounds = {i for i, bound in enumerate(network.bounds) if bound.rule == rule}
        ends = {self.place[node] for i in bounds for node in network.bounds[i][:2]}
        freed = {self.place[node] for node, by in enumerate(network.phase_rules) if by == rule}
        return self._replace(
            solution=[],
            is_rooted=False,
            upward=self.upward.without(bounds, ends, freed),
            downward=self.downward.without(bounds, ends, freed),
        )


_KEPT: WeakKeyDictionary[Network, tuple[tuple[int, int], Compiled]] = WeakKeyDictionary()
"""What has been made of each network while it lived, and of how many nodes and bounds."""


def compiled(network: Network) -> Compiled:
    """Return the edges of a network, made once and kept until the network grows."""
    size = len(network.phases), len(network.bounds)
    kept = _KEPT.get(network)
    if kept is None or kept[0] != size:
        kept = _KEPT[network] = size, _compile(network)
    return kept[1]


def _compile(network: Network) -> Compiled:
    period = network.period
    last = period - 1
    guess, is_rooted = _guess(network)
    node_at = sorted(range(len(guess)), key=guess.__getitem__)
    place = [0] * len(guess)
    for position, node in enumerate(node_at):
        place[node] = position
    opens = [network.phases[node][0] for node in node_at]
    closes = [network.phases[node][1] for node in node_at]
    up = PropagationGraph(period, opens, closes, is_mirrored=False)
    down = PropagationGraph(
        period,
        [last - phase for phase in closes],
        [last - phase for phase in opens],
        is_mirrored=True,
    )
    fine, coarse = (up.fine, down.fine), (up.coarse, down.coarse)
    edge = 0
    for tail, head, least, most, is_coarse, _ in network.bounds:
        tail, head = place[tail], place[head]
        edges, reversed_edges = coarse if is_coarse else fine
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
    start = [guess[node] for node in node_at]
    return Compiled(node_at, place, start, [], is_rooted, up, down)


def _guess(network: Network) -> tuple[list[int], bool]:
    """Return values that fit the phases and satisfy the bounds of a spanning forest, or nearly.

    A protocol is nearly a tree, so this is nearly a solution, and no later than what follows from
    the roots. And in order of time nearly all lower sides point forward and upper sides backward,
    which is what alternating sweeps like best.
    The second result says whether node 0 is the only root, as `Compiled.is_rooted` needs it.
    """
    period, phases = network.period, network.phases
    near: list[list[tuple[int, int, bool]]] = [[] for _ in phases]
    for tail, head, least, most, coarse, _ in network.bounds:
        if least is not None:
            near[tail].append((head, least, coarse))
        if most is not None:
            near[head].append((tail, -most, coarse))
    values = [UNREACHED] * len(phases)
    is_rooted = False
    for root, value in enumerate(values):
        if value != UNREACHED:
            continue
        is_rooted = root == 0
        values[root] = phases[root][0]
        reached = [root]
        for node in reached:  # grows while it is walked: breadth first
            value = values[node]
            for other, gap, coarse in near[node]:
                if values[other] == UNREACHED:
                    opens, closes = phases[other]
                    if coarse:
                        guess = (value // period + gap) * period + opens
                    else:
                        guess = value + gap
                        phase = guess % period
                        if not opens <= phase <= closes:
                            guess += opens - phase + (period if phase > closes else 0)
                    values[other] = guess
                    reached.append(other)
    return values, is_rooted
