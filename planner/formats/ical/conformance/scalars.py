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
    match = _DATE_TIME.fullmatch(text)
    day = parse_date(match[1]) if match else None
    if match is None or day is None:
        return None
    clock = timedelta(hours=int(match[2]), minutes=int(match[3]), seconds=min(int(match[4]), 59))
    return day + clock, bool(match[5])


def parse_moment(text: str, zone: str | None) -> DateTimeValue | None:
    """A DATE or a DATE-TIME, whichever the text looks like.

    Args:
        text: such as ``20270111`` or ``20270111T090000Z`` (RFC 5545 3.3.4, 3.3.5).
        zone: the TZID beside it, of which a time in UTC or a date takes no notice; floating when
            ``None``.
    """
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
        iso_duration = parse_iso(text)
    except DurationError:
        return None
    clock = iso_duration.hours, iso_duration.minutes, iso_duration.seconds
    is_timed = clock != (None, None, None)
    if iso_duration.weeks is not None and (iso_duration.days is not None or is_timed):
        return None
    is_foreign = iso_duration.years is not None or iso_duration.months is not None
    if is_foreign or not all(str(number).isdigit() for number in iso_duration.numbers):
        return None
    try:
        length = timedelta(days=int(iso_duration.all_days), seconds=int(iso_duration.all_seconds))
    except OverflowError:
        return None
    gap = (
        iso_duration.hours is not None
        and iso_duration.minutes is None
        and iso_duration.seconds is not None
    )
    return DurationValue(length, is_timed, gap)


def parse_offset(text: str) -> int | None:
    """Seconds east of UTC, or ``None``; there is no ``-0000``."""
    match = _OFFSET.fullmatch(text)
    if match is None:
        return None
    size = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    if match[1] == "-":
        return -size if size else None
    return size


def is_uri(text: str) -> bool:
    """Whether a text has a scheme and nothing that no URI holds; letters of any script may be."""
    return _URI.fullmatch(text) is not None
