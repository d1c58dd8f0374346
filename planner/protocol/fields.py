"""The value types of the protocol file: how each is written, read and described to editors."""

import re
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

from planner.protocol.field_types import ONE_OR_MANY as ONE_OR_MANY
from planner.protocol.field_types import Coerce as Coerce
from planner.protocol.field_types import TextField as TextField
from planner.protocol.field_types import WholeNumber as WholeNumber
from planner.protocol.field_types import quoted
from planner.protocol.text_patterns import (
    CLOCK,
    COUNT,
    DATE,
    DISTANCE,
    TIME,
    TIMES,
    WINDOW,
    whole,
    window,
)
from planner.time.date import (
    format_time,
    format_time_range,
    parse_date,
    parse_time,
    parse_time_range,
)
from planner.time.distance import (
    CalendarDistance,
    ClockDistance,
    Distance,
    Tolerance,
    Window,
    parse_distance,
    parse_window,
)

EpochKind = Literal[
    "screening",
    "run-in",
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
    "run-in",
    "baseline",
    "randomization",
    "preparation",
    "dosing",
    "integration",
    "discharge",
    "assessment",
    "contact",
    "follow-up",
    "unblinding",
    "washout",
    "maintenance",
    "termination",
]
ListedKind = Literal[VisitKind, "event"]
"""What the list of visits holds: visits of a kind, and events, which are none."""
OrderWord = Literal["listed", "any"]
"""Whether visits take place in the order in which the file lists them."""
Mode = Literal["clinic", "phone", "video", "home"]
WAYS: dict[str, str] = {
    "clinic": "in the clinic", "home": "at home", "phone": "by phone", "video": "by video",
}  # fmt: skip
"""A mode in words."""
TrackKind = Literal["diary", "questionnaire", "intake", "tracker"]
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

    minimum: int
    maximum: int

    def __str__(self) -> str:
        if self.minimum == self.maximum:
            return str(self.minimum)
        return f"{self.minimum}..{self.maximum}"


_MAX_ID_LENGTH = 60
_ID = r"[a-z0-9]+(?:-[a-z0-9]+)*"


def read_id(value: object) -> str:
    """An id: small letters, digits and single hyphens.

    Raises:
        ValueError: it is none; names the nearest one.
    """
    return _checked_id(_text(value, "a word"))


def is_id(text: str) -> bool:
    """Whether a text can be an id: small letters, digits and single hyphens."""
    return len(text) <= _MAX_ID_LENGTH and re.fullmatch(_ID, text) is not None


@lru_cache(maxsize=1 << 12)
def _checked_id(text: str) -> str:
    """The same of a text; the ids of a protocol are few and come again in every record."""
    if len(text) > _MAX_ID_LENGTH:
        raise ValueError(f"an id has at most {_MAX_ID_LENGTH} characters")
    if not is_id(text):
        near = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        hint = f"; write `{near}`" if near else ""
        raise ValueError(
            f"{quoted(text)} is not an id (small letters, digits, single hyphens){hint}"
        )
    return text


def _read_line(value: object) -> str:
    text = _text(value, "a text")
    if not text.strip():
        raise ValueError("a text is expected, found an empty one")
    if text.splitlines() != [text] or "\t" in text:
        raise ValueError("a text on one line is expected, found one with a line break or tab")
    if len(text) > 300:
        raise ValueError(f"a text of at most 300 characters is expected, found {len(text)}")
    return text


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{what} is expected, found {quoted(value)}")
    return value


def _read_reference(value: object) -> Reference:
    if isinstance(value, Reference):
        return value
    text = _text(value, "the id of a visit")
    match = re.fullmatch(rf"(?:(first|last|previous|next) )?({_ID})(?:\.(start|end))?", text)
    if match is None:
        raise ValueError(
            f"{quoted(text)} does not name a visit; write `baseline`, `dosing-1.end`,"
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


def _read_grid_end(value: object) -> int | Distance | str:
    if isinstance(value, (CalendarDistance, ClockDistance)):
        return value
    if type(value) is int or (isinstance(value, str) and re.fullmatch("[+-]?[0-9]+", value)):
        return WholeNumber(1, 2000).read(value)
    text = _text(value, "a number, a distance such as `52w`, or a decision")
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(
            f"{quoted(text)}: how many there are would depend on each participant's own dates;"
            " write the number, a distance, or a decision with `at_most:`"
        )
    is_name = re.fullmatch(_ID, text) and ("-" in text or not text[0].isdigit())
    is_distance = re.match("[0-9+-]|P[0-9T]", text) and not is_name
    return parse_distance(text) if is_distance else read_id(text)


def _read_clock(value: object) -> ClockDistance:
    _refuse_bare_number(value)
    distance = _read_distance(value)
    if not isinstance(distance, ClockDistance):
        raise ValueError(
            f"{quoted(value)} counts days; hours or minutes are expected, as in `90min`"
        )
    return distance


def _read_visit_length(value: object) -> ClockDistance:
    length = _read_clock(value)
    if not 5 <= length.minutes <= 1440:
        raise ValueError(f"{quoted(value)}: a visit takes 5 minutes at least and 24 hours at most")
    return length


def _refuse_bare_number(value: object) -> None:
    # Days are no advice where only clock time can stand.
    if isinstance(value, str) and re.fullmatch("[+-]?[0-9]{1,6}", value):
        raise ValueError(f"`{value}` needs its unit; write `{value}min` or `{value}h`")


def _read_clock_window(value: object) -> Window:
    window = _read_clock_room(value)
    if isinstance(window, Tolerance):
        raise ValueError(f"{quoted(value)}: write both ends, as in `60min..120min`")
    return window


def _read_clock_room(value: object) -> Window | Tolerance:
    _refuse_bare_number(value)
    if not isinstance(value, (Window, Tolerance)):
        _text(value, "a length of time such as `90min` or `60min..90min`")
    window = _read_window(value)
    if isinstance(window, Tolerance):
        ends: tuple[Distance | None, ...] = (window.before, window.after)
    else:
        ends = (window.earliest, window.latest)
    for end in ends:
        if end is not None and not isinstance(end, ClockDistance):
            raise ValueError(
                f"{quoted(value)} counts days; hours or minutes are expected, as in `8h`"
            )
    return window


def _read_duration(value: object) -> Window:
    window = _read_clock_window(value)
    minimum, maximum = window.earliest, window.latest
    if not isinstance(minimum, ClockDistance) or not isinstance(maximum, ClockDistance):
        raise ValueError(
            f"{quoted(value)} has an open end; a duration has both, as in `60min..90min`"
        )
    if minimum.minutes < 0:
        raise ValueError(f"{quoted(value)} is negative")
    if maximum.minutes > 31 * 1440:
        raise ValueError(f"{quoted(value)} is longer than 31 days")
    return window


def _read_time(value: object) -> int:
    return value if type(value) is int else parse_time(_text(value, "a time of day like `09:00`"))


def _read_time_range(value: object) -> tuple[int, int]:
    if isinstance(value, tuple):
        return value
    return parse_time_range(_text(value, "a time of day like `09:00` or `08:00..10:00`"))


def _read_date(value: object) -> date:
    return value if isinstance(value, date) else parse_date(_text(value, "a date"))


def _read_visit_date(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", value.strip()):
        raise ValueError(f"{quoted(value)} is a time of day, not a date (did you mean `at`?)")
    return _read_date(value)


def _read_count(value: object) -> Count:
    if isinstance(value, Count):
        return value
    text = str(value) if type(value) is int else _text(value, "a number of people")
    match = re.fullmatch(r"([0-9]{1,4})(?:\.\.([0-9]{1,4}))?", text)
    if match is None:
        raise ValueError(f"{quoted(value)} is not a number of people; write `2` or `4..6`")
    count = Count(int(match[1]), int(match[2] or match[1]))
    if not 1 <= count.minimum <= count.maximum:
        raise ValueError(f"{quoted(value)} has its ends in reverse order or zero")
    return count


def _read_truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    truths = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
    word = truths.get(value.lower()) if isinstance(value, str) else None
    hint = f"; write `{word}`" if word else ""
    raise ValueError(f"`true` or `false` is expected, found {quoted(value)}{hint}")


Id = Annotated[
    str,
    TextField(read_id, "small letters, digits and single hyphens", "prep-1", pattern=f"^{_ID}$"),
]
# An unquoted `1.0` is a text here; to an editor it is a number, and no mistake.
Line = Annotated[str, TextField(_read_line, "a text on one line", kind=["string", "number"])]
YesNo = Annotated[
    bool, TextField(_read_truth, "`true` or `false`", write=lambda value: value, kind="boolean")
]
ReferenceText = Annotated[
    Reference,
    TextField(
        _read_reference,
        "a visit, which occurrence of it, and its start or end",
        "baseline",
        "previous dosing",
        "last dosing.end",
        pattern=rf"^(?:(?:first|last|previous|next) )?{_ID}(?:\.(?:start|end))?$",
    ),
]
DistanceText = Annotated[
    Distance,
    TextField(
        _read_distance,
        "a distance, in days or in clock time",
        "3w",
        "90min",
        "-2d",
        "P3W",
        "PT90M",
        pattern=whole(DISTANCE),
    ),
]
ClockText = Annotated[
    ClockDistance,
    TextField(_read_clock, "elapsed clock time", "90min", "8h", "PT90M", pattern=whole(CLOCK)),
]
VisitLengthText = Annotated[
    ClockDistance,
    TextField(
        _read_visit_length,
        "assumed duration of a visit that states none, 5min to 24h",
        "60min",
        "90min",
        pattern=whole(CLOCK),
    ),
]
GridEndText = Annotated[
    int | Distance | str,
    TextField(
        _read_grid_end,
        "a number of occurrences, a distance from the reference, or a decision",
        "6",
        "52w",
        "progression",
        write=lambda end: end if isinstance(end, int) else str(end),
        kind=["integer", "string"],
        pattern=whole(COUNT),
    ),
]
WindowText = Annotated[
    Window | Tolerance,
    TextField(
        _read_window,
        "allowed distances, both ends included",
        "3d..14d",
        "6w..",
        "..6w",
        "±3d",
        pattern=whole(WINDOW),
    ),
]
ClockWindowText = Annotated[
    Window,
    TextField(
        _read_clock_window,
        "an exact clock distance or a window of them",
        "-60min",
        "90min..150min",
        pattern=whole(window(CLOCK)),
    ),
]
ClockRoomText = Annotated[
    Window | Tolerance,
    TextField(
        _read_clock_room,
        "allowed clock distances, or so far around the stated one",
        "90min..150min",
        "±2min",
        "-5min/+10min",
    ),
]
DurationText = Annotated[
    Window,
    TextField(
        _read_duration,
        "how long it takes, or the least and the most",
        "90min",
        "6h..8h",
        pattern=whole(window(CLOCK)),
    ),
]
TimeText = Annotated[
    int, TextField(_read_time, "a time of day", "09:00", write=format_time, pattern=whole(TIME))
]
TimesText = Annotated[
    tuple[int, int],
    TextField(
        _read_time_range,
        "a time of day, or the first and the last one",
        "09:00",
        "08:00..10:00",
        write=format_time_range,
        pattern=whole(TIMES),
    ),
]
DateText = Annotated[
    date, TextField(_read_date, "an ISO 8601 date", "2027-01-11", pattern=whole(DATE))
]
VisitDateText = Annotated[
    date, TextField(_read_visit_date, "an ISO 8601 date", "2027-01-11", pattern=whole(DATE))
]
CountText = Annotated[
    Count,
    TextField(
        _read_count,
        "a number of people, or the least and the most",
        "2",
        "4..6",
        write=lambda count: f"{count.minimum}..{count.maximum}",
        kind=["integer", "string"],
        pattern=whole(COUNT),
    ),
]
