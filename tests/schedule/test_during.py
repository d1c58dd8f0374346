"""Visits that take place inside another one: where the network leaves them, and their trips."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.build import build_schedule
from planner.schedule.conflicts import find_clashes
from planner.schedule.slack import effective_windows
from planner.schedule.trips import shared_trips
from planner.site.calendar import SiteCalendar
from planner.site.model import always_open
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.plan import plan_timeline


def study(inside: dict[str, Any], nights: int = 3, **more: Any) -> Protocol:
    stay = {"id": "stay", "at": "09:00", "overnight": {"nights": nights, "until": "12:00"}}
    visits = [stay, {"id": "inside", "during": "stay", "duration": "1h", **inside}]
    return Protocol.model_validate(
        {
            "format": 1, "id": "ward", "title": "Ward", "version": "1", "status": "draft",
            "design": "open-label", "anchor": "stay",
            "epochs": [{"id": "treatment", "visits": visits}], **more,
        }
    )  # fmt: skip


def days_of_stay(inside: dict[str, Any], nights: int, window: tuple[int, int]) -> list[int]:
    """The days, by trying each minute: one hour, after 09:00 of day 0, before 12:00 of the last."""
    at = inside.get("at")
    fixed = None if at is None else int(at[:2]) * 60
    return [
        day
        for day in range(window[0], window[1] + 1)
        if any(
            9 * 60 <= day * 1440 + minute <= nights * 1440 + 12 * 60 - 60
            for minute in (range(1440) if fixed is None else (fixed,))
        )
    ]


@given(
    st.integers(1, 4),
    st.integers(-2, 5),
    st.integers(0, 4),
    st.sampled_from([None, "06:00", "09:00", "11:00", "12:00", "20:00"]),
)
def test_the_days_of_a_stay_are_those_on_which_the_visit_fits(
    nights: int, first: int, more: int, at: str | None
) -> None:
    inside: dict[str, Any] = {"after": {"visit": "stay", "within": f"{first}d..{first + more}d"}}
    if at is not None:
        inside["at"] = at
    schedule = build_schedule(expand(study(inside, nights)))
    days = days_of_stay(inside, nights, (first, first + more))
    if not days:
        assert find_clashes(schedule)
        return
    window = effective_windows(schedule)["inside"]
    assert (window.first, window.last) == (days[0], days[-1])
    plan = plan_timeline(
        CoursePlanner(expand(study(inside, nights)), SiteCalendar(always_open())), date(2027, 1, 11)
    )
    visits = {visit.id: visit for visit in plan.visits}
    stay, planned = visits["stay"], visits["inside"]
    assert stay.end is not None
    assert planned.end is not None
    assert stay.start <= planned.start <= planned.end <= stay.end
    assert (planned.start.date() - date(2027, 1, 11)).days == days[0]


def test_a_visit_during_a_stay_is_no_trip_of_its_own() -> None:
    schedule = build_schedule(expand(study({"after": {"visit": "stay", "target": "1d"}})))
    assert shared_trips(schedule) == {"inside": "stay"}


@pytest.mark.parametrize(
    ("during", "message"),
    [("stay.end", "names a whole visit; write `stay`"), ("first stay.start", "`first stay`")],
)
def test_an_end_of_a_visit_holds_no_other_visit(during: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        study({"during": during})


@pytest.mark.parametrize(
    ("during", "message"),
    [("ward", "there is no visit `ward`"), ("inside", "during itself")],
)
def test_what_holds_a_visit_is_another_visit(during: str, message: str) -> None:
    course = expand(study({"during": during, "after": {"visit": "stay", "target": "1d"}}))
    [flaw] = course.flaws
    assert message in flaw.message
    assert flaw.path[-1] == "during"
