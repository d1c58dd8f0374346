"""An SDTM dataset in memory, and as CDISC Dataset-JSON 1.1.

Standard: CDISC Dataset-JSON 1.1; a column is a string or a number, a row a list of values.
"""

import json
import struct
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


_RECORD = 80
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_SYSTEM = b"SAS     "
_VERSION = b"9.4     "
_NUMBER = 8
"""Bytes of a number."""
_MISSING = b"." + bytes(7)


def transport_file(dataset: Dataset, stamp: datetime) -> bytes:
    """The dataset as an XPT file of version 5.

    Args:
        dataset: names of at most 8 letters, labels of at most 40, texts in ASCII of at most 200.
        stamp: when the data were last changed.

    Raises:
        ValueError: a name, label or text is no ASCII or too long.
    """
    widths = [
        dataset.length(at) if column.is_text else _NUMBER
        for at, column in enumerate(dataset.columns)
    ]
    when = f"{stamp.day:02}{_MONTHS[stamp.month - 1]}{stamp:%y:%H:%M:%S}".encode("ascii")
    member = (
        _SYSTEM + _text(dataset.name, 8) + b"SASDATA " + _VERSION + bytes(8).replace(b"\0", b" ")
    )
    names = b"".join(
        _name(column, at, width, sum(widths[: at - 1]))
        for at, (column, width) in enumerate(zip(dataset.columns, widths, strict=True), start=1)
    )
    rows = b"".join(
        _text(cell, width) if isinstance(cell, str) else _number(cell)
        for row in dataset.rows
        for cell, width in zip(row, widths, strict=True)
    )
    records = [
        _header("LIBRARY"),
        (_SYSTEM * 2 + b"SASLIB  " + _VERSION).ljust(64) + when,
        when,
        _header("MEMBER", "00000000000000000160000000" + "0140"),
        _header("DSCRPTR"),
        member.ljust(64) + when,
        when.ljust(32) + _text(dataset.label, 40),
        _header("NAMESTR", f"{len(dataset.columns):010}".ljust(30, "0")),
        names,
        _header("OBS"),
        rows,
    ]
    return b"".join(_filled(record) for record in records)


def _header(word: str, numbers: str = "0" * 30) -> bytes:
    return f"HEADER RECORD*******{word:<8}HEADER RECORD!!!!!!!{numbers}".encode("ascii")


def _filled(record: bytes) -> bytes:
    return record + b" " * (-len(record) % _RECORD)


def _name(column: Column, at: int, width: int, place: int) -> bytes:
    """The description of one variable: 140 bytes."""
    kind = struct.pack(">hhhh", 2 if column.is_text else 1, 0, width, at)
    words = _text(column.name, 8) + _text(column.label, 40)
    no_format = b" " * 8 + bytes(8)
    no_informat = b" " * 8 + bytes(4)
    return (kind + words + no_format + no_informat + struct.pack(">i", place)).ljust(140, b"\0")


def _text(text: str, width: int) -> bytes:
    data = text.encode("ascii")
    if len(data) > width:
        raise ValueError(f"{text[:40]!r}: longer than {width} letters")
    return data.ljust(width)


def _number(number: int | None) -> bytes:
    """A whole number as an IBM double: a sign, an exponent of 16 (excess 64) and 56 bits."""
    if number is None:
        return _MISSING
    size = abs(number)
    if size >= 1 << 56:
        raise ValueError(f"{number}: too large")
    digits = -(-size.bit_length() // 4)
    exponent = 64 + digits if size else 0
    sign = 0x80 if number < 0 else 0
    return bytes([sign | exponent]) + (size << (56 - 4 * digits)).to_bytes(7, "big")
