"""Why a network cannot hold: the rules that contradict each other, how, and what would help."""

from typing import Literal, NamedTuple, TypeAlias

from planner.network.compiled import compiled
from planner.network.propagation import CycleStep, earliest_or_cycle
from planner.network.temporal import Bound, Network
from planner.network.windows import greatest_distance, is_consistent, least_distance, phase_range

Side: TypeAlias = Literal["least", "most", "opens", "closes"]


class WalkStep(NamedTuple):
    """One step of a walk that comes back later than it set out.

    Along a bound (`side` is "least" or "most") `head` cannot be earlier than `tail` plus `amount`:
    cells if `coarse`, else single steps. The upper side of a bound is walked from its head to its
    tail, with minus its `most`. A coarse step arrives at the beginning of a cell.
    At a phase (`side` is "phase", head and tail are the same node) the walk waits `amount` single
    steps until the node's window opens. `start` and `end` are the values before and after.
    """

    tail: int
    head: int
    amount: int
    coarse: bool
    rule: int | None  # None: a phase beyond dispute
    side: Literal["least", "most", "phase"]
    bound: int | None  # the bound's number in Network.bounds; None for a phase
    start: int
    end: int


class Relaxation(NamedTuple):
    """How far one side of a rule must be widened, all else kept, to resolve its conflict.

    The least amount that is enough: in cells for a coarse bound, in single steps for a fine one and
    for a phase window ("opens" earlier, "closes" later). None: not even without this side.
    """

    rule: int
    side: Side
    bound: int | None  # the bound's number in Network.bounds; None for a phase
    node: int | None  # the phase's node; None for a bound
    amount: int | None


class Conflict(NamedTuple):
    """Rules that cannot hold together, while any all but one of them can.

    `steps` is a closed walk that proves it: each round of it ends `shortfall` single steps later
    than it began, at the same node and (unless no step rounds) at the same phase.
    """

    rules: tuple[int, ...]  # ascending
    steps: tuple[WalkStep, ...]
    shortfall: int
    relaxations: tuple[Relaxation, ...]


def conflict(network: Network) -> Conflict | None:
    """Return a minimal set of rules that cannot hold together, or None if all can.

    Minimal by inclusion: without any one of the rules the others can hold (tried one by one: the
    deletion filter of Chinneck and Dravnieks 1991). Other conflicts may be there, even smaller.
    """
    walk = _impossible_walk(network)
    return None if walk is None else _conflict(network, _rules_on(network, walk))


def independent_conflicts(network: Network, limit: int = 10) -> list[Conflict]:
    """Return up to `limit` conflicts, none of them resolved by resolving the ones before it.

    After each, the rule with the highest number in it (the one written last) is left out of the
    search for the next. Fewer than `limit`: without these last rules the network is consistent.

    Args:
        network: any.
        limit: 0 returns none.
    """
    conflicts: list[Conflict] = []
    dropped: set[int] = set()
    part = network
    while len(conflicts) < limit:
        walk = _impossible_walk(part)
        if walk is None:
            break
        conflicts.append(_conflict(network, _rules_on(part, walk)))
        dropped.add(conflicts[-1].rules[-1])
        part, _, _ = network.excluding(dropped)
    return conflicts


def _impossible_walk(network: Network) -> list[CycleStep] | None:
    return earliest_or_cycle(compiled(network))


def _rules_on(network: Network, walk: list[CycleStep]) -> set[int]:
    """Return the rules that a walk needs: a phase only where a fine step arrives or sets out."""
    steps = [network.bounds[arrival.edge // 2] for arrival in walk[1:]]
    rules = {bound.rule for bound in steps}
    for arrival, step, following in zip(walk[1:], steps, steps[1:] + steps[:1], strict=True):
        by = network.phase_rules[arrival.node]
        if by is not None and not (step.coarse and following.coarse):
            rules.add(by)
    return rules


def _conflict(network: Network, rules: set[int]) -> Conflict:
    """Return the conflict among rules that are known to contain one."""
    part, nodes, bounds = network.restricted(rules)
    walk = _known_walk(part)
    if _is_ring(part, walk):
        relaxations = _ring_relaxations(part, walk)
    else:
        part, nodes, bounds = network.restricted(_minimal(network, rules))
        walk = _known_walk(part)
        relaxations = _relaxations(part)
    steps = [
        step._replace(
            tail=nodes[step.tail],
            head=nodes[step.head],
            bound=None if step.bound is None else bounds[step.bound],
        )
        for step in _steps(part, walk)
    ]
    return Conflict(
        rules=tuple(sorted(_all_rules(part))),
        steps=tuple(steps),
        shortfall=walk[-1].value - walk[0].value,
        relaxations=tuple(
            relaxation._replace(
                bound=None if relaxation.bound is None else bounds[relaxation.bound],
                node=None if relaxation.node is None else nodes[relaxation.node],
            )
            for relaxation in relaxations
        ),
    )


def _known_walk(network: Network) -> list[CycleStep]:
    walk = _impossible_walk(network)
    if walk is None:
        raise ValueError("the rules do not contradict each other")
    return walk


def _all_rules(network: Network) -> set[int]:
    phase_rules = {rule for rule in network.phase_rules if rule is not None}
    return phase_rules | {bound.rule for bound in network.bounds}


def _minimal(network: Network, rules: set[int]) -> set[int]:
    """Leave out every rule that the contradiction can do without, the last written ones first.

    Of many rules whole blocks are tried before single ones.
    """
    block = max(1, len(rules) // 8)
    while True:
        untried = sorted(rules)
        while untried:
            part, _, _ = network.restricted(rules.difference(untried[-block:]))
            del untried[-block:]
            walk = _impossible_walk(part)
            if walk is not None:  # still contradictory, and perhaps on fewer rules
                rules = _rules_on(part, walk)
                untried = [rule for rule in untried if rule in rules]
        if block == 1:
            return rules
        block //= 2


def _is_ring(part: Network, walk: list[CycleStep]) -> bool:
    """Tell whether a network is just one ring of one-scale bounds, each a rule of its own.

    Without one of its bounds it is a path, which can always hold; so the rules are a minimal
    conflict, and what the ring is short of is what any one of the sides walked must give.
    """
    ring = len(walk) - 1
    full = (0, part.period - 1)
    return (
        ring == len(part) == len(part.bounds) == len({bound.rule for bound in part.bounds})
        and len({bound.coarse for bound in part.bounds}) == 1
        and all(phase == full for phase in part.phases)
        and not any(
            b.least is not None and b.most is not None and b.least > b.most for b in part.bounds
        )
    )


def _ring_relaxations(part: Network, walk: list[CycleStep]) -> list[Relaxation]:
    shortfall = walk[-1].value - walk[0].value
    walked = {arrival.edge for arrival in walk[1:]}
    relaxations = []
    for i, bound in enumerate(part.bounds):
        amount = shortfall // part.period if bound.coarse else shortfall
        if bound.least is not None:
            helps = amount if 2 * i in walked else None
            relaxations.append(Relaxation(bound.rule, "least", i, None, helps))
        if bound.most is not None:
            helps = amount if 2 * i + 1 in walked else None
            relaxations.append(Relaxation(bound.rule, "most", i, None, helps))
    return relaxations


def _relaxations(part: Network) -> list[Relaxation]:
    """Return how far each side must give: to the nearest that the network without it allows."""
    relaxations = []
    for i, bound in enumerate(part.bounds):
        tail, head, coarse = bound.tail, bound.head, bound.coarse
        if bound.least is not None:
            amount = None
            rest = _consistent_variant(part, i, bound._replace(least=None))
            if rest is not None:
                longest = greatest_distance(rest, tail, head, coarse=coarse)
                amount = None if longest is None else bound.least - longest
            relaxations.append(Relaxation(bound.rule, "least", i, None, amount))
        if bound.most is not None:
            amount = None
            rest = _consistent_variant(part, i, bound._replace(most=None))
            if rest is not None:
                shortest = least_distance(rest, tail, head, coarse=coarse)
                amount = None if shortest is None else shortest - bound.most
            relaxations.append(Relaxation(bound.rule, "most", i, None, amount))
    last = part.period - 1
    for node, ((opens, closes), rule) in enumerate(zip(part.phases, part.phase_rules, strict=True)):
        if rule is None:
            continue
        if opens > 0:
            rest = _consistent_variant(part, node, (0, closes))
            amount = None if rest is None else opens - phase_range(rest, node)[1]
            relaxations.append(Relaxation(rule, "opens", None, node, amount))
        if closes < last:
            rest = _consistent_variant(part, node, (opens, last))
            amount = None if rest is None else phase_range(rest, node)[0] - closes
            relaxations.append(Relaxation(rule, "closes", None, node, amount))
    return relaxations


def _consistent_variant(part: Network, i: int, new: Bound | tuple[int, int]) -> Network | None:
    """Return the network with one bound, or one node's phase, replaced, if it can hold."""
    variant = Network(part.period)
    variant.bounds = part.bounds[:]
    variant.phases = part.phases[:]
    variant.phase_rules = part.phase_rules[:]
    if isinstance(new, Bound):
        variant.bounds[i] = new
    else:
        variant.phases[i] = new
    return variant if is_consistent(variant) else None


def _steps(part: Network, walk: list[CycleStep]) -> list[WalkStep]:
    """Return the steps of a closed walk, from its lowest node on and with that node in cell 0."""
    period = part.period
    rise = walk[-1].value - walk[0].value
    turn = min(range(len(walk) - 1), key=lambda i: walk[i].node)
    shift = -(walk[turn].value // period * period)
    steps: list[WalkStep] = []
    for i in [*range(turn + 1, len(walk)), *range(1, turn + 1)]:
        if i == 1 and turn:
            shift += rise
        tail, start = walk[i - 1].node, walk[i - 1].value + shift
        head, end = walk[i].node, walk[i].value + shift
        number, upper = divmod(walk[i].edge, 2)
        bound = part.bounds[number]
        side: Literal["least", "most"] = "most" if upper else "least"
        amount = -(bound.most or 0) if upper else bound.least or 0
        arrival = (start // period + amount) * period if bound.coarse else start + amount
        steps.append(
            WalkStep(tail, head, amount, bound.coarse, bound.rule, side, number, start, arrival)
        )
        if arrival < end:
            by = part.phase_rules[head]
            steps.append(
                WalkStep(head, head, end - arrival, False, by, "phase", None, arrival, end)
            )
    return steps
