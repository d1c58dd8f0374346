"""A contradiction is told as a smallest set of rules, its arithmetic, and what would resolve it."""

import re

import pytest
from example_protocol import example_file
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.network import is_consistent
from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.schedule.build import Schedule, build_schedule
from planner.schedule.conflicts import Clash, find_clashes

THREE_SESSIONS = """\
anchor: baseline
epochs:
  - id: preparation
    visits:
      - {id: baseline}
      - {id: prep-1, after: {visit: baseline, within: 9d..2w}}
  - id: treatment
    cycle: {times: 3}
    visits:
      - id: dosing
        first: {visit: prep-1, within: 2w..3w}
        next: {visit: previous dosing, within: 3w..5w}
"""


def schedule_of(fragment: str) -> Schedule:
    return build_schedule(expand(example_file(fragment).protocol))


def only_clash(fragment: str) -> Clash:
    clashes = find_clashes(schedule_of(fragment))
    assert len(clashes) == 1
    return clashes[0]


def statements_hold(course: Course, schedule: Schedule, names: set[str]) -> bool:
    """Whether the statements of these names can all hold, and nothing else is asked."""
    numbers = [n for n, one in enumerate(schedule.statements) if one.name in names]
    return is_consistent(build_schedule(course, only=frozenset(numbers)).network)


def test_the_arithmetic_is_written_out_with_what_is_missing() -> None:
    clash = only_clash(
        THREE_SESSIONS
        + "constraints:\n  - {id: limit, from: baseline, to: dosing-2, within: ..5w}\n"
    )
    assert clash.arithmetic == (
        "baseline -> dosing-2 at most 5w (35d), but baseline -> prep-1 at least 9d,"
        " prep-1 -> dosing-1 at least 2w, dosing-1 -> dosing-2 at least 3w: together at least 44d;"
        " 9d short"
    )
    assert [one.name for one in clash.statements] == [
        "prep-1.after",
        "dosing-1.first",
        "dosing-2.next",
        "constraints.limit",
    ]


def test_the_smallest_relaxations_name_the_rule_by_how_much_and_its_new_window() -> None:
    clash = only_clash(
        THREE_SESSIONS
        + "constraints:\n  - {id: limit, from: baseline, to: dosing-2, within: ..5w}\n"
    )
    assert clash.relaxations == (
        "widen `prep-1.after` by 9d to 0d..2w",
        "widen `dosing-1.first` by 9d to 5d..3w",
        "widen `dosing-2.next` by 9d to 12d..5w",
        "widen `constraints.limit` by 9d to ..44d",
    )


def test_a_line_that_holds_in_several_cycles_needs_to_give_less() -> None:
    clash = only_clash(
        THREE_SESSIONS
        + "constraints:\n  - {id: limit, from: dosing-1, to: dosing-3, within: ..5w}\n"
    )
    # Two gaps of at least 3 weeks share the 7 days: 4 days each are enough, 3 are not.
    assert clash.relaxations == (
        "widen `dosing.next` by 4d to 17d..5w",
        "widen `constraints.limit` by 1w to ..6w",
    )


def test_the_same_lines_in_other_cycles_are_told_once() -> None:
    fragment = THREE_SESSIONS.replace("times: 3", "times: 12").replace(
        "next: {visit: previous dosing, within: 3w..5w}",
        "next: [{visit: previous dosing, within: 3w..5w}, {visit: previous dosing, within: 1w}]",
    )
    clash = only_clash(fragment)
    assert [one.name for one in clash.statements] == ["dosing-2.next.1", "dosing-2.next.2"]


def test_independent_contradictions_are_told_each() -> None:
    fragment = THREE_SESSIONS + (
        "constraints:\n"
        "  - {id: a, from: baseline, to: prep-1, within: ..1w}\n"
        "  - {id: b, from: dosing-1, to: dosing-2, within: 6w..}\n"
    )
    names = [
        {one.name for one in clash.statements} for clash in find_clashes(schedule_of(fragment))
    ]
    assert {"prep-1.after", "constraints.a"} in names
    assert {"dosing-2.next", "constraints.b"} in names
    assert len(names) == 2


def test_visits_that_each_come_after_the_other_are_told_as_a_circle() -> None:
    clash = only_clash(
        THREE_SESSIONS + "constraints:\n  - {from: dosing-2, to: prep-1, within: 1d..}\n"
    )
    assert clash.arithmetic.endswith("would be 36d after itself")


def test_a_month_shows_how_long_it_was_taken_to_be() -> None:
    clash = only_clash(
        THREE_SESSIONS + "constraints:\n  - {from: baseline, to: prep-1, within: 1mo..}\n"
    )
    assert clash.arithmetic == (
        "baseline -> prep-1 at most 2w (14d), but baseline -> prep-1 at least 1mo (28d); 14d short"
    )


def test_hours_and_days_that_never_meet_are_told_with_the_times_of_day() -> None:
    clash = only_clash("""\
anchor: baseline
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        at: "09:00"
        duration: 8h
        overnight: true
        after: {visit: baseline, within: 1w}
      - id: integration
        at: "08:00"
        after: [{visit: dosing.end, within: ..20h}, {visit: dosing.end, within: 1d..}]
""")
    assert clash.arithmetic == (
        "dosing.end -> integration at most 20h, but dosing ends at 09:00 the next day,"
        " dosing.end -> integration at least 1d, integration starts at 08:00; 3h short"
    )
    assert clash.relaxations == (
        "widen `integration.after.1` by 3h to ..23h",
        "let `dosing` leave as late as 12:00",
        "let `integration` start at 05:00 already",
        "widen `integration.after.2` by 1d to 0d..",
    )


def test_a_duration_is_shortened_and_not_below_nothing() -> None:
    clash = only_clash("""\
anchor: baseline
epochs:
  - id: treatment
    visits:
      - {id: baseline, at: "09:00", duration: 3h}
      - id: dosing
        at: "11:00"
        after: [{visit: baseline.end, within: 0min..}, {visit: baseline, within: 0d}]
""")
    assert "shorten `baseline.duration` by 1h" in clash.relaxations
    assert "baseline takes 3h" in clash.arithmetic


def test_a_change_that_would_turn_an_order_round_is_not_proposed() -> None:
    clash = only_clash(
        THREE_SESSIONS
        + "constraints:\n  - {id: limit, from: baseline, to: dosing-1, within: ..1w}\n"
    )
    # 16 days are missing; prep-1 (at least 9d) would have to lie before the baseline.
    assert not any("prep-1.after" in one for one in clash.relaxations)
    assert "widen `constraints.limit` by 16d to ..23d" in clash.relaxations


def test_an_exact_target_is_offered_a_window() -> None:
    clash = only_clash("""\
anchor: baseline
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: [{visit: baseline, target: 2w}, {visit: baseline, within: 16d..3w}]}
""")
    assert "give `dosing.after.1` the window 2w..16d" in clash.relaxations


def test_a_rule_written_with_before_is_widened_in_its_own_words() -> None:
    clash = only_clash(
        "constraints:\n  - {id: long, from: consent, to: baseline, within: 5w..6w}\n"
    )
    assert clash.relaxations == (
        "widen `consent.before` by 1w to 1w..5w",
        "widen `constraints.long` by 1w to 4w..6w",
    )


def test_rules_that_can_all_hold_have_no_clash() -> None:
    assert find_clashes(schedule_of("constraints: []\n")) == []


def test_no_more_clashes_than_asked_for() -> None:
    fragment = THREE_SESSIONS + (
        "constraints:\n"
        "  - {id: a, from: baseline, to: prep-1, within: ..1w}\n"
        "  - {id: b, from: dosing-1, to: dosing-2, within: 6w..}\n"
    )
    assert len(find_clashes(schedule_of(fragment), limit=1)) == 1


@st.composite
def limits(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    drawn = []
    for _ in range(draw(st.integers(3, 9))):
        tail, head = draw(st.permutations(range(4)))[:2]
        least = draw(st.integers(-8, 8))
        drawn.append((tail, head, least, draw(st.integers(least, least + 9))))
    return drawn


def written(drawn: list[tuple[int, int, int, int]]) -> str:
    lines = ["anchor: v0", "epochs:", "  - id: treatment", "    visits:"]
    lines += [f"      - {{id: v{n}}}" for n in range(4)]
    lines.append("constraints:")
    for n, (tail, head, least, most) in enumerate(drawn):
        lines.append(f"  - {{id: c{n}, from: v{tail}, to: v{head}, within: {least}d..{most}d}}")
    return "\n".join(lines) + "\n"


@given(limits())
@settings(max_examples=80, deadline=None)
def test_without_any_one_rule_of_a_clash_the_others_can_hold(
    drawn: list[tuple[int, int, int, int]],
) -> None:
    course = expand(example_file(written(drawn)).protocol)
    schedule = build_schedule(course)
    for clash in find_clashes(schedule):
        names = {one.name for one in clash.statements}
        assert not statements_hold(course, schedule, names)
        for name in names:
            assert statements_hold(course, schedule, names - {name})


@given(limits())
@settings(max_examples=80, deadline=None)
def test_the_arithmetic_adds_up_and_each_relaxation_is_just_enough(
    drawn: list[tuple[int, int, int, int]],
) -> None:
    file = example_file(written(drawn))
    for clash in find_clashes(build_schedule(expand(file.protocol))):
        in_clash = [drawn[int(one.name.removeprefix("constraints.c"))] for one in clash.statements]
        order = [one.name for one in clash.statements]
        assert clash.relaxations
        for text in clash.relaxations:
            match = re.fullmatch(r"widen `(constraints\.c\d+)` by (\S+) to (\S+)\.\.(\S+)", text)
            assert match, text
            at = order.index(match[1])
            tail, head, least, most = in_clash[at]
            new_least, new_most = days(match[3]), days(match[4])
            by = (least - new_least) + (new_most - most)
            assert by == days(match[2]) > 0
            enough = [*in_clash]
            enough[at] = (tail, head, new_least, new_most)
            assert is_consistent(schedule_of(written(enough)).network)
            step = 1 if new_least < least else 0
            enough[at] = (tail, head, new_least + step, new_most - (1 - step))
            assert not is_consistent(schedule_of(written(enough)).network)


def days(text: str) -> int:
    number, unit = text[:-1], text[-1]
    return int(number) * (7 if unit == "w" else 1)


@pytest.mark.parametrize("arm", ["short", "long"])
def test_only_the_arm_whose_rules_contradict_each_other_has_a_clash(arm: str) -> None:
    file = example_file("""\
arms: [{id: short}, {id: long}]
anchor: baseline
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 1w..2w}
        by_arm: {long: {after: {visit: baseline, within: 4w..5w}}}
constraints:
  - {from: baseline, to: dosing, within: ..3w}
""")
    clashes = find_clashes(build_schedule(expand(file.protocol, arm)))
    assert bool(clashes) == (arm == "long")
