"""A reminder of the protocol file: a date by which something that is no visit is to be done."""

from typing import Annotated

from pydantic import Field, model_validator

from planner.protocol.evidence import Stated
from planner.protocol.fields import (
    ONE_OR_MANY,
    DistanceText,
    Id,
    Line,
    Reference,
    ReferenceText,
    YesNo,
)
from planner.time.distance import CalendarDistance


class Reminder(Stated):
    """Something that staff do by a date, such as ordering what a visit needs; it is no visit."""

    id: Id = Field(description="Unique among the reminders.")
    title: Line = Field(description="What is to be done.")
    before: ReferenceText | None = Field(
        default=None,
        description="The visit that it is done `by` so long before, at least. A visit that repeats"
        " has a reminder each time; `first dosing` has one.",
    )
    after: ReferenceText | None = Field(
        default=None, description="The visit that it is done `by` so long after, at most."
    )
    by: DistanceText = Field(
        description="How long, in calendar days or business days, as in `5bd`."
    )
    required: YesNo = Field(
        default=False,
        description="That it was not done in time is a deviation; a record's `reminders:` says when"
        " it was done.",
    )
    role: Id | None = Field(default=None, description="The role that does it.")
    arms: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Arms that have it; all when empty."
    )

    @model_validator(mode="after")
    def _has_a_date(self) -> "Reminder":
        if (self.before is None) == (self.after is None):
            raise ValueError("a reminder lies `before:` or `after:` a visit, one of the two")
        if not isinstance(self.by, CalendarDistance):
            raise ValueError(f"`by: {self.by}` counts days, as in `3d`, `2w` or `5bd`")
        if self.by.day_span[0] < 0:
            raise ValueError(f"`by: {self.by}` has no sign; `before:` and `after:` say which way")
        return self

    @property
    def visit(self) -> Reference:
        """The visit that it counts from."""
        reference = self.before or self.after
        assert reference is not None, "a reminder without a visit has been refused"
        return reference

    @property
    def distance(self) -> CalendarDistance:
        """From that visit to its date; negative before it."""
        assert isinstance(self.by, CalendarDistance), "clock time has been refused"
        return self.by if self.before is None else -self.by

    def __str__(self) -> str:
        """When it is done, in words: `at least 5bd before dosing`."""
        if self.before is not None:
            return f"at least {self.by} before {self.before}"
        return f"at most {self.by} after {self.after}"
