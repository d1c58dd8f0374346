"""Tables that participants share give the answers that a search for each of them gives."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from timeline.courses import WEEK, protocol

from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.time.distance import CalendarDistance
from planner.timeline.cohort import CohortPlanner, Rest
from planner.timeline.course_planner import CoursePlanner, PlacedVisit
from planner.timeline.deviation import rules_broken
from planner.timeline.history import RecordedTimes
from planner.timeline.replanning import CommittedVisits, Replanner

TODAY = date(2027, 3, 8)


def site(closed: tuple[int, ...] = (), closures: tuple[date, ...] = ()) -> SiteCalendar:
    hours = {name: "08:00-18:00" for at, name in enumerate(WEEK) if at not in closed}
    days = [{"from": f"{day}", "to": f"{day}"} for day in closures]
    return SiteCalendar(
        Site.model_validate(
            {
                "format": 1,
                "id": "site",
                "title": "Site",
                "timezone": "UTC",
                "hours": hours,
                "closures": days,
            }
        )
    )


@st.composite
def small_protocols(draw: st.DrawFn) -> Protocol:
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for number in range(1, draw(st.integers(2, 4))):
        timings = []
        for _ in range(draw(st.integers(1, 2))):
            low = draw(st.integers(-2, 4))
            high = low + draw(st.integers(0, 5))
            timing: dict[str, Any] = {
                "visit": f"v{draw(st.integers(0, number - 1))}",
                "within": f"{low}d..{high}d",
            }
            if draw(st.booleans()):
                timing["target"] = f"{draw(st.integers(low, high))}d"
            timings.append(timing)
        length = draw(st.sampled_from([{}, {"duration": "2h"}, {"duration": "6h"}]))
        visits.append({"id": f"v{number}", "after": timings, **length})
    return protocol(visits)


def event(day: date) -> RecordedTimes:
    start = (day.toordinal() - date(1970, 1, 1).toordinal()) * 1440 + 9 * 60
    return RecordedTimes(start, day.toordinal(), start, day.toordinal(), timed=True)


@st.composite
def situations(draw: st.DrawFn) -> tuple[CoursePlanner, CommittedVisits]:
    """A small course at a site with closed days, after some of its visits took place."""
    closed = tuple(draw(st.sets(st.integers(0, 6), max_size=2)))
    closures = draw(st.sets(st.integers(0, 12), max_size=6))
    place = site(closed, tuple(TODAY + timedelta(days=n) for n in sorted(closures)))
    planner = CoursePlanner(expand(draw(small_protocols())), place)
    assume(planner.spans(planner.horizon) is not None)
    settled, booked = {"v0": event(TODAY - timedelta(days=draw(st.integers(0, 6))))}, {}
    for one in planner.course.visits[1:]:
        what = draw(st.sampled_from(["open", "open", "occurred", "booked"]))
        if what == "occurred":
            settled[one.id] = event(TODAY - timedelta(days=draw(st.integers(0, 6))))
        elif what == "booked":
            booked[one.id] = event(TODAY + timedelta(days=draw(st.integers(0, 6))))
    return planner, CommittedVisits(settled, booked, frozenset(), TODAY.toordinal())


def starts(tables: CohortPlanner, rest: Rest, so_far: CommittedVisits) -> dict[str, int] | None:
    """The instants of all visits; ``None`` where the search is to be asked."""
    chosen = tables.plan(rest, so_far, pinned={})
    if chosen is None:
        return None
    found = {name: one.start for name, one in so_far.fixed.items()}
    return found | {tables.names[at]: way.start for at, way in chosen.items()}


def days_of(found: Mapping[str, int]) -> dict[str, int]:
    """The ordinals of the dates of instants in UTC."""
    return {name: start // 1440 + date(1970, 1, 1).toordinal() for name, start in found.items()}


def days_outside(planner: CoursePlanner, days: Mapping[str, int]) -> int:
    placed = {
        name: PlacedVisit(day * 1440, day, day * 1440, day, None, None)
        for name, day in days.items()
    }
    return sum(abs(one.days) for one in rules_broken(planner.course, placed))


@given(situations())
@settings(max_examples=150, deadline=None)
def test_tables_and_search_find_the_same_plan(
    situation: tuple[CoursePlanner, CommittedVisits],
) -> None:
    planner, so_far = situation
    tables = CohortPlanner(planner, TODAY.toordinal())
    rest = tables.rest(so_far, pinned={})
    search = Replanner(planner, so_far)
    anchor = date.fromordinal(so_far.fixed["v0"].day)
    plan = search.plan(anchor)
    found = None if rest is None else starts(tables, rest, so_far)
    if rest is None or found is None:
        return  # the search is asked
    if plan is None:
        assert rest.stuck
        best = search.least_deviation(anchor)
        assert best is not None
        least = dict(zip(planner.index, (one.day for one in best.visits), strict=True))
        before = {name: one.day for name, one in so_far.fixed.items()}
        assert days_outside(planner, days_of(found)) == days_outside(planner, least)
        assert days_outside(planner, days_of(found)) > days_outside(planner, before)
        return
    assert not rest.stuck
    assert found == dict(zip(planner.index, (one.start for one in plan.visits), strict=True))
    for at in rest.free:
        here = plan.visits[at]
        days = tables.columns[at].days
        assert here.first_day == (None if at in rest.open_first else days[rest.low[at]])
        assert here.last_day == (None if at in rest.open_last else days[rest.high[at]])


def all_plans(planner: CoursePlanner, so_far: CommittedVisits) -> list[dict[str, int]]:
    """Every way to keep all windows from today on, on open days; windows reach 40 days at most."""
    names = [one.id for one in planner.course.visits]
    ahead = [TODAY.toordinal() + n for n in range(40)]
    choices = [
        [so_far.fixed[name].day]
        if name in so_far.fixed
        else [day for day in ahead if planner.site.is_open(date.fromordinal(day))]
        for name in names
    ]
    found: list[dict[str, int]] = [{}]
    for name, days in zip(names, choices, strict=True):
        longer = [{**chosen, name: day} for chosen, day in product(found, days)]
        found = [chosen for chosen in longer if keeps(planner, so_far, chosen)]
    return found


def keeps(planner: CoursePlanner, so_far: CommittedVisits, days: Mapping[str, int]) -> bool:
    """Whether dates keep every rule that is not between two settled visits, as far as known."""
    for rule in planner.course.rules:
        reference, point = rule.reference.visit, rule.point.visit
        if {reference, point} <= so_far.fixed.keys() or not {reference, point} <= days.keys():
            continue
        window = rule.window
        assert window is not None
        assert isinstance(window.earliest, CalendarDistance)
        assert isinstance(window.latest, CalendarDistance)
        if not window.earliest.days <= days[point] - days[reference] <= window.latest.days:
            return False
    return True


@given(situations())
@settings(max_examples=60, deadline=None)
def test_the_last_day_is_the_last_one_in_any_plan_that_keeps_the_windows(
    situation: tuple[CoursePlanner, CommittedVisits],
) -> None:
    planner, so_far = situation
    so_far = so_far._replace(booked={})
    tables = CohortPlanner(planner, TODAY.toordinal())
    rest = tables.rest(so_far, pinned={})
    plans = all_plans(planner, so_far)
    if rest is None or rest.stuck:
        assert not plans
        return
    assert plans
    for at in rest.free:
        name, days = tables.names[at], tables.columns[at].days
        assert days[rest.low[at]] == min(plan[name] for plan in plans)
        assert days[rest.high[at]] == max(plan[name] for plan in plans)


def test_a_visit_that_waits_for_a_clock_is_not_for_tables() -> None:
    tied = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "20h..28h"}}])
    assert not CohortPlanner.serves(CoursePlanner(expand(tied), site()))
    free = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "1d..2d"}}])
    assert CohortPlanner.serves(CoursePlanner(expand(free), site()))
