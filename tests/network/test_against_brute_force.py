"""Every answer of the network against trying all values, on networks small enough for that.

Why a finite horizon decides: call a gap of a solution wide when two neighbouring values are more
than ``reach = largest amount in steps + 2 * period`` apart. A bound across a wide gap that limits
how far apart its ends are would be broken; so every bound across it only keeps them apart, and
moving all values beyond the gap by one period, closer or farther, leaves a solution. Hence a
network that can hold has a solution without wide gaps, none of whose values is further than
``(n - 1) * reach`` from the first node's; and a node that can go beyond that can go anywhere.
"""

import hypothesis.strategies as st
from hypothesis import assume, given, settings

from planner.network import (
    Network,
    conflict,
    distance,
    earliest,
    independent_conflicts,
    is_consistent,
    is_redundant,
    latest,
)

BOX = 1  # cells around the first node that a boxed network allows


def holds(network, values):
    period = network.period
    for tail, head, least, most, coarse, _ in network.bounds:
        if tail < len(values) and head < len(values):
            gap = values[head] - values[tail]
            if coarse:
                gap = values[head] // period - values[tail] // period
            if (least is not None and gap < least) or (most is not None and gap > most):
                return False
    return True


def solutions(network, horizon):
    """All solutions with the first node in cell 0 and the others within the horizon of it."""

    def extend(values):
        node = len(values)
        if node == len(network):
            yield values
            return
        opens, closes = network.phases[node]
        for value in range(-horizon, horizon + network.period) if values else range(network.period):
            if opens <= value % network.period <= closes and holds(network, [*values, value]):
                yield from extend([*values, value])

    return extend([])


def reach(network):
    amounts = [
        abs(amount) * (network.period if bound.coarse else 1)
        for bound in network.bounds
        for amount in (bound.least, bound.most)
        if amount is not None
    ]
    return max(amounts, default=0) + 2 * network.period


def can_hold(network):
    horizon = (len(network) - 1) * reach(network)
    return next(solutions(network, horizon), None) is not None


def rebuilt(network, *, phases=None, bounds=None):
    copy = Network(network.period)
    for phase, rule in zip(phases or network.phases, network.phase_rules, strict=True):
        copy.add_node(phase, rule)
    for bound in network.bounds if bounds is None else bounds:
        copy.add_bound(
            bound.tail, bound.head, bound.least, bound.most, coarse=bound.coarse, rule=bound.rule
        )
    return copy


def only(network, rules):
    """The same nodes under these rules alone (and the phases that are beyond dispute)."""
    full = (0, network.period - 1)
    return rebuilt(
        network,
        phases=[
            phase if rule is None or rule in rules else full
            for phase, rule in zip(network.phases, network.phase_rules, strict=True)
        ],
        bounds=[bound for bound in network.bounds if bound.rule in rules],
    )


def all_rules(network):
    return {bound.rule for bound in network.bounds} | set(network.phase_rules) - {None}


@st.composite
def networks(draw, *, nodes=3, boxed=False, longest_period=4):
    """Random bounds of both scales and phases, some sharing a rule; if boxed, all nodes are near
    the first one, which keeps even five nodes within reach of brute force."""
    period = draw(st.integers(1, longest_period if nodes <= 4 else 2))
    network = Network(period)
    for node in range(nodes):
        if draw(st.booleans()):
            opens = draw(st.integers(0, period - 1))
            closes = draw(st.integers(opens, period - 1))
            network.add_node((opens, closes), draw(st.sampled_from([None, 0, 10 + node])))
        else:
            network.add_node()
    if boxed:
        for node in range(1, nodes):
            network.add_bound(0, node, -BOX, BOX, coarse=True, rule=100 + node)
    for number in range(draw(st.integers(1, 2 * nodes))):
        coarse = draw(st.booleans())
        amounts = st.none() | st.integers(*((-1, 1) if coarse else (-period, period)))
        least, most = draw(amounts), draw(amounts)
        if least is not None and most is not None and draw(st.integers(0, 4)):
            least, most = min(least, most), max(least, most)
        network.add_bound(
            draw(st.integers(0, nodes - 1)),
            draw(st.integers(0, nodes - 1)),
            least,
            most,
            coarse=coarse,
            rule=draw(st.sampled_from([number, 0])),
        )
    return network


def box_solutions(network):
    return list(solutions(network, BOX * network.period))


def relative(network, found, source):
    """The solutions, each shifted so that the source lies in cell 0."""
    period = network.period
    return [[value - values[source] // period * period for value in values] for values in found]


@settings(max_examples=150, deadline=None)
@given(networks())
def test_a_network_is_consistent_exactly_when_some_values_satisfy_it(network):
    assert is_consistent(network) == can_hold(network)


@settings(max_examples=100, deadline=None)
@given(st.integers(4, 5).flatmap(lambda nodes: networks(nodes=nodes, boxed=True)))
def test_windows_of_near_nodes_are_the_extremes_of_all_solutions(network):
    found = box_solutions(network)
    assert is_consistent(network) == bool(found)
    for source in range(len(network) if found else 0):
        columns = list(zip(*relative(network, found, source), strict=True))
        assert earliest(network, source) == [min(column) for column in columns]
        assert latest(network, source) == [max(column) for column in columns]


@settings(max_examples=100, deadline=None)
@given(networks(longest_period=2))
def test_a_window_is_open_exactly_when_values_beyond_every_horizon_satisfy_it(network):
    bounded = (len(network) - 1) * reach(network)
    # Twice as far, for a node may have to push another one ahead of it.
    found = list(solutions(network, 2 * bounded + 2 * network.period))
    assume(found)
    columns = list(zip(*found, strict=True))
    least = [min(column) for column in columns]
    greatest = [max(column) for column in columns]
    assert earliest(network, 0) == [None if value < -bounded else value for value in least]
    assert latest(network, 0) == [
        None if value > bounded + network.period else value for value in greatest
    ]


@settings(max_examples=100, deadline=None)
@given(networks(nodes=4, boxed=True))
def test_windows_around_a_fixed_value_are_the_extremes_of_the_solutions_with_it(network):
    found = box_solutions(network)
    assume(found)
    for at in range(network.period):
        there = [values for values in found if values[0] == at]
        if there:
            columns = list(zip(*there, strict=True))
            assert earliest(network, 0, at) == [min(column) for column in columns]
            assert latest(network, 0, at) == [max(column) for column in columns]
            later = at + 3 * network.period
            shifted = [min(column) + 3 * network.period for column in columns]
            assert earliest(network, 0, later) == shifted
        else:
            for question in (earliest, latest):
                try:
                    question(network, 0, at)
                except ValueError:
                    continue
                raise AssertionError("no solution has the first node there")


@settings(max_examples=100, deadline=None)
@given(networks(nodes=4, boxed=True))
def test_distances_are_the_extremes_over_all_solutions_on_both_scales(network):
    found = box_solutions(network)
    assume(found)
    period = network.period
    for a in range(len(network)):
        for b in range(len(network)):
            fine = [values[b] - values[a] for values in found]
            cells = [values[b] // period - values[a] // period for values in found]
            assert distance(network, a, b, coarse=False) == (min(fine), max(fine))
            assert distance(network, a, b) == (min(cells), max(cells))


@settings(max_examples=100, deadline=None)
@given(networks(nodes=4, boxed=True))
def test_a_rule_is_redundant_exactly_when_leaving_it_out_allows_nothing_more(network):
    found = box_solutions(network)
    assume(found)
    for rule in all_rules(network):
        if rule < 100:  # without a side of the box, counting would not be decisive
            without = only(network, all_rules(network) - {rule})
            assert is_redundant(network, rule) == (len(box_solutions(without)) == len(found))


@settings(max_examples=150, deadline=None)
@given(networks(), st.data())
def test_widening_a_bound_never_makes_a_consistent_network_inconsistent(network, data):
    assume(is_consistent(network))
    i = data.draw(st.integers(0, len(network.bounds) - 1))
    bound = network.bounds[i]
    wider = bound._replace(
        least=None if bound.least is None else bound.least - data.draw(st.integers(0, 9)),
        most=None if bound.most is None else bound.most + data.draw(st.integers(0, 9)),
    )
    bounds = [*network.bounds[:i], wider, *network.bounds[i + 1 :]]
    assert is_consistent(rebuilt(network, bounds=bounds))


@settings(max_examples=150, deadline=None)
@given(networks())
def test_no_rule_of_a_conflict_can_be_left_out(network):
    found = conflict(network)
    assert (found is None) == can_hold(network)
    assume(found is not None)
    assert not can_hold(only(network, found.rules))
    for rule in found.rules:
        assert can_hold(only(network, set(found.rules) - {rule}))


@settings(max_examples=60, deadline=None)
@given(networks(nodes=5, boxed=True))
def test_no_rule_of_a_larger_conflict_can_be_left_out(network):
    found = conflict(network)
    assume(found is not None)
    assert not is_consistent(only(network, found.rules))
    for rule in found.rules:
        assert is_consistent(only(network, set(found.rules) - {rule}))


def widened(network, relaxation, amount):
    if relaxation.bound is None:
        opens, closes = network.phases[relaxation.node]
        phases = network.phases[:]
        wider = (opens - amount, closes) if relaxation.side == "opens" else (opens, closes + amount)
        phases[relaxation.node] = wider
        return rebuilt(network, phases=phases)
    bounds = network.bounds[:]
    bound = bounds[relaxation.bound]
    bounds[relaxation.bound] = (
        bound._replace(least=bound.least - amount)
        if relaxation.side == "least"
        else bound._replace(most=bound.most + amount)
    )
    return rebuilt(network, bounds=bounds)


def freed(network, relaxation):
    if relaxation.bound is None:
        opens, closes = network.phases[relaxation.node]
        most = opens if relaxation.side == "opens" else network.period - 1 - closes
        return widened(network, relaxation, most)
    bounds = network.bounds[:]
    bounds[relaxation.bound] = bounds[relaxation.bound]._replace(**{relaxation.side: None})
    return rebuilt(network, bounds=bounds)


@settings(max_examples=100, deadline=None)
@given(networks())
def test_a_relaxation_is_just_enough_to_resolve_its_conflict(network):
    found = conflict(network)
    assume(found is not None)
    for relaxation in found.relaxations:
        assert relaxation.rule in found.rules
        if relaxation.bound is None:
            kept = only(network, found.rules)
        else:  # the numbers of the bounds must stay those of the whole network
            kept = rebuilt(
                only(network, found.rules),
                bounds=[
                    b if b.rule in found.rules else b._replace(least=None, most=None)
                    for b in network.bounds
                ],
            )
        if relaxation.amount is None:
            assert not can_hold(freed(kept, relaxation))
        else:
            assert relaxation.amount > 0
            assert can_hold(widened(kept, relaxation, relaxation.amount))
            assert not can_hold(widened(kept, relaxation, relaxation.amount - 1))


@settings(max_examples=150, deadline=None)
@given(networks(nodes=4))
def test_the_steps_of_a_conflict_are_a_closed_walk_that_ends_too_late(network):
    found = conflict(network)
    assume(found is not None)
    period = network.period
    for step, following in zip(found.steps, found.steps[1:] + found.steps[:1], strict=True):
        assert step.head == following.tail
        if step.side == "phase":
            assert (step.tail, step.end) == (step.head, step.start + step.amount)
            assert network.phases[step.head][0] == step.end % period
            continue
        bound = network.bounds[step.bound]
        assert bound.rule == step.rule in found.rules
        written = (bound.tail, bound.head, bound.least)
        if step.side == "most":
            written = (bound.head, bound.tail, -bound.most)
        assert (step.tail, step.head, step.amount) == written
        start = step.start // period * period if step.coarse else step.start
        assert step.end == start + step.amount * (period if step.coarse else 1)
    assert found.steps[0].start // period == 0
    assert found.steps[-1].end - found.steps[0].start == found.shortfall > 0


@settings(max_examples=100, deadline=None)
@given(networks(nodes=4))
def test_leaving_out_the_last_rule_of_every_independent_conflict_resolves_all(network):
    found = independent_conflicts(network, limit=100)
    dropped = [one.rules[-1] for one in found if one.rules]
    assert len(set(dropped)) == len(dropped)
    assert is_consistent(only(network, all_rules(network) - set(dropped)))
    assert [one.rules for one in found][:1] == [
        one.rules for one in [conflict(network)] if one is not None
    ]
