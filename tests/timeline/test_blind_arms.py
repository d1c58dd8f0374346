"""Before unblinding, nobody can tell from a plan which arm it is of."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from planner.formats.ical import CalendarOptions, write_calendar
from planner.formats.load import load_protocol
from planner.protocol.expand import expand
from planner.protocol.library import library_ids
from planner.schedule.unblinding import after_unblinding
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.timeline.model import Timeline
from planner.timeline.plan import course_planner, plan_timeline

START = date(2027, 3, 1)
BLINDED = [
    name
    for name in library_ids()
    if (protocol := load_protocol(name).protocol).hides_plans and len(protocol.arms) > 1
]


def plans(protocol_id: str, *, unblinded: bool = False) -> list[Timeline]:
    protocol = load_protocol(protocol_id).protocol
    site = SiteCalendar(always_open())
    return [
        plan_timeline(
            course_planner(protocol, site, arm=arm.id, unblinded=unblinded),
            START,
            unblinded=unblinded,
        )
        for arm in protocol.arms
    ]


@pytest.mark.slow
@pytest.mark.parametrize("protocol_id", BLINDED)
def test_the_arms_of_a_blinded_study_have_the_same_plan_and_the_same_calendar(
    protocol_id: str,
) -> None:
    first, *others = plans(protocol_id)
    options = CalendarOptions(stamp=datetime(2026, 11, 21, tzinfo=UTC))
    calendars = []
    for timeline in (first, *others):
        assert replace(timeline, arm=None) == replace(first, arm=None)
        out = BytesIO()
        write_calendar([timeline], out, options)
        calendars.append(out.getvalue())
    assert set(calendars) == {calendars[0]}


def test_a_plan_made_before_unblinding_ends_with_it() -> None:
    for timeline in plans("mp-4"):
        assert timeline.visits[-1].kind == "unblinding"


def test_an_unblinded_plan_goes_on_as_the_arm_does() -> None:
    lengths = {len(timeline.visits) for timeline in plans("mp-4", unblinded=True)}
    assert len(lengths) == 2
    assert min(lengths) > len(plans("mp-4")[0].visits)


def test_visits_before_the_unblinding_are_never_behind_it() -> None:
    course = expand(load_protocol("mp-8").protocol)
    behind = after_unblinding(course)
    order = [one.id for one in course.visits]
    unblinding = next(one.id for one in course.visits if one.kind == "unblinding")
    assert behind
    assert not behind & set(order[: order.index(unblinding) + 1])


def test_a_wait_list_of_which_only_raters_are_blinded_shows_participants_all_their_visits() -> None:
    immediate, delayed = plans("jhu-mdd")
    assert "Week 5 of waiting" in " ".join(visit.title for visit in delayed.visits)
    assert [visit.id for visit in immediate.visits] != [visit.id for visit in delayed.visits]


def test_a_study_whose_arms_do_not_part_is_planned_to_its_end() -> None:
    assert after_unblinding(expand(load_protocol("mapp1").protocol)) == frozenset()
