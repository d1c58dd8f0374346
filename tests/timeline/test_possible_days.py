"""The days of a visit that a participant is told: each of them works, and no other does."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.possible_days import PossibleDays, possible_days

START = date(2027, 3, 1)  # a Monday
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


def course_planner(
    visits: list[dict[str, Any]], fixed: dict[str, date] | None = None
) -> CoursePlanner:
    protocol = Protocol.model_validate(
        {
            "format": 1, "id": "small", "title": "Small", "version": "1",
            "status": "illustrative", "design": "open-label", "anchor": "v0",
            "epochs": [{"id": "all", "kind": "treatment", "visits": visits}],
        }
    )  # fmt: skip
    site = Site.model_validate(
        {
            "format": 1, "id": "site", "title": "Site", "timezone": "Europe/Berlin",
            "hours": dict.fromkeys(WEEKDAYS, "08:00-18:00"),
        }
    )  # fmt: skip
    return CoursePlanner(expand(protocol), SiteCalendar(site), fixed)


def found(visits: list[dict[str, Any]]) -> dict[str, PossibleDays]:
    planner = course_planner(visits)
    plan = planner.plan(START)
    assert plan is not None
    return dict(possible_days(planner, plan))


def test_a_session_that_needs_the_next_day_cannot_be_on_a_friday() -> None:
    days = found(
        [
            {"id": "v0"},
            {"id": "session", "after": {"visit": "v0", "within": "1d..5d", "target": "2d"}},
            {"id": "next-day", "after": {"visit": "session", "within": "1d"}},
        ]
    )
    assert [day.isoweekday() for day in days["session"].days] == [2, 3, 4]
    assert days["next-day"].days == (date(2027, 3, 4),)


def test_a_visit_that_nothing_bounds_later_goes_on() -> None:
    days = found([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "1d.."}}])
    assert days["v1"].goes_on
    assert not days["v1"].goes_back
    assert days["v1"].days[0] == date(2027, 3, 2)


def test_a_visit_that_nothing_bounds_earlier_goes_back() -> None:
    days = found([{"id": "v1", "before": {"visit": "v0", "within": "3d.."}}, {"id": "v0"}])
    assert days["v1"].goes_back
    assert days["v1"].days[-1] == date(2027, 2, 26)


@st.composite
def courses(draw: st.DrawFn) -> list[dict[str, Any]]:
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for number in range(1, draw(st.integers(2, 4))):
        timings = []
        for _ in range(draw(st.integers(1, 2))):
            least = draw(st.integers(0, 6))
            most = least + draw(st.integers(0, 6))
            reference = draw(st.integers(0, number - 1))
            timings.append({"visit": f"v{reference}", "within": f"{least}d..{most}d"})
        visits.append({"id": f"v{number}", "after": timings})
    return visits


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(courses())
def test_each_named_day_works_and_no_other(visits: list[dict[str, Any]]) -> None:
    planner = course_planner(visits)
    plan = planner.plan(START) if planner.fits(START) else None
    if plan is None:
        return
    days = possible_days(planner, plan)
    for at, visit in enumerate(visits):
        earlier = {
            other["id"]: date.fromordinal(placed.day)
            for other, placed in zip(visits, plan.visits, strict=True)
            if (placed.start, other["id"]) < (plan.visits[at].start, visit["id"])
        }
        works = []
        for number in range(-2, 40):
            day = START + timedelta(days=number)
            if course_planner(visits, {**earlier, visit["id"]: day}).fits(START):
                works.append(day)
        assert list(days[visit["id"]].days) == works
