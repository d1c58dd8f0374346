"""What remembering costs: python tests/benchmarks/bench_calendar_state.py

The cohort of `bench_calendar`, exported with a state file: for the first time, once more with
nothing changed, and with every visit a day later. Each measurement runs in a process of its own,
planning outside the clock; the peak is of the whole process.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bench_calendar import OPTIONS, Counted, cohort, plans
from memory import peak_megabytes

from planner.formats.ical import Events
from planner.formats.ical.calendar import write_calendar
from planner.formats.ical.revision import NoMemory, Revisions
from planner.formats.ical.state_file import State, StateWriter
from planner.timeline.model import Timeline


def later(timeline: Timeline) -> Timeline:
    """The same plan a day later."""
    day = timedelta(days=1)
    visits = tuple(
        replace(visit, start=visit.start + day, end=visit.end and visit.end + day)
        for visit in timeline.visits
    )
    return replace(timeline, visits=visits)


def measure(what: str, size: int, path: str) -> tuple[float, float, float]:
    """Seconds, megabytes at the peak and megabytes of state of one export."""
    some = plans(20)
    if what == "moved":
        some = list(map(later, some))
    events, begun = Events(OPTIONS), time.process_time()
    with open(path + ".new", "wb") as out, open(path, "ab+") as old:
        memory = NoMemory() if what == "first" else State(path, old)
        sink = StateWriter(out, OPTIONS.level, "calendar")
        revisions = Revisions(OPTIONS, events, memory, sink, whole=True)
        write_calendar(cohort(some, size), Counted(), OPTIONS, events=events, revisions=revisions)  # type: ignore[arg-type]
        sink.close("-")
    seconds = time.process_time() - begun
    os.replace(path + ".new", path)
    return seconds, peak_megabytes(), os.path.getsize(path) / 1e6


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, aim)."""
    size = 10_000 if quick else 100_000
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "all.ics.state")
        for what, words in (
            ("first", "exported for the first time, with a state file"),
            ("again", "exported again, nothing changed"),
            ("moved", "exported again, every visit a day later"),
        ):
            command = [sys.executable, __file__, "--measure", what, str(size), path]
            found = []
            for _ in range(1 if quick or what == "moved" else 3):
                done = subprocess.run(command, capture_output=True, check=True, text=True)
                found.append([float(one) for one in done.stdout.split()])
            seconds, peak, state = (
                statistics.median(column) for column in zip(*found, strict=True)
            )
            figure = f"{size / seconds:,.0f}/s, peak {peak:.0f} MB, state {state:.1f} MB"
            rows.append((f"{size:,} events {words}", figure, ""))
    return rows


if __name__ == "__main__":
    if "--measure" in sys.argv:
        name, count, place = sys.argv[-3:]
        print(*measure(name, int(count), place))
    else:
        for row in run(quick="--quick" in sys.argv):
            print(*row, sep="  ")
