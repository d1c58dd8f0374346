"""Timelines made by hand, and a byte-level judge of calendars that shares no code with them."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from planner.time.zone import find_zone
from planner.timeline.model import (
    DatedItem,
    DatedTrack,
    DatedVisit,
    DateWindow,
    Link,
    Timeline,
)

NO_WINDOW = DateWindow(None, None)


def build_visit(day: date, zone: str = "Europe/Berlin", **changes: Any) -> DatedVisit:
    start = datetime.combine(day, time(9), find_zone(zone))
    values: dict[str, Any] = {
        "id": "visit",
        "title": "Session",
        "kind": "dosing",
        "epoch": "treatment",
        "epoch_title": "Treatment",
        "cycle": None,
        "mode": "clinic",
        "optional": False,
        "conditional": None,
        "target": day,
        "window": NO_WINDOW,
        "effective_window": NO_WINDOW,
        "start": start,
        "end": start + timedelta(hours=2),
        "session_end": start + timedelta(hours=2),
        "overnight": False,
        "study_day": 1,
        "status": "planned",
        "deviation": None,
        "number": 1,
        "room": None,
        "staff": (),
        "gates": (),
        "run_sheet": (),
        "links": (),
    }
    return DatedVisit(**(values | changes))


def build_timeline(
    zone: str = "Europe/Berlin",
    start: date = date(2027, 1, 11),
    visits: int | tuple[DatedVisit, ...] = 6,
    **changes: Any,
) -> Timeline:
    """A course of weekly visits that has a bit of everything, or of the visits given."""
    if isinstance(visits, int):
        visits = tuple(_course_visit(zone, start, number) for number in range(visits))
    evening = datetime.combine(start, time(20), find_zone(zone))
    values: dict[str, Any] = {
        "protocol_id": "depression-mdma",
        "protocol_title": "MDMA for depression",
        "protocol_version": "1.0",
        "study_id": "NCT00000000",
        "arm": "high-dose",
        "blinded": True,
        "participant": "P0001",
        "site_id": "berlin",
        "site_title": "Berlin",
        "timezone": zone,
        "anchor_visit": "visit-1",
        "anchor_date": start,
        "day_zero": False,
        "visits": visits,
        "tracks": (
            DatedTrack("diary", "Daily diary", "diary", evening, None, 1, 42),
            DatedTrack("calls", "Calls", "call", evening, evening + timedelta(minutes=5), 7, 1),
        ),
        "conventions": (),
        "cost": 0,
    }
    return Timeline(**(values | changes))


def _course_visit(zone: str, start: date, number: int) -> DatedVisit:
    day = start + timedelta(days=7 * number)
    local = find_zone(zone)
    begin = datetime.combine(day, time(9), local)
    overnight = number % 3 == 2
    end = datetime.combine(day + timedelta(days=overnight), time(11), local)
    session_end = datetime.combine(day, time(11), local)
    previous, this = f"visit-{number}", f"visit-{number + 1}"
    links: tuple[Link, ...] = ()
    if number:
        links = (
            Link(previous, this, number % 2 == 0, False, 7, None),
            Link(previous, this, False, number % 2 == 0, None, 7 * 1440),
        )
    return build_visit(
        day,
        zone,
        id=this,
        title=f"Session {number + 1}",
        number=number + 1,
        study_day=7 * number + 1,
        end=None if number == 1 else end,
        session_end=session_end,
        overnight=overnight,
        status=("planned", "booked", "cancelled")[number % 3],
        window=DateWindow(day - timedelta(days=2), day + timedelta(days=3)),
        effective_window=DateWindow(day - timedelta(days=3), day + timedelta(days=3)),
        room="dosing-room" if number % 2 else None,
        staff=(("therapist", 2),) if number % 2 else (("rater", 1), ("nurse", 0)),
        run_sheet=(
            DatedItem("vitals", "Vitals", begin, None, begin, end, False, (("nurse", 1),)),
            DatedItem("talk", "Talk", begin, session_end, None, None, True, ()),
        )
        if number == 3
        else (),
        links=links,
    )


def find_problems(data: bytes) -> list[str]:
    """What RFC 5545 has against these bytes; an own reading of its sections 3.1 and 3.6."""
    found = []
    if not data.endswith(b"\r\n"):
        found.append("does not end with CRLF")
    rest = data.replace(b"\r\n", b"")
    if re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", rest):
        found.append("control character or bare line break")
    for line in data.split(b"\r\n"):
        if len(line) > 75:
            found.append(f"{len(line)} octets: {line!r}")
        try:
            line.decode("utf-8", "strict")
        except UnicodeDecodeError:
            found.append(f"a character is torn apart: {line!r}")
    found += [
        f"an escape is torn apart: {line!r}"
        for line in re.findall(rb"([^\r\n]*)\r\n ", data)
        if any((len(line) - len(line.rstrip(sign))) % 2 for sign in (b"\\", b"^"))
    ]
    opened: list[tuple[str, list[str]]] = []
    for line in unfold(data):
        match = re.fullmatch(r'([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^":;,]*))*):(.*)', line, re.DOTALL)
        if match is None:
            found.append(f"no content line: {line[:60]!r}")
            continue
        name, _, value = match.groups()
        if name == "BEGIN":
            opened.append((value, []))
        elif name == "END":
            if not opened or opened[-1][0] != value:
                found.append(f"END:{value} closes nothing")
                break
            found += _missing(*opened.pop())
        elif not opened:
            found.append(f"{name} outside of any component")
        else:
            opened[-1][1].append(name)
    if opened:
        found.append("a component is left open")
    return found


ONCE = {
    "VCALENDAR": {"VERSION", "PRODID", "CALSCALE"},
    "VEVENT": {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "SEQUENCE"}
    | {"LAST-MODIFIED", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "CLASS", "CATEGORIES"},
    "VALARM": {"UID", "ACTION", "TRIGGER", "DESCRIPTION"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
}


def _missing(component: str, names: list[str]) -> list[str]:
    once = ONCE.get(component)
    if once is None:
        return [f"{component} is not a component that we write"]
    return [f"{component} has {names.count(name)} {name}" for name in sorted(once)
            if names.count(name) != 1]  # fmt: skip


def unfold(data: bytes) -> list[str]:
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


@pytest.fixture(scope="session")
def visit() -> Callable[..., DatedVisit]:
    return build_visit


@pytest.fixture(scope="session")
def timeline() -> Callable[..., Timeline]:
    return build_timeline


@pytest.fixture(scope="session")
def problems() -> Callable[[bytes], list[str]]:
    return find_problems


@pytest.fixture(scope="session")
def lines_of() -> Callable[[bytes], list[str]]:
    return unfold
