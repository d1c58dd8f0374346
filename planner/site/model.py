"""The site file as a frozen model: where visits take place, as written."""

import re
from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from planner.protocol.evidence import Entry
from planner.protocol.field_types import (
    ONE_OR_MANY,
    Coerce,
    TextField,
    WholeNumber,
    file_format,
)
from planner.protocol.fields import WEEKDAYS, DateText, Id, Line, VisitLengthText, YesNo
from planner.protocol.text_patterns import HOURS, INTERVAL, whole
from planner.time.date import format_time, parse_time
from planner.time.distance import MINUTES_A_DAY, UnitError
from planner.time.zone import find_zone

FORMAT = 1
"""The version of the site file that this planner reads."""


class Interval(NamedTuple):
    """One stretch of opening hours, in local minutes of the day: from ``opens`` until ``closes``.

    ``closes`` is the first minute that is closed again, at most 1440 (24:00).
    """

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{format_time(self.opens)}-{format_time(self.closes)}"


def _read_interval(value: object) -> Interval:
    if isinstance(value, Interval):
        return value
    text = value.strip() if isinstance(value, str) else ""
    for dash in ("-", "–", ".."):
        opens_text, dash_read, closes_text = text.partition(dash)
        if dash_read:
            break
    else:
        described = "nothing" if value is None else f"`{str(value)[:40]}`"
        raise ValueError(f"opening hours such as `08:00-18:00` are expected, found {described}")
    opens = parse_time(opens_text)
    closes = MINUTES_A_DAY if closes_text.strip() == "24:00" else parse_time(closes_text)
    if opens == closes:
        raise UnitError(f"`{text}` is empty; a day without a break is `00:00-24:00`")
    if opens > closes:
        raise UnitError(
            f"`{text}` has its ends in reverse order; hours past midnight end at 24:00 and go"
            f" on on the next day"
        )
    return Interval(opens, closes)


def _read_hours(value: Any) -> Any:
    if value is None or value == "closed":
        return ()
    if isinstance(value, str):
        return value.split(",")
    if not isinstance(value, list | tuple):
        described = "a mapping" if isinstance(value, dict) else f"`{str(value).lower()[:40]}`"
        raise ValueError(
            f"`08:00-18:00`, a list of such hours or `closed` is expected, not {described}"
        )
    return value


def _in_order(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Sorts the intervals and joins those that touch."""
    joined: list[Interval] = []
    for interval in sorted(intervals):
        if joined and interval.opens < joined[-1].closes:
            raise ValueError(f"`{joined[-1]}` and `{interval}` overlap")
        if joined and interval.opens == joined[-1].closes:
            interval = Interval(joined.pop().opens, interval.closes)
        joined.append(interval)
    return tuple(joined)


IntervalText = Annotated[
    Interval, TextField(_read_interval, "opening hours", "08:00-18:00", pattern=whole(INTERVAL))
]
HoursText = Annotated[
    tuple[IntervalText, ...],
    AfterValidator(_in_order),
    Coerce(
        _read_hours,
        {
            "type": ["string", "null"],
            "pattern": whole(HOURS),
            "description": "opening hours, or `closed`",
            "examples": ["08:00-18:00", "08:00-12:00, 13:00-16:00", "closed"],
        },
    ),
]


def _read_zone(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("the name of a time zone is expected, such as `Europe/Berlin`")
    return find_zone(value).key


ZoneText = Annotated[str, TextField(_read_zone, "name of an IANA time zone", "Europe/Berlin")]


class Week(Entry):
    """Opening hours of every weekday; a weekday that is absent is closed."""

    monday: HoursText = Field(default=(), description="Opening hours on Mondays.")
    tuesday: HoursText = Field(default=(), description="Opening hours on Tuesdays.")
    wednesday: HoursText = Field(default=(), description="Opening hours on Wednesdays.")
    thursday: HoursText = Field(default=(), description="Opening hours on Thursdays.")
    friday: HoursText = Field(default=(), description="Opening hours on Fridays.")
    saturday: HoursText = Field(default=(), description="Opening hours on Saturdays.")
    sunday: HoursText = Field(default=(), description="Opening hours on Sundays.")

    @property
    def days(self) -> tuple[tuple[Interval, ...], ...]:
        """Seven entries, Monday first."""
        return tuple(getattr(self, weekday) for weekday in WEEKDAYS)


class HolidayCalendar(Entry):
    """Public holidays of a country or one of its regions, by the ``holidays`` library."""

    country: Line = Field(description="Two-letter code of the country, such as `DE` (ISO 3166-1).")
    region: Line | None = Field(
        default=None,
        description="Code of the state or province, such as `BE` (ISO 3166-2, second part).",
    )

    def __str__(self) -> str:
        return f"{self.country}-{self.region}" if self.region else self.country


def _read_holidays(value: Any) -> Any:
    if value is None or value == "none":
        return ()
    return [value] if isinstance(value, dict | HolidayCalendar) else value


class Closure(Entry):
    """Days on which the site is closed though the week says otherwise; both ends included."""

    first: DateText = Field(alias="from", description="First closed date.")
    last: DateText | None = Field(
        default=None,
        alias="to",
        description="Last closed date, included; the first one when absent.",
    )
    reason: Line | None = Field(
        default=None, description="Why, shown when a visit cannot take place."
    )

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"the closure ends on {self.last}, before it starts on {self.first}")
        return self

    def covers(self, day: date) -> bool:
        """Whether a date lies in the closure, its first and last date included.

        Args:
            day: a local date of the site.
        """
        return self.first <= day <= (self.last or self.first)


class Opening(Entry):
    """A date on which the site is open whatever weekday, holiday or closure it falls on."""

    date: DateText = Field(description="The date.")
    hours: HoursText = Field(description="Opening hours on that date, in place of the weekday's.")
    reason: Line | None = Field(default=None, description="Why.")

    @model_validator(mode="after")
    def _is_open(self) -> Self:
        if not self.hours:
            raise ValueError("an opening needs hours; closed dates stand under `closures`")
        return self


_MAX_ADDRESS_LINES = 6
_PHONE = re.compile(r"\+?[0-9(][0-9 ()/.-]{2,38}(?: ?(?:ext\.?|x) ?[0-9]{1,6})?")


def _read_phone(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not _PHONE.fullmatch(text) or sum(letter.isdigit() for letter in text) < 3:
        described = "nothing" if value is None else f"`{str(value)[:40]}`"
        raise ValueError(
            f"a telephone number such as `+49 30 23125 000` is expected, found {described}"
        )
    return text


PhoneText = Annotated[
    str,
    TextField(_read_phone, "a telephone number", "+49 30 23125 000", pattern=whole(_PHONE.pattern)),
]


def _few_lines(lines: tuple[str, ...]) -> tuple[str, ...]:
    if len(lines) > _MAX_ADDRESS_LINES:
        raise ValueError(
            f"an address has at most {_MAX_ADDRESS_LINES} lines, this one {len(lines)}"
        )
    for line in lines:
        if "@" in line:
            raise ValueError(f"`{line[:40]}` looks like an e-mail address; write where the site is")
    return lines


class Room(Entry):
    """A room in which visits can take place."""

    id: Id = Field(description="Unique among the rooms.")
    title: Line | None = Field(default=None, description="Title.")
    kind: Id = Field(description="What kind of room, in the words that protocols ask for rooms in.")
    capacity: Annotated[int, WholeNumber(1, 999)] = Field(
        default=1, description="How many participants at a time."
    )


def _dates_once(openings: tuple[Opening, ...]) -> tuple[Opening, ...]:
    _once("opening on", [str(opening.date) for opening in openings])
    return openings


def _ids_once(rooms: tuple[Room, ...]) -> tuple[Room, ...]:
    _once("room", [room.id for room in rooms])
    return rooms


def _once(what: str, names: list[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise ValueError(f"there is more than one {what} `{name}`")


HolidaysText = Annotated[
    tuple[HolidayCalendar, ...],
    ONE_OR_MANY,
    Coerce(_read_holidays, {"const": "none"}, {"type": "null"}),
]
ClosuresText = Annotated[tuple[Closure, ...], ONE_OR_MANY]
OpeningsText = Annotated[tuple[Opening, ...], AfterValidator(_dates_once), ONE_OR_MANY]


class Facility(Entry):
    """A place of the site with hours of its own, such as a ward that is open seven days a week.

    Nothing that closes or opens the site closes or opens it.
    """

    id: Id = Field(description="Unique among the facilities; what a visit's `facility:` names.")
    title: Line | None = Field(default=None, description="Title.")
    rooms: Annotated[tuple[Id, ...], ONE_OR_MANY] = Field(
        default=(),
        description="Kinds of rooms that are there: visits that need one take place there.",
    )
    hours: Week = Field(description="Opening hours per weekday.")
    holidays: HolidaysText = Field(default=(), description="Public holidays on which it is closed.")
    closures: ClosuresText = Field(default=(), description="Closed stretches of its own.")
    openings: OpeningsText = Field(
        default=(), description="Extra open dates; they override weekdays, holidays and closures."
    )

    @model_validator(mode="after")
    def _is_ever_open(self) -> Self:
        if not any(self.hours.days) and not self.openings:
            raise ValueError(f"`{self.id}` is never open; give `hours` for one weekday at least")
        return self


def _facilities_once(facilities: tuple[Facility, ...]) -> tuple[Facility, ...]:
    _once("facility", [facility.id for facility in facilities])
    _once("facility with rooms", [kind for facility in facilities for kind in facility.rooms])
    return facilities


class Site(Entry):
    """Where visits take place."""

    format: Annotated[Literal[1], file_format(FORMAT)] = Field(
        description="Version of this file format."
    )
    id: Id = Field(description="Short name of the site.")
    title: Line = Field(description="Title.")
    address: Annotated[tuple[Line, ...], AfterValidator(_few_lines), ONE_OR_MANY] = Field(
        default=(), description="Where participants find it, line by line."
    )
    phone: PhoneText | None = Field(
        default=None, description="The site's own telephone number, of a desk, never of a person."
    )
    timezone: ZoneText = Field(description="The time zone in which its clocks run.")
    hours: Week = Field(description="Opening hours per weekday.")
    holidays: HolidaysText = Field(
        default=(), description="Public holidays on which the site is closed."
    )
    closures: ClosuresText = Field(default=(), description="Closed stretches of the site's own.")
    openings: OpeningsText = Field(
        default=(), description="Extra open dates; they override weekdays, holidays and closures."
    )
    facilities: Annotated[tuple[Facility, ...], AfterValidator(_facilities_once)] = Field(
        default=(),
        description="Places of the site with their own hours, holidays and closures; visits that"
        " neither name one nor need a room there go by those of the site.",
    )
    visit_length: VisitLengthText | None = Field(
        default=None,
        description="Assumed duration of visits for which the protocol states none."
        " Visits of one day are kept so far apart and calendars show it, marked as assumed.",
    )
    overnight: YesNo = Field(
        default=False,
        description="Whether participants can stay overnight; they cannot when absent.",
    )
    rooms: Annotated[tuple[Room, ...], AfterValidator(_ids_once)] = Field(
        default=(), description="The rooms there are."
    )
    staff: dict[Id, Annotated[int, WholeNumber(0, 999)]] = Field(
        default={}, description="How many people there are, by role."
    )

    @model_validator(mode="after")
    def _is_ever_open(self) -> Self:
        if not any(self.hours.days) and not self.openings:
            raise ValueError("the site is never open; give `hours` for one weekday at least")
        return self


ALWAYS_OPEN = "always-open"
"""The id of the site that stands in when no site file is given."""


def always_open() -> Site:
    """The site that stands in when none is named: open day and night, in UTC, no holidays."""
    return Site.model_validate(
        {
            "format": FORMAT,
            "id": ALWAYS_OPEN,
            "title": "no site file given: every day open, times in UTC",
            "timezone": "UTC",
            "hours": dict.fromkeys(WEEKDAYS, "00:00-24:00"),
            "overnight": True,
        }
    )
