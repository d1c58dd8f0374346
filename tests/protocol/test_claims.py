"""The record of claims: what a claim needs, and what a record with mistakes is told."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from shared import SHARED

from planner.errors import PlannerError
from planner.formats.load import load_protocol
from planner.protocol.claims import Claim, load_claims
from planner.protocol.document import DocumentError
from planner.protocol.library import claims_path, library_ids

RECORD = load_claims()
ARTICLES = SHARED / "facts" / "seed-articles"
AMOUNT = re.compile(r"\d\s*(?:mg|µg|μg|ug|mcg|g|ml|mL)(?:/kg)?\b|\bmicrograms?\b|\bmilligrams?\b")
Write = Callable[..., str]

SMALL = """\
format: 1
title: Claims
articles:
  text: {title: An article, read: full-text}
claims:
  - id: one
    number: 1
    article: text
    says: Sessions lie six weeks apart.
    substance: mdma
"""
CLAIM = SMALL[SMALL.index("  - id") :]
JUDGED = "    verdict: disagree\n    reason: No trial does.\n"
RULE = "    holds: every\n    rule: {dosing_interval: 6w..}\n"


@pytest.fixture
def told(write: Write) -> Callable[[str], list[str]]:
    def told(text: str) -> list[str]:
        path = write(text, "claims.yaml")
        with pytest.raises(DocumentError) as caught:
            load_claims(path)
        return [line.removeprefix(f"{path}:") for line in str(caught.value).split("\n")]

    return told


def test_all_39_claims_are_on_record_in_order_each_with_an_article() -> None:
    assert [one.number for one in RECORD.claims] == list(range(1, 40))
    assert {one.article for one in RECORD.claims} == set(RECORD.articles)


def test_claims_are_found_by_number_and_by_id() -> None:
    found = RECORD.claim("31")
    assert found is not None
    assert RECORD.claim(found.id) is found
    assert RECORD.claim("040") is None


def test_a_claim_has_no_amount() -> None:
    text = Path(claims_path()).read_text(encoding="utf-8")
    assert not AMOUNT.search(text), AMOUNT.search(text)


def test_what_rests_on_a_retracted_paper_says_so() -> None:
    retracted = [one for one in RECORD.claims if "retracted" in one.grade]
    assert [one.number for one in retracted] == [11]
    assert "RETRACTED" in str(retracted[0].reason)


def test_named_trials_are_in_the_library() -> None:
    named = {name for one in RECORD.claims for name in one.protocols}
    assert named <= set(library_ids())


def test_a_rule_or_a_verdict_with_its_reason_decides_each_claim() -> None:
    for one in RECORD.claims:
        computed = one.rule is not None and one.covers is None
        assert computed == (one.verdict is None) == (one.reason is None), one.id


def test_the_articles_are_the_texts_that_were_read() -> None:
    if not ARTICLES.is_dir():
        pytest.skip("the articles are not at hand; see $PLANNER_SHARED")
    for article in RECORD.articles.values():
        text = (ARTICLES / str(article.file)).read_text(encoding="utf-8")
        assert text.startswith(article.title)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SMALL, "6:5: `claims`: a claim that no rule covers needs `verdict:` and `reason:`"),
        (
            SMALL + RULE + JUDGED,
            "6:5: `claims`: the verdict on a rule is computed, never written",
        ),
        (SMALL + RULE + "    covers: the distance\n", "needs `verdict:` and `reason:`"),
        (SMALL + JUDGED + "    covers: all\n", "`covers:` needs `rule:`"),
        (SMALL + JUDGED + "    holds: every\n", "`holds:` and `rule:` belong together"),
        (SMALL + "    rule: {dosing_interval: 6w..}\n", "`holds:` and `rule:` belong together"),
        (
            (SMALL + RULE).replace("    substance: mdma\n", ""),
            "`substance:` or `protocols:` says what the claim is about",
        ),
        ((SMALL + RULE).replace("text\n", "txt\n"), "8:14: there is no article `txt` (did you"),
        (
            (SMALL + RULE).replace("{dosing_interval: 6w..}", "{dosing_intervall: 6w..}"),
            "unknown key `dosing_intervall` (did you mean `dosing_interval`?)",
        ),
        ((SMALL + RULE).replace("6w..", "±1w"), "`dosing_interval:` has both ends"),
        ((SMALL + RULE).replace("6w..", "6h.."), "`6h` is clock time"),
        ((SMALL + RULE).replace("6w..", "-6w.."), "`-6w` is before the session"),
        (
            (SMALL + RULE).replace("{dosing_interval: 6w..}", "{dosing_sessions: 5..4}"),
            "`5..4` has its ends in reverse order",
        ),
        (
            (SMALL + RULE).replace("{dosing_interval: 6w..}", "{dosing_sessions: many}"),
            "`many` is not a number; write `2`, `4..5` or `2..`",
        ),
        ((SMALL + RULE).replace("{dosing_interval: 6w..}", "{}"), "a rule needs at least one key"),
        ((SMALL + RULE).replace("format: 1", "format: 2"), "a whole number from 1 to 1"),
        (SMALL + RULE + CLAIM + RULE, "13:9: two claims have the id `one`"),
        (SMALL.replace("claims:", "claims: 3\nx:"), "a list is expected, found `3`"),
        ("- 1\n", "1:1: a mapping of `key: value` lines is expected, found a list"),
        (SMALL + "    note: \"\\x1b[2J\"\n" + RULE, "an escape makes a control character here"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(
    told: Callable[[str], list[str]], text: str, message: str
) -> None:
    lines = told(text)
    assert any(message in line for line in lines), lines


def test_two_claims_of_one_number_are_told_at_the_second(told: Callable[[str], list[str]]) -> None:
    second = CLAIM.replace("one", "two")
    assert told(SMALL + RULE + second + RULE) == ["14:13: two claims have the number `1`"]


def test_a_record_is_read_as_json_as_well(write: Write) -> None:
    text = json.dumps(
        {
            "format": 1,
            "title": "Claims",
            "articles": {"text": {"title": "A", "read": "abstract"}},
            "claims": [
                {
                    "id": "one",
                    "number": 1,
                    "article": "text",
                    "says": "Two.",
                    "substance": "lsd",
                    "holds": "usual",
                    "rule": {"dosing_sessions": 2},
                }
            ],
        }
    )
    [claim] = load_claims(write(text, "claims.json")).claims
    assert claim.rule is not None
    assert claim.rule.dosing_sessions == (2, 2)


def test_claims_do_not_change() -> None:
    claim: Claim = RECORD.claims[0]
    with pytest.raises(ValueError, match="frozen"):
        claim.number = 2  # type: ignore[misc]


@pytest.mark.parametrize("name", ["claims", claims_path()])
def test_a_record_of_claims_is_refused_as_a_protocol_in_one_sentence(name: str) -> None:
    with pytest.raises(PlannerError) as caught:
        load_protocol(name)
    assert str(caught.value) == (
        f"{name}: is a record of claims, not a protocol; `planner claims` shows it"
    )
