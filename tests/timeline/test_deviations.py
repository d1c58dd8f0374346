"""What is a deviation and what is not: each actual against the window in force when it was."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from timeline.courses import START, day, protocol, record, site

from planner.formats.load import load_protocol
from planner.protocol.document import Document, Mark
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.time.distance import CalendarDistance
from planner.timeline import apart
from planner.timeline.deviations import Deviation, RecordJudgement, judge
from planner.timeline.participant_state import PlannerCache
from planner.timeline.record import RecordFile

CHAIN: list[dict[str, Any]] = [
    {"id": "v0"},
    {"id": "v1", "after": {"visit": "v0", "within": "5d..9d"}},
    {"id": "v2", "after": {"visit": "v1", "within": "5d..9d"}},
]


def judged(
    small: Protocol,
    file: RecordFile,
    *,
    today: date | None = None,
    at: SiteCalendar | None = None,
) -> RecordJudgement:
    source = ProtocolFile("small.yaml", small, Document("small.yaml", {}, Mark(1, 1, None), []))
    return judge(source, PlannerCache(small, at or site()), file, today=today)


def kinds(small: Protocol, file: RecordFile, **more: Any) -> list[tuple[str, str, int]]:
    found = judged(small, file, **more).deviations
    return [(one.visit, one.kind, one.days) for one in found]


def took_place(**days: int) -> RecordFile:
    return record(*(f"{name} occurred {day(number)}" for name, number in days.items()))


def test_a_visit_inside_its_window_is_no_deviation() -> None:
    assert kinds(protocol(CHAIN), took_place(v0=0, v1=5, v2=14)) == []


def test_early_and_late_count_from_where_the_reference_really_was() -> None:
    # v1 is two days late; v2 is inside its window as counted from there.
    assert kinds(protocol(CHAIN), took_place(v0=0, v1=11, v2=20)) == [("v1", "late", 2)]
    assert kinds(protocol(CHAIN), took_place(v0=0, v1=2)) == [("v1", "early", 3)]


def test_a_visit_outside_of_the_stay_that_holds_it_is_early_or_late_once() -> None:
    stay = {"id": "v1", "at": "09:00", "overnight": 2, "after": {"visit": "v0", "within": "5d..9d"}}
    small = protocol([{"id": "v0"}, stay, {"id": "v2", "during": "v1", "duration": "1h"}])
    assert kinds(small, took_place(v0=0, v1=5, v2=6)) == []
    for number, kind in ((4, "early"), (8, "late")):
        [deviation] = judged(small, took_place(v0=0, v1=5, v2=number)).deviations
        assert (deviation.visit, deviation.kind) == ("v2", kind)
        assert deviation.rule == "v2 takes place during v1"


def test_the_window_told_is_the_one_in_force_when_the_visit_took_place() -> None:
    (late,) = judged(protocol(CHAIN), took_place(v0=0, v1=7, v2=20)).deviations
    assert (late.window.earliest, late.window.latest) == (day(12), day(16))
    assert late.rule == "v2 must be 5d..9d after v1"


def test_missed_is_not_overdue_is_not_out_of_window() -> None:
    small = protocol(CHAIN)
    file = record(f"v0 occurred {day(0)}")
    # Inside the window it is due, and that is no deviation.
    assert kinds(small, file, today=day(5)) == []
    # On its last whole day it is still not overdue.
    assert kinds(small, file, today=day(9)) == []
    assert kinds(small, file, today=day(10)) == [("v1", "overdue", 1)]
    # Without a date for today nobody can tell.
    assert kinds(small, file) == []
    # Missed when it is recorded so, whatever the date.
    missed = record(f"v0 occurred {day(0)}", "v1 missed")
    assert kinds(small, missed, today=day(5)) == [("v1", "missed", 0)]
    assert kinds(small, missed, today=day(15)) == [("v1", "missed", 0), ("v2", "overdue", 1)]
    # Out of its window when it took place there.
    assert kinds(small, took_place(v0=0, v1=10), today=day(12)) == [("v1", "late", 1)]


def test_a_cancelled_or_planned_visit_is_no_deviation() -> None:
    for status in ("cancelled", "not-applicable"):
        file = record(f"v0 occurred {day(0)}", f"v1 {status}")
        assert kinds(protocol(CHAIN), file) == []
    file = record(f"v0 occurred {day(0)}", f"v1 booked {day(30)}")
    assert kinds(protocol(CHAIN), file) == []


def test_an_optional_visit_may_be_missed() -> None:
    small = protocol([{"id": "v0"}, {**CHAIN[1], "optional": True}])
    assert kinds(small, record(f"v0 occurred {day(0)}", "v1 missed"), today=day(40)) == []


def test_before_what_it_has_to_follow_is_out_of_order() -> None:
    small = protocol([*CHAIN, {"id": "v3", "after": {"visit": "v2", "within": "1d..9d"}}])
    found = judged(small, took_place(v0=0, v1=5, v3=8, v2=10)).deviations
    assert [(one.visit, one.kind, one.days) for one in found] == [("v3", "out-of-order", 3)]
    assert found[0].ruled_out == ("v2",)


def test_a_rule_written_at_the_earlier_visit_is_broken_by_the_later_one() -> None:
    consent = {"id": "consent", "before": {"visit": "v0", "within": "2w..5w"}}
    small = protocol([consent, {"id": "v0"}])
    assert kinds(small, took_place(consent=-36, v0=0)) == [("v0", "wrong-interval", 1)]
    (one,) = judged(small, took_place(consent=-36, v0=0)).deviations
    assert (one.window.earliest, one.window.latest) == (day(-22), day(-1))
    assert kinds(small, took_place(consent=-10, v0=0)) == [("v0", "wrong-interval", 4)]
    assert kinds(small, took_place(consent=3, v0=0)) == [("v0", "out-of-order", 17)]


def test_a_constraint_of_the_whole_protocol_is_a_wrong_interval() -> None:
    small = protocol(CHAIN, constraints=[{"from": "v0", "to": "v2", "within": "..12d"}])
    assert kinds(small, took_place(v0=0, v1=6, v2=14)) == [("v2", "wrong-interval", 2)]


def test_a_gate_that_was_not_passed_by_then_is_missing() -> None:
    small = protocol(
        [{"id": "v0"}, {**CHAIN[1], "requires": ["ecg", "lab"]}],
        gates={"ecg": {"title": "ECG"}, "lab": {"title": "Laboratory"}},
    )
    visits = [f"v0 occurred {day(0)}", f"v1 occurred {day(6)}"]
    assert kinds(small, record(*visits)) == [("v1", "missing-gate", 0)] * 2
    late = record(*visits, gates={"ecg": f"{day(6)}", "lab": f"{day(8)}"})
    assert kinds(small, late) == [("v1", "missing-gate", 2)]
    in_time = record(*visits, gates={"ecg": f"{day(6)}", "lab": f"{day(1)}"})
    assert kinds(small, in_time) == []


def test_a_late_visit_names_the_later_one_that_cannot_be_inside_any_more() -> None:
    end = {
        "id": "end",
        "after": [{"visit": "v0", "within": "..20d"}, {"visit": "v2", "within": "5d.."}],
    }
    small = protocol([*CHAIN, end])
    (late,) = judged(small, took_place(v0=0, v1=11)).deviations
    assert (late.kind, late.ruled_out) == ("late", ("end",))
    assert any("end must be" in reason for reason in late.why)
    # Late, and yet all else still fits.
    (harmless,) = judged(protocol(CHAIN), took_place(v0=0, v1=11)).deviations
    assert harmless.ruled_out == ()


def test_closed_days_can_be_what_makes_a_later_visit_impossible() -> None:
    closures = [day(number) for number in range(16, 21)]
    (late,) = judged(
        protocol(CHAIN), took_place(v0=0, v1=11), at=site(closures=closures)
    ).deviations
    assert late.ruled_out == ("v2",)
    (kept,) = judged(
        protocol(CHAIN), took_place(v0=0, v1=11), at=site(closures=closures[:4])
    ).deviations
    assert kept.ruled_out == ()


def test_only_what_is_proven_is_said_to_be_ruled_out(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [
        {"id": f"v{n}", "duration": "4h", "after": {"visit": "v1", "within": "3d..12d"}}
        for n in range(2, 7)
    ]
    monkeypatch.setattr(apart, "MAX_BRANCHES", 0)
    (late,) = judged(protocol([*CHAIN[:2], *crowd]), took_place(v0=0, v1=11)).deviations
    assert (late.ruled_out, late.why) == ((), ())


def test_a_visit_counts_from_where_a_missed_one_was_planned() -> None:
    small = protocol(CHAIN)  # without a target the near end is planned: day 5
    for status in ("missed", "cancelled", "not-applicable"):
        for number, expected in [(9, 1), (10, 0), (14, 0), (15, 1)]:
            file = record(f"v0 occurred {day(0)}", f"v1 {status}", f"v2 occurred {day(number)}")
            found = [one for one in judged(small, file).deviations if one.visit == "v2"]
            assert [one.days for one in found] == ([expected] if expected else [])


def test_of_a_visit_missed_without_a_date_no_date_is_told() -> None:
    file = record(f"v0 occurred {day(0)}", "v1 missed", f"v2 occurred {day(15)}")
    first, second = judged(protocol(CHAIN), file).deviations
    assert (first.visit, first.kind, first.actual) == ("v1", "missed", None)
    assert (second.visit, second.window.latest) == ("v2", day(14))


def test_what_was_missed_on_a_date_is_where_others_count_from() -> None:
    missed = f"v1 missed {day(7)}"
    file = record(f"v0 occurred {day(0)}", missed, f"v2 occurred {day(17)}")
    assert kinds(protocol(CHAIN), file) == [("v1", "missed", 0), ("v2", "late", 1)]


def test_a_closed_day_is_a_matter_of_the_site() -> None:
    weekend = site(closed=(5, 6))
    found = judged(protocol(CHAIN), took_place(v0=0, v1=5), at=weekend)
    assert found.deviations == ()
    assert [(note.visit, note.text) for note in found.notes] == [("v1", "closed on Saturdays")]
    assert judged(protocol(CHAIN), took_place(v0=0, v1=5)).notes == ()


def test_a_visit_outside_the_opening_hours_is_told() -> None:
    file = record(f"v0 occurred {START}T07:30")
    (note,) = judged(protocol(CHAIN), file).notes
    assert note.text == "cannot start at 07:30"


def test_a_library_protocol_gives_the_line_of_the_rule() -> None:
    source = load_protocol("mapp1")
    file = record(
        "baseline occurred 2027-01-11",
        {"visit": "dosing", "occurrence": "1", "status": "occurred", "start": "2027-03-11"},
    )
    found = judge(source, PlannerCache(source.protocol, site()), file).deviations
    late = next(one for one in found if one.kind == "late")
    path, _, line = late.source.rpartition(":")
    assert path == source.path
    assert "1w..3w" in source.line(int(line)) or "baseline" in source.line(int(line))


def test_clock_rules_are_told_in_hours() -> None:
    small = protocol([{"id": "v0"}, {"id": "v1", "after": {"visit": "v0", "within": "20h..28h"}}])
    file = record(f"v0 occurred {day(0)}T09:00", f"v1 occurred {day(1)}T14:30")
    (late,) = judged(small, file).deviations
    assert (late.kind, late.days, late.minutes) == ("late", 0, 90)


@st.composite
def records(draw: st.DrawFn) -> tuple[Protocol, dict[str, int]]:
    visits: list[dict[str, Any]] = [{"id": "v0"}]
    for number in range(1, draw(st.integers(2, 4))):
        low = draw(st.integers(-3, 5))
        timing = {
            "visit": f"v{draw(st.integers(0, number - 1))}",
            "within": f"{low}d..{low + draw(st.integers(0, 5))}d",
        }
        visits.append({"id": f"v{number}", draw(st.sampled_from(["after", "before"])): timing})
    days = {one["id"]: draw(st.integers(-8, 8)) for one in visits if draw(st.integers(0, 4))}
    return protocol(visits), days


@given(records())
@settings(max_examples=150, deadline=None)
def test_a_deviation_is_told_exactly_where_a_written_window_is_broken(
    case: tuple[Protocol, dict[str, int]],
) -> None:
    small, days = case
    expected = []
    for visit in small.epochs[0].visits:
        for timing, sign in [
            *((one, 1) for one in visit.after),
            *((one, -1) for one in visit.before),
        ]:
            assert timing.within is not None
            other = timing.visit.visit
            if visit.id not in days or other not in days:
                continue
            first, last = timing.within.earliest, timing.within.latest
            assert isinstance(first, CalendarDistance)
            assert isinstance(last, CalendarDistance)
            apart = (days[visit.id] - days[other]) * sign
            outside = max(first.days - apart, apart - last.days, 0)
            if outside:
                expected.append((frozenset((visit.id, other)), outside))
    try:
        found: tuple[Deviation, ...] = judged(small, took_place(**days)).deviations
    except Exception as error:
        # Rules that contradict each other are refused before anything is judged.
        if "cannot be carried out" not in str(error):
            raise
        return
    told = [(_ends(one), one.days) for one in found]
    assert sorted(told, key=str) == sorted(expected, key=str)
    assert all(one.visit in _ends(one) for one in found)


def _ends(one: Deviation) -> frozenset[str]:
    words = one.rule.split()
    return frozenset((words[0], words[-1]))


def test_records_of_another_protocol_are_refused() -> None:
    with pytest.raises(Exception, match="is of `other`"):
        judged(protocol(CHAIN), record(f"v0 occurred {day(0)}", protocol="other"))
