"""The store of each test, once in SQLite and once in PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from store.databases import KINDS, new_url

from planner.store import Store, make_store


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where a store can be made."""
    yield from new_url(request.param, tmp_path)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A new and empty store."""
    with make_store(url) as made:
        yield made
