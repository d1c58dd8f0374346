"""Zones of the time zone database by their names, and the instants of local times."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.formats.ical.check.scalars import Moment


@lru_cache(maxsize=512)
def known_zone(name: str) -> tzinfo | None:
    """The zone of that name in the time zone database; ``None`` for a vendor's or made-up one."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def instant_of(moment: Moment) -> datetime | None:
    """The instant in UTC, if its zone is known; a repeated local time is the first (3.3.5)."""
    if moment.kind == "utc":
        return moment.clock.replace(tzinfo=UTC)
    zone = known_zone(moment.zone) if moment.kind == "local" else None
    if zone is None:
        return None
    try:
        return moment.clock.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return None
