"""A new store in each kind of database that the tests can have."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

SERVER = os.environ.get("PLANNER_POSTGRESQL")
"""URL of a PostgreSQL server; `tests/store/postgresql.sh` starts one."""
KINDS = [
    "sqlite",
    pytest.param(
        "postgresql",
        marks=pytest.mark.skipif(not SERVER, reason="$PLANNER_POSTGRESQL names no server"),
    ),
]


def new_url(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a place for a store; what is in PostgreSQL is removed when the test is over."""
    if kind == "sqlite":
        yield str(folder / "study.db")
        return
    import psycopg

    assert SERVER is not None
    schema = f"store_{uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    yield f"{SERVER}?options=-csearch_path%3D{schema}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema} CASCADE".encode())
