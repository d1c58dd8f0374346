"""Runs the project's collection of independent calendar readers, where it is at hand."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from shared import SHARED

from planner.formats.ical import (
    CalendarOptions,
    Events,
    Level,
    Rendering,
    Split,
    parts,
    write_calendar,
)
from planner.formats.ical.itip import Message, Messages
from planner.formats.ical.options import WITHOUT_WORDS
from planner.formats.ical.revision import Memory, NoMemory, Revisions
from planner.formats.ical.state_file import State, StateWriter
from planner.timeline.model import DatedVisit, Timeline

CHECK = SHARED / "tools" / "icalcheck.py"
MANY = "lex,rfc,icalendar,ical,vobject,libical,icaljs"

pytestmark = pytest.mark.skipif(
    not CHECK.is_file(), reason="tools/icalcheck.py is not at hand; see $PLANNER_SHARED"
)


def complaints(folder: Path, *more: str) -> str:
    files = sorted(str(path) for path in folder.glob("*.ics"))
    assert files
    # Zone rules are those of the installed tzdata there, too, whatever the system has.
    environment = {**os.environ, "PYTHONTZPATH": ""}
    if "ICALCHECK_NODE" not in environment and (CHECK.parent / "node_modules").is_dir():
        environment["ICALCHECK_NODE"] = str(CHECK.parent)
    run = subprocess.run(
        [sys.executable, str(CHECK), *more, *files],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert run.returncode in (0, 1), run.stderr
    return "\n".join(line for line in run.stdout.splitlines() if not line.endswith(": ok"))


def write(path: Path, options: CalendarOptions, *timelines: Timeline) -> None:
    out = io.BytesIO()
    write_calendar(timelines, out, options)
    path.write_bytes(out.getvalue())


def test_every_reader_accepts_a_calendar_with_everything_in_it(
    timeline: Callable[..., Timeline], tmp_path: Path
) -> None:
    one = timeline(visits=30)
    # `C:\Notes` would be fine as well, but one reader's own writer turns it into a line break.
    titles = ("C:\\temp; a, b", "é🧪" * 60, "x\x00\r\nEND:VEVENT\ud800", '"^n\u2028')
    hostile: tuple[DatedVisit, ...] = tuple(
        replace(visit, title=titles[visit.number % 4]) for visit in one.visits
    )
    options = CalendarOptions(level=Level.STAFF, run_sheet=True, alarms=(0, 60, 1440))
    write(tmp_path / "published.ics", options, replace(one, visits=hostile))
    assert complaints(tmp_path, "--profile", "publish") == ""


def test_a_store_accepts_the_rendering_for_it(
    timeline: Callable[..., Timeline], tmp_path: Path
) -> None:
    options = CalendarOptions(rendering=Rendering.CALDAV)
    write(tmp_path / "stored.ics", options, timeline("Africa/Casablanca", visits=30))
    assert complaints(tmp_path, "--profile", "caldav") == ""


def test_readers_agree_on_every_level_split_and_kind_of_zone(
    timeline: Callable[..., Timeline], tmp_path: Path
) -> None:
    for level in WITHOUT_WORDS:
        write(tmp_path / f"{level}.ics", CalendarOptions(level=level), timeline())
    for zone in ("Africa/Cairo", "Asia/Jerusalem", "America/Nuuk", "Australia/Lord_Howe", "UTC"):
        name = zone.replace("/", "-")
        write(tmp_path / f"{name}.ics", CalendarOptions(), timeline(zone, visits=60))
    for by in Split:
        for part in parts(timeline(), by):
            write(tmp_path / f"{by}-{part.key}.ics", CalendarOptions(), part.timeline)
    write(tmp_path / "utc.ics", CalendarOptions(utc=True), timeline(visits=30))
    assert complaints(tmp_path, "--engines", MANY) == ""


def test_every_reader_accepts_updates_and_messages(
    timeline: Callable[..., Timeline], tmp_path: Path
) -> None:
    whole = timeline(visits=12)
    less = replace(whole, visits=whole.visits[:9])
    options = CalendarOptions(alarms=(60,))
    events, state = Events(options), io.BytesIO()
    memory: Memory = NoMemory()
    messages = Messages(options, events, "mailto:visits@study.invalid")
    found: list[Message | None] = []
    for number, one in enumerate((whole, less)):
        out, state = io.BytesIO(), io.BytesIO()
        sink = StateWriter(state, options.level, "calendar")
        revisions = Revisions(options, events, memory, sink, whole=True)
        write_calendar(
            [one],
            out,
            options,
            events=events,
            revisions=revisions,
            on_change=lambda revised, whose: found.append(messages.message_about(revised, whose)),
        )
        sink.close("-")
        (tmp_path / f"published-{number}.ics").write_bytes(out.getvalue())
        memory = State("state", io.BytesIO(state.getvalue()))
    assert b"STATUS:CANCELLED\r\nTRANSP:TRANSPARENT" in out.getvalue()
    assert complaints(tmp_path, "--profile", "publish") == ""
    folder = tmp_path / "messages"
    folder.mkdir()
    for message in filter(None, found):
        (folder / f"{message.method}-{message.name}.ics").write_bytes(message.data)
    assert {path.name.partition("-")[0] for path in folder.iterdir()} == {"CANCEL", "REQUEST"}
    told = complaints(folder).splitlines()
    assert [line for line in told if "is not in this file" not in line and "  " in line] == []
