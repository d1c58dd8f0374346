"""An SDTM dataset in memory, and as CDISC Dataset-JSON 1.1.

Standard: CDISC Dataset-JSON 1.1; a column is a string or a number, a row a list of values.
"""

import json
from datetime import datetime
from typing import NamedTuple

from planner.notice import NOTICE

VERSION = "1.1.0"
Cell = str | int | None
"""A text, or a number; a missing text is empty, a missing number ``None``."""


class Column(NamedTuple):
    """One variable: its SDTM name and label, its type, and its place in the key, if any.

    ``kind`` is a data type of Dataset-JSON: ``string``, ``integer`` or ``float``.
    """

    name: str
    label: str
    kind: str = "string"
    key: int | None = None

    @property
    def is_text(self) -> bool:
        """Whether its cells are texts."""
        return self.kind == "string"


class Dataset(NamedTuple):
    """One dataset: its domain, label and variables, and its rows in the order of its key."""

    name: str
    label: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def length(self, at: int) -> int:
        """The letters of a column's longest text, at least 1."""
        return max([1, *(len(cell) for row in self.rows if isinstance(cell := row[at], str))])


def dataset_json(dataset: Dataset, study: str, file_oid: str, stamp: datetime) -> str:
    """The dataset as Dataset-JSON 1.1, a row on each line; the same bytes whenever it is written.

    Args:
        dataset: the dataset.
        study: STUDYID.
        file_oid: what the file is called, unique among files.
        stamp: when the data were last changed, in UTC.
    """
    head: dict[str, object] = {
        "datasetJSONCreationDateTime": f"{stamp:%Y-%m-%dT%H:%M:%S}Z",
        "datasetJSONVersion": VERSION,
        "fileOID": file_oid,
        "originator": f"trial-session-planner. {NOTICE}",
        "studyOID": study,
        "metaDataVersionOID": "MDV.SDTMIG.3.4",
        "itemGroupOID": f"IG.{dataset.name}",
        "records": len(dataset.rows),
        "name": dataset.name,
        "label": dataset.label,
    }
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}," for key, value in head.items()]
    columns = [json.dumps(_described(dataset, at)) for at in range(len(dataset.columns))]
    rows = [json.dumps(row) for row in dataset.rows]
    lines += ['  "columns": [', *_listed(columns), "  ],", '  "rows": [', *_listed(rows), "  ]"]
    return "\n".join(["{", *lines, "}", ""])


def _described(dataset: Dataset, at: int) -> dict[str, object]:
    column = dataset.columns[at]
    described: dict[str, object] = {
        "itemOID": f"IT.{dataset.name}.{column.name}",
        "name": column.name,
        "label": column.label,
        "dataType": column.kind,
    }
    if column.is_text:
        described["length"] = dataset.length(at)
    if column.key is not None:
        described["keySequence"] = column.key
    return described


def _listed(lines: list[str]) -> list[str]:
    return [f"    {line}{',' if at < len(lines) else ''}" for at, line in enumerate(lines, start=1)]
