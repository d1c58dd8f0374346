"""Checks of the evidence family: sources that cannot carry what rests on them."""

from collections.abc import Iterator

from planner.checks.citations import PRIMARY, Citation, citations, known_sources, name_of
from planner.checks.evidence import is_second_hand
from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.protocol.course import Course
from planner.protocol.expand import visit_kind
from planner.protocol.model import Constraint, Cycle, Epoch
from planner.protocol.visit import Timing, Visit
from planner.units import CalendarDistance, Window

_MOST_RELATED = 5
_SECOND_HAND = ("popular-article", "press", "review")
"""Kinds of sources that tell what others did."""
USUAL_NUMBER = 3
USUAL_DAYS = (7, 35)


def _cited_by(subject: Subject) -> dict[str, list[Citation]]:
    """The statements that name each source themselves, by its key."""
    found: dict[str, list[Citation]] = {key: [] for key in subject.protocol.sources}
    for one in subject.once(citations):
        for key in one.statement.source:
            if key in found:
                found[key].append(one)
    return found


def _places(cited: list[Citation]) -> tuple[Related, ...]:
    return tuple(
        Related(f"{name_of(one)} cites it", (*one.path, "source")) for one in cited[:_MOST_RELATED]
    )


@check(
    "source-not-read",
    "warning",
    "a source that was never read",
    what="A source with `read: not-read` that statements of grade `verified` or `secondary` cite."
    " As a note: such a source that only weaker grades cite, unless its kind is"
    " `general-knowledge`, which is no text.",
    why="A citation copied from elsewhere looks like support and is none.",
    bad="""\
sources:
  paper: {kind: trial-paper, read: not-read}
source: paper
grade: secondary
""",
    good="""\
sources:
  paper: {kind: trial-paper, read: abstract}
source: paper
grade: secondary
""",
)
def _source_not_read(subject: Subject) -> Iterator[Finding]:
    for key, cited in subject.once(_cited_by).items():
        source = subject.protocol.sources[key]
        if source.read != "not-read" or not cited:
            continue
        strong = [
            one
            for one in cited
            if one.grade in ("verified", "secondary") and not is_second_hand(subject, one)
        ]
        path = ("sources", key, "read")
        if strong:
            message = f"source `{key}` was not read, but {name_of(strong[0])} relies on it"
            message += f" as `{strong[0].grade}`"
            if len(strong) > 1:
                message += f", and {len(strong) - 1} more"
            hint = "read it, or lower the grade of what rests on it"
            related = _places(strong)
            yield Finding("source-not-read", "warning", message, path, hint, related, (key,))
        elif source.kind != "general-knowledge":
            message = f"source `{key}` was not read"
            related = _places(cited)
            yield Finding("source-not-read", "note", message, path, None, related, (key,))


@check(
    "retracted-source",
    "warning",
    "a statement that rests on a retracted source",
    what="A source with a date of retraction that a statement cites, or a statement of grade"
    " `retracted`.",
    why="What a journal has withdrawn cannot support a schedule. That a visit existed may still be"
    " true: then another source says so.",
    bad="""\
sources:
  pooled: {kind: trial-paper, read: abstract, retracted: "2024-08-10"}
source: pooled
""",
    good="""\
sources:
  registry: {kind: registry, read: registry-record}
source: registry
""",
)
def _retracted_source(subject: Subject) -> Iterator[Finding]:
    for key, cited in subject.once(_cited_by).items():
        source = subject.protocol.sources[key]
        if source.retracted is not None and cited:
            message = f"source `{key}` was retracted on {source.retracted}"
            number = len(cited)
            message += f"; {number} statement{' cites' if number == 1 else 's cite'} it"
            path = ("sources", key, "retracted")
            hint = "cite a source that stands, or leave the statement out"
            related = _places(cited)
            yield Finding("retracted-source", "warning", message, path, hint, related, (key,))
    for one in subject.once(citations):
        if one.statement.grade == "retracted":
            message = f"{name_of(one)} is graded `retracted` and still part of the schedule"
            about = (one.owner,) if one.owner else ()
            place = (*one.path, "grade")
            yield Finding("retracted-source", "warning", message, place, about=about)


@check(
    "popular-source",
    "warning",
    "a timing known only from the press",
    what="A timing or constraint all of whose sources are popular articles or press reports.",
    why="Such texts round, mix trials and repeat each other. The registry record usually has the"
    " distance as it was planned.",
    bad="""\
sources:
  article: {kind: popular-article, read: full-text}
source: article
""",
    good="""\
sources:
  article: {kind: popular-article, read: full-text}
  registry: {kind: registry, read: registry-record}
source: [article, registry]
""",
)
def _popular_source(subject: Subject) -> Iterator[Finding]:
    timings = [
        one
        for one in subject.once(citations)
        if isinstance(one.statement, (Timing, Constraint)) and known_sources(subject, one)
    ]
    weak = [one for one in timings if _kinds(subject, one) <= {"popular-article", "press"}]
    hint = "look for the distance in a registry record or in the paper"
    if len(weak) > 1 and len(weak) == len(timings):
        message = "every timing of this file rests only on popular articles or press reports"
        related = tuple(Related(name_of(one), one.path) for one in weak[:_MOST_RELATED])
        yield Finding("popular-source", "warning", message, ("sources",), hint, related)
        return
    for one in weak:
        popular = "popular-article" in _kinds(subject, one)
        quoted = ", ".join(f"`{key}`" for key in one.sources)
        message = f"{name_of(one)} rests only on {quoted}, a"
        message += " popular article" if popular else " press report"
        about = (one.owner,) if one.owner else ()
        yield Finding("popular-source", "warning", message, one.path, hint, (), about)


def _kinds(subject: Subject, citation: Citation) -> set[str]:
    return {source.kind for source in known_sources(subject, citation)}


@check(
    "contradicted-claim",
    "error",
    "a rule that rests on a claim which registered trials contradict",
    what="A distance between dosing sessions, or a number of them, that repeats a claim on record"
    " (`planner claims`) which the library's trials contradict, and that rests on popular articles"
    " or press reports only, or on the very article that makes the claim.",
    why="Such a claim may be told and noted. As a rule it would make the calendars of the trials"
    " that were really registered invalid.",
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
def _contradicted_claim(subject: Subject) -> Iterator[Finding]:
    suspects = _hearsay_about_dosing(subject)
    if suspects and any(is_unusual(subject.course(arm)) for arm in subject.different_arms()):
        # Reads the record of claims and the library: only where a rule gives reason to.
        from planner.checks.contradicted_claims import contradictions

        yield from contradictions(subject, suspects)


def is_unusual(course: Course) -> bool:
    """Whether the number or the spacing of dosing sessions is worth a look at the record of claims.

    Up to `USUAL_NUMBER` sessions, `USUAL_DAYS` apart, are what registered trials commonly have.
    """
    dosing = {one.id for one in course.visits if one.kind == "dosing"}
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
        one
        for one in subject.once(citations)
        if isinstance(one.statement, (Timing, Constraint, Cycle, Visit))
        and (isinstance(one.statement, Constraint) or one.owner in owners)
        and _kinds(subject, one) & set(_SECOND_HAND)
        and not _kinds(subject, one) & set(PRIMARY)
    ]


def _dosing(epoch: Epoch) -> list[str]:
    """The ids of an epoch's dosing sessions."""
    return [visit.id for visit in epoch.visits if visit_kind(visit, epoch) == "dosing"]
