"""Reads SAS transport files (XPT, versions 5 and 8) with pyreadstat, some rows at a time."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.errors import PlannerError, os_reason

if TYPE_CHECKING:
    from types import ModuleType

CHUNK = 50_000
"""So many rows are read at once."""
_RECORD = 80
_FIRST = (
    b"HEADER RECORD*******LIBRARY HEADER RECORD",
    b"HEADER RECORD*******LIBV8   HEADER RECORD",
)


class TransportFile:
    """An XPT file: the names of its columns, and its rows as often as asked for."""

    def __init__(self, path: str) -> None:
        """Reads the header.

        Raises:
            PlannerError: it cannot be opened, is no XPT or cut short, or pyreadstat is missing.
        """
        self.path = path
        _check(path)
        self._library = _library()
        first = self._library.ReadstatError
        # Before version 1.3 there was only the one.
        self._errors = (first, getattr(self._library, "PyreadstatError", first))
        _, meta = self._read(metadataonly=True)
        self._names = list(meta.column_names)
        self.columns = [name.strip().upper() for name in self._names]

    def rows(self, wanted: list[int]) -> Iterator[tuple[object, ...]]:
        """The values of some columns, by their positions, of one row after another.

        Raises:
            PlannerError: the file is damaged, or holds text that is no UTF-8.
        """
        names = [self._names[at] for at in wanted]
        offset = 0
        # pyreadstat's own `read_file_in_chunks` never ends when it is asked for plain columns.
        while True:
            columns, _ = self._read(usecols=names, row_offset=offset, row_limit=CHUNK)
            # What the library makes of missing numbers and of columns differs by its version.
            lists = [list(columns[name]) for name in names]
            yield from zip(*lists, strict=True)
            if len(lists[0]) < CHUNK:
                return
            offset += CHUNK

    def _read(self, **options: object) -> "tuple[dict[str, list[object]], ModuleType]":
        try:
            columns, meta = self._library.read_xport(
                self.path, output_format="dict", disable_datetime_conversion=True, **options
            )
        except self._errors as error:
            raise PlannerError(f"{self.path}: no XPT file that can be read: {error}") from None
        except UnicodeDecodeError:
            raise PlannerError(f"{self.path}: holds text that is not UTF-8") from None
        return columns, meta


def _check(path: str) -> None:
    """Refuses what is no transport file before a C library sees it, and one that is cut short."""
    try:
        size = os.path.getsize(path)
        with open(path, "rb") as file:
            first = file.read(_RECORD)
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}") from None
    if not first.startswith(_FIRST):
        raise PlannerError(f"{path}: no SAS transport file (XPT)")
    if size % _RECORD:
        raise PlannerError(f"{path}: cut short: an XPT file is a multiple of {_RECORD} bytes long")


def _library() -> "ModuleType":
    try:
        import pyreadstat
    except ImportError:
        raise PlannerError(
            "XPT files need pyreadstat, which is not installed;"
            ' try: pip install "trial-session-planner[sdtm]", or give the Dataset-JSON file'
        ) from None
    library: ModuleType = pyreadstat
    return library
