"""A network that grows bound by bound, against the network that is asked as a whole."""

from itertools import combinations

from hypothesis import example, given
from hypothesis import strategies as st

from planner.network.incremental import GrowingNetwork
from planner.network.temporal import Network
from planner.network.windows import is_consistent

NODES = 4
Limits = tuple[int, int, int, int]


def can_hold(bounds: list[Limits]) -> bool:
    network = Network()
    for _ in range(NODES):
        network.add_node()
    for rule, (tail, head, least, most) in enumerate(bounds):
        network.add_bound(tail, head, least, most, rule=rule)
    return is_consistent(network)


bounds_drawn = st.lists(
    st.tuples(
        st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(-9, 9), st.integers(0, 4)
    ).map(lambda drawn: (*drawn[:3], drawn[2] + drawn[3])),
    max_size=9,
)


@given(bounds_drawn, st.lists(st.integers(-50, 50), min_size=NODES, max_size=NODES))
@example([(0, 1, 3, 3), (1, 0, -3, -3)], [0, 0, 0, 0])
@example([(0, 1, 3, 3), (0, 1, 4, 4)], [0, 0, 0, 0])
@example([(2, 2, 1, 1)], [0, 0, 0, 0])
def test_a_bound_is_added_where_it_can_hold_with_those_before(
    bounds: list[Limits], times: list[int]
) -> None:
    network = GrowingNetwork(times)
    kept: list[Limits] = []
    for rule, (tail, head, least, most) in enumerate(bounds):
        against = network.add(tail, head, least, most, rule)
        assert (against is None) == can_hold([*kept, bounds[rule]])
        if against is None:
            kept.append(bounds[rule])
            continue
        assert against[0] == rule
        conflict = [bounds[one] for one in against]
        assert not can_hold(conflict)
        assert all(can_hold(list(rest)) for rest in combinations(conflict, len(conflict) - 1))
        assert set(conflict) <= {*kept, bounds[rule]}


def test_bounds_that_hold_at_the_times_given_cost_no_work() -> None:
    network = GrowingNetwork([0, 10, 20])
    assert network.add(0, 1, 10, 10, 0) is None
    assert network.add(1, 2, 5, 15, 1) is None
    assert network.work == 0
    assert network.add(0, 2, 16, 18, 2) is None
    assert network.work > 0
