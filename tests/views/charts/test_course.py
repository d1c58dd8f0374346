"""The rows of a course, dated and not: windows, targets, what has happened, what is hidden."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

import planner
from planner.errors import PlannerError
from planner.protocol.fields import WEEKDAYS
from planner.protocol.model import Protocol
from planner.schedule.slack import DayWindow
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.site.model import Facility, Site
from planner.timeline.model import Timeline
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.plan import course_planner, plan_timeline
from planner.timeline.record_reading import read_record
from planner.views.charts.course import (
    MAX_ROWS,
    CourseRow,
    CourseTable,
    CourseTrack,
    in_order,
    study_course,
)
from planner.views.charts.dated_course import closed_days, dated_course
from planner.views.charts.draw_course import draw_course, status_words
from planner.views.charts.palette import LIGHT
from planner.views.charts.picture import Box

START = date(2027, 1, 11)  # a Monday
RECORD = """visit,status,start
screening,occurred,2027-01-08
base,occurred,2027-01-11
dosing,occurred,2027-01-22
call,missed,2027-01-25
extra,unscheduled,2027-01-26T12:00
"""


def protocol(**changes: object) -> Protocol:
    return Protocol.model_validate(
        {
            "format": 1,
            "id": "small",
            "title": "A small study",
            "version": "1",
            "status": "illustrative",
            "design": "open-label",
            "anchor": "base",
            "epochs": [
                {
                    "id": "screening",
                    "visits": [
                        {"id": "screening", "before": {"visit": "base", "within": "1d..1w"}},
                        {"id": "base"},
                    ],
                },
                {
                    "id": "treatment",
                    "visits": [
                        {
                            "id": "dosing",
                            "after": {"visit": "base", "within": "1w..10d", "target": "1w"},
                        },
                        {
                            "id": "call",
                            "mode": "phone",
                            "optional": True,
                            "after": {"visit": "dosing", "within": "1d..3d", "target": "1d"},
                        },
                        {"id": "end", "after": {"visit": "dosing", "within": "2w.."}},
                    ],
                },
            ],
            **changes,
        }
    )


def weekdays() -> SiteCalendar:
    hours = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "08:00-18:00")
    return SiteCalendar(
        Site.model_validate(
            {
                "format": 1,
                "id": "clinic",
                "title": "Clinic",
                "timezone": "UTC",
                "hours": hours,
                "closures": [{"from": "2027-01-12", "to": "2027-01-13", "reason": "paint"}],
            }
        )
    )


def planned(one: Protocol, site: SiteCalendar) -> Timeline:
    return plan_timeline(course_planner(one, site), START)


def row(table: CourseTable, name: str) -> CourseRow:
    return next(one for one in table.rows if one.id == name)


def test_windows_count_from_where_the_target_of_their_reference_lies() -> None:
    table = study_course(protocol())
    assert row(table, "dosing").target == 7
    assert row(table, "dosing").written == DayWindow(7, 10)
    assert row(table, "call").written == DayWindow(8, 10)


def test_what_the_rules_leave_counts_from_the_anchor() -> None:
    table = study_course(protocol())
    assert row(table, "call").effective == DayWindow(8, 13)
    assert row(table, "end").effective == DayWindow(21, None)
    assert row(table, "screening").effective == DayWindow(-7, -1)


def test_study_days_have_no_day_0_unless_the_protocol_says_so() -> None:
    assert row(study_course(protocol()), "dosing").when == "Day 8 (8..11)"
    assert row(study_course(protocol(day_zero=True)), "dosing").when == "Day 7 (7..10)"


def test_visits_stand_in_the_order_of_time() -> None:
    table = study_course(protocol())
    assert [one.id for one in table.rows] == ["screening", "base", "dosing", "call", "end"]


def test_contradicting_rules_leave_no_days_and_the_picture_says_so() -> None:
    file = planner.load("examples/collision.yaml")
    table = study_course(file.protocol)
    assert not table.consistent
    assert all(one.effective == DayWindow(None, None) for one in table.rows)
    assert "contradict" in draw_course(table, LIGHT, 840).trouble


def test_a_dated_course_is_the_timeline() -> None:
    site = weekdays()
    one = protocol()
    table = dated_course(planned(one, site), one, site)
    assert table.anchor == START
    assert row(table, "dosing").planned == 7
    assert row(table, "dosing").when == "Mon 18 Jan 2027"
    assert row(table, "call").remarks == ("phone", "optional")
    assert not table.forced


@pytest.mark.parametrize(
    ("name", "visit"), [("hope-group", "prep-1"), ("mdma-cbct", "cbct-1"), ("mapp2", "prep-1")]
)
def test_the_listed_order_is_never_drawn_as_a_window(name: str, visit: str) -> None:
    one, site = planner.load(name).protocol, SiteCalendar(always_open())
    for table in (study_course(one), dated_course(planned(one, site), one, site)):
        assert row(table, visit).effective == DayWindow(None, None)
        assert dict(row(table, visit).facts)["Effective window"] == ""


def test_what_has_happened_is_told_in_words_and_not_by_colour_alone(tmp_path: Path) -> None:
    path = tmp_path / "P0001.csv"
    path.write_text(RECORD, encoding="utf-8")
    site = SiteCalendar(always_open())
    one = protocol()
    timeline = plan_participant(
        PlannerCache(one, site), read_record(str(path)), today=date(2027, 1, 27)
    )
    table = dated_course(timeline, one, site)
    assert row(table, "dosing").outside
    assert status_words(row(table, "dosing")) == ("took place", "out of window")
    assert status_words(row(table, "call")) == ("", "missed")
    assert row(table, "extra").status == "unscheduled"
    assert table.today == 16
    texts = [one.text for one in draw_course(table, LIGHT, 840).words]
    assert "out of window" in texts
    assert "missed" in texts
    assert any(text.startswith("today, ") for text in texts)


def test_closed_days_are_told_with_their_reason_weekly_ones_apart() -> None:
    found = list(closed_days(weekdays(), START, -2, 6))
    assert [(one.first, one.last, one.weekly) for one in found] == [
        (-2, -1, True),
        (1, 2, False),
        (5, 6, True),
    ]
    assert "paint" in found[1].reason


def test_days_that_are_closed_every_week_are_shaded_only_where_they_can_be_seen() -> None:
    site, one = weekdays(), protocol()
    table = dated_course(planned(one, site), one, site)
    wide = draw_course(table, LIGHT, 1200)
    diaries = [CourseTrack("Diary", "daily", day, day + 20) for day in range(0, 900, 20)]
    narrow = draw_course(table._replace(tracks=tuple(diaries)), LIGHT, 840)
    assert "closed every week" in [one.text for one in wide.words]
    assert "closed every week" not in [one.text for one in narrow.words]


def test_a_visit_in_a_facility_is_shaded_by_the_days_of_that() -> None:
    base = weekdays().site
    ward = {
        "id": "ward",
        "hours": dict.fromkeys(WEEKDAYS, "00:00-24:00"),
        "closures": [{"from": "2027-01-13", "to": "2027-01-13", "reason": "renovation"}],
    }
    site = SiteCalendar(base.model_copy(update={"facilities": (Facility.model_validate(ward),)}))
    one = protocol()
    epochs = [
        epoch.model_copy(
            update={
                "visits": tuple(
                    visit.model_copy(update={"facility": "ward"}) if visit.id == "dosing" else visit
                    for visit in epoch.visits
                )
            }
        )
        for epoch in one.epochs
    ]
    one = one.model_copy(update={"epochs": tuple(epochs)})
    table = dated_course(planned(one, site), one, site)
    rows = {row.id: row for row in table.rows}
    own = [row.id for row in table.rows if row.closed is not None]
    assert own
    assert all(name.startswith("dosing") for name in own)
    for name in own:
        assert [stretch.reason for stretch in rows[name].closed or ()] == [
            "ward: closure: renovation"
        ]
    assert any(stretch.weekly for stretch in table.closed)
    for width in (400, 1200):  # narrow ones have a lane below each text
        boxes = [
            item
            for _, item in draw_course(table, LIGHT, width).items
            if isinstance(item, Box) and item.tip and "renovation" in str(item.tip)
        ]
        assert len(boxes) == len(own)


def test_nothing_of_a_blinded_study_tells_the_arm() -> None:
    arms = [{"id": "red", "label": "9 mg"}, {"id": "blue"}]
    site = SiteCalendar(always_open())
    blinded = protocol(design="double-blind", arms=arms)
    for table in (study_course(blinded), dated_course(planned(blinded, site), blinded, site)):
        text = repr(draw_course(table, LIGHT, 840))
        assert "red" not in text.replace("required", "")
        assert "9 mg" not in text
    opened = protocol(arms=arms)
    for table in (study_course(opened), dated_course(planned(opened, site), opened, site)):
        text = repr(draw_course(table, LIGHT, 840))
        assert "arm red" in text
        assert "9 mg" not in text


@pytest.mark.parametrize("name", ["mp-4", "mp-8", "lsd-ltd"])
def test_what_lies_behind_the_unblinding_is_not_shown(name: str) -> None:
    one = planner.load(name).protocol
    table = study_course(one, one.arms[0].id)
    assert any("after the unblinding" in note for note in table.notes)
    site = SiteCalendar(always_open())
    shown = {row.id for row in dated_course(planned(one, site), one, site).rows}
    assert {row.id for row in table.rows} == shown


def test_epochs_that_take_turns_too_often_stand_together() -> None:
    rows = study_course(planner.load("pam").protocol).rows
    epochs = [row.epoch for row in in_order(rows)]
    changes = sum(a != b for a, b in pairwise(epochs))
    assert changes == len(set(epochs)) - 1


def test_a_course_too_long_for_a_picture_is_refused() -> None:
    visit = {"id": "v", "next": {"visit": "previous v", "within": "1d"}}
    epoch = {"id": "many", "cycle": {"times": MAX_ROWS + 1}, "visits": [visit]}
    long = protocol(anchor="v-1", epochs=[epoch])
    with pytest.raises(PlannerError, match="at most"):
        study_course(long)


def test_the_description_tells_the_sessions_and_what_went_wrong() -> None:
    text = draw_course(study_course(protocol()), LIGHT, 840).description
    assert "5 visits" in text
    assert "Dosing sessions: V03 dosing, Day 8 (8..11)." in text
