"""Zones by names that the time zone database does not have: those of Windows, and of registries."""

import re
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.time.zone import known_zone

_NUMBERED = re.compile(r" [0-9]{1,2}$")
_STATED = re.compile(r"\((?:UTC|GMT)(?:([+-])([0-9]{1,2}):?([0-9]{2}))?\)")


@lru_cache(maxsize=256)
def zone_of_alias(name: str) -> ZoneInfo | None:
    """The zone that Windows calls so, or that is named behind a registry's prefix; else ``None``.

    Outlook numbers zones of the same name; a registry such as `/freeassociation.sourceforge.net`
    stands before the database's own names.
    """
    if name.startswith("/"):
        steps = name.split("/")[1:]
        zones = (known_zone("/".join(steps[-count:])) for count in (3, 2, 1) if count < len(steps))
        return next((zone for zone in zones if zone is not None), None)
    # The list of a library that takes its time to be imported, which few files need.
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    place = WINDOWS_TO_OLSON.get(_NUMBERED.sub("", name))
    return None if place is None else known_zone(place)


def offsets_near(zone: tzinfo | None, clock: datetime) -> set[int]:
    """Seconds east of UTC of a zone in the weeks around a local time, that year and in `_MODERN`.

    Empty where that cannot be told.

    Args:
        zone: ``None`` for one that nobody knows, of which nothing can be told.
        clock: a local time; weeks that no calendar has (before year 1) are passed over.
    """
    offsets: set[int] = set()
    for year in {clock.year, _MODERN} if zone is not None else ():
        for days in range(-_AROUND, _AROUND + 1, 5):
            try:
                moment = clock.replace(year=year, day=min(clock.day, 28)) + timedelta(days=days)
                offset = moment.replace(tzinfo=zone).utcoffset()
            except (OverflowError, ValueError):
                continue
            offsets.update(() if offset is None else (int(offset.total_seconds()),))
    return offsets


_MODERN = 2025
"""A year whose rules programs apply to all years."""
_AROUND = 45
"""Days by which changes of the clocks may lie elsewhere."""


def offset_in_name(name: str) -> int | None:
    """Seconds east of UTC that a name such as `(UTC-05:00) Eastern Time` says; else ``None``."""
    match = _STATED.match(name)
    if match is None:
        return None
    size = int(match[2] or 0) * 3600 + int(match[3] or 0) * 60
    return -size if match[1] == "-" else size
