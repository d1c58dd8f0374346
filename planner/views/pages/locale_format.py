"""Dates, times and lengths in a language's own form, by the Unicode locale data (CLDR) in Babel."""

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from planner.errors import PlannerError

if TYPE_CHECKING:
    from babel import Locale

_YEAR = re.compile(r"(?:,|\s*'[^']*')?\s*y$")
_NO_BREAK = "\u00a0"
_DAY = re.compile(r"(?<![A-Za-z'])d(?![A-Za-z'])")


class LocaleFormat:
    """Writes dates as people of one language and country write them.

    Args:
        locale: the locale where no country is known, such as ``en_GB``.
        first_of_month: how the language writes a month's first day: French ``1er``.
        country: code of the country (ISO 3166-1) whose form is preferred, if there is one: English
            in the United States has other dates than in Germany.

    Raises:
        PlannerError: Babel is not installed.
    """

    def __init__(self, locale: str, first_of_month: str, country: str | None = None) -> None:
        self.locale = _locale(locale, country)
        self.first = first_of_month
        self.whole = self.locale.date_formats["full"].pattern
        short = _YEAR.sub("", self.whole)
        # No line breaks between a day and its month.
        weekday, _, rest = short.partition(" ")
        self.short = f"{weekday} {rest.replace(' ', _NO_BREAK)}"
        self.whole = self.short + self.whole[len(short) :]

    def full(self, day: date) -> str:
        """Weekday, day, month and year: ``Monday, 3 May 2027``."""
        return self._written(day, self.whole)

    def day(self, day: date, year: int) -> str:
        """The same without the year where it is the one that everybody has in mind."""
        return self._written(day, self.short if day.year == year else self.whole)

    def _written(self, day: date, pattern: str) -> str:
        from babel.dates import format_date

        if day.day == 1 and self.first != "1":
            pattern = _DAY.sub(f"'{self.first}'", pattern)
        return format_date(day, pattern, locale=self.locale)

    def time(self, moment: datetime) -> str:
        """The time of day: ``09:00`` or ``9:00 AM``."""
        from babel.dates import format_time

        # The moment is local already; without its zone nothing converts it again.
        return format_time(moment.time(), "short", locale=self.locale)

    def length(self, minutes: int) -> str:
        """Hours and minutes: ``1 hour 30 minutes``."""
        from babel.units import format_unit

        hours, rest = divmod(minutes, 60)
        parts = []
        if hours:
            parts.append(format_unit(hours, "duration-hour", "long", locale=self.locale))
        if rest or not hours:
            parts.append(format_unit(rest, "duration-minute", "long", locale=self.locale))
        return " ".join(parts)


def _locale(name: str, country: str | None) -> "Locale":
    try:
        from babel import Locale, localedata
    except ImportError:
        raise PlannerError(
            "dates in the language's own form need Babel, an extra; install it with:"
            ' pip install "trial-session-planner[charts]"'
        ) from None
    regional = f"{name.partition('_')[0]}_{country}"
    return Locale.parse(regional if country is not None and localedata.exists(regional) else name)
