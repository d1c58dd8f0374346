"""Plans from tables that participants share are those that a search finds for each of them."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import assume, given, settings
from timeline.courses import START, day, protocol, record, site
from timeline.random_courses import Case, cases

from planner.errors import PlannerError
from planner.timeline.model import Timeline
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.shared_plans import SharedPlans


def both(case: Case, today: date) -> tuple[Timeline, Timeline]:
    """The timeline by the tables, where these tell it, and by the search."""
    courses, shared = PlannerCache(case.small, case.calendar), SharedPlans(today)
    found = [
        plan_participant(courses, case.file, start=START, today=case.today, shared=tables)
        for tables in (shared, None)
    ]
    return found[0], found[1]


@pytest.mark.slow
@given(cases())
@settings(max_examples=300, deadline=None)
def test_a_timeline_is_the_same_by_shared_tables_and_by_a_search(case: Case) -> None:
    assume(case.today is not None)
    assert case.today is not None
    try:
        by_tables, by_search = both(case, case.today)
    except PlannerError:
        assume(False)
        raise
    assert by_tables == by_search


def test_tables_tell_plans_that_keep_all_windows_and_plans_that_cannot() -> None:
    small = protocol(
        [
            {"id": "v0"},
            {"id": "v1", "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
            {"id": "v2", "after": {"visit": "v0", "within": "12d..16d", "target": "14d"}},
        ]
    )
    told = Counter[bool | None]()

    class Watched(SharedPlans):
        def plan(self, planner, start):  # type: ignore[no-untyped-def]
            found = super().plan(planner, start)
            told[None if found is None else found.keeps_windows] += 1
            return found

    courses, today = PlannerCache(small, site()), day(10)
    shared = Watched(today)
    for lines in (
        [f"v0 occurred {day(0)}", f"v1 occurred {day(7)}"],
        [f"v0 occurred {day(0)}"],
        [f"v0 occurred {day(0)}", f"v2 booked {day(13)}"],
    ):
        timeline = plan_participant(courses, record(*lines), today=today, shared=shared)
        assert timeline == plan_participant(courses, record(*lines), today=today)
    assert told == {True: 1, False: 2}
