"""Reads ISO 8601 durations as distances of ours: days and months by the calendar, hours by clock.

A distance of ours is one or the other. What mixes both is elapsed time, a day being 24 hours;
months and hours do not mix at all.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from planner.units import (
    MINUTES_A_DAY,
    CalendarDistance,
    ClockDistance,
    Distance,
    UnitError,
    parse_distance,
)

_NUMBER = r"([+-]?[0-9]{1,9}(?:[.,][0-9]{1,6})?)"
_DURATION = re.compile(
    rf"([+-]?)P(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?P<time>T(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?",
    re.IGNORECASE | re.ASCII,
)


class DurationError(ValueError):
    """A text that is no duration of ours; says why."""


class Duration(NamedTuple):
    """A duration as a distance without sign, and what was done to make it one.

    ``negative``: it was written with a minus sign. ``joined``: days and hours became elapsed time.
    ``rounded``: it counts seconds and was rounded to minutes.
    """

    length: Distance
    negative: bool
    joined: bool
    rounded: bool

    @property
    def is_zero(self) -> bool:
        """Whether it is no time at all, of either kind."""
        return is_zero(self.length)


def read_duration(text: str) -> Duration:
    """Reads a duration such as ``P2W``, ``PT5M``, ``P1DT12H``, ``P1Y6M``, ``-P2D`` or ``P-2D``.

    Raises:
        DurationError: it is none, mixes signs or months with hours, or is over 20 years.
    """
    match = _DURATION.fullmatch(text.strip())
    numbers = [] if match is None else [match[at] for at in (2, 3, 4, 5, 7, 8, 9)]
    if match is None or not any(numbers) or (match["time"] and not any(numbers[4:])):
        raise DurationError("is no ISO 8601 duration, such as `P2W` or `PT90M`")
    parts = [Fraction(number.replace(",", ".")) if number else Fraction(0) for number in numbers]
    if any(part < 0 for part in parts):
        if any(part > 0 for part in parts):
            raise DurationError("goes forwards and backwards at once")
        parts = [-part for part in parts]
        negative = match[1] != "-"
    else:
        negative = match[1] == "-" and any(parts)
    years, months, weeks, days, hours, minutes, seconds = parts
    months += years * 12
    days += weeks * 7
    clock = hours * 60 + minutes + seconds / 60
    if months.denominator != 1 or (months and (clock or days.denominator != 1)):
        raise DurationError("mixes months with parts of a day")
    joined = False
    rounded = False
    length: Distance
    if clock or days.denominator != 1 or (not days and not months and match["time"]):
        joined = bool(days and clock)
        clock += days * MINUTES_A_DAY
        rounded = clock.denominator != 1
        length = ClockDistance(round(clock))
    else:
        length = CalendarDistance(int(months), int(days))
    try:
        checked(length)
    except UnitError:
        raise DurationError("is longer than 20 years") from None
    return Duration(length, negative, joined, rounded)


def checked(length: Distance) -> Distance:
    """The same distance.

    Raises:
        UnitError: no protocol file can hold it: longer than 20 years, or of two signs.
    """
    parse_distance(str(length))
    return length


def is_zero(length: Distance) -> bool:
    """Whether a distance is no time at all, of either kind."""
    return length in (CalendarDistance(0, 0), ClockDistance(0))


def as_clock(length: Distance) -> ClockDistance | None:
    """A distance as elapsed time, a day being 24 hours; ``None`` for months."""
    if isinstance(length, ClockDistance):
        return length
    return None if length.months else ClockDistance(length.days * MINUTES_A_DAY)
