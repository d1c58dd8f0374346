"""Finds the time zone that a name of the IANA time zone database stands for."""

from zoneinfo import ZoneInfo

_NO_PLACES = ("Factory", "localtime", "posixrules", "right", "posix")
"""Entries of zone folders that mean another zone on every machine, or count leap seconds."""


def find_zone(name: str) -> ZoneInfo:
    """The zone of this name, such as ``Europe/Berlin``.

    Raises:
        ValueError: there is no such zone; names the nearest one.
    """
    if name.split("/")[0] not in _NO_PLACES:
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            # A folder such as `Europe` is an OSError, a path such as `../UTC` a ValueError.
            pass
    near = _nearest_zone(name)
    hint = f"did you mean `{near}`?" if near else "write a name such as `Europe/Berlin`"
    shown = name if len(name) <= 40 else name[:37] + "..."
    raise ValueError(f"`{shown}` is no time zone; {hint}")


def _nearest_zone(name: str) -> str | None:
    from difflib import get_close_matches
    from zoneinfo import available_timezones

    if len(name) > 80:
        return None
    known = sorted(zone for zone in available_timezones() if zone not in _NO_PLACES)
    word = name.strip().lower().replace(" ", "_")
    by_spelling = {zone.lower(): zone for zone in known}
    by_city = {zone.lower().rpartition("/")[2]: zone for zone in known if "/" in zone}
    for spellings, sought in ((by_spelling, word), (by_city, word.rpartition("/")[2])):
        matches = get_close_matches(sought, spellings, n=1, cutoff=0.75)
        if matches:
            return spellings[matches[0]]
    return None
