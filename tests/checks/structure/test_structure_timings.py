"""What timings count from, and what hangs on the anchor."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()


def found(check_id: str, fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECKS[check_id]])


def messages(check_id: str, fragment: str) -> list[str]:
    return [finding.message for finding in found(check_id, fragment)]


def visits(*entries: str, arms: str = "", cycle: str = "") -> str:
    listed = "".join(f"      - {entry}\n" for entry in entries)
    return f"{arms}epochs:\n  - id: one\n{cycle}    visits:\n      - {{id: baseline}}\n{listed}"


def test_a_reference_to_no_visit_is_told_once_for_all_arms_with_the_nearest_visit() -> None:
    fragment = visits(
        "{id: dosing, after: {visit: baselin, within: 1w}}", arms="arms: [{id: a}, {id: b}]\n"
    )
    (finding,) = found("unknown-visit", fragment)
    assert finding.message == "there is no visit `baselin`"
    assert finding.hint == "did you mean `baseline`?"
    assert finding.about == ("dosing",)


def test_an_anchor_that_one_arm_lacks_is_told_with_the_arm() -> None:
    fragment = """\
arms: [{id: a}, {id: b}]
epochs:
  - id: one
    visits:
      - {id: baseline, arms: a}
      - {id: dosing}
"""
    (finding,) = found("unknown-visit", fragment)
    assert "`baseline`" in finding.message
    assert "(arm `b`)" in finding.message


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (
            "{id: dosing, next: {visit: previous dosing, within: 1w}}",
            "`dosing.next` is never used: `dosing` does not repeat; write `after:`",
        ),
        (
            "{id: dosing, after: {visit: previous integration, within: 1w}}",
            "`dosing.after` is never used: no `integration` is listed before `dosing`",
        ),
        (
            "{id: dosing, before: {visit: next integration, within: 1w}}",
            "`dosing.before` is never used: no `integration` is listed after `dosing`",
        ),
    ],
)
def test_a_timing_without_effect_is_told_with_the_reason(entry: str, why: str) -> None:
    assert messages("timing-never-applies", visits(entry)) == [why]


def test_a_timing_that_every_arm_replaces_has_no_effect() -> None:
    entry = (
        "{id: dosing, after: {visit: baseline, within: 1w},"
        " by_arm: {a: {after: {visit: baseline, within: 2w}},"
        " b: {after: {visit: baseline, within: 3w}}}}"
    )
    arms = "arms: [{id: a}, {id: b}]\n"
    assert messages("timing-never-applies", visits(entry, arms=arms)) == [
        "`dosing.after` is never used: every arm replaces it"
    ]
    one_arm = visits(entry, arms="arms: [{id: a}, {id: b}, {id: c}]\n")
    assert messages("timing-never-applies", one_arm) == []


def test_a_constraint_between_visits_of_two_arms_binds_nothing() -> None:
    fragment = visits(
        "{id: dosing, arms: a}", "{id: waiting, arms: b}", arms="arms: [{id: a}, {id: b}]\n"
    )
    fragment += "constraints: [{id: far, from: dosing, to: waiting, within: 1d..}]\n"
    assert messages("timing-never-applies", fragment) == [
        "constraint `far` is never used: no arm has both visits"
    ]


def test_a_visit_does_not_count_from_itself() -> None:
    fragment = visits(
        "{id: dosing, after: {visit: dosing, within: 4w}}",
        cycle="    cycle: {times: 2}\n",
    )
    (finding,) = found("reference-loop", fragment)
    assert finding.message == "`dosing-1.after` counts `dosing-1` from itself"
    assert finding.hint == "did you mean `previous dosing`?"


def test_from_its_start_to_its_end_says_how_long_a_visit_takes() -> None:
    fragment = visits(
        "{id: dosing, after: [{visit: baseline, within: 1w},"
        " {visit: dosing, of: end, within: 6h..8h}]}"
    )
    assert messages("reference-loop", fragment) == []


def test_a_circle_of_references_that_the_anchor_holds_is_no_loop() -> None:
    fragment = visits(
        "{id: prep-1, after: {visit: baseline, within: 1w}, before: {visit: prep-2, within: 1w}}",
        "{id: prep-2, after: {visit: prep-1, within: 1w}}",
    )
    assert messages("reference-loop", fragment) == []
    assert messages("unreachable-visit", fragment) == []


def test_a_loop_is_told_as_a_loop_and_not_as_unreachable() -> None:
    fragment = visits(
        "{id: a, after: {visit: c, within: 1w}}",
        "{id: b, after: {visit: a, within: 1w}}",
        "{id: c, after: {visit: b, within: 1w}}",
        "{id: d, after: {visit: c, within: 1w}}",
    )
    (finding,) = found("reference-loop", fragment)
    assert set(finding.about) == {"a", "b", "c"}
    assert len(finding.related) == 2
    assert messages("unreachable-visit", fragment) == []


def test_run_sheet_items_in_a_circle_are_told_once() -> None:
    fragment = visits(
        "{id: dosing, run_sheet: [{id: x, after: z, within: 1h}, {id: y, after: x, within: 1h},"
        " {id: z, after: y, within: 1h}, {id: w, after: z, within: 1h}, {id: v, at: 0min}]}"
    )
    (finding,) = found("reference-loop", fragment)
    assert finding.message == "run sheet items `x`, `z` and `y` count from each other"


def test_an_unreachable_visit_is_told_with_what_hangs_on_it() -> None:
    fragment = visits(
        "{id: b, after: {visit: a, within: 1w}}",
        "{id: a}",
        "{id: c, before: {visit: a, within: 1w}}",
    )
    (finding,) = found("unreachable-visit", fragment)
    assert finding.message == (
        "no timing connects `a` to the anchor `baseline`; `b` and `c` depend on it"
    )


def test_a_rule_ties_in_either_direction_and_so_does_a_constraint() -> None:
    fragment = visits("{id: a, before: {visit: baseline, within: 1w}}", "{id: b}")
    fragment += "constraints: [{from: b, to: a, within: 1w}]\n"
    assert messages("unreachable-visit", fragment) == []


def test_later_cycles_that_only_the_first_timing_ties_are_unreachable() -> None:
    fragment = """\
epochs:
  - {id: one, visits: [{id: baseline}]}
  - id: two
    cycle: {times: 3}
    visits:
      - {id: dosing, first: {visit: baseline, within: 1w}}
"""
    (finding,) = found("unreachable-visit", fragment)
    assert finding.message == "no timing connects `dosing-2` to the anchor `baseline`"
    assert finding.hint == "give `dosing` a timing with `next:`"


def test_a_visit_of_one_arm_alone_can_be_unreachable() -> None:
    fragment = visits("{id: waiting, arms: b}", arms="arms: [{id: a}, {id: b}]\n")
    assert messages("unreachable-visit", fragment) == [
        "no timing connects `waiting` to the anchor `baseline`"
    ]


def test_an_optional_anchor_is_told() -> None:
    fragment = "epochs: [{id: one, visits: [{id: baseline, optional: true}]}]\n"
    assert messages("hangs-on-optional", fragment) == [
        "the anchor `baseline` is optional; without it nothing has a date"
    ]


def test_a_visit_that_a_decision_may_cut_off_from_the_anchor_is_told() -> None:
    fragment = visits(
        "{id: dosing, when: go, after: {visit: baseline, within: 1w}}",
        "{id: integration, after: {visit: dosing, within: 1d}}",
        "{id: endpoint, after: [{visit: dosing, within: 6w}, {visit: baseline, within: 7w}]}",
    )
    (finding,) = found("hangs-on-optional", fragment + "decisions: {go: {condition: so}}\n")
    assert finding.message == (
        "without optional visits no timing connects `integration` to the anchor: only `dosing` does"
    )


def test_one_visit_has_one_target_in_each_arm() -> None:
    fragment = visits(
        "{id: dosing, after: [{visit: baseline, target: 1w, arms: a},"
        " {visit: baseline, target: 2w, arms: b}]}",
        arms="arms: [{id: a}, {id: b}]\n",
    )
    assert messages("several-targets", fragment) == []
    assert messages("several-targets", fragment.replace(", arms: b}]", "}]")) == [
        "`dosing` has two targets: 1w from `baseline` and 2w from `baseline`"
    ]


def test_a_target_before_a_visit_is_told_as_it_is_written() -> None:
    fragment = visits(
        "{id: dosing, after: {visit: baseline, within: 2w..4w, target: 3w}}",
        "{id: prep-1, after: {visit: baseline, within: 1w..2w, target: 1w},"
        " before: {visit: dosing, within: 1w.., target: 2w}}",
    )
    assert messages("several-targets", fragment) == [
        "`prep-1` has two targets: 1w from `baseline` and 2w from `dosing`"
    ]


def test_first_and_next_carry_one_target_each() -> None:
    fragment = """\
epochs:
  - {id: one, visits: [{id: baseline}]}
  - id: two
    cycle: {times: 3}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w..2w, target: 1w}
        next: {visit: previous dosing, within: 3w..5w, target: 4w}
"""
    assert messages("several-targets", fragment) == []
    both = fragment.replace(
        "        first:", "        after: {visit: baseline, target: 9w}\n        first:"
    )
    assert len(messages("several-targets", both)) == 2


def test_a_chain_of_thousands_is_examined_without_recursion() -> None:
    fragment = """\
epochs:
  - {id: one, visits: [{id: baseline}]}
  - id: two
    cycle: {times: 2000}
    visits:
      - {id: dosing, next: {visit: previous dosing, within: 1d}}
"""
    (finding,) = found("unreachable-visit", fragment)
    assert "`dosing-1`" in finding.message
    assert "and 1994 more" in finding.message
