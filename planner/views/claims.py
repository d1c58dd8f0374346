"""Claims of articles beside what trials did: a list, one claim in detail, and both as JSON."""

from planner.notice import NOTICE
from planner.protocol.claims import Article, Claim, ClaimRecord
from planner.schedule.claims import ClaimJudgement, ClaimResult, Outcome
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line

_MEANT = {
    "every": "Meant as a limit: one trial beyond it contradicts it.",
    "usual": "Meant as what trials commonly do: it disagrees where none does, in part where some"
    " do not.",
    "some": "Meant as a possibility: one trial is enough.",
}
_OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    ("for", "As claimed"),
    ("against", "Otherwise"),
    ("unstated", "Not decided by its file"),
)
_LEGEND = (
    (
        "As claimed, otherwise, not stated: numbers of trials of the library by what their files"
        " say, computed now. A trial whose arms differ counts on both sides. What a file's author"
        " assumed counts as not stated."
    ),
    (
        "Part: the numbers are about the part of the claim that a schedule can decide. A dash: no"
        " schedule can; the verdict is on record with its reason."
    ),
    (
        "Claims are never used as rules; a protocol that relies on one gets an error. `planner"
        " claims NUMBER` shows one with its trials."
    ),
)


def list_grid(record: ClaimRecord, results: list[ClaimResult]) -> Grid:
    """A line for each claim, article by article.

    Args:
        record: with the articles that make the claims.
        results: in the order of the claims.
    """
    heads = ("No", "What the article says", "Verdict", "As claimed", "Otherwise", "Not stated",
             "Grade")  # fmt: skip
    lines: list[Line] = []
    for key, article in record.articles.items():
        own = [result for result in results if result.claim.article == key]
        if own:
            lines.append(Line((article.title,), "group"))
            lines += [Line(_cells(claim_result)) for claim_result in own]
    number = f"{len(results)} {'claim' if len(results) == 1 else 'claims'}"
    title = f"{number} of articles for the public, compared with the library's trials"
    return Grid(title, (heads,), tuple(lines), (*_LEGEND, NOTICE))


def _cells(result: ClaimResult) -> tuple[str, ...]:
    claim = result.claim
    counts = ["-"] * 3
    if result.computed is not None:
        counts = [str(len(result.trials(outcome))) for outcome, _ in _OUTCOMES]
        if claim.covers is not None:
            counts[0] = f"part: {counts[0]}"
    return (str(claim.number), claim.says, result.verdict, *counts, ", ".join(claim.grade))


def claim_grid(record: ClaimRecord, result: ClaimResult) -> Grid:
    """One claim: its verdict and why, and the trials by what they make of it.

    Args:
        record: with the article that makes the claim.
        result: the claim and what each trial makes of it.
    """
    claim = result.claim
    heads = (("Trial", "Registry", "What its file schedules", "Grade"),)
    lines: list[Line] = []
    for outcome, title in _OUTCOMES:
        own = [judgement for judgement in result.judgements if judgement.outcome == outcome]
        if own:
            lines.append(Line((f"{title}: {len(result.trials(outcome))}",), "group"))
            lines += [Line(_trial(judgement)) for judgement in own]
    title = f"Claim {claim.number}, {result.verdict}: {claim.says}"
    notes = (*_notes(claim, record.articles[claim.article], result), NOTICE)
    return Grid(title, heads if lines else (), tuple(lines), notes)


def _trial(judgement: ClaimJudgement) -> tuple[str, ...]:
    arms = f" ({', '.join(judgement.arms)})" if judgement.arms else ""
    registry = ", ".join(judgement.protocol.registry)
    return (f"{judgement.protocol.id}{arms}", registry, judgement.text, judgement.grade or "")


def _notes(claim: Claim, article: Article, result: ClaimResult) -> list[str]:
    where = f" ({article.url})" if article.url else ""
    notes = [f"Id: {claim.id}", f"Article: {article.title}{where}"]
    if claim.covers is not None:
        notes.append(
            f"The trials' files cover only a part, {claim.covers}: {result.computed}. The"
            f" verdict on the"
            " whole is on record."
        )
    if claim.holds is not None:
        notes.append(_MEANT[claim.holds])
    if claim.read_as is not None:
        notes.append(claim.read_as)
    if claim.reason is not None:
        notes.append(f"Why {result.verdict}: {claim.reason}")
    if claim.note is not None:
        notes.append(claim.note)
    if claim.grade:
        notes.append(f"Grade of what it was compared with: {', '.join(claim.grade)}.")
    return notes


def render_json(record: ClaimRecord, results: list[ClaimResult]) -> str:
    """The claims with their verdicts and trials as JSON, format 1."""
    data = {
        "articles": {
            key: article.model_dump(mode="json", exclude_none=True)
            for key, article in record.articles.items()
        },
        "claims": [_data(result) for result in results],
    }
    return render_document(data)


def _data(result: ClaimResult) -> dict[str, object]:
    claim = result.claim
    rule = claim.rule
    return {
        "id": claim.id,
        "number": claim.number,
        "article": claim.article,
        "says": claim.says,
        "substance": list(claim.substance),
        "protocols": list(claim.protocols),
        "verdict": result.verdict,
        "computed": result.computed,
        "covers": claim.covers,
        "holds": claim.holds,
        "rule": None if rule is None else rule.model_dump(mode="json", exclude_unset=True),
        "read_as": claim.read_as,
        "reason": claim.reason,
        "grade": list(claim.grade),
        "trials": [
            {
                "protocol": judgement.protocol.id,
                "registry": list(judgement.protocol.registry),
                "arms": list(judgement.arms),
                "outcome": judgement.outcome,
                "text": judgement.text,
                "grade": judgement.grade,
            }
            for judgement in result.judgements
        ],
    }
