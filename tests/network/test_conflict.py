"""Why rules contradict each other, and what would help, by example."""

from itertools import pairwise

from planner.network import Network, Relaxation, conflict, independent_conflicts, is_redundant

HOUR = 60
DAY = 24 * HOUR


def in_days(nodes, *bounds):
    """Nodes on any day, and a calendar bound (tail, head, least, most) for each rule 0, 1, ..."""
    network = Network(DAY)
    for _ in range(nodes):
        network.add_node()
    for rule, (tail, head, least, most) in enumerate(bounds):
        network.add_bound(tail, head, least, most, coarse=True, rule=rule)
    return network


def test_a_conflict_writes_out_which_days_are_missing():
    network = in_days(3, (0, 2, None, 35), (0, 1, 14, None), (1, 2, 30, None))
    found = conflict(network)
    assert found.rules == (0, 1, 2)
    assert [(s.tail, s.head, s.amount, s.side, s.rule) for s in found.steps] == [
        (0, 1, 14, "least", 1),
        (1, 2, 30, "least", 2),
        (2, 0, -35, "most", 0),
    ]
    assert found.shortfall == 9 * DAY
    assert [(r.rule, r.side, r.amount) for r in found.relaxations] == [
        (0, "most", 9),
        (1, "least", 9),
        (2, "least", 9),
    ]


def test_a_rule_beside_the_conflict_is_not_part_of_it():
    network = in_days(4, (0, 1, 1, 2), (1, 2, 5, 6), (0, 2, 0, 5), (2, 3, 1, 9), (0, 3, 0, 90))
    assert conflict(network).rules == (0, 1, 2)


def test_the_side_of_a_rule_that_is_not_to_blame_has_no_relaxation():
    found = conflict(in_days(2, (0, 1, 1, 2), (0, 1, 5, 6)))
    assert [(r.rule, r.side, r.amount) for r in found.relaxations] == [
        (0, "least", None),
        (0, "most", 3),
        (1, "least", 3),
        (1, "most", None),
    ]


def test_a_rule_upside_down_contradicts_itself():
    found = conflict(in_days(2, (0, 1, 3, 1)))
    assert found.rules == (0,)
    assert found.shortfall == 2 * DAY


def test_two_sides_of_one_rule_may_make_the_smaller_conflict():
    network = in_days(3)
    network.add_bound(0, 1, 4, None, coarse=True, rule=7)
    network.add_bound(1, 2, 4, None, coarse=True, rule=8)
    network.add_bound(0, 2, None, 7, coarse=True, rule=7)
    network.add_bound(1, 2, None, 3, coarse=True, rule=8)
    assert conflict(network).rules == (8,)


def test_24_hours_against_one_day_names_the_times_of_day_too():
    network = Network(DAY)
    nine = network.add_node((9 * HOUR, 9 * HOUR), rule=0)
    eight = network.add_node((8 * HOUR, 8 * HOUR), rule=1)
    network.add_bound(nine, eight, 24 * HOUR, None, rule=2)
    network.add_bound(nine, eight, None, 1, coarse=True, rule=3)
    found = conflict(network)
    assert found.rules == (0, 1, 2, 3)
    assert [(s.side, s.amount) for s in found.steps] == [
        ("least", 24 * HOUR),  # from 09:00 to 09:00 on the next day
        ("phase", 23 * HOUR),  # wait until 08:00
        ("most", -1),  # so the first visit cannot be before the day after its own
        ("phase", 9 * HOUR),
    ]
    assert found.shortfall == DAY
    assert set(found.relaxations) == {
        Relaxation(2, "least", 0, None, HOUR),
        Relaxation(3, "most", 1, None, 1),
        Relaxation(0, "opens", None, nine, HOUR),
        Relaxation(0, "closes", None, nine, None),  # being later is no help
        Relaxation(1, "opens", None, eight, None),
        Relaxation(1, "closes", None, eight, HOUR),
    }


def test_a_time_of_day_beyond_dispute_is_never_blamed():
    network = Network(DAY)
    nine = network.add_node((9 * HOUR, 9 * HOUR))
    eight = network.add_node((8 * HOUR, 8 * HOUR))
    network.add_bound(nine, eight, 24 * HOUR, 24 * HOUR, rule=4)
    found = conflict(network)
    assert found.rules == (4,)
    assert {(r.side, r.amount) for r in found.relaxations} == {("least", HOUR), ("most", 23 * HOUR)}


def test_a_fine_bound_need_only_give_up_to_the_next_opening():
    # Open 08:00-17:00: five hours after 13:00 is too late for the same day, by one hour.
    network = Network(DAY)
    first = network.add_node((13 * HOUR, 14 * HOUR))
    second = network.add_node((8 * HOUR, 17 * HOUR))
    network.add_bound(first, second, 5 * HOUR, None, rule=0)
    network.add_bound(first, second, 0, 0, coarse=True, rule=1)
    found = conflict(network)
    assert {(r.rule, r.side, r.amount) for r in found.relaxations} == {
        (0, "least", HOUR),
        (1, "least", None),
        (1, "most", 1),
    }


def test_a_consistent_network_has_no_conflict():
    network = in_days(2, (0, 1, 3, 5))
    assert conflict(network) is None
    assert independent_conflicts(network) == []


def test_conflicts_in_different_places_are_all_found():
    network = in_days(
        6, (0, 1, 3, None), (0, 1, None, 2), (2, 3, 9, None), (2, 3, None, 1), (4, 5, 1, 1)
    )
    assert sorted(found.rules for found in independent_conflicts(network)) == [(0, 1), (2, 3)]
    assert len(independent_conflicts(network, limit=1)) == 1


def test_of_thirty_times_of_day_for_one_visit_two_are_enough_to_blame():
    network = Network(DAY)
    visit = network.add_node()
    for hour in range(30):
        alias = network.add_node((hour * 45, hour * 45), rule=hour)
        network.add_bound(visit, alias, 0, 0, rule=100 + hour)
    first, second, *links = conflict(network).rules
    assert links == [100 + first, 100 + second]


def test_opening_hours_are_not_blamed_for_a_run_sheet_that_is_too_long_anyway():
    network = Network(DAY)
    items = [network.add_node((8 * HOUR, 17 * HOUR), rule=2 * i) for i in range(20)]
    for i, (before, after) in enumerate(pairwise(items)):
        network.add_bound(before, after, 10, None, rule=2 * i + 1)
    network.add_bound(items[0], items[-1], None, 180, rule=99)
    found = conflict(network)
    assert found.rules == (*range(1, 39, 2), 99)
    assert found.shortfall == 10


def test_a_conflict_of_thousands_of_rules_is_still_explained():
    chain = [(i, i + 1, 1, 2) for i in range(2999)]
    network = in_days(3000, *chain, (0, 2999, None, 2990))
    found = conflict(network)
    assert len(found.rules) == 3000
    assert found.shortfall == 9 * DAY
    assert {r.amount for r in found.relaxations if r.side == "most"} == {None, 9}


def test_a_rule_that_follows_from_the_others_changes_nothing():
    network = in_days(3, (0, 1, 2, 4), (1, 2, 2, 4), (0, 2, 4, 8), (0, 2, 5, 8))
    assert is_redundant(network, 2)
    assert not is_redundant(network, 0)
    assert not is_redundant(network, 3)


def test_a_time_of_day_that_the_bounds_force_anyway_changes_nothing():
    network = Network(DAY)
    start = network.add_node((9 * HOUR, 10 * HOUR), rule=0)
    end = network.add_node((11 * HOUR, 13 * HOUR), rule=1)
    network.add_bound(start, end, 2 * HOUR, 3 * HOUR, rule=2)
    assert is_redundant(network, 1)
    assert not is_redundant(network, 0)
    assert not is_redundant(network, 2)
