from typing import TYPE_CHECKING

from planner.checks.citations import Citation, known_sources, name_of
from planner.checks.identifiers import plural
from planner.checks.subject import different_courses
from planner.protocol.course import Course, TimingConstraint
from planner.protocol.document import Path
from planner.protocol.model import Cycle, Protocol
from planner.schedule.build import least_steps, most_steps

if TYPE_CHECKING:
    from planner.checks.contradicted_claims import Contradicted, Practice, Range
    from planner.protocol.claims import Article, Claim
from collections.abc import Iterator

from planner.checks.citations import (
    PRIMARY,
    citations,
    source_kinds,
)
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.expand import visit_kind
from planner.protocol.model import Constraint, Epoch
from planner.protocol.visit import Timing, Visit
from planner.time.distance import CalendarDistance, Window, turned

_HEARSAY = ("popular-article", "press")
"""Kinds of sources that tell what others did."""
_SECOND_HAND = (*_HEARSAY, "review")
_MAX_TRIALS = 5
USUAL_NUMBER = 3
USUAL_DAYS = (7, 35)


@check(
    "error",
    "a rule based on a claim that registered trials contradict",
    what="A distance between dosing sessions, or a number of them, that repeats a claim on"
    " record (`planner claims`) which the library's trials contradict, and that is supported"
    " only by popular articles or press reports, or by the article that makes the claim.",
    why="Claims are never used as rules; a note may repeat one. As a rule, this one would"
    " make the calendars of registered trials invalid.",
    bad="""\
title: MDMA sessions
sources:
  article: {kind: popular-article, read: full-text}
source: article
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w..3w}
        next: {visit: previous dosing, within: 6w..8w}
""",
    good="""\
title: MDMA sessions
sources:
  registry: {kind: registry, read: registry-record}
source: registry
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w..3w}
        next: {visit: previous dosing, within: 3w..5w}
""",
)
def contradicted_claim(subject: Subject) -> Iterator[Flag]:
    suspects = {suspect.path: suspect for suspect in _hearsay_about_dosing(subject)}
    courses = different_courses(subject)
    if not suspects or not any(map(is_unusual, courses)):
        return
    # Reads the record of claims and the library: only where a rule gives reason to.
    from planner.checks.contradicted_claims import contradicted_claims

    flags: dict[Path, Flag] = {}
    for course in courses:
        for claim in contradicted_claims():
            is_same = _same_substance(claim.claim, subject.protocol)
            for path, part in _repeated(claim, course):
                citation = suspects.get(path) or suspects.get(path[:-1])
                if citation is None or path in flags:
                    continue
                if not (is_same or _cites(subject, citation, claim.article)):
                    continue
                if _is_hearsay(subject, citation, claim.article):
                    flags[path] = _flag(citation, claim, part)
    yield from flags.values()


def is_unusual(course: Course) -> bool:
    """Whether the number or the spacing of dosing sessions is worth a look at the record of claims.

    Up to `USUAL_NUMBER` sessions, `USUAL_DAYS` apart, are what registered trials commonly have.
    """
    dosing = {visit.id for visit in course.visits if visit.kind == "dosing"}
    if len(dosing) > USUAL_NUMBER:
        return True
    first, last = USUAL_DAYS
    for rule in course.rules:
        if rule.reference.visit in dosing and rule.point.visit in dosing:
            window = rule.window or Window(None, None)
            for end in (rule.target, window.earliest, window.latest):
                if isinstance(end, CalendarDistance) and not first <= abs(end.day_span[0]) <= last:
                    return True
    return False


def _hearsay_about_dosing(subject: Subject) -> list[Citation]:
    """Rules about dosing sessions that cite texts of which none says itself what was done."""
    sources = subject.protocol.sources.values()
    if not any(source.kind in _SECOND_HAND for source in sources):
        return []
    epochs = [epoch for epoch in subject.protocol.epochs if _dosing(epoch)]
    owners = {epoch.id for epoch in epochs} | {name for epoch in epochs for name in _dosing(epoch)}
    return [
        citation
        for citation in subject.cached(citations)
        if isinstance(citation.statement, (Timing, Constraint, Cycle, Visit))
        and (isinstance(citation.statement, Constraint) or citation.owner in owners)
        and source_kinds(subject, citation) & set(_SECOND_HAND)
        and not source_kinds(subject, citation) & set(PRIMARY)
    ]


def _dosing(epoch: Epoch) -> list[str]:
    """The ids of an epoch's dosing sessions."""
    return [visit.id for visit in epoch.visits if visit_kind(visit, epoch) == "dosing"]


def _same_substance(claim: "Claim", protocol: Protocol) -> bool:
    """Whether the claim is about what the protocol investigates, by its own word or its titles."""
    if protocol.substance:
        return bool(set(claim.substance) & set(protocol.substance))
    texts = [protocol.id, protocol.title]
    for arm in protocol.arms:
        texts += [arm.id, arm.title or "", arm.label or "", *arm.periods]
    words = " ".join(texts).lower()
    return any(substance in words for substance in claim.substance)


def _cites(subject: Subject, citation: Citation, article: "Article") -> bool:
    """Whether a statement cites the very article that makes a claim."""
    known = {text.casefold() for text in (article.title, article.url, article.file) if text}
    return any(
        text is not None and text.casefold() in known
        for source in known_sources(subject, citation)
        for text in (source.title, source.url, source.id)
    )


def _is_hearsay(subject: Subject, citation: Citation, article: "Article") -> bool:
    hearsay = source_kinds(subject, citation) & set(_HEARSAY)
    return bool(hearsay) or _cites(subject, citation, article)


def _repeated(claim: "Contradicted", course: Course) -> Iterator[tuple[Path, str]]:
    """Where a course says what the claim says, and which part of it: `interval` or `number`."""
    dosing = [visit for visit in course.visits if visit.kind == "dosing"]
    ids = {visit.id for visit in dosing}
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


def _days(rule: TimingConstraint) -> "Range | None":
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


def _inside(range_: "Range", allowed: "Range") -> bool:
    minimum, maximum = allowed
    return range_[0] >= minimum and (
        maximum is None or (range_[1] is not None and range_[1] <= maximum)
    )


def _flag(citation: Citation, claim: "Contradicted", part: str) -> Flag:
    what = "the number of sessions" if isinstance(citation.statement, Cycle) else name_of(citation)
    number, says = claim.claim.number, claim.claim.says.strip().rstrip(".")
    practice = claim.spaced if part == "interval" else claim.had
    judged = "trials contradict" if claim.verdict == "disagree" else "no trial supports"
    message = (
        f"{what} rests on {plural(citation.sources)} and repeats claim {number}"
        f" (`{claim.claim.id}`), which {judged}: {says[:1].lower()}{says[1:]};"
        f" {_practice_words(practice, part)}"
    )
    trials = [
        f"{trial.id} ({', '.join(trial.registry)})" if trial.registry else trial.id
        for trial in practice.trials[:_MAX_TRIALS]
    ]
    more = len(practice.trials) - len(trials)
    names = ", ".join(trials) + (f" and {more} more" if more > 0 else "")
    hint = f"keep the claim in a `note:`; `planner claims {number}` shows the trials"
    hint += f": {names}" if names else ""
    return Flag(citation.path, message, hint, about=[claim.claim.id, *citation.about])


def _practice_words(practice: "Practice", part: str) -> str:
    """What the trials did, in one clause."""
    number = len(practice.trials)
    if not number:
        return "no trial of the library states any"
    minimum, maximum = practice.range
    whose = f"the {number} trials of the library" if number > 1 else "the one trial of the library"
    if part == "interval":
        ends = [str(CalendarDistance(0, end)) for end in (minimum, maximum) if end is not None]
        apart = " to ".join(dict.fromkeys(ends)) + ("" if maximum is not None else " or more")
        return f"{whose} that say{'' if number > 1 else 's'} how far apart: {apart}"
    count = str(minimum) if minimum == maximum else f"{minimum} to {maximum}"
    return f"{whose} that ha{'ve' if number > 1 else 's'} more than one: {count}"
