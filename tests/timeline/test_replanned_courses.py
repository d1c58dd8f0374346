"""Courses under way, one at a time: what a date kept, missed or closed does to the rest."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from timeline.courses import START, day, planned, protocol, record, site

from planner.formats.load import load_protocol
from planner.protocol.expand import expand
from planner.protocol.library import library_ids
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.timeline.choices import is_unblinded
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.plan import course_planner, plan_timeline

TWO_WEEKS = [
    {"id": "v0"},
    {"id": "v1", "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
    {"id": "v2", "after": {"visit": "v1", "within": "5d..9d", "target": "7d"}},
]


def test_a_later_reference_counts_from_the_actual_date() -> None:
    _, visits = planned(protocol(TWO_WEEKS), record(f"v1 occurred {day(9)}"))
    assert visits["v2"].start.date() == day(16)
    assert (visits["v2"].window.earliest, visits["v2"].window.latest) == (day(14), day(18))


def test_a_visit_outside_its_window_binds_what_follows_and_nothing_before_it() -> None:
    late = record("v0 occurred 2027-03-01", f"v1 occurred {day(30)}")
    timeline, visits = planned(protocol(TWO_WEEKS), late)
    assert visits["v2"].start.date() == day(37)
    assert not timeline.forced
    assert visits["v1"].deviation == "21 days late: v1 must be 5d..9d after v0, target 1w"
    assert visits["v2"].deviation is None


def test_a_planned_anchor_that_no_longer_fits_what_took_place_is_told() -> None:
    screening = {"id": "screening", "before": {"visit": "v0", "within": "1w..2w"}}
    small = protocol([screening, {"id": "v0"}])
    timeline, visits = planned(small, record(f"screening occurred {day(-20)}"))
    assert any("screening must be 1w..2w before v0" in reason for reason in timeline.forced)
    assert visits["v0"].deviation == "6 days late: screening must be 1w..2w before v0"


def test_bookings_move_only_if_they_must() -> None:
    _, visits = planned(protocol(TWO_WEEKS), record(f"v2 booked {day(18)}T14:00"))
    assert visits["v2"].start.date() == day(18)
    assert (visits["v2"].status, visits["v2"].start.hour) == ("booked", 14)
    assert visits["v1"].start.date() == day(9)  # off its target, for the booking's sake
    _, visits = planned(
        protocol(TWO_WEEKS), record(f"v1 occurred {day(5)}", f"v2 booked {day(18)}T14:00")
    )
    assert visits["v2"].start.date() == day(12)
    assert (visits["v2"].status, visits["v2"].booked.date()) == ("planned", day(18))


def test_of_two_bookings_that_exclude_each_other_one_is_kept() -> None:
    small = protocol(
        [
            {"id": "v0"},
            *({"id": f"v{n}", "after": {"visit": "v0", "within": "3d.."}} for n in (1, 2)),
        ],
        constraints=[{"from": "v1", "to": "v2", "within": "7d"}],
    )
    _, visits = planned(small, record(f"v1 booked {day(5)}", f"v2 booked {day(6)}"))
    assert sorted(visit.status for visit in visits.values()) == ["booked", "planned", "planned"]


def test_an_appointment_on_a_day_that_was_closed_since_has_to_move() -> None:
    small = protocol(TWO_WEEKS)
    closed = site(closures=[day(7)])
    _, visits = planned(small, record(f"v1 booked {day(7)}T10:00"), at=closed)
    assert (visits["v1"].status, visits["v1"].booked.date()) == ("planned", day(7))
    assert visits["v1"].start.date() == day(6)
    _, visits = planned(small, record(f"v1 occurred {day(7)}T10:00"), at=closed)
    assert (visits["v1"].status, visits["v1"].start.date()) == ("occurred", day(7))


def test_an_appointment_outside_the_opening_hours_is_the_sites_affair() -> None:
    _, visits = planned(protocol(TWO_WEEKS), record(f"v1 booked {day(7)}T19:30"))
    assert (visits["v1"].status, visits["v1"].start.hour) == ("booked", 19)


def test_a_gap_of_closed_days_is_crossed_to_whichever_side_costs_less() -> None:
    """Where the nearest open day is further away than is searched at first."""
    small = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "100d"}}])
    for before, after, best in ((60, 70, 40), (70, 60, 160), (60, 60, 40)):
        gap = [day(number) for number in range(100 - before + 1, 100 + after)]
        timeline, visits = planned(small, record(), at=site(closures=gap))
        assert timeline.forced
        assert visits["v1"].start.date() == day(best)


@pytest.mark.parametrize("late", [11, 400, 4000])
def test_long_after_every_window_visits_are_planned_from_today_on_in_their_order(late: int) -> None:
    timeline, visits = planned(
        protocol(TWO_WEEKS), record("v0 occurred 2027-03-01"), today=day(late)
    )
    assert visits["v1"].start.date() == day(late)
    assert visits["v2"].start.date() == day(late + 7)
    assert visits["v1"].deviation.startswith(f"{late - 9} days late")
    assert any("today is" in reason for reason in timeline.forced)


def test_a_visit_that_may_be_early_stays_near_what_it_precedes_though_others_are_late() -> None:
    small = protocol(
        [
            {"id": "consent", "before": {"visit": "v0", "within": "1d.."}},
            {"id": "v0"},
            {"id": "v1", "after": {"visit": "v0", "within": "3d", "target": "3d"}},
        ]
    )
    _, visits = planned(small, record(), at=site(closures=[day(3)]))
    assert visits["consent"].start.date() == day(-1)
    assert visits["v1"].start.date() == day(2)


def test_nobody_but_the_user_moves_the_anchor() -> None:
    timeline, visits = planned(protocol(TWO_WEEKS), record(), at=site(closures=[START]))
    assert visits["v0"].start.date() == START
    assert visits["v0"].study_day == 1
    assert visits["v1"].start.date() == day(7)
    assert any("closure: closed" in reason for reason in timeline.forced)


def test_an_overnight_stay_counts_from_when_it_really_ended() -> None:
    small = protocol(
        [
            {"id": "v0", "overnight": True, "duration": "8h", "at": "09:00"},
            {"id": "v1", "after": {"visit": "v0.end", "within": "1d"}},
            {"id": "v2", "overnight": True, "after": {"visit": "v1", "within": "1d"}},
        ]
    )
    stayed = {"visit": "v0", "status": "occurred", "start": START, "end": day(3)}
    _, visits = planned(small, record(stayed))
    assert visits["v0"].end.date() == day(3)
    assert visits["v1"].start.date() == day(4)
    _, visits = planned(small, record("v0 occurred 2027-03-01T09:00"))
    assert visits["v0"].end.date() == day(1)
    # Kept for two nights more, and the next visit had its date: as much outside as it must be.
    timeline, visits = planned(small, record(stayed, f"v2 occurred {day(4)}"))
    assert timeline.forced
    assert visits["v1"].start.date() in (day(3), day(4))


def test_what_is_tied_by_hours_counts_from_the_minute_that_is_recorded() -> None:
    small = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "24h"}}])
    _, visits = planned(small, record("v0 occurred 2027-03-01T09:07"))
    assert visits["v1"].start.isoformat() == "2027-03-02T09:07:00+01:00"


def test_a_months_distance_is_counted_from_the_actual_date_too() -> None:
    small = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "1mo"}}])
    _, visits = planned(small, record("v0 occurred 2027-01-31"))
    assert visits["v1"].start.date() == date(2027, 2, 28)
    timeline, visits = planned(
        small, record("v0 occurred 2027-01-31"), at=site(closures=[date(2027, 2, 28)])
    )
    assert timeline.forced
    assert visits["v1"].deviation == "1 day early: v1 must be 1mo after v0"


def empty_record_plans(name: str) -> Iterator[tuple[Any, Any]]:
    small = load_protocol(name).protocol
    everyday = SiteCalendar(always_open())
    for arm in [one.id for one in small.arms] or [None]:
        unblinded = is_unblinded({}, expand(small, arm))
        planner = course_planner(small, everyday, arm=arm, unblinded=unblinded)
        plain = plan_timeline(planner, START, unblinded=unblinded)
        under_way = plan_participant(PlannerCache(small, everyday), record(), arm=arm, start=START)
        assert not under_way.forced
        visits = tuple(
            replace(visit, provisional=False, waiting_for=()) for visit in under_way.visits
        )
        yield replace(under_way, visits=visits), plain


@pytest.mark.slow
@pytest.mark.parametrize("name", library_ids())
def test_an_empty_record_changes_nothing(name: str) -> None:
    for under_way, plain in empty_record_plans(name):
        assert under_way == plain
