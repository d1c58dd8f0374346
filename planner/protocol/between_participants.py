"""A rule between the participants of a cohort: who waits for whom, and who shares a date."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from planner.protocol.evidence import Stated
from planner.protocol.fields import DistanceText, Id, ReferenceText, WholeNumber, YesNo
from planner.time.distance import CalendarDistance

Others = Literal["first-participants", "participant-before", "cohort-before"]
"""Whom a visit waits for: those who had it first, the last one who had it, or a whole cohort."""


class BetweenParticipants(Stated):
    """A rule between participants, whose records say which cohort each is in."""

    id: Id = Field(description="Unique among these rules.")
    visit: ReferenceText = Field(
        description="The visit that waits or is shared; each occurrence where it repeats."
    )
    after: Others | None = Field(
        default=None,
        description="Whom it waits for. `first-participants`: those of the cohort who have it"
        " first, as sentinels. `participant-before`: whoever of the cohort has it just before."
        " `cohort-before`: every participant of the cohort whose number is one less, as `sad-1` is"
        " before `sad-2`.",
    )
    number: Annotated[int, WholeNumber(1, 99)] = Field(
        default=1, description="With `first-participants`: how many go first."
    )
    of: ReferenceText | None = Field(
        default=None,
        description="The others' visit that it counts from; the same visit when absent.",
    )
    at_least: DistanceText | None = Field(
        default=None, description="How long after the others' visit it takes place at the earliest."
    )
    gate: Id | None = Field(
        default=None,
        description="The review that the visit requires: passed after the others' visits.",
    )
    together: YesNo = Field(
        default=False, description="The participants of a cohort have the visit on one date."
    )

    @model_validator(mode="after")
    def _waits_or_is_shared(self) -> "BetweenParticipants":
        if self.together == (self.after is not None):
            raise ValueError(
                "a visit waits for other participants (`after:`) or has one date with them"
                " (`together: true`), one of the two"
            )
        if self.together:
            for field in ("number", "of", "at_least", "gate"):
                if field in self.model_fields_set:
                    raise ValueError(f"`{field}:` belongs to `after:`, not to `together: true`")
            return self
        if self.at_least is None:
            raise ValueError("`at_least:` is missing: how long it waits, as in `24h`")
        least = self.at_least
        days = least.day_span[0] if isinstance(least, CalendarDistance) else least.minutes
        if days < 0:
            raise ValueError(f"`at_least: {least}` leads back; a visit waits for an earlier one")
        if isinstance(least, CalendarDistance) and least.business_days:
            raise ValueError(f"`at_least: {least}`: participants wait days or hours, as in `7d`")
        if self.number > 1 and self.after != "first-participants":
            raise ValueError("`number:` says how many `first-participants` there are")
        if self.gate is not None and self.after != "cohort-before":
            raise ValueError("`gate:` is the review of a cohort; it belongs to `cohort-before`")
        return self

    @model_validator(mode="after")
    def _names_visits(self) -> "BetweenParticipants":
        if self.visit.point == "end":
            raise ValueError(
                f"`visit:` is a whole visit; write `{self.visit._replace(point='start')}`"
            )
        for reference in (self.visit, self.of):
            if reference is not None and reference.which in ("previous", "next"):
                raise ValueError(f"`{reference}` has a meaning only at a visit")
        return self

    def __str__(self) -> str:
        """The rule in words, as schedules and comparisons of versions show it."""
        if self.together:
            return f"{self.visit} is on one date for all participants of a cohort"
        others = {
            "first-participants": "the first participant of the cohort",
            "participant-before": "the participant of the cohort who has it just before",
            "cohort-before": "every participant of the cohort before",
        }[self.after or ""]
        if self.number > 1:
            others = f"the first {self.number} participants of the cohort"
        gate = f", once {self.gate} is passed" if self.gate is not None else ""
        of = self.of or self.visit
        return f"{self.visit} at least {self.at_least} after {of} of {others}{gate}"
