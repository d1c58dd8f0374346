"""Claims that trials contradict are never rules: which claim it is, and what the trials did."""

import subprocess
import sys

import pytest
from example_protocol import example_file

from planner.checks.contradicted_claims import contradicted_claims
from planner.checks.evidence.contradicted_claim import USUAL_DAYS, USUAL_NUMBER, is_unusual
from planner.checks.finding import Finding
from planner.checks.run import examine
from planner.formats.checks import all_checks
from planner.formats.load import load_protocol
from planner.protocol.expand import expand
from planner.protocol.library import library_ids, library_path

CHECK = all_checks()["contradicted-claim"]
ARTICLE = "article: {kind: popular-article, read: full-text}"
TITLE = "What is MDMA used for PTSD?"
SESSIONS = """\
title: TITLE
sources:
  article: {kind: popular-article, read: full-text}
  paper: {kind: trial-paper, read: abstract}
  titled: {kind: review, read: full-text, title: What is MDMA used for PTSD?}
  other: {kind: review, read: full-text, title: Another one}
source: paper
grade: secondary
SUBSTANCE
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: TIMES, SOURCE}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w..3w}
        next: {visit: previous dosing, TIMING, SOURCE}
"""


def sessions(
    timing: str,
    times: int = 3,
    cited: str = "article",
    title: str = "MDMA",
    substance: str | None = None,
) -> str:
    text = SESSIONS.replace("TIMING", timing).replace("TIMES", str(times))
    text = text.replace("SOURCE", f"source: {cited}").replace("TITLE", title)
    declared = "" if substance is None else f"substance: {substance}"
    return text.replace("SUBSTANCE\n", f"{declared}\n")


def found(fragment: str) -> list[Finding]:
    return examine(example_file(fragment), [CHECK])


def test_sessions_six_weeks_apart_because_an_article_says_so_are_an_error() -> None:
    [finding] = found(sessions("within: 6w..8w"))
    assert finding.severity == "error"
    assert finding.message.startswith(
        "`dosing.next` rests on `article` and repeats claim 31"
        " (`four-or-five-sessions-six-weeks-apart`), which trials contradict: it takes four or five"
        " sessions, no less than six weeks apart; the "
    )
    assert finding.message.endswith(" trials of the library that say how far apart: 3w to 5w")
    assert "mapp1 (NCT03537014)" in str(finding.hint)
    assert "planner claims 31" in str(finding.hint)
    assert "four-or-five-sessions-six-weeks-apart" in finding.about


def test_five_sessions_because_an_article_says_so_are_an_error() -> None:
    [finding] = found(sessions("within: 3w..5w", times=5))
    assert finding.message.startswith("the number of sessions rests on `article`")
    assert "claim 31" in finding.message
    assert finding.message.endswith(" trials of the library that have more than one: 2 to 3")


def test_seven_sessions_repeat_the_other_claim_about_their_number() -> None:
    [finding] = found(sessions("within: 3w..5w", times=7))
    assert "claim 32" in finding.message
    assert "more than seven" in finding.message


def test_a_cadence_of_days_repeats_a_claim_that_no_trial_supports() -> None:
    [finding] = found(sessions("within: 2d..3d", times=9))
    assert "claim 22 (`microdosing-mdma`), which no trial supports" in finding.message
    assert not found(sessions("within: 2d..3d"))  # three sessions are no microdosing


@pytest.mark.parametrize(
    "fragment",
    [
        sessions("within: 3w..5w"),
        sessions("within: 5w..8w"),
        sessions("within: 6w..8w", cited="paper"),
        sessions("within: 6w..8w", cited="[article, paper]"),
        sessions("within: 6w..8w", title="Psilocybin"),
        sessions("within: 6w..8w", substance="psilocybin"),
        sessions("within: 3w..5w", times=9),
        sessions("within: 3w..5w", times=2),
        sessions("within: 6w..8w", cited="other"),
        sessions("within: 42h..44h"),
    ],
    ids=[
        "as-registered", "below-six-weeks", "a-paper", "both", "another-substance-by-title",
        "another-substance", "9", "2", "another-review", "hours",
    ],
)  # fmt: skip
def test_what_trials_do_or_a_paper_states_is_no_contradicted_claim(fragment: str) -> None:
    assert not found(fragment)


def test_the_substance_that_a_file_declares_counts_before_its_title() -> None:
    assert found(sessions("within: 6w..8w", title="Sessions", substance="mdma"))
    assert not found(sessions("within: 6w..8w", title="Sessions"))


def test_a_rule_that_cites_the_claims_own_article_is_told_whatever_the_file_calls_it() -> None:
    [finding] = found(sessions("within: 6w..8w", cited="titled", title="Sessions"))
    assert "rests on `titled`" in finding.message


def test_a_claim_may_be_recorded_in_a_note() -> None:
    noted = sessions("within: 3w..5w, note: An article says six weeks or more.", cited="paper")
    assert not found(noted)


def test_a_distance_written_backwards_or_as_a_constraint_repeats_it_as_well() -> None:
    backwards = """\
title: MDMA
sources:
  article: {kind: popular-article, read: full-text}
source: article
epochs:
  - id: screening
    visits: [{id: baseline}]
  - id: treatment
    visits:
      - {id: dosing-a, after: {visit: baseline, within: 1w}, before: {visit: dosing-b, within: 7w}}
      - {id: dosing-b, after: {visit: baseline, within: 1w..20w}}
"""
    [finding] = found(backwards)
    assert finding.message.startswith("`dosing-a.before` rests on `article`")
    constrained = backwards.replace(", before: {visit: dosing-b, within: 7w}", "")
    constrained += "constraints:\n  - {from: dosing-a, to: dosing-b, within: 6w..}\n"
    [finding] = found(constrained)
    assert finding.message.startswith("`constraints.1` rests on `article`")


def test_each_rule_is_told_once_whatever_the_number_of_arms() -> None:
    arms = "arms: [{id: a, label: one}, {id: b, label: two}]\n"
    timing = "within: 6w..8w"
    fragment = sessions(timing).replace(
        "        first:", "        by_arm: {b: {title: B}}\n        first:"
    )
    assert len(found(arms + fragment)) == 1


def test_what_the_gate_calls_usual_hides_no_contradicted_claim() -> None:
    first, last = USUAL_DAYS
    assert contradicted_claims()
    for claim in contradicted_claims():
        if claim.interval is not None:
            least, most = claim.interval
            assert least > last or (most is not None and most < first), claim.claim.id
        if claim.number is not None and claim.is_limit:
            _, most_had = claim.had.range
            assert most_had is not None
            assert most_had >= USUAL_NUMBER, claim.claim.id


def test_trials_of_the_library_say_what_the_claims_are_compared_with() -> None:
    by_number = {one.claim.number: one for one in contradicted_claims()}
    assert set(by_number) == {22, 31, 32}
    assert by_number[31].spaced.range == (21, 35)
    assert by_number[32].had.range == (2, 3)
    assert {"mapp1", "mapp2", "mp-16"} <= {one.id for one in by_number[31].spaced.trials}


def test_the_usual_schedules_are_not_looked_up() -> None:
    assert not is_unusual(expand(load_protocol("mapp1").protocol))
    assert is_unusual(expand(load_protocol("mdlsd").protocol))


@pytest.mark.parametrize("name", library_ids())
def test_no_protocol_of_the_library_rests_on_a_claim(name: str) -> None:
    assert not examine(load_protocol(name), [CHECK])


def test_validating_a_trial_reads_no_record_of_claims() -> None:
    code = """
import sys
sys.argv = ['planner', 'validate', 'mapp1', 'mapp2', 'mdlsd']
from planner.cli import main
try:
    main()
except SystemExit:
    pass
sys.stderr.write('\\n'.join(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split("\n"))
    assert "planner.checks.evidence.contradicted_claim" in loaded
    for late in ("planner.protocol.claims", "planner.checks.contradicted_claims"):
        assert late not in loaded


def test_a_record_of_claims_is_no_protocol_and_no_id_of_the_library() -> None:
    assert "claims" not in library_ids()
    assert library_path("claims") is not None
