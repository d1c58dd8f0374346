"""A year of one participant, played into a calendar server and read back from it.

The server (Radicale) runs in its own Python, on the loopback, with a folder of its own; it is
spoken to over HTTP, as by a site's calendar. After every step the store must hold exactly the
events that it is to hold: no duplicates, none missing, each with the right number and status. What
is right is worked out here from the timeline and from what the store held before.
"""

import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import pytest
from formats.ical.calendar_server import Collection, calendar_server

INTERPRETER = os.environ.get("PLANNER_RADICALE_PYTHON")
pytestmark = pytest.mark.skipif(
    not INTERPRETER, reason="$PLANNER_RADICALE_PYTHON names no Python that has Radicale"
)

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[3]
BERLIN = str(ROOT / "examples" / "site-berlin.yaml")
STATUS = {"booked": "CONFIRMED", "occurred": "CONFIRMED", "unscheduled": "CONFIRMED"}
STATUS |= {"planned": "TENTATIVE", "due": "TENTATIVE", "overdue": "TENTATIVE"}
STATUS |= {"missed": "CANCELLED", "cancelled": "CANCELLED"}

# What is recorded, step by step; later lines on a visit replace earlier ones.
YEAR: list[tuple[str, str, str]] = [
    ("the plan", "2026-12-01", "{visit: screening, status: planned}"),
    (
        "the first bookings",
        "2026-12-02",
        (
            "{visit: screening, status: booked, start: 2026-12-09T10:00},"
            " {visit: baseline, status: booked, start: 2027-01-11T10:00}"
        ),
    ),
    (
        "screening took place, preparation is booked",
        "2026-12-10",
        (
            "{visit: screening, status: occurred, start: 2026-12-09T10:00, end: 2026-12-09T13:00},"
            " {visit: prep-1, status: booked, start: 2026-12-28T11:00}"
        ),
    ),
    (
        "preparation and baseline took place",
        "2027-01-12",
        (
            "{visit: prep-1, status: occurred, start: 2026-12-28T11:00},"
            " {visit: prep-2, status: occurred, start: 2027-01-04},"
            " {visit: prep-3, status: occurred, start: 2027-01-08},"
            " {visit: baseline, status: occurred, start: 2027-01-11T10:00},"
            " {visit: dosing-1, status: booked, start: 2027-01-25T09:00}"
        ),
    ),
    (
        "the session is moved by two days",
        "2027-01-20",
        "{visit: dosing-1, status: booked, start: 2027-01-27T09:00}",
    ),
    (
        "the session took place, and a visit that nobody had planned",
        "2027-02-02",
        (
            "{visit: dosing-1, status: occurred, start: 2027-01-27T09:00, end: 2027-01-28T09:00},"
            " {visit: integration-a-1, status: occurred, start: 2027-01-28T15:00},"
            " {visit: extra, status: unscheduled, start: 2027-02-01T12:00, reason: headache}"
        ),
    ),
    (
        "an integration session is missed",
        "2027-02-12",
        "{visit: integration-b-1, status: missed, start: 2027-02-05T10:00, reason: ill}",
    ),
    (
        "all is rescheduled after an assessment at another time",
        "2027-02-20",
        (
            "{visit: integration-c-1, status: occurred, start: 2027-02-18T10:00},"
            " {visit: interim-1, status: occurred, start: 2027-02-19T16:00},"
            " {visit: dosing-2, status: booked, start: 2027-03-01T09:00}"
        ),
    ),
    ("nothing has changed", "2027-02-20", ""),
    (
        "the second session took place, one assessment does not apply",
        "2027-03-10",
        (
            "{visit: dosing-2, status: occurred, start: 2027-03-01T09:00, end: 2027-03-02T09:00},"
            " {visit: integration-a-2, status: occurred, start: 2027-03-02T15:00},"
            " {visit: integration-b-2, status: booked, start: 2027-03-11T10:00},"
            " {visit: interim-2, status: not-applicable}"
        ),
    ),
    ("the participant withdraws", "2027-03-12", "withdrawn"),
    ("nothing more has changed", "2027-12-01", ""),
]


class Stored(NamedTuple):
    """What the store holds of one event."""

    start: Any
    end: Any
    status: str
    sequence: int
    stamp: Any
    category: str
    data: bytes


@pytest.fixture
def calendar(tmp_path: Path) -> Iterator[Collection]:
    """An empty calendar on a server of its own."""
    assert INTERPRETER
    with calendar_server(INTERPRETER, tmp_path) as port:
        collection = Collection(port, "site", "visits")
        collection.create()
        yield collection


def held(calendar: Collection) -> dict[str, Stored]:
    """All events of the store by UID, as it lists them."""
    events: dict[str, Stored] = {}
    for _, data in calendar.objects().values():
        (event,) = icalendar.Calendar.from_ical(data).events
        uid = str(event["UID"])
        assert uid not in events, "two objects of one event"
        events[uid] = Stored(
            event["DTSTART"].dt,
            event["DTEND"].dt,
            str(event["STATUS"]),
            int(event["SEQUENCE"]),
            event["DTSTAMP"].dt,
            str(event["CATEGORIES"].to_ical(), "utf-8"),
            event.to_ical(),
        )
    return events


def test_a_year_of_updates_leaves_the_store_right_after_every_step(
    calendar: Collection, planner: Planner, tmp_path: Path
) -> None:
    folder, record = tmp_path / "objects", tmp_path / "P0001.yaml"
    lines: list[str] = []
    withdrawn = ""
    before: dict[str, Stored] = {}
    sent: dict[str, tuple[bytes, str]] = {}
    for step, today, more in YEAR:
        if more == "withdrawn":
            withdrawn = f"withdrawn: {today}\n"
        elif more:
            lines.append(more)
        record.write_text(
            f"participant: P0001\nstart: 2027-01-11\n{withdrawn}visits: [{', '.join(lines)}]\n"
        )
        common = ("mapp1", "--records", str(record), "--site", BERLIN, "--today", today)
        result = planner(
            "export", *common, "--rendering", "caldav", "-o", str(folder), "--no-tracks"
        )
        assert result.code == 0, (step, result.err)
        for path in sorted(folder.glob("*.ics")):
            data, (known, etag) = path.read_bytes(), sent.get(path.name, (b"", None))
            if data != known:
                assert not step.startswith("nothing"), step
                sent[path.name] = data, calendar.put(path.name, data, etag)
        now = held(calendar)
        check(step, planner, common, before, now)
        before = now
    visits = [one for one in before.values() if one.category == "Study visit"]
    # The assessment that does not apply, whose length nobody states, is one of its whole day.
    assert any(
        one.status == "CANCELLED" and not isinstance(one.start, datetime) for one in visits
    ), "none was dropped"
    assert {"CONFIRMED", "CANCELLED"} <= {stored.status for stored in before.values()}
    assert max(stored.sequence for stored in before.values()) >= 9831 + 3


def check(
    step: str,
    planner: Planner,
    common: tuple[str, ...],
    before: dict[str, Stored],
    now: dict[str, Stored],
) -> None:
    """The store against the timeline of this step, and against what it held before."""
    shown = planner("timeline", *common, "--format", "json")
    timeline = json.loads(shown.out)
    visits = [one for one in now.values() if one.category == "Study visit"]
    planned = [*timeline["visits"], *timeline.get("unscheduled", [])]
    # A visit of unstated length is an event of its whole day.
    starts = [one["start"] if one["end"] else one["start"][:10] for one in planned]
    wanted = [
        (start, STATUS[one.get("status", "unscheduled")])
        for start, one in zip(starts, planned, strict=True)
    ]
    # What is no longer planned stays, cancelled and in UTC or of a whole day, beside what is.
    dropped = [
        one
        for one in visits
        if str(getattr(one.start, "tzinfo", None)) == "UTC"
        or (
            not isinstance(one.start, datetime)
            and one.status == "CANCELLED"
            and (one.start.isoformat(), one.status) not in wanted
        )
    ]
    assert {one.status for one in dropped} <= {"CANCELLED"}, step
    kept = [(one.start.isoformat(), one.status) for one in visits if one not in dropped]
    assert sorted(kept) == sorted(wanted), step
    assert set(before) <= set(now), f"{step}: an event has vanished"
    for uid, stored in now.items():
        old = before.get(uid)
        if old is None:
            # The first export knows of none before: days from 2000-01-01 to its date.
            assert stored.sequence == (0 if before else 9831), step
            continue
        moved = (old.start, old.end, old.status) != (stored.start, stored.end, stored.status)
        assert stored.sequence == old.sequence + moved, step
        if moved:
            assert stored.stamp > old.stamp, step
    if step.startswith("nothing"):
        assert now == before, step
    if before and not step.startswith("nothing"):
        unchanged = [uid for uid in before if now[uid].data == before[uid].data]
        assert unchanged, f"{step}: everything was written anew"
