"""The sheets of a workbook (.xlsx), with the values that are stored; no formula is computed."""

import re
from collections.abc import Iterator
from posixpath import join, normpath
from xml.etree.ElementTree import Element

from planner.formats.visit_tables.office_package import OfficePackage, package_refusal
from planner.formats.visit_tables.sheet import Sheet, SheetCell
from planner.limits import MAX_CELL, MAX_COLUMNS, MAX_VALUES, too_long, too_many

_MAX_SHEETS = 100
_NAME = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_WHOLE = re.compile(r"(-?[0-9]+)\.0+")


def read_workbook(path: str) -> list[Sheet]:
    """The sheets of a workbook that have cells and are not hidden.

    A formula counts as the value that its spreadsheet stored for it; one without is left as it is
    written, with its equals sign.

    Args:
        path: the file.

    Raises:
        PlannerError: the file cannot be opened.
        DocumentError: it is no workbook, or larger than it may be.
    """
    package = OfficePackage(path)
    book = package.part("xl/workbook.xml")
    links = package.part("xl/_rels/workbook.xml.rels")
    if book is None or links is None:
        raise package_refusal(path, "no workbook: it has no part xl/workbook.xml")
    targets = {link.get("Id"): link.get("Target") or "" for link in links}
    shared = _shared_texts(package)
    entries = [sheet for sheet in _all(book, "sheet") if sheet.get("state", "visible") == "visible"]
    if len(entries) > _MAX_SHEETS:
        raise package_refusal(path, too_many(_MAX_SHEETS, "sheets"))
    sheets = []
    left = MAX_VALUES
    for entry in entries:
        link = next((text for key, text in entry.attrib.items() if _local(key) == "id"), None)
        target = targets.get(link, "")
        part = package.part(normpath(join("xl", target)).lstrip("/")) if target else None
        if part is None:
            continue
        rows = tuple(_rows(path, part, shared, left))
        left -= sum(map(len, rows))
        if rows:
            sheets.append(Sheet(path, entry.get("name") or "", rows, []))
    return sheets


def _rows(
    path: str, part: Element, shared: list[str], left: int
) -> Iterator[tuple[SheetCell, ...]]:
    """The rows that are not blank, with blank cells where there is none up to the last one."""
    number = 0
    for row in _all(part, "row"):
        number += 1
        cells: dict[int, str] = {}
        column = 0
        for element in row:
            if _local(element.tag) != "c":
                continue
            column += 1
            name = _NAME.fullmatch(element.get("r") or "")
            if name is not None:
                column, number = _column(name[1]), int(name[2])
            if column > MAX_COLUMNS:
                raise package_refusal(path, f"row {number} has more than {MAX_COLUMNS:,} cells")
            text = _value(element, shared)
            if len(text) > MAX_CELL:
                raise package_refusal(path, too_long(MAX_CELL, f"a cell of row {number}"))
            if text.strip():
                cells[column] = " ".join(text.split())
        if not cells:
            continue
        left -= max(cells)
        if left < 0:
            raise package_refusal(path, too_many(MAX_VALUES, "cells"))
        yield tuple(
            SheetCell(cells.get(at, ""), number, at, number) for at in range(1, max(cells) + 1)
        )


def _value(cell: Element, shared: list[str]) -> str:
    """The text of a cell, as its spreadsheet stored it."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    parts = {_local(child.tag): child.text or "" for child in cell}
    value = parts.get("v", "")
    if not value and "f" in parts:
        return f"={parts['f']}"
    if kind == "s":
        at = int(value) if value.isdecimal() and len(value) < 10 else len(shared)
        return shared[at] if at < len(shared) else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(value, value)
    whole = _WHOLE.fullmatch(value)
    return whole[1] if whole is not None and kind == "n" else value


def _shared_texts(package: OfficePackage) -> list[str]:
    part = package.part("xl/sharedStrings.xml")
    return [] if part is None else [_text(entry) for entry in part if _local(entry.tag) == "si"]


def _text(element: Element) -> str:
    """The text of an element's runs, without the phonetic ones."""
    return "".join(
        inner.text or ""
        for child in element
        if _local(child.tag) != "rPh"
        for inner in child.iter()
        if _local(inner.tag) == "t"
    )


def _all(root: Element, name: str) -> Iterator[Element]:
    return (element for element in root.iter() if _local(element.tag) == name)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
