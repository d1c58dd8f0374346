"""How a visit takes place is said once, in the title or beside it."""

from datetime import date

import pytest

import planner
from planner.protocol.library import library_ids
from planner.site import always_open
from planner.site.calendar import SiteCalendar
from planner.timeline.plan import course_planner, plan_timeline
from planner.views.charts.course import study_course
from planner.views.contact_mode import untitled_mode
from planner.views.timeline_table import render_table


@pytest.mark.parametrize(
    ("mode", "title", "word"),
    [
        ("phone", "Week 2", "phone"),
        ("phone", "Screening by Telephone", ""),
        ("phone", "Telefonat nach einer Woche", ""),
        ("home", "Administration at home", ""),
        ("home", "Week 2", "home"),
        ("video", "Video call", ""),
        ("clinic", "Week 2", ""),
    ],
)
def test_a_mode_stands_beside_a_title_that_does_not_name_it(
    mode: str, title: str, word: str
) -> None:
    assert untitled_mode(mode, title) == word


@pytest.mark.parametrize("name", library_ids())
def test_no_view_says_the_mode_twice(name: str) -> None:
    protocol = planner.load(name).protocol
    for row in study_course(protocol).rows:
        assert not {"phone", "home", "video"} & set(row.remarks) or not any(
            word in row.title.lower() for word in ("phone", "home", "video")
        )
    plan = plan_timeline(course_planner(protocol, SiteCalendar(always_open())), date(2027, 1, 11))
    text = render_table(plan, width=200, color=False)
    assert "elephone (phone" not in text
    assert "at home (home" not in text
