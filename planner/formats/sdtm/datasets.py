"""SDTM datasets as rows of cells, whatever kind of file they come in."""

import math
import os
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Protocol

from planner.errors import PlannerError, did_you_mean
from planner.limits import MAX_COLUMNS, too_many
from planner.protocol.field_types import quoted
from planner.text import one_line

MAX_LETTERS = 1_000
"""What is longer is cut; SDTM itself ends at 200."""
SUFFIXES = (".xpt", ".json", ".ndjson")


class SourceDataset(Protocol):
    """A dataset of a file: the names of its columns in capitals, and its rows."""

    path: str
    columns: list[str]

    def rows(self, wanted: list[int]) -> Iterator[tuple[object, ...]]:
        """The values of some columns, by their positions, of one row after another."""


def open_dataset(path: str, domain: str, required: Sequence[str]) -> SourceDataset:
    """Opens an XPT, Dataset-JSON or NDJSON file by its suffix.

    Args:
        path: the file.
        domain: what it is expected to hold, such as `SV`, for messages.
        required: names of columns that it must have.

    Raises:
        PlannerError: it is none of these, cannot be read, or lacks a column.
    """
    suffix = os.path.splitext(path)[1].lower()
    dataset: SourceDataset
    if suffix == ".xpt":
        from planner.formats.sdtm.transport import TransportFile

        dataset = TransportFile(path)
    elif suffix in (".json", ".ndjson"):
        from planner.formats.sdtm.dataset_json import DatasetJson

        dataset = DatasetJson(path)
    else:
        raise PlannerError(f"{path}: SDTM datasets are read from {', '.join(SUFFIXES)} files")
    if len(dataset.columns) > MAX_COLUMNS:
        raise PlannerError(f"{path}: {too_many(MAX_COLUMNS, 'columns')}")
    seen: set[str] = set()
    for name in dataset.columns:
        if name in seen:
            raise PlannerError(f"{path}: column {quoted(name)} stands twice")
        seen.add(name)
    for name in required:
        if name not in dataset.columns:
            hint = did_you_mean(name, dataset.columns, before="; ")
            raise PlannerError(f"{path}: no {domain} dataset: column `{name}` is missing{hint}")
    return dataset


def rows(dataset: SourceDataset, names: Sequence[str]) -> Iterator[tuple[int, tuple[object, ...]]]:
    """The number of each row, from 1, and its cells by name; `None` where there is no column."""
    wanted = [dataset.columns.index(name) for name in names if name in dataset.columns]
    if len(wanted) == len(names):
        yield from enumerate(dataset.rows(wanted), start=1)
        return
    places = {name: at for at, name in enumerate(n for n in names if n in dataset.columns)}
    order = [places.get(name) for name in names]
    for number, cells in enumerate(dataset.rows(wanted), start=1):
        yield number, tuple([None if at is None else cells[at] for at in order])


def text(value: object, name: str) -> str:
    """A cell as text on one line, without what a terminal would obey; empty where missing.

    Raises:
        PlannerError: it is no text.
    """
    if isinstance(value, str):
        return _clean(value) if value else ""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    raise PlannerError(f"`{name}` is a text, found {quoted(value)}")


@lru_cache(maxsize=8192)
def _clean(value: str) -> str:
    """Names and dates come again and again."""
    return one_line(value[:MAX_LETTERS])


def number(value: object, name: str) -> float | None:
    """A cell as a finite number; ``None`` where missing.

    Raises:
        PlannerError: it is none.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            value = float(value)  # Dataset-JSON writes exact decimals as text
        except ValueError:
            raise PlannerError(f"`{name}` is a number, found {quoted(value)}") from None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise PlannerError(f"`{name}` is a number, found {quoted(value)}")
    if isinstance(value, float) and math.isnan(value):
        return None
    if not -1e9 < value < 1e9:
        raise PlannerError(f"`{name}` is a number, found {quoted(value)}")
    return float(value)
