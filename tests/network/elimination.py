"""The exact placement by elimination, one variable after another: slow, and shares no idea with it.

A variable that is eliminated leaves a table: for each choice of those it is tied to, the least that
it can cost, and its earliest candidate that does (Bertele and Brioschi 1972). How large tables get
depends on the width of the order alone, so protocols, which are nearly trees, stay small.
"""

from collections.abc import Mapping, Sequence
from itertools import product

from planner.network.placement import Limit, Preference, TargetCost

Choice = tuple[int, ...]
Table = tuple[Choice, Mapping[Choice, int]]
"""Variables, and what each choice of them that can be taken costs."""


def place_by_elimination(
    sizes: Sequence[int],
    limits: Sequence[Limit],
    pulls: Sequence[TargetCost],
    preferences: Sequence[Preference] = (),
) -> tuple[Choice, int] | None:
    """As `planner.network.placement.place`: the earliest of the cheapest solutions; its cost."""
    tables = [_table((at,), sizes, [], [], []) for at in range(len(sizes))]
    for limit in limits:
        scope = tuple(dict.fromkeys((limit.tail, limit.head)))
        tables.append(_table(scope, sizes, [limit], [], []))
    for pull in pulls:
        scope = (pull.head,) if pull.reference is None else (pull.head, pull.reference)
        tables.append(_table(scope, sizes, [], [pull], []))
    tables += [_table((own.variable,), sizes, [], [], [own]) for own in preferences]
    order: list[tuple[int, Choice, dict[Choice, tuple[int, int]]]] = []
    left = set(range(len(sizes)))
    while left:
        neighbours = {at: {v for scope, _ in tables if at in scope for v in scope} for at in left}
        variable = min(left, key=lambda at: (len(neighbours[at]), at))
        left.discard(variable)
        scope = tuple(sorted(neighbours[variable] - {variable}))
        own = [table for table in tables if variable in table[0]]
        tables = [table for table in tables if variable not in table[0]]
        best: dict[Choice, tuple[int, int]] = {}
        for choice in product(*(range(sizes[at]) for at in scope)):
            given = dict(zip(scope, choice, strict=True))
            for candidate in range(sizes[variable]):
                given[variable] = candidate
                costs = [costs.get(tuple(given[at] for at in names)) for names, costs in own]
                if None not in costs:
                    cost = sum(cost for cost in costs if cost is not None)
                    best[choice] = min(best.get(choice, (cost, candidate)), (cost, candidate))
        if not best:
            return None
        order.append((variable, scope, best))
        tables.append((scope, {choice: cost for choice, (cost, _) in best.items()}))
    total = sum(costs[()] for scope, costs in tables if not scope)
    chosen: dict[int, int] = {}
    for variable, scope, best in reversed(order):
        chosen[variable] = best[tuple(chosen[at] for at in scope)][1]
    return tuple(chosen[at] for at in range(len(sizes))), total


def _table(
    scope: Choice,
    sizes: Sequence[int],
    limits: Sequence[Limit],
    pulls: Sequence[TargetCost],
    preferences: Sequence[Preference],
) -> Table:
    """What each choice costs; choices that a limit forbids are missing."""
    costs: dict[Choice, int] = {}
    for choice in product(*(range(sizes[at]) for at in scope)):
        at = dict(zip(scope, choice, strict=True))
        if all(at[limit.head] >= limit.least[at[limit.tail]] for limit in limits):
            cost = sum(own.costs[at[own.variable]] for own in preferences)
            for head, reference, weight, position, goal, shift in pulls:
                aim = goal if isinstance(goal, int) or reference is None else goal[at[reference]]
                assert isinstance(aim, int), "without a reference the goal is a number"
                cost += weight * abs(position[at[head]] - aim - shift)
            costs[choice] = cost
    return scope, costs
