"""The run sheet inside a visit: planned minutes, the room around them, and what cannot be."""

from typing import Any

import pytest
from example_protocol import example_file
from hypothesis import given
from hypothesis import strategies as st

from planner.network import Network, earliest, is_consistent, latest
from planner.protocol.document import DocumentError
from planner.protocol.visit import RunSheet, Visit
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
        ("at: 30min, within: 50min..70min", "at", "`at: 30min` is outside its own window"),
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


def test_a_tolerance_lies_around_the_stated_time() -> None:
    visit = visit_with(
        "id: dose, at: 0min",
        "id: sample, at: 1h, within: -5min/+10min",
        "id: meal, after: dose, target: 2h, within: ±15min",
    )
    room = {time.id: (time.planned, time.earliest, time.latest) for time in sheet_times(visit)}
    assert room == {"dose": (0, 0, 0), "sample": (60, 55, 70), "meal": (120, 105, 135)}


@pytest.mark.parametrize("item", ["at: 1h..2h, within: ±5min", "at: 1h, within: ±1d"])
def test_a_tolerance_needs_one_time_of_its_own_kind(item: str) -> None:
    with pytest.raises(DocumentError, match=r"exact `at:`|counts days"):
        visit_with("id: dose, at: 0min", f"id: sample, {item}")


def test_an_item_every_so_often_has_a_line_for_each_time() -> None:
    visit = visit_with(
        "id: first, at: 0min", "id: vitals, after: first, target: 30min, every: 1h, times: 3"
    )
    assert planned(visit) == {"first": 0, "vitals-1": 30, "vitals-2": 90, "vitals-3": 150}


def test_up_to_three_administrations_each_only_if_the_former_one_was_tolerated() -> None:
    visit = visit_with(
        "id: first, at: 0min",
        "id: more, after: first, within: 60min..90min, every: 60min..90min, times: 2, when: fit",
    )
    room = {time.id: (time.planned, time.earliest, time.latest) for time in sheet_times(visit)}
    assert room == {"first": (0, 0, 0), "more-1": (60, 60, 90), "more-2": (120, 120, 180)}


def test_a_repetition_has_a_least_distance_from_the_one_before() -> None:
    with pytest.raises(DocumentError, match="needs a least distance"):
        visit_with("id: a, at: 0min, every: ..30min, times: 2")


def test_what_counts_from_an_item_of_some_arms_is_of_these_arms() -> None:
    with pytest.raises(DocumentError, match="`b` counts from `a`, which only x has"):
        visit_with("id: a, at: 0min, arms: x", "id: b, after: a, target: 1h")


def test_an_arm_has_the_lines_of_all_arms_and_its_own() -> None:
    sheet = visit_with("id: a, at: 0min", "id: b, at: 1h, arms: x", "id: c, at: 2h").run_sheet
    assert sheet is not None
    assert [item.id for item in sheet.in_arm("x").items] == ["a", "b", "c"]
    assert [item.id for item in sheet.in_arm("y").items] == ["a", "c"]


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
        (["id: a, at: 0min", "id: a, at: 1h"], "item `a` is used twice"),
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


def test_items_that_count_from_each_other_alone_have_no_minute() -> None:
    visit = visit_with(
        "id: a, after: b, within: -5min..5min", "id: b, after: a, within: 0min..9min"
    )
    assert visit.run_sheet is not None
    ((position, message),) = sheet_faults(visit.run_sheet)
    assert (position, message) == (
        1,
        "`a`, `b` count from each other, and so from no minute of the sheet",
    )
    assert sheet_times(visit) == []


minutes = st.integers(-20, 60)


@st.composite
def sheets(draw: st.DrawFn) -> RunSheet:
    """Up to 8 items in any order; each counts from zero or from one that is not counted from it."""
    number = draw(st.integers(1, 8))
    listed = draw(st.permutations(range(number)))
    items: list[dict[str, Any]] = []
    for at in range(number):
        item: dict[str, Any] = {"id": f"i{at}"}
        least = draw(minutes)
        most = draw(st.integers(least, 90))
        ends = draw(st.sampled_from([(least, most), (least, most), (least, None), (None, most)]))
        window = "..".join("" if end is None else f"{end}min" for end in ends)
        if at and draw(st.booleans()):
            item["after"] = f"i{draw(st.integers(0, at - 1))}"
            item["within"] = window
        elif draw(st.booleans()):
            item["at"] = window
        else:
            item["at"] = f"{least}min"
            item["within"] = draw(st.sampled_from([f"{least - 5}min..{most}min", "-5min/+9min"]))
        if "within" not in item or "after" in item:
            target = draw(st.none() | minutes)
            if target is not None and ends[0] != ends[1]:
                item["target"] = f"{target}min"
                if "after" in item and draw(st.booleans()):
                    item["within"] = "±4min"
        if draw(st.integers(0, 3)) == 0:
            step = draw(st.integers(1, 30))
            every = draw(st.sampled_from([f"{step}min", f"{step}min..{step + 9}min"]))
            item |= {"every": every, "times": draw(st.integers(2, 3))}
        items.append(item)
    zero = f"{draw(st.integers(0, 30))}min"
    return RunSheet.model_validate({"zero": zero, "items": [items[at] for at in listed]})


@given(sheets())
def test_minutes_are_those_of_a_network_that_is_asked_anew_for_each_item(sheet: RunSheet) -> None:
    assert sheet_faults(sheet) == []
    times = sheet_times(Visit(id="day", run_sheet=sheet))
    found = {time.id: (time.planned, time.earliest, time.latest) for time in times}
    assert found == by_network(sheet)


def by_network(sheet: RunSheet) -> dict[str, tuple[int, int | None, int | None]]:
    """Each line's minute and what all lines allow it; node 0 is the visit's start."""
    network = Network()
    network.add_node()
    zero = sheet.zero.minutes if sheet.zero else 0
    first: dict[str, int] = {}
    names: list[str] = []
    for item in sheet.items:
        first[item.id] = len(names) + 1
        repeated = [f"{item.id}-{n}" for n in range(1, item.times + 1)]
        names += repeated if item.times > 1 else [item.id]
    for _ in names:
        network.add_node()
    wanted: dict[int, int | tuple[int, int]] = {}
    for item in sheet.items:
        node = first[item.id]
        if str(item.within) == "±4min":
            ends: list[int | None] = [item.target.minutes - 4, item.target.minutes + 4]
        elif str(item.within) == "-5min/+9min":
            ends = [item.at.earliest.minutes - 5, item.at.earliest.minutes + 9]
        else:
            window = item.within or item.at
            ends = [
                None if end is None else end.minutes for end in (window.earliest, window.latest)
            ]
        if item.after is None:
            ends = [None if end is None else end + zero for end in ends]
        network.add_bound(first.get(item.after or "", 0), node, ends[0], ends[1], rule=0)
        if item.at and item.within:
            wanted[node] = zero + item.at.earliest.minutes
        elif item.target and item.after:
            wanted[node] = (first[item.after], item.target.minutes)
        elif item.target:
            wanted[node] = zero + item.target.minutes
        for repetition in range(1, item.times):
            least, most = item.every.earliest.minutes, item.every.latest.minutes
            before = node + repetition - 1
            network.add_bound(before, before + 1, least, most, rule=0)
    assert is_consistent(network)
    windows = list(zip(earliest(network, 0), latest(network, 0), strict=True))
    planned = [0]
    for node in range(1, len(network)):
        least, most = earliest(network, 0)[node], latest(network, 0)[node]
        wish = wanted.get(node)
        if isinstance(wish, tuple):
            wish = planned[wish[0]] + wish[1] if wish[0] < len(planned) else None
        if wish is None:
            wish = least if least is not None else 0 if most is None else most
        wish = wish if least is None else max(wish, least)
        planned.append(wish if most is None else min(wish, most))
        network.add_bound(0, node, planned[node], planned[node], rule=0)
    return {name: (planned[at], *windows[at]) for at, name in enumerate(names, start=1)}
