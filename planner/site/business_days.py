"""Business days of a site: the dates that fall on its open weekdays and on no public holiday."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import date

from planner.errors import PlannerError
from planner.site.model import Site
from planner.time.distance import MAX_DAYS


class SiteBusinessDays:
    """Counts by one site, a year of dates at a time; closures and openings change nothing.

    A closure is the site's own and no holiday of those who deliver to it.
    """

    def __init__(self, site: Site, holiday: Callable[[date], str | None]) -> None:
        """`holiday` says which public holiday a date is, if any."""
        self._site = site
        self._holiday = holiday
        self._weekdays = frozenset(
            weekday for weekday, hours in enumerate(site.hours.days) if hours
        )
        self._years: dict[int, list[int]] = {}

    @property
    def per_week(self) -> int:
        """How many weekdays count, 1 to 7.

        Raises:
            PlannerError: the site is open on no weekday.
        """
        if not self._weekdays:
            raise PlannerError(
                f"site `{self._site.id}` is open on no weekday, so that no business days can be"
                " counted; give `hours`"
            )
        return len(self._weekdays)

    def after(self, day: date, number: int) -> date:
        """The business day that lies so many after a date, or before it for a negative number.

        Args:
            day: of any weekday; it does not count itself.
            number: 0 is the date itself.

        Raises:
            PlannerError: the site is open on no weekday, or the ``holidays`` library does not know
                a year.
        """
        assert self.per_week
        assert abs(number) <= MAX_DAYS, "no distance is longer than 20 years"
        ordinal, year = day.toordinal(), day.year
        while number:
            days = self._days(year)
            if number > 0:
                at = bisect_right(days, ordinal) + number - 1
                if at < len(days):
                    return date.fromordinal(days[at])
                number = at - len(days) + 1
                year += 1
            else:
                at = bisect_left(days, ordinal) + number
                if at >= 0:
                    return date.fromordinal(days[at])
                number = at
                year -= 1
        return day

    def _days(self, year: int) -> list[int]:
        """The ordinals of the business days of a year."""
        if year not in self._years:
            first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
            self._years[year] = [
                ordinal
                for ordinal in range(first, last + 1)
                if (ordinal - 1) % 7 in self._weekdays
                and self._holiday(date.fromordinal(ordinal)) is None
            ]
        return self._years[year]
