"""Distances and windows of time, and the way they are written.

Calendar distances (days, weeks, months, years) lie between calendar dates at the site; clock
distances (hours, minutes) lie between instants. They are different types: ``1d`` and ``24h`` are
different statements, and adding one to the other is a type error. Business days are days of the
calendar, too, and how many they span depends on the date (`planner.time.business_days`).

Written forms: ``3w``, ``90min``, ``-2d``, ``5bd``, ``1h30min`` and ISO 8601 (``P3W``, ``PT90M``)
for distances; ``3d..14d``, ``6w..``, ``..6w``, ``>=6mo``, ``±3d`` and ``-2d/+4d`` (the last two
relative to a target) for windows.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from planner.time.business_days import MONDAY_TO_FRIDAY, BusinessDays, business_day_span
from planner.time.date import FIRST_YEAR, LAST_YEAR, month_length, shortened
from planner.time.date import UnitError as UnitError
from planner.time.iso8601 import DurationError, parse_duration

MINUTES_A_DAY = 1440
MAX_DAYS = 7305
"""Twenty years: longer distances are refused as mistakes (DOMAIN 2.9)."""
_FIRST_ORDINAL = date(FIRST_YEAR - 30, 1, 1).toordinal()
_LAST_ORDINAL = date(LAST_YEAR + 30, 12, 31).toordinal()


@dataclass(frozen=True, slots=True)
class CalendarDistance:
    """A signed distance between two calendar dates: business days first, then months, then days.

    ``business_days`` are those of ``calendar``: of a site once the distance is counted there.
    """

    months: int
    days: int
    business_days: int = 0
    calendar: BusinessDays = field(default=MONDAY_TO_FRIDAY, repr=False)

    def __str__(self) -> str:
        """The shortest written form, such as ``3w``, ``-2d``, ``5bd`` or ``1y2mo``."""
        if self.business_days:
            rest = CalendarDistance(self.months, self.days)
            plus = "" if str(rest).startswith("-") else "+"
            more = f"{plus}{rest}" if self.months or self.days else ""
            return f"{self.business_days}bd{more}"
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
        return CalendarDistance(-self.months, -self.days, -self.business_days, self.calendar)

    def __add__(self, other: "CalendarDistance") -> "CalendarDistance":
        if not isinstance(other, CalendarDistance):
            return NotImplemented
        return CalendarDistance(
            self.months + other.months,
            self.days + other.days,
            self.business_days + other.business_days,
            self.calendar if self.business_days else other.calendar,
        )

    def __sub__(self, other: "CalendarDistance") -> "CalendarDistance":
        if not isinstance(other, CalendarDistance):
            return NotImplemented
        return self + -other

    @property
    def is_fixed(self) -> bool:
        """Whether it is so many days from any date: it has no months and no business days."""
        return not self.months and not self.business_days

    def counted_at(self, calendar: BusinessDays) -> "CalendarDistance":
        """The same with business days by a calendar, such as that of a site."""
        if not self.business_days:
            return self
        return CalendarDistance(self.months, self.days, self.business_days, calendar)

    @property
    def day_span(self) -> tuple[int, int]:
        """The least and the greatest number of days this distance can be, both included."""
        if self.business_days:
            fewest, most = business_day_span(self.business_days, self.calendar)
            rest = CalendarDistance(self.months, self.days).day_span
            return fewest + rest[0], most + rest[1]
        if not self.months:
            return self.days, self.days
        least, greatest = _month_span(abs(self.months))
        if self.months < 0:
            least, greatest = -greatest, -least
        return least + self.days, greatest + self.days

    def after(self, day: date) -> date:
        """The date that lies this distance after another one.

        Business days are counted first; months are added next, a day that the month reached does
        not have becomes its last one, and then days are added. Windows around dates of 1900-2200
        may reach out of these years, so a margin is left.

        Args:
            day: the date that is counted from.

        Raises:
            UnitError: the result lies more than 30 years outside 1900-2200.
        """
        if self.business_days:
            day = self.calendar.after(day, self.business_days)
        ordinal = day.toordinal()
        if self.months:
            year, month0 = divmod(day.year * 12 + day.month - 1 + self.months, 12)
            if not FIRST_YEAR - 30 <= year <= LAST_YEAR + 30:
                raise UnitError(f"{day} and {self}: outside the years {FIRST_YEAR}-{LAST_YEAR}")
            ordinal = date(
                year, month0 + 1, min(day.day, month_length(year, month0 + 1))
            ).toordinal()
        ordinal += self.days
        if not _FIRST_ORDINAL <= ordinal <= _LAST_ORDINAL:
            raise UnitError(f"{day} and {self}: outside the years {FIRST_YEAR}-{LAST_YEAR}")
        return date.fromordinal(ordinal)


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


def turned(window: Window) -> Window:
    """The same distances seen from the other side: ``1w..4w`` before is ``-4w..-1w`` after.

    Args:
        window: from a reference to a point.
    """
    earliest, latest = window.earliest, window.latest
    return Window(None if latest is None else -latest, None if earliest is None else -earliest)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A window relative to a target: so far before it and so far after it, both included."""

    before: Distance
    after: Distance

    def __str__(self) -> str:
        """As it is written: ``±3d``, ``-1d/+7d``; in days where a side is no whole weeks."""
        before, after = self.before, self.after
        if before == after:
            return f"±{after}"
        sides = (before, after)
        days = [side.days for side in sides if isinstance(side, CalendarDistance) and side.is_fixed]
        if len(days) == 2 and any(number % 7 or not number for number in days):
            return f"-{days[0]}d/+{days[1]}d"
        return f"-{before}/+{after}"

    def around(self, target: Distance) -> Window:
        """The window from ``before`` ahead of a target to ``after`` behind it, both included.

        Args:
            target: the distance of the target from its reference.

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


@cache
def _month_span(months: int) -> tuple[int, int]:
    """Least and greatest days from a date to the date ``months`` later (clamped), 1900-2200.

    Starts in 2000-2003 see every position in the leap cycle, starts in 2080-2099 also those spans
    that cross 2100, which has no leap day.
    """
    least, greatest = MAX_DAYS * 400, 0
    for year in (*range(2000, 2004), *range(2080, 2100)):
        for month in range(1, 13):
            end_year, end_month0 = divmod(year * 12 + month - 1 + months, 12)
            span = date(end_year, end_month0 + 1, 1).toordinal() - date(year, month, 1).toordinal()
            clamped = max(0, month_length(year, month) - month_length(end_year, end_month0 + 1))
            least, greatest = min(least, span - clamped), max(greatest, span)
    return least, greatest


_UNITS = {"y": 12, "mo": 1, "w": 7, "d": 1, "bd": 1, "h": 60, "min": 1}
_CALENDAR_UNITS = ("y", "mo", "w", "d", "bd")
_LIKELY = {
    "m": "`min` for minutes or `mo` for months",
    "day": "`d`", "days": "`d`", "week": "`w`", "weeks": "`w`", "wk": "`w`", "wks": "`w`",
    "month": "`mo`", "months": "`mo`", "mon": "`mo`", "year": "`y`", "years": "`y`", "yr": "`y`",
    "hour": "`h`", "hours": "`h`", "hr": "`h`", "hrs": "`h`", "minute": "`min`",
    "minutes": "`min`", "mins": "`min`", "wd": "`bd` for business days", "bds": "`bd`",
}  # fmt: skip
_PLAIN = re.compile(r"([+-]?)((?:[0-9]{1,9}(?:y|mo|w|d|bd|h|min))+)\Z")
_PART = re.compile(r"([0-9]+)(y|mo|w|d|bd|h|min)")
_ALLOWED = (
    "write a number and a unit, such as `3w`, `10d`, `5bd`, `6mo`, `90min`, `-2d`, `P3W` or `PT90M`"
)


def parse_distance(text: str) -> Distance:
    """A distance in time, as a protocol file writes it.

    Args:
        text: numbers with units (``3d``, ``-2w``, ``5bd``, ``1y6mo``, ``1h30min``), one sign for
            all, or an ISO 8601 duration (``P3W``); spaces around it are allowed.

    Returns:
        Calendar days and months, or elapsed minutes: never both.

    Raises:
        UnitError: not a distance, a mixture of calendar and clock units, or over 20 years.
    """
    text = text.strip()
    match = _PLAIN.match(text)
    if match is None:
        if text.lstrip("+-").startswith("P"):
            return _parse_iso(text)
        raise UnitError(f"`{shortened(text)}` is not a distance; {_unit_hint(text)}")
    sign = -1 if match[1] == "-" else 1
    parts = [(int(number), unit) for number, unit in _PART.findall(match[2])]
    return _distance(text, sign, parts)


def _distance(text: str, sign: int, parts: list[tuple[int, str]]) -> Distance:
    units = [unit for _, unit in parts]
    if len(set(units)) != len(units):
        raise UnitError(f"`{shortened(text)}` names a unit twice; {_ALLOWED}")
    calendar = [unit in _CALENDAR_UNITS for unit in units]
    if "bd" in units:
        if len(units) > 1:
            raise UnitError(
                f"`{shortened(text)}` mixes business days with other units; write one of them"
            )
        return within_limit(CalendarDistance(0, 0, sign * parts[0][0]), text)
    if all(calendar):
        months = sum(n * _UNITS[unit] for n, unit in parts if unit in ("y", "mo"))
        days = sum(n * _UNITS[unit] for n, unit in parts if unit in ("w", "d"))
        return within_limit(CalendarDistance(sign * months, sign * days), text)
    if any(calendar):
        raise _mixture(text)
    return within_limit(ClockDistance(sign * sum(n * _UNITS[unit] for n, unit in parts)), text)


def _mixture(text: str) -> UnitError:
    return UnitError(
        f"`{shortened(text)}` mixes calendar days with hours; a distance is one or the other"
        " (`1d` is the next date, `24h` is elapsed time)"
    )


def within_limit(distance: Distance, text: str) -> Distance:
    """The same distance, if it is no longer than 20 years.

    Args:
        distance: its months and days have one sign.
        text: how it is written, for the message.

    Raises:
        UnitError: it is longer than 20 years (a month counts with its mean length).
    """
    if isinstance(distance, ClockDistance):
        is_too_long = abs(distance.minutes) > MAX_DAYS * MINUTES_A_DAY
    else:
        # In 487 sixteenths of a day a month has its mean length, so that 240 months are 20 years.
        days = distance.days * 16 + distance.business_days * 23
        is_too_long = abs(distance.months * 487 + days) > MAX_DAYS * 16
    if is_too_long:
        raise UnitError(f"`{shortened(text)}` is longer than 20 years")
    return distance


def _parse_iso(text: str) -> Distance:
    """A duration in capitals and whole numbers, of days or months or of elapsed minutes."""
    try:
        duration = parse_duration(text)
    except DurationError:
        duration = None
    is_whole = duration is not None and not any(number % 1 for number in duration.numbers)
    if duration is None or not is_whole or duration.all_seconds % 60 or text != text.upper():
        raise UnitError(
            f"`{shortened(text)}` is not an ISO 8601 duration in whole minutes, hours, days, weeks,"
            " months or years, such as `P3W` or `PT90M`"
        )
    months, days = int(duration.all_months), int(duration.all_days)
    if not duration.is_clock_time:
        return within_limit(CalendarDistance(months, days), text)
    if months or days:
        raise _mixture(text)
    return within_limit(ClockDistance(int(duration.all_seconds // 60)), text)


_DECIMAL = re.compile(r"([+-]?)([0-9]{1,6})[.,]([0-9]{1,6}) *([A-Za-z]+)")


def whole_form(text: str) -> str | None:
    """How a distance with a decimal fraction is written in whole numbers, for a hint.

    Args:
        text: such as ``1.5h`` or ``0,5w``; a point and a comma are alike.

    Returns:
        Words such as "`90min`"; ``None`` for what is no distance with a fraction.
    """
    match = _DECIMAL.fullmatch(text.strip())
    unit = match[4].lower() if match else ""
    unit = _LIKELY.get(unit, unit).strip("`")
    if match is None or unit not in _UNITS:
        return None
    parts = {"h": (60, "min"), "d": (24, "h"), "w": (7, "d"), "y": (12, "mo")}.get(unit)
    scale = 10 ** len(match[3])
    amount = int(match[2] + match[3]) * (parts[0] if parts else 1)
    if parts is None or amount % scale:
        smaller = unit if parts is None or unit == "d" else parts[1]
        return f"a whole number of `{smaller}`"
    spelling = f"`{match[1]}{amount // scale}{parts[1]}`"
    return f"{spelling} for elapsed time, or whole days" if unit == "d" else spelling


def _unit_hint(text: str) -> str:
    whole = whole_form(text)
    if whole is not None:
        return f"write {whole}"
    match = re.fullmatch(r"[+-]?[\d.]+\s*([A-Za-z]+)", text)
    if match and match[1].lower() in _LIKELY:
        return f"for `{match[1]}` write {_LIKELY[match[1].lower()]}"
    if re.fullmatch(r"[+-]?\d+", text):
        number = shortened(text)
        return f"a number needs its unit: `{number}d`, `{number}w` or `{number}min`"
    return _ALLOWED


def parse_window(text: str) -> Window | Tolerance:
    """The distances that are allowed, as a protocol file writes them; both ends are included.

    Args:
        text: ``3d..14d``, ``6w..`` or ``..6w`` (open ends), ``>=6mo``, ``3d`` (exactly), or a
            tolerance around a target, ``±3d``, ``-2d/+4d`` or ``+4d/-2d``.

    Raises:
        UnitError: not a window, ends of different kinds, or ends upside down.
    """
    text = text.strip()
    for mark in ("±", "+/-", "+-"):
        if text.startswith(mark):
            reach = _unsigned(text, parse_distance(text[len(mark) :]))
            return Tolerance(reach, reach)
    before, slash, after = (part.strip() for part in text.replace("\u2212", "-").partition("/"))
    if slash:
        if before[:1] != "-" and after[:1] != "+":
            before, after = after, before
        _refuse_sides_without_unit(text, before, after)
        if not (before.startswith("-") and after.startswith("+")):
            raise UnitError(
                f"`{shortened(text)}`: write `-2d/+4d` for days before and after a target"
            )
        tolerance = Tolerance(
            _unsigned(text, parse_distance(before[1:])), _unsigned(text, parse_distance(after[1:]))
        )
        if type(tolerance.before) is not type(tolerance.after):
            raise UnitError(f"`{shortened(text)}` mixes calendar days with hours")
        return tolerance
    _refuse_ends_without_unit(text)
    if text.startswith(">="):
        return Window(parse_distance(text[2:]), None)
    if text.startswith("<="):
        return Window(None, parse_distance(text[2:]))
    earliest_text, dots, latest_text = text.partition("..")
    if not dots:
        span = re.fullmatch(r"([0-9]+)([a-z]*) *(?:-|–|—|…|to) *([0-9]+[a-z]+)", text)
        last_unit = span[3].lstrip("0123456789") if span else ""
        # `1mo-3d` is how a month less three days is shown, so no guess is made there.
        if span is not None and not (span[2] in ("y", "mo") and last_unit in ("w", "d")):
            unit = span[2] or last_unit
            raise UnitError(
                f"`{shortened(text)}`: write `{shortened(span[1] + unit)}..{span[3][:40]}`"
            )
        exact = parse_distance(text)
        return Window(exact, exact)
    earliest = parse_distance(earliest_text) if earliest_text.strip() else None
    latest = parse_distance(latest_text) if latest_text.strip() else None
    if earliest is None and latest is None:
        raise UnitError("a window needs at least one end: `3d..14d`, `6w..` or `..6w`")
    window = Window(earliest, latest)
    if earliest is not None and latest is not None and _upside_down(text, earliest, latest):
        raise UnitError(
            f"`{shortened(text)}` has its ends in reverse order: {earliest} is later than {latest}"
        )
    return window


_SIDE = re.compile("([+-]?) *([0-9]{1,6}) *([a-z]*)")


def _refuse_sides_without_unit(text: str, before: str, after: str) -> None:
    """Refuses `-1/+7`, `-1d/7d` and the like, and shows what was meant."""
    sides = [_SIDE.fullmatch(side) for side in (before, after)]
    if sides[0] is None or sides[1] is None:
        return
    (sign, first, unit), (other_sign, last, other_unit) = (side.groups() for side in sides if side)
    if sign == other_sign:
        return
    if sign == "-" and other_sign == "+" and unit and other_unit:
        return
    unit, other_unit = unit or other_unit or "d", other_unit or unit or "d"
    raise UnitError(
        f"`{shortened(text)}`: each side needs its sign and unit; write"
        f" `-{first}{unit}/+{last}{other_unit}`"
    )


_ENDS = re.compile(
    r"(>=|<=|)(-?[0-9]{1,6})?([a-z]*) *(?:(\.\.|-|–|—|…|to) *(-?[0-9]{1,6})?([a-z]*))?"
)


def _refuse_ends_without_unit(text: str) -> None:
    """Refuses `1..7`, `1..7d` and the like, and shows what was meant."""
    match = _ENDS.fullmatch(text)
    if match is None or not (match[1] or match[4]):
        return
    sign, first, first_unit, _, last, last_unit = match.groups()
    unit = first_unit or last_unit or ""
    whole = all(number is None or has for number, has in ((first, first_unit), (last, last_unit)))
    if whole or (first is None and first_unit) or (last is None and last_unit):
        return
    first, last = ("" if end is None else f"{end}{unit or 'd'}" for end in (first, last))
    spelling = f"`{sign}{first}`" if sign else f"`{first}..{last}`"
    days = "" if unit else " for days"
    raise UnitError(f"`{shortened(text)}`: each end needs its unit; write {spelling}{days}")


def _unsigned(text: str, reach: Distance) -> Distance:
    if str(reach).startswith("-"):
        raise UnitError(f"`{shortened(text)}`: how far a target may be missed has no sign")
    return reach


def _upside_down(text: str, earliest: Distance, latest: Distance) -> bool:
    if isinstance(earliest, CalendarDistance) and isinstance(latest, CalendarDistance):
        return earliest.day_span[0] > latest.day_span[1]
    if isinstance(earliest, ClockDistance) and isinstance(latest, ClockDistance):
        return earliest.minutes > latest.minutes
    raise UnitError(
        f"`{shortened(text)}` mixes calendar days with hours; both ends are of one kind"
    )
