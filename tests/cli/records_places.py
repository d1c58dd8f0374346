"""Participants' records in each place that commands change them in: a folder and each database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from store.databases import KINDS, new_url

from planner.store import make_store
from planner.timeline.record import Record

EXAMPLES = Path(__file__).parents[2] / "examples" / "records"
PLACES = ["folder", *KINDS]


def new_place(kind: str, folder: Path, records: Path | None) -> Iterator[str]:
    """A folder or a store with copies of the records of a folder, or with none."""
    if kind == "folder":
        place = folder / "records"
        if records is None:
            place.mkdir()
        else:
            shutil.copytree(records, place)
        yield str(place)
        return
    from planner.api.stores import store_records

    for url in new_url(kind, folder):
        with make_store(url) as store:
            if records is not None:
                store_records(store, records, who="anna")
        yield url


def record_in(place: str, code: str) -> Record:
    """A participant's record as it is now."""
    from planner.store import opened_place

    with opened_place([place]) as opened:
        return opened.record(code).record


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The records of the examples."""
    yield from new_place(request.param, tmp_path, EXAMPLES)


@pytest.fixture(params=PLACES)
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A place for records to come."""
    yield from new_place(request.param, tmp_path, None)
