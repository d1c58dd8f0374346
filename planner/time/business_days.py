"""Business days: the dates that a distance such as ``5bd`` counts, and how many days it spans."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

_HOLIDAYS_IN_20_WEEKS = 7
"""No place has more public holidays on its open weekdays within so many weeks, or any part."""


class BusinessDays(Protocol):
    """The dates that count, of a site or as good as any."""

    @property
    def per_week(self) -> int:
        """How many weekdays count, 1 to 7."""

    def after(self, day: date, number: int) -> date:
        """The business day that lies so many after a date, or before it for a negative number."""


@dataclass(frozen=True, slots=True)
class WeekdaysAlone:
    """Mondays to Fridays, whatever holidays there are: what stands in where no site is known."""

    @property
    def per_week(self) -> int:
        """See `BusinessDays`."""
        return 5

    def after(self, day: date, number: int) -> date:
        """See `BusinessDays`.

        Args:
            day: of any weekday; it does not count itself.
            number: 0 is the date itself.
        """
        step = timedelta(1 if number > 0 else -1)
        weeks, rest = divmod(abs(number), 5)
        if weeks and not rest:
            weeks, rest = weeks - 1, 5
        day += 7 * weeks * step
        while rest:
            day += step
            rest -= day.weekday() < 5
        return day


MONDAY_TO_FRIDAY = WeekdaysAlone()


def business_day_span(number: int, calendar: BusinessDays) -> tuple[int, int]:
    """The least and the greatest number of days that business days can span, both included.

    Every date may be a business day; or all but the weekdays that count, and public holidays fall
    on these.

    Args:
        number: of business days, signed.
        calendar: whose weekdays count.
    """
    count = abs(number)
    holidays = _HOLIDAYS_IN_20_WEEKS * -(-count // (20 * calendar.per_week))
    most = 7 * -(-(count + holidays) // calendar.per_week)
    return (count, most) if number > 0 else (-most, -count)
