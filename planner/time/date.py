"""Dates and times of day, and the way they are written: ``2027-01-11``, ``09:00``."""

import re
from datetime import date

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Dates outside these years are refused as mistakes (DOMAIN 2.9)."""


class UnitError(ValueError):
    """A distance, window, date or time that cannot be read; the message says what is allowed."""


_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def month_length(year: int, month: int) -> int:
    """The number of days of a month of the Gregorian calendar.

    Args:
        year: the year, such as 2027.
        month: 1 (January) to 12.
    """
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if leap else _MONTH_DAYS[month - 1]


def shortened(text: str) -> str:
    """The text as messages show it: at most 40 characters."""
    return text if len(text) <= 40 else text[:37] + "..."


def parse_time(text: str) -> int:
    """A time of day as minutes since midnight.

    Args:
        text: ``HH:MM``, from ``00:00`` to ``23:59``; spaces around it are allowed.

    Returns:
        0 to 1439.

    Raises:
        UnitError: not a time of day.
    """
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text.strip())
    if match is None:
        raise UnitError(f"`{shortened(text)}` is not a time of day; write `09:00` or `17:30`")
    return int(match[1]) * 60 + int(match[2])


def parse_time_range(text: str) -> tuple[int, int]:
    """A time of day, or a span of times, as its first and its last minute since midnight.

    Args:
        text: ``09:00`` or ``08:00..10:00``.

    Returns:
        Both ends, 0 to 1439 and both included; equal for a single time.

    Raises:
        UnitError: not a time of day, or the second one is earlier than the first.
    """
    first_text, dots, last_text = text.partition("..")
    first = parse_time(first_text)
    last = parse_time(last_text) if dots else first
    if last < first:
        raise UnitError(
            f"`{shortened(text)}` has its ends in reverse order: {first_text} is later than"
            f" {last_text}"
        )
    return first, last


def format_time(minute: int) -> str:
    """A minute of the day as ``HH:MM``.

    Args:
        minute: minutes since midnight, 0 to 1439.
    """
    return f"{minute // 60:02d}:{minute % 60:02d}"


def format_time_range(span: tuple[int, int]) -> str:
    """A span of times of day as `parse_time_range` reads it: ``09:00`` or ``08:00..10:00``.

    Args:
        span: first and last minute since midnight, 0 to 1439 and both included.
    """
    first, last = (format_time(minute) for minute in span)
    return first if first == last else f"{first}..{last}"


_EXCEL_DAY_0 = date(1899, 12, 30).toordinal()


def written_date(text: str) -> str:
    """How the date that a text may mean is written, such as the number that Excel makes of it."""
    match = re.fullmatch(r"([0-9]{5})(?:\.[0-9]*)?", text.strip())
    day = date.fromordinal(_EXCEL_DAY_0 + int(match[1])) if match else None
    if day is None or day.year > LAST_YEAR:
        return f"write {_either_order(text) or '`2027-01-11`'}"
    return f"in Excel it is {day.isoformat()}: write that, or format the cells as text"


def _either_order(text: str) -> str:
    """What `03/04/2027` and `3.4.2027` may mean, day first or month first; empty for others."""
    match = re.match(r"([0-9]{1,2})([/.])([0-9]{1,2})\2([0-9]{4})(?![0-9])", text.strip())
    if match is None:
        return ""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    pairs = [(second, first)] if match[2] == "." else [(second, first), (first, second)]
    known = [
        f"`{year}-{month:02d}-{day:02d}`"
        for month, day in dict.fromkeys(pairs)
        if 1 <= month <= 12 and 1 <= day <= month_length(year, month)
    ]
    return " or ".join(known) + (", whichever it is" if len(known) > 1 else "")


def iso_form(text: str) -> str:
    """A date that spreadsheets write day first, as ISO 8601 has it; other texts stay as they are.

    Args:
        text: ``14.12.2026`` or ``14.12.2026 9:30``; with dots the day comes first everywhere.
    """
    match = re.fullmatch(
        r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?: +([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?)?",
        text.strip(),
    )
    if match is None:
        return text
    day = f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}"
    return day if match[4] is None else f"{day}T{match[4]:0>2}:{match[5]}"


def parse_date(text: str) -> date:
    """An ISO 8601 calendar date.

    Args:
        text: ``YYYY-MM-DD``, from 1900-01-01 to 2200-12-31; spaces around it are allowed.

    Raises:
        UnitError: not such a date; a day that its month does not have is named as such.
    """
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text.strip())
    if match is None:
        raise UnitError(f"`{shortened(text)}` is not a date; {written_date(text)}")
    year, month, day = (int(part) for part in match.groups())
    if not 1 <= month <= 12:
        raise UnitError(f"`{text}`: there is no month {month}")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnitError(f"`{text}` is outside the years {FIRST_YEAR}-{LAST_YEAR}")
    if not 1 <= day <= month_length(year, month):
        names = (
            "January February March April May June July August September October November December"
        )
        raise UnitError(f"`{text}`: there is no {day} {names.split()[month - 1]} {year}")
    return date(year, month, day)
