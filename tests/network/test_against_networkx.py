"""The plain network against networkx's Bellman-Ford, on networks too large for brute force."""

import random

import networkx as nx
import pytest

from planner.network import Network, conflict, earliest, is_consistent, latest

NODES, BOUNDS = 60, 150


def random_network(seed, *, period, coarse):
    """Bounds around a hidden solution; the tighter they are, the likelier they contradict it."""
    rng = random.Random(seed)
    hidden = [rng.randrange(200) for _ in range(NODES)]
    slip = rng.choice([0, 0, 1, 3])
    network = Network(period)
    for _ in range(NODES):
        network.add_node()
    for rule in range(BOUNDS):
        tail, head = rng.sample(range(NODES), 2)
        gap = hidden[head] - hidden[tail] + rng.randint(-slip, slip)
        least = gap - rng.randrange(9) if rng.random() < 0.8 else None
        most = gap + rng.randrange(9) if rng.random() < 0.8 else None
        network.add_bound(tail, head, least, most, coarse=coarse, rule=rule)
    return network


def distance_graph(network):
    """An edge u -> v of weight w for ``x_v - x_u <= w``: latest values are shortest paths."""
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(network)))
    for bound in network.bounds:
        for u, v, weight in (
            (bound.tail, bound.head, bound.most),
            (bound.head, bound.tail, None if bound.least is None else -bound.least),
        ):
            if (
                weight is not None
                and weight < graph.get_edge_data(u, v, {"weight": weight + 1})["weight"]
            ):
                graph.add_edge(u, v, weight=weight)
    return graph


@pytest.mark.parametrize(("period", "coarse"), [(1, False), (1, True), (1440, False), (7, True)])
@pytest.mark.parametrize("seed", range(25))
def test_the_plain_network_agrees_with_bellman_ford(seed, period, coarse):
    network = random_network(seed, period=period, coarse=coarse)
    graph = distance_graph(network)
    scale = period if coarse else 1
    if nx.negative_edge_cycle(graph):
        assert not is_consistent(network)
        found = conflict(network)
        # A simple negative cycle, and nothing else: each rule is one step of it.
        assert sorted(step.rule for step in found.steps) == list(found.rules)
        assert sum(step.amount for step in found.steps) * scale == found.shortfall > 0
        return
    assert is_consistent(network)
    to_latest = nx.single_source_bellman_ford_path_length(graph, 0)
    to_earliest = nx.single_source_bellman_ford_path_length(graph.reverse(), 0)
    end_of_cell = period - 1  # where the source, or a day, ends at the latest
    for node, (first, last) in enumerate(
        zip(earliest(network, 0), latest(network, 0), strict=True)
    ):
        if node in to_earliest:
            assert first == -to_earliest[node] * scale
        else:
            assert first is None
        if node in to_latest:
            assert last == to_latest[node] * scale + end_of_cell
        else:
            assert last is None


def test_both_verdicts_occur_among_the_random_networks():
    verdicts = {is_consistent(random_network(seed, period=1, coarse=False)) for seed in range(25)}
    assert verdicts == {True, False}
