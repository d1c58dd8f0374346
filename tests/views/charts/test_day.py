"""The day as rows: clock times, rooms, who is there, and what a clock change does to it."""

from dataclasses import replace
from datetime import date

import pytest

import planner
from planner.errors import PlannerError
from planner.site import always_open, load_site
from planner.site.calendar import SiteCalendar
from planner.timeline.plan import course_planner, plan_timeline
from planner.views.charts.day import day_table
from planner.views.charts.draw_day import draw_day
from planner.views.charts.palette import LIGHT
from planner.views.charts.picture import Box
from planner.views.run_sheet import NoRunSheet


def test_the_first_dosing_session_with_a_run_sheet_is_taken() -> None:
    table = day_table(planner.load("mapp1").protocol)
    assert table.title.startswith("Dosing session (1)")
    assert table.items[0].when == "09:00"


def test_each_line_tells_its_time_and_its_room() -> None:
    table = day_table(planner.load("mapp1").protocol, "dosing-2")
    (vitals,) = (one for one in table.items if one.title.startswith("Vital signs before any"))
    assert vitals.when == "11:20 (11:00..11:30)"
    (second,) = (one for one in table.items if one.optional)
    assert second.kind == "administration"


def test_staff_changes_with_the_shift_and_stays_until_the_participant_leaves() -> None:
    table = day_table(planner.load("mapp1").protocol)
    assert [(one.who, one.stretches) for one in table.staff] == [
        ("Therapist × 2", ((0, 480),)),
        ("Night attendant", ((480, 1440),)),
    ]
    assert table.changes == (480,)
    assert table.stay == 1440


def test_the_night_is_left_out_of_the_picture_but_not_of_the_bars() -> None:
    picture = draw_day(day_table(planner.load("mapp1").protocol), LIGHT, 840)
    texts = [one.text for one in picture.words]
    assert "axis break" in texts
    assert "until 09:00 +1" in texts


def test_what_is_optional_is_hollow_and_dashed() -> None:
    picture = draw_day(day_table(planner.load("mapp1").protocol), LIGHT, 840)
    dashed = [item for _, item in picture.items if isinstance(item, Box) and item.dash]
    assert len(dashed) == 1
    assert dashed[0].fill == LIGHT.paper


def test_on_a_date_the_times_are_those_of_the_plan() -> None:
    one = planner.load("mapp1").protocol
    site = SiteCalendar(load_site("examples/site-berlin.yaml"))
    timeline = plan_timeline(course_planner(one, site), date(2027, 1, 11))
    table = day_table(one, "dosing-1", timeline=timeline, site=site)
    visit = next(each for each in timeline.visits if each.id == "dosing-1")
    shown = [item.start.strftime("%H:%M") for item in visit.run_sheet]
    assert [item.when[:5] for item in table.items] == shown
    assert visit.start.strftime("%d %b %Y") in table.about[1]


def test_leaving_is_at_the_local_hour_after_a_night_in_which_clocks_change() -> None:
    one = planner.load("mapp1").protocol
    site = SiteCalendar(load_site("examples/site-everyday.yaml"))
    planned = course_planner(one, site, at={"dosing-1": date(2027, 3, 27)})
    timeline = plan_timeline(planned, date(2027, 3, 13))
    table = day_table(one, "dosing-1", timeline=timeline, site=site)
    assert table.stay is not None
    assert table.shown(table.stay) == "09:00 +1"


def test_a_visit_without_a_run_sheet_has_no_picture_of_a_day() -> None:
    one = planner.load("mapp1").protocol
    with pytest.raises(NoRunSheet, match="has no run sheet"):
        day_table(one, "baseline")
    with pytest.raises(NoRunSheet, match="no visit"):
        day_table(planner.load("aud-psi").protocol)
    with pytest.raises(PlannerError, match="did you mean"):
        day_table(one, "dosin")


def test_a_visit_that_is_not_in_the_plan_is_refused() -> None:
    one = planner.load("mapp1").protocol
    site = SiteCalendar(always_open())
    timeline = plan_timeline(course_planner(one, site), date(2027, 1, 11))
    left = tuple(visit for visit in timeline.visits if visit.id != "dosing-3")
    with pytest.raises(PlannerError, match="has no visit `dosing-3`"):
        day_table(one, "dosing-3", timeline=replace(timeline, visits=left), site=site)
