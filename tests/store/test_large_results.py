"""What a server answers is fetched in pieces: a large store takes the memory of a small one."""

import subprocess
import sys
from pathlib import Path

import pytest
from store.databases import SERVER

ROOT = Path(__file__).parents[2]
READ = """
import resource, sys
from planner.store.postgresql import PostgresDatabase
query = "SELECT n, repeat('x', 1000) FROM generate_series(1, ?) AS n"
database = PostgresDatabase(sys.argv[1])

def peak(count):
    assert sum(1 for _ in database.stream(query, (count,))) == count
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

small = peak(1_000)
large = peak(40_000)
with database.reading():
    within = peak(40_000)
print(max(large, within) - small)
"""


@pytest.mark.skipif(not SERVER, reason="$PLANNER_POSTGRESQL names no server")
def test_forty_megabytes_of_rows_take_no_more_memory_than_one() -> None:
    assert SERVER is not None
    run = subprocess.run(
        [sys.executable, "-c", READ, SERVER],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    assert int(run.stdout) < 20_000  # kilobytes
