"""How an instant is written: by the site's clocks where that is clear, else in UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.formats.ical.event import Event

_UTC_KEYS = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Zulu"})


def is_repeated(moment: datetime) -> bool:
    """Whether the clocks of its zone show this local time twice (or skip it)."""
    return moment.utcoffset() != moment.replace(fold=1 - moment.fold).utcoffset()


class Moments:
    """Puts the instants of one zone into the form in which they are written.

    A local time that occurs twice means its first occurrence to one reader and its second to
    another, so it is written in UTC; so is everything outside of the years that the zone's
    VTIMEZONE is proven for, and everything if `utc` is asked for.
    """

    __slots__ = ("_clear", "_local", "_years", "zone")

    def __init__(self, zone: ZoneInfo, years: tuple[int, int], *, utc: bool) -> None:
        """`years` are the first and the last that the VTIMEZONE covers."""
        self.zone = zone
        self._years = years
        self._local = not utc and zone.key not in _UTC_KEYS
        self._clear: dict[date, bool] = {}

    def written(self, moment: datetime) -> datetime:
        """The same instant, in the zone or in UTC."""
        if not self._local:
            return moment.astimezone(UTC)
        day = moment.date()
        clear = self._clear.get(day)
        if clear is None:
            clear = self._clear[day] = self._is_clear(day)
        if clear or (self._covers(day) and not is_repeated(moment)):
            return moment
        return moment.astimezone(UTC)

    def written_first(self, moment: datetime, last: date) -> datetime:
        """The first instant of a repetition until the date `last`.

        It repeats at the same local time, so it stays local if clocks change in between, also where
        UTC is asked for. RFC 5545 3.3.5 says that a repeated local time is the first of the two.

        Args:
            moment: the start of the first one, with the zone that the calendar is for.
            last: included.
        """
        if self.zone.key in _UTC_KEYS:
            return moment.astimezone(UTC)
        # Months are short enough to meet each clock change that lasts.
        offset = moment.utcoffset()
        day, steady = moment, True
        while steady and day.date() < last:
            day = min(day + timedelta(days=7), datetime.combine(last, moment.timetz()))
            steady = day.utcoffset() == offset
        if not self._local or not self._covers(moment.date()) or is_repeated(moment):
            return moment.astimezone(UTC) if steady else moment
        return moment

    def _covers(self, day: date) -> bool:
        return self._years[0] <= day.year <= self._years[1]

    def _is_clear(self, day: date) -> bool:
        """Whether every local time of a date occurs once and is covered."""
        if not self._covers(day) or not self._covers(day + timedelta(days=1)):
            return False
        midnight = datetime.combine(day, datetime.min.time(), self.zone)
        following = datetime.combine(day + timedelta(days=1), datetime.min.time(), self.zone)
        return midnight.utcoffset() == following.utcoffset() and not (
            is_repeated(midnight) or is_repeated(following)
        )


def is_local(event: Event) -> bool:
    """Whether an event's start or end is written by the clocks of a zone."""
    return any(
        isinstance(moment, datetime) and moment.tzinfo is not UTC
        for moment in (event.details.start, event.details.end)
    )
