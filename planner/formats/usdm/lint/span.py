"""Durations as a study writes them, as amounts of months and seconds that can be compared."""

from functools import lru_cache
from typing import NamedTuple

from planner.formats.usdm.distances import DurationError
from planner.formats.usdm.distances import read_duration as read_as_distance
from planner.time.distance import CalendarDistance, ClockDistance

DAY = 86_400
_MEAN_MONTH = 30.436875
_MAX_EXACT_MONTHS = 1_200


class TimeSpan(NamedTuple):
    """A signed length of time: calendar months, whose days vary, and seconds."""

    months: int
    seconds: int

    def plus(self, other: "TimeSpan") -> "TimeSpan":
        """The sum of both."""
        return TimeSpan(self.months + other.months, self.seconds + other.seconds)

    def minus(self, other: "TimeSpan") -> "TimeSpan":
        """What this is longer than the other."""
        return TimeSpan(self.months - other.months, self.seconds - other.seconds)

    def negated(self) -> "TimeSpan":
        """As far in the other direction."""
        return TimeSpan(-self.months, -self.seconds)

    def magnitude(self) -> "TimeSpan":
        """The amount without its sign."""
        return self.negated() if self.most() < 0 else self

    def least(self) -> int:
        """The fewest seconds it can be."""
        return month_days(self.months)[0] * DAY + self.seconds if self.months else self.seconds

    def most(self) -> int:
        """The most seconds it can be."""
        return month_days(self.months)[1] * DAY + self.seconds if self.months else self.seconds

    def middle(self) -> float:
        """Its seconds with months of a mean length, to put amounts in an order."""
        return self.months * _MEAN_MONTH * DAY + self.seconds

    def __str__(self) -> str:
        """In words and without a sign, such as `2 weeks`, `1 month and 3 days` or `90 minutes`."""
        if self.months and self.seconds and (self.months < 0) != (self.seconds < 0):
            least, most = sorted((abs(self.least()) // DAY, abs(self.most()) // DAY))
            return f"{least} to {most} days"
        parts = []
        years, months = divmod(abs(self.months), 12)
        parts += [_counted(years, "year")] if years else []
        parts += [_counted(months, "month")] if months else []
        if self.seconds or not parts:
            parts.append(_span(abs(self.seconds)))
        return " and ".join(parts)


ZERO = TimeSpan(0, 0)


class SignedDuration(NamedTuple):
    """A duration as the import reads it: how long, and whether it is below zero and in hours.

    ``in_hours``: it is elapsed time, not a distance between dates.
    """

    amount: TimeSpan
    negative: bool
    in_hours: bool


@lru_cache(maxsize=4096)
def read_duration(text: str) -> SignedDuration | None:
    """A duration by its text, to the second; ``None`` where the import reads none."""
    try:
        duration = read_as_distance(text)
    except DurationError:
        return None
    seconds = duration.parts.all_days * DAY + duration.parts.all_seconds
    amount = TimeSpan(int(duration.parts.all_months), round(seconds))
    return SignedDuration(amount, duration.negative, isinstance(duration.length, ClockDistance))


def refusal_of(text: str) -> str:
    """Why a text is not read as a duration, such as `is no ISO 8601 duration`."""
    try:
        read_as_distance(text)
    except DurationError as error:
        return str(error)
    raise ValueError(f"{text} is a duration")


@lru_cache(maxsize=4096)
def month_days(months: int) -> tuple[int, int]:
    """The fewest and the most days of so many calendar months; negative months count back."""
    if abs(months) > _MAX_EXACT_MONTHS:
        middle = round(months * _MEAN_MONTH)
        return middle - 4, middle + 4
    return CalendarDistance(months, 0).day_span


def _span(seconds: int) -> str:
    for size, word in ((7 * DAY, "week"), (DAY, "day"), (3600, "hour"), (60, "minute")):
        if seconds and seconds % size == 0:
            return _counted(seconds // size, word)
    if seconds > DAY:
        days, rest = divmod(seconds, DAY)
        return f"{_counted(days, 'day')} and {_span(rest)}"
    if seconds > 3600:
        hours, rest = divmod(seconds, 3600)
        return f"{_counted(hours, 'hour')} and {_span(rest)}"
    return _counted(seconds, "second") if seconds else "0 days"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
