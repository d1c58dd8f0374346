"""The site's calendar: when it is open, why it is not, and when a visit can start."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from planner.errors import PlannerError, did_you_mean
from planner.protocol.fields import WEEKDAYS
from planner.site.business_days import SiteBusinessDays
from planner.site.model import Facility, Site, always_open
from planner.site.public_holidays import holidays_of_year, holidays_version
from planner.time.distance import MINUTES_A_DAY
from planner.time.local import changes_clock, first_instant, is_repeated, is_skipped, to_instant
from planner.time.zone import find_zone, zone_release

Intervals = tuple[tuple[int, int], ...]


class SiteCalendar:
    """Answers for one site, each date remembered once asked.

    Opening hours are local minutes of the day, the closing minute not included (1440 is 24:00).
    An opening overrides all else; then a closed weekday, a public holiday and a closure each close
    the date.
    """

    def __init__(self, site: Site, facility: Facility | None = None) -> None:
        self.site = site
        self.facility = facility
        self.id = site.id
        self.title = site.title
        self.zone = find_zone(site.timezone)
        self.overnight = site.overnight
        self._week: tuple[Intervals, ...] = site.hours.days
        self._openings: dict[date, Intervals] = {day.date: day.hours for day in site.openings}
        self._holidays: dict[int, dict[date, str]] = {}
        self._days: dict[date, tuple[Intervals, str | None]] = {}
        self._starts: dict[tuple[date, int], Intervals] = {}
        self.patterns: dict[tuple[object, ...], Any] = {}
        """What plans at this site have found out about like visits, for the next one to use."""
        self.business_days = SiteBusinessDays(site, self._holiday)
        """The dates that distances in business days count, also of visits in a facility."""
        self._facilities = {
            place.id: SiteCalendar(_as_site(site, place), place) for place in site.facilities
        }

    def place(self, facility: str | None, room: str | None) -> "SiteCalendar":
        """The calendar of the facility in which a visit takes place, or that of the site.

        Args:
            facility: the id that the visit names; a site without facilities is one place.
            room: the kind of room that it needs; the facility that has it is taken where the visit
                names none.

        Raises:
            PlannerError: the site has facilities, and none of this id.
        """
        if facility is not None and self._facilities:
            if facility not in self._facilities:
                known = list(self._facilities)
                hint = did_you_mean(facility, known) or f"its facilities: {', '.join(known)}"
                raise PlannerError(f"site `{self.id}` has no facility `{facility}`; {hint}")
            return self._facilities[facility]
        for place in self.site.facilities:
            if facility is None and room in place.rooms:
                return self._facilities[place.id]
        return self

    @property
    def is_named(self) -> bool:
        """Whether somebody named a site, and not `always_open` stands in for one."""
        return self.site != always_open()

    def hours(self, day: date) -> Intervals:
        """The opening hours of a date: intervals in order and apart from each other.

        Args:
            day: a local date of the site.

        Returns:
            Local minutes since midnight; empty where the site is closed.

        Raises:
            PlannerError: the ``holidays`` library is missing or does not know that year.
        """
        return self._day(day)[0]

    def is_open(self, day: date) -> bool:
        """Whether the site opens at all on a date.

        Args:
            day: a local date of the site.

        Raises:
            PlannerError: as `hours`.
        """
        return bool(self._day(day)[0])

    def why_closed(self, day: date) -> str | None:
        """Why the site is closed on a date.

        Args:
            day: a local date of the site.

        Returns:
            Such as ``closed on Saturdays``, ``public holiday: Christmas Day`` or
            ``closure: year-end closure``; ``None`` where it is open.

        Raises:
            PlannerError: as `hours`.
        """
        reason = self._day(day)[1]
        if reason is None or self.facility is None:
            return reason
        return f"{self.facility.title or self.facility.id}: {reason}"

    def starts(self, day: date, minutes: int | None, overnight: bool) -> Intervals:
        """Local minutes of a date at which a visit can start, as intervals with both ends.

        The visit lies inside one opening interval, which goes on past midnight where the next date
        opens at 00:00. Its length is elapsed time, so a clock change is counted in; starts that
        the clock skips are left out.

        Args:
            day: the local date on which the visit starts.
            minutes: its length; ``None`` or 0 is unknown, so that only its start must fit.
            overnight: the participant stays: only the start must fit, and a site without
                overnight stays has none.

        Raises:
            PlannerError: the ``holidays`` library is missing or does not know that year.
        """
        if overnight and not self.overnight:
            return ()
        length = 1 if overnight or not minutes else minutes
        starts = self._starts.get((day, length))
        if starts is None:
            starts = self._starts[day, length] = tuple(
                run
                for opens, closes in self.hours(day)
                for run in self._starts_in(day, opens, closes, length)
            )
        return starts

    def minutes_in_use(self) -> frozenset[int]:
        """All minutes of the day at which the site or a facility opens or closes on some date."""
        days = (*self._week, *self._openings.values())
        own = frozenset(minute for hours in days for interval in hours for minute in interval)
        return own.union(*(place.minutes_in_use() for place in self._facilities.values()))

    def conventions(self) -> tuple[str, ...]:
        """What the answers rest on: the releases of the time zones and of the public holidays.

        Raises:
            PlannerError: the ``holidays`` library is missing.
        """
        name = self.zone.key
        holidays = [f"public holidays: {_holidays(self.site)}"]
        holidays += (
            f"{place.title or place.id}: {_holidays(place)}" for place in self.site.facilities
        )
        return f"time zone: {name} by tzdata {zone_release(name)}", ", ".join(holidays)

    def _day(self, day: date) -> tuple[Intervals, str | None]:
        hours = self._days.get(day)
        if hours is None:
            hours = self._days[day] = self._find_day(day)
        return hours

    def _find_day(self, day: date) -> tuple[Intervals, str | None]:
        opening = self._openings.get(day)
        if opening:
            return opening, None
        hours = self._week[day.weekday()]
        if not hours:
            return (), f"closed on {WEEKDAYS[day.weekday()].capitalize()}s"
        holiday = self._holiday(day)
        if holiday is not None:
            return (), f"public holiday: {holiday}"
        for closure in self.site.closures:
            if closure.covers(day):
                return (), f"closure: {closure.reason}" if closure.reason else "closure"
        return hours, None

    def _holiday(self, day: date) -> str | None:
        names = self._holidays.get(day.year)
        if names is None:
            names = self._holidays[day.year] = {}
            for calendar in self.site.holidays:
                for holiday, name in holidays_of_year(calendar, day.year).items():
                    names.setdefault(holiday, name)
        return names.get(day)

    def _starts_in(self, day: date, opens: int, closes: int, length: int) -> Intervals:
        following = day
        while closes % MINUTES_A_DAY == 0 and closes < MINUTES_A_DAY - 1 + length:
            following += timedelta(1)
            hours = self.hours(following)
            if not hours or hours[0][0] > 0:
                break
            closes += hours[0][1]
        if self._clock_holds(day, opens, closes):
            last = min(closes - length, MINUTES_A_DAY - 1)
            return ((opens, last),) if opens <= last else ()
        return self._starts_across_a_change(day, opens, closes, length)

    def _clock_holds(self, day: date, opens: int, closes: int) -> bool:
        """Whether as much time passes between two local times as clocks show."""
        days = range((closes - 1) // MINUTES_A_DAY + 1)
        if not any(changes_clock(day + timedelta(number), self.zone) for number in days):
            return True
        if closes >= MINUTES_A_DAY or any(
            is_repeated(day, minute, self.zone) or is_skipped(day, minute, self.zone)
            for minute in (opens, closes)
        ):
            return False
        elapsed = to_instant(day, closes, self.zone) - to_instant(day, opens, self.zone)
        return elapsed == closes - opens

    def _starts_across_a_change(self, day: date, opens: int, closes: int, length: int) -> Intervals:
        """The same, minute by minute, for the few dates a year that are not 24 hours long.

        The site opens and closes when clocks show the written minute for the first time.
        """
        instants = _instants(day, self.zone)
        end = first_instant(day, closes, self.zone)
        runs: list[list[int]] = []
        for minute in range(opens, min(closes, MINUTES_A_DAY)):
            start = instants[minute]
            if start is None or start + length > end:
                continue
            if runs and runs[-1][1] == minute - 1:
                runs[-1][1] = minute
            else:
                runs.append([minute, minute])
        return tuple((first, last) for first, last in runs)


def _as_site(site: Site, facility: Facility) -> Site:
    """The site as it is for visits in a facility."""
    own = {name: getattr(facility, name) for name in ("hours", "holidays", "closures", "openings")}
    return site.model_copy(update={**own, "facilities": ()})


def _holidays(place: Site | Facility) -> str:
    if not place.holidays:
        return "none"
    places = ", ".join(str(calendar) for calendar in place.holidays)
    return f"{places} by holidays {holidays_version()}"


@lru_cache(maxsize=256)
def _instants(day: date, zone: ZoneInfo) -> tuple[int | None, ...]:
    """The instant of each minute of a date, ``None`` where the clock skips it."""
    return tuple(
        None if is_skipped(day, minute, zone) else to_instant(day, minute, zone)
        for minute in range(MINUTES_A_DAY)
    )
