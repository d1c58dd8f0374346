"""What comes before and after dosing."""

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


def visits(*entries: str) -> str:
    listed = "".join(f"      - {entry}\n" for entry in entries)
    return f"epochs:\n  - id: one\n    visits:\n      - {{id: baseline}}\n{listed}"


def test_the_short_id_of_an_integration_session_is_one_and_other_ids_are_told_of_kind() -> None:
    assert found("dosing-without-integration", sessions(integration("int-1"))) == []
    (finding,) = found("dosing-without-integration", sessions(integration("talk")))
    assert "`kind: integration`" in str(finding.hint)


def integration(visit: str) -> str:
    return f"{{id: {visit}, after: {{visit: dosing, within: 1d}}}}"


def sessions(integration: str, gap: str = "3w..5w", times: int = 3) -> str:
    return f"""\
epochs:
  - {{id: one, visits: [{{id: baseline}}]}}
  - id: treatment
    cycle: {{times: {times}}}
    visits:
      - id: dosing
        duration: 8h
        at: "09:00"
        first: {{visit: baseline, within: 1w}}
        next: {{visit: previous dosing, within: {gap}}}
      - {integration}
"""


DOSING = "{id: dosing, title: Dosing session, after: {visit: baseline, within: 1w..2w}}"


@pytest.mark.parametrize(
    ("check_id", "kind"),
    [("dosing-without-screening", "screening"), ("dosing-without-preparation", "preparation")],
)
def test_what_must_precede_dosing_is_sure_to_precede_it(check_id: str, kind: str) -> None:
    before = f"{{id: earlier, kind: {kind}, before: {{visit: dosing, within: 1d..1w}}}}"
    either = f"{{id: earlier, kind: {kind}, after: {{visit: baseline, within: 1d..10d}}}}"
    assert messages(check_id, visits(DOSING, before)) == []
    (finding,) = found(check_id, visits(DOSING, either))
    assert "is certain before `dosing`: `earlier` may come later" in finding.message
    assert finding.severity == "warning"
    assert finding.related
    (finding,) = found(check_id, visits(DOSING))
    assert "comes before `dosing`" in finding.message


def test_preparation_once_before_the_first_session_is_enough() -> None:
    fragment = sessions("{id: integration, after: {visit: dosing, within: 1d}}")
    fragment += (
        "  - {id: preparation, visits: [{id: prep-1, before: {visit: first dosing, within: 1d}}]}\n"
    )
    assert messages("dosing-without-preparation", fragment) == []


def test_a_course_without_dosing_asks_for_nothing() -> None:
    fragment = visits("{id: integration, after: {visit: baseline, within: 1w}}")
    assert all(
        messages(one.id, fragment) == [] for one in CHECKS.values() if one.family == "sequence"
    )


def test_a_study_of_the_drug_alone_is_asked_for_neither_preparation_nor_integration() -> None:
    drug = visits("{id: dosing, duration: 8h, after: {visit: baseline, within: 1w}}")
    drug += "roles: {nurse: {title: Study nurse}}\n"
    called = drug.replace("id: dosing,", "id: dosing, title: First Session,")
    accompanied = drug.replace("Study nurse", "Lead therapist")
    prepared = drug.replace(
        "roles:", "      - {id: prep-1, before: {visit: dosing, within: 1d}}\nroles:"
    )
    for check_id in ("dosing-without-preparation", "dosing-without-integration"):
        assert messages(check_id, drug) == []
        for fragment in (called, accompanied):
            assert len(messages(check_id, fragment)) == 1, fragment
    assert messages("dosing-without-preparation", prepared) == []
    assert len(messages("dosing-without-integration", prepared)) == 1


def test_a_study_without_integration_is_told_once_and_can_say_so() -> None:
    fragment = """\
epochs:
  - {id: one, visits: [{id: baseline}]}
  - id: home
    cycle: {times: 14}
    visits:
      - id: dosing
        title: Session at home
        first: {visit: baseline, within: 1w}
        next: {visit: previous dosing, within: 3d}
"""
    assert messages("dosing-without-integration", fragment) == [
        "no integration session comes after `dosing-1` or the 13 after it"
    ]
    fragment += "ignore: [{rule: dosing-without-integration, reason: No psychotherapy}]\n"
    assert messages("dosing-without-integration", fragment) == []


def test_integration_of_the_last_session_only_leaves_no_session_without() -> None:
    fragment = sessions("{id: integration, after: {visit: dosing, within: 1d}}")
    assert messages("dosing-without-integration", fragment) == []
    last = """\
epochs:
  - id: one
    visits:
      - {id: baseline}
      - {id: dosing-a, kind: dosing, after: {visit: baseline, within: 1w}}
      - {id: integration, after: {visit: dosing-a, within: 1d}}
      - {id: dosing-b, kind: dosing, after: {visit: dosing-a, within: 4w}}
"""
    assert messages("dosing-without-integration", last) == [
        "an integration session after `dosing-b` is not certain"
    ]


@pytest.mark.parametrize(
    ("integration", "gap", "message"),
    [
        ("1d..2w", "3w..5w", None),
        ("1d..20d", "3w..5w", None),
        (
            "1d..3w",
            "3w..5w",
            "`dosing-2` may come before `integration-1`, the first integration after `dosing-1`",
        ),
        (
            "5w..6w",
            "3w..4w",
            "`dosing-2` comes before `integration-1`, the first integration after `dosing-1`",
        ),
    ],
)
def test_the_next_session_waits_for_the_first_integration(
    integration: str, gap: str, message: str | None
) -> None:
    fragment = sessions(
        f"{{id: integration, after: {{visit: dosing, within: {integration}}}}}", gap
    )
    assert messages("dosing-before-integration", fragment) == ([message] if message else [])


def test_on_the_same_day_the_time_of_day_decides_which_comes_first() -> None:
    early = '{id: integration, at: "08:00", after: {visit: dosing, within: 1d..3w}}'
    late = '{id: integration, at: "10:00", after: {visit: dosing, within: 1d..3w}}'
    assert messages("dosing-before-integration", sessions(early)) == []
    assert len(messages("dosing-before-integration", sessions(late))) == 1


@pytest.mark.parametrize(
    ("entry", "verb"),
    [
        ("{id: integration, after: {visit: baseline, within: 10d..3w}}", "may come"),
        ("{id: integration, after: {visit: baseline, within: 1d..3d}}", "comes"),
    ],
)
def test_integration_waits_for_dosing(entry: str, verb: str) -> None:
    assert messages("integration-before-dosing", visits(DOSING, entry)) == [
        f"`integration` {verb} before the first dosing session `dosing`"
    ]


def test_a_follow_up_waits_for_the_last_session_that_is_sure_to_take_place() -> None:
    third = "{id: third, kind: dosing, optional: true, after: {visit: dosing, within: 12w}}"
    follow_up = "{id: month-1, kind: follow-up, after: {visit: dosing, within: 4w}}"
    assert messages("follow-up-before-last-dosing", visits(DOSING, follow_up, third)) == []
    sure = third.replace("optional: true, ", "")
    assert messages("follow-up-before-last-dosing", visits(DOSING, follow_up, sure)) == [
        "follow-up `month-1` comes before the last dosing session `third`"
    ]


def test_an_assessment_between_sessions_is_no_follow_up() -> None:
    fragment = visits(
        DOSING,
        "{id: interim, kind: assessment, after: {visit: dosing, within: 2w}}",
        "{id: second, kind: dosing, after: {visit: dosing, within: 4w}}",
    )
    assert messages("follow-up-before-last-dosing", fragment) == []


def test_a_baseline_that_no_schedule_has_before_dosing_is_said_to_come_after_it() -> None:
    fragment = """\
anchor: consent
epochs:
  - id: one
    visits:
      - {id: consent}
      - {id: dosing, after: {visit: consent, within: 1w}}
      - {id: baseline, after: {visit: dosing, within: 1d}}
"""
    assert messages("baseline-after-dosing", fragment) == [
        "baseline `baseline` comes after the first dosing session `dosing`"
    ]


def test_contradictory_rules_are_left_to_the_check_of_feasibility() -> None:
    fragment = visits(
        DOSING,
        "{id: prep-1, after: {visit: dosing, within: 1w}, before: {visit: dosing, within: 1w}}",
    )
    sequence = [one for one in CHECKS.values() if one.family == "sequence"]
    assert examine(example_file(fragment), sequence) == []
