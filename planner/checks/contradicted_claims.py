"""Which claim on record a rule repeats that only hearsay supports, and what trials did instead.

Imported only when a protocol has such a rule: the record and the library are read here.
"""

from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import NamedTuple

from planner.checks.citations import Citation, known_sources, name_of
from planner.checks.entries import plural
from planner.checks.finding import Finding
from planner.checks.subject import Subject
from planner.protocol.claims import Article, Claim, load_claims
from planner.protocol.course import Course, Rule
from planner.protocol.document import Path
from planner.protocol.library_trials import library_trials
from planner.protocol.model import Cycle, Protocol
from planner.schedule.build import least_steps, most_steps, turned
from planner.schedule.claim_parts import NOT_READ
from planner.schedule.claims import Trial, compare_claim, is_about, trials_of
from planner.schedule.distances import said
from planner.schedule.outline import Outline
from planner.units import CalendarDistance, Window

HEARSAY = ("popular-article", "press")
"""Kinds of sources that tell what others did."""
_MOST_TRIALS = 5
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
    found = []
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
        found.append(
            Contradicted(
                claim,
                record.articles[claim.article],
                verdict,
                interval,
                None if numbers is None else (numbers.least, numbers.most),
                _practice(about, _gaps),
                _practice(about, _numbers),
            )
        )
    return tuple(found)


def _practice(trials: list[Trial], of: Callable[[Outline], list[Range]]) -> Practice:
    ranges: list[Range] = []
    stating = []
    for trial in trials:
        own = [found for _, outline in trial.arms for found in of(outline)]
        ranges += own
        stating += [trial.protocol] if own else []
    mosts = [most for _, most in ranges]
    most = None if None in mosts else max((one for one in mosts if one is not None), default=0)
    return Practice((min((least for least, _ in ranges), default=0), most), tuple(stating))


def _gaps(one: Outline) -> list[Range]:
    """The days from each session to the next that every participant has, as read in a text."""
    certain = {session.id for session in one.dosing if session.certain}
    found = [
        said(one.course, gap.earlier, gap.later, assumed=False)
        for gap in one.spacing
        if gap.earlier in certain and gap.later in certain
    ]
    return [
        (gap.least or 0, gap.most) for gap in found if gap is not None and gap.grade not in NOT_READ
    ]


def _numbers(one: Outline) -> list[Range]:
    """The number of sessions that every participant has, where there is more than one."""
    number = sum(session.certain and session.grade not in NOT_READ for session in one.dosing)
    return [(number, number)] if number > 1 else []


def contradictions(subject: Subject, suspects: Collection[Citation]) -> Iterator[Finding]:
    """The suspects that repeat a contradicted claim, the claims by number, each rule once.

    Args:
        subject: the protocol.
        suspects: statements about dosing sessions that rest on hearsay.
    """
    by_path = {one.path: one for one in suspects}
    told: set[Path] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        for claim in contradicted_claims():
            is_same = _same_substance(claim.claim, subject.protocol)
            for path, part in _repeated(claim, course):
                citation = by_path.get(path) or by_path.get(path[:-1])
                if citation is None or path in told:
                    continue
                if not (is_same or _cites(subject, citation, claim.article)):
                    continue
                if not _is_hearsay(subject, citation, claim.article):
                    continue
                told.add(path)
                yield _finding(citation, claim, part)


def _same_substance(claim: Claim, protocol: Protocol) -> bool:
    """Whether the claim is about what the protocol investigates, by its own word or its titles."""
    if protocol.substance:
        return bool(set(claim.substance) & set(protocol.substance))
    texts = [protocol.id, protocol.title]
    for arm in protocol.arms:
        texts += [arm.id, arm.title or "", arm.label or "", *arm.periods]
    words = " ".join(texts).lower()
    return any(substance in words for substance in claim.substance)


def _cites(subject: Subject, citation: Citation, article: Article) -> bool:
    """Whether a statement cites the very article that makes a claim."""
    known = {text.casefold() for text in (article.title, article.url, article.file) if text}
    return any(
        text is not None and text.casefold() in known
        for source in known_sources(subject, citation)
        for text in (source.title, source.url, source.id)
    )


def _is_hearsay(subject: Subject, citation: Citation, article: Article) -> bool:
    kinds = {source.kind for source in known_sources(subject, citation)}
    return bool(kinds & set(HEARSAY)) or _cites(subject, citation, article)


def _repeated(claim: Contradicted, course: Course) -> Iterator[tuple[Path, str]]:
    """Where a course says what the claim says, and which part of it: `interval` or `number`."""
    dosing = [one for one in course.visits if one.kind == "dosing"]
    ids = {one.id for one in dosing}
    number = len(dosing)
    is_number = claim.number is not None and _inside((number, number), claim.number)
    if claim.interval is not None and (claim.is_limit or claim.number is None or is_number):
        for rule in course.rules:
            if rule.reference.visit in ids and rule.point.visit in ids:
                days = _days(rule)
                if days is not None and _inside(days, claim.interval):
                    yield rule.path, "interval"
    # A number that trials have, too, needs no claim; one beside an interval makes no claim alone.
    stands_alone = claim.is_limit or claim.interval is None
    if stands_alone and is_number and not _inside((number, number), claim.had.range):
        last = dosing[-1]
        yield (*last.path[:2], "cycle") if last.epoch.cycle else last.path, "number"


def _days(rule: Rule) -> Range | None:
    """The days that a rule allows from the earlier session to the later one."""
    window = Window(rule.target, rule.target) if rule.window is None else rule.window
    if rule.backwards:
        window = turned(window)
    ends = (window.earliest, window.latest)
    if rule.target is None and rule.order is not None:
        return None
    if not all(end is None or isinstance(end, CalendarDistance) for end in ends):
        return None
    if window.earliest is None:
        return (0, most_steps(window.latest))
    return least_steps(window.earliest) or 0, most_steps(window.latest)


def _inside(found: Range, allowed: Range) -> bool:
    least, most = allowed
    return found[0] >= least and (most is None or (found[1] is not None and found[1] <= most))


def _finding(citation: Citation, claim: Contradicted, part: str) -> Finding:
    what = "the number of sessions" if isinstance(citation.statement, Cycle) else name_of(citation)
    number, says = claim.claim.number, claim.claim.says.strip().rstrip(".")
    practice = claim.spaced if part == "interval" else claim.had
    judged = "trials contradict" if claim.verdict == "disagree" else "no trial supports"
    message = (
        f"{what} rests on {plural(citation.sources)} and repeats claim {number}"
        f" (`{claim.claim.id}`), which {judged}: {says[:1].lower()}{says[1:]};"
        f" {_told(practice, part)}"
    )
    shown = [
        f"{one.id} ({', '.join(one.registry)})" if one.registry else one.id
        for one in practice.trials[:_MOST_TRIALS]
    ]
    more = len(practice.trials) - len(shown)
    listed = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
    hint = f"keep the claim in a `note:`; `planner claims {number}` shows the trials"
    hint += f": {listed}" if listed else ""
    about = (claim.claim.id, *((citation.owner,) if citation.owner else ()))
    return Finding("contradicted-claim", "error", message, citation.path, hint, (), about)


def _told(practice: Practice, part: str) -> str:
    """What the trials did, in one clause."""
    number = len(practice.trials)
    if not number:
        return "no trial of the library states any"
    least, most = practice.range
    whose = f"the {number} trials of the library" if number > 1 else "the one trial of the library"
    if part == "interval":
        ends = [str(CalendarDistance(0, end)) for end in (least, most) if end is not None]
        apart = " to ".join(dict.fromkeys(ends)) + ("" if most is not None else " or more")
        return f"{whose} that say{'' if number > 1 else 's'} how far apart: {apart}"
    count = str(least) if least == most else f"{least} to {most}"
    return f"{whose} that ha{'ve' if number > 1 else 's'} more than one: {count}"
