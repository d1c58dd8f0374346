"""Where a statement comes from: sources, how far they were read, and the grade of a statement."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from planner.protocol.fields import ONE_OR_MANY, DateText, Grade, Id, Line


class Entry(BaseModel):
    """Anything written in a protocol file: frozen, and unknown keys are errors."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        validate_by_alias=True,
        validate_by_name=True,
        serialize_by_alias=True,
    )


class Stated(Entry):
    """A statement that can say where it was read and how sure it is."""

    source: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Key or keys of the sources that state this."
    )
    grade: Grade | None = Field(
        default=None,
        description="Grade: verified in a primary text, secondary, derived (the note shows the"
        " arithmetic), assumed (by the author of this file), unverified, retracted.",
    )
    note: str | None = Field(
        default=None, description="A remark, a derivation, or the words of the text."
    )


SourceKind = Literal[
    "trial-paper",
    "protocol-paper",
    "registry",
    "label",
    "guidance",
    "review",
    "press",
    "popular-article",
    "general-knowledge",
]
ReadingDepth = Literal["full-text", "abstract", "registry-record", "secondary", "not-read"]


class Source(Entry):
    """A publication, registry record or guidance that facts are taken from."""

    kind: SourceKind = Field(description="What kind of text it is.")
    read: ReadingDepth = Field(description="How far the author of this file read it.")
    title: Line | None = Field(default=None, description="Title or citation.")
    id: Line | None = Field(default=None, description="Registry number, such as NCT03537014.")
    doi: Line | None = Field(default=None, description="Digital object identifier, without https.")
    url: Line | None = Field(default=None, description="Address where it can be read.")
    retracted: DateText | None = Field(default=None, description="Date of its retraction, if any.")
    note: str | None = Field(default=None, description="A remark on this source.")


class Notice(Entry):
    """A regulatory state, a retraction or a caution, with the date from which it holds."""

    kind: Literal["regulatory", "retraction", "caution"] = Field(description="What it is about.")
    date: DateText = Field(description="Date of the event, or on which the state was looked up.")
    text: str = Field(description="The text of the notice.")
    source: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(), description="Sources of the notice."
    )
