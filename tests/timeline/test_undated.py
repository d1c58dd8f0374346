"""A participant under way: what waits for an event has no date until that is recorded."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, protocol, record, site

from planner.protocol.model import Protocol
from planner.timeline.model import Timeline
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.plan import course_planner, plan_timeline
from planner.timeline.record import RecordFile, read_moment
from planner.timeline.whatif import WhatIfStep, what_if

STOP = {"id": "stop", "unscheduled": True, "after": {"visit": "v0", "within": "1d.."}}
EOT = {"id": "eot", "after": {"visit": "stop", "within": "0d..7d", "target": "3d"}}
CALL = {"id": "call", "after": {"visit": "eot", "within": "1w"}}
LAST = {"id": "last", "after": {"visit": "v0", "within": "80d..88d", "target": "84d"}}
SMALL = protocol([{"id": "v0"}, STOP, EOT, CALL, LAST])
BEGUN = f"v0 occurred {START}"


def plan(
    file: RecordFile, small: Protocol = SMALL, *, today: date | None = None
) -> tuple[dict[str, date], dict[str, str]]:
    """The dates of the visits of a plan, and why others have none."""
    timeline = plan_participant(PlannerCache(small, site()), file, start=START, today=today)
    return dates(timeline), {one.id: one.why for one in timeline.waiting}


def dates(timeline: Timeline) -> dict[str, date]:
    return {one.id: one.start.date() for one in timeline.visits}


def test_until_the_event_is_recorded_all_that_counts_from_it_waits() -> None:
    found, waiting = plan(record(BEGUN), today=day(300))
    assert found.keys() == {"v0", "last"}
    assert waiting == {"eot": "waits for `stop`", "call": "waits for `eot`"}


def test_once_it_is_recorded_all_have_their_dates() -> None:
    for status in ("occurred", "booked"):
        found, waiting = plan(record(BEGUN, f"stop {status} {day(7)}"))
        assert (found["eot"], found["call"]) == (day(10), day(17))
        assert not waiting


def test_an_event_that_is_recorded_as_unscheduled_is_that_of_the_protocol() -> None:
    line = f"stop unscheduled {day(7)}"
    found, waiting = plan(record(BEGUN, line))
    assert (found["stop"], found["eot"], waiting) == (day(7), day(10), {})
    # What happens again stands beside the plan.
    timeline = plan_participant(
        PlannerCache(SMALL, site()), record(BEGUN, line, f"stop unscheduled {day(9)}"), start=START
    )
    assert [one.start.date() for one in timeline.unscheduled] == [day(9)]
    assert dates(timeline)["eot"] == day(10)


def test_an_appointment_or_a_record_of_its_own_dates_it_too() -> None:
    for status in ("occurred", "booked"):
        found, waiting = plan(record(BEGUN, f"eot {status} {day(7)}"))
        assert (found["eot"], found["call"]) == (day(7), day(14))
        assert not waiting


@pytest.mark.parametrize("name", ["stop", "eot", "call"])
@pytest.mark.parametrize("when", ["", f" {day(7)}"])
def test_a_line_that_only_plans_it_dates_nothing(name: str, when: str) -> None:
    found, waiting = plan(record(BEGUN, f"{name} planned{when}"))
    assert found.keys() == {"v0", "last"}
    assert waiting.keys() == {"eot", "call"}


def test_what_is_missed_without_a_date_never_had_one() -> None:
    timeline = plan_participant(
        PlannerCache(SMALL, site()), record(BEGUN, "eot missed", "call cancelled"), start=START
    )
    assert [(one.id, one.status) for one in timeline.waiting] == [
        ("eot", "missed"),
        ("call", "cancelled"),
    ]
    assert dates(timeline).keys() == {"v0", "last"}


def test_an_event_that_is_recorded_as_not_happening_dates_nothing() -> None:
    found, waiting = plan(record(BEGUN, "stop cancelled"))
    assert found.keys() == {"v0", "last"}
    assert waiting["stop"] == "cancelled, without a date"
    assert waiting["eot"] == "has no date: it counts from `stop`, which does not take place"


def test_a_withdrawal_is_what_a_termination_visit_waits_for() -> None:
    ending = protocol([{"id": "v0"}, STOP, {**EOT, "kind": "termination"}, CALL, LAST])
    timeline = plan_participant(
        PlannerCache(ending, site()), record(BEGUN, withdrawn=str(day(10))), start=START
    )
    status = {one.id: (one.status, one.start.date()) for one in timeline.visits}
    assert status["eot"] == ("planned", day(10))
    assert status["last"][0] == "cancelled"


def test_a_withdrawal_calls_off_what_waits() -> None:
    timeline = plan_participant(
        PlannerCache(SMALL, site()), record(BEGUN, withdrawn=str(day(10))), start=START
    )
    assert [(one.id, one.status) for one in timeline.waiting] == [
        ("eot", "cancelled"),
        ("call", "cancelled"),
    ]


DECIDED = protocol(
    [
        {"id": "v0"},
        {"id": "second", "when": "go", "after": {"visit": "v0", "within": "1w"}},
        {"id": "end", "after": {"visit": "second", "within": "1w"}},
    ],
    decisions={"go": {"condition": "So decided."}},
)


def test_an_open_decision_dates_its_own_visit_and_nothing_that_takes_place_anyway() -> None:
    found, waiting = plan(record(BEGUN), DECIDED)
    assert found.keys() == {"v0", "second"}
    assert waiting == {"end": "waits for `second`"}
    found, waiting = plan(record(BEGUN, facts={"go": True}), DECIDED)
    assert (found["end"], waiting) == (day(14), {})
    found, waiting = plan(record(BEGUN, facts={"go": False}), DECIDED)
    assert found.keys() == {"v0"}
    assert waiting == {"end": "has no date: it counts from `second`, which does not take place"}


def test_moving_the_event_on_paper_dates_what_waits_for_it() -> None:
    courses = PlannerCache(SMALL, site())
    steps = [WhatIfStep("move", "stop", read_moment(str(day(7))))]
    answer = what_if(courses, record(BEGUN), steps, start=START)
    changes = {one.id: (one.before, one.after) for one in answer.changes}
    assert changes["stop"][0] is None
    before, after = changes["eot"]
    assert before is not None
    assert (before.status, after.start.date()) == ("waiting", day(10))
    assert all(one.days == 0 for one in answer.changes)


@st.composite
def under_way(draw: st.DrawFn) -> tuple[Protocol, RecordFile]:
    """Up to six visits in chains from earlier ones, some unscheduled; some events recorded."""
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    lines = [BEGUN]
    for number in range(1, draw(st.integers(2, 6))):
        sources = draw(st.sets(st.integers(0, number - 1), min_size=1, max_size=2))
        visit: dict[str, Any] = {
            "id": f"v{number}",
            "after": [{"visit": f"v{one}", "within": "1d..40d"} for one in sorted(sources)],
        }
        if draw(st.booleans()):
            visit["unscheduled"] = True
            if draw(st.booleans()):
                lines.append(f"v{number} occurred {day(draw(st.integers(1, 40)))}")
        visits.append(visit)
    return protocol(visits), record(*lines)


@given(under_way())
@settings(max_examples=200, deadline=None)
def test_no_plan_dates_a_visit_whose_only_ties_are_to_what_has_not_happened(
    case: tuple[Protocol, RecordFile],
) -> None:
    small, file = case
    timeline = plan_participant(PlannerCache(small, site()), file, start=START)
    shown = dates(timeline)
    recorded = {line.visit for line in file.record.visits}
    for one in small.epochs[0].visits:
        sources = {timing.visit.visit for timing in one.after}
        if one.unscheduled:
            assert (one.id in shown) == (one.id in recorded)
        else:
            assert (one.id in shown) == (not sources or bool(sources & shown.keys()))
    planned = {one.id for one in small.epochs[0].visits if not one.unscheduled}
    assert {one.id for one in timeline.listed()} == planned | recorded


@given(under_way())
@settings(max_examples=100, deadline=None)
def test_a_plan_without_a_record_waits_for_what_one_with_nothing_recorded_waits_for(
    case: tuple[Protocol, RecordFile],
) -> None:
    small, _ = case
    bare = plan_timeline(course_planner(small, site()), START)
    begun = plan_participant(PlannerCache(small, site()), record(BEGUN), start=START)
    assert [(one.id, one.why) for one in bare.waiting] == [
        (one.id, one.why) for one in begun.waiting
    ]
    assert dates(bare) == dates(begun)
