"""Single values by their type (RFC 5545 3.3): what they are, or that they are none."""

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from planner.time.iso8601 import DurationError
from planner.time.iso8601 import parse_duration as parse_iso

_DATE = re.compile(r"[0-9]{8}")
_DATE_TIME = re.compile(r"([0-9]{8})T([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9]|60)(Z?)")
_OFFSET = re.compile(r"([+-])([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"\\^`]*")

Kind = Literal["date", "utc", "local", "floating"]


class DateTimeValue(NamedTuple):
    """A DATE or DATE-TIME: what its clock shows, and whose clock that is.

    ``zone`` is the TZID of a local one and empty otherwise; a date is its midnight.
    """

    kind: Kind
    clock: datetime
    zone: str = ""


@lru_cache(maxsize=4096)
def parse_date(text: str) -> datetime | None:
    """The midnight of a DATE, or ``None`` for a text that is none or a day that does not exist."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return datetime(int(text[:4]), int(text[4:6]), int(text[6:]))  # noqa: DTZ001
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def parse_date_time(text: str) -> tuple[datetime, bool] | None:
    """What the clock of a DATE-TIME shows and whether it is UTC's; ``None`` for any other text.

    A leap second is taken for the second before it.
    """
    found = _DATE_TIME.fullmatch(text)
    day = parse_date(found[1]) if found else None
    if found is None or day is None:
        return None
    clock = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=min(int(found[4]), 59))
    return day + clock, bool(found[5])


def parse_moment(text: str, zone: str | None) -> DateTimeValue | None:
    """A DATE or a DATE-TIME, whichever the text looks like."""
    day = parse_date(text)
    if day is not None:
        return DateTimeValue("date", day)
    read = parse_date_time(text)
    if read is None:
        return None
    if read[1]:
        return DateTimeValue("utc", read[0])
    return DateTimeValue("local", read[0], zone) if zone else DateTimeValue("floating", read[0])


class DurationValue(NamedTuple):
    """A DURATION; ``timed`` if it has a time part, ``gap`` if it leaves out minutes in between."""

    length: timedelta
    timed: bool
    gap: bool


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> DurationValue | None:
    """A DURATION, or ``None`` for a text that is none (RFC 5545 3.3.6).

    There a duration has no months, years, fractions and inner signs, and weeks stand alone.
    """
    try:
        found = parse_iso(text)
    except DurationError:
        return None
    clock = found.hours, found.minutes, found.seconds
    is_timed = clock != (None, None, None)
    if found.weeks is not None and (found.days is not None or is_timed):
        return None
    is_foreign = found.years is not None or found.months is not None
    if is_foreign or not all(str(number).isdigit() for number in found.numbers):
        return None
    try:
        length = timedelta(days=int(found.all_days), seconds=int(found.all_seconds))
    except OverflowError:
        return None
    gap = found.hours is not None and found.minutes is None and found.seconds is not None
    return DurationValue(length, is_timed, gap)


def parse_offset(text: str) -> int | None:
    """Seconds east of UTC, or ``None``; there is no ``-0000``."""
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    size = int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4] or 0)
    if found[1] == "-":
        return -size if size else None
    return size


def is_uri(text: str) -> bool:
    """Whether a text has a scheme and nothing that no URI holds; letters of any script may be."""
    return _URI.fullmatch(text) is not None
