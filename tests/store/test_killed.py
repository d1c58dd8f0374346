"""Runs that change records are killed: what was acknowledged is there, once, and whole."""

import subprocess
import sys
from pathlib import Path

import pytest
from store import killed_rounds

from planner.store import make_store

ROOT = Path(__file__).parents[2]
FEW, MANY = 6, 115
"""Kills of each change; many of them, over all changes and both databases, are over 1,000."""


@pytest.mark.parametrize("rounds", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
@pytest.mark.parametrize("change", [name for name in killed_rounds.CHANGES if name != "edit"])
def test_a_killed_change_of_a_store_is_there_or_not(
    url: str, tmp_path: Path, change: str, rounds: int
) -> None:
    make_store(url).close()
    assert kills(change, url, tmp_path, rounds) == rounds


@pytest.mark.parametrize("rounds", [FEW, pytest.param(MANY, marks=pytest.mark.slow)])
def test_a_killed_change_of_files_is_there_or_not(tmp_path: Path, rounds: int) -> None:
    assert kills("edit", "", tmp_path, rounds) == rounds


def kills(change: str, place: str, tmp_path: Path, rounds: int) -> int:
    run = subprocess.run(
        [sys.executable, killed_rounds.__file__, change, place, str(tmp_path / "files"),
         str(rounds)],
        capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    killed, changes = map(int, run.stdout.split())
    assert changes, "no child lived long enough to change anything"
    return killed
