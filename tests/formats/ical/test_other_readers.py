"""Runs the project's collection of independent calendar readers, where it is at hand."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.formats.ical import CalendarOptions, Level, Rendering, Split, parts, write_calendar
from planner.timeline.model import DatedVisit, Timeline

SHARED = Path(os.environ.get("PLANNER_SHARED", Path(__file__).parents[4] / "shared"))
CHECK = SHARED / "tools" / "icalcheck.py"
MANY = "lex,rfc,icalendar,ical,vobject,libical,icaljs"

pytestmark = pytest.mark.skipif(
    not CHECK.is_file(), reason="tools/icalcheck.py is not at hand; see $PLANNER_SHARED"
)


def complaints(folder: Path, *more: str) -> str:
    files = sorted(str(path) for path in folder.glob("*.ics"))
    assert files
    environment = dict(os.environ)
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
    for level in Level:
        write(tmp_path / f"{level}.ics", CalendarOptions(level=level), timeline())
    for zone in ("Africa/Cairo", "Asia/Jerusalem", "America/Nuuk", "Australia/Lord_Howe", "UTC"):
        name = zone.replace("/", "-")
        write(tmp_path / f"{name}.ics", CalendarOptions(), timeline(zone, visits=60))
    for by in Split:
        for part in parts(timeline(), by):
            write(tmp_path / f"{by}-{part.key}.ics", CalendarOptions(), part.timeline)
    write(tmp_path / "utc.ics", CalendarOptions(utc=True), timeline(visits=30))
    assert complaints(tmp_path, "--engines", MANY) == ""
