"""Placement against brute force: every plan that exists is found, and it is the best one."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, WEEK, protocol
from timeline.random_courses import wants

from planner.errors import PlannerError
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.build import IMPLIED, build_schedule
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.time.distance import MINUTES_A_DAY, CalendarDistance, ClockDistance, Window
from planner.time.local import day_of, to_instant
from planner.timeline.course_planner import CLOCK_CHANGE, MAX_DATES, CoursePlanner


def site(closed: tuple[int, ...] = (5, 6), closures: tuple[date, ...] = ()) -> SiteCalendar:
    hours = {name: "08:00-18:00" for at, name in enumerate(WEEK) if at not in closed}
    days = [{"from": f"{day}", "to": f"{day}", "reason": "closed"} for day in closures]
    return SiteCalendar(
        Site.model_validate(
            {
                "format": 1,
                "id": "site",
                "title": "Site",
                "timezone": "Europe/Berlin",
                "hours": hours,
                "closures": days,
            }
        )
    )


def planned_dates(planner: CoursePlanner, start: date) -> list[date] | None:
    plan = planner.plan(start)
    return None if plan is None else [date.fromordinal(visit.day) for visit in plan.visits]


def brute_force(planner: CoursePlanner, start: date, reach: int) -> tuple[int, list[date]] | None:
    """Tries every date of every visit: days off targets, and the dates.

    The least distance in all from what visits want, then the earliest dates in listed order.
    """
    course, calendar = planner.course, planner.site
    around = [start + timedelta(days=n) for n in range(-reach, reach + 1)]
    index = {one.id: at for at, one in enumerate(course.visits)}
    choices = [
        [start] if one.id == course.anchor else [day for day in around if calendar.is_open(day)]
        for one in course.visits
    ]
    if not calendar.is_open(start):
        return None
    best: tuple[int, list[date]] | None = None
    wanted = wants(course.protocol)

    def off(dates: Sequence[date], *, targets_only: bool) -> int:
        return sum(
            want.weight * abs((dates[want.point] - dates[want.reference]).days - want.days)
            for want in wanted
            if want.is_target or not targets_only
        )

    def keeps(dates: tuple[date, ...]) -> bool:
        for rule in course.rules:
            reference, here = dates[index[rule.reference.visit]], dates[index[rule.point.visit]]
            window = rule.window or Window(rule.target, rule.target)
            first, last = window.earliest, window.latest
            if isinstance(first, CalendarDistance) and here < first.after(reference):
                return False
            if isinstance(last, CalendarDistance) and here > last.after(reference):
                return False
        return True

    for dates in product(*choices):
        if keeps(dates):
            total = off(dates, targets_only=False)
            if best is None or (total, list(dates)) < best:
                best = (total, list(dates))
    return None if best is None else (off(best[1], targets_only=True), best[1])


@st.composite
def small_protocols(draw: st.DrawFn) -> Protocol:
    count = draw(st.integers(2, 4))
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for number in range(1, count):
        reference = f"v{draw(st.integers(0, number - 1))}"
        low = draw(st.integers(-3, 3))
        high = min(4, low + draw(st.integers(0, 4)))
        timing: dict[str, Any] = {"visit": reference, "within": f"{low}d..{high}d"}
        if draw(st.booleans()):
            timing["target"] = f"{draw(st.integers(low, high))}d"
        timings = [timing]
        if draw(st.booleans()):
            other = f"v{draw(st.integers(0, number - 1))}"
            low = draw(st.integers(-4, 2))
            timings.append({"visit": other, "within": f"{low}d..{low + draw(st.integers(1, 6))}d"})
        visits.append({"id": f"v{number}", "after": timings, "weight": draw(st.integers(1, 3))})
    return protocol(visits)


@pytest.mark.slow
@given(
    small_protocols(),
    st.sets(st.integers(0, 6), max_size=3),
    st.sets(st.integers(-5, 8), max_size=5),
)
@settings(max_examples=100, deadline=None)
def test_the_best_plan_is_found_if_any_exists(
    small: Protocol, closed: set[int], closures: set[int]
) -> None:
    closed_dates = tuple(START + timedelta(days=n) for n in sorted(closures))
    planner = CoursePlanner(expand(small), site(tuple(closed), closed_dates))
    plan = planner.plan(START)
    expected = brute_force(planner, START, reach=12)
    if plan is None:
        assert expected is None
        assert not planner.fits(START)
        return
    assert expected is not None
    assert planner.fits(START)
    cost, dates = expected
    assert plan.cost == cost
    assert [date.fromordinal(visit.day) for visit in plan.visits] == dates


def test_a_closed_day_never_moves_the_window() -> None:
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "2d..4d"}}]
    thursday = date(2027, 3, 4)
    # Saturday to Monday: the weekend takes two dates from the window and adds none at its end.
    assert planned_dates(CoursePlanner(expand(protocol(visits)), site()), thursday) == [
        date(2027, 3, 4),
        date(2027, 3, 8),
    ]
    closures = (date(2027, 3, 8),)
    tight = CoursePlanner(expand(protocol(visits)), site(closures=closures))
    assert planned_dates(tight, thursday) is None


def test_a_visit_keeps_its_distance_from_where_its_reference_really_is() -> None:
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
        {"id": "v2", "after": {"visit": "v1", "within": "1d..3d", "target": "1d"}},
    ]
    planner = CoursePlanner(expand(protocol(visits)), site(closures=(date(2027, 3, 8),)))
    assert planned_dates(planner, START) == [START, date(2027, 3, 9), date(2027, 3, 10)]


def test_two_dates_equally_near_the_target_go_to_the_earlier() -> None:
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "±3d", "target": "2d"}}]
    planner = CoursePlanner(expand(protocol(visits)), site(closures=(date(2027, 3, 3),)))
    assert planned_dates(planner, START) == [START, date(2027, 3, 2)]


def test_months_are_clamped_at_the_end_of_the_month() -> None:
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "1mo"}}]
    planner = CoursePlanner(expand(protocol(visits)), site(closed=()))
    assert planned_dates(planner, date(2027, 1, 31)) == [date(2027, 1, 31), date(2027, 2, 28)]
    assert planned_dates(planner, date(2028, 1, 31)) == [date(2028, 1, 31), date(2028, 2, 29)]


def test_a_visit_at_home_needs_no_open_day() -> None:
    visits = [{"id": "v0"}, {"id": "v1", "mode": "home", "after": {"visit": "v0", "within": "5d"}}]
    planner = CoursePlanner(expand(protocol(visits)), site())
    assert planned_dates(planner, START) == [START, date(2027, 3, 6)]


@pytest.mark.parametrize(("distance", "hours"), [("1d", 22), ("24h", 24)])
def test_a_day_and_24_hours_differ_when_the_clock_changes(distance: str, hours: int) -> None:
    # Europe/Berlin goes to summer time in the night to 28 March 2027: that day has 23 hours.
    saturday = date(2027, 3, 27)
    visits = [
        {"id": "v0", "at": "09:00"},
        {"id": "v1", "after": {"visit": "v0", "within": distance}, "at": "08:00..10:00"},
    ]
    planner = CoursePlanner(expand(protocol(visits)), site(closed=()))
    plan = planner.plan(saturday)
    assert plan is not None
    first, second = plan.visits
    assert second.day == first.day + 1
    # A day later is 08:00 on the next date: an hour earlier by the clock, and one was skipped.
    assert second.start - first.start == hours * 60


def test_a_clock_distance_finds_the_minute_that_fits() -> None:
    visits = [
        {"id": "v0", "at": "13:30"},
        {"id": "v1", "after": {"visit": "v0", "within": "20h"}},
    ]
    planner = CoursePlanner(expand(protocol(visits)), site())
    plan = planner.plan(START)
    assert plan is not None
    assert plan.visits[1].start - plan.visits[0].start == 20 * 60


def test_a_fixed_date_holds_and_the_rest_follows() -> None:
    visits = [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
        {"id": "v2", "after": {"visit": "v1", "within": "1d..3d", "target": "1d"}},
    ]
    fixed = {"v1": date(2027, 3, 10)}
    planner = CoursePlanner(expand(protocol(visits)), site(), fixed)
    assert planned_dates(planner, START) == [START, date(2027, 3, 10), date(2027, 3, 11)]
    outside = CoursePlanner(expand(protocol(visits)), site(), {"v1": date(2027, 3, 18)})
    assert planned_dates(outside, START) is None


def test_an_open_window_is_searched_as_far_as_it_takes() -> None:
    closures = tuple(START + timedelta(days=n) for n in range(1, 700))
    visits = [{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "1w.."}}]
    planner = CoursePlanner(expand(protocol(visits)), site(closed=(), closures=closures))
    assert planned_dates(planner, START) == [START, START + timedelta(days=700)]


def test_a_preferred_time_of_day_never_moves_a_visit_off_its_target() -> None:
    visits = [
        {"id": "v0", "at": "13:00"},
        {"id": "v1", "after": {"visit": "v0", "within": "20h..28h", "target": "26h"}},
    ]
    # 09:00 would be preferred, 15:00 is on target.
    plan = CoursePlanner(expand(protocol(visits)), site()).plan(START)
    assert plan is not None
    assert plan.visits[1].start - plan.visits[0].start == 26 * 60
    assert plan.cost == 0


def test_a_visit_tied_by_the_clock_keeps_its_preferred_time_where_it_can() -> None:
    visits = [
        {"id": "v0", "at": "13:00"},
        {"id": "v1", "after": {"visit": "v0", "within": "19h..28h"}},
    ]
    plan = CoursePlanner(expand(protocol(visits)), site()).plan(START)
    assert plan is not None
    assert plan.visits[1].start - plan.visits[0].start == 20 * 60


@st.composite
def clock_protocols(draw: st.DrawFn) -> Protocol:
    """Two or three visits, tied by hours or days, with times of day free, ranged or fixed.

    Each is on a later date than the one before it, so that none keeps another one away.
    """
    visits: list[dict[str, Any]] = [{"id": "v0", "at": draw(st.sampled_from(["08:00", "10:00"]))}]
    for number in range(1, draw(st.integers(2, 3))):
        reference = f"v{number - 1}"
        if draw(st.integers(0, 2)):
            low = draw(st.integers(36, 52))
            within, target = (f"{low * 30}min..{(low + draw(st.integers(0, 6))) * 30}min", "")
            if draw(st.booleans()):
                target = f"{low * 30}min"
        else:
            low = draw(st.integers(1, 2))
            within, target = f"{low}d..{low + 1}d", ""
        timing = {"visit": reference, "within": within, **({"target": target} if target else {})}
        visit: dict[str, Any] = {"id": f"v{number}", "after": timing}
        at = draw(st.sampled_from([None, "09:00", "08:30..10:30"]))
        visits.append(visit | ({"at": at} if at else {}))
    return protocol(visits)


@given(clock_protocols(), st.sampled_from([date(2027, 3, 26), date(2027, 10, 29), START]))
@settings(max_examples=60, deadline=None)
def test_hours_and_days_together_are_placed_as_brute_force_does(
    small: Protocol, start: date
) -> None:
    """Every half hour of opening time is tried, around clock changes, too.

    What has no target wants to be on the day of its window's near end.
    """
    calendar = site(closed=())
    planner = CoursePlanner(expand(small), calendar)
    course = planner.course
    index = {one.id: at for at, one in enumerate(course.visits)}

    def starts(at: tuple[int, int] | None, days: range) -> list[tuple[date, int]]:
        first, last = at or (8 * 60, 18 * 60)
        return [
            (day, to_instant(day, minute, calendar.zone))
            for day in (start + timedelta(days=n) for n in days)
            for minute in range(first, last + 1, 30)
            if minute <= 18 * 60 - 1 or at is not None
        ]

    choices = [
        starts(one.visit.at, range(1) if one.id == "v0" else range(5)) for one in course.visits
    ]
    best: int | None = None
    for chosen in product(*choices):
        cost = 0
        for rule in course.rules:
            (here_day, here), (day, instant) = (
                chosen[index[rule.point.visit]], chosen[index[rule.reference.visit]],
            )  # fmt: skip
            assert rule.window is not None
            first, last = rule.window.earliest, rule.window.latest
            if isinstance(first, CalendarDistance):
                assert isinstance(last, CalendarDistance)
                if not first.after(day) <= here_day <= last.after(day):
                    break
                cost += MINUTES_A_DAY * (here_day - first.after(day)).days
            else:
                assert isinstance(first, ClockDistance)
                assert isinstance(last, ClockDistance)
                if not first.minutes <= here - instant <= last.minutes:
                    break
                if isinstance(rule.target, ClockDistance):
                    cost += abs(here - instant - rule.target.minutes)
                else:
                    near = day_of(instant + first.minutes, calendar.zone)
                    cost += MINUTES_A_DAY * abs((here_day - near).days)
        else:
            best = cost if best is None else min(best, cost)
    plan = planner.plan(start)
    if best is None:
        assert plan is None
        return
    assert plan is not None
    total = 0
    for rule in course.rules:
        placed = plan.visits[index[rule.point.visit]]
        reference = plan.visits[index[rule.reference.visit]]
        assert rule.window is not None
        near_end = rule.window.earliest
        if isinstance(rule.target, ClockDistance):
            total += abs(placed.start - reference.start - rule.target.minutes)
        elif isinstance(near_end, ClockDistance):
            near = day_of(reference.start + near_end.minutes, calendar.zone).toordinal()
            total += MINUTES_A_DAY * abs(placed.day - near)
        else:
            assert isinstance(near_end, CalendarDistance)
            total += MINUTES_A_DAY * abs(placed.day - reference.day - near_end.days)
    assert total == best


def test_a_day_that_a_clock_change_shortens_holds_what_no_other_day_can() -> None:
    """From 10:30 to 08:30 it is 21 hours in the night that clocks go forward, and 22 in others."""
    visits = [
        {"id": "v0", "at": "08:00"},
        {"id": "v1", "at": "10:30", "after": {"visit": "v0", "within": "1d"}},
        {"id": "v2", "at": "08:30", "after": {"visit": "v1", "within": "20h..21h"}},
    ]
    planner = CoursePlanner(expand(protocol(visits)), site(closed=()))
    assert planner.plan(date(2027, 3, 26)) is not None
    assert planner.plan(date(2027, 3, 19)) is None


@pytest.mark.parametrize(("target", "followers"), [("27h30min", 0), ("27h1min", 11)])
def test_a_target_in_hours_outweighs_all_times_of_day_that_visits_prefer(
    target: str, followers: int
) -> None:
    """The target lies in the midday gap: 15:00 is nearer than the preferred 09:00.

    It is nearer by two minutes only where eleven more visits would be at their preferred 09:00.
    """
    gap = ["08:00-09:30", "15:00-18:00"]
    closed_at_midday = SiteCalendar(
        Site.model_validate(
            {
                "format": 1,
                "id": "gap",
                "title": "Closed at midday",
                "timezone": "UTC",
                "hours": dict.fromkeys(WEEK, gap),
            }
        )
    )
    after = {"visit": "v0", "within": "24h..32h", "target": target}
    visits = [
        {"id": "v0", "duration": "30min", "at": "09:00"},
        {"id": "v1", "duration": "30min", "after": after},
    ]
    for day in range(1, followers + 1):
        same = {"visit": "v1", "within": f"{24 * day}h..{24 * day}h"}
        visits.append({"id": f"v{day + 1}", "duration": "30min", "after": same})
    planner = CoursePlanner(expand(protocol(visits)), closed_at_midday)
    plan = planner.plan(START)
    assert plan is not None
    assert plan.visits[1].start - plan.visits[0].start == 30 * 60


def test_more_dates_than_memory_should_hold_are_refused_before_they_are_searched() -> None:
    wide = {"visit": "v0", "within": "1d..7000d"}
    visits: list[dict[str, object]] = [{"id": "v0"}]
    visits += [{"id": f"v{at}", "duration": f"{at}min", "after": wide} for at in range(1, 600)]
    with pytest.raises(PlannerError, match="600 visits hold 4,193,001 dates, at most 4,000,000"):
        CoursePlanner(expand(protocol(visits)), site(closed=())).plan(START)


def test_visits_with_open_ends_that_can_be_at_the_same_times_share_their_dates() -> None:
    visits: list[dict[str, object]] = [{"id": "v0", "duration": "1h"}]
    for at in range(1, 900):
        after = {"visit": f"v{at - 1}", "within": "5d..", "target": "7d"}
        visits.append({"id": f"v{at}", "duration": "1h", "after": after})
    planner = CoursePlanner(expand(protocol(visits)), site(closed=()))
    spans = planner.spans(planner.horizon) or ()
    assert sum(span.last - span.first + 1 for span in spans) > MAX_DATES
    plan = planner.plan(START)
    assert plan is not None
    assert [visit.day - plan.anchor for visit in plan.visits] == [7 * at for at in range(900)]


@given(clock_protocols(), st.data())
@settings(max_examples=40, deadline=None)
def test_the_network_of_some_rules_is_that_of_a_course_without_the_others(
    small: Protocol, data: st.DataObject
) -> None:
    course = expand(small)
    loose = CoursePlanner(course, site()).loose_schedule
    only = data.draw(st.frozensets(st.integers(0, len(loose.statements) - 1)))
    part = loose.network.keeping(only | {IMPLIED})
    alone = build_schedule(course, only=only, slack=CLOCK_CHANGE).network
    assert (part.bounds, part.phases, part.phase_rules) == (
        alone.bounds, alone.phases, alone.phase_rules,
    )  # fmt: skip
