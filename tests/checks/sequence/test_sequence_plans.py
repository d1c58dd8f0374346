"""What one participant's plan leaves open: decisions, other participants, a wait list."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()


def found(check_id: str, fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECKS[check_id]])


def visits(*lines: str, top: str = "") -> str:
    body = "".join(f"      - {line}\n" for line in ("{id: baseline}", *lines))
    return f"{top}epochs:\n  - id: treatment\n    visits:\n{body}"


# --- conditional-visits -----------------------------------------------------------------------

DECISION = "decisions: {again: {condition: No remission}}\n"
DOSING = "{id: dosing, after: {visit: baseline, within: 1w}}"
AGAIN = "{id: dosing-again, when: again, after: {visit: dosing, within: 3w..5w}}"
AFTER = "{id: talk, when: again, after: {visit: dosing-again, within: 1w}}"


def test_a_decision_tells_the_course_with_and_without_its_visits() -> None:
    (finding,) = found("conditional-visits", visits(DOSING, AGAIN, AFTER, top=DECISION))
    assert finding.severity == "note"
    assert finding.message == (
        "`again` decides on 2 visits, `dosing-again` and `talk`: 4 visits in 5-7 weeks with them,"
        " 2 visits in 7 days without"
    )
    assert finding.about == ("again", "dosing-again", "talk")
    assert finding.path[-1] == "when"


def test_a_course_without_a_last_day_is_told_by_its_targets_too() -> None:
    late = "{id: late, after: {visit: baseline, target: 8w, within: 1d..}}"
    two_weeks = DOSING.replace("1w", "2w")
    (finding,) = found("conditional-visits", visits(two_weeks, AGAIN, late, top=DECISION))
    assert finding.message.endswith(
        "4 visits in 5 weeks or more (on target 8 weeks) with it,"
        " 3 visits in 2 weeks or more (on target 8 weeks) without"
    )


def test_the_arm_that_has_the_visits_is_named() -> None:
    top = "arms: [{id: one}, {id: two}]\n" + DECISION
    late = AGAIN.replace("when: again", "when: again, arms: two")
    (finding,) = found("conditional-visits", visits(DOSING, late, top=top))
    assert finding.message.startswith("`again` decides in arm `two` on 1 visit, `dosing-again`: 3")


def test_each_decision_is_told_once_and_optional_visits_are_none() -> None:
    top = "decisions: {again: {condition: A}, third: {condition: B}}\n"
    third = AGAIN.replace("when: again", "when: third").replace("dosing-again", "dosing-third")
    names = [
        one.about[0] for one in found("conditional-visits", visits(DOSING, AGAIN, third, top=top))
    ]
    assert names == ["again", "third"]
    optional = AGAIN.replace("when: again", "optional: true")
    assert found("conditional-visits", visits(DOSING, optional)) == []


def test_rules_that_cannot_hold_have_no_length() -> None:
    wrong = AGAIN.replace(
        "{visit: dosing, within: 3w..5w}",
        "{visit: dosing, within: 3w..5w}, before: {visit: baseline, within: 1d}",
    )
    (finding,) = found("conditional-visits", visits(DOSING, wrong, top=DECISION))
    assert finding.message.endswith("3 visits with it, 2 visits in 7 days without")


# --- shared-visit -----------------------------------------------------------------------------


def test_visits_of_one_size_are_told_together() -> None:
    group = [f"{{id: group-{n}, participants: 4..6, after: {{visit: baseline}}}}" for n in (1, 2)]
    group = [line.replace("visit: baseline}", "visit: baseline, within: 1w}") for line in group]
    couple = "{id: couple, participants: 2, after: {visit: baseline, within: 1w}}"
    alone = "{id: alone, participants: 1, after: {visit: baseline, within: 1w}}"
    rest = "participants at once: a plan for one does not say whether the others can come"
    messages = [one.message for one in found("shared-visit", visits(*group, couple, alone))]
    assert messages == [
        f"`group-1` and `group-2` are for 4 to 6 {rest}",
        f"`couple` is for 2 {rest}",
    ]


# --- wait-list-unmatched ----------------------------------------------------------------------

ARMS = """\
design: [open-label, wait-list]
arms: [{id: immediate}, {id: waiting}]
activities: {scale: {endpoint: primary}, form: {endpoint: secondary}}
"""


def wait_list(dosing: str, *, wait: str = "within: 5w", activity: str = "scale") -> str:
    late = "by_arm: {waiting: {after: {visit: baseline, within: 8w..10w}}}"
    return visits(
        f"{{id: dosing, after: {{visit: baseline, {dosing}}}, {late}}}",
        f"{{id: after-1w, activities: [{activity}], after: {{visit: dosing, within: 1w}}}}",
        f"{{id: wait-5w, arms: waiting, activities: [{activity}],"
        f" after: {{visit: baseline, {wait}}}}}",
        top=ARMS,
    )


def test_an_assessment_of_the_wait_stands_against_that_after_treatment() -> None:
    (finding,) = found("wait-list-unmatched", wait_list("within: 3w..5w"))
    assert finding.message == (
        "`wait-5w` in `waiting` is 5w after `baseline`; `after-1w` in `immediate`, which it"
        " stands with, is 4w..6w: their times should match, and need not"
    )
    assert finding.about == ("wait-5w", "after-1w")


def test_distances_that_are_fixed_and_equal_match() -> None:
    assert found("wait-list-unmatched", wait_list("within: 4w")) == []
    assert len(found("wait-list-unmatched", wait_list("within: 5w"))) == 1
    assert len(found("wait-list-unmatched", wait_list("within: 4w", wait="within: 4w..6w"))) == 1


def test_what_is_aimed_at_is_told_with_what_is_allowed() -> None:
    preferred = "conventions: {target_without_window: preferred}\n"
    (finding,) = found(
        "wait-list-unmatched", preferred + wait_list("target: 4w", wait="target: 5w, within: 1d..")
    )
    assert "is 5w (1d.. is allowed) after `baseline`" in finding.message


@pytest.mark.parametrize(
    "change", [("wait-list", "parallel"), ("activities: [scale]", "mode: phone")]
)
def test_another_design_and_visits_without_an_endpoint_are_silent(change: tuple[str, str]) -> None:
    fragment = wait_list("within: 3w..5w").replace(*change)
    assert found("wait-list-unmatched", fragment) == []


def test_secondary_endpoints_count_only_where_there_is_no_primary_one() -> None:
    fragment = wait_list("within: 3w..5w", activity="form")
    assert found("wait-list-unmatched", fragment) == []
    alone = fragment.replace("scale: {endpoint: primary}, ", "")
    assert len(found("wait-list-unmatched", alone)) == 1
