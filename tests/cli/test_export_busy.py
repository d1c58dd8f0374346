"""Busy calendars tell nothing: who guesses study, code and visit recognises no event."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
import pytest

import planner as library
from planner.errors import PlannerError
from planner.formats.ical import CalendarOptions, Level
from planner.formats.ical.identity import Identities, event_name
from planner.formats.load import load_protocol

Planner = Callable[..., Any]
START = ("mapp1", "--start", "2027-01-11")


def uids(*paths: Path) -> set[str]:
    """UIDs of events and alarms."""
    return {
        str(part["UID"])
        for path in paths
        for part in icalendar.Calendar.from_ical(path.read_bytes()).walk()
        if "UID" in part
    }


@pytest.fixture
def busy(planner: Planner, tmp_path: Path) -> Callable[..., Any]:
    """Exports a busy calendar to `b.ics`."""

    def run(*options: str, code: int = 0) -> Any:
        out = ("-o", str(tmp_path / "b.ics"))
        result = planner("export", *START, "--level", "busy", *out, *options)
        assert result.code == code, result.err
        return result

    return run


@pytest.mark.parametrize("options", [(), ("--split", "participant"), ("--rendering", "caldav")])
def test_nobody_recognises_the_events_of_a_guessed_code(
    planner: Planner, tmp_path: Path, options: tuple[str, ...]
) -> None:
    out = tmp_path / "busy"
    made = ("export", *START, "--participant", "MX0417", "--level", "busy", "--alarm", "30")
    assert planner(*made, *options, "-o", str(out)).code == 0
    seen = uids(*([out] if out.is_file() else out.glob("*.ics")))
    assert len(seen) > 30
    protocol = load_protocol("mapp1").protocol
    visits = {visit.id for epoch in protocol.epochs for visit in epoch.visits}
    kinds = ("visit", "window", "track", "alarm 30")
    names = [
        event_name(name, cycle, kind)
        for visit in visits | {track.id for track in protocol.tracks}
        for name in (visit, *(f"{visit}-{number}" for number in range(1, 4)))
        for cycle in (None, 1, 2, 3)
        for kind in kinds
    ]
    for study in (*protocol.identities, protocol.title):
        assert seen.isdisjoint(Identities(study).of_all("MX0417", names))


def test_the_state_keeps_the_key_and_nothing_else_tells_it(
    busy: Callable[..., Any], tmp_path: Path
) -> None:
    busy()
    calendar, state = tmp_path / "b.ics", tmp_path / "b.ics.state"
    before = uids(calendar)
    key = next(line for line in state.read_text().splitlines() if line.startswith("key "))
    assert key[4:] not in calendar.read_text()
    if sys.platform != "win32":
        assert state.stat().st_mode & 0o077 == 0
    assert "0 new, 0 changed, 0 cancelled" in busy().err
    assert uids(calendar) == before
    assert key in state.read_text()
    for path in (calendar, state):
        path.unlink()
    busy()
    assert uids(calendar).isdisjoint(before)


def test_without_its_key_a_busy_calendar_is_not_gone_on_from(
    busy: Callable[..., Any], tmp_path: Path
) -> None:
    calendar, state, key = tmp_path / "b.ics", tmp_path / "b.ics.state", tmp_path / "key"
    busy()
    before, kept = calendar.read_bytes(), state.read_text()
    state.unlink()
    for options in ((), ("--no-state",)):
        result = busy(*options, code=2)
        assert "made with a key that is not here" in result.err
        assert "restore the state file" in result.err
        assert calendar.read_bytes() == before
        assert not state.exists()
    busy("--replace")
    assert uids(calendar).isdisjoint(uids_of(before))
    calendar.write_bytes(before)
    state.write_text(kept)
    key.write_bytes(b"another secret of the tests")
    result = busy("--key-file", str(key), code=2)
    assert "leave --key-file out" in result.err
    assert "0 new, 0 changed, 0 cancelled" in busy().err


def uids_of(data: bytes) -> set[str]:
    return {str(event["UID"]) for event in icalendar.Calendar.from_ical(data).events}


def test_a_key_file_does_without_a_state(
    busy: Callable[..., Any], planner: Planner, tmp_path: Path
) -> None:
    key, calendar = tmp_path / "key", tmp_path / "b.ics"
    key.write_bytes(b"a secret of the tests, 32 bytes.")
    busy("--key-file", str(key), "--no-state")
    before = calendar.read_bytes()
    busy("--key-file", str(key), "--no-state")
    assert calendar.read_bytes() == before
    result = busy("--key-file", str(key))
    assert "0 new, 0 changed, 0 cancelled" in result.err
    assert b"key " not in (tmp_path / "b.ics.state").read_bytes()
    key.write_bytes(b"another secret of the tests")
    for options in ((), ("--no-state",)):
        result = busy("--key-file", str(key), *options, code=2)
        assert "another key" in result.err or "not part of this export" in result.err
        assert calendar.read_bytes() == before
    people = tmp_path / "people.csv"
    people.write_text("code,start\nP0001,2027-01-11\n")
    everybody = ("export", "mapp1", "--participants", str(people), "--level", "busy", "--no-state")
    result = planner(*everybody, "-o", str(calendar), "--key-file", str(key))
    assert result.code == 2
    assert "made with another key" in result.err
    assert calendar.read_bytes() == before


@pytest.mark.parametrize("options", [("--no-state", "-o", "b.ics"), ()])
def test_without_a_key_nothing_busy_is_written_that_nobody_could_go_on_from(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = planner("export", *START, "--level", "busy", *options)
    assert (result.code, result.out) == (2, "")
    assert "--key-file" in result.err
    assert not list(tmp_path.iterdir())


def test_a_calendar_that_turns_busy_keeps_its_identities_and_says_what_that_means(
    planner: Planner, tmp_path: Path
) -> None:
    out = tmp_path / "p.ics"
    assert planner("export", *START, "-o", str(out)).code == 0
    before = uids(out)
    result = planner("export", *START, "--level", "busy", "-o", str(out))
    assert "; 0 new" in result.err
    assert "warning: " in result.err
    assert "can recognise" in result.err
    assert uids(out) == before


def test_the_library_writes_no_busy_calendar_without_a_key(tmp_path: Path) -> None:
    import datetime

    timeline = library.plan(library.load("mapp1"), datetime.date(2027, 1, 11))
    with (tmp_path / "p.ics").open("wb") as file:
        with pytest.raises(PlannerError, match="token_bytes"):
            library.export([timeline], file, CalendarOptions(level=Level.BUSY))
        assert library.export([timeline], file, CalendarOptions(level=Level.BUSY, key=b"k" * 32))
