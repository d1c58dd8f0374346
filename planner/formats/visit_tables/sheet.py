"""A sheet of a table: its cells that are not blank, each with its name, such as ``B4``."""

import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from planner.protocol.csv_reading import csv_rows
from planner.protocol.document import DocumentError, Position, Problem
from planner.protocol.imported_document import Origin
from planner.protocol.reading import read_text

_SIGNS = (",", ";", "\t")
_LOOKED_AT = 20


class SheetCell(NamedTuple):
    """A cell: its text without spaces around it, its row and column from 1, its line in the file.

    Where a cell of a CSV file goes on over several lines, rows and lines are numbered differently.
    """

    text: str
    row: int
    column: int
    line: int

    @property
    def name(self) -> str:
        """Its name in a spreadsheet, such as ``B4``."""
        return f"{column_letters(self.column)}{self.row}"


SheetRow = tuple[SheetCell, ...]


class Sheet(NamedTuple):
    """The rows of a sheet that are not blank; ``title`` is ``None`` where a file has one only."""

    path: str
    title: str | None
    rows: tuple[SheetRow, ...]
    lines: list[str]

    def origin(self, *cells: SheetCell) -> Origin:
        """Where cells of one row stand, from the leftmost to the rightmost."""
        ordered = sorted(cells, key=lambda cell: cell.column)
        names = list(dict.fromkeys((ordered[0].name, ordered[-1].name)))
        where = "" if self.title is None else f"sheet {self.title}, "
        return Origin(f"{where}{':'.join(names)}", Position(ordered[0].line, 1))

    def refusal(self, message: str, *cells: SheetCell, hint: str | None = None) -> DocumentError:
        """An error about cells of one row, or about the sheet where none is named."""
        if not cells:
            return DocumentError(self.path, [Problem(message, Position(1, 1), hint)], self.lines)
        origin = self.origin(*cells)
        problem = Problem(f"{origin.text}: {message}", origin.position, hint)
        return DocumentError(self.path, [problem], self.lines)


def column_letters(column: int) -> str:
    """The letters by which a spreadsheet calls a column, counted from 1: ``A``, ``Z``, ``AA``."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def sheet_row(texts: Iterable[str], row: int, line: int) -> SheetRow:
    """The cells of a row, with single spaces where a spreadsheet has others."""
    return tuple(
        SheetCell(" ".join(text.split()), row, column, line) for column, text in enumerate(texts, 1)
    )


def read_csv_sheet(path: str, headings: Sequence[str] = ()) -> Sheet:
    """The sheet that a CSV file is; commas, semicolons or tabs stand between its cells.

    Args:
        path: the file; ``-`` is standard input.
        headings: names in small letters that its columns may have, by which the sign between cells
            is recognised.

    Raises:
        DocumentError: it is no CSV in UTF-8, or larger than it may be.
    """
    text = read_text(path)
    lines = text.split("\n")
    rows: list[SheetRow] = []
    further = 0
    for line, cells in csv_rows(path, io.StringIO(text), sign=_sign(lines, headings)):
        rows.append(sheet_row(cells, line - further, line))
        further += sum(cell.count("\n") for cell in cells)
    sheet = Sheet(path, None, tuple(rows), lines)
    if not rows:
        raise sheet.refusal("the table is empty")
    return sheet


def _sign(lines: list[str], headings: Sequence[str]) -> str:
    """What stands between cells: the sign by which most headings are known, or most cells seen."""
    full = [line for line in lines if line.strip(" ,;\t")][:_LOOKED_AT]

    def seen(sign: str) -> tuple[int, int]:
        known = (
            sum(name.strip().strip('"').strip().lower() in headings for name in line.split(sign))
            for line in full
        )
        return max(known, default=0), full[0].count(sign) if full else 0

    return max(_SIGNS, key=seen)
