"""Nothing that can be seen tells the arm."""

import pytest
from example_protocol import example_file

from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks

CHECKS = all_checks()
BLINDING = [one for one in CHECKS.values() if one.family == "blinding"]


def found(check_id: str, fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECKS[check_id]])


def messages(check_id: str, fragment: str) -> list[str]:
    return [finding.message for finding in found(check_id, fragment)]


def study(
    visit: str = "",
    epoch: str = "",
    rest: str = "",
    design: str = "double-blind",
    blinded: str = "participant",
) -> str:
    return f"""\
design: {design}
blinded: {blinded}
arms: [{{id: active}}, {{id: placebo}}]
roles: {{therapist: {{}}, rater: {{blinded: true}}}}
epochs:
  - id: treatment
    visits:
      - {{id: baseline}}
      - {{id: dosing, after: {{visit: baseline, within: 1w}}}}
      - {{id: endpoint, after: {{visit: dosing, within: 4w}}{visit}}}
{epoch}{rest}"""


@pytest.mark.parametrize(
    ("visit", "message"),
    [
        (
            ", title: Visit, by_arm: {placebo: {title: Placebo visit}}",
            "by its title: `Visit` in `active`, `Placebo visit` in `placebo`",
        ),
        (
            ", by_arm: {placebo: {mode: phone}}",
            "by its mode: `clinic` in `active`, `phone` in `placebo`",
        ),
        (
            ", duration: 1h, by_arm: {placebo: {duration: 60min..90min}}",
            "by its duration: 1h in `active`, 1h..90min in `placebo`",
        ),
    ],
)
def test_a_difference_by_arm_is_named_with_both_values_where_it_is_written(
    visit: str, message: str
) -> None:
    (finding,) = found("visits-tell-arms", study(visit))
    assert finding.message == f"`endpoint` reveals the arm {message}"
    assert "by_arm" in finding.path
    assert finding.severity == "error"


@pytest.mark.parametrize(
    ("design", "blinded", "found_there"),
    [
        ("single-blind", "participant", False),
        ("single-blind", "[participant, rater]", True),
        ("double-blind", "participant", True),
    ],
)
def test_a_run_sheet_of_one_arm_tells_it_to_staff_and_not_to_participants(
    design: str, blinded: str, found_there: bool
) -> None:
    sheet = ", staff: rater, run_sheet: [{id: a, at: 0min}, {id: b, at: 1h, arms: active}]"
    findings = found("visits-tell-arms", study(sheet, design=design, blinded=blinded))
    assert [finding.message for finding in findings] == (
        ["`endpoint` reveals the arm by its run sheet"] if found_there else []
    )


@pytest.mark.parametrize(
    ("active", "placebo", "message"),
    [
        ("overnight: true", "mode: clinic", "overnight: 1 night in `active`, none in `placebo`"),
        (
            'overnight: {nights: 2, until: "10:00"}',
            "overnight: 2",
            "overnight: 2 nights until 10:00 in `active`, 2 nights in `placebo`",
        ),
        ('at: "09:00"', 'at: "09:00..10:00"', "at: 09:00 in `active`, 09:00..10:00 in `placebo`"),
        ("weekdays: monday", "weekdays: [monday, friday]", "weekdays: `monday` in `active`,"),
        ("room: quiet", "room: ward", "room: `quiet` in `active`, `ward` in `placebo`"),
        ("participants: 4..6", "participants: 2", "participants: 4..6 in `active`, 2..2"),
        ("staff: {therapist: 2}", "staff: therapist", "staff: 2 therapist in `active`, therapist"),
        ("kind: follow-up", "kind: contact", "kind: `follow-up` in `active`, `contact`"),
        ("optional: true", "optional: false", "optional: yes in `active`, no in `placebo`"),
        (
            "run_sheet: [{id: a, at: 0min}]",
            "run_sheet: [{id: a, at: 5min}]",
            "by its run sheet",
        ),
    ],
)
def test_visits_of_the_same_id_in_two_arms_look_alike(
    active: str, placebo: str, message: str
) -> None:
    timing = "after: {visit: dosing, within: 8w}"
    epoch = (
        f"      - {{id: late, arms: active, {timing}, {active}}}\n"
        f"      - {{id: late, arms: placebo, {timing}, {placebo}}}\n"
    )
    (finding,) = found("visits-tell-arms", study(epoch=epoch))
    assert message in finding.message


def test_visits_of_one_arm_alone_are_told_together() -> None:
    epoch = """\
      - {id: extra-1, arms: active, after: {visit: dosing, within: 1d}}
      - {id: extra-2, arms: active, after: {visit: dosing, within: 2d}}
"""
    assert messages("visits-tell-arms", study(epoch=epoch)) == [
        "`active` has `extra-1` and `extra-2`, which `placebo` does not have"
    ]
    assert messages("windows-tell-arms", study(epoch=epoch)) == []


def test_cycles_of_different_number_are_told_as_such() -> None:
    epoch = """\
  - id: boosters
    cycle: {times: {active: 3, placebo: 2}}
    visits:
      - id: booster
        first: {visit: dosing, within: 1w}
        next: {visit: previous booster, within: 1w}
"""
    assert messages("visits-tell-arms", study(epoch=epoch)) == [
        "`boosters` repeats 3 times in `active` and 2 times in `placebo`"
    ]


@pytest.mark.parametrize(
    ("track", "message"),
    [
        (
            "{id: diary, from: dosing, times: 7, arms: placebo}",
            "`placebo` has the track `diary`, which `active` does not have",
        ),
    ],
)
def test_a_diary_of_one_arm_tells_the_arm(track: str, message: str) -> None:
    assert messages("visits-tell-arms", study(rest=f"tracks: [{track}]\n")) == [message]


def test_another_window_or_target_tells_the_arm() -> None:
    visit = ", by_arm: {placebo: {after: {visit: dosing, within: 4w..5w, target: 4w}}}"
    (told,) = messages("windows-tell-arms", study(visit))
    assert told == (
        "`endpoint` reveals the arm by its timing: must be 4w after dosing in `active`,"
        " must be 4w..5w after dosing, target 4w in `placebo`"
    )
    assert messages("visits-tell-arms", study(visit)) == []


def test_a_constraint_of_one_arm_tells_the_arm() -> None:
    rest = "constraints: [{from: baseline, to: endpoint, within: 4w..6w, arms: active}]\n"
    (told,) = messages("windows-tell-arms", study(rest=rest))
    assert told == (
        "`endpoint` reveals the arm by its timing: must be 4w..6w after baseline in `active`,"
        " no such rule in `placebo`"
    )


def test_the_same_written_by_arm_tells_nothing() -> None:
    visit = ", title: One, by_arm: {placebo: {title: One, after: {visit: dosing, within: 4w}}}"
    assert examine(example_file(study(visit, design="single-blind")), BLINDING) == []


def test_an_open_study_may_treat_arms_differently() -> None:
    visit = ", by_arm: {placebo: {mode: phone}}"
    fragment = study(visit, design="[open-label, parallel]", blinded="[]")
    assert examine(example_file(fragment), BLINDING) == []


def test_where_only_raters_are_blinded_only_their_visits_look_alike() -> None:
    unseen = ", by_arm: {placebo: {mode: phone}}"
    open_study = {"design": "[open-label, wait-list]", "blinded": "rater"}
    assert messages("visits-tell-arms", study(unseen, **open_study)) == []
    rated = ", staff: rater" + unseen
    assert len(messages("visits-tell-arms", study(rated, **open_study))) == 1
    by_task = ", activities: [caps]" + unseen
    rest = "activities: {caps: {by: rater}}\n"
    assert len(messages("visits-tell-arms", study(by_task, rest=rest, **open_study))) == 1


def test_a_blinded_analyst_sees_no_visit() -> None:
    visit = ", by_arm: {placebo: {mode: phone}}"
    assert messages("visits-tell-arms", study(visit, design="parallel", blinded="analyst")) == []


def test_a_difference_in_every_cycle_is_told_once() -> None:
    epoch = """\
  - id: boosters
    cycle: {times: 3}
    visits:
      - id: booster
        first: {visit: dosing, within: 1w}
        next: {visit: previous booster, within: 1w}
        by_arm: {placebo: {mode: phone, next: {visit: previous booster, within: 2w}}}
"""
    assert messages("visits-tell-arms", study(epoch=epoch)) == [
        "`booster-1` reveals the arm by its mode: `clinic` in `active`, `phone` in `placebo`"
    ]
    (told,) = messages("windows-tell-arms", study(epoch=epoch))
    assert told == (
        "`booster-2` reveals the arm by its timing: must be 1w after booster-1 in `active`,"
        " must be 2w after booster-1 in `placebo`"
    )


@pytest.mark.parametrize(
    ("design", "blinded", "message"),
    [
        ("[single-group, parallel]", "[]", "both `single-group` and `parallel`"),
        ("[single-blind, double-blind]", "participant", "both `single-blind` and `double-blind`"),
        ("open-label", "[participant]", "does not blind the `participant`"),
        ("single-group", "[]", "a single group has 2 arms"),
    ],
)
def test_a_design_is_one(design: str, blinded: str, message: str) -> None:
    told = messages("contradictory-design", study(design=design, blinded=blinded))
    assert any(message in one for one in told)


def test_an_open_study_may_blind_its_raters() -> None:
    fragment = study(design="[open-label, parallel]", blinded="rater")
    assert messages("contradictory-design", fragment) == []


@pytest.mark.parametrize("design", ["double-blind", "triple-blind", "quadruple-blind"])
def test_both_sides_are_blinded_where_the_design_says_so(design: str) -> None:
    fragment = f"design: {design}\nblinded: [rater]\n"
    (message,) = messages("double-blind-parties", fragment)
    lacking = "`blinded:` does not name the participant or the investigator"
    assert message == f"the design is `{design}`, and {lacking}"
    for treating in ("investigator", "therapist", "site"):
        fragment = f"design: {design}\nblinded: [participant, {treating}]\n"
        assert messages("double-blind-parties", fragment) == []
    single = "design: single-blind\nblinded: [rater]\n"
    assert messages("double-blind-parties", single) == []
