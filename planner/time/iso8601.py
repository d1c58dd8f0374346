"""Durations of ISO 8601: one reader, one writer, and the parts between them.

The grammar is that of ISO 8601-1:2019 with the extensions of ISO 8601-2 that other standards use:
a sign in front (RFC 5545, xs:duration) or before the numbers (some USDM studies), and weeks beside
other units. RFC 5545, CDISC's USDM and ODM and the protocol file each allow less of it; what they
refuse, and whether a day is a date or 24 hours to them, is said where each of them is read.
"""

import re
from decimal import Decimal
from typing import NamedTuple

Number = Decimal | int

_NUMBER = r"(-?[0-9]{1,9}(?:[.,][0-9]{1,9})?)"
_PATTERN = (
    rf"([+-]?)P(?=.)(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}W)?(?:{_NUMBER}D)?"
    rf"(?:T(?=.)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?"
)


class DurationError(ValueError):
    """A text is no duration; the message is the rest of a sentence that begins with the text."""


class IsoDuration(NamedTuple):
    """A duration by its parts: each a number as it is written, or ``None`` if it is not named.

    ``negative`` is the sign in front. Numbers may have signs of their own, all of them the same,
    and the last one may have a decimal fraction.
    """

    negative: bool = False
    years: Number | None = None
    months: Number | None = None
    weeks: Number | None = None
    days: Number | None = None
    hours: Number | None = None
    minutes: Number | None = None
    seconds: Number | None = None

    def __str__(self) -> str:
        """The duration as a text; nothing is converted, so ``PT90M`` stays that."""
        date = _written(self[1:5], "YMWD")
        clock = _written(self[5:], "HMS")
        return f"{'-' if self.negative else ''}P{date}{'T' if clock else ''}{clock}"

    @property
    def numbers(self) -> tuple[Number, ...]:
        """The numbers that are written, in their order."""
        return tuple(number for number in self[1:] if number is not None)

    @property
    def all_months(self) -> Number:
        """Years and months as months, with the sign."""
        return self._signed(12 * (self.years or 0) + (self.months or 0))

    @property
    def all_days(self) -> Number:
        """Weeks and days as days, with the sign."""
        return self._signed(7 * (self.weeks or 0) + (self.days or 0))

    @property
    def all_seconds(self) -> Number:
        """Hours, minutes and seconds as seconds, with the sign."""
        return self._signed(
            3600 * (self.hours or 0) + 60 * (self.minutes or 0) + (self.seconds or 0)
        )

    @property
    def is_clock_time(self) -> bool:
        """Whether it lies between instants, not dates.

        It does if it has hours, minutes, seconds or a part of a day that are not zero, or is zero
        altogether and written in one of these: ``P1DT0H`` is one day, ``PT0M`` no time.
        """
        if self.all_seconds or self.all_days % 1:
            return True
        is_zero = not self.all_months and not self.all_days
        return is_zero and any(number is not None for number in self[5:])

    def _signed(self, number: Number) -> Number:
        return -number if self.negative else number


def parse_duration(text: str) -> IsoDuration:
    """An ISO 8601 duration.

    Args:
        text: such as ``P2W``, ``-P1Y6M``, ``P1DT12H`` or ``pt0,5h``; no spaces.

    Raises:
        DurationError: it is none, has more than nine digits in a number or behind its point, has
            a fraction before its last number, or numbers of both signs.
    """
    match = re.fullmatch(_PATTERN, text, re.IGNORECASE | re.ASCII)
    if match is None:
        raise DurationError("is not an ISO 8601 duration")
    texts = match.groups()[1:]
    numbers = [None if part is None else Decimal(part.replace(",", ".")) for part in texts]
    iso_duration = IsoDuration(match[1] == "-", *numbers)
    if any(number % 1 for number in iso_duration.numbers[:-1]):
        raise DurationError("has a fraction before its last number")
    if min(iso_duration.numbers) < 0 < max(iso_duration.numbers):
        raise DurationError("goes forwards and backwards at once")
    return iso_duration


def days_duration(days: int) -> IsoDuration:
    """So many days; whole weeks as weeks: ``P3W``, ``P10D``, ``-P2D``, ``P0D``."""
    if days and days % 7 == 0:
        return IsoDuration(days < 0, weeks=abs(days) // 7)
    return IsoDuration(days < 0, days=abs(days))


def minutes_duration(minutes: int) -> IsoDuration:
    """So many minutes as hours and minutes: ``PT1H30M``, ``-PT2H``, ``PT0M``."""
    hours, rest = divmod(abs(minutes), 60)
    return IsoDuration(
        minutes < 0, hours=hours or None, minutes=rest if rest or not hours else None
    )


def _written(numbers: tuple[object, ...], units: str) -> str:
    return "".join(
        f"{number:f}{unit}" if isinstance(number, Decimal) else f"{number}{unit}"
        for number, unit in zip(numbers, units, strict=True)
        if number is not None
    )
