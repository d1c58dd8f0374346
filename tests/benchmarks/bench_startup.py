"""Whole processes: how long the command line takes against a bare import of what it stands on."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

BARE = [sys.executable, "-c", "import typer, rich, pydantic"]
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Compiled modules are kept, as they are after any ordinary installation."""
PLANNER = [sys.executable, "-c", "from planner.cli import run; run()"]


def seconds(command: Sequence[str]) -> float:
    """Wall time of one run of a command that is to succeed."""
    begun = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True, env=ENVIRONMENT)
    return time.perf_counter() - begun


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, limit); commands take turns so that drift hits all alike."""
    commands = {
        "bare `import typer, rich, pydantic`": BARE,
        "`planner --help`": [*PLANNER, "--help"],
        "`planner validate mapp1`": [*PLANNER, "validate", "mapp1"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(5 if quick else 31):
        for name, command in commands.items():
            spent = seconds(command)
            if turn:  # the first turn warms the disk
                times[name].append(spent)
    bare = times["bare `import typer, rich, pydantic`"]
    rows = [("bare `import typer, rich, pydantic`", f"{statistics.median(bare) * 1000:.0f} ms", "")]
    for name, limit in (("`planner --help`", 1.3), ("`planner validate mapp1`", 2.0)):
        ratio = statistics.median(own / base for own, base in zip(times[name], bare, strict=True))
        median = statistics.median(times[name]) * 1000
        rows.append((name, f"{median:.0f} ms, {ratio:.2f} x bare", f"at most {limit} x"))
    return rows


if __name__ == "__main__":
    for row in run():
        print(*row, sep="  ")
