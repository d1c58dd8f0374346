"""Timings of USDM: which way they count, what their windows allow, what is told of them."""

from typing import Any

import pytest
import usdm_studies as u
from hypothesis import given
from hypothesis import strategies as st

from planner.formats.usdm.read import read_study
from planner.protocol.course import TimingConstraint
from planner.protocol.expand import expand
from planner.protocol.imported_document import Imported
from planner.protocol.model import Protocol
from planner.protocol.validation import validate_model
from planner.time.distance import CalendarDistance, ClockDistance, Distance


def read(*timings: u.Json, visits: tuple[str, ...] = ("A", "B")) -> Imported:
    """A timeline of visits whose first is the anchor."""
    instances = [u.visit(name) for name in visits]
    return read_study(u.document(u.study(u.main(*instances, timings=[u.fixed("A"), *timings]))))


def rule(imported: Imported) -> TimingConstraint:
    """The only rule."""
    (found,) = expand(validate_model(Protocol, imported.document)).rules
    return found


def window(imported: Imported) -> str:
    found = rule(imported)
    return f"{found.target} in {found.window}" if found.window else str(found.target)


def told(imported: Imported, kind: str) -> list[str]:
    return [one.message for one in imported.remarks if one.kind == kind]


def entry(imported: Imported, visit: str) -> Any:
    data: Any = imported.document.data
    return next(one for epoch in data["epochs"] for one in epoch["visits"] if one["id"] == visit)


def test_after_counts_forwards_and_before_backwards() -> None:
    assert window(read(u.after("B", "P2W", "A"))) == "2w"
    assert window(read(u.before("B", "P2W", "A"))) == "-2w"
    assert "before" in entry(read(u.before("B", "P2W", "A")), "b")


def test_the_lower_part_of_a_window_is_its_earlier_end_in_time() -> None:
    forwards = read(u.after("B", "P10D", "A", window=("P1D", "P3D")))
    assert window(forwards) == "10d in 9d..13d"
    backwards = read(u.before("B", "P28D", "A", window=("P0D", "P26D")))
    assert window(backwards) == "-4w in -4w..-2d"
    assert entry(backwards, "b")["before"]["within"] == "2d..4w"


def test_equal_parts_are_written_as_a_tolerance() -> None:
    assert entry(read(u.after("B", "P2W", "A", window=("P3D", "P3D"))), "b")["after"] == {
        "visit": "a",
        "target": "2w",
        "within": "±3d",
        "source": "usdm",
        "note": "TIM_B at $.study.versions[0].studyDesigns[0].scheduleTimelines[0].timings[1]",
    }


def test_months_keep_their_calendar_months_within_a_window() -> None:
    assert window(read(u.after("B", "P1M", "A", window=("P3D", "P5D")))) == "1mo in 1mo-3d..1mo5d"


@pytest.mark.parametrize(
    ("ends", "reference", "timed"),
    [
        ("Start to Start", "a", "b"),
        ("End to Start", "a.end", "b"),
        ("Start to End", "a", "b.end"),
        ("End to End", "a.end", "b.end"),
    ],
)
def test_the_first_word_is_the_end_of_the_reference(ends: str, reference: str, timed: str) -> None:
    found = rule(read(u.after("B", "P2D", "A", ends=ends)))
    assert (str(found.reference), str(found.point)) == (reference, timed)


def test_a_window_in_hours_around_days_is_elapsed_time() -> None:
    imported = read(u.before("B", "P2D", "A", window=("PT4H", "PT0H")))
    assert window(imported) == "-48h in -52h..-48h"
    assert any("elapsed time" in message for message in told(imported, "reading"))


def test_zero_is_of_either_kind() -> None:
    assert window(read(u.after("B", "PT0M", "A", window=("P0D", "P3D")))) == "0d in 0d..3d"
    assert told(read(u.after("B", "PT0M", "A", window=("P0D", "P3D"))), "reading") == []


def test_a_window_in_hours_around_months_is_left_out() -> None:
    imported = read(u.after("B", "P1M", "A", window=("PT4H", "PT4H")))
    assert window(imported) == "1mo"
    assert any("months with hours" in message for message in told(imported, "mistake"))


@pytest.mark.parametrize("kind", ["After", "Before"])
def test_a_negative_value_lies_before_its_reference_whatever_the_type(kind: str) -> None:
    imported = read(u.timing("B", kind, "-P2D", "A"))
    assert window(imported) == "-2d"
    (message,) = told(imported, "reading")
    assert "read as 2d before its reference" in message


def test_a_negative_lower_part_loses_its_sign() -> None:
    imported = read(u.after("B", "P10D", "A", window=("-P2D", "P4D")))
    assert window(imported) == "10d in 8d..2w"
    assert any("has a sign" in message for message in told(imported, "reading"))


def test_a_value_that_is_no_duration_leaves_the_timing_out() -> None:
    imported = read(u.after("B", "two weeks", "A"))
    assert expand(validate_model(Protocol, imported.document)).rules == ()
    (message,) = told(imported, "mistake")
    assert "`two weeks` is not an ISO 8601 duration" in message
    assert any("visit on any day" in one for one in told(imported, "reading"))


def test_an_end_that_is_missing_is_no_room_and_not_open() -> None:
    imported = read(u.after("B", "P10D", "A", window=("P2D", None)))
    assert window(imported) == "10d in 8d..10d"
    assert any("only one end" in message for message in told(imported, "reading"))


def rooms(imported: Imported, visit: str) -> list[tuple[str | None, str | None]]:
    """Target and window of each timing, without where it was read."""
    listed = entry(imported, visit)["after"]
    return [(one.get("target"), one.get("within")) for one in listed]


def test_several_timings_of_one_visit_are_all_kept_and_one_has_its_target() -> None:
    imported = read(u.after("B", "P10D", "A"), u.after("B", "P20D", "A"))
    assert rooms(imported, "b") == [("10d", None), (None, "20d")]
    assert any("without its target 20d" in message for message in told(imported, "reading"))
    further = read(u.after("B", "P10D", "A"), u.after("B", "P12D", "A", window=("P3D", "P1D")))
    assert rooms(further, "b") == [("10d", None), (None, "9d..13d")]


def test_days_around_months_are_told_in_days_where_there_is_no_target() -> None:
    imported = read(u.after("B", "P60D", "A"), u.after("B", "P2M", "A", window=("P3D", "P3D")))
    assert rooms(imported, "b") == [("60d", None), (None, "8w..65d")]


def test_a_further_target_that_is_only_preferred_says_nothing() -> None:
    instances = [u.visit("A"), u.visit("B")]
    timings = [u.fixed("A"), u.after("B", "P10D", "A"), u.after("B", "P20D", "A")]
    document = u.document(u.study(u.main(*instances, timings=timings)))
    imported = read_study(document, targets="preferred")
    assert entry(imported, "b")["after"]["target"] == "10d"
    assert any("20d from `a` is only preferred" in one for one in told(imported, "left-out"))


def test_a_timing_from_outside_its_timeline_is_left_out_and_told() -> None:
    imported = read(u.after("B", "P10D", "NOWHERE"))
    assert "after" not in entry(imported, "b")
    assert any("not a visit of its timeline" in message for message in told(imported, "left-out"))


def test_a_visit_counted_from_itself_is_a_mistake() -> None:
    imported = read(u.after("B", "P10D", "B"))
    assert "after" not in entry(imported, "b")
    assert any("from itself" in message for message in told(imported, "mistake"))


def test_a_type_that_is_not_known_is_read_as_after() -> None:
    imported = read(u.timing("B", "Within", "P10D", "A"))
    assert window(imported) == "10d"
    assert any("no type that is known" in message for message in told(imported, "reading"))


def test_the_value_of_a_fixed_reference_moves_nothing() -> None:
    study = u.study(
        u.main(u.visit("A"), u.visit("B"), timings=[u.fixed("A", "P1D"), u.after("B", "P2W", "A")])
    )
    imported = read_study(u.document(study))
    assert window(imported) == "2w"
    (message,) = told(imported, "reading")
    assert "moves nothing" in message


def test_of_several_fixed_references_the_one_most_counted_from_is_the_anchor() -> None:
    imported = read(
        u.fixed("B"),
        u.after("C", "P1D", "B"),
        u.after("D", "P2D", "B"),
        visits=("A", "B", "C", "D"),
    )
    assert validate_model(Protocol, imported.document).anchor.visit == "b"
    assert any("2 instances are fixed references" in one for one in told(imported, "reading"))


def test_a_remark_stands_at_the_line_of_its_timing() -> None:
    imported = read(u.after("B", "two weeks", "A"))
    (remark,) = [one for one in imported.remarks if one.kind == "mistake"]
    assert remark.origin.text.endswith(".timings[1].value")
    assert '"two weeks"' in imported.document.lines[remark.origin.position.line - 1]


@given(
    st.integers(0, 60),
    st.integers(0, 20),
    st.integers(0, 20),
    st.sampled_from(["After", "Before"]),
    st.sampled_from(["D", "H"]),
)
def test_the_distances_allowed_are_those_around_the_target_in_time(
    value: int, lower: int, upper: int, kind: str, unit: str
) -> None:
    iso = "P{}D" if unit == "D" else "PT{}H"
    window = (iso.format(lower), iso.format(upper))
    found = rule(read(u.timing("B", kind, iso.format(value), "A", window=window)))
    target = value if kind == "After" else -value

    def number(distance: Distance | None) -> int:
        if isinstance(distance, CalendarDistance):
            return distance.days
        assert isinstance(distance, ClockDistance)
        return distance.minutes // 60

    assert found.window is not None
    assert number(found.target) == target
    allowed = range(number(found.window.earliest), number(found.window.latest) + 1)
    assert list(allowed) == [
        day for day in range(-100, 101) if target - lower <= day <= target + upper
    ]
