"""What a move, a miss or a cancellation would change: all of it, and nothing is done."""

from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, protocol, record, site
from timeline.random_courses import Case, cases, stand

from planner.errors import PlannerError
from planner.protocol.model import Protocol
from planner.timeline.participant_state import PlannerCache, plan_participant
from planner.timeline.record import Moment, RecordFile
from planner.timeline.whatif import VisitChange, WhatIf, WhatIfStep, empty_record, what_if

SMALL = protocol(
    [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
        {"id": "v2", "after": {"visit": "v1", "within": "5d..9d", "target": "7d"}},
        {"id": "v3", "after": {"visit": "v0", "within": "20d", "target": "20d"}},
    ]
)
BEGUN = f"v0 occurred {START}"


def ask(file: RecordFile, *steps: WhatIfStep, small: Protocol = SMALL, **more: Any) -> WhatIf:
    at = more.pop("at", None) or site()
    return what_if(PlannerCache(small, at), file, steps, **more)


def move(visit: str, to: date) -> WhatIfStep:
    return WhatIfStep("move", visit, Moment(to))


def changed(answer: WhatIf) -> dict[str, VisitChange]:
    return {one.id: one for one in answer.changes}


def test_what_counts_from_a_moved_visit_moves_with_it() -> None:
    answer = ask(record(BEGUN), move("v1", day(9)))
    changes = changed(answer)
    assert {name: one.days for name, one in changes.items()} == {"v1": 2, "v2": 2}
    assert answer.unchanged == 2
    assert answer.kept
    assert (answer.before.cost, answer.after.cost) == (0, 2)


def test_a_visit_can_be_moved_outside_its_window_and_that_is_told() -> None:
    answer = ask(record(BEGUN), move("v1", day(11)))
    assert not answer.kept
    assert not answer.after.forced  # what is left can be planned all the same
    assert changed(answer)["v1"].breaks == "2 days late: v1 must be 5d..9d after v0, target 1w"
    assert changed(answer)["v2"].days == 4


def test_what_forces_a_plan_outside_its_windows_is_named() -> None:
    shut = site(closures=[day(number) for number in range(14, 19)])
    answer = ask(record(BEGUN), move("v1", day(9)), at=shut)
    assert not answer.kept
    assert any("closure: closed" in reason for reason in answer.after.forced)
    assert changed(answer)["v2"].breaks is not None


def test_an_appointment_that_cannot_be_kept_is_told() -> None:
    file = record(BEGUN, f"v2 booked {day(12)}T10:00")
    answer = ask(file, move("v1", day(8)))
    lost = changed(answer)["v2"].lost_booking
    assert lost is not None
    assert lost.date() == day(12)
    assert answer.kept
    assert changed(ask(file, move("v1", day(5))))["v1"].lost_booking is None


def test_a_missed_appointment_keeps_its_date_for_what_counts_from_it() -> None:
    file = record(BEGUN, f"v1 booked {day(9)}")
    answer = ask(file, WhatIfStep("miss", "v1"))
    change = changed(answer)["v1"]
    assert change.after is not None
    assert (change.after.status, change.after.start.date()) == ("missed", day(9))
    assert answer.unchanged == 3
    assert answer.kept


def test_a_cancelled_visit_without_a_date_keeps_a_place() -> None:
    answer = ask(record(BEGUN), WhatIfStep("cancel", "v1"))
    change = changed(answer)["v1"]
    assert change.after is not None
    assert change.after.status == "cancelled"
    assert changed(answer).keys() == {"v1"}


def test_several_steps_are_taken_at_once() -> None:
    answer = ask(record(BEGUN), move("v1", day(6)), WhatIfStep("cancel", "v3"))
    assert changed(answer).keys() == {"v1", "v2", "v3"}
    assert [one.id for one in answer.changes][:2] == ["v1", "v3"]


def test_moving_the_anchor_moves_everything_and_its_study_days() -> None:
    answer = ask(empty_record("P0001", START), move("v0", day(3)))
    assert answer.after.anchor_date == day(3)
    assert {one.days for one in answer.changes} == {3}
    assert len(answer.changes) == 4


def test_a_day_without_anybody_there_is_told() -> None:
    answer = ask(record(BEGUN), move("v1", day(8)), at=site(closures=[day(8)]))
    assert answer.taken[0].closed == "closure: closed"
    assert changed(answer)["v1"].after is not None
    assert answer.kept


def test_a_gate_that_is_passed_too_late_for_the_new_date_is_told() -> None:
    small = protocol(
        [{"id": "v0"}, {"id": "v1", "requires": ["tapered"],
                        "after": {"visit": "v0", "within": "5d..9d"}}],
        gates={"tapered": {"title": "Tapered"}},
    )  # fmt: skip
    file = record(BEGUN, f"v1 booked {day(7)}", gates={"tapered": str(day(6))})
    assert changed(ask(file, move("v1", day(5)), small=small))["v1"].waits_for == ("tapered",)
    assert changed(ask(file, move("v1", day(8)), small=small))["v1"].waits_for == ()


def test_a_visit_that_does_not_apply_is_told_as_that() -> None:
    file = record(BEGUN, "v1 not-applicable")
    with pytest.raises(PlannerError, match="`v1` is recorded as not-applicable"):
        ask(file, WhatIfStep("cancel", "v1", None))


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (
            move("v0", day(1)),
            "move: `v0` is recorded as occurred; what has happened cannot be changed",
        ),
        (WhatIfStep("miss", "v0"), "miss: `v0` is recorded as occurred"),
        (
            WhatIfStep("cancel", "v11"),
            "cancel: `v11` is not a visit of this course; did you mean `v",
        ),
        (move("v1", day(2)), f"move: {day(2)} is before today {day(3)}"),
    ],
)
def test_what_cannot_be_tried_is_refused(step: WhatIfStep, message: str) -> None:
    with pytest.raises(PlannerError) as error:
        ask(record(BEGUN), step, today=day(3))
    assert message in str(error.value)


def test_one_thing_at_a_time_with_each_visit() -> None:
    with pytest.raises(PlannerError, match="`v1` is named twice"):
        ask(record(BEGUN), move("v1", day(6)), WhatIfStep("miss", "v1"))


def test_a_cycles_visit_is_named_with_its_number() -> None:
    small = protocol(
        [],
        epochs=[
            {"id": "start", "kind": "screening", "visits": [{"id": "v0"}]},
            {"id": "treatment", "cycle": {"times": 2}, "visits": [
                {"id": "v", "first": {"visit": "v0", "within": "1w..2w"},
                 "next": {"visit": "previous v", "within": "1w..2w"}}]},
        ],
    )  # fmt: skip
    with pytest.raises(PlannerError, match="`v` occurs 2 times; write `v-1`, `v-2`"):
        ask(record(BEGUN), WhatIfStep("miss", "v"), small=small)


def test_trying_to_unblind_tells_nothing() -> None:
    small = protocol(
        [
            {"id": "v0"},
            {"id": "u", "kind": "unblinding", "after": {"visit": "v0", "within": "1w..2w"}},
            {"id": "v1", "when": "more", "after": {"visit": "u", "within": "1w"}},
        ],
        design=["double-blind", "parallel"],
        arms=[{"id": "active"}, {"id": "control"}],
        decisions={"more": {"expression": "arm == active"}},
    )
    answers = [
        ask(record(BEGUN, arm=arm), move("u", day(10)), small=small)
        for arm in ("active", "control")
    ]
    assert answers[0].changes == answers[1].changes
    assert {one.id for one in answers[0].changes} == {"u", "v1"}


@pytest.mark.slow
@given(cases(), st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_told_is_the_difference_of_two_plans(case: Case, data: st.DataObject) -> None:
    """The plan after is that of a record which has the moved visit as settled."""
    where = stand(case)
    assume(not where.planner.so_far.not_done)
    free = [
        one.id
        for one in case.small.epochs[0].visits
        if one.id not in where.planner.so_far.fixed and one.id != "v0"
    ]
    assume(free)
    name = data.draw(st.sampled_from(free))
    first = 0 if case.today is None else (case.today - START).days
    to = day(data.draw(st.integers(max(0, first), max(0, first) + 12)))
    courses = PlannerCache(case.small, case.calendar)
    answer = what_if(courses, case.file, [move(name, to)], start=START, today=case.today)
    before = plan_participant(courses, case.file, start=START, today=case.today)
    assert answer.before == before
    assert {visit.id: visit.start.date() for visit in answer.after.visits}[name] == to
    old = {visit.id: visit for visit in before.visits}
    new = {visit.id: visit for visit in answer.after.visits}
    told = {one.id for one in answer.changes}
    assert len(told) + answer.unchanged == len(new)
    for visit in new:
        if visit not in told:
            assert old[visit].start == new[visit].start
            assert old[visit].deviation == new[visit].deviation
    for visit in old.keys() & new.keys() - {name}:
        if old[visit].start != new[visit].start:
            assert visit in told
