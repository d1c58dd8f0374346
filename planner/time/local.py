"""Exact conversions between local times at a site and instants.

An instant is a whole number of minutes since 1970-01-01 00:00 UTC. A local time is a date and a
minute of that date as clocks on the wall show it. A clock change skips local times (refused by
name here) or makes them occur twice (the first occurrence is meant, as RFC 5545 section 3.3.5
reads them); how zones change is what ``zoneinfo`` knows.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.errors import PlannerError
from planner.time.distance import MINUTES_A_DAY

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_MINUTE = timedelta(minutes=1)


class SkippedLocalTime(PlannerError):
    """A local time that no clock in the zone ever shows, because a clock change skips it.

    ``gap_start`` is the first local time that is skipped, ``gap_end`` the first one after it that
    exists again; both without a zone.
    """

    def __init__(self, local: datetime, zone: ZoneInfo) -> None:
        self.local = local
        self.zone = zone
        self.gap_start, self.gap_end = _gap(local, zone)
        same_date = self.gap_start.date() == self.gap_end.date() == local.date()
        form = "%H:%M" if same_date else "%Y-%m-%d %H:%M"
        super().__init__(
            f"{local:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clocks go from"
            f" {self.gap_start.strftime(form)} to {self.gap_end.strftime(form)}"
        )


def to_instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """The instant at which clocks in the zone show this minute of this date.

    A local time that occurs twice means its first occurrence; ``is_repeated`` tells.

    Args:
        day: a local date.
        minute: minutes since its midnight; 1440 and more are times of the dates that follow.
        zone: the time zone.

    Raises:
        SkippedLocalTime: clocks never show it.
        PlannerError: the zone was then not whole minutes away from UTC.
    """
    if not 0 <= minute < MINUTES_A_DAY:
        days, minute = divmod(minute, MINUTES_A_DAY)
        day = day + timedelta(days)
    offset = _steady_offset(day, zone)
    if offset is None:
        local = _local(day, minute)
        first, second = _offsets(local, zone)
        if first < second:
            raise SkippedLocalTime(local, zone)
        offset = _whole_minutes(first, local, zone)
    return (day.toordinal() - _EPOCH_DAY) * MINUTES_A_DAY + minute - offset


def first_instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """The instant of a local time, or of the first one after it where the clocks skip it.

    Args:
        day: a local date.
        minute: minutes since its midnight; 1440 and more are times of the dates that follow.
        zone: the time zone.

    Returns:
        As `to_instant`.

    Raises:
        PlannerError: the zone was then not whole minutes away from UTC.
    """
    try:
        return to_instant(day, minute, zone)
    except SkippedLocalTime as skipped:
        after = skipped.gap_end
        return to_instant(after.date(), after.hour * 60 + after.minute, zone)


def to_local(instant: int, zone: ZoneInfo) -> datetime:
    """The local time that clocks show at an instant.

    Args:
        instant: minutes, as `to_instant` has them.
        zone: the time zone.

    Returns:
        A time with its zone; ``fold`` is 1 in the second occurrence of a repeated hour.
    """
    return (_EPOCH + timedelta(minutes=instant)).astimezone(zone)


@lru_cache(maxsize=1 << 16)
def day_of(instant: int, zone: ZoneInfo) -> date:
    """The local date at an instant.

    Args:
        instant: minutes, as `to_instant` has them.
        zone: the time zone.
    """
    return to_local(instant, zone).date()


def is_repeated(day: date, minute: int, zone: ZoneInfo) -> bool:
    """Whether clocks show a local time twice, since they are set back over it.

    Args:
        day: a local date.
        minute: minutes since its midnight, 0 to 1439.
        zone: the time zone.
    """
    first, second = _offsets(_local(day, minute), zone)
    return first > second


def is_skipped(day: date, minute: int, zone: ZoneInfo) -> bool:
    """Whether clocks never show a local time, since they are set forward over it.

    Args:
        day: a local date.
        minute: minutes since its midnight, 0 to 1439.
        zone: the time zone.
    """
    first, second = _offsets(_local(day, minute), zone)
    return first < second


def changes_clock(day: date, zone: ZoneInfo) -> bool:
    """Whether clocks are set forward or back on a date, from one midnight to the next.

    Args:
        day: a local date.
        zone: the time zone.
    """
    return _steady_offset(day, zone) is None


def _local(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60))


def _offsets(local: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """The offsets from UTC that the two readings of a local time have (PEP 495).

    Equal for nearly all times; the first is greater for a repeated time, smaller for a skipped one.
    """
    first = local.replace(tzinfo=zone).utcoffset()
    second = local.replace(tzinfo=zone, fold=1).utcoffset()
    if first is None or second is None:  # pragma: no cover - ZoneInfo always knows an offset
        raise PlannerError(f"the offset of {zone.key} from UTC is unknown")
    return first, second


def _whole_minutes(offset: timedelta, local: datetime, zone: ZoneInfo) -> int:
    minutes, rest = divmod(offset, _MINUTE)
    if rest:
        raise PlannerError(
            f"{local:%Y-%m-%d}: the clocks of {zone.key} were then not whole minutes from UTC"
        )
    return minutes


@lru_cache(maxsize=1 << 17)
def _steady_offset(day: date, zone: ZoneInfo) -> int | None:
    """Minutes east of UTC throughout a date, or ``None`` on a date with a clock change.

    Looking at both midnights is enough: since 1900 no zone of the database changed twice within
    two days.
    """
    first, second = _offsets(_local(day, 0), zone)
    last, _ = _offsets(_local(day + timedelta(1), 0), zone)
    if not first == second == last:
        return None
    return _whole_minutes(first, _local(day, 0), zone)


def _gap(local: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The skipped stretch around a skipped local time: its first time, and the first after it."""
    before, after = _offsets(local, zone)
    # In UTC the change lies later than `local - after` and no later than `local - before`.
    early = (local - after).replace(tzinfo=UTC)
    steps = (after - before) // _MINUTE
    low, high = 0, steps
    while high - low > 1:
        middle = (low + high) // 2
        if (early + middle * _MINUTE).astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    change = (early + high * _MINUTE).replace(tzinfo=None)
    return change + before, change + after
