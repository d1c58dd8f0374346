"""Events of former calendars that go into the new one as they are, byte for byte."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import BinaryIO, NamedTuple

from planner.limits import MAX_LINE

_UID = re.compile(rb"^UID:([^\r\n]+)\r$", re.MULTILINE)
_ZONE = re.compile(rb"^TZID:([^\r\n]+)\r$", re.MULTILINE)
_ZONE_USED = re.compile(
    rb"^(?:DTSTART|DTEND);TZID=\"?([^\":;\r\n]+)\"?:([0-9]{4})[0-9]{4}T", re.MULTILINE
)


class KeptEvents(NamedTuple):
    """The bytes of some VEVENTs by UID, and those of the VTIMEZONEs that they use by TZID."""

    events: dict[str, bytes]
    zones: dict[str, bytes]


def read_kept(files: Iterable[BinaryIO], uids: Collection[str]) -> KeptEvents:
    """Reads the events of some UIDs from calendars of ours; memory does not grow with the others.

    Args:
        files: calendars; of an event in several the first one counts.
        uids: of the events.
    """
    events: dict[str, bytes] = {}
    zones: dict[str, bytes] = {}
    for file in files:
        own_zones: dict[str, bytes] = {}
        for name, data in _components(file):
            if name == b"VTIMEZONE":
                zone = _ZONE.search(data)
                if zone is not None:
                    own_zones.setdefault(zone[1].decode(), data)
                continue
            match = _UID.search(data)
            uid = "" if match is None else match[1].decode()
            if uid in uids and uid not in events:
                events[uid] = data
                for used in zones_used(data):
                    zones.setdefault(used, own_zones.get(used, b""))
    return KeptEvents(events, zones)


def zones_used(event: bytes) -> list[str]:
    """The TZIDs of a VEVENT's times; none where all are in UTC or dates."""
    unfolded = event.replace(b"\r\n ", b"")
    return [
        zone.decode() for zone in dict.fromkeys(match[1] for match in _ZONE_USED.finditer(unfolded))
    ]


def local_years(event: bytes) -> list[int]:
    """The years of a VEVENT's local times."""
    unfolded = event.replace(b"\r\n ", b"")
    return [int(match[2]) for match in _ZONE_USED.finditer(unfolded)]


def _components(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """The name and the bytes of each component of a calendar."""
    lines: list[bytes] = []
    name = b""
    while line := file.readline(MAX_LINE):
        if not name and line.startswith(b"BEGIN:") and line != b"BEGIN:VCALENDAR\r\n":
            name = line[6:].rstrip()
        if name:
            lines.append(line)
            if line == b"END:" + name + b"\r\n":
                yield name, b"".join(lines)
                lines, name = [], b""
