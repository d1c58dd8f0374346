"""The run sheet inside a visit: planned minutes, the room around them, and what cannot be."""

import pytest
from example_protocol import example_file

from planner.protocol.visit import Visit
from planner.schedule.run_sheet import contradictions, sheet_faults, sheet_times

FRAME = """\
anchor: dosing
epochs:
  - id: treatment
    visits:
      - id: dosing
        run_sheet:
          zero: {zero}
          items:
{items}
"""


def visit_with(*items: str, zero: str = "0min") -> Visit:
    lines = "\n".join(f"            - {{{item}}}" for item in items)
    file = example_file(FRAME.format(zero=zero, items=lines))
    return file.protocol.epochs[0].visits[0]


def planned(visit: Visit) -> dict[str, int]:
    return {time.id: time.planned for time in sheet_times(visit)}


def test_the_zero_of_the_sheet_lies_after_the_start_of_the_visit() -> None:
    visit = visit_with("id: arrival, at: -30min", "id: administration, at: 0min", zero="30min")
    assert planned(visit) == {"arrival": 0, "administration": 30}


def test_items_follow_each_other_at_their_targets() -> None:
    visit = visit_with(
        "id: first, at: 1h",
        "id: second, after: first, within: 90min..150min, target: 2h",
        "id: third, after: second, target: 30min",
    )
    assert planned(visit) == {"first": 60, "second": 180, "third": 210}


def test_without_a_target_an_item_is_planned_as_early_as_it_can_be() -> None:
    visit = visit_with("id: first, at: 1h", "id: second, after: first, within: 90min..150min")
    assert planned(visit)["second"] == 150


def test_a_stated_time_keeps_its_own_window() -> None:
    visit = visit_with(
        "id: dose, at: 0min", "id: sample, at: 15min, within: 13min..17min", zero="30min"
    )
    room = {time.id: (time.planned, time.earliest, time.latest) for time in sheet_times(visit)}
    assert room == {"dose": (30, 30, 30), "sample": (45, 43, 47)}


@pytest.mark.parametrize(
    ("item", "field", "message"),
    [
        ("at: 30min, within: 50min..70min", "at", "`at: 30min` lies outside its own window"),
        ("at: 30min, target: 3h", "target", "beside an exact `at: 30min`"),
        ("at: 30min..1h, within: 20min..2h", "within", "two windows"),
    ],
)
def test_an_item_that_contradicts_itself_is_a_fault(item: str, field: str, message: str) -> None:
    visit = visit_with("id: dose, at: 0min", f"id: sample, {item}")
    assert visit.run_sheet is not None
    ((where, text),) = contradictions(visit.run_sheet.items[1])
    assert where == field
    assert message in text
    assert sheet_times(visit) == []


def test_the_room_of_an_item_is_what_all_items_leave() -> None:
    visit = visit_with(
        "id: first, at: 0min..30min",
        "id: second, after: first, within: 60min..90min",
        "id: third, after: second, within: 10min..",
    )
    room = {time.id: (time.earliest, time.latest) for time in sheet_times(visit)}
    assert room == {"first": (0, 30), "second": (60, 120), "third": (70, None)}


def test_an_item_every_so_often_has_a_line_for_each_time() -> None:
    visit = visit_with(
        "id: first, at: 0min", "id: vitals, after: first, target: 30min, every: 1h, times: 3"
    )
    assert planned(visit) == {"first": 0, "vitals-1": 30, "vitals-2": 90, "vitals-3": 150}


def test_what_follows_a_repeated_item_counts_from_its_first_time() -> None:
    visit = visit_with(
        "id: vitals, at: 0min, every: 1h, times: 3", "id: meal, after: vitals, target: 30min"
    )
    assert planned(visit)["meal"] == 30


def test_lines_are_in_the_order_of_the_day_not_of_the_file() -> None:
    visit = visit_with("id: late, at: 3h", "id: early, at: 1h")
    assert list(planned(visit)) == ["early", "late"]


def test_an_item_may_lie_beyond_midnight() -> None:
    assert planned(visit_with("id: morning, at: 22h30min")) == {"morning": 1350}


def test_a_visit_without_a_sheet_has_no_times() -> None:
    assert sheet_times(Visit(id="call")) == []


@pytest.mark.parametrize(
    ("items", "fault"),
    [
        (["id: a, at: 0min", "id: a, at: 1h"], "item `a` occurs twice"),
        (["id: a, after: b, target: 1h"], "there is no item `b`"),
        (["id: a, after: a, target: 1h"], "`a` contradicts itself"),
        (
            ["id: a, after: b, target: 1h", "id: b, after: a, target: 1h"],
            "`a`, `b` contradict each other",
        ),
    ],
)
def test_items_that_cannot_be_placed_are_named(items: list[str], fault: str) -> None:
    visit = visit_with(*items)
    assert visit.run_sheet is not None
    assert [one.message for one in sheet_faults(visit.run_sheet)] == [fault]
    assert sheet_times(visit) == []
