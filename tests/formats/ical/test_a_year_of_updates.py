"""A year of one participant, played into a calendar server and read back with a client library.

The server (Radicale) runs in this process, on the loopback, with a folder of its own; the client
(caldav) speaks to it over HTTP, as a site's calendar does. After every step the store must hold
exactly the events that it is to hold: no duplicates, none missing, each with the right number and
status. What is right is worked out here from the timeline and from what the store held before.
"""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import icalendar
import pytest

radicale = pytest.importorskip("radicale", reason="pip install '.[caldav-test]' for a server")
caldav = pytest.importorskip("caldav", reason="pip install '.[caldav-test]' for a client")

pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

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
        "all is planned anew after an assessment at another time",
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


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty calendar on a server of its own."""
    from radicale import config
    from radicale.app import Application

    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    configuration = config.load()
    configuration.update(
        {
            "storage": {"filesystem_folder": str(tmp_path / "store")},
            "auth": {"type": "none"},
            "rights": {"type": "authenticated"},
            "logging": {"level": "critical"},
        },
        "test",
        privileged=True,
    )
    server: WSGIServer = make_server(
        "127.0.0.1", 0, Application(configuration), handler_class=_Quiet
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    try:
        with caldav.DAVClient(url=url, username="site", password="site") as client:
            yield client.principal().make_calendar(name="Study visits", cal_id="visits")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def store(calendar: Any, path: Path) -> None:
    """Puts an object on the server as it is; the client's `save_event` would count revisions."""
    url = calendar.url.join(path.name)
    answer = calendar.client.put(str(url), path.read_text(), {"Content-Type": "text/calendar"})
    assert answer.status in (201, 204), answer.status


def held(calendar: Any) -> dict[str, Stored]:
    """All events of the store by UID, as the client reads them."""
    found: dict[str, Stored] = {}
    for one in calendar.events():
        (event,) = icalendar.Calendar.from_ical(one.data.encode()).events
        uid = str(event["UID"])
        assert uid not in found, "two objects of one event"
        found[uid] = Stored(
            event["DTSTART"].dt,
            event["DTEND"].dt,
            str(event["STATUS"]),
            int(event["SEQUENCE"]),
            event["DTSTAMP"].dt,
            str(event["CATEGORIES"].to_ical(), "utf-8"),
            event.to_ical(),
        )
    return found


def test_a_year_of_updates_leaves_the_store_right_after_every_step(
    calendar: Any, planner: Planner, tmp_path: Path
) -> None:
    folder, record = tmp_path / "objects", tmp_path / "P0001.yaml"
    lines: list[str] = []
    withdrawn = ""
    before: dict[str, Stored] = {}
    sent: dict[str, bytes] = {}
    for step, today, more in YEAR:
        if more == "withdrawn":
            withdrawn = f"withdrawn: {today}\n"
        elif more:
            lines.append(more)
        record.write_text(
            f"participant: P0001\nstart: 2027-01-11\n{withdrawn}visits: [{', '.join(lines)}]\n"
        )
        common = ("mapp1", "--actuals", str(record), "--site", BERLIN, "--today", today)
        result = planner(
            "export", *common, "--rendering", "caldav", "-o", str(folder), "--no-tracks"
        )
        assert result.code == 0, (step, result.err)
        for path in sorted(folder.glob("*.ics")):
            if sent.get(path.name) != path.read_bytes():
                assert not step.startswith("nothing"), step
                store(calendar, path)
                sent[path.name] = path.read_bytes()
        now = held(calendar)
        check(step, planner, common, before, now)
        before = now
    visits = [one for one in before.values() if one.category == "Study visit"]
    assert any(str(one.start.tzinfo) == "UTC" for one in visits), "none was dropped"
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
    wanted = [(one["start"], STATUS[one.get("status", "unscheduled")]) for one in planned]
    # What is no longer planned stays, in UTC and cancelled, beside what is.
    dropped = [one for one in visits if str(one.start.tzinfo) == "UTC"]
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
