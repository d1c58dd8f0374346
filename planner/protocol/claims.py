"""Claims of articles about schedules: a record that is compared with trials and never a rule.

The record ships with the library (`protocols/claims.yaml`). It is no protocol, and nothing that a
protocol file says can refer to it as a source.
"""

import re
from collections import Counter
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from planner.errors import did_you_mean
from planner.protocol.document import Document, DocumentError, Problem
from planner.protocol.evidence import Entry, ReadingDepth
from planner.protocol.field_types import ONE_OR_MANY, TextField, WholeNumber, quoted
from planner.protocol.fields import (
    DistanceText,
    DurationText,
    Id,
    Line,
    VisitKind,
    WindowText,
    YesNo,
)
from planner.protocol.library import claims_path
from planner.protocol.reading import read_document
from planner.protocol.validation import validate_model
from planner.time.distance import CalendarDistance, ClockDistance, Tolerance

Verdict = Literal["agree", "partial", "disagree", "unsupported", "outdated"]
Holds = Literal["every", "usual", "some"]
ClaimGrade = Literal["verified", "secondary", "unverified", "retracted", "contradicted"]


class Numbers(NamedTuple):
    """A least and a greatest number, both included; ``maximum`` is ``None`` for an open end."""

    minimum: int
    maximum: int | None

    def __str__(self) -> str:
        if self.minimum == self.maximum:
            return str(self.minimum)
        return f"{self.minimum}..{'' if self.maximum is None else self.maximum}"


def _read_numbers(value: object) -> Numbers:
    if isinstance(value, Numbers):
        return value
    text = str(value) if type(value) is int else value
    match = (
        re.fullmatch(r"([0-9]{1,4})(\.\.([0-9]{1,4})?)?", text) if isinstance(text, str) else None
    )
    if match is None:
        raise ValueError(f"{quoted(value)} is not a number; write `2`, `4..5` or `2..`")
    minimum = int(match[1])
    maximum = None if match[2] and not match[3] else int(match[3] or match[1])
    if maximum is not None and maximum < minimum:
        raise ValueError(f"{quoted(value)} has its ends in reverse order")
    return Numbers(minimum, maximum)


NumbersText = Annotated[
    Numbers,
    TextField(
        _read_numbers,
        "a number, or the least and the most",
        "2",
        "4..5",
        "2..",
        kind=["integer", "string"],
    ),
]


class Article(Entry):
    """A text for the public that makes claims."""

    title: Line = Field(description="Its title.")
    url: Line | None = Field(default=None, description="Address where it can be read, if known.")
    file: Line | None = Field(default=None, description="Name of the file it was read from.")
    read: ReadingDepth = Field(description="How far it was read.")
    note: str | None = Field(default=None, description="A remark on the article.")


class ClaimRule(Entry):
    """What a claim says of schedules, in a form that can be compared; all parts hold together."""

    dosing_sessions: NumbersText | None = Field(
        default=None, description="How many dosing sessions."
    )
    dosing_interval: WindowText | None = Field(
        default=None, description="Days from each dosing session to the next."
    )
    dosing_length: DurationText | None = Field(
        default=None, description="Length of a dosing session."
    )
    staff_at_dosing: NumbersText | None = Field(
        default=None, description="How many of the staff are at a dosing session."
    )
    second_administration: DurationText | None = Field(
        default=None, description="From the first administration of a session to the second."
    )
    preparation_sessions: NumbersText | None = Field(default=None, description="How many in all.")
    staff_at_preparation: NumbersText | None = Field(
        default=None, description="How many of the staff are at a preparation session."
    )
    integration_sessions: NumbersText | None = Field(default=None, description="How many in all.")
    phases: tuple[VisitKind, ...] = Field(
        default=(), description="Kinds of visits that follow in order."
    )
    follow_ups: tuple[DistanceText, ...] = Field(
        default=(), description="Days after the last dosing session at which there are visits."
    )
    follow_up_after: DistanceText | None = Field(
        default=None,
        description="There is a visit so long after the last dosing session, or later.",
    )
    assessed_between: YesNo = Field(
        default=False, description="There are assessments between dosing sessions."
    )
    contacts: YesNo = Field(default=False, description="There are contacts by phone or video.")
    gate: tuple[Line, ...] = Field(
        default=(), description="A gate whose title has one of these words."
    )
    measured_at_dosing: tuple[Line, ...] = Field(
        default=(), description="An activity of one of these names takes place at dosing sessions."
    )
    measured_around_dosing: tuple[Line, ...] = Field(
        default=(),
        description="Such an activity takes place before the first session and after one.",
    )
    condition: tuple[Line, ...] = Field(
        default=(), description="The condition has one of these words."
    )

    @model_validator(mode="after")
    def _counts_days(self) -> "ClaimRule":
        if not self.model_fields_set:
            raise ValueError("a rule needs at least one key")
        window = self.dosing_interval
        if isinstance(window, Tolerance):
            raise ValueError("`dosing_interval:` has both ends, as in `3w..5w` or `6w..`")
        ends = () if window is None else (window.earliest, window.latest)
        for end in (*ends, *self.follow_ups, self.follow_up_after):
            if isinstance(end, ClockDistance):
                raise ValueError(f"`{end}` is clock time; days, weeks or months are expected")
            if isinstance(end, CalendarDistance) and end.day_span[0] < 0:
                raise ValueError(f"`{end}` is before the session; a distance after it is expected")
        return self


class Claim(Entry):
    """One claim in other words, and what decides about it: a rule, or a verdict with a reason."""

    id: Id = Field(description="Unique among the claims.")
    number: Annotated[int, WholeNumber(1, 9999)] = Field(description="Unique among the claims.")
    article: Id = Field(description="Key of the article.")
    says: str = Field(description="The claim in other words, without amounts.", max_length=500)
    substance: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="The substances it is about."
    )
    protocols: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="The trials it is about, where it names them."
    )
    holds: Holds | None = Field(
        default=None, description="How it is meant: every, usual or some trial."
    )
    rule: ClaimRule | None = Field(default=None, description="What it says of schedules.")
    covers: Line | None = Field(
        default=None, description="The part that the rule covers, if not all."
    )
    read_as: str | None = Field(default=None, description="How its words are read as numbers.")
    verdict: Verdict | None = Field(
        default=None, description="Only where no rule covers the claim."
    )
    reason: str | None = Field(default=None, description="Why this verdict.")
    grade: Annotated[tuple[ClaimGrade, ...], ONE_OR_MANY] = Field(
        default=(), description="How sure what it was compared with is."
    )
    note: str | None = Field(default=None, description="A remark.")

    @model_validator(mode="after")
    def _is_decided_once(self) -> "Claim":
        computed = self.rule is not None and self.covers is None
        if computed and (self.verdict is not None or self.reason is not None):
            raise ValueError(
                "the verdict on a rule is computed, never written; say with `covers:` which part"
                " the rule covers, or leave out `verdict:` and `reason:`"
            )
        if not computed and (self.verdict is None or self.reason is None):
            raise ValueError("a claim that no rule covers needs `verdict:` and `reason:`")
        if (self.rule is None) != (self.holds is None):
            raise ValueError("`holds:` and `rule:` belong together")
        if self.covers is not None and self.rule is None:
            raise ValueError("`covers:` needs `rule:`")
        if not (self.substance or self.protocols):
            raise ValueError("`substance:` or `protocols:` says what the claim is about")
        return self


class ClaimRecord(Entry):
    """All claims on record, by number, and the articles that make them."""

    format: Annotated[int, WholeNumber(1, 1)] = Field(description="Version of this file format.")
    title: Line = Field(description="What the record holds.")
    note: str | None = Field(default=None, description="A remark.")
    articles: dict[Id, Article] = Field(description="The articles by key.")
    claims: tuple[Claim, ...] = Field(description="The claims.")

    def claim(self, name: str) -> Claim | None:
        """The claim of an id or a number.

        Args:
            name: the id, or the number in digits.

        Returns:
            ``None`` if there is none.
        """
        for claim in self.claims:
            if name in (claim.id, str(claim.number)):
                return claim
        return None


def load_claims(path: str | None = None) -> ClaimRecord:
    """A record of claims from its file.

    Args:
        path: the file; ``None`` is the library's own record.

    Raises:
        PlannerError: the file cannot be read.
        DocumentError: the file is no record of claims; carries every problem with its place.
    """
    document = read_document(claims_path() if path is None else path)
    record = validate_model(ClaimRecord, document)
    problems = [*_repeated(record, document), *_unknown(record, document)]
    if problems:
        problems.sort(key=lambda problem: problem.position)
        raise DocumentError(document.path, problems, document.lines)
    return record


def _repeated(record: ClaimRecord, document: Document) -> list[Problem]:
    """The ids and numbers that stand twice, at their second place."""
    problems = []
    for field in ("id", "number"):
        seen: Counter[object] = Counter()
        for at, claim in enumerate(record.claims):
            value = getattr(claim, field)
            seen[value] += 1
            if seen[value] == 2:
                place = document.value_position(("claims", at, field))
                problems.append(Problem(f"two claims have the {field} `{value}`", place))
    return problems


def _unknown(record: ClaimRecord, document: Document) -> list[Problem]:
    problems = []
    for at, claim in enumerate(record.claims):
        if claim.article not in record.articles:
            hint = did_you_mean(claim.article, record.articles) or None
            place = document.value_position(("claims", at, "article"))
            problems.append(Problem(f"there is no article `{claim.article}`", place, hint))
    return problems
