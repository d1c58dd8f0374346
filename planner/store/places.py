"""Where participants' records are: a store, or files; both are read and changed in one way."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from planner.errors import PlannerError
from planner.store.editable_files import EditableFiles
from planner.store.store import Store, is_store, open_store

RecordPlace = Store | EditableFiles
"""What holds records, and takes changes of them with `append`."""


@contextmanager
def opened_place(names: Sequence[str]) -> Iterator[RecordPlace]:
    """The records of a store, or of folders and files.

    Args:
        names: one store, or folders and files; a folder may be there later.

    Raises:
        PlannerError: several are named and one is a store, or it cannot be opened.
    """
    stores = [name for name in names if is_store(name)]
    if stores and len(names) > 1:
        raise PlannerError(f"{', '.join(names)}: a store of records stands alone; name one place")
    if not stores:
        yield EditableFiles(names)
        return
    with open_store(stores[0]) as store:
        yield store
