"""Reads ISO 8601 durations as distances of ours: days and months by the calendar, hours by clock.

A distance of ours is one or the other. What mixes both is elapsed time, a day being 24 hours;
months and hours do not mix at all.
"""

from typing import NamedTuple

from planner.time.distance import (
    MINUTES_A_DAY,
    CalendarDistance,
    ClockDistance,
    Distance,
    UnitError,
    parse_distance,
)
from planner.time.iso8601 import DurationError as DurationError
from planner.time.iso8601 import IsoDuration, parse_duration


class ImportedDuration(NamedTuple):
    """A duration as a distance without sign, and what was done to make it one.

    ``negative``: it was written with a minus sign. ``joined``: its days became elapsed time.
    ``rounded``: it counts seconds and was rounded to minutes. ``parts``: what is written.
    """

    length: Distance
    negative: bool
    joined: bool
    rounded: bool
    parts: IsoDuration


def read_duration(text: str) -> ImportedDuration:
    """Reads a duration such as ``P2W``, ``PT5M``, ``P1DT12H``, ``P1Y6M``, ``-P2D`` or ``P-2D``.

    Raises:
        DurationError: it is none, mixes signs or months with hours, or is over 20 years.
    """
    parts = parse_duration(text.strip())
    months, days, seconds = parts.all_months, parts.all_days, parts.all_seconds
    if months % 1 or (months and parts.is_clock_time):
        raise DurationError("mixes months with parts of a day")
    joined = rounded = False
    length: Distance
    if parts.is_clock_time:
        seconds += days * MINUTES_A_DAY * 60
        joined, rounded = bool(days), bool(seconds % 60)
        length = ClockDistance(abs(round(seconds / 60)))
    else:
        length = CalendarDistance(abs(int(months)), abs(int(days)))
    try:
        validated(length)
    except UnitError:
        raise DurationError("is longer than 20 years") from None
    return ImportedDuration(length, min(months, days, seconds) < 0, joined, rounded, parts)


def validated(length: Distance) -> Distance:
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
