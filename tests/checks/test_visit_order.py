"""What may overlap and what comes first, against a search through all days."""

from itertools import product
from typing import NamedTuple

from example_protocol import example_file
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.checks.subject import Subject
from planner.checks.visit_order import visit_orders

FARTHEST = 3


class Plan(NamedTuple):
    """Three visits at fixed hours; windows in days from the first and between the others."""

    hours: tuple[int, int, int]
    lengths: tuple[int, int, int]
    windows: tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


spans = st.tuples(st.integers(-FARTHEST, FARTHEST), st.integers(-FARTHEST, FARTHEST)).map(
    lambda ends: (min(ends), max(ends))
)
plans = st.builds(
    Plan,
    st.tuples(*[st.integers(6, 20)] * 3),
    st.tuples(*[st.integers(1, 9)] * 3),
    st.tuples(spans, spans, spans),
)


def window(span: tuple[int, int]) -> str:
    return f"{span[0]}d..{span[1]}d"


def as_protocol(plan: Plan) -> str:
    call, scan, between = map(window, plan.windows)
    at = [
        f"at: '{hour:02}:00', duration: {length}h" for hour, length in zip(*plan[:2], strict=True)
    ]
    return f"""\
epochs:
  - id: one
    visits:
      - {{id: baseline, {at[0]}}}
      - {{id: call, {at[1]}, after: {{visit: baseline, within: {call}}}}}
      - {{id: scan, {at[2]}, after: {{visit: baseline, within: {scan}}}}}
constraints:
  - {{from: call, to: scan, within: {between}}}
"""


def schedules(plan: Plan) -> list[tuple[int, int, int]]:
    """The hours at which the visits start, in every schedule that the windows allow."""
    days = range(-FARTHEST, FARTHEST + 1)
    (a, b), (c, d), (e, f) = plan.windows
    return [
        (plan.hours[0], 24 * call + plan.hours[1], 24 * scan + plan.hours[2])
        for call, scan in product(days, days)
        if a <= call <= b and c <= scan <= d and e <= scan - call <= f
    ]


@given(plans)
@settings(max_examples=150, deadline=None)
def test_overlap_and_order_are_what_a_search_through_all_schedules_finds(plan: Plan) -> None:
    possible = schedules(plan)
    found = visit_orders(Subject(example_file(as_protocol(plan))))
    assert bool(found) == bool(possible)
    if not found:
        return
    (order,) = found
    visits = order.course.visits
    for one, other in ((0, 1), (1, 2), (2, 0)):
        overlap = any(
            times[one] < times[other] + plan.lengths[other]
            and times[other] < times[one] + plan.lengths[one]
            for times in possible
        )
        before = all(times[one] < times[other] for times in possible)
        assert order.may_overlap(visits[one], visits[other]) == overlap
        assert order.may_overlap(visits[other], visits[one]) == overlap
        assert order.comes_before(visits[one].id, visits[other].id) == before
