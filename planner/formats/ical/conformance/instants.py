"""The instants of local times, where their zone is one of the time zone database."""

from datetime import UTC, datetime

from planner.formats.ical.conformance.scalars import DateTimeValue
from planner.time.zone import known_zone


def instant_of(moment: DateTimeValue) -> datetime | None:
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
