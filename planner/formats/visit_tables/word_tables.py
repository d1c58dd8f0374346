"""The tables of a Word document (.docx), each as a sheet."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from planner.formats.visit_tables.office_package import OfficePackage, package_refusal
from planner.formats.visit_tables.sheet import Sheet, SheetRow, sheet_row
from planner.limits import MAX_CELL, MAX_COLUMNS, MAX_VALUES, too_long, too_many

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def read_word_tables(path: str) -> list[Sheet]:
    """The tables of a document that have cells, called ``table 1``, ``table 2``, ...

    Merged cells hold their text once, first. Text that a reviewer deleted is left out; what stands
    in superscript, such as a footnote's number, is kept in its place.

    Args:
        path: the file.

    Raises:
        PlannerError: the file cannot be opened.
        DocumentError: it is no Word document, or larger than it may be.
    """
    package = OfficePackage(path)
    root = package.part("word/document.xml")
    if root is None:
        raise package_refusal(path, "no Word document: it has no part word/document.xml")
    sheets = []
    left = MAX_VALUES
    for number, table in enumerate(root.iter(f"{_WORD}tbl"), 1):
        rows = []
        for row_number, row in enumerate(table.findall(f"{_WORD}tr"), 1):
            texts = list(_texts(path, row))
            left -= len(texts)
            if left < 0:
                raise package_refusal(path, too_many(MAX_VALUES, "cells"))
            if any(texts):
                rows.append(_ended(sheet_row(texts, row_number, row_number)))
        if rows:
            sheets.append(Sheet(path, f"table {number}", tuple(rows), []))
    return sheets


def _ended(row: SheetRow) -> SheetRow:
    last = max(cell.column for cell in row if cell.text)
    return row[:last]


def _texts(path: str, row: Element) -> Iterator[str]:
    """The texts of a row's cells; those that merged cells go on over are blank."""
    column = 0
    for cell in row.iter(f"{_WORD}tc"):
        properties = cell.find(f"{_WORD}tcPr")
        span, goes_on = 1, False
        if properties is not None:
            grid = properties.find(f"{_WORD}gridSpan")
            number = "1" if grid is None else grid.get(f"{_WORD}val") or "1"
            span = int(number) if number.isdecimal() and len(number) < 6 else 1
            merged = properties.find(f"{_WORD}vMerge")
            goes_on = merged is not None and merged.get(f"{_WORD}val") != "restart"
        column += span
        if column > MAX_COLUMNS:
            raise package_refusal(path, f"a row has more than {MAX_COLUMNS:,} cells")
        text = "" if goes_on else _cell_text(cell)
        if len(text) > MAX_CELL:
            raise package_refusal(path, too_long(MAX_CELL, "a cell"))
        yield text
        for _ in range(span - 1):
            yield ""


def _cell_text(cell: Element) -> str:
    parts = []
    for element in cell.iter():
        if element.tag == f"{_WORD}t":
            parts.append(element.text or "")
        elif element.tag in (f"{_WORD}p", f"{_WORD}br", f"{_WORD}tab"):
            parts.append(" ")
        elif element.tag == f"{_WORD}noBreakHyphen":
            parts.append("-")
    return "".join(parts).strip()
