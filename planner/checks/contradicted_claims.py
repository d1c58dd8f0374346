"""Which claims on record the trials of the library contradict, and what those did instead.

Imported only when a protocol has a rule that repeats one: the record and the library are read here.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from planner.protocol.claims import Article, Claim, load_claims
from planner.protocol.library_trials import library_trials
from planner.protocol.model import Protocol
from planner.schedule.build import least_steps, most_steps
from planner.schedule.claim_parts import NOT_READ
from planner.schedule.claims import Trial, compare_claim, is_about, trials_of
from planner.schedule.distances import said
from planner.schedule.protocol_metrics import ProtocolMetrics
from planner.time.distance import Window

Range = tuple[int, int | None]
"""Least and greatest number, both included; ``None`` is an open end."""


class Practice(NamedTuple):
    """What trials did: the range over all that state it, and those trials."""

    range: Range
    trials: tuple[Protocol, ...]


class Contradicted(NamedTuple):
    """A claim about dosing sessions that the library's trials contradict, or none supports.

    ``interval`` (days) and ``number`` are what it says of sessions, ``None`` where it says nothing;
    ``spaced`` and ``had`` are the same of the trials, over the sessions that every participant has.
    """

    claim: Claim
    article: Article
    verdict: str
    interval: Range | None
    number: Range | None
    spaced: Practice
    had: Practice

    @property
    def is_limit(self) -> bool:
        """Whether each part of the claim stands alone; else all of them make the claim."""
        return self.claim.holds == "every"


@cache
def contradicted_claims() -> tuple[Contradicted, ...]:
    """The claims about dosing sessions that the library, read now, does not bear out.

    Raises:
        PlannerError: the record or a file of the library cannot be read.
    """
    record = load_claims()
    trials = trials_of(library_trials())
    contradicted = []
    for claim in record.claims:
        rule = claim.rule
        if rule is None or not (rule.dosing_interval or rule.dosing_sessions):
            continue
        verdict = compare_claim(claim, trials).verdict
        if verdict not in ("disagree", "unsupported"):
            continue
        about = [trial for trial in trials if is_about(claim, trial.protocol)]
        window, numbers = rule.dosing_interval, rule.dosing_sessions
        interval = None
        if isinstance(window, Window):
            last = None if window.latest is None else most_steps(window.latest)
            interval = (least_steps(window.earliest) or 0, last)
        contradicted.append(
            Contradicted(
                claim,
                record.articles[claim.article],
                verdict,
                interval,
                None if numbers is None else (numbers.minimum, numbers.maximum),
                _practice(about, _gaps),
                _practice(about, _numbers),
            )
        )
    return tuple(contradicted)


def _practice(trials: list[Trial], of: Callable[[ProtocolMetrics], list[Range]]) -> Practice:
    ranges: list[Range] = []
    stating = []
    for trial in trials:
        own = [each for _, outline in trial.arms for each in of(outline)]
        ranges += own
        stating += [trial.protocol] if own else []
    mosts = [most for _, most in ranges]
    most = None if None in mosts else max((each for each in mosts if each is not None), default=0)
    return Practice((min((least for least, _ in ranges), default=0), most), tuple(stating))


def _gaps(metrics: ProtocolMetrics) -> list[Range]:
    """The days from each session to the next that every participant has, as read in a text."""
    certain = {session.id for session in metrics.dosing if session.certain}
    distances = [
        said(metrics.course, gap.earlier, gap.later, assumed=False)
        for gap in metrics.spacing
        if gap.earlier in certain and gap.later in certain
    ]
    return [
        (gap.least or 0, gap.most)
        for gap in distances
        if gap is not None and gap.grade not in NOT_READ
    ]


def _numbers(metrics: ProtocolMetrics) -> list[Range]:
    """The number of sessions that every participant has, where there is more than one."""
    number = sum(session.certain and session.grade not in NOT_READ for session in metrics.dosing)
    return [(number, number)] if number > 1 else []
