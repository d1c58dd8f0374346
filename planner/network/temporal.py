"""The network itself: time points, what times of day they may have, and bounds between them."""

from collections.abc import Callable, Collection
from typing import NamedTuple


class Bound(NamedTuple):
    """One rule's limits on the distance from `tail` to `head`; both ends belong to it.

    Coarse: ``least <= cell(head) - cell(tail) <= most``, in cells (days).
    Fine: ``least <= head - tail <= most``, in single steps (minutes).
    None leaves that side open. Several bounds may carry the same `rule`.
    """

    tail: int
    head: int
    least: int | None
    most: int | None
    coarse: bool
    rule: int


class Network:
    """A simple temporal network on two scales (Dechter, Meiri, Pearl 1991, with rounding).

    A node is an integer time point x. With period P its cell is ``x // P`` and its phase ``x % P``:
    with P = 1440 and x in minutes the date and the minute of the day. P = 1 is the plain network.

    Every one-sided bound says ``x_q >= f(x_p)`` with a non-decreasing f that commutes with
    shifts by P, and a phase window rounds up or down; so the solutions are closed under minimum
    and maximum by components (Jeavons and Cooper 1995), and there is a least and a greatest one.
    """

    __slots__ = ("__weakref__", "bounds", "period", "phase_rules", "phases")

    def __init__(self, period: int = 1) -> None:
        """Begin an empty network whose cells are `period` (at least 1) steps long."""
        if period < 1:
            raise ValueError(f"a period is at least 1, not {period}")
        self.period = period
        self.bounds: list[Bound] = []
        self.phases: list[tuple[int, int]] = []
        self.phase_rules: list[int | None] = []

    def __len__(self) -> int:
        return len(self.phases)

    def add_node(self, phase: tuple[int, int] | None = None, rule: int | None = None) -> int:
        """Add a time point and return its number, counted from 0.

        Args:
            phase: the first and the last allowed phase, both included, within 0..period-1; None
                allows all.
            rule: who asks for it; a phase without a rule is beyond dispute and never part of a
                conflict.

        Raises:
            ValueError: a window outside the period or upside down.
        """
        if phase is None:
            phase = (0, self.period - 1)
        elif not 0 <= phase[0] <= phase[1] < self.period:
            raise ValueError(f"phase {phase} is not within 0..{self.period - 1}")
        self.phases.append(phase)
        self.phase_rules.append(None if phase == (0, self.period - 1) else rule)
        return len(self.phases) - 1

    def add_bound(
        self,
        tail: int,
        head: int,
        least: int | None,
        most: int | None,
        *,
        coarse: bool = False,
        rule: int,
    ) -> None:
        """Add the bound of `rule` on the distance from `tail` to `head`, both ends included.

        `least` above `most` is accepted: it is a rule that contradicts itself.

        Args:
            tail: a node, from which it is counted.
            head: a node.
            least: in cells if coarse, else in steps; None for no limit.
            most: the same.
            coarse: whether cells are counted.
            rule: the number of the rule that states it; several bounds may have the same.

        Raises:
            ValueError: a node that was never added.
        """
        if not (0 <= tail < len(self.phases) and 0 <= head < len(self.phases)):
            raise ValueError(f"a bound from node {tail} to {head} of {len(self.phases)} nodes")
        self.bounds.append(Bound(tail, head, least, most, coarse, rule))

    def keeping(self, rules: Collection[int]) -> "Network":
        """The network that only these rules make, of all nodes; phases beyond dispute stay.

        Args:
            rules: the numbers of the rules that hold.
        """
        part = Network(self.period)
        for phase, rule in zip(self.phases, self.phase_rules, strict=True):
            keeps = rule is None or rule in rules
            part.phases.append(phase if keeps else (0, self.period - 1))
            part.phase_rules.append(rule if keeps else None)
        part.bounds = [bound for bound in self.bounds if bound.rule in rules]
        return part

    def restricted(self, rules: Collection[int]) -> "tuple[Network, list[int], list[int]]":
        """Return the network that only these rules make, without the nodes that they leave alone.

        With it come, for each of its nodes and for each of its bounds, the number in this one.
        """
        chosen = set(rules)
        return self._part(chosen.__contains__)

    def excluding(self, rules: Collection[int]) -> "tuple[Network, list[int], list[int]]":
        """Return the network without these rules, numbered as `restricted` says."""
        dropped = set(rules)
        return self._part(lambda rule: rule not in dropped)

    def _part(self, keeps: Callable[[int], bool]) -> "tuple[Network, list[int], list[int]]":
        part = Network(self.period)
        bounds = [i for i, bound in enumerate(self.bounds) if keeps(bound.rule)]
        touched = {node for i in bounds for node in self.bounds[i][:2]}
        nodes = sorted(touched)
        number = {node: i for i, node in enumerate(nodes)}
        for node in nodes:
            rule = self.phase_rules[node]
            if rule is None or keeps(rule):
                part.add_node(self.phases[node], rule)
            else:
                part.add_node()
        for i in bounds:
            bound = self.bounds[i]
            part.bounds.append(bound._replace(tail=number[bound.tail], head=number[bound.head]))
        return part, nodes, bounds
