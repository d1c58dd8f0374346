"""Distances and windows of time, and the way they are written.

Calendar distances (days, weeks, months, years) lie between calendar dates at the site; clock
distances (hours, minutes) lie between instants. They are different types: ``1d`` and ``24h`` are
different statements, and adding one to the other is a type error.

Written forms: ``3w``, ``90min``, ``-2d``, ``1h30min`` and ISO 8601 (``P3W``, ``PT90M``) for
distances; ``3d..14d``, ``6w..``, ``..6w``, ``>=6mo``, ``±3d`` and ``-2d/+4d`` (the last two
relative to a target) for windows; ``09:00`` and ``08:00..10:00`` for times of day.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

MINUTES_A_DAY = 1440
LONGEST_DAYS = 7305
"""Twenty years: longer distances are refused as mistakes (DOMAIN 2.9)."""
FIRST_YEAR, LAST_YEAR = 1900, 2200


class UnitError(ValueError):
    """A distance, window or time of day that cannot be read; the message says what is allowed."""


@dataclass(frozen=True, slots=True)
class CalendarDistance:
    """A signed distance between two calendar dates: months first, then days."""

    months: int
    days: int

    def __str__(self) -> str:
        """The shortest written form, such as ``3w``, ``-2d`` or ``1y2mo``."""
        if self.months * self.days < 0:
            return f"{CalendarDistance(self.months, 0)}{self.days:+}d"
        sign = "-" if self.months < 0 or self.days < 0 else ""
        years, months = divmod(abs(self.months), 12)
        weeks, days = divmod(abs(self.days), 7)
        if weeks and days:
            weeks, days = 0, abs(self.days)
        parts = ((years, "y"), (months, "mo"), (weeks, "w"), (days, "d"))
        return sign + ("".join(f"{n}{unit}" for n, unit in parts if n) or "0d")

    def __neg__(self) -> "CalendarDistance":
        return CalendarDistance(-self.months, -self.days)

    def __add__(self, other: "CalendarDistance") -> "CalendarDistance":
        if not isinstance(other, CalendarDistance):
            return NotImplemented
        return CalendarDistance(self.months + other.months, self.days + other.days)

    def __sub__(self, other: "CalendarDistance") -> "CalendarDistance":
        if not isinstance(other, CalendarDistance):
            return NotImplemented
        return CalendarDistance(self.months - other.months, self.days - other.days)

    @property
    def day_span(self) -> tuple[int, int]:
        """The least and the greatest number of days this distance can be, both included."""
        if not self.months:
            return self.days, self.days
        least, greatest = _month_span(abs(self.months))
        if self.months < 0:
            least, greatest = -greatest, -least
        return least + self.days, greatest + self.days

    def after(self, day: date) -> date:
        """The date this far after ``day``; months are clamped at the month's end, then days added.

        Raises:
            UnitError: the result lies outside 1900-2200.
        """
        ordinal = day.toordinal()
        if self.months:
            year, month0 = divmod(day.year * 12 + day.month - 1 + self.months, 12)
            if not FIRST_YEAR - 30 <= year <= LAST_YEAR + 30:
                raise UnitError(f"{day} and {self}: outside the years {FIRST_YEAR}-{LAST_YEAR}")
            ordinal = date(
                year, month0 + 1, min(day.day, month_length(year, month0 + 1))
            ).toordinal()
        return date.fromordinal(ordinal + self.days)


@dataclass(frozen=True, slots=True)
class ClockDistance:
    """A signed elapsed time in whole minutes."""

    minutes: int

    def __str__(self) -> str:
        """The shortest written form, such as ``90min`` or ``8h``."""
        sign = "-" if self.minutes < 0 else ""
        hours, minutes = divmod(abs(self.minutes), 60)
        return f"{sign}{hours}h" if hours and not minutes else f"{sign}{abs(self.minutes)}min"

    def __neg__(self) -> "ClockDistance":
        return ClockDistance(-self.minutes)

    def __add__(self, other: "ClockDistance") -> "ClockDistance":
        if not isinstance(other, ClockDistance):
            return NotImplemented
        return ClockDistance(self.minutes + other.minutes)

    def __sub__(self, other: "ClockDistance") -> "ClockDistance":
        if not isinstance(other, ClockDistance):
            return NotImplemented
        return ClockDistance(self.minutes - other.minutes)


Distance = CalendarDistance | ClockDistance


@dataclass(frozen=True, slots=True)
class Window:
    """The allowed distances, both ends included; an open end is ``None``."""

    earliest: Distance | None
    latest: Distance | None

    def __str__(self) -> str:
        if self.earliest == self.latest:
            return str(self.earliest)
        return f"{_blank(self.earliest)}..{_blank(self.latest)}"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A window relative to a target: so far before it and so far after it, both included."""

    before: Distance
    after: Distance

    def __str__(self) -> str:
        return f"±{self.after}" if self.before == self.after else f"-{self.before}/+{self.after}"

    def around(self, target: Distance) -> Window:
        """The window around ``target``.

        Raises:
            UnitError: the target is of the other kind (calendar or clock).
        """
        if isinstance(target, CalendarDistance):
            if isinstance(self.before, CalendarDistance) and isinstance(
                self.after, CalendarDistance
            ):
                return Window(target - self.before, target + self.after)
        elif isinstance(self.before, ClockDistance) and isinstance(self.after, ClockDistance):
            return Window(target - self.before, target + self.after)
        raise UnitError(f"`{self}` around `{target}`: days and hours do not mix")


def _blank(distance: Distance | None) -> str:
    return "" if distance is None else str(distance)


_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_length(year: int, month: int) -> int:
    """Days of a month of the Gregorian calendar; ``month`` is 1-12."""
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _MONTH_DAYS[month - 1]


@cache
def _month_span(months: int) -> tuple[int, int]:
    """Least and greatest days from a date to the date ``months`` later (clamped), 1900-2200.

    Starts in 2000-2003 see every position in the leap cycle, starts in 2080-2099 also those spans
    that cross 2100, which has no leap day.
    """
    least, greatest = LONGEST_DAYS * 400, 0
    for year in (*range(2000, 2004), *range(2080, 2100)):
        for month in range(1, 13):
            end_year, end_month0 = divmod(year * 12 + month - 1 + months, 12)
            span = date(end_year, end_month0 + 1, 1).toordinal() - date(year, month, 1).toordinal()
            clamped = max(0, month_length(year, month) - month_length(end_year, end_month0 + 1))
            least, greatest = min(least, span - clamped), max(greatest, span)
    return least, greatest


_UNITS = {"y": 12, "mo": 1, "w": 7, "d": 1, "h": 60, "min": 1}
_CALENDAR_UNITS = ("y", "mo", "w", "d")
_LIKELY = {
    "m": "`min` for minutes or `mo` for months",
    "day": "`d`", "days": "`d`", "week": "`w`", "weeks": "`w`", "wk": "`w`", "wks": "`w`",
    "month": "`mo`", "months": "`mo`", "mon": "`mo`", "year": "`y`", "years": "`y`", "yr": "`y`",
    "hour": "`h`", "hours": "`h`", "hr": "`h`", "hrs": "`h`", "minute": "`min`",
    "minutes": "`min`", "mins": "`min`",
}  # fmt: skip
_PLAIN = re.compile(r"([+-]?)((?:\d{1,9}(?:y|mo|w|d|h|min))+)\Z")
_PART = re.compile(r"(\d+)(y|mo|w|d|h|min)")
_ALLOWED = "write a number and a unit, such as `3w`, `10d`, `6mo`, `90min`, `-2d`, `P3W` or `PT90M`"


def parse_distance(text: str) -> Distance:
    """Reads one distance; surrounding spaces are allowed.

    Raises:
        UnitError: not a distance, a mixture of calendar and clock units, or over 20 years.
    """
    text = text.strip()
    match = _PLAIN.match(text)
    if match is None:
        if text.lstrip("+-").startswith("P"):
            return _parse_iso(text)
        raise UnitError(f"`{_shown(text)}` is not a distance; {_unit_hint(text)}")
    sign = -1 if match[1] == "-" else 1
    parts = [(int(number), unit) for number, unit in _PART.findall(match[2])]
    return _distance(text, sign, parts)


def _distance(text: str, sign: int, parts: list[tuple[int, str]]) -> Distance:
    units = [unit for _, unit in parts]
    if len(set(units)) != len(units):
        raise UnitError(f"`{text}` names a unit twice; {_ALLOWED}")
    calendar = [unit in _CALENDAR_UNITS for unit in units]
    if all(calendar):
        months = sum(n * _UNITS[unit] for n, unit in parts if unit in ("y", "mo"))
        days = sum(n * _UNITS[unit] for n, unit in parts if unit in ("w", "d"))
        if months * 30 + days > LONGEST_DAYS:
            raise UnitError(f"`{_shown(text)}` is longer than 20 years")
        return CalendarDistance(sign * months, sign * days)
    if any(calendar):
        raise UnitError(
            f"`{text}` mixes calendar days with hours; a distance is one or the other"
            " (`1d` is the next date, `24h` is elapsed time)"
        )
    minutes = sum(n * _UNITS[unit] for n, unit in parts)
    if minutes > LONGEST_DAYS * MINUTES_A_DAY:
        raise UnitError(f"`{_shown(text)}` is longer than 20 years")
    return ClockDistance(sign * minutes)


def _parse_iso(text: str) -> Distance:
    match = re.fullmatch(
        r"([+-]?)P(?:(\d{1,9})Y)?(?:(\d{1,9})M)?(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
        r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?)?",
        text,
    )
    if match is None or not any(match.groups()[1:]):
        raise UnitError(
            f"`{_shown(text)}` is not an ISO 8601 duration in whole minutes, hours, days, weeks,"
            " months or years, such as `P3W` or `PT90M`"
        )
    units = ("y", "mo", "w", "d", "h", "min")
    parts = [(int(n), unit) for n, unit in zip(match.groups()[1:], units, strict=True) if n]
    return _distance(text, -1 if match[1] == "-" else 1, parts)


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def _unit_hint(text: str) -> str:
    match = re.fullmatch(r"[+-]?[\d.]+\s*([A-Za-z]+)", text)
    if match and match[1].lower() in _LIKELY:
        return f"for `{match[1]}` write {_LIKELY[match[1].lower()]}"
    if re.fullmatch(r"[+-]?\d+", text):
        return (
            f"a number needs its unit: `{_shown(text)}d`, `{_shown(text)}w` or `{_shown(text)}min`"
        )
    return _ALLOWED


def parse_window(text: str) -> Window | Tolerance:
    """Reads a window: ``3d..14d``, ``6w..``, ``..6w``, ``>=6mo``, ``3d`` (exactly), ``±3d``.

    Raises:
        UnitError: not a window, ends of different kinds, or ends upside down.
    """
    text = text.strip()
    for mark in ("±", "+/-", "+-"):
        if text.startswith(mark):
            reach = _unsigned(text, parse_distance(text[len(mark) :]))
            return Tolerance(reach, reach)
    before, slash, after = text.partition("/")
    if slash:
        if not (before.startswith("-") and after.startswith("+")):
            raise UnitError(f"`{_shown(text)}`: write `-2d/+4d` for days before and after a target")
        tolerance = Tolerance(
            _unsigned(text, parse_distance(before[1:])), _unsigned(text, parse_distance(after[1:]))
        )
        if type(tolerance.before) is not type(tolerance.after):
            raise UnitError(f"`{_shown(text)}` mixes calendar days with hours")
        return tolerance
    if text.startswith(">="):
        return Window(parse_distance(text[2:]), None)
    if text.startswith("<="):
        return Window(None, parse_distance(text[2:]))
    earliest_text, dots, latest_text = text.partition("..")
    if not dots:
        exact = parse_distance(text)
        return Window(exact, exact)
    earliest = parse_distance(earliest_text) if earliest_text.strip() else None
    latest = parse_distance(latest_text) if latest_text.strip() else None
    if earliest is None and latest is None:
        raise UnitError("a window needs at least one end: `3d..14d`, `6w..` or `..6w`")
    window = Window(earliest, latest)
    if earliest is not None and latest is not None and _upside_down(text, earliest, latest):
        raise UnitError(f"`{text}` is upside down: {earliest} is later than {latest}")
    return window


def _unsigned(text: str, reach: Distance) -> Distance:
    if str(reach).startswith("-"):
        raise UnitError(f"`{_shown(text)}`: how far a target may be missed has no sign")
    return reach


def _upside_down(text: str, earliest: Distance, latest: Distance) -> bool:
    if isinstance(earliest, CalendarDistance) and isinstance(latest, CalendarDistance):
        return earliest.day_span[0] > latest.day_span[1]
    if isinstance(earliest, ClockDistance) and isinstance(latest, ClockDistance):
        return earliest.minutes > latest.minutes
    raise UnitError(f"`{text}` mixes calendar days with hours; both ends are of one kind")


def parse_time(text: str) -> int:
    """Reads a time of day ``HH:MM`` as minutes since midnight, 0-1439.

    Raises:
        UnitError: not a time of day.
    """
    match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text.strip())
    if match is None:
        raise UnitError(f"`{_shown(text)}` is not a time of day; write `09:00` or `17:30`")
    return int(match[1]) * 60 + int(match[2])


def parse_time_range(text: str) -> tuple[int, int]:
    """Reads ``09:00`` or ``08:00..10:00`` as first and last minute of the day, both included.

    Raises:
        UnitError: not a time of day or upside down.
    """
    first_text, dots, last_text = text.partition("..")
    first = parse_time(first_text)
    last = parse_time(last_text) if dots else first
    if last < first:
        raise UnitError(f"`{text}` is upside down")
    return first, last


def format_time(minute: int) -> str:
    """A minute of the day as ``HH:MM``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def parse_date(text: str) -> date:
    """Reads an ISO 8601 date between the years 1900 and 2200.

    Raises:
        UnitError: not such a date; a day that its month does not have is named as such.
    """
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text.strip())
    if match is None:
        raise UnitError(f"`{_shown(text)}` is not a date; write `2027-01-11`")
    year, month, day = (int(part) for part in match.groups())
    if not 1 <= month <= 12:
        raise UnitError(f"`{text}`: there is no month {month}")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnitError(f"`{text}` lies outside the years {FIRST_YEAR}-{LAST_YEAR}")
    if not 1 <= day <= month_length(year, month):
        names = (
            "January February March April May June July August September October November December"
        )
        raise UnitError(f"`{text}`: there is no {day} {names.split()[month - 1]} {year}")
    return date(year, month, day)
