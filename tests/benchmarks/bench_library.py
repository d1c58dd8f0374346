"""The library: all of it loaded and checked in one new process, and how quickly it is listed."""

import statistics
import subprocess
import sys

from bench_startup import BARE, ENVIRONMENT, PLANNER, cpu_seconds

_WHOLE = """
import time
begun = time.process_time()
from planner.formats.checks import choose
from planner.formats.report import report_file
from planner.protocol.library import library_ids
checks = choose([], [])
reports = [report_file(name, checks) for name in library_ids()]
spent = time.process_time() - begun
lines = sum(len(report.lines) for report in reports)
print(spent, len(reports), lines)
"""
"""Prints seconds, with all imports and nothing cached, and how many files and lines there were."""


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, limit)."""
    spent = []
    files = lines = ""
    for _ in range(3 if quick else 11):
        child = [sys.executable, "-c", _WHOLE]
        done = subprocess.run(child, capture_output=True, check=True, text=True, env=ENVIRONMENT)
        took, files, lines = done.stdout.split()
        spent.append(float(took))
    bare = listing = 0.0
    cpu_seconds(BARE), cpu_seconds([*PLANNER, "list"])  # the first turn warms the disk
    for _ in range(5 if quick else 31):
        bare += cpu_seconds(BARE)
        listing += cpu_seconds([*PLANNER, "list"])
    what = f"loading and checking the library, {files} files of {int(lines):,} lines, from nothing"
    return [
        (what, f"{statistics.median(spent):.2f} s CPU", "at most 1 s"),
        ("`planner list`", f"{listing / bare:.2f} x bare", "at most 2 x"),
    ]


if __name__ == "__main__":
    for row in run():
        print(*row, sep="  ")
