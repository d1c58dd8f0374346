"""What has happened to one participant so far: the record that a plan is fixed on, as a model."""

import re
from datetime import date
from functools import lru_cache
from math import isfinite
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, model_validator

from planner.errors import PlannerError
from planner.protocol.evidence import Entry
from planner.protocol.field_types import (
    ONE_OR_MANY,
    Coerce,
    TextField,
    WholeNumber,
    file_format,
    quoted,
)
from planner.protocol.fields import WEEKDAYS, DateText, Id, Line, Mode, read_id
from planner.protocol.text_patterns import CODE, MOMENT, whole
from planner.site.model import ZoneText
from planner.time.date import format_time, parse_date, parse_time, written_date
from planner.time.distance import UnitError
from planner.time.zone import find_zone
from planner.timeline.availability import ANYTIME, Availability, AwayEntry, Preferences
from planner.timeline.participant import check_code

Status = Literal[
    "planned",
    "booked",
    "occurred",
    "missed",
    "cancelled",
    "not-applicable",
    "unscheduled",
    "failed",
]
Fact = bool | int | float | str
"""A recorded fact's value; numbers are numbers, everything else is a word."""
COLUMNS = ("visit", "occurrence", "status", "start", "end", "mode", "reason", "note")
"""What is recorded of each visit, in the order of the columns of a CSV file."""


class Moment(NamedTuple):
    """A date at the site, with the local time (minute of the day) where it is known.

    ``offset`` is the distance from UTC in minutes where the text gives it, else ``None``: the
    site's own clock is meant, and of a time that occurs twice the first.
    """

    day: date
    minute: int | None = None
    offset: int | None = None

    def __str__(self) -> str:
        if self.minute is None:
            return self.day.isoformat()
        zone = ""
        if self.offset is not None:
            hours, minutes = divmod(abs(self.offset), 60)
            zone = f"{'-' if self.offset < 0 else '+'}{hours:02d}:{minutes:02d}"
        return f"{self.day.isoformat()}T{format_time(self.minute)}{zone}"


_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[T ]([0-9]{2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


_NO_DATE = "is not a date; write `2027-01-11`, or `2027-01-11T09:00` with the time"


def _no_date(text: str) -> UnitError:
    suggestion = written_date(text)
    known = _NO_DATE if suggestion == "write `2027-01-11`" else f"is not a date; {suggestion}"
    return UnitError(f"{quoted(text)} {known}")


def read_moment(value: object) -> Moment:
    """Reads ``2027-01-11``, ``2027-01-11T09:00`` or the latter with its offset from UTC.

    Raises:
        UnitError: it is neither a date nor a date and time.
    """
    if isinstance(value, Moment):
        return value
    if not isinstance(value, str):
        raise UnitError(f"{quoted(value)} {_NO_DATE}")
    return _moment(value)


@lru_cache(maxsize=1 << 14)
def _moment(text: str) -> Moment:
    """The same of a text; the dates of a trial are few and come again in every record."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise _no_date(text)
    day = parse_date(match[1])
    if match[2] is None:
        return Moment(day)
    offset = None
    if match[3] is not None:
        offset = 0
        if match[3] != "Z":
            digits = match[3].replace(":", "")
            offset = int(digits[1:3]) * 60 + int(digits[3:5])
            if offset > 18 * 60 or int(digits[3:5]) > 59:
                raise UnitError(f"{quoted(text)}: no clock is so far from UTC")
            offset = -offset if digits[0] == "-" else offset
    return Moment(day, parse_time(match[2]), offset)


def read_fact(value: object) -> Fact:
    """The value of a fact: `true`, `false`, a number, or a word.

    Raises:
        ValueError: it is empty, a list or a mapping, or too long.
    """
    if isinstance(value, bool) or (isinstance(value, (int, float)) and isfinite(value)):
        return value
    if not isinstance(value, str) or not value.strip():
        raise ValueError(
            f"a fact is `true`, `false`, a number or a word, found {quoted(value)}; leave out what"
            " is not known"
        )
    text = value.strip()
    if len(text) > 80 or not text.isprintable():
        raise ValueError("a fact has at most 80 characters, on one line")
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"[+-]?[0-9]{1,15}", text):
        return int(text)
    if re.fullmatch(r"[+-]?[0-9]{1,15}\.[0-9]{1,15}", text):
        return float(text)
    return text


def _read_status(value: object) -> object:
    return "-".join(value.lower().split()) if isinstance(value, str) else value


def _read_code(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a participant's code such as `P0001` is expected, found {quoted(value)}")
    try:
        return check_code(value)
    except PlannerError as error:
        raise ValueError(str(error)) from None


def _read_cohort(value: object) -> object:
    return str(value) if type(value) is int and value >= 0 else value


MomentText = Annotated[
    Moment,
    TextField(
        read_moment,
        "a date, or a date and local time",
        "2027-01-11",
        "2027-01-11T09:00",
        pattern=whole(MOMENT),
    ),
]
FactText = Annotated[
    Fact,
    TextField(
        read_fact,
        "`true`, `false`, a number or a word",
        "true",
        "17",
        write=lambda value: value,
        kind=["boolean", "number", "string"],
    ),
]
CodeText = Annotated[
    str, TextField(_read_code, "a code that identifies nobody", "P0001", pattern=whole(CODE))
]


class Actual(Entry):
    """One line of the record: what became of one visit, or of one that nobody had planned."""

    visit: Line = Field(
        description="Id of the visit or of one occurrence, as in `dosing-2`; its number `V07` or"
        " its title; of an unscheduled visit an id of its own."
    )
    occurrence: Annotated[int, WholeNumber(1, 2000)] | None = Field(
        default=None, description="Which of the visit's occurrences, counted from 1."
    )
    status: Annotated[Status, Coerce(_read_status)] = Field(
        description="Status of the visit. `occurred`: others count from its date. `booked`, and"
        " `planned` with no more said: others count from the appointment or the plan. `missed` and"
        " `cancelled`: it does not take place, and others count from the date given, else from"
        " where it was planned by the dates of the visits that it counts from; what comes later"
        " does not move that. `not-applicable`: likewise, but nothing shows it; a visit that need"
        " not take place (optional, on a decision) leaves no place. `unscheduled`: one that was not"
        " planned; nothing counts from it. `failed`: a screening that took place and was not"
        " passed; it stays in the record and in every history, nothing counts from it, and the"
        " visit is planned again until another line records it."
    )
    start: MomentText | None = Field(
        default=None, description="When it starts, or when it was due."
    )
    end: MomentText | None = Field(default=None, description="When it ended.")
    mode: Mode | None = Field(
        default=None,
        description="How it takes or took place, where the protocol leaves that open with"
        " `also_by`; its `mode` when absent.",
    )
    reason: Line | None = Field(default=None, description="Why it was missed, moved or cancelled.")
    note: str | None = Field(default=None, description="A remark.")

    @model_validator(mode="after")
    def _is_whole(self) -> "Actual":
        if self.status == "unscheduled":
            read_id(self.visit)
        if self.start is None and self.status in ("booked", "occurred", "unscheduled", "failed"):
            raise ValueError(f"a visit that is `{self.status}` has a `start:`")
        if self.mode is not None and self.status not in ("planned", "booked", "occurred"):
            raise ValueError(f"a visit that is `{self.status}` has no `mode:`; leave it out")
        if self.end is not None:
            if self.start is None:
                raise ValueError("an `end:` needs a `start:`")
            if self.end.day < self.start.day or (
                self.end.day == self.start.day
                and self.end.minute is not None
                and self.start.minute is not None
                and self.end.offset == self.start.offset
                and self.end.minute < self.start.minute
            ):
                raise ValueError("`end:` is before `start:`")
        return self

    @property
    def name(self) -> str:
        """What messages call it: `dosing-2`, or `dosing` where no occurrence is given."""
        return self.visit if self.occurrence is None else f"{self.visit}-{self.occurrence}"


class VersionFrom(Entry):
    """From which date on which version of the protocol holds for this participant."""

    version: Line = Field(description="A version of the protocol.")
    start: DateText = Field(alias="from", description="First date on which it holds.")


class Record(Entry):
    """All that is recorded of one participant."""

    format: Annotated[Literal[1], file_format(1)] = Field(
        default=1, description="Version of this file format."
    )
    participant: CodeText = Field(description="The participant's code.")
    protocol: Id | None = Field(default=None, description="Id of the protocol it was written for.")
    versions: tuple[VersionFrom, ...] = Field(
        default=(), description="Which version of the protocol holds, and from when."
    )
    arm: Id | None = Field(default=None, repr=False, description="The arm, where it may be known.")
    cohort: Annotated[Id, Coerce(_read_cohort, {"type": "integer", "minimum": 0})] | None = Field(
        default=None,
        description="The group of participants that rules between participants are about, such as"
        " `sad-2` or `2`; the number at its end says which cohort is before it.",
    )
    start: DateText | None = Field(
        default=None,
        description="Planned date of the anchor visit; the visit's own line below counts first.",
    )
    facts: dict[Id, FactText] = Field(
        default={}, description="Recorded facts that decisions ask for."
    )
    gates: dict[Id, DateText] = Field(default={}, description="Gates passed, and when.")
    reminders: dict[Id, DateText] = Field(
        default={}, description="What the protocol's reminders ask for, and when it was done."
    )
    withdrawn: DateText | None = Field(
        default=None,
        description="Date of early termination (withdrawal): the participant"
        " has no visits from then on.",
    )
    away: Annotated[tuple[AwayEntry, ...], ONE_OR_MANY] = Field(
        default=(),
        description="Dates on which the participant can have no visit and no call, as in"
        " `2027-07-01..2027-07-14`. Nothing is planned on them; an appointment stays.",
    )
    prefers: Preferences | None = Field(
        default=None,
        description="Weekdays and times that suit the participant best. Of the plans that keep all"
        " windows and appointments one with the most visits on these weekdays is taken, then one"
        " near the targets.",
    )
    time_zone: ZoneText | None = Field(
        default=None,
        description="By whose clock calls are wanted at a time of day, where it is not the site's.",
    )
    visits: tuple[Actual, ...] = Field(default=(), description="What became of the visits.")

    @property
    def availability(self) -> Availability:
        """When the participant can come, and would rather, as plans use it."""
        prefers = self.prefers or Preferences()
        away = ((dates.first, dates.last or dates.first) for dates in self.away)
        available = Availability(
            tuple((first.toordinal(), last.toordinal()) for first, last in away),
            frozenset(map(WEEKDAYS.index, prefers.weekdays)),
            prefers.times,
            None if self.time_zone is None else find_zone(self.time_zone),
        )
        return ANYTIME if available == ANYTIME else available


class RecordFile(NamedTuple):
    """A record, the file it was read from, and the line of each of its visits."""

    path: str
    record: Record
    lines: tuple[int, ...]

    def line(self, at: int) -> int:
        """The line of the visit at a position; 1 where it has none of its own."""
        return self.lines[at] if at < len(self.lines) else 1

    def after(self, today: date) -> list[str]:
        """The visits that by this record took place after a date, each with file and line."""
        return [
            f"{self.path}:{self.line(at)}: `{actual.name}` is recorded as {actual.status} on"
            f" {actual.start.day}, which is after today, {today}"
            for at, actual in enumerate(self.record.visits)
            if actual.status in ("occurred", "unscheduled")
            and actual.start is not None
            and actual.start.day > today
        ]


def version_on(record: Record, day: date | None) -> VersionFrom | None:
    """The version that holds on a date by the record, ``None`` if it does not say.

    Without a date it is the newest one; of two from the same date the last in the file.

    Args:
        record: of a participant.
        day: ``None`` for the newest version of all.
    """
    held = [version for version in record.versions if day is None or version.start <= day]
    return max(reversed(held), key=lambda version: version.start, default=None)


def as_plain(record: Record) -> dict[str, Any]:
    """The record as plain data for writing: only what it says, in the order of the fields."""
    return record.model_dump(exclude_unset=True, by_alias=True, mode="python")
