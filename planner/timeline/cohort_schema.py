"""The JSON Schema of a list of participants, for editors and other programs."""

from typing import Any

from pydantic import Field

from planner.protocol.evidence import Entry
from planner.protocol.fields import DateText, Id
from planner.protocol.schema import DIALECT, file_schema
from planner.timeline.record import CodeText


class CohortRow(Entry):
    """A participant: a row of the CSV file, by the names of its columns."""

    code: CodeText = Field(description="The participant's code.")
    start: DateText = Field(description="Date of the anchor visit.")
    arm: Id | None = Field(default=None, description="The arm, where it may be known.")


def cohort_schema() -> dict[str, Any]:
    """The JSON Schema of the rows of a list of participants, as a list of mappings by column."""
    title = "List of participants of the trial session planner"
    row = file_schema(CohortRow, "Participant")
    del row["$schema"]
    description = "Participants of whom nothing is recorded yet, each with its anchor's date."
    return {
        "$schema": DIALECT,
        "title": title,
        "description": description,
        "type": "array",
        "items": row,
    }
