"""The exact placement against trying everything, and what it does in the words of a site."""

from bisect import bisect_left
from itertools import product

import hypothesis.strategies as st
import pytest
from hypothesis import example, given, settings

from planner.network.placement import (
    Infeasible,
    Limit,
    Preference,
    TargetCost,
    extremes,
    minimal_subset,
    place,
)
from planner.network.placement_costs import WeighedDistance, cheapest_reach


def window(tail, head, days, lowest, highest, rule=0):
    """``lowest <= head - tail <= highest`` as two limits; a side may be ``None``."""
    limits = []
    if lowest is not None:
        least = [bisect_left(days[head], day + lowest) for day in days[tail]]
        limits.append(Limit(tail, head, least, rule))
    if highest is not None:
        most = [day + highest for day in days[tail]]
        limits.append(Limit(head, tail, [bisect_left(most, day) for day in days[head]], rule))
    return limits


def target(tail, head, days, distance, weight=1):
    return TargetCost(head, tail, weight, days[head], [day + distance for day in days[tail]])


def sizes(days):
    return [len(one) for one in days]


# What it does, in the words of a site


MONDAY = 700  # any number that stands for a Monday
CLOSED_AT_WEEKENDS = (5, 6)


def open_days(first, last, closed=()):
    """Weekdays from ``first`` to ``last`` (days after a Monday) without the closed ones."""
    return [
        MONDAY + day
        for day in range(first, last + 1)
        if day % 7 not in CLOSED_AT_WEEKENDS and day not in closed
    ]


def placed(days, limits, pulls, preferences=()):
    """The dates of the placement, in days after the Monday, and the cost."""
    found = place(sizes(days), limits, pulls, preferences)
    assert found is not None
    return [one[at] - MONDAY for one, at in zip(days, found.indices, strict=True)], found.cost


def test_a_holiday_on_the_target_moves_the_visit_to_the_nearest_open_day():
    holiday = 8  # a Tuesday; Monday the 7th and Wednesday the 9th are as near
    days = [open_days(0, 0), open_days(5, 11, closed=[holiday, 7])]
    limits = window(0, 1, days, 5, 11)
    assert placed(days, limits, [target(0, 1, days, holiday)]) == ([0, 9], 1)


def test_of_two_open_days_as_near_the_earlier_one_is_taken():
    holiday = 8
    days = [open_days(0, 0), open_days(5, 11, closed=[holiday])]
    limits = window(0, 1, days, 5, 11)
    assert placed(days, limits, [target(0, 1, days, holiday)]) == ([0, 7], 1)


def test_the_next_visit_counts_from_where_its_reference_really_lies():
    holiday = 8
    days = [open_days(0, 0), open_days(5, 11, closed=[holiday, 7]), open_days(0, 40)]
    limits = [*window(0, 1, days, 5, 11), *window(1, 2, days, 10, 18)]
    pulls = [target(0, 1, days, holiday), target(1, 2, days, 14)]
    assert placed(days, limits, pulls) == ([0, 9, 23], 1)


def test_a_visit_leaves_its_target_where_that_spares_two_later_ones():
    days = [open_days(0, 0), open_days(5, 11), *[open_days(10, 30, closed=[15, 22])] * 2]
    limits = window(0, 1, days, 5, 11)
    pulls = [target(0, 1, days, 8), target(1, 2, days, 7), target(1, 3, days, 14)]
    assert placed(days, limits, pulls) == ([0, 7, 14, 21], 1)


def test_a_weightier_target_wins():
    days = [open_days(0, 0), open_days(7, 11)]
    pulls = [target(0, 1, days, 8, weight=2), target(0, 1, days, 10, weight=3)]
    assert placed(days, [], pulls) == ([0, 10], 4)


def test_a_preference_decides_where_targets_leave_a_choice():
    days = [open_days(0, 0), open_days(7, 11)]
    pulls = [target(0, 1, days, 8), target(0, 1, days, 10)]  # 8, 9 and 10 cost the same
    assert placed(days, [], pulls) == ([0, 8], 2)
    assert placed(days, [], pulls, [Preference(1, [9, 3, 2, 3, 9])]) == ([0, 9], 4)


def test_without_targets_everything_is_as_early_as_it_can_be():
    days = [open_days(0, 0), open_days(0, 20), open_days(0, 20)]
    limits = [*window(0, 1, days, 3, 9), *window(1, 2, days, 3, 3)]
    assert placed(days, limits, []) == ([0, 4, 7], 0)


def test_a_closed_week_leaves_no_date_and_its_window_is_named():
    closed_week = range(7, 12)
    days = [open_days(0, 0), open_days(0, 30, closed=closed_week), open_days(0, 30)]
    limits = [*window(1, 2, days, 0, None, rule=5), *window(0, 1, days, 5, 13, rule=3)]
    assert place(sizes(days), limits, []) is None
    assert extremes(sizes(days), limits) == Infeasible(0, frozenset({3}))


def test_two_windows_that_contradict_are_both_named_and_a_third_is_not():
    days = [open_days(0, 0), *[open_days(0, 30)] * 3]
    limits = [
        *window(0, 3, days, 5, None, rule=1),
        *window(1, 2, days, 8, 9, rule=2),
        *window(2, 1, days, -4, None, rule=3),
    ]
    found = extremes(sizes(days), limits)
    assert isinstance(found, Infeasible)
    assert found.rules == {2, 3}


def test_a_visit_without_any_date_is_named_without_a_rule():
    assert extremes([3, 0], []) == Infeasible(1, frozenset())
    assert place([3, 0], [], []) is None


def test_a_course_without_visits_is_placed():
    assert place([], [], []) == ((), 0, (), ())


def test_a_placement_carries_how_early_and_how_late_each_visit_could_lie():
    days = [open_days(0, 0), open_days(0, 20)]
    limits = window(0, 1, days, 5, 13)
    found = place(sizes(days), limits, [target(0, 1, days, 8)])
    assert [days[1][at] - MONDAY for at in (found.least[1], found.greatest[1])] == [7, 11]


def test_minutes_are_placed_as_exactly_as_days():
    minutes = [[600], list(range(540, 1000, 5))]
    pulls = [TargetCost(1, 0, 7, minutes[1], [600 + 92])]
    found = place(sizes(minutes), window(0, 1, minutes, 90, 200), pulls)
    assert (minutes[1][found.indices[1]], found.cost) == (690, 7 * 2)


@pytest.mark.parametrize(
    ("reference", "goal"),
    [
        (None, [1, 2]),  # a list of goals, but nothing it could be counted from
        (0, 1),  # a reference, but its dates make no difference
    ],
)
def test_a_pull_whose_goal_does_not_fit_its_reference_is_refused(reference, goal):
    with pytest.raises(ValueError, match="the goal is a"):
        place([2, 2], [], [TargetCost(1, reference, 1, [0, 1], goal)])


def test_a_long_chain_of_visits_needs_no_deep_stack():
    count = 3000
    days = [open_days(0, 0), *[open_days(7 * n - 3, 7 * n + 3) for n in range(1, count)]]
    limits, pulls = [], []
    for one in range(1, count):
        limits += window(one - 1, one, days, 5, 9)
        pulls.append(target(one - 1, one, days, 8))
    found = place(sizes(days), limits, pulls)
    # Every step of 7 days costs 1; from Monday on to Thursday, its last day, three can be 8 long.
    assert found is not None
    assert found.cost == count - 1 - 3


class CountedTable(list):
    """A table that counts how often all of its kind were looked up."""

    asked = 0

    def __getitem__(self, at):
        CountedTable.asked += 1
        return super().__getitem__(at)


@pytest.mark.parametrize("is_reversed", [False, True])
def test_bounds_that_fall_again_and_again_along_a_chain_are_swept_down_it_together(is_reversed):
    """Each visit has two days less than those before leave it: no wave of its own for each."""
    count = 500
    days = [list(range(9 * n - 2 * n * (n > 0), 9 * n + 1)) for n in range(count)]
    limits = [
        limit._replace(least=CountedTable(limit.least))
        for n in range(1, count)
        for limit in window(n - 1, n, days, 5, 8)
    ]
    if is_reversed:
        limits = [
            limit._replace(tail=count - 1 - limit.tail, head=count - 1 - limit.head)
            for limit in limits
        ]
        days.reverse()
    CountedTable.asked = 0
    reach = extremes(sizes(days), limits)
    assert not isinstance(reach, Infeasible)
    assert CountedTable.asked < 50 * count


# The smallest part that does not hold


def test_of_many_items_the_few_that_clash_remain_in_their_order():
    clash = {3, 11, 12}
    assert minimal_subset(range(40), lambda some: not clash <= set(some)) == [3, 11, 12]


def test_a_single_impossible_item_stands_alone():
    assert minimal_subset("abc", lambda some: "b" not in some) == ["b"]


def test_nothing_is_to_blame_where_nothing_holds_even_alone():
    assert minimal_subset([1, 2], lambda _: False) == []


@pytest.mark.parametrize("items", [[], [1, 2]])
def test_items_that_hold_together_are_not_explained(items):
    with pytest.raises(ValueError, match="hold together"):
        minimal_subset(items, lambda _: True)


@given(st.lists(st.sets(st.integers(0, 9), min_size=1), min_size=1), st.integers(10, 14))
@settings(max_examples=100, deadline=None)
def test_of_the_smallest_part_no_item_can_be_left_out(clashes, count):
    def holds(some):
        return not any(clash <= set(some) for clash in clashes)

    found = minimal_subset(range(count), holds)
    assert not holds(found)
    assert all(holds([other for other in found if other != item]) for item in found)


def test_few_questions_find_few_items_among_many():
    asked = []

    def holds(some):
        asked.append(some)
        return not {100, 900} <= set(some)

    assert minimal_subset(range(1000), holds) == [100, 900]
    assert len(asked) < 50


# Trying everything


def cost_of(indices, pulls, preferences):
    total = sum(one.costs[indices[one.variable]] for one in preferences)
    for pull in pulls:
        goal = pull.goal if pull.reference is None else pull.goal[indices[pull.reference]]
        total += pull.weight * abs(pull.position[indices[pull.head]] - goal)
    return total


def all_solutions(counts, limits):
    return [
        indices
        for indices in product(*map(range, counts))
        if all(indices[head] >= least[indices[tail]] for tail, head, least, _ in limits)
    ]


def ascending(length, below, *, strict=False):
    return st.lists(st.integers(0, below), min_size=length, max_size=length, unique=strict).map(
        sorted
    )


@st.composite
def problems(draw):
    """Candidates with holes; windows, month-like shifts and any monotone limits; pulls; tastes."""
    count = draw(st.integers(1, 5))
    days = [draw(ascending(draw(st.integers(1, 6)), 14, strict=True)) for _ in range(count)]
    pairs = [(a, b) for a in range(count) for b in range(count) if a != b]
    limits, pulls = [], []
    for rule in range(draw(st.integers(0, 5)) if pairs else 0):
        tail, head = draw(st.sampled_from(pairs))
        if draw(st.booleans()):
            lowest = draw(st.none() | st.integers(-8, 5))
            highest = draw(st.none() | st.integers(lowest or 0, 9))
            limits += window(tail, head, days, lowest, highest, rule)
        else:  # like months: a shift whose length depends on where it starts, also none at all
            least = draw(ascending(len(days[tail]), len(days[head])))
            limits.append(Limit(tail, head, least, rule))
    for _ in range(draw(st.integers(0, 5))):
        head = draw(st.integers(0, count - 1))
        others = [variable for variable in range(count) if variable != head]
        reference = draw(st.sampled_from([None, *others]))
        position = draw(st.just(days[head]) | ascending(len(days[head]), 20))
        weight = draw(st.integers(0, 3))
        if reference is None:
            goal = draw(st.integers(-3, 20))
        else:
            goal = draw(ascending(len(days[reference]), 20))
        pulls.append(TargetCost(head, reference, weight, position, goal))
    preferences = []
    for _ in range(draw(st.integers(0, 2))):
        variable = draw(st.integers(0, count - 1))
        length = len(days[variable])
        costs = draw(st.lists(st.integers(0, 6), min_size=length, max_size=length))
        preferences.append(Preference(variable, costs))
    return sizes(days), limits, pulls, preferences


# Here the limits cost 1 more than costs alone would, and the first choice is not the earliest.
LIMITS_COST_ONE = (
    [5, 2, 2, 1],
    [Limit(2, 0, [1, 2], 0)],
    [TargetCost(1, 0, 1, [0, 2], [0, 1, 1, 1, 1])],
    [Preference(2, [1, 0])],
)
ENDS_COST_ONE = (
    [5, 3],
    [Limit(0, 1, [1, 2, 2, 2, 2], 0), Limit(1, 0, [0, 0, 4], 1)],
    [],
    [Preference(0, [1, 0, 0, 0, 1])],
)


@pytest.mark.slow
@given(problems())
@example(LIMITS_COST_ONE)
@example(ENDS_COST_ONE)
@settings(max_examples=600, deadline=None)
def test_the_placement_is_the_earliest_of_the_cheapest_solutions(problem):
    counts, limits, pulls, preferences = problem
    found = place(counts, limits, pulls, preferences)
    everything = all_solutions(counts, limits)
    if not everything:
        assert found is None
        return
    least = min(cost_of(one, pulls, preferences) for one in everything)
    cheapest = [one for one in everything if cost_of(one, pulls, preferences) == least]
    assert found is not None
    assert found.cost == least
    assert found.indices == tuple(map(min, zip(*cheapest, strict=True)))
    assert found.indices in cheapest


@given(problems())
@settings(max_examples=300, deadline=None)
def test_the_extremes_are_the_least_and_the_greatest_solution(problem):
    counts, limits, _, _ = problem
    found = extremes(counts, limits)
    everything = all_solutions(counts, limits)
    if everything:
        columns = list(zip(*everything, strict=True))
        assert found == ([min(one) for one in columns], [max(one) for one in columns])
    else:
        assert isinstance(found, Infeasible)
        named = [limit for limit in limits if limit.rule in found.rules]
        assert not all_solutions(counts, named)


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(0, 20)), min_size=1, max_size=8),
    st.lists(st.integers(-9, 9), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 5), st.integers(-4, 4)), min_size=1, max_size=4),
)
def test_each_goal_costs_the_least_that_any_value_does(
    priced: list[tuple[int, int]], goals: list[int], terms: list[tuple[int, int]]
) -> None:
    """For any number of distances between the same two variables."""
    priced, goals = sorted(priced), sorted(goals)
    values, costs = [value for value, _ in priced], [cost for _, cost in priced]
    reaches = [
        WeighedDistance(weight, values, [goal + shift for goal in goals]) for weight, shift in terms
    ]
    assert cheapest_reach(costs, reaches) == [
        min(
            cost + sum(weight * abs(value - goal - shift) for weight, shift in terms)
            for value, cost in priced
        )
        for goal in goals
    ]
