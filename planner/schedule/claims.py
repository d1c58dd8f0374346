"""What the library's trials make of a claim: which satisfy it, which do not, which do not say.

A verdict is computed from the files each time. What a file's author only assumed, and what rests on
a retracted source, counts as not stated.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

from planner.protocol.claims import Claim, ClaimRule, Verdict
from planner.protocol.model import Protocol
from planner.schedule.claim_parts import PARTS, Judged
from planner.schedule.distances import weakest
from planner.schedule.protocol_metrics import ProtocolMetrics, outlines

Outcome = Literal["for", "against", "unstated"]


class ClaimJudgement(NamedTuple):
    """What one trial, or some of its arms, makes of a claim.

    ``arms`` is empty where all arms agree. ``text`` says what the trial does, or why it cannot be
    judged; ``grade`` is that of the weakest statement it rests on.
    """

    protocol: Protocol
    arms: tuple[str, ...]
    outcome: Outcome
    text: str
    grade: str | None


class ClaimResult(NamedTuple):
    """A claim, its verdict, and the trials it was compared with.

    ``computed`` is the verdict of the trials on what the claim's rule covers, ``None`` without a
    rule. ``verdict`` is the verdict on the whole claim: the same where the rule covers all of it,
    else the one on record.
    """

    claim: Claim
    verdict: Verdict
    computed: Verdict | None
    judgements: tuple[ClaimJudgement, ...]

    def trials(self, outcome: Outcome) -> tuple[str, ...]:
        """The ids of the trials of which all or some arms have this outcome."""
        ids = (
            judgement.protocol.id for judgement in self.judgements if judgement.outcome == outcome
        )
        return tuple(dict.fromkeys(ids))


class Trial(NamedTuple):
    """A protocol and the outlines of its arms, arms with the same course together."""

    protocol: Protocol
    arms: tuple[tuple[tuple[str | None, ...], ProtocolMetrics], ...]


def trials_of(protocols: Iterable[Protocol]) -> list[Trial]:
    """The protocols with their outlines, to be compared with any number of claims."""
    return [Trial(protocol, outlines(protocol)) for protocol in protocols]


def compare_claim(claim: Claim, trials: Iterable[Trial]) -> ClaimResult:
    """Compares a claim with those trials that it is about.

    Args:
        claim: with a rule, or with a verdict of its author, which is then the answer.
        trials: any; those that the claim is not about are passed over.
    """
    if claim.rule is None:
        assert claim.verdict is not None, "Claim refuses neither rule nor verdict"
        return ClaimResult(claim, claim.verdict, None, ())
    rule = claim.rule
    is_limit = claim.holds == "every"
    judgements = tuple(
        judgement
        for trial in trials
        if is_about(claim, trial.protocol)
        for judgement in _judge(rule, trial, is_limit)
    )
    computed = _verdict(claim, judgements)
    return ClaimResult(claim, claim.verdict or computed, computed, judgements)


def is_about(claim: Claim, protocol: Protocol) -> bool:
    """Whether a claim is about a trial: one it names, or one of its substance."""
    if claim.protocols:
        return protocol.id in claim.protocols
    return bool(set(claim.substance) & set(protocol.substance))


def judge(rule: ClaimRule, outline: ProtocolMetrics, *, is_limit: bool) -> Judged:
    """What one arm makes of all parts of a rule together.

    Args:
        rule: the claim's rule.
        outline: the arm.
        is_limit: whether what an arm allows must lie wholly inside what the claim says; else it is
            enough that it can.
    """
    judgements = [part(value, outline, is_limit) for part, value in _parts(rule)]
    text = "; ".join(dict.fromkeys(judgement.text for judgement in judgements))
    grade = weakest(judgement.grade for judgement in judgements if judgement.outcome != "unstated")
    outcomes = {judgement.outcome for judgement in judgements}
    if "against" in outcomes:
        return Judged("against", text, grade)
    return Judged("unstated" if "unstated" in outcomes else "for", text, grade)


def _parts(rule: ClaimRule) -> list[tuple[Callable[[Any, ProtocolMetrics, bool], Judged], object]]:
    """The functions that judge the parts that a rule has, each with its value."""
    return [(PARTS[name], getattr(rule, name)) for name in PARTS if name in rule.model_fields_set]


def _judge(rule: ClaimRule, trial: Trial, is_limit: bool) -> list[ClaimJudgement]:
    arms_by_result: dict[Judged, list[str]] = {}
    for arms, outline in trial.arms:
        judged = judge(rule, outline, is_limit=is_limit)
        arms_by_result.setdefault(judged, []).extend(arm for arm in arms if arm is not None)
    return [
        ClaimJudgement(trial.protocol, tuple(arms) if len(arms_by_result) > 1 else (), *judged)
        for judged, arms in arms_by_result.items()
    ]


def _verdict(claim: Claim, judgements: tuple[ClaimJudgement, ...]) -> Verdict:
    """The verdict of all that could be judged.

    A limit (`every`) is contradicted by one trial beyond it; what is `usual` by all of them, in
    part by some; `some` needs one trial, and without it is unsupported.
    """
    outcomes = {judgement.outcome for judgement in judgements}
    if claim.holds == "some":
        return "agree" if "for" in outcomes else "unsupported"
    if "against" in outcomes:
        is_partial = claim.holds == "usual" and "for" in outcomes
        return "partial" if is_partial else "disagree"
    return "agree" if "for" in outcomes else "unsupported"
