"""Visits on one calendar date for everybody: in plans, beside brute force, and under way."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from timeline.courses import START, day, planned, protocol, record, site

from planner.protocol.document import Document, Mark
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.timeline.deviations import Deviation, judge
from planner.timeline.due import DueRange, due_visits, participant
from planner.timeline.participant_state import PlannerCache
from planner.timeline.plan import NothingFits, course_planner, plan_timeline
from planner.timeline.record import RecordFile
from planner.timeline.remaining_visits import Outlooks

GROUP = day(14)


def small(**more: object) -> Protocol:
    return protocol(
        [
            {"id": "v0"},
            {"id": "prep", "after": {"visit": "v0", "within": "2d..9d", "target": "3d"}},
            {"id": "group", "date": f"{GROUP}", "after": {"visit": "prep", "within": "2d..12d"}},
            {"id": "after", "after": {"visit": "group", "within": "1d..4d", "target": "2d"}},
            {"id": "completion", "date": f"{day(90)}"},
        ],
        **more,
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.integers(0, 6), max_size=4),
    st.integers(-12, 20),
    st.integers(0, 6),
    st.integers(0, 6),
    st.integers(-3, 3),
)
def test_a_plan_is_the_best_that_has_the_common_date(
    closed: set[int], begin: int, low: int, room: int, low_2: int
) -> None:
    course = protocol(
        [
            {"id": "v0"},
            {"id": "v1", "after": {"visit": "v0", "within": f"{low}d..{low + room}d"}},
            {"id": "group", "date": f"{GROUP}"},
            {
                "id": "v3",
                "after": [
                    {"visit": "group", "within": f"{low_2}d..{low_2 + 3}d", "target": f"{low_2}d"},
                    {"visit": "v1", "within": "1d.."},
                ],
            },
        ]
    )
    at, start = site(closed), day(begin)
    best = None
    if at.is_open(start) and at.is_open(GROUP):
        for first, second in product(range(low, low + room + 1), range(low_2, low_2 + 4)):
            one, three = start + timedelta(first), GROUP + timedelta(second)
            if at.is_open(one) and at.is_open(three) and three > one:
                off = first - low + second - low_2
                best = off if best is None else min(best, off)
    planner = course_planner(course, at)
    if best is None:
        with pytest.raises(NothingFits):
            plan_timeline(planner, start)
        return
    timeline = plan_timeline(planner, start)
    visits = {visit.id: visit.start.date() for visit in timeline.visits}
    assert visits["group"] == GROUP
    assert (visits["v1"] - start).days - low + (visits["v3"] - GROUP).days - low_2 == best
    group = timeline.visit("group")
    assert (group.window.earliest, group.window.latest, group.target) == (GROUP, GROUP, GROUP)
    assert group.effective_window == group.window


def test_what_nothing_else_ties_has_its_date_and_days_count_from_it() -> None:
    timeline = plan_timeline(course_planner(small(), site()), START)
    assert timeline.visit("completion").start.date() == day(90)
    assert timeline.visit("after").start.date() == GROUP + timedelta(2)


def test_why_nothing_fits_names_the_date_once() -> None:
    with pytest.raises(NothingFits) as nothing:
        plan_timeline(course_planner(small(), site()), day(20))
    message = str(nothing.value)
    assert message.count("for everybody") == 1
    assert f"`group` takes place on {GROUP:%a %Y-%m-%d} for everybody" in message


def deviations(file: RecordFile, today: date | None = None) -> list[Deviation]:
    course = small()
    source = ProtocolFile("small.yaml", course, Document("small.yaml", {}, Mark(1, 1, None), []))
    return list(judge(source, PlannerCache(course, site()), file, today=today).deviations)


@pytest.mark.parametrize(("number", "kind"), [(13, "early"), (14, None), (15, "late")])
def test_another_date_than_everybody_s_is_a_deviation(number: int, kind: str | None) -> None:
    file = record(
        f"v0 occurred {day(0)}", f"prep occurred {day(3)}", f"group occurred {day(number)}"
    )
    found = [one for one in deviations(file) if one.visit == "group"]
    assert [(one.kind, one.days) for one in found] == ([(kind, 1)] if kind else [])


def test_a_common_date_that_passed_unrecorded_is_told_and_the_rest_is_planned() -> None:
    file = record(f"v0 occurred {day(0)}", f"prep occurred {day(3)}")
    _, visits = planned(small(), file, today=day(15))
    assert visits["group"].start.date() == GROUP
    assert visits["group"].unrecorded
    assert visits["after"].start.date() == GROUP + timedelta(2)
    outlooks = Outlooks(day(15).toordinal())
    one = participant(PlannerCache(small(), site()), file, outlooks, day(15))
    assert one is not None
    found = due_visits(one, outlooks, DueRange(day(15), day(16), day(15)))
    assert ("group", "unrecorded") in [(visit.visit, visit.status) for visit in found]


def test_an_appointment_on_another_date_is_moved_to_the_common_one() -> None:
    file = record(f"v0 occurred {day(0)}", f"group booked {day(13)}T10:00")
    _, visits = planned(small(), file)
    assert visits["group"].start.date() == GROUP
    assert visits["group"].booked is not None


def test_a_closed_common_date_is_planned_there_all_the_same_and_told() -> None:
    file = record(f"v0 occurred {day(0)}")
    timeline, visits = planned(small(), file, at=site(closures=[GROUP]))
    assert visits["group"].start.date() == GROUP
    assert any("closure" in why or "closed" in why for why in timeline.forced)


def test_what_repeats_has_no_common_date() -> None:
    with pytest.raises(ValidationError, match="leave one out"):
        protocol(
            [
                {"id": "v0"},
                {
                    "id": "v1",
                    "date": "2027-05-01",
                    "after": {"visit": "v0", "every": "1w", "until": 3},
                },
            ]
        )
