"""Small SDTM files for tests, and where the shared samples are."""

import json
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from shared import SAMPLES

WriteRows = Callable[..., Path]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of shared samples; the test is skipped where it is absent."""
    if not (SAMPLES / "sdtm" / "sv.xpt").exists():
        pytest.skip(f"the shared samples are not in {SAMPLES}; set PLANNER_SHARED")
    return SAMPLES / "sdtm"


@pytest.fixture
def write_json(tmp_path: Path) -> WriteRows:
    """Writes a Dataset-JSON 1.1 file, or NDJSON if its name says so."""

    def write(columns: str, *rows: Sequence[object], name: str = "sv.json") -> Path:
        head = {"datasetJSONVersion": "1.1.0", "name": "SV", "records": len(rows)}
        metadata = {**head, "columns": [{"name": one} for one in columns.split()]}
        path = tmp_path / name
        if name.endswith(".ndjson"):
            lines = [json.dumps(metadata), *(json.dumps(row) for row in rows)]
            path.write_text("\n".join(lines) + "\n")
        else:
            path.write_text(json.dumps({**metadata, "rows": rows}))
        return path

    return write


@pytest.fixture
def write_xpt(tmp_path: Path) -> WriteRows:
    """Writes an XPT file (version 5); a column is of numbers if its first cell is one."""

    def write(columns: str, *rows: Sequence[object], name: str = "sv.xpt") -> Path:
        path = tmp_path / name
        path.write_bytes(_xpt(columns.split(), rows))
        return path

    return write


def _xpt(columns: list[str], rows: Sequence[Sequence[object]]) -> bytes:
    """The bytes of SAS's TS-140: headers of 80 letters, a description of each column, the rows."""
    numeric = [isinstance(cell, (int, float)) for cell in rows[0]] if rows else []
    widths = [8 if is_number else 40 for is_number in numeric] or [40] * len(columns)
    stamp = b"21NOV26:09:00:00"
    library = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 30
    member = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!" + b"0" * 17 + b"1600000000140"
    described = b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!" + b"0" * 30
    names = (
        b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!" + b"%010d" % len(columns) + b"0" * 20
    )
    begin = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + b"0" * 30
    first = b"SAS     SAS     SASLIB  9.4     X64     ".ljust(64) + stamp
    second = b"SAS     SV      SASDATA 9.4     X64     ".ljust(64) + stamp
    parts = [library, first, stamp, member, described, second, stamp, names]
    out = b"".join(part.ljust(80) for part in parts)
    strings = b""
    place = 0
    for at, (column, width) in enumerate(zip(columns, widths, strict=True), start=1):
        kind = 1 if numeric and numeric[at - 1] else 2
        head = struct.pack(">hhhh", kind, 0, width, at) + column.encode().ljust(8)
        tail = struct.pack(">i", place)
        strings += (head + b" " * 40 + b" " * 8 + b"\0" * 20 + tail).ljust(140, b"\0")
        place += width
    data = b""
    for row in rows:
        for cell, width in zip(row, widths, strict=True):
            data += _ibm(cell) if width == 8 else str(cell).encode().ljust(width)
    for block in (strings, begin.ljust(80), data):
        out += block.ljust(-(-len(block) // 80) * 80)
    return out


def _ibm(value: object) -> bytes:
    """A number as SAS stores it: IBM's hexadecimal floating point; `None` is missing."""
    if value is None:
        return b"." + b"\0" * 7
    number = float(value)  # type: ignore[arg-type]
    if not number:
        return b"\0" * 8
    sign, number, exponent = 0x80 if number < 0 else 0, abs(number), 64
    while number >= 1:
        number, exponent = number / 16, exponent + 1
    while number < 1 / 16:
        number, exponent = number * 16, exponent - 1
    return bytes([sign | exponent]) + int(number * 2**56).to_bytes(7, "big")
