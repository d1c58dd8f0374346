"""What trials make of claims: computed from their files, and as the table of claims has it."""

import re
from functools import cache

import pytest
from example_protocol import example_file
from shared import SHARED

from planner.protocol.claims import Claim, ClaimRule, load_claims
from planner.protocol.evidence import Entry
from planner.protocol.library_trials import library_trials
from planner.protocol.model import Protocol
from planner.schedule.claim_parts import PARTS, Judged
from planner.schedule.claims import ClaimResult, Trial, compare_claim, judge, trials_of
from planner.schedule.protocol_metrics import outline

RECORD = load_claims()
TABLE = SHARED / "facts" / "TRIALS.md"
VERDICTS = {
    1: "agree", 2: "partial", 3: "disagree", 4: "agree", 5: "agree", 6: "agree", 7: "partial",
    8: "agree", 9: "partial", 10: "partial", 11: "unsupported", 12: "agree", 13: "agree",
    14: "outdated", 15: "agree", 16: "agree", 17: "agree", 18: "partial", 19: "agree",
    20: "disagree", 21: "partial", 22: "unsupported", 23: "disagree", 24: "outdated", 25: "agree",
    26: "agree", 27: "agree", 28: "agree", 29: "agree", 30: "unsupported", 31: "disagree",
    32: "disagree", 33: "agree", 34: "unsupported", 35: "outdated", 36: "agree",
    37: "unsupported", 38: "agree", 39: "unsupported",
}  # fmt: skip
COMPUTED = {1, 4, 5, 6, 7, 16, 17, 19, 22, 26, 27, 28, 31, 32, 36}
IN_PART = {3: "agree", 11: "agree", 12: "agree", 13: "agree", 21: "agree", 25: "agree", 35: "agree"}
OTHER_WORDS = {
    7: "3 per session (9 total)",  # of patients; healthy providers have one in all
    8: "not schedule; consistent",
    11: "source is the pooled LTFU",
    15: "still true in US",
    19: "RCT cadences exist",
    21: "weak",
    34: "not schedule",
    35: "already done",
    37: "out of scope",
    38: "true",
    39: "no interval stated",
}
"""Rows whose verdict the table says in words of its own."""


@cache
def trials() -> list[Trial]:
    return trials_of(library_trials())


def result(number: int) -> ClaimResult:
    claim = RECORD.claim(str(number))
    assert claim is not None
    return compare_claim(claim, trials())


@pytest.mark.parametrize("number", range(1, 40))
def test_the_verdict_on_each_claim(number: int) -> None:
    assert result(number).verdict == VERDICTS[number]


def test_verdicts_are_those_of_the_table_of_claims() -> None:
    if not TABLE.is_file():
        pytest.skip("the table of claims is not at hand; see $PLANNER_SHARED")
    section = TABLE.read_text(encoding="utf-8").partition("## 8.")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \| F([01]) \|[^|]*\|[^|]*\|([^|]*)\|", section, re.MULTILINE)
    assert len(rows) == 39
    articles = list(RECORD.articles)
    for number, file, text in rows:
        claim = RECORD.claim(number)
        assert claim is not None
        assert claim.article == articles[int(file)], number
        if int(number) in OTHER_WORDS:
            assert OTHER_WORDS[int(number)] in text, number
        else:
            words = set(re.findall(r"\b(agree|partial|disagree|unsupported|outdated)\b", text))
            assert result(int(number)).verdict in words, number


def test_what_can_be_computed_is_computed() -> None:
    whole = {one.number for one in RECORD.claims if one.rule and one.covers is None}
    assert whole == COMPUTED
    for number in COMPUTED:
        found = result(number)
        assert found.verdict == found.computed
        assert found.judgements


@pytest.mark.parametrize(("number", "verdict"), IN_PART.items())
def test_a_part_that_schedules_can_decide_is_computed_beside_the_verdict(
    number: int, verdict: str
) -> None:
    assert result(number).computed == verdict


def test_no_trial_has_four_or_five_sessions_six_weeks_apart() -> None:
    found = result(31)
    assert found.trials("for") == ()
    assert {"mapp1", "mapp2", "mp-16", "mdma-mdd-norway"} <= set(found.trials("against"))
    assert found.trials("unstated") == ("mplong",)


def test_two_sessions_are_compared_with_three() -> None:
    by_arm = {one.arms: one.outcome for one in result(32).judgements
              if one.protocol.id == "mpva-2v3"}  # fmt: skip
    assert by_arm == {("two-sessions",): "against", ("three-sessions",): "for"}


def test_a_claim_about_one_trial_is_compared_with_that_one() -> None:
    assert result(16).trials("for") == ("psilodep-1",)
    assert [one.text for one in result(17).judgements] == ["visits at 1w / 3mo"]


def test_every_part_of_a_rule_can_be_judged() -> None:
    assert set(PARTS) == set(ClaimRule.model_fields)


# --- one part of a rule at a time -----------------------------------------------------------------

TWO = """\
sources: {paper: {kind: trial-paper, read: abstract}}
source: paper
grade: verified
condition: severe depression
roles: {therapist: {count: 2}}
activities: {bp: {title: Blood pressure}, mri: {title: fMRI}, scale: {endpoint: primary}}
gates: {taper: {title: Medication tapered off}}
epochs:
  - id: screening
    visits:
      - {id: screening, before: {visit: baseline, within: 1w}}
      - {id: baseline, activities: [mri]}
  - id: preparation
    visits: [{id: prep-1, staff: therapist, before: {visit: dosing-a, within: 1w}}]
  - id: treatment
    visits:
      - id: dosing-a
        duration: 6h..8h
        staff: therapist
        activities: [bp]
        after: {visit: baseline, within: 3w}
        run_sheet:
          - {id: one, kind: administration, at: 0min}
          - {id: two, kind: administration, after: one, within: 90min..120min}
      - {id: integration-a, after: {visit: dosing-a, within: 1d}}
      - {id: interim, kind: assessment, activities: [mri], after: {visit: dosing-a, within: 2w}}
      - {id: dosing-b, duration: 8h, after: {visit: dosing-a, within: 3w..5w}}
      - {id: integration-b, mode: phone, after: {visit: dosing-b, within: 1d}}
  - id: follow-up
    visits:
      - {id: follow-up-1mo, after: {visit: dosing-b, target: 1mo}}
      - {id: follow-up-1y, after: {visit: dosing-b, target: 12mo}}
"""


def judged(rule: str, fragment: str = TWO, *, is_limit: bool = False) -> Judged:
    name, _, value = rule.partition(": ")
    plain: object = value
    if value.startswith("["):
        plain = [word.strip() for word in value.strip("[]").split(",")]
    if value == "true":
        plain = True
    one = outline(example_file(fragment).protocol)
    return judge(ClaimRule.model_validate({name: plain}), one, is_limit=is_limit)


@pytest.mark.parametrize(
    ("rule", "outcome", "text"),
    [
        ("dosing_sessions: 2", "for", "2 dosing sessions"),
        ("dosing_sessions: 3..7", "against", "2 dosing sessions"),
        ("dosing_interval: 4w..6w", "for", "3w..5w apart"),
        ("dosing_interval: 6w..", "against", "3w..5w apart"),
        ("dosing_length: 8h", "for", "6h..8h / 8h long"),
        ("dosing_length: 9h..10h", "against", "6h..8h / 8h long"),
        ("staff_at_dosing: 2", "for", "2 x therapist"),
        ("staff_at_dosing: 1", "against", "2 x therapist"),
        ("second_administration: 2h", "for", "90min..2h after the first"),
        ("second_administration: 3h", "against", "90min..2h after the first"),
        ("preparation_sessions: 1..", "for", "1 preparation session"),
        ("staff_at_preparation: 1..", "for", "2 x therapist"),
        ("integration_sessions: 3..", "against", "2 integration sessions"),
        ("phases: [preparation, dosing]", "for", "preparation, dosing, in this order"),
        ("phases: [dosing, preparation]", "against", "preparation, dosing, in this order"),
        ("phases: [dosing, unblinding]", "unstated", "no visit of kind unblinding in the file"),
        ("follow_ups: [1mo, 1y]", "for", "visits at 1mo / 1y"),
        ("follow_ups: [1mo, 6mo]", "against", "visits at 1d / 1mo / 1y only"),
        ("follow_up_after: 12mo", "for", "last visit 1y after the last session"),
        ("follow_up_after: 13mo", "against", "last visit 1y after the last session"),
        ("assessed_between: true", "for", "assessed in 1 of 1 gaps between sessions"),
        ("contacts: true", "for", "1 contact by phone"),
        ("gate: [taper, tapered]", "for", "gate: Medication tapered off"),
        ("gate: [tape]", "unstated", "no such gate in the file"),
        ("measured_at_dosing: [blood pressure]", "for", "Blood pressure at dosing sessions"),
        ("measured_around_dosing: [fmri]", "for", "fMRI before and after dosing sessions"),
        ("condition: [depression]", "for", "severe depression"),
        ("condition: [pain]", "against", "severe depression"),
    ],
)
def test_what_a_trial_makes_of_a_part(rule: str, outcome: str, text: str) -> None:
    found = judged(rule)
    assert (found.outcome, found.text) == (outcome, text)


def test_a_limit_holds_only_where_nothing_beyond_it_is_allowed() -> None:
    assert judged("dosing_interval: 4w..").outcome == "for"
    assert judged("dosing_interval: 4w..", is_limit=True).outcome == "against"
    assert judged("dosing_interval: 3w..", is_limit=True).outcome == "for"


@pytest.mark.parametrize("grade", ["assumed", "retracted"])
@pytest.mark.parametrize(
    "rule",
    ["dosing_sessions: 2", "dosing_interval: 3w..", "dosing_length: 8h", "staff_at_dosing: 2",
     "second_administration: 2h", "preparation_sessions: 1", "phases: [preparation, dosing]",
     "follow_ups: [1mo]", "follow_up_after: 12mo", "assessed_between: true", "contacts: true",
     "gate: [taper, tapered]", "measured_at_dosing: [blood pressure]",
     "measured_around_dosing: [fmri]", "integration_sessions: 2", "staff_at_preparation: 2"],
)  # fmt: skip
def test_what_is_assumed_or_retracted_decides_nothing(rule: str, grade: str) -> None:
    unread = TWO.replace("grade: verified", f"grade: {grade}")
    assert judged(rule, unread).outcome == "unstated"


def test_sessions_of_another_trial_are_not_counted() -> None:
    fragment = """\
epochs:
  - id: parent
    visits: [{id: dosing}, {id: baseline, after: {visit: dosing, within: 1w}}]
"""
    assert judged("dosing_sessions: 3", fragment).outcome == "unstated"


def claim(holds: str, number: int) -> Claim:
    data = {"id": "c", "number": 1, "article": "a", "says": "s", "substance": "mdma",
            "holds": holds, "rule": {"dosing_sessions": number}}  # fmt: skip
    return Claim.model_validate(data)


def trial(times: int, substance: str = "mdma") -> Protocol:
    fragment = f"""\
substance: {substance}
source: paper
grade: verified
sources: {{paper: {{kind: trial-paper, read: abstract}}}}
epochs:
  - id: screening
    visits: [{{id: baseline}}]
  - id: treatment
    cycle: {{times: {times}}}
    visits: [{{id: dosing, next: {{visit: previous dosing, within: 3w}}}}]
"""
    return example_file(fragment).protocol


@pytest.mark.parametrize(
    ("holds", "did", "verdict"),
    [
        ("every", [2, 2], "agree"),
        ("every", [2, 3], "disagree"),
        ("usual", [2, 2], "agree"),
        ("usual", [2, 3], "partial"),
        ("usual", [3, 3], "disagree"),
        ("some", [2, 3], "agree"),
        ("some", [3, 3], "unsupported"),
        ("usual", [], "unsupported"),
    ],
)
def test_how_a_claim_is_meant_decides_what_contradicts_it(
    holds: str, did: list[int], verdict: str
) -> None:
    protocols = [trial(times) for times in did] + [trial(9, "lsd")]
    assert compare_claim(claim(holds, 2), trials_of(protocols)).verdict == verdict


def test_claims_have_no_verdict_of_their_own_where_trials_decide() -> None:
    changed = [trial(4), trial(4)]
    assert compare_claim(claim("usual", 4), trials_of(changed)).verdict == "agree"
    assert compare_claim(claim("usual", 5), trials_of(changed)).verdict == "disagree"


def test_the_record_is_made_of_frozen_entries() -> None:
    assert isinstance(RECORD, Entry)
