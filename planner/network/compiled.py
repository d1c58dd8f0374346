"""A network made ready for propagation: its edges by place, both ways round."""

from collections.abc import Iterable
from copy import copy
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
    `fine` and `coarse` are the edges that leave each place, `fine_into` and `coarse_into` the same
    edges by the place that they lead to, with the place that they leave. Coarse amounts are in
    steps here, not cells. `opens`, `closes`: the phase windows. `rules`: the rule of each bound.

    The greatest solution is the least one of the mirrored network ``y = -1 - x``: there
    ``cell(y) = -1 - cell(x)``, phases are counted from the cell's end and all edges are reversed.

    `schedules` and `ranks` lead a search; they are empty until there is one (`guided_search`).
    """

    __slots__ = (
        "closes",
        "coarse",
        "coarse_into",
        "fine",
        "fine_into",
        "is_mirrored",
        "opens",
        "period",
        "ranks",
        "rounds",
        "rules",
        "schedules",
    )

    def __init__(
        self,
        period: int,
        opens: list[int],
        closes: list[int],
        rules: list[int],
        *,
        is_mirrored: bool,
    ) -> None:
        self.period = period
        self.rules = rules
        self.opens = opens
        self.closes = closes
        self.is_mirrored = is_mirrored
        self.rounds = any(opens) or any(phase < period - 1 for phase in closes)
        self.fine: Edges = [[] for _ in opens]
        self.coarse: Edges = [[] for _ in opens]
        self.fine_into: Edges = []
        self.coarse_into: Edges = []
        self.schedules: list[list[int]] = []
        self.ranks: list[int] = []

    def round_up(self, place: int, value: int) -> int:
        """Return the first value from `value` on that the place's phase window allows."""
        phase = value % self.period
        if phase < self.opens[place]:
            return value + self.opens[place] - phase
        if phase > self.closes[place]:
            return value + self.period + self.opens[place] - phase
        return value

    def degree(self, place: int) -> int:
        """Return how many edges leave or enter a place."""
        there = (self.fine, self.coarse, self.fine_into, self.coarse_into)
        return sum(len(edges[place]) for edges in there)

    def with_free_phases(self, places: Iterable[int]) -> "PropagationGraph":
        """Return the same with these places free to have any phase."""
        other = copy(self)
        other.opens, other.closes = self.opens[:], self.closes[:]
        for place in places:
            other.opens[place], other.closes[place] = 0, self.period - 1
        return other


class Compiled(NamedTuple):
    """A network in both directions, with its nodes renumbered: place 0 is about the earliest.

    `node_at` and `place` translate. `start`: values that fit the phases and satisfy most bounds.
    `solution`: empty until `settle` has found it. `is_rooted`: the start values follow from node 0
    lying at its opening in cell 0; then the solution is the earliest schedule from there.
    `bounds_of`, `phases_of`: the numbers of each rule's bounds, and the nodes whose phase it sets.
    """

    node_at: list[int]
    place: list[int]
    start: list[int]
    solution: list[int]
    is_rooted: bool
    upward: PropagationGraph
    downward: PropagationGraph  # mirrored
    bounds_of: dict[int, list[int]]
    phases_of: dict[int, list[int]]

    def with_free_phases(self, rules: Iterable[int]) -> "Compiled":
        """Return the same without the phases of these rules."""
        places = [self.place[node] for rule in rules for node in self.phases_of.get(rule, ())]
        if not places:
            return self
        return self._replace(
            solution=[],
            is_rooted=False,
            upward=self.upward.with_free_phases(places),
            downward=self.downward.with_free_phases(places),
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
    rules = [bound.rule for bound in network.bounds]
    up = PropagationGraph(period, opens, closes, rules, is_mirrored=False)
    down = PropagationGraph(
        period,
        [last - phase for phase in closes],
        [last - phase for phase in opens],
        rules,
        is_mirrored=True,
    )
    up.fine_into, up.coarse_into = down.fine, down.coarse
    down.fine_into, down.coarse_into = up.fine, up.coarse
    fine, coarse = (up.fine, down.fine), (up.coarse, down.coarse)
    bounds_of: dict[int, list[int]] = {}
    for number, (tail, head, least, most, is_coarse, rule) in enumerate(network.bounds):
        bounds_of.setdefault(rule, []).append(number)
        tail, head = place[tail], place[head]
        edges, reversed_edges = coarse if is_coarse else fine
        scale = period if is_coarse else 1
        if least is not None:
            least *= scale
            edges[tail].append((head, least, 2 * number))
            reversed_edges[head].append((tail, least, 2 * number))
        if most is not None:
            most *= -scale
            edges[head].append((tail, most, 2 * number + 1))
            reversed_edges[tail].append((head, most, 2 * number + 1))
    phases_of: dict[int, list[int]] = {}
    for node, by in enumerate(network.phase_rules):
        if by is not None:
            phases_of.setdefault(by, []).append(node)
    start = [guess[node] for node in node_at]
    return Compiled(node_at, place, start, [], is_rooted, up, down, bounds_of, phases_of)


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
