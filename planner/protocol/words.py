"""The value types of the protocol file: how each is written, read and described to editors."""

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic_core import core_schema

from planner.units import (
    CalendarDistance,
    ClockDistance,
    Distance,
    Tolerance,
    Window,
    format_time,
    parse_date,
    parse_distance,
    parse_time,
    parse_time_range,
    parse_window,
)

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

EpochKind = Literal[
    "screening",
    "washout",
    "preparation",
    "treatment",
    "dosing",
    "integration",
    "follow-up",
    "maintenance",
]
VisitKind = Literal[
    "screening",
    "baseline",
    "preparation",
    "dosing",
    "integration",
    "assessment",
    "contact",
    "follow-up",
    "unblinding",
    "washout",
    "maintenance",
    "termination",
]
Mode = Literal["clinic", "phone", "video", "home"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Grade = Literal["verified", "secondary", "derived", "assumed", "unverified", "retracted"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Reference(NamedTuple):
    """Which visit a timing counts from, and which end of it.

    ``which`` picks among the occurrences of a visit that repeats: ``first``, ``last``,
    ``previous`` or ``next``; ``None`` is the visit itself, or its occurrence in the same cycle.
    """

    which: str | None
    visit: str
    point: str

    def __str__(self) -> str:
        end = ".end" if self.point == "end" else ""
        return f"{self.which + ' ' if self.which else ''}{self.visit}{end}"


class Count(NamedTuple):
    """A least and a greatest number, both included."""

    least: int
    most: int


_ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"


def _read_id(value: object) -> str:
    text = _text(value, "a word")
    if len(text) > 60:
        raise ValueError("an id has at most 60 characters")
    if not re.fullmatch(_ID, text):
        near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        hint = f"; write `{near}`" if near else ""
        raise ValueError(f"`{text}` is no id (small letters, digits, single hyphens){hint}")
    return text


def _read_line(value: object) -> str:
    text = _text(value, "a text")
    if "\n" in text:
        raise ValueError("stands on one line, without a line break")
    if not text.strip():
        raise ValueError("is empty")
    if len(text) > 300:
        raise ValueError("is longer than 300 characters")
    return text


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{what} is expected, found {'nothing' if value is None else value!r}")
    return value


def _read_reference(value: object) -> Reference:
    if isinstance(value, Reference):
        return value
    text = _text(value, "the id of a visit")
    match = re.fullmatch(rf"(?:(first|last|previous|next) )?({_ID})(?:\.(start|end))?", text)
    if match is None:
        raise ValueError(
            f"`{text[:60]}` names no visit; write `baseline`, `dosing-1.end`,"
            " `previous dosing`, `first dosing`, `last dosing` or `next dosing`"
        )
    return Reference(match[1], match[2], match[3] or "start")


def _read_distance(value: object) -> Distance:
    if isinstance(value, (CalendarDistance, ClockDistance)):
        return value
    return parse_distance(_text(value, "a distance such as `3w` or `90min`"))


def _read_window(value: object) -> Window | Tolerance:
    if isinstance(value, (Window, Tolerance)):
        return value
    return parse_window(_text(value, "a window such as `3d..14d`, `6w..` or `±3d`"))


def _read_clock(value: object) -> ClockDistance:
    distance = _read_distance(value)
    if not isinstance(distance, ClockDistance):
        raise ValueError(f"`{value}` counts days; hours or minutes are expected, as in `90min`")
    return distance


def _read_clock_window(value: object) -> Window:
    window = _read_window(value)
    if isinstance(window, Tolerance):
        raise ValueError(f"`{value}`: write both ends, as in `60min..120min`")
    for end in (window.earliest, window.latest):
        if end is not None and not isinstance(end, ClockDistance):
            raise ValueError(f"`{value}` counts days; hours or minutes are expected, as in `8h`")
    return window


def _read_duration(value: object) -> Window:
    window = _read_clock_window(value)
    least, most = window.earliest, window.latest
    if not isinstance(least, ClockDistance) or not isinstance(most, ClockDistance):
        raise ValueError(f"`{value}` has an open end; a duration has both, as in `60min..90min`")
    if least.minutes < 0:
        raise ValueError(f"`{value}` is negative")
    if most.minutes > 31 * 1440:
        raise ValueError(f"`{value}` is longer than 31 days")
    return window


def _read_time(value: object) -> int:
    return value if type(value) is int else parse_time(_text(value, "a time of day like `09:00`"))


def _read_time_range(value: object) -> tuple[int, int]:
    if isinstance(value, tuple):
        return value
    return parse_time_range(_text(value, "a time of day like `09:00` or `08:00..10:00`"))


def _read_date(value: object) -> date:
    return value if isinstance(value, date) else parse_date(_text(value, "a date"))


def _read_count(value: object) -> Count:
    if isinstance(value, Count):
        return value
    match = re.fullmatch(r"(\d{1,4})(?:\.\.(\d{1,4}))?", str(value))
    if match is None:
        raise ValueError(f"`{str(value)[:40]}` is no number of people; write `2` or `4..6`")
    count = Count(int(match[1]), int(match[2] or match[1]))
    if not 1 <= count.least <= count.most:
        raise ValueError(f"`{value}` is upside down or zero")
    return count


def _write_times(span: tuple[int, int]) -> str:
    first, last = (format_time(minute) for minute in span)
    return first if first == last else f"{first}..{last}"


def _as_list(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) or value is None else [value]


class Written:
    """Says how a value is read from what the file holds, and describes it to editors.

    An annotation marker that hands pydantic a finished schema: unlike a validator function it
    needs no inspection of signatures, which starting the command line would pay for every time.
    """

    __slots__ = ("core", "json")

    def __init__(
        self,
        read: Callable[[Any], object],
        description: str,
        *examples: str,
        write: Callable[[Any], object] = str,
        pattern: str | None = None,
    ) -> None:
        self.core = core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(write)
        )
        self.json: dict[str, Any] = {
            "type": "string",
            "description": description,
            "examples": list(examples),
        }
        if pattern:
            self.json["pattern"] = pattern

    def __get_pydantic_core_schema__(self, source: Any, handler: object) -> core_schema.CoreSchema:
        return self.core

    def __get_pydantic_json_schema__(self, schema: object, handler: object) -> dict[str, Any]:
        return dict(self.json)


class Before:
    """Lets shorter spellings stand for a full entry: ``read`` makes the one into the other."""

    __slots__ = ("read", "spellings")

    def __init__(self, read: Callable[[Any], Any], *spellings: dict[str, Any]) -> None:
        self.read = read
        self.spellings = spellings

    def __get_pydantic_core_schema__(
        self, source: Any, handler: "GetCoreSchemaHandler"
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        full = handler(schema)
        return {"anyOf": [full, *self.spellings]}


class _OneOrMany(Before):
    """Lets a lone entry stand for a list of one."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(_as_list)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: "GetJsonSchemaHandler"
    ) -> dict[str, Any]:
        many = handler(schema)
        return {"anyOf": [many, many["items"]]} if "items" in many else many


ONE_OR_MANY = _OneOrMany()
TEXT = {"type": "string"}
Id = Annotated[
    str,
    Written(_read_id, "small letters, digits and single hyphens", "prep-1", pattern=f"^{_ID}$"),
]
Line = Annotated[str, Written(_read_line, "a text on one line")]
ReferenceText = Annotated[
    Reference,
    Written(
        _read_reference,
        "a visit, which occurrence of it, and its start or end",
        "baseline",
        "previous dosing",
        "last dosing.end",
    ),
]
DistanceText = Annotated[
    Distance,
    Written(
        _read_distance, "a distance, in days or in clock time", "3w", "90min", "-2d", "P3W", "PT90M"
    ),
]
ClockText = Annotated[
    ClockDistance, Written(_read_clock, "elapsed clock time", "90min", "8h", "PT90M")
]
WindowText = Annotated[
    Window | Tolerance,
    Written(
        _read_window, "allowed distances, both ends included", "3d..14d", "6w..", "..6w", "±3d"
    ),
]
ClockWindowText = Annotated[
    Window,
    Written(
        _read_clock_window, "an exact clock distance or a window of them", "-60min", "90min..150min"
    ),
]
DurationText = Annotated[
    Window,
    Written(_read_duration, "how long it takes, or the least and the most", "90min", "6h..8h"),
]
TimeText = Annotated[int, Written(_read_time, "a time of day", "09:00", write=format_time)]
TimesText = Annotated[
    tuple[int, int],
    Written(
        _read_time_range,
        "a time of day, or the first and the last one",
        "09:00",
        "08:00..10:00",
        write=_write_times,
    ),
]
DateText = Annotated[date, Written(_read_date, "an ISO 8601 date", "2027-01-11")]
CountText = Annotated[
    Count,
    Written(
        _read_count,
        "a number of people, or the least and the most",
        "2",
        "4..6",
        write=lambda count: f"{count.least}..{count.most}",
    ),
]
