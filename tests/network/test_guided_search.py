"""Distances between two nodes, found by a search, against propagation through the whole network."""

import random
from collections.abc import Iterable

import pytest

from planner.network import Network, distance, earliest, is_consistent, latest
from planner.network.further_bounds import can_hold_with
from planner.network.temporal import Bound
from planner.network.windows import least_distance

Span = tuple[int | None, int | None]


def random_bound(rng: random.Random, hidden: list[int], period: int, rule: int) -> Bound:
    """One that the hidden values satisfy, on either scale, open on a side at times."""
    tail, head = rng.randrange(len(hidden)), rng.randrange(len(hidden))
    if rng.random() < 0.6:  # most rules are about visits that are near
        head = min(len(hidden) - 1, tail + rng.randint(0, 3))
    coarse = rng.random() < 0.6
    gap = hidden[head] - hidden[tail]
    if coarse:
        gap = hidden[head] // period - hidden[tail] // period
    least = None if rng.random() < 0.25 else gap - rng.randrange(3)
    most = None if rng.random() < 0.25 else gap + rng.randrange(3)
    return Bound(tail, head, least, most, coarse, rule)


def random_network(seed: int, *, nodes: int = 14) -> tuple[Network, list[int], random.Random]:
    """A network that can hold, values that satisfy it, and chance to go on with."""
    rng = random.Random(seed)
    period = rng.choice([1, 2, 5, 7])
    network, hidden = Network(period), []
    for node in range(nodes):
        value = node * rng.choice([1, period]) + rng.randrange(period)
        opens = rng.randint(0, value % period)
        closes = rng.randint(value % period, period - 1)
        network.add_node((opens, closes) if rng.random() < 0.5 else None, rule=1000 + node)
        hidden.append(value)
    for rule in range(rng.choice([nodes // 2, nodes, 2 * nodes])):
        add(network, [random_bound(rng, hidden, period, rule)])
    return network, hidden, rng


def add(network: Network, bounds: Iterable[Bound]) -> None:
    for tail, head, least, most, coarse, rule in bounds:
        network.add_bound(tail, head, least, most, coarse=coarse, rule=rule)


def coarse_by_propagation(network: Network, a: int, b: int) -> Span:
    """The dates of the earliest and of the latest schedule around one node."""
    soonest, last = earliest(network, a)[b], latest(network, a)[b]
    return (
        None if soonest is None else soonest // network.period,
        None if last is None else last // network.period,
    )


def fine_by_propagation(network: Network, a: int, b: int) -> Span:
    """The extremes over all times of day at which the first of the nodes can be."""
    least: list[int | None] = []
    most: list[int | None] = []
    for at in range(network.period):
        try:
            soonest, last = earliest(network, a, at)[b], latest(network, a, at)[b]
        except ValueError:
            continue
        least.append(None if soonest is None else soonest - at)
        most.append(None if last is None else last - at)
    assert least, "some time of day"
    return (
        None if None in least else min(one for one in least if one is not None),
        None if None in most else max(one for one in most if one is not None),
    )


@pytest.mark.parametrize("seed", range(60))
def test_distances_are_those_of_whole_schedules(seed: int) -> None:
    network, _, _ = random_network(seed)
    for a in range(len(network)):
        for b in range(len(network)):
            assert distance(network, a, b) == coarse_by_propagation(network, a, b)
            assert distance(network, a, b, coarse=False) == fine_by_propagation(network, a, b)


def without(network: Network, rules: frozenset[int]) -> Network:
    """The same nodes with neither bounds nor phases of some rules."""
    rest = Network(network.period)
    for phase, rule in zip(network.phases, network.phase_rules, strict=True):
        rest.add_node(None if rule in rules else phase, rule)
    add(rest, (bound for bound in network.bounds if bound.rule not in rules))
    return rest


@pytest.mark.parametrize("seed", range(60))
def test_rules_left_out_do_not_count(seed: int) -> None:
    network, _, rng = random_network(seed, nodes=9)
    rules = [bound.rule for bound in network.bounds] + [1000, 1001, 1002]
    left_out = frozenset(rng.sample(rules, 4))
    rest = without(network, left_out)
    for a in range(len(network)):
        for b in range(len(network)):
            for coarse in (True, False):
                found = distance(network, a, b, coarse=coarse, left_out=left_out)
                assert found == distance(rest, a, b, coarse=coarse)


@pytest.mark.parametrize("seed", range(60))
def test_a_distance_that_is_less_than_asked_for_is_none(seed: int) -> None:
    network, _, rng = random_network(seed)
    for a in range(len(network)):
        for b in range(len(network)):
            for coarse in (True, False):
                whole = least_distance(network, a, b, coarse=coarse)
                asked = rng.randint(-9, 9)
                found = least_distance(network, a, b, coarse=coarse, from_on=asked)
                assert found == (None if whole is None or whole < asked else whole)


def extended(network: Network, bounds: list[Bound]) -> Network:
    other = without(network, frozenset())
    add(other, bounds)
    return other


@pytest.mark.parametrize("seed", range(60))
def test_further_bounds_hold_exactly_where_the_network_with_them_does(seed: int) -> None:
    network, hidden, rng = random_network(seed)
    for _ in range(20):
        slips = [value + rng.choice([0, 0, 1, network.period, -1]) for value in hidden]
        few = [random_bound(rng, slips, network.period, -1) for _ in range(rng.randint(1, 4))]
        assert can_hold_with(network, few) == is_consistent(extended(network, few))


def test_both_answers_about_further_bounds_occur() -> None:
    answers = set()
    for seed in range(20):
        network, hidden, rng = random_network(seed)
        slips = [value + rng.choice([0, 1, -1]) for value in hidden]
        answers.add(can_hold_with(network, [random_bound(rng, slips, network.period, -1)]))
    assert answers == {True, False}


def test_nothing_is_asked_of_a_network_that_cannot_hold() -> None:
    network = Network()
    network.add_node(), network.add_node()
    network.add_bound(0, 1, 2, None, rule=0)
    network.add_bound(0, 1, None, 1, rule=1)
    for question in (lambda: distance(network, 0, 1), lambda: can_hold_with(network, [])):
        with pytest.raises(ValueError, match="inconsistent"):
            question()
