"""Where a participant stands: what is due, overdue, missed or outside, and what waits for what."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, planned, protocol, record, site
from timeline.random_courses import Case, cases, stand

from planner.errors import PlannerError
from planner.time.distance import CalendarDistance
from planner.timeline.participant_state import plan_standing

ONE = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "5d..9d"}}])
BEGUN = f"v0 occurred {START}"


@pytest.mark.parametrize(
    ("today", "status"),
    [(4, "planned"), (5, "due"), (9, "due"), (10, "overdue"), (300, "overdue")],
)
def test_due_inside_the_window_and_overdue_only_after_its_last_whole_day(
    today: int, status: str
) -> None:
    _, visits = planned(ONE, record(BEGUN), today=day(today))
    assert visits["v1"].status == status


def test_closed_days_make_nothing_overdue() -> None:
    closed = site(closures=[day(number) for number in (8, 9, 10)])
    timeline, visits = planned(ONE, record(BEGUN), today=day(8), at=closed)
    assert visits["v1"].status == "due"  # its window is open until the end of the ninth day
    assert timeline.forced  # though nobody can come in it any more
    assert visits["v1"].deviation == "2 days late: v1 must be 5d..9d after v0"


def test_missed_is_not_overdue() -> None:
    for line in (f"v1 missed {day(7)}", "v1 missed"):
        timeline, visits = planned(ONE, record(BEGUN, line), today=day(30))
        assert visits["v1"].status == "missed"
        assert visits["v1"].deviation is None
        assert not timeline.forced


def test_nothing_is_missed_unless_somebody_recorded_it() -> None:
    _, visits = planned(ONE, record(BEGUN), today=day(300))
    assert visits["v1"].status == "overdue"


def test_a_visit_that_took_place_is_neither_due_nor_overdue_however_late() -> None:
    _, visits = planned(ONE, record(BEGUN, f"v1 occurred {day(20)}"), today=day(30))
    assert visits["v1"].status == "occurred"
    assert visits["v1"].deviation == "11 days late: v1 must be 5d..9d after v0"


def test_without_todays_date_nothing_is_due() -> None:
    timeline, visits = planned(ONE, record(BEGUN))
    assert visits["v1"].status == "planned"
    assert timeline.today is None


def test_a_window_that_counts_from_what_has_not_taken_place_has_not_opened() -> None:
    chain = protocol(
        [
            {"id": "v0"},
            {"id": "v1", "after": {"visit": "v0", "within": "5d..9d"}},
            {"id": "v2", "after": {"visit": "v1", "within": "0d..9d"}},
        ]
    )
    _, visits = planned(chain, record(BEGUN), today=day(5))
    assert (visits["v1"].status, visits["v2"].status) == ("due", "planned")
    _, visits = planned(chain, record(BEGUN, f"v1 occurred {day(5)}"), today=day(5))
    assert visits["v2"].status == "due"


def test_a_screening_is_due_by_the_planned_date_of_the_baseline_visit() -> None:
    screened = protocol([{"id": "s", "before": {"visit": "v0", "within": "1w..2w"}}, {"id": "v0"}])
    for today, status in ((-20, "planned"), (-14, "due"), (-7, "due"), (-6, "overdue")):
        _, visits = planned(screened, record(), today=day(today))
        assert visits["s"].status == status


@pytest.mark.parametrize(("hours", "today", "status"), [
    ("20h..36h", 0, "planned"), ("20h..36h", 1, "due"), ("20h..36h", 2, "overdue"),
    ("20h..48h", 2, "due"), ("20h..48h", 3, "overdue"),
])  # fmt: skip
def test_hours_end_a_window_on_the_date_of_their_last_instant(
    hours: str, today: int, status: str
) -> None:
    small = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": hours}}])
    _, visits = planned(small, record("v0 occurred 2027-03-01T09:00"), today=day(today))
    assert visits["v1"].status == status


def test_an_appointment_that_nobody_recorded_is_neither_kept_nor_missed() -> None:
    file = record(BEGUN, f"v1 booked {day(6)}T10:00")
    _, visits = planned(ONE, file, today=day(6))
    assert (visits["v1"].status, visits["v1"].unrecorded) == ("booked", False)
    timeline, visits = planned(ONE, file, today=day(7))
    assert (visits["v1"].status, visits["v1"].unrecorded) == ("booked", True)
    assert visits["v1"].start.date() == day(6)
    assert not timeline.forced


def test_an_anchor_that_nobody_recorded_keeps_its_date_and_is_overdue() -> None:
    for file in (record(), record(start=START)):
        _, visits = planned(ONE, file, today=day(3))
        assert visits["v0"].start.date() == START
        assert (visits["v0"].status, visits["v0"].unrecorded) == ("overdue", True)
        assert visits["v1"].start.date() == day(5)
    _, visits = planned(ONE, record(), today=START)
    assert (visits["v0"].status, visits["v0"].unrecorded) == ("due", False)


def test_an_anchor_that_moved_takes_its_study_days_with_it() -> None:
    timeline, visits = planned(ONE, record(f"v0 occurred {day(2)}", start=START))
    assert timeline.anchor_date == day(2)
    assert visits["v0"].study_day == 1
    assert visits["v1"].start.date() == day(7)
    timeline, _ = planned(ONE, record(f"v0 booked {day(4)}", start=START))
    assert timeline.anchor_date == day(4)


def test_a_missed_anchor_still_dates_what_counts_from_it() -> None:
    timeline, visits = planned(ONE, record(f"v0 missed {day(1)}", start=START), today=day(3))
    assert timeline.anchor_date == day(1)
    assert visits["v0"].status == "missed"
    assert visits["v1"].start.date() == day(6)
    timeline, visits = planned(ONE, record("v0 missed", start=START), today=day(3))
    assert timeline.anchor_date == START
    assert visits["v1"].start.date() == day(5)
    again = record(f"v0 booked {day(4)}", start=START)
    timeline, visits = planned(ONE, again, today=day(3))
    assert timeline.anchor_date == day(4)
    assert visits["v0"].status == "booked"


def test_without_any_date_for_the_anchor_nothing_is_planned() -> None:
    with pytest.raises(PlannerError, match=r"nothing dates `v0`.*start=DATE"):
        planned(ONE, record(), start=None)


def test_a_record_of_another_protocol_is_refused() -> None:
    with pytest.raises(PlannerError, match="this record is of `other`, not of `small`"):
        planned(ONE, record(protocol="other"))


def test_unscheduled_visits_stand_beside_the_plan() -> None:
    file = record(
        BEGUN,
        {"visit": "late", "status": "unscheduled", "start": day(6), "reason": "headache"},
        {"visit": "early", "status": "unscheduled", "start": day(-1), "end": f"{day(-1)}T12:00"},
    )
    timeline, visits = planned(ONE, file)
    assert visits.keys() == {"v0", "v1"}
    assert [extra.id for extra in timeline.unscheduled] == ["early", "late"]
    early, late = timeline.unscheduled
    assert (early.study_day, late.study_day) == (-1, 7)
    assert (early.end, late.end) == (early.start.replace(hour=12), None)
    assert late.reason == "headache"
    assert visits["v1"].start.date() == day(5)


GATED = protocol(
    [{"id": "v0"}, {"id": "v1", "requires": ["eligible", "tapered"],
                    "after": {"visit": "v0", "within": "5d..9d"}}],
    gates={"eligible": {"title": "Eligible"}, "tapered": {"title": "Tapered"}},
)  # fmt: skip


def test_a_gate_that_is_not_passed_is_named() -> None:
    def waits(*lines: str, **gates: date) -> tuple[str, ...]:
        names = {name: str(value) for name, value in gates.items()}
        return tuple(planned(GATED, record(*lines, gates=names))[1]["v1"].waiting_for)

    assert waits() == ("eligible", "tapered")
    assert waits(eligible=day(0)) == ("tapered",)
    assert waits(eligible=day(0), tapered=day(5)) == ()
    assert waits(eligible=day(0), tapered=day(6)) == ("tapered",)  # it is planned for the fifth
    assert waits(f"v1 booked {day(7)}", eligible=day(0), tapered=day(6)) == ()
    assert waits(f"v1 occurred {day(5)}") == ()  # that is a deviation, not a wait


ENDING = protocol(
    [
        {"id": "v0"},
        {"id": "dosing-a", "after": {"visit": "v0", "within": "7d", "target": "7d"}},
        {"id": "dosing-b", "after": {"visit": "dosing-a", "within": "7d", "target": "7d"}},
        {"id": "endpoint", "after": {"visit": "dosing-b", "within": "7d", "target": "7d"}},
        {"id": "ending", "kind": "termination", "after": {"visit": "endpoint", "target": "0d"}},
        {"id": "call", "kind": "termination", "after": {"visit": "ending", "within": "3d..5d"}},
    ]
)


def test_a_withdrawn_participants_remaining_visits_are_cancelled_and_termination_planned() -> None:
    file = record(BEGUN, f"dosing-a occurred {day(7)}", withdrawn=str(day(10)))
    timeline, visits = planned(ENDING, file, at=site(closures=[day(10)]))
    assert not timeline.forced
    statuses = {name: visit.status for name, visit in visits.items()}
    assert statuses == {
        "v0": "occurred", "dosing-a": "occurred", "dosing-b": "cancelled",
        "endpoint": "cancelled", "ending": "planned", "call": "planned",
    }  # fmt: skip
    # As soon as can be, and from there on in its own distances.
    assert visits["ending"].start.date() == day(11)
    assert visits["call"].start.date() == day(14)
    assert all(visit.deviation is None for visit in visits.values())


def test_termination_counts_from_the_last_session_that_there_was() -> None:
    small = protocol(
        [],
        epochs=[
            {"id": "start", "kind": "screening", "visits": [{"id": "v0"}]},
            {
                "id": "treatment",
                "cycle": {"times": 3},
                "visits": [
                    {"id": "dosing", "first": {"visit": "v0", "within": "1w"},
                     "next": {"visit": "previous dosing", "within": "2w"}}
                ],
            },
            {
                "id": "follow-up",
                "visits": [
                    {"id": "safety", "kind": "termination",
                     "after": {"visit": "last dosing", "within": "28d..30d"}}
                ],
            },
        ],
    )  # fmt: skip
    lines = (BEGUN, f"dosing-1 occurred {day(7)}")
    _, visits = planned(small, record(*lines))
    assert visits["safety"].start.date() == day(35 + 28)
    _, visits = planned(small, record(*lines, withdrawn=str(day(10))))
    assert visits["safety"].start.date() == day(7 + 28)


def test_an_appointment_before_the_withdrawal_stands_until_it_is_recorded() -> None:
    lines = (BEGUN, f"dosing-a booked {day(7)}", f"dosing-b booked {day(14)}")
    _, visits = planned(ENDING, record(*lines, withdrawn=str(day(10))), today=day(11))
    assert (visits["dosing-a"].status, visits["dosing-a"].unrecorded) == ("booked", True)
    assert visits["dosing-b"].status == "cancelled"
    assert visits["ending"].start.date() == day(11)
    _, visits = planned(ENDING, record(*lines, withdrawn=str(day(10))), today=day(2))
    assert (visits["dosing-a"].status, visits["dosing-a"].unrecorded) == ("booked", False)


def test_what_a_withdrawal_called_off_forces_nothing() -> None:
    lines = (BEGUN, f"dosing-a occurred {day(7)}", f"endpoint occurred {day(30)}")
    timeline, visits = planned(ENDING, record(*lines, withdrawn=str(day(30))))
    assert visits["dosing-b"].status == "cancelled"
    assert not timeline.forced


def test_not_applicable_visits_leave_the_course() -> None:
    _, visits = planned(ENDING, record(BEGUN, "call not-applicable"))
    assert "call" not in visits


def window_of(case: Case, visit: Any, dates: dict[str, date], begun: set[str]) -> Any:
    """The first and last day that the timings with a settled reference allow, and if all do."""
    first, last, whole = date.min, date.max, bool(visit.after)
    for timing in visit.after:
        if timing.visit.visit not in begun:
            whole = False
            continue
        there = dates[timing.visit.visit]
        if timing.allowed.earliest is not None:
            first = max(first, there + timedelta(days=timing.allowed.earliest.days))
        if timing.allowed.latest is not None:
            last = min(last, there + timedelta(days=timing.allowed.latest.days))
    return first, last, whole


@pytest.mark.slow
@given(cases())
@settings(max_examples=150, deadline=None)
def test_every_status_and_deviation_is_what_the_dates_say(case: Case) -> None:
    where = stand(case)
    timeline = plan_standing(where, case.file)
    visits = {visit.id: visit for visit in timeline.visits}
    lines = {line.visit: line for line in case.file.record.visits}
    dates = {name: visit.start.date() for name, visit in visits.items()}
    anchor = dates["v0"]
    passed = case.today is not None and anchor < case.today
    settled = {name for name, line in lines.items() if line.status not in ("planned", "booked")}
    settled |= {
        name
        for name, line in lines.items()
        if line.status == "booked" and case.today is not None and line.start.day < case.today
    }
    for visit in case.small.epochs[0].visits:
        shown, line = visits[visit.id], lines.get(visit.id)
        word = "" if line is None else line.status
        kept = False
        if word == "booked":
            assert line is not None
            assert line.start is not None
            minute = (9, 0) if line.start.minute is None else (11, 30)
            kept = dates[visit.id] == line.start.day and (
                shown.start.hour, shown.start.minute,
            ) == minute  # fmt: skip
            assert (shown.booked is None) == kept
        if word in ("occurred", "missed", "cancelled"):
            expected = word
        elif kept:
            expected = "booked"
        elif case.today is None:
            expected = "planned"
        elif visit.id == "v0":
            expected = {True: "overdue", False: "planned"}[passed]
            expected = "due" if anchor == case.today else expected
        else:
            first, last, whole = window_of(case, visit, dates, settled | {"v0"})
            expected = "due" if whole and first <= case.today else "planned"
            expected = "overdue" if case.today > last else expected
        assert shown.status == expected, visit.id
        recorded = word in ("occurred", "missed", "cancelled")
        assert shown.unrecorded == (
            case.today is not None
            and not recorded
            and (visit.id in settled or (visit.id == "v0" and passed))
        )
    assert_deviations(case, visits, dates)


def assert_deviations(case: Case, visits: Any, dates: dict[str, date]) -> None:
    """Each broken timing is told once, at the later of its two visits, unless that is void."""
    told: dict[str, list[str]] = {name: [] for name in visits}
    for visit in case.small.epochs[0].visits:
        for timing in visit.after:
            other = timing.visit.visit
            apart = (dates[visit.id] - dates[other]).days
            low, high = timing.allowed.earliest, timing.allowed.latest
            assert not isinstance(low, CalendarDistance) or not low.months
            short = low is not None and apart < low.days
            if not short and (high is None or apart <= high.days):
                continue
            days = low.days - apart if short else apart - high.days
            later = visit.id if visits[visit.id].start >= visits[other].start else other
            word = "early" if short == (later == visit.id) else "late"
            unit = "day" if days == 1 else "days"
            told[later].append(f"{days} {unit} {word}: {visit.id} must be")
    for name, found in told.items():
        deviation = visits[name].deviation
        if visits[name].status in ("missed", "cancelled") or not found:
            assert deviation is None
        else:
            parts = deviation.split("; ")
            assert len(parts) == len(found)
            assert all(part.startswith(start) for part, start in zip(parts, found, strict=True))


NEXT_OF_EACH = protocol(
    [
        {"id": "v0"},
        {"id": "v1", "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
        {"id": "v2", "after": {"visit": "v1", "within": "5d..9d", "target": "7d"}},
        {"id": "v3", "optional": True, "after": {"visit": "v2", "target": "7d"}},
    ]
)


@given(st.integers(0, 20))
def test_what_counts_from_a_visit_that_does_not_apply_counts_from_where_it_was_planned(
    today: int,
) -> None:
    timeline, visits = planned(
        NEXT_OF_EACH, record(BEGUN, "v1 not-applicable"), today=day(min(today, 14))
    )
    assert "v1" not in visits
    assert visits["v2"].start.date() == day(14)
    assert visits["v2"].window.earliest == day(12)
    assert not timeline.forced
    assert not timeline.waiting


def test_a_date_beside_not_applicable_says_where_it_was_due() -> None:
    _, visits = planned(NEXT_OF_EACH, record(BEGUN, f"v1 not-applicable {day(9)}"))
    assert "v1" not in visits
    assert visits["v2"].start.date() == day(16)


def test_what_need_not_be_leaves_no_place_where_it_does_not_apply() -> None:
    small = protocol(
        [
            {"id": "v0"},
            {"id": "v1", "optional": True, "after": {"visit": "v0", "target": "7d"}},
            {"id": "v2", "after": {"visit": "v1", "target": "7d"}},
        ]
    )
    timeline, visits = planned(small, record(BEGUN, "v1 not-applicable"))
    assert "v1" not in visits
    assert [visit.id for visit in timeline.waiting] == ["v2"]
