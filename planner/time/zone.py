"""Time zones of the IANA database: their rules, and the release that those are of.

Rules come from the ``tzdata`` package, so that a plan is the same on every machine that has the
same one; the system's own files stand in only for a zone that the package does not have, or where
it is not installed. (``zoneinfo`` has it the other way round, and asks the environment first.)
"""

import zoneinfo
from collections.abc import Callable
from functools import cache, lru_cache
from io import BytesIO
from zoneinfo import ZoneInfo

from planner.errors import did_you_mean

_NO_PLACES = ("Factory", "localtime", "posixrules", "right", "posix")
"""Entries of zone folders that mean another zone on every machine, or count leap seconds."""


class _PackagedZone(ZoneInfo):
    """A zone of the package, which a copy or another process finds again by its name."""

    def __reduce__(self) -> tuple[Callable[[str], ZoneInfo], tuple[str]]:
        return find_zone, (self.key,)


def find_zone(name: str) -> ZoneInfo:
    """The time zone of a name; the same object for the same name.

    Args:
        name: a name of the IANA Time Zone Database, such as ``Europe/Berlin``.

    Raises:
        ValueError: there is no such zone; names the nearest one.
    """
    zone = known_zone(name)
    if zone is not None:
        return zone
    hint = _nearest_zone(name) or "write a name such as `Europe/Berlin`"
    quoted = name if len(name) <= 40 else name[:37] + "..."
    raise ValueError(f"`{quoted}` is not a time zone; {hint}")


@lru_cache(maxsize=1024)
def known_zone(name: str) -> ZoneInfo | None:
    """The time zone of a name, where the IANA Time Zone Database has it.

    Args:
        name: such as ``Europe/Berlin``.

    Returns:
        ``None`` for a name that is a vendor's, made up or misspelt.
    """
    if name.split("/")[0] in _NO_PLACES:
        return None
    try:
        return _zone(name)
    except (KeyError, ValueError, OSError):
        # A folder such as `Europe` is an OSError, a path such as `../UTC` a ValueError.
        return None


def zone_rules(name: str) -> bytes | None:
    """The file (TZif, RFC 9636) with the rules of a time zone.

    Args:
        name: as for `known_zone`.

    Returns:
        ``None`` for a name that is no zone's, or whose file neither package nor system has.
    """
    zone = known_zone(name)
    if zone is None:
        return None
    if isinstance(zone, _PackagedZone):
        return _packaged(name)
    folder = _system_folder(name)
    if folder is None:
        return None
    with open(f"{folder}/{name}", "rb") as file:
        return file.read()


def zone_release(name: str) -> str:
    """The release of the IANA Time Zone Database that the rules of a zone are of.

    Args:
        name: a name that `known_zone` knows.

    Returns:
        Such as ``2026b``; rules of the system say so, since its release may be another than the
        package's.
    """
    if isinstance(known_zone(name), _PackagedZone):
        from importlib import import_module

        return str(import_module("tzdata").IANA_VERSION)
    for file_name in ("tzdata.zi", "+VERSION"):
        try:
            with open(f"{_system_folder(name)}/{file_name}", encoding="ascii") as file:
                first_line = file.readline(100)
        except (OSError, UnicodeDecodeError):
            continue
        return f"{first_line.removeprefix('# version').strip()} of the system"
    return "of the system, release unknown"


@cache
def _zone(name: str) -> ZoneInfo:
    rules = _packaged(name)
    return ZoneInfo(name) if rules is None else _PackagedZone.from_file(BytesIO(rules), name)


@cache
def _packaged_names() -> frozenset[str]:
    """The zones of the package; none where it is not installed."""
    from pkgutil import get_data

    try:
        data = get_data("tzdata", "zones")
    except (ModuleNotFoundError, OSError):
        data = None
    return frozenset((data or b"").decode("ascii").split())


def _packaged(name: str) -> bytes | None:
    from pkgutil import get_data

    return get_data("tzdata", f"zoneinfo/{name}") if name in _packaged_names() else None


def _system_folder(name: str) -> str | None:
    """Where the system keeps the file of a zone, with those of all others."""
    from os.path import isfile

    return next((path for path in zoneinfo.TZPATH if isfile(f"{path}/{name}")), None)


def _nearest_zone(name: str) -> str:
    """The question with the zone most like a name, or whose city is; empty if none is near."""
    names = _packaged_names() or zoneinfo.available_timezones()
    known = sorted(zone for zone in names if zone not in _NO_PLACES)
    word = name.strip().lower().replace(" ", "_")
    by_spelling = {zone.lower(): zone for zone in known}
    by_city = {zone.lower().rpartition("/")[2]: zone for zone in known if "/" in zone}
    city = word.rpartition("/")[2]
    return did_you_mean(word, by_spelling, spelled=by_spelling, likeness=0.75) or did_you_mean(
        city, by_city, spelled=by_city, likeness=0.75
    )
