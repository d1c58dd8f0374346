"""Whether a network that can hold still can with a few bounds more.

The ends of the new bounds are all that matters. How far one of them pushes another by way of the
old bounds is a question for a search; the new bounds push on from there, until nothing moves any
more, or a round has come up that can be walked for ever.
"""

from collections.abc import Sequence

from planner.network.compiled import compiled
from planner.network.guided_search import least_value, led_by_schedules
from planner.network.propagation import Record, impossible_round
from planner.network.temporal import Bound, Network

_EXACT, _ROUNDED = 0, ~0
"""In the place of an edge's number: whether the way to a record only adds amounts."""


def can_hold_with(network: Network, bounds: Sequence[Bound]) -> bool:
    """Tell whether any values satisfy a network and these bounds, too.

    Args:
        network: consistent.
        bounds: between its nodes; their rules do not matter.

    Raises:
        ValueError: the network is inconsistent without them.
    """
    whole = led_by_schedules(compiled(network))
    graph = whole.upward
    steps: dict[int, list[tuple[int, int, bool]]] = {}
    reached: dict[int, Record] = {}
    for tail, head, least, most, coarse, _ in bounds:
        tail, head = whole.place[tail], whole.place[head]
        for place in (tail, head):
            reached[place] = (place, whole.solution[place], _EXACT, None)
        if least is not None:
            steps.setdefault(tail, []).append((head, least, coarse))
        if most is not None:
            steps.setdefault(head, []).append((tail, -most, coarse))
    raised = list(steps)
    for node in raised:  # grows while it is walked
        for there, amount, coarse in steps[node]:
            value = reached[node][1]
            if coarse:
                value = (value // graph.period + amount) * graph.period
            else:
                value += amount
            arrival = graph.round_up(there, value)
            if arrival <= reached[there][1]:
                continue
            mark = _ROUNDED if coarse or arrival > value else _EXACT
            reached[there] = record = (there, arrival, mark, reached[node])
            if there in steps:
                raised.append(there)
            for tail in steps:
                pushed, apart = least_value(graph, there, arrival, tail, known=reached[tail][1])
                if pushed > reached[tail][1]:
                    mark = _ROUNDED if apart is None else _EXACT
                    reached[tail] = (tail, pushed, mark, record)
                    if impossible_round(graph.period, reached[tail]) is not None:
                        return False
                    raised.append(tail)
            if impossible_round(graph.period, record) is not None:
                return False
    return True
