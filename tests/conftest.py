"""What tests share: running the command line in this process, and no test against the clock."""

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

# Whoever has a file of defaults above the tests: they are run without one.
os.environ["PLANNER_CONFIG"] = ""
# How long an example takes says how busy the machine is, and nothing about the planner.
# The gate (`CI`) draws the same examples at each run of a commit; everybody else's differ.
settings.register_profile(
    "planner",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("planner")


class Result(NamedTuple):
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


Planner = Callable[..., Result]

NOW = datetime(2026, 12, 28, 12, tzinfo=UTC)
"""The moment in which all commands of the tests are run, where no `--today` says otherwise."""


@pytest.fixture
def planner(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Planner:
    """Runs `planner ARGUMENTS...` and returns exit code, stdout and stderr."""
    from planner.cli import main

    monkeypatch.setenv("COLUMNS", "200")  # whatever terminal the tests are run in
    monkeypatch.setattr("planner.cli.clock.now", lambda: NOW)

    def run(*arguments: str) -> Result:
        monkeypatch.setattr(sys, "argv", ["planner", *arguments])
        capfd.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 0
        sys.stdout.flush()
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Result(code, out, err)

    return run
