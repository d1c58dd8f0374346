"""Ids and what they name, cycles, decisions, accepted findings."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks, choose

CHECKS = all_checks()


def found(check_id: str, fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECKS[check_id]])


def messages(check_id: str, fragment: str) -> list[str]:
    return [finding.message for finding in found(check_id, fragment)]


@pytest.mark.parametrize(
    ("fragment", "message"),
    [
        ("arms: [{id: active}, {id: active}]\n", "arm `active` is used twice"),
        (
            "epochs:\n  - {id: one, visits: [{id: baseline}]}\n  - {id: one, visits: []}\n",
            "epoch `one` is used twice",
        ),
        (
            "epochs: [{id: one, visits: [{id: baseline}, {id: baseline}]}]\n",
            "visit `baseline` is used twice",
        ),
        (
            """\
constraints:
  - {id: far, from: baseline, to: dosing, within: 1d..}
  - {id: far, from: prep-1, to: dosing, within: 1d..}
""",
            "constraint `far` is used twice",
        ),
        (
            """\
epochs:
  - id: one
    visits:
      - {id: baseline, run_sheet: [{id: vitals, at: 0min}, {id: vitals, at: 1h}]}
""",
            "in the run sheet of `baseline`, item `vitals` is used twice",
        ),
    ],
)
def test_an_id_occurs_once(fragment: str, message: str) -> None:
    assert messages("duplicate-id", fragment) == [message]


@pytest.mark.parametrize("cycle_first", [True, False])
def test_a_visit_cannot_have_the_id_of_a_cycle_of_another(cycle_first: bool) -> None:
    epochs = [
        "  - {id: treatment, cycle: {times: 2}, visits: [{id: dosing}]}\n",
        "  - {id: extra, visits: [{id: dosing-2}]}\n",
    ]
    fragment = "epochs:\n" + "".join(epochs if cycle_first else epochs[::-1])
    assert messages("duplicate-id", fragment) == [
        "visit `dosing-2` has the id of cycle 2 of `dosing`"
    ]
    assert messages("duplicate-id", fragment.replace("dosing-2", "dosing-3")) == []


def test_two_visits_of_different_arms_may_share_an_id() -> None:
    fragment = """\
arms: [{id: active}, {id: waiting}]
epochs:
  - id: treatment
    visits:
      - {id: baseline, arms: active}
      - {id: baseline, arms: waiting}
"""
    assert messages("duplicate-id", fragment) == []
    both = fragment.replace("arms: waiting}", "arms: [active, waiting]}")
    assert messages("duplicate-id", both) == ["visit `baseline` is used twice"]


@pytest.mark.parametrize(
    ("where", "message", "hint"),
    [
        ("staff: {terapist: 1}", "there is no role `terapist`", "did you mean `therapist`?"),
        ("staff: [xyz]", "there is no role `xyz`", "declared: `therapist`"),
        ("activities: [caps]", "there is no activity `caps`", "the file declares no activity"),
        ("source: assumptoin", "there is no source `assumptoin`", "did you mean `assumption`?"),
        ("when: remission", "there is no decision `remission`", "the file declares no decision"),
        ("requires: taper", "there is no gate `taper`", "the file declares no gate"),
        ("footnotes: [one]", "there is no footnote `one`", "the file declares no footnote"),
        ("arms: active", "there is no arm `active`", "the file declares no arm"),
        (
            "by_arm: {active: {title: Other}}",
            "there is no arm `active`",
            "the file declares no arm",
        ),
        (
            "run_sheet: [{id: a, at: 0min, activity: caps}]",
            "there is no activity `caps`",
            "the file declares no activity",
        ),
        (
            "run_sheet: [{id: night, at: 0min, staff: nurse}]",
            "there is no role `nurse`",
            "declared: `therapist`",
        ),
        (
            "run_sheet: [{id: vitals, at: 0min}, {id: b, after: vital, within: 1h}]",
            "there is no run sheet item `vital`",
            "did you mean `vitals`?",
        ),
    ],
)
def test_a_name_that_nothing_declares_is_found_with_the_nearest_one(
    where: str, message: str, hint: str
) -> None:
    fragment = f"epochs:\n  - id: one\n    visits:\n      - {{id: baseline, {where}}}\n"
    (finding,) = found("unknown-id", fragment)
    assert (finding.message, finding.hint) == (message, hint)
    assert "baseline" in finding.about
    assert example_file(fragment).position(finding.path).line >= 4


def test_a_staff_list_used_twice_by_alias_is_reported_where_it_stands() -> None:
    fragment = """\
epochs:
  - id: one
    visits:
      - {id: baseline, staff: &pair {terapist: 2}}
      - {id: prep-1, staff: *pair, after: {visit: baseline, within: 1d}}
"""
    assert len(found("unknown-id", fragment)) == 1


def test_numbers_of_cycles_name_known_arms() -> None:
    fragment = """\
arms: [{id: active}]
epochs:
  - id: one
    cycle: {times: {active: 2, plcebo: 1}, until: remission, at_most: 3}
    visits: [{id: baseline}]
"""
    assert set(messages("unknown-id", fragment)) == {
        "there is no arm `plcebo`",
        "there is no decision `remission`",
    }


def test_what_is_declared_and_never_named_is_worth_a_note() -> None:
    fragment = """\
roles: {therapist: {}, nurse: {}}
gates: {taper: {title: Taper complete}}
"""
    assert sorted(messages("unused-declaration", fragment)) == [
        "gate `taper` is declared and never used",
        "role `nurse` is declared and never used",
    ]


@pytest.mark.parametrize(
    ("cycle", "message"),
    [
        ("{times: 2, until: remission, at_most: 3}", "`times:` is not used"),
        ("{at_most: 3}", "without `until:`; it is not used"),
        ("{times: {active: 2}}", "gives no number for arm `placebo`; 2 is taken"),
        ("{times: 2, breaks: [{after: 2, length: 1w}]}", "a break after cycle 2 of 2"),
    ],
)
def test_a_cycle_says_one_number(cycle: str, message: str) -> None:
    fragment = f"""\
arms: [{{id: active}}, {{id: placebo}}]
epochs:
  - id: one
    cycle: {cycle}
    visits: [{{id: baseline}}]
"""
    (finding,) = found("unclear-cycle", fragment)
    assert message in finding.message


def test_a_blank_condition_is_no_condition() -> None:
    assert messages("decision-without-condition", 'decisions: {go: {condition: " "}}\n') == [
        "decision `go` has no condition"
    ]


def test_an_expression_is_a_condition() -> None:
    assert not messages("decision-without-condition", "decisions: {go: {expression: not a}}\n")


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        (
            (
                "arms: [{id: active}, {id: control}]\n"
                "decisions: {go: {expression: 'arm in (active, contrl) or arm != actve'}}\n"
            ),
            [
                "decision `go` compares the arm with `actve`, which is none",
                "decision `go` compares the arm with `contrl`, which is none",
            ],
        ),
        (
            (
                "design: double-blind\narms: [{id: active}, {id: control}]\n"
                "decisions: {go: {expression: arm == active}}\n"
            ),
            ["decision `go` asks for the arm, which is never known: there is no unblinding"],
        ),
        (
            (
                "gates: {tapered: {title: Tapered}}\n"
                "decisions: {go: {expression: tapered and score > 3}}\n"
            ),
            ["decision `go` asks for `tapered`, which is a gate and no fact"],
        ),
        ("decisions: {go: {expression: score > 3 and not remission}}\n", []),
    ],
)
def test_a_condition_asks_for_what_can_be_known(fragment: str, expected: list[str]) -> None:
    assert messages("condition-never-known", fragment) == expected


DIARIES = "tracks: [{id: a, from: baseline, times: 1}, {id: a, from: baseline, times: 1}]\n"


@pytest.mark.parametrize(
    ("entry", "left"),
    [
        ("{rule: duplicate-id, reason: so}", []),
        ("{rule: duplicate-id, at: a, reason: so}", []),
        ("{rule: duplicate-id, at: b, reason: so}", ["duplicate-id", "unused-ignore"]),
        ("{rule: endless-cycle, reason: so}", ["duplicate-id", "unused-ignore"]),
        ("{rule: structure, reason: so}", ["duplicate-id", "unused-ignore"]),
        ("{rule: scope, reason: so}", ["duplicate-id", "unused-ignore"]),
    ],
)
def test_an_accepted_finding_is_left_out_and_an_acceptance_of_nothing_is_told(
    entry: str, left: list[str]
) -> None:
    file = example_file(f"{DIARIES}ignore: [{entry}]\n")
    assert sorted(finding.check for finding in examine(file, CHECKS.values())) == left


def test_an_ignore_of_a_check_that_did_not_run_is_not_called_unused() -> None:
    file = example_file("ignore: [{rule: listed-order, reason: so}]\n")
    assert examine(file, choose(["structure"], [])) == []
    assert [one.check for one in examine(file, choose([], []))] == ["unused-ignore"]


def test_what_is_ignored_in_vain_is_asked_last_whatever_the_order_of_the_checks() -> None:
    file = example_file("ignore: [{rule: listed-order, reason: so}]\n")
    checks = choose([], [])
    assert [one.check for one in examine(file, checks)] == ["unused-ignore"]
    assert examine(file, checks[::-1]) == examine(file, checks)
