"""Reads the rows of a CSV file, each with its line, and the names of its columns.

Tables come out of spreadsheets: semicolons and tabs, which these write in many countries, are read
where the first row shows them; what else they write instead of CSV is named, with what to do.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from planner.errors import did_you_mean
from planner.limits import MAX_CELL, MAX_COLUMNS, MAX_VALUES, too_long, too_many
from planner.protocol.document import DocumentError, Position, Problem
from planner.protocol.field_types import quoted

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class Row(NamedTuple):
    """A row that is not blank: the line on which it begins, counted from 1, and its cells."""

    line: int
    cells: list[str]


def separator(line: str, columns: Sequence[str]) -> str:
    """What stands between cells by the row that names the columns: a comma where it is unclear.

    Args:
        line: the row.
        columns: what columns there can be.
    """
    for sign in (",", ";", "\t"):
        names = [name.strip().strip('"').lower() for name in line.split(sign)]
        if len(names) > 1 and any(name in columns for name in names):
            return sign
    return ","


def csv_rows(
    path: str,
    lines: Iterable[str],
    columns: Sequence[str] = (),
    *,
    maximum: int | None = MAX_VALUES,
    sign: str | None = None,
) -> Iterator[Row]:
    """The rows of a CSV file.

    Args:
        path: the file, as messages call it.
        lines: its lines, with their ends.
        columns: what columns its first row can name; by them semicolons and tabs are told from
            commas.
        maximum: how many cells it may have that are not blank; ``None`` for any number.
        sign: what stands between the cells, where that is known.

    Raises:
        DocumentError: it is not CSV, or larger than it may be.
    """
    rest = iter(lines)
    head: list[str] = []
    for text in rest if columns else ():
        head.append(text)
        if text.strip() and not text.startswith("#"):
            break
    sign = sign or (separator(head[-1], columns) if head else ",")
    reader = csv.reader(chain(head, rest), strict=True, delimiter=sign)
    line = values = 0

    def refused(message: str) -> DocumentError:
        return DocumentError(path, [Problem(message, Position(line, 1))])

    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            # The csv module has a limit of its own, behind ours.
            is_long = "field limit" in str(error)
            message = too_long(MAX_CELL, "a cell") if is_long else f"not CSV: {error}"
            raise refused(message) from None
        if cells is None:
            return
        if len(cells) > MAX_COLUMNS:
            raise refused(f"the row has more than {MAX_COLUMNS:,} cells")
        if max(map(len, cells), default=0) > MAX_CELL:
            raise refused(too_long(MAX_CELL, "a cell"))
        full = sum(1 for cell in cells if cell.strip())
        values += full
        if maximum is not None and values > maximum:
            raise refused(too_many(maximum, "cells"))
        if full:
            yield Row(line, cells)


def column_names(
    path: str,
    row: Row,
    allowed: Sequence[str],
    required: Sequence[str],
    lines: list[str] | None = None,
) -> list[str]:
    """The names of the columns, in small letters, out of the first row.

    Args:
        path: the file, as messages call it.
        row: the first row.
        allowed: what columns there can be.
        required: those that have to be there.
        lines: the file's lines, for the place of each name.

    Raises:
        DocumentError: a column is unknown, missing or there twice.
    """
    names = [cell.strip().lower() for cell in row.cells]
    allowed_names = f"allowed: {', '.join(allowed)}"
    if len(names) == 1 and names[0] not in allowed:
        for sign, what in _SEPARATORS.items():
            if sign in names[0]:
                message = f"the columns are separated by {what}"
                hint = f"separate the columns with commas; {allowed_names}"
                raise DocumentError(path, [Problem(message, Position(row.line, 1), hint)], lines)
    first = lines[row.line - 1] if lines else ""
    places = cell_positions(row.line, len(names), lines or [], separator(first, allowed))
    places += [Position(row.line, 1)] * (len(names) - len(places))
    problems = []
    counts = Counter(names)
    for name, position in zip(names, places, strict=True):
        if name not in allowed:
            hint = did_you_mean(name, allowed) or allowed_names
            problems.append(Problem(f"unknown column {quoted(name)}", position, hint))
        elif counts[name] > 1:
            problems.append(Problem(f"column `{name}` stands twice", position))
    if not problems:
        problems = [
            Problem(f"column `{name}` is missing", Position(row.line, 1))
            for name in required
            if name not in counts
        ]
    if problems:
        raise DocumentError(path, dict.fromkeys(problems), lines)
    return names


def cell_positions(line: int, count: int, lines: list[str], sign: str = ",") -> list[Position]:
    """Where the first cells of a row begin, which may go on over several lines.

    Args:
        line: of the row, counted from 1.
        count: how many cells.
        lines: of the file.
        sign: what stands between the cells.
    """
    positions = [Position(line, 1)]
    is_quoted = False
    for at in range(line - 1, len(lines)):
        for column, letter in enumerate(lines[at], 1):
            if letter == '"':
                is_quoted = not is_quoted
            elif letter == sign and not is_quoted:
                positions.append(Position(at + 1, column + 1))
        if len(positions) >= count or not is_quoted:
            break
    return positions[:count]
