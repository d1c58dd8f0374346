"""A window that nobody published is not an unlimited one: the target is a wish, order the bound."""

from datetime import timedelta
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, planned, protocol, record, site
from timeline.test_deviations import kinds
from timeline.test_due import due, told

from planner.protocol.model import Protocol
from planner.timeline.model import DateWindow
from planner.timeline.plan import Contradiction, NothingFits, course_planner, plan_timeline

OPEN = DateWindow(None, None)


def weeks(*targets: int, **more: Any) -> Protocol:
    """Visits so many weeks after `v0`, without any published window, in listed order."""
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    visits += [
        {
            "id": f"v{at}",
            "after": {"visit": "v0", "target": f"{number}w", "window": "not-published"},
        }
        for at, number in enumerate(targets, start=1)
    ]
    return protocol(visits, order="listed", **more)


def test_a_visit_without_a_published_window_has_a_target_and_no_allowed_dates() -> None:
    _, visits = planned(weeks(1, 12), record(f"v0 occurred {day(0)}"), today=day(1))
    assert visits["v2"].target == day(84)
    assert visits["v2"].window == OPEN
    assert visits["v2"].window_stated is False
    assert visits["v0"].window_stated is None


@pytest.mark.parametrize(
    ("timing", "window", "stated"),
    [
        ({"within": "3d..9d"}, DateWindow(day(3), day(9)), True),
        ({"within": "1w.."}, DateWindow(day(7), None), True),
        ({"target": "1w"}, DateWindow(day(7), day(7)), True),
        ({"target": "1w", "window": "not-published"}, OPEN, False),
        ({"window": "not-published"}, OPEN, False),
    ],
)
def test_a_stated_window_an_open_end_and_none_are_told_apart(
    timing: dict[str, str], window: DateWindow, stated: bool
) -> None:
    small = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", **timing}}])
    timeline = plan_timeline(course_planner(small, site()), START)
    (_, visit) = timeline.visits
    assert (visit.window, visit.window_stated) == (window, stated)


def test_a_preferred_target_without_a_window_states_none() -> None:
    small = protocol(
        [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "target": "1w"}}],
        conventions={"target_without_window": "preferred"},
    )
    (_, visit) = plan_timeline(course_planner(small, site()), START).visits
    assert (visit.window, visit.window_stated) == (OPEN, False)


def test_the_day_after_is_never_the_same_day() -> None:
    # From a Friday the next day is closed, and the day itself would be nearer than Monday.
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "target": "1d", "window": "not-published"}},
    ]
    planner = course_planner(protocol(visits), site(closed=(5, 6)))
    _, second = plan_timeline(planner, day(4)).visits
    assert second.start.date() == day(7)


def test_a_visit_without_a_published_window_is_never_overdue_nor_due() -> None:
    small, file = weeks(1, 2), record(f"v0 occurred {day(0)}")
    for today in (7, 8, 40):
        assert [status for _, status, _ in told(due(small, file, today, today + 20))] == [
            "planned",
            "planned",
        ]
        assert kinds(small, file, today=day(today)) == []


TARGETS = st.lists(st.integers(1, 20), min_size=1, max_size=5, unique=True).map(sorted)


@pytest.mark.slow
@given(TARGETS, st.data())
@settings(max_examples=60, deadline=None)
def test_no_deviation_but_that_of_order(targets: list[int], data: st.DataObject) -> None:
    names = [f"v{at}" for at in range(len(targets) + 1)]
    dates = {name: data.draw(st.integers(-30, 200)) for name in names}
    file = record(*(f"{name} occurred {day(number)}" for name, number in dates.items()))
    # Each visit follows the one listed before it, and the first.
    pairs = {*pairwise(names), *(("v0", name) for name in names[1:])}
    expected = sorted(
        (later, "out-of-order", dates[earlier] - dates[later])
        for earlier, later in pairs
        if dates[later] < dates[earlier]
    )
    assert sorted(kinds(weeks(*targets), file)) == expected


@pytest.mark.slow
@given(TARGETS, st.lists(st.integers(0, 6), max_size=3, unique=True))
@settings(max_examples=60, deadline=None)
def test_plans_keep_the_order_and_are_as_near_to_targets_as_open_days_let_them(
    targets: list[int], closed: list[int]
) -> None:
    place = site(closed=closed)
    start = next(day(at) for at in range(7) if place.is_open(day(at)))
    timeline = plan_timeline(course_planner(weeks(*targets), place), start)
    dates = [visit.start.date() for visit in timeline.visits]
    assert dates == sorted(dates)
    for visit in timeline.visits[1:]:
        assert visit.target is not None
        # The targets lie weeks apart: each visit lies on the nearest open day.
        off = abs((visit.start.date() - visit.target).days)
        nearer = (visit.target + timedelta(days=number) for number in range(1 - off, off))
        assert not any(place.is_open(one) for one in nearer)


TIMINGS = st.tuples(
    st.integers(0, 2),  # how many visits before it the one lies that it counts from
    st.integers(1, 6),
    st.integers(0, 2),
    st.booleans(),
)


@pytest.mark.slow
@given(
    st.lists(TIMINGS, min_size=1, max_size=3),
    st.booleans(),
    st.lists(st.integers(0, 6), max_size=4, unique=True),
)
@settings(max_examples=120, deadline=None)
def test_the_best_plan_is_the_best_of_all_that_keep_windows_and_order(
    timings: list[tuple[int, int, int, bool]], listed: bool, closed: list[int]
) -> None:
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for at, (back, target, room, stated) in enumerate(timings, start=1):
        reach = {"within": f"±{room}d"} if stated else {"window": "not-published"}
        reference = f"v{max(0, at - 1 - back)}"
        visits.append(
            {"id": f"v{at}", "after": {"visit": reference, "target": f"{target}d", **reach}}
        )
    place = site(closed=closed)
    start = next(day(at) for at in range(7) if place.is_open(day(at)))
    small = protocol(visits, **({"order": "listed"} if listed else {}))

    def cost(days: tuple[int, ...]) -> int | None:
        """Days off target; ``None`` where a rule is broken."""
        off = 0
        for at, (back, target, room, stated) in enumerate(timings, start=1):
            apart = days[at] - days[max(0, at - 1 - back)]
            if abs(apart - target) > room if stated else apart < 1:
                return None
            off += abs(apart - target)
        in_order = not listed or all(one <= other for one, other in pairwise(days))
        return off if in_order else None

    open_days = [at for at in range(26) if place.is_open(start + timedelta(days=at))]
    plans = product([0], *[open_days] * len(timings))
    best = min((one for one in map(cost, plans) if one is not None), default=None)
    if best is None:
        with pytest.raises((NothingFits, Contradiction)):
            plan_timeline(course_planner(small, place), start)
    else:
        assert plan_timeline(course_planner(small, place), start).cost == best


def test_what_cannot_keep_the_order_says_so() -> None:
    # v2 took place before v1, which is still to come: it cannot come in its turn any more.
    timeline, visits = planned(
        weeks(1, 2), record(f"v0 occurred {day(0)}", f"v2 occurred {day(3)}"), today=day(5)
    )
    assert visits["v1"].deviation == "out of order: v2 comes no earlier than v1, listed before it"
    assert timeline.forced
