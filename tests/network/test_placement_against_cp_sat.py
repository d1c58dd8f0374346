"""The least cost on courses too large to try everything, against a constraint solver."""

import warnings
from bisect import bisect_left
from random import Random

import pytest

from planner.network.placement import Limit, Preference, TargetCost, place

with warnings.catch_warnings():
    # Its generated bindings define types in a way that newer Pythons call deprecated.
    warnings.filterwarnings("ignore", category=DeprecationWarning, message=".*__module__.*")
    from ortools.sat.python import cp_model


def course(seed):
    """10 to 20 visits in a chain with side branches, weekends and some holidays closed."""
    random = Random(seed)
    count = random.randint(10, 20)
    holidays = set(random.sample(range(400), 60))
    days, windows, pulls = [[0]], [], []
    middle = [0]
    for visit in range(1, count):
        tail = random.choice([visit - 1, visit - 1, random.randrange(visit)])
        distance = random.randint(1, 24)
        middle.append(middle[tail] + distance)
        around = range(middle[visit] - 15, middle[visit] + 16)
        days.append([day for day in around if day % 7 < 5 and day not in holidays])
        before, after = random.randint(0, 6), random.randint(0, 6)
        windows.append((tail, visit, distance - before, distance + after))
        pulls.append((tail, visit, distance, random.randint(1, 4)))
        if visit > 2 and random.random() < 0.4:
            other = random.randrange(visit - 1)
            gap = middle[visit] - middle[other]
            windows.append((other, visit, gap - 9, gap + 9))
            pulls.append((other, visit, gap + random.randint(-3, 3), random.randint(1, 4)))
    costs = {
        visit: [random.randint(0, 5) for _ in days[visit]]
        for visit in range(1, count)
        if random.random() < 0.2
    }
    return days, windows, pulls, costs


def placement(days, windows, pulls, costs):
    limits = []
    for rule, (tail, head, lowest, highest) in enumerate(windows):
        least = [bisect_left(days[head], day + lowest) for day in days[tail]]
        most = [day + highest for day in days[tail]]
        limits.append(Limit(tail, head, least, rule))
        limits.append(Limit(head, tail, [bisect_left(most, day) for day in days[head]], rule))
    targets = [
        TargetCost(head, tail, weight, days[head], [day + distance for day in days[tail]])
        for tail, head, distance, weight in pulls
    ]
    preferences = [Preference(visit, own) for visit, own in costs.items()]
    return place([len(one) for one in days], limits, targets, preferences)


def least_cost(days, windows, pulls, costs):
    """By the constraint solver; ``None`` if nothing fits."""
    model = cp_model.CpModel()
    day = [model.new_int_var_from_domain(cp_model.Domain.from_values(one), "") for one in days]
    for tail, head, lowest, highest in windows:
        model.add_linear_constraint(day[head] - day[tail], lowest, highest)
    total = []
    for tail, head, distance, weight in pulls:
        off = model.new_int_var(0, 1000, "")
        model.add_abs_equality(off, day[head] - day[tail] - distance)
        total.append(weight * off)
    for visit, own in costs.items():
        price = model.new_int_var(0, 10, "")
        model.add_allowed_assignments([day[visit], price], list(zip(days[visit], own, strict=True)))
        total.append(price)
    model.minimize(sum(total))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    assert status == cp_model.OPTIMAL
    return round(solver.objective_value)


@pytest.mark.parametrize("seed", range(40))
def test_a_constraint_solver_finds_the_same_cost(seed):
    problem = course(seed)
    found = placement(*problem)
    assert (None if found is None else found.cost) == least_cost(*problem)
    if found is not None:
        days, windows, pulls, costs = problem
        chosen = [one[at] for one, at in zip(days, found.indices, strict=True)]
        assert all(lo <= chosen[head] - chosen[tail] <= hi for tail, head, lo, hi in windows)
        off = (w * abs(chosen[head] - chosen[tail] - d) for tail, head, d, w in pulls)
        own = (costs[visit][found.indices[visit]] for visit in costs)
        assert found.cost == sum(off) + sum(own)


def test_the_random_courses_are_of_all_kinds():
    costs = [
        None if (found := placement(*course(seed))) is None else found.cost for seed in range(40)
    ]
    assert None in costs
    assert sum(cost is not None and cost > 0 for cost in costs) >= 20
