"""Two processes write one store: for each change one wins, the other is told."""

import subprocess
import sys
from pathlib import Path

import pytest
from store.test_store import record

from planner.errors import PlannerError
from planner.store import NewEvent, Store, StoreConflict, open_store, verify
from planner.store.database import BUSY

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from planner.store import NewEvent, StoreConflict, open_store
from planner.timeline.record import Record
who, wins, rounds = sys.argv[2], 0, int(sys.argv[3])
with open_store(sys.argv[1]) as store:
    while True:
        read = store.record("P0001")
        if read.version > rounds:
            break
        record = read.record.model_copy(update={"facts": {"who": f"{who}-{read.version}"}})
        try:
            wins += len(store.append([NewEvent(record, read.version, "changed")], who=who))
        except StoreConflict as conflict:
            assert "somebody else has changed the record" in str(conflict), conflict
print(wins)
"""


def test_of_two_processes_each_change_is_one_s(store: Store, url: str) -> None:
    rounds = 60
    store.append([NewEvent(record(), 0, "enrolled")], who="anna")
    both = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, url, who, str(rounds)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={"PYTHONPATH": str(ROOT), "PATH": ""},
        )
        for who in ("ben", "cleo")
    ]  # fmt: skip
    wins = []
    for process in both:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        wins.append(int(out))
    events = list(store.events())
    assert sum(wins) == rounds == len(events) - 1
    assert [event.version for event in events] == list(range(1, rounds + 2))
    assert [sum(event.who == who for event in events) for who in ("ben", "cleo")] == wins
    assert verify(store).problems == ()


def test_who_waits_for_another_run_too_long_is_told(
    store: Store, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.store.database._SECONDS", 0.05)
    monkeypatch.setattr("planner.store.postgresql._SECONDS", 0.05)
    first = NewEvent(record(), 0, "enrolled")
    with open_store(url) as other:
        with store._database.writing(), pytest.raises(PlannerError, match=BUSY):
            other.append([first], who="ben")
        other.append([first], who="ben")
        with pytest.raises(StoreConflict):
            store.append([first], who="anna")
