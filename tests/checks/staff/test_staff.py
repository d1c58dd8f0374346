"""Who is present, and who must not be."""

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


def dosing(entry: str) -> str:
    return f"""\
roles:
  therapist: {{count: 2, continuity: participant}}
  rater: {{blinded: true, never_with: [dosing, integration]}}
activities:
  caps: {{title: CAPS-5, by: rater}}
epochs:
  - id: treatment
    visits:
      - {{id: baseline, staff: rater, activities: [caps]}}
      - {{id: dosing, after: {{visit: baseline, within: 1w}}, {entry}}}
"""


@pytest.mark.parametrize(
    ("entry", "alone"),
    [
        ("duration: 8h", True),
        ("staff: {therapist: 0}", True),
        ("staff: therapist", False),
        ("run_sheet: [{id: watch, at: 0min, staff: therapist}]", False),
    ],
)
def test_nobody_is_given_a_dose_alone(entry: str, alone: bool) -> None:
    assert messages("dosing-without-staff", dosing(entry)) == (
        ["no staff at the dosing session `dosing`"] if alone else []
    )


@pytest.mark.parametrize(
    ("entry", "does"),
    [
        ("staff: {therapist: 2, rater: 1}", "is present at"),
        ("staff: therapist, activities: [caps]", "performs `caps` at"),
        ("run_sheet: [{id: rating, at: 0min, activity: caps}]", "performs `caps` at"),
        ("run_sheet: [{id: rating, at: 0min, staff: rater}]", "is present at"),
    ],
)
def test_a_rater_is_never_in_a_therapy_session_by_any_way(entry: str, does: str) -> None:
    (finding,) = found("role-never-with", dosing(entry))
    assert finding.message == (
        f"`rater` {does} `dosing` (dosing), but is never with dosing, integration"
    )
    assert finding.severity == "error"
    assert finding.related[0].path == ("roles", "rater", "never_with")


def test_a_rater_of_whom_nobody_comes_is_not_present() -> None:
    assert messages("role-never-with", dosing("staff: {rater: 0}")) == []


def test_the_kind_of_a_visit_counts_and_not_its_id() -> None:
    fragment = dosing("kind: assessment, staff: rater")
    assert messages("role-never-with", fragment) == []


@pytest.mark.parametrize(
    ("number", "severity"), [("1", "note"), ("2", None), ("3", "error"), ("null", None)]
)
def test_people_who_stay_the_same_do_not_become_more(number: str, severity: str | None) -> None:
    told = found("continuity-against-numbers", dosing(f"staff: {{therapist: {number}}}"))
    assert [finding.severity for finding in told] == ([severity] if severity else [])


def test_without_continuity_any_number_may_come() -> None:
    fragment = dosing("staff: {therapist: 5}").replace(", continuity: participant", "")
    assert messages("continuity-against-numbers", fragment) == []


def test_a_shift_change_says_who_comes() -> None:
    entry = "staff: therapist, run_sheet: [{id: night, kind: shift-change, at: 8h}]"
    assert messages("staff-of-nobody", dosing(entry)) == [
        "the shift change `night` of `dosing` does not say who comes"
    ]
    assert messages("staff-of-nobody", dosing(entry.replace("8h", "8h, staff: therapist"))) == []


def test_a_performer_who_comes_for_one_item_is_there() -> None:
    absent = "kind: assessment, staff: therapist, activities: [caps]"
    assert messages("performer-absent", dosing(absent)) == [
        "`rater` performs `caps` and is not among the staff of `dosing`"
    ]
    there = absent + ", run_sheet: [{id: rating, at: 0min, staff: rater}]"
    assert messages("performer-absent", dosing(there)) == []


def test_a_visit_that_names_no_staff_leaves_the_performer_to_the_activity() -> None:
    assert messages("performer-absent", dosing("kind: assessment, activities: [caps]")) == []


def test_a_performer_who_must_not_be_there_is_not_called_absent() -> None:
    assert messages("performer-absent", dosing("staff: therapist, activities: [caps]")) == []
