"""What all rules together leave, against brute force on small protocols."""

from itertools import product

import pytest
from example_protocol import example_file
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.network import distance, is_consistent
from planner.network.conflict import Conflict, conflict
from planner.network.temporal import Network
from planner.protocol.expand import expand
from planner.schedule import slack as slack_module
from planner.schedule.build import Schedule, build_schedule
from planner.schedule.course_length import CourseLength, course_length
from planner.schedule.slack import (
    DayWindow,
    LimitingStatements,
    Slack,
    effective_windows,
    rule_slack,
)

Limit = tuple[int, int, int, int]
REACH = 6


def protocol(visits: int, limits: list[Limit]) -> str:
    lines = ["anchor: v0", "epochs:", "  - id: treatment", "    visits:"]
    lines += [f"      - {{id: v{n}}}" for n in range(visits)]
    lines.append("constraints:")
    for tail, head, least, most in limits:
        lines.append(f"  - {{from: v{tail}, to: v{head}, within: {least}d..{most}d}}")
    return "\n".join(lines) + "\n"


def schedule_of(fragment: str) -> Schedule:
    return build_schedule(expand(example_file(fragment).protocol))


@st.composite
def small_protocols(draw: st.DrawFn) -> tuple[int, list[Limit]]:
    """Up to 4 visits, each bounded to the first, and a few rules between any two."""
    visits = draw(st.integers(2, 4))
    limits = []
    for head in range(1, visits):
        least = draw(st.integers(-REACH, REACH))
        limits.append((0, head, least, draw(st.integers(least, REACH))))
    for _ in range(draw(st.integers(0, 3))):
        tail, head = draw(st.permutations(range(visits)))[:2]
        least = draw(st.integers(-4, 4))
        limits.append((tail, head, least, draw(st.integers(least, 6))))
    return visits, limits


def all_schedules(visits: int, limits: list[Limit]) -> list[tuple[int, ...]]:
    days = product([0], *[range(-REACH, REACH + 1)] * (visits - 1))
    return [
        day
        for day in days
        if all(least <= day[head] - day[tail] <= most for tail, head, least, most in limits)
    ]


@given(small_protocols())
@settings(max_examples=60, deadline=None)
def test_windows_rooms_and_length_are_what_brute_force_finds(
    drawn: tuple[int, list[Limit]],
) -> None:
    visits, limits = drawn
    schedule = schedule_of(protocol(visits, limits))
    found = all_schedules(visits, limits)
    assert is_consistent(schedule.network) == bool(found)
    if not found:
        return
    assert effective_windows(schedule) == {
        f"v{n}": DayWindow(min(day[n] for day in found), max(day[n] for day in found))
        for n in range(visits)
    }
    for room, (tail, head, least, most) in zip(rule_slack(schedule), limits, strict=True):
        apart = {day[head] - day[tail] for day in found}
        assert room.written == (least, most)
        assert room.left == (min(apart), max(apart))
        assert room.is_tightened == (room.left != room.written)
    lengths = {max(day) - min(day) for day in found}
    assert course_length(schedule) == CourseLength(min(lengths), max(lengths))


@given(small_protocols())
@settings(max_examples=40, deadline=None)
def test_what_limits_a_room_limits_it_without_the_other_rules(
    drawn: tuple[int, list[Limit]],
) -> None:
    visits, limits = drawn
    schedule = schedule_of(protocol(visits, limits))
    if not is_consistent(schedule.network):
        return
    limiting = LimitingStatements(schedule)
    for number, room in enumerate(rule_slack(schedule)):
        for at, late in ((0, False), (1, True)):
            if room.left[at] == room.written[at]:
                continue
            names = {one.name for one in limiting.limit(room, late=late)}
            kept = [one for n, one in enumerate(limits) if f"constraints.{n + 1}" in names]
            assert limits[number] not in kept or limits.count(limits[number]) > 1
            assert left_by(visits, kept, room)[at] == room.left[at]
            for one in kept:
                others = [other for other in kept if other is not one]
                assert left_by(visits, others, room)[at] != room.left[at], "none can be left out"


def left_by(visits: int, limits: list[Limit], room: Slack) -> tuple[int, int]:
    """What some limits leave of a rule, beside the rule itself."""
    alone = schedule_of(protocol(visits, [*limits, (0, 1, -99, 99)]))
    nodes = alone.nodes
    first, last = distance(alone.network, nodes[room.rule.reference], nodes[room.rule.point])
    least, most = room.written
    assert least is not None
    assert most is not None
    return max(least, -999 if first is None else first), min(most, 999 if last is None else last)


def test_of_a_chain_that_is_bounded_as_a_whole_one_conflict_tells_what_limits_each_visit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chain = [(n - 1, n, 5, 9) for n in range(1, 8)]
    schedule = schedule_of(protocol(8, [*chain, (0, 7, 35, 37)]))
    asked: list[Network] = []

    def counted(network: Network) -> Conflict | None:
        asked.append(network)
        return conflict(network)

    monkeypatch.setattr(slack_module, "conflict", counted)
    limiting = LimitingStatements(schedule)
    for number, room in enumerate(rule_slack(schedule)[:7]):
        assert room.left == (5, 7)
        names = {statement.name for statement in limiting.limit(room, late=True)}
        assert names == {f"constraints.{n + 1}" for n in range(8) if n != number}
    assert len(asked) == 1


def test_an_open_end_stays_open() -> None:
    fragment = protocol(2, []).replace(
        "constraints:", "constraints:\n  - {from: v0, to: v1, within: 3d..}"
    )
    schedule = schedule_of(fragment)
    assert effective_windows(schedule)["v1"] == DayWindow(3, None)
    assert course_length(schedule) == CourseLength(3, None, on_target=3, open_end=True)
    assert not rule_slack(schedule)[0].is_tightened


def test_a_window_in_hours_keeps_its_minutes() -> None:
    fragment = """\
anchor: v0
epochs:
  - id: treatment
    visits:
      - {id: v0, at: "09:00"}
      - {id: v1, at: "10:00..11:00", after: {visit: v0, within: 30min..5h}}
"""
    room = rule_slack(schedule_of(fragment))[0]
    assert room.clock
    assert (room.written, room.left) == ((30, 300), (60, 120))


def test_a_preferred_target_has_room_but_writes_none() -> None:
    fragment = """\
anchor: v0
conventions: {target_without_window: preferred}
epochs:
  - id: treatment
    visits:
      - {id: v0}
      - {id: v1, after: [{visit: v0, target: 9d}, {visit: v0, within: 3d..5d}]}
"""
    room = rule_slack(schedule_of(fragment))[0]
    assert (room.written, room.left, room.is_tightened) == ((None, None), (3, 5), False)


def test_without_an_anchor_there_are_no_days_to_count() -> None:
    schedule = schedule_of(protocol(2, [(0, 1, 1, 2)]).replace("anchor: v0", "anchor: v9"))
    assert schedule.anchor is None
    assert effective_windows(schedule) == {}
    assert course_length(schedule) == CourseLength(1, 2)
