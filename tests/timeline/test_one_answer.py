"""One record has one answer: what `timeline`, `due` and `export` date, and what they refuse."""

from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, protocol, record, site
from timeline.random_courses import Case, cases

from planner.errors import PlannerError
from planner.timeline.due import DueRange, due_visits, participant
from planner.timeline.model import Timeline
from planner.timeline.participant_state import PlannerCache, plan_participant, standing
from planner.timeline.plan import Contradiction
from planner.timeline.remaining_visits import Outlooks

FAR = DueRange(day(-900), day(900), START)


def planned(case: Case, today: date) -> Timeline:
    return plan_participant(PlannerCache(case.small, case.calendar), case.file, today=today)


@pytest.mark.slow
@given(cases(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_who_is_due_is_dated_as_the_timeline_dates_them(case: Case, is_planned: bool) -> None:
    today = case.today or START
    if is_planned:
        dated = case.file.record.model_copy(update={"start": START})
        case = case._replace(file=case.file._replace(record=dated))
    courses, outlooks = PlannerCache(case.small, case.calendar), Outlooks(today.toordinal())
    try:
        timeline = planned(case, today)
    except Contradiction:
        assume(False)
        raise
    except PlannerError:
        # Of who has nothing to come no date is asked.
        try:
            assert participant(courses, case.file, outlooks, today) is None
        except PlannerError as error:
            assert "nothing has a date yet" in str(error)  # noqa: PT017
        return
    one = participant(courses, case.file, outlooks, today)
    if one is None:
        return
    starts = {visit.id: visit.start for visit in timeline.visits}
    for visit in due_visits(one, outlooks, FAR._replace(today=today)):
        if visit.planned is not None:
            assert visit.planned == starts[visit.visit], visit.visit


SMALL = protocol(
    [
        {"id": "consent"},
        {"id": "v0", "after": {"visit": "consent", "within": "3d..14d", "target": "1w"}},
        {"id": "end", "after": {"visit": "v0", "within": "4w", "target": "4w"}},
    ]
)


def test_while_nothing_dates_the_anchor_it_is_planned_from_what_has_taken_place() -> None:
    file = record(f"consent occurred {day(2)}")
    where = standing(PlannerCache(SMALL, site()), file)
    assert (where.anchor, where.start) == (None, day(2))
    timeline = plan_participant(PlannerCache(SMALL, site()), file, today=day(5))
    found = {one.id: (one.start.date(), one.study_day, one.status) for one in timeline.visits}
    assert timeline.anchor_date == day(9)
    assert found == {
        "consent": (day(2), -7, "occurred"),
        "v0": (day(9), 1, "due"),
        "end": (day(37), 29, "planned"),
    }
    assert timeline.visits[1].effective_window.latest == day(16)


def test_an_anchor_that_is_late_for_what_has_taken_place_is_told_so() -> None:
    file = record(f"consent occurred {day(0)}")
    timeline = plan_participant(PlannerCache(SMALL, site()), file, today=day(20))
    (late,) = [one for one in timeline.visits if one.deviation]
    assert (late.id, late.start.date(), late.status) == ("v0", day(20), "overdue")
    assert late.deviation == "6 days late: v0 must be 3d..2w after consent, target 1w"
    assert timeline.forced


def test_a_record_without_any_date_is_refused_with_one_sentence() -> None:
    words = "nothing dates `v0`, from which all days count, and nothing has a date yet"
    for file in (record(), record("consent missed"), record(f"consent planned {day(1)}")):
        with pytest.raises(PlannerError, match=words):
            plan_participant(PlannerCache(SMALL, site()), file, today=START)
        with pytest.raises(PlannerError, match=words):
            participant(PlannerCache(SMALL, site()), file, Outlooks(START.toordinal()), START)
