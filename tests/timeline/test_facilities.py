"""Visits go by the hours, holidays and closures of the facility in which they take place."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import PlannerError
from planner.protocol.expand import expand
from planner.protocol.fields import WEEKDAYS
from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.site.model import Site
from planner.timeline.absence import ABSENCE, Days, closed_on
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.plan import plan_timeline

START = date(2027, 6, 7)


def hours(days: set[int]) -> dict[str, str]:
    return {WEEKDAYS[day]: "08:00-18:00" for day in sorted(days)}


def hospital(clinic: set[int], ward: set[int], **more: Any) -> SiteCalendar:
    facility = {"id": "ward", "title": "Ward 3", "rooms": "bed", "hours": hours(ward), **more}
    return SiteCalendar(
        Site.model_validate(
            {
                "format": 1, "id": "hospital", "title": "Hospital", "timezone": "Europe/Berlin",
                "hours": hours(clinic), "facilities": [facility],
            }
        )
    )  # fmt: skip


def study(**where: str) -> Protocol:
    visits = [
        {"id": "v0", "mode": "home"},
        {"id": "v1", "after": {"visit": "v0", "within": "0d..20d"}, **where},
    ]
    return Protocol.model_validate(
        {
            "format": 1, "id": "study", "title": "Study", "version": "1", "status": "draft",
            "design": "open-label", "anchor": "v0",
            "epochs": [{"id": "treatment", "visits": visits}],
        }
    )  # fmt: skip


def planned(site: SiteCalendar, **where: str) -> date:
    return plan_timeline(CoursePlanner(expand(study(**where)), site), START).visits[1].start.date()


some_days = st.sets(st.integers(0, 6), min_size=1)


@given(some_days, some_days, st.sets(st.integers(0, 20), max_size=5))
def test_a_visit_lies_on_the_first_date_on_which_its_facility_is_open(
    clinic: set[int], ward: set[int], painted: set[int]
) -> None:
    closures = [{"from": f"{START + timedelta(day)}"} for day in sorted(painted)]
    site = hospital(clinic, ward, closures=closures)
    days = [START + timedelta(number) for number in range(21)]
    in_ward = [day for day in days if day.weekday() in ward and (day - START).days not in painted]
    if in_ward:
        assert planned(site, facility="ward") == planned(site, room="bed") == in_ward[0]
    assert (
        planned(site)
        == planned(site, room="desk")
        == next(day for day in days if day.weekday() in clinic)
    )


def test_what_is_closed_is_named_with_its_facility() -> None:
    site = hospital({0}, {5, 6})
    assert site.why_closed(START) is None
    assert site.place("ward", None).why_closed(START) == "Ward 3: closed on Mondays"
    assert site.conventions()[1] == "public holidays: none, Ward 3: none"


def test_a_facility_that_a_site_does_not_have_is_refused() -> None:
    with pytest.raises(PlannerError, match="no facility `wards`; did you mean `ward`"):
        planned(hospital({0}, {0}), facility="wards")


def test_a_site_without_facilities_is_one_place() -> None:
    site = SiteCalendar(hospital({2}, {0}).site.model_copy(update={"facilities": ()}))
    assert planned(site, facility="ward") == START + timedelta(2)


def test_who_is_away_is_away_from_every_facility() -> None:
    site = closed_on(hospital({0, 1}, {0, 1}), [Days(START, START)])
    assert site.why_closed(START) == f"closure: {ABSENCE}"
    assert planned(site, facility="ward") == planned(site) == START + timedelta(1)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"hours": {}}, "`ward` is never open"),
        ({"rooms": ["bed", "bed"]}, "more than one facility with rooms `bed`"),
    ],
)
def test_a_facility_opens_and_has_a_kind_of_room_once(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        hospital({0}, {0}, **more)
