"""Whole processes: the CPU time of the command line against a bare import of what it stands on."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

BARE = [sys.executable, "-c", "import typer, rich, pydantic"]
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Compiled modules are kept, as they are after any ordinary installation."""
PLANNER = [sys.executable, "-c", "from planner.cli import run; run()"]


class Ended(NamedTuple):
    """What a process has said, and its user and system time in seconds."""

    seconds: float
    stdout: str
    stderr: str


def ended(
    command: Sequence[str],
    folder: str | None = None,
    environment: Mapping[str, str] = ENVIRONMENT,
) -> Ended:
    """Runs a process to its end.

    Raises:
        RuntimeError: it could not do what it was asked for.
    """
    before = os.times()
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, check=False, text=True
    )
    after = os.times()
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    user = after.children_user - before.children_user
    seconds = user + after.children_system - before.children_system
    return Ended(seconds, done.stdout, done.stderr)


def cpu_seconds(command: Sequence[str], folder: str | None = None) -> float:
    """User and system time of a process, as `ended` runs it."""
    return ended(command, folder).seconds


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, limit); commands take turns so that drift hits all alike."""
    commands = {
        "bare `import typer, rich, pydantic`": BARE,
        "`planner --help`": [*PLANNER, "--help"],
        "`planner validate mapp1`": [*PLANNER, "validate", "mapp1"],
    }
    spent = dict.fromkeys(commands, 0.0)
    turns = 5 if quick else 31
    for turn in range(turns):
        for name, command in commands.items():
            seconds = cpu_seconds(command)
            if turn:  # the first turn warms the disk
                spent[name] += seconds / (turns - 1)
    bare = spent["bare `import typer, rich, pydantic`"]
    rows = [("bare `import typer, rich, pydantic`", f"{bare * 1000:.0f} ms of CPU time", "")]
    for name, limit in (("`planner --help`", 1.3), ("`planner validate mapp1`", 2.0)):
        figure = f"{spent[name] * 1000:.0f} ms of CPU time, {spent[name] / bare:.2f} x bare"
        rows.append((name, figure, f"at most {limit} x"))
    return rows


if __name__ == "__main__":
    for row in run():
        print(*row, sep="  ")
