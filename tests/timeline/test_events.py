"""Events: dates that are recorded, that visits count from, and that are no visits."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from timeline.courses import protocol, record, site

import planner
from planner.formats.ical.events import Events
from planner.formats.ical.options import WITHOUT_WORDS, CalendarOptions
from planner.formats.load import load_protocol
from planner.protocol.model import Protocol
from planner.protocol.visit import Visit
from planner.schedule.burden import burdens
from planner.timeline.model import Timeline
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.plan import course_planner, plan_timeline

EXAMPLE = Path(__file__).parents[2] / "examples" / "mothers-and-newborns.yaml"
START = date(2027, 1, 11)
WEEKEND = site(closed=(5, 6))


def mothers() -> Protocol:
    return load_protocol(str(EXAMPLE)).protocol


def under_way(*lines: str) -> Timeline:
    file = record(f"enrolment occurred {START}", *lines)
    return plan_participant(PlannerCache(mothers(), WEEKEND), file)


def test_what_counts_from_an_event_waits_for_it() -> None:
    timeline = under_way()
    assert [visit.id for visit in timeline.waiting] == ["week-6"]
    assert "birth" not in [visit.id for visit in timeline.visits]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 250))
def test_a_recorded_event_dates_what_counts_from_it_on_any_day(days: int) -> None:
    birth = START + timedelta(days=days)
    timeline = under_way(f"birth occurred {birth}")
    week_6 = timeline.visit("week-6")
    assert week_6.target == birth + timedelta(weeks=6)
    assert timeline.visit("birth").start.date() == birth  # on a closed day, too
    # Calls whose window was over before the birth are still to be recorded; no other takes place.
    calls = [number for number in range(1, 10) if 28 * number + 3 < days]
    assert [visit.id for visit in timeline.visits if visit.kind == "contact"] == [
        f"call-{number}" for number in calls
    ]


@pytest.mark.parametrize(("days", "against"), [(27, True), (29, False)])
def test_an_appointment_before_an_event_is_to_be_recorded_and_one_after_it_called_off(
    days: int, against: bool
) -> None:
    birth = START + timedelta(days=days)
    call = START + timedelta(days=28)
    timeline = under_way(f"call-1 booked {call}", f"birth occurred {birth}")
    assert timeline.visit("call-1").against is against


def test_an_event_stands_in_no_calendar() -> None:
    timeline = under_way(f"birth occurred {START + timedelta(days=40)}")
    assert "birth" in [visit.id for visit in timeline.visits]
    shown = timeline.without_events()
    assert [visit.id for visit in shown.visits] == ["enrolment", "call-1", "week-6"]
    events = Events(CalendarOptions()).events_of(timeline)
    assert not any("Birth" in str(event) for event in events)


def test_an_event_is_no_visit_that_costs_time() -> None:
    (burden,) = burdens(mothers())
    assert burden.total.visits.most == 1 + 9 + 1  # enrolment, calls, and six weeks after birth


def test_an_event_that_has_a_date_before_it_happens_is_refused() -> None:
    with pytest.raises(ValidationError, match="write `unscheduled: true`"):
        Visit.model_validate({"id": "birth", "kind": "event"})


@pytest.mark.parametrize(
    "more", [{"room": "ward"}, {"mode": "phone"}, {"duration": "1h"}, {"at": "09:00"}]
)
def test_an_event_has_nothing_that_visits_have(more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="is an event and not a visit"):
        Visit.model_validate({"id": "birth", "kind": "event", "unscheduled": True, **more})


@pytest.mark.parametrize(
    "name",
    [{"id": "date-of-birth"}, {"id": "dob"}, {"id": "event-1", "title": "Birthday"}],
)
def test_a_date_of_birth_is_refused_by_name(name: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="date of birth of a participant is recorded nowhere"):
        Visit.model_validate({"kind": "event", "unscheduled": True, **name})


def test_a_visit_may_wait_for_an_event_by_name() -> None:
    small = protocol(
        [
            {"id": "v0"},
            {"id": "progression", "kind": "event", "unscheduled": True},
            {"id": "v1", "when": "progression", "after": {"visit": "v0", "target": "3w"}},
        ]
    )
    courses = PlannerCache(small, site())
    before = plan_participant(courses, record("v0 occurred 2027-03-01"))
    assert [visit.id for visit in before.visits if visit.provisional] == ["v1"]
    after = plan_participant(
        courses, record("v0 occurred 2027-03-01", "progression occurred 2027-03-04")
    )
    assert not after.visit("v1").provisional


def counted(**more: Any) -> Protocol:
    return protocol(
        [
            {"id": "v0"},
            {"id": "quit", "kind": "event", "after": {"visit": "v0", "target": "13d"}, **more},
            {"id": "call", "after": {"visit": "quit", "within": "1d..30d", "target": "2d"}},
        ]
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 40), st.sets(st.integers(0, 6), max_size=4))
def test_a_counted_event_keeps_its_date_whatever_day_it_is_and_what_is_closed(
    today: int, closed: set[int]
) -> None:
    monday = date(2027, 3, 1)
    at = site(closed - {0})
    file = record(f"v0 occurred {monday}")
    cache = PlannerCache(counted(), at)
    now = monday + timedelta(days=today)
    timeline = plan_participant(cache, file, today=now)
    assert timeline.visit("quit").start.date() == monday + timedelta(days=13)
    assert timeline.visit("quit").status == "planned"
    call = timeline.visit("call").start.date()
    days = [monday + timedelta(days=13 + number) for number in range(1, 31)]
    kept = [day for day in days if day >= now and at.is_open(day)]
    target = monday + timedelta(days=15)
    if kept:
        assert call == min(kept, key=lambda day: (abs((day - target).days), day))
    else:
        assert call >= now


def test_a_counted_event_is_no_visit_and_shown_only_when_asked_for() -> None:
    for shown in (False, True):
        course = counted(show=shown, title="Target quit date")
        timeline = plan_timeline(course_planner(course, WEEKEND), date(2027, 3, 1))
        for level in WITHOUT_WORDS:
            events = Events(CalendarOptions(level=level)).events_of(timeline)
            assert not [event for event in events if "quit" in event.summary.lower()]
        sheet = planner.handout(course, "2027-03-01", "P0001", site=WEEKEND.site)
        assert ("Target quit date" in sheet) == shown
    (burden,) = burdens(course)
    assert burden.total.visits.most == 2


def test_what_an_event_cannot_be_is_refused() -> None:
    with pytest.raises(ValidationError, match="what it counts from"):
        Visit.model_validate({"id": "quit", "kind": "event"})
    with pytest.raises(ValidationError, match="leave out `show:`"):
        Visit.model_validate({"id": "call", "show": True})
    for title in ("Date of birth", "DOB", "Birth date of the participant", "Birthday"):
        with pytest.raises(ValidationError, match="date of birth"):
            Visit.model_validate(
                {"id": "day", "title": title, "kind": "event", "unscheduled": True}
            )
    Visit.model_validate(
        {"id": "birth", "title": "Birth of the child", "kind": "event", "unscheduled": True}
    )
