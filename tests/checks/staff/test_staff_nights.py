"""Who stays for the night, and who is kept out of sessions."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()
ROLES = "roles: {therapist: {count: 2}, night-attendant: {}, nurse: {title: Nurse at night}}\n"


def found(check_id: str, fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECKS[check_id]])


def night(rest: str, top: str = "") -> str:
    return f"""\
{ROLES}{top}epochs:
  - id: treatment
    visits:
      - {{id: baseline}}
      - {{id: dosing, after: {{visit: baseline, within: 1w}}, {rest}}}
"""


@pytest.mark.parametrize(
    ("rest", "hours"),
    [
        ('at: "09:00", overnight: true, staff: therapist', "09:00 until 09:00 the next day: 24"),
        (
            'at: "10:00..12:00", overnight: {until: "08:00"}, staff: therapist',
            "10:00 until 08:00 the next day: 22",
        ),
        ("overnight: 2, staff: therapist", "09:00 until 09:00 2 days later: 48"),
        (
            "overnight: true, staff: therapist, run_sheet: [{id: a, at: 1h, staff: therapist}]",
            "09:00 until 09:00 the next day: 24",
        ),
    ],
)
def test_the_same_people_from_start_to_leaving_are_told_with_their_hours(
    rest: str, hours: str
) -> None:
    (finding,) = found("staff-through-the-night", night(rest))
    assert finding.severity == "warning"
    assert finding.message == (
        f"`therapist` is the only staff for `dosing`, from {hours} hours with the same people"
    )
    assert finding.about == ("dosing", "therapist")
    assert finding.path[-1] == "overnight"


@pytest.mark.parametrize(
    "rest",
    [
        "staff: therapist",
        "overnight: true",
        "overnight: true, staff: {therapist: 2, night-attendant: 1}",
        "overnight: true, staff: {therapist: 2, nurse: 1}",
        "overnight: 1, staff: therapist, run_sheet: [{id: x, kind: shift-change, at: 8h}]",
        "overnight: true, staff: therapist, run_sheet: [{id: x, at: 20h, staff: nurse}]",
    ],
)
def test_somebody_else_for_the_night_and_visits_without_night_or_staff_are_silent(
    rest: str,
) -> None:
    assert found("staff-through-the-night", night(rest)) == []


def rated(rater: str, top: str = "design: double-blind\nblinded: participant\n") -> str:
    return f"""\
{top}roles: {{therapist: {{count: 2}}, rater: {{{rater}}}}}
activities: {{scale: {{by: rater, endpoint: primary}}, form: {{by: rater}}}}
"""


def test_a_blinded_rater_whom_nothing_keeps_apart_is_noted_with_the_endpoint() -> None:
    (finding,) = found("rater-not-kept-apart", rated("blinded: true, never_with: [integration]"))
    assert finding.severity == "note"
    assert finding.message == (
        "`rater` is blinded and performs `scale`, but no rule keeps it out of dosing sessions"
    )
    assert finding.about == ("rater", "scale")
    assert finding.path == ("roles", "rater")


def test_what_it_performs_at_a_visit_that_is_an_endpoint_counts_too() -> None:
    fragment = (
        rated("blinded: true").replace(", endpoint: primary", "")
        + """\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: last, endpoint: primary, activities: [form], after: {visit: dosing, within: 1w}}
"""
    )
    (finding,) = found("rater-not-kept-apart", fragment)
    assert finding.about == ("rater", "form")


@pytest.mark.parametrize(
    "fragment",
    [
        rated("blinded: true, never_with: [dosing]"),
        rated("blinded: false"),
        rated("blinded: true", top="design: open-label\n"),
        rated("blinded: true").replace(", endpoint: primary", ""),
        rated("blinded: true")
        + "epochs: [{id: screening, visits: [{id: baseline, activities: [scale]}]}]\n",
    ],
)
def test_kept_apart_unblinded_without_an_endpoint_or_without_dosing_is_silent(
    fragment: str,
) -> None:
    assert found("rater-not-kept-apart", fragment) == []
