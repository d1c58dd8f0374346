"""What the two scales mean, in days and minutes: DOMAIN.md's section on time, by example."""

from itertools import pairwise

import pytest

from planner.network import Network, distance, earliest, is_consistent, latest

HOUR = 60
DAY = 24 * HOUR


def at(hour, minute=0):
    """The phase of a visit that starts at one time of day only."""
    return (hour * HOUR + minute, hour * HOUR + minute)


def two_visits(first, second):
    network = Network(DAY)
    return network, network.add_node(first), network.add_node(second)


def test_a_visit_at_nine_and_one_at_eight_can_be_a_day_apart():
    network, first, second = two_visits(at(9), at(8))
    network.add_bound(first, second, 1, 1, coarse=True, rule=0)
    assert is_consistent(network)
    assert earliest(network, first) == latest(network, first) == [9 * HOUR, DAY + 8 * HOUR]


def test_a_visit_at_nine_and_one_at_eight_cannot_be_24_hours_apart():
    network, first, second = two_visits(at(9), at(8))
    network.add_bound(first, second, 24 * HOUR, 24 * HOUR, rule=0)
    assert not is_consistent(network)


def test_at_least_24_hours_after_nine_means_two_days_for_a_visit_at_eight():
    network, first, second = two_visits(at(9), at(8))
    network.add_bound(first, second, 24 * HOUR, None, rule=0)
    assert distance(network, first, second) == (2, None)
    assert distance(network, first, second, coarse=False) == (47 * HOUR, None)


def test_the_same_day_is_up_to_a_minute_less_than_24_hours_apart():
    network, first, second = two_visits(None, None)
    network.add_bound(first, second, 0, 0, coarse=True, rule=0)
    assert distance(network, first, second, coarse=False) == (1 - DAY, DAY - 1)


def test_one_hour_apart_can_be_the_next_day():
    network, first, second = two_visits(None, None)
    network.add_bound(first, second, HOUR, HOUR, rule=0)
    assert distance(network, first, second) == (0, 1)


def test_the_morning_after_an_overnight_stay_comes_after_its_end():
    network = Network(DAY)
    dosing = network.add_node((9 * HOUR, 10 * HOUR))
    stay_ends = network.add_node()
    integration = network.add_node((8 * HOUR, 12 * HOUR))
    network.add_bound(dosing, stay_ends, 23 * HOUR, 24 * HOUR, rule=0)
    network.add_bound(dosing, integration, 1, 1, coarse=True, rule=1)
    network.add_bound(stay_ends, integration, 30, None, rule=2)
    assert earliest(network, dosing) == [9 * HOUR, DAY + 8 * HOUR, DAY + 8 * HOUR + 30]
    assert latest(network, dosing) == [10 * HOUR, DAY + 10 * HOUR, DAY + 12 * HOUR]


def test_a_stay_that_ends_after_noon_leaves_no_next_morning():
    network = Network(DAY)
    dosing = network.add_node((9 * HOUR, 10 * HOUR))
    stay_ends = network.add_node()
    integration = network.add_node((8 * HOUR, 12 * HOUR))
    network.add_bound(dosing, stay_ends, 27 * HOUR + 1, None, rule=0)
    network.add_bound(dosing, integration, 1, 1, coarse=True, rule=1)
    network.add_bound(stay_ends, integration, 0, None, rule=2)
    assert not is_consistent(network)


def test_a_run_sheet_goes_on_after_midnight():
    network = Network(DAY)
    start = network.add_node(at(22))
    items = [network.add_node() for _ in range(3)]
    before = start
    for rule, item in enumerate(items):
        network.add_bound(before, item, 90, 90, rule=rule)
        before = item
    assert earliest(network, start) == [22 * HOUR, 23 * HOUR + 30, DAY + HOUR, DAY + 2 * HOUR + 30]
    assert distance(network, start, items[0]) == (0, 0)
    assert distance(network, start, items[-1]) == (1, 1)


def test_a_bound_in_minutes_is_rounded_to_opening_hours_only():
    network, first, second = two_visits((8 * HOUR, 17 * HOUR), (8 * HOUR, 17 * HOUR))
    network.add_bound(first, second, 4 * HOUR, None, rule=0)
    assert earliest(network, first, 12 * HOUR)[second] == 16 * HOUR
    assert earliest(network, first, 14 * HOUR)[second] == DAY + 8 * HOUR


def test_days_before_the_anchor_are_negative_cells():
    network, anchor, screening = two_visits(at(9), at(16))
    network.add_bound(anchor, screening, -28, -3, coarse=True, rule=0)
    assert earliest(network, anchor)[screening] == -28 * DAY + 16 * HOUR
    assert latest(network, anchor)[screening] == -3 * DAY + 16 * HOUR


def test_going_round_may_wait_once_for_opening_and_then_be_content():
    # The end is pushed to 09:00, which pushes the start to 09:00, and that is all.
    network = Network(DAY)
    start, end = network.add_node((8 * HOUR, 10 * HOUR)), network.add_node((9 * HOUR, 10 * HOUR))
    network.add_bound(start, end, 0, 0, rule=0)
    assert is_consistent(network)
    assert earliest(network, start) == [9 * HOUR, 9 * HOUR]


def test_two_rounds_that_are_content_alone_can_push_each_other_for_ever():
    # At 08:00 by one rule, at 09:00 by the other; no round that passes the visit once proves it.
    network = Network(DAY)
    visit, eight, nine = network.add_node(), network.add_node(at(8)), network.add_node(at(9))
    network.add_bound(visit, eight, 0, 0, rule=0)
    assert is_consistent(network)
    network.add_bound(visit, nine, 0, 0, rule=1)
    assert not is_consistent(network)


def test_a_source_that_cannot_lie_there_is_an_error():
    network, first, second = two_visits((8 * HOUR, 10 * HOUR), at(9))
    network.add_bound(first, second, 0, 0, rule=0)
    assert earliest(network, first, 9 * HOUR) == [9 * HOUR, 9 * HOUR]
    for elsewhere in (8 * HOUR, 10 * HOUR, 11 * HOUR):
        with pytest.raises(ValueError, match="no solution"):
            earliest(network, first, elsewhere)
        with pytest.raises(ValueError, match="no solution"):
            latest(network, first, elsewhere)


def test_a_network_may_grow_after_it_was_asked():
    network, first, second = two_visits(None, None)
    network.add_bound(first, second, 3, None, coarse=True, rule=0)
    assert is_consistent(network)
    network.add_bound(first, second, None, 2, coarse=True, rule=1)
    assert not is_consistent(network)


def test_a_long_chain_may_be_listed_in_any_order():
    for order in (range(3000), range(2999, -1, -1)):
        network = Network(DAY)
        for _ in range(3000):
            network.add_node(at(9))
        listed = list(order)
        for rule, (before, after) in enumerate(pairwise(listed)):
            network.add_bound(before, after, 1, 2, coarse=True, rule=rule)
        assert is_consistent(network)
        assert earliest(network, listed[0])[listed[-1]] == 2999 * DAY + 9 * HOUR
        assert latest(network, listed[0])[listed[-1]] == 2 * 2999 * DAY + 9 * HOUR


def test_an_empty_network_is_consistent():
    assert is_consistent(Network(DAY))


@pytest.mark.parametrize("phase", [(-1, 5), (0, DAY), (6, 5)])
def test_a_phase_outside_the_day_or_upside_down_is_an_error(phase):
    with pytest.raises(ValueError, match="phase"):
        Network(DAY).add_node(phase)


@pytest.mark.parametrize("ends", [(0, 1), (1, 0), (-1, 0), (0, -1)])
def test_a_bound_on_a_node_that_was_never_added_is_an_error(ends):
    network = Network(DAY)
    network.add_node()
    with pytest.raises(ValueError, match="node"):
        network.add_bound(*ends, 0, 1, rule=0)


def test_a_period_below_one_is_an_error():
    with pytest.raises(ValueError, match="period"):
        Network(0)
