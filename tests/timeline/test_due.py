"""Who is due: sentences about what a coordinator's list holds, and how urgent it is."""

from datetime import date, timedelta
from typing import Any

import pytest
from timeline.courses import day, protocol, record, site

from planner.errors import PlannerError
from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.timeline.absence import AbsenceEffect, Days, closed_on, effects
from planner.timeline.due import DueRange, DueVisit, due_visits, most_urgent_first, participant
from planner.timeline.participant_state import PlannerCache
from planner.timeline.record import RecordFile
from planner.timeline.remaining_visits import Outlooks

CHAIN: list[dict[str, Any]] = [
    {"id": "v0"},
    {"id": "v1", "after": {"visit": "v0", "within": "5d..9d", "target": "7d"}},
    {"id": "v2", "after": {"visit": "v1", "within": "5d..9d", "target": "7d"}},
]
TIED: list[dict[str, Any]] = [
    {"id": "v0"},
    {"id": "v1", "after": {"visit": "v0", "within": "120h..216h", "target": "168h"}},
]


def due(
    small: Protocol,
    file: RecordFile,
    first: int,
    last: int,
    *,
    today: int | None = None,
    at: SiteCalendar | None = None,
) -> list[DueVisit]:
    now = day(first if today is None else today)
    outlooks = Outlooks(now.toordinal())
    one = participant(PlannerCache(small, at or site()), file, outlooks, now)
    if one is None:
        return []
    return most_urgent_first(due_visits(one, outlooks, DueRange(day(first), day(last), now)))


def told(visits: list[DueVisit]) -> list[tuple[str, str, int | None]]:
    return [(visit.visit, visit.status, visit.days_left) for visit in visits]


def begun(*more: str, **fields: object) -> RecordFile:
    return record(f"v0 occurred {day(0)}", *more, **fields)


def test_a_visit_is_due_while_its_window_is_open() -> None:
    small = protocol(CHAIN)
    assert told(due(small, begun(), 0, 4)) == []
    # It opens on the last day of the stretch, so it is listed, but not yet due.
    assert told(due(small, begun(), 0, 5)) == [("v1", "planned", 10)]
    assert told(due(small, begun(), 5, 5)) == [("v1", "due", 5)]
    assert told(due(small, begun(), 9, 9)) == [("v1", "due", 1)]


def test_overdue_only_after_the_last_whole_day_of_the_window() -> None:
    assert told(due(protocol(CHAIN), begun(), 9, 9)) == [("v1", "due", 1)]
    assert told(due(protocol(CHAIN), begun(), 10, 10)) == [("v1", "overdue", -1)]
    assert told(due(protocol(TIED), begun(), 9, 9)) == [("v1", "due", 1)]
    assert told(due(protocol(TIED), begun(), 10, 10)) == [("v1", "overdue", -1)]


def test_what_was_missed_or_cancelled_is_not_due_any_more() -> None:
    for status in ("missed", "cancelled", "not-applicable"):
        found = due(protocol(CHAIN), begun(f"v1 {status}"), 5, 9)
        assert "v1" not in [visit.visit for visit in found]


def test_a_window_counts_from_the_actual_date_of_its_reference() -> None:
    (visit,) = due(protocol(CHAIN), begun(f"v1 occurred {day(9)}"), 14, 14)
    assert (visit.window.earliest, visit.window.latest) == (day(14), day(18))
    assert visit.days_left == 5


def test_a_window_whose_reference_is_to_come_is_told_by_its_planned_date() -> None:
    found = due(protocol(CHAIN), begun(), 5, 14)
    assert told(found) == [("v1", "due", 5), ("v2", "planned", 14)]
    assert found[1].planned is not None
    assert found[1].planned.date() == day(14)
    # Planned for the 14th; that its window opens before then depends on v1.
    assert told(due(protocol(CHAIN), begun(), 5, 13)) == [("v1", "due", 5)]


def test_closed_days_at_its_end_shorten_what_is_left_of_a_window() -> None:
    closed = site(closures=[day(8), day(9)])
    (visit,) = due(protocol(CHAIN), begun(), 5, 5, at=closed)
    assert (visit.last, visit.days_left) == (day(7), 3)
    assert (visit.window.earliest, visit.window.latest) == (day(5), day(9))


def test_no_open_day_left_is_broken_and_not_overdue() -> None:
    closed = site(closures=[day(8), day(9)])
    (visit,) = due(protocol(CHAIN), begun(), 8, 8, at=closed)
    assert (visit.status, visit.days_left) == ("broken", None)
    assert visit.planned is not None
    assert visit.planned.date() == day(10)
    assert visit.reason is not None
    assert "v1 must be 5d..9d after v0" in visit.reason


def test_what_other_rules_take_from_a_window_is_not_left() -> None:
    small = protocol(CHAIN, constraints=[{"from": "v0", "to": "v2", "within": "..12d"}])
    (visit,) = due(small, begun(), 5, 5)
    assert (visit.last, visit.days_left) == (day(7), 3)


def test_a_plan_that_cannot_be_kept_is_listed_long_before_it_ends() -> None:
    small = protocol(CHAIN, constraints=[{"from": "v0", "to": "v2", "within": "..12d"}])
    found = due(small, begun(f"v1 occurred {day(9)}"), 9, 9)
    assert told(found) == [("v2", "broken", None)]
    assert "v0" in (found[0].reason or "")


def test_nobody_is_listed_who_has_nothing_to_come() -> None:
    done = begun(f"v1 occurred {day(7)}", f"v2 occurred {day(14)}")
    assert due(protocol(CHAIN), done, 0, 90) == []
    assert due(protocol(CHAIN), begun(withdrawn=f"{day(3)}"), 0, 90) == []


def test_after_a_withdrawal_the_termination_visit_is_still_due() -> None:
    last = {
        "id": "early-termination",
        "kind": "termination",
        "after": {"visit": "v0", "within": "1d..90d"},
    }
    found = due(protocol([*CHAIN, last]), begun(withdrawn=f"{day(3)}"), 4, 6)
    assert [visit.visit for visit in found] == ["early-termination"]


def test_an_appointment_that_passed_without_a_word_is_listed_as_unrecorded() -> None:
    (visit, *_) = due(protocol(CHAIN), begun(f"v1 booked {day(7)}"), 8, 8)
    assert (visit.visit, visit.status) == ("v1", "unrecorded")


def test_an_appointment_is_kept_or_said_to_be_impossible() -> None:
    (kept,) = due(protocol(CHAIN), begun(f"v1 booked {day(8)}"), 5, 8)
    assert (kept.status, kept.moved_from) == ("booked", None)
    assert kept.planned is not None
    assert kept.planned.date() == day(8)
    (moved,) = due(protocol(CHAIN), begun(f"v1 booked {day(12)}"), 5, 8)
    assert moved.moved_from is not None
    assert moved.moved_from.date() == day(12)
    assert moved.planned is not None
    assert moved.planned.date() == day(7)


def test_gates_that_are_not_passed_are_named() -> None:
    small = protocol(
        [{"id": "v0"}, {**CHAIN[1], "requires": ["ecg", "lab"]}],
        gates={"ecg": {"title": "ECG"}, "lab": {"title": "Laboratory"}},
    )
    (visit,) = due(small, begun(gates={"lab": f"{day(2)}"}), 5, 9)
    assert visit.waiting_for == ("ecg",)


def test_visits_that_depend_on_an_open_decision_are_provisional() -> None:
    small = protocol(
        [{"id": "v0"}, {**CHAIN[1], "when": "relapse"}], decisions={"relapse": {"title": "Relapse"}}
    )
    (visit,) = due(small, begun(), 5, 9)
    assert visit.provisional


def test_screening_is_due_before_anything_dates_the_anchor() -> None:
    small = protocol(
        [
            {"id": "consent"},
            {"id": "screening", "after": {"visit": "consent", "within": "2d..10d"}},
            {"id": "v0", "after": {"visit": "screening", "within": "3d..14d"}},
        ]
    )
    found = due(small, record(f"consent occurred {day(0)}"), 3, 3)
    assert told(found) == [("screening", "due", 8)]
    with pytest.raises(PlannerError, match="nothing has a date yet"):
        due(small, record(), 3, 3)


def test_the_most_urgent_comes_first() -> None:
    small = protocol(
        [
            {"id": "v0"},
            {"id": "a", "after": {"visit": "v0", "within": "1d..30d"}},
            {"id": "b", "after": {"visit": "v0", "within": "1d..12d"}},
            {"id": "c", "after": {"visit": "v0", "within": "1d..3d"}},
            {"id": "d", "after": {"visit": "v0", "within": "1d..5d"}},
            {"id": "e", "after": {"visit": "v0", "within": "1d.."}},
        ]
    )
    found = due(small, begun(), 7, 14)
    assert [visit.visit for visit in found] == ["c", "d", "b", "a", "e"]


def absent(
    small: Protocol, file: RecordFile, first: int, last: int, *, today: int = 0
) -> list[AbsenceEffect]:
    now, here = day(today), site()
    away = [Days(day(first), day(last))]
    base = Outlooks(now.toordinal())
    without = Outlooks(now.toordinal(), closed_on(here, away))
    one = participant(PlannerCache(small, here), file, base, now)
    assert one is not None
    return effects(one, base, without, away)


def test_an_absence_moves_what_has_other_dates() -> None:
    (effect,) = absent(protocol(CHAIN[:2]), begun(), 6, 8)
    assert (effect.visit, effect.lost) == ("v1", False)
    assert (effect.planned, effect.moves_to) == (day(7), day(5))


def test_an_absence_that_covers_the_window_loses_the_visit() -> None:
    (effect,) = absent(protocol(CHAIN[:2]), begun(), 5, 9)
    assert effect.lost
    assert effect.moves_to in (day(4), day(10))
    assert "could only be from" in (effect.reason or "")


def test_an_absence_elsewhere_does_nothing() -> None:
    assert absent(protocol(CHAIN[:2]), begun(), 8, 20) == []


def test_an_appointment_in_an_absence_has_to_move() -> None:
    (effect,) = absent(protocol(CHAIN[:2]), begun(f"v1 booked {day(9)}"), 8, 9)
    assert (effect.booked, effect.lost, effect.moves_to) == (True, False, day(7))


def test_a_visit_at_home_needs_nobody_at_the_site() -> None:
    home = protocol([{"id": "v0"}, {**CHAIN[1], "mode": "home"}])
    assert absent(home, begun(), 5, 9) == []


def test_two_absences_are_one_question() -> None:
    now, here = day(0), site()
    away = [Days(day(5), day(6)), Days(day(8), day(9))]
    closed = closed_on(here, away)
    assert not closed.is_open(day(5))
    assert closed.is_open(day(7))
    base, without = Outlooks(now.toordinal()), Outlooks(now.toordinal(), closed)
    one = participant(PlannerCache(protocol(CHAIN[:2]), here), begun(), base, now)
    assert one is not None
    assert effects(one, base, without, away) == []


def test_an_extra_opening_does_not_bring_anybody_back() -> None:
    here = site(closures=[day(7)])
    opening = {"openings": ({"date": f"{day(6)}", "hours": "09:00-12:00"},)}
    text = here.site.model_dump(by_alias=True, exclude_unset=True)
    reopened = SiteCalendar(type(here.site).model_validate({**text, **opening}, by_alias=True))
    assert reopened.is_open(day(6))
    assert not closed_on(reopened, [Days(day(6), day(6))]).is_open(day(6))


def test_days_left_count_from_today_and_not_from_the_stretch() -> None:
    (visit,) = due(protocol(CHAIN), begun(), 7, 9, today=5)
    assert visit.days_left == 5
    assert date.fromordinal(day(5).toordinal()) + timedelta(days=visit.days_left - 1) == day(9)
