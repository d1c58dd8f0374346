"""Reads a table of participants out of CSV or an Excel workbook: rows, and the place of each cell.

Dates come as people's spreadsheets hold them: ISO 8601, `14.12.2026`, a date or a serial number of
Excel. One that can be read in two ways is refused with its cell.
"""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import NamedTuple
from xml.etree import ElementTree

from planner.errors import PlannerError, did_you_mean, os_reason
from planner.limits import MAX_FILE, MAX_STUDY, MAX_VALUES, too_large, too_many
from planner.protocol.csv_reading import csv_rows
from planner.protocol.field_types import quoted
from planner.protocol.reading import read_text
from planner.time.date import iso_form, parse_date
from planner.time.distance import UnitError

_DAY_0, _DAY_0_OF_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 - local times
_SERIALS = (32_874, 73_050)
"""Serial numbers of Excel from 1990 to 2099; others are no dates of a trial."""
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))


class SheetRow(NamedTuple):
    """A row of a sheet: its cells by column, without blanks at their ends, and where they are."""

    place: str
    number: int
    cells: dict[str, str]
    letters: dict[str, str]

    def where(self, column: str) -> str:
        """The file and the cell, such as `people.xlsx: B7`."""
        return f"{self.place}: {self.letters.get(column, '')}{self.number}"


def is_sheet(path: str) -> bool:
    """Whether the name of a file is that of a workbook or of CSV."""
    return path.lower().endswith((".xlsx", ".csv"))


def read_sheet(
    path: str, columns: Sequence[str], required: Sequence[str], dates: Sequence[str]
) -> list[SheetRow]:
    """The rows of a table whose first row names its columns.

    Args:
        path: of a CSV file, or of a workbook, of which the first sheet is read.
        columns: those that there can be.
        required: those that there have to be.
        dates: those that hold dates, which are given back as ISO 8601.

    Raises:
        PlannerError: it cannot be read; a column is unknown or missing; or a cell is no date, or
            one that can be read in two ways.
    """
    rows = _workbook_rows(path) if path.lower().endswith(".xlsx") else _csv_rows(path, columns)
    names: list[str] | None = None
    read = []
    for number, cells in rows:
        if names is None:
            names = _names(path, cells, columns, required)
            continue
        extra = [cell for cell in cells[len(names) :] if cell]
        if extra:
            raise PlannerError(f"{path}: row {number} has more cells than the first row names")
        letters = {name: _letters(at) for at, name in enumerate(names)}
        row = SheetRow(path, number, {}, letters)
        for name, cell in zip(names, cells, strict=False):
            if cell:
                row.cells[name] = _iso(cell, row.where(name)) if name in dates else cell
        read.append(row)
    if names is None:
        raise PlannerError(f"{path}: is empty; its first row names {', '.join(columns)}")
    return read


def _names(
    path: str, cells: Sequence[str], columns: Sequence[str], required: Sequence[str]
) -> list[str]:
    names = [cell.lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    for at, name in enumerate(names):
        if name not in columns:
            hint = did_you_mean(name, columns) or f"allowed: {', '.join(columns)}"
            raise PlannerError(f"{path}: {_letters(at)}1: unknown column {quoted(name)}; {hint}")
        if names.index(name) != at:
            raise PlannerError(f"{path}: {_letters(at)}1: column `{name}` stands twice")
    for name in required:
        if name not in names:
            raise PlannerError(f"{path}: column `{name}` is missing")
    return names


def _iso(text: str, where: str) -> str:
    """A date, with its time where there is one, as ISO 8601.

    Raises:
        PlannerError: it can be read in two ways, or is no date.
    """
    text = iso_form(text)
    serial = re.fullmatch(r"([0-9]{5})(\.[0-9]+)?", text)
    if serial and _SERIALS[0] <= int(serial[1]) <= _SERIALS[1]:
        return _from_serial(float(text), _DAY_0)
    slashed = re.fullmatch(
        r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: +([0-9]{1,2}:[0-9]{2}))?", text
    )
    if slashed:
        first, second = int(slashed[1]), int(slashed[2])
        if first <= 12 and second <= 12 and first != second:
            raise PlannerError(
                f"{where}: {quoted(text)} can be {slashed[3]}-{second:02d}-{first:02d} or"
                f" {slashed[3]}-{first:02d}-{second:02d}; write the one that is meant"
            )
        day, month = (first, second) if second <= 12 else (second, first)
        text = f"{slashed[3]}-{month:02d}-{day:02d}" + (f"T{slashed[4]:0>5}" if slashed[4] else "")
    try:
        parse_date(text[:10])
    except UnitError as error:
        raise PlannerError(f"{where}: {error}") from None
    return text


def _from_serial(value: float, day_0: datetime) -> str:
    moment = day_0 + timedelta(minutes=round(value * 1440))
    return moment.date().isoformat() if value == int(value) else f"{moment:%Y-%m-%dT%H:%M}"


def _csv_rows(path: str, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    for line, cells in csv_rows(path, StringIO(read_text(path)), columns):
        yield line, [cell.strip() for cell in cells]


def _letters(at: int) -> str:
    """The name of a column, counted from 0: A, B, ... Z, AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _workbook_rows(path: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a workbook's first sheet that are not blank, each with its number.

    Raises:
        PlannerError: it is no workbook, or larger than it may be.
    """
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_FILE + 1)
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}") from None
    if len(content) > MAX_FILE:
        raise PlannerError(f"{path}: {too_large(MAX_FILE)}")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield from _Workbook(path, archive).rows()
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError, IndexError, ValueError,
            NotImplementedError, RuntimeError):  # fmt: skip
        raise PlannerError(
            f"{path}: is not a workbook (.xlsx) that can be read; save it again, or as CSV"
        ) from None


class _Workbook:
    """The parts of a workbook: texts that cells share, and formats that make numbers dates."""

    def __init__(self, path: str, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._book = self._part("xl/workbook.xml")
        names = archive.namelist()
        strings = "xl/sharedStrings.xml"
        self._texts = (
            [_text(entry) for entry in self._part(strings).iterfind("{*}si")]
            if strings in names
            else []
        )
        styles = "xl/styles.xml"
        self._dates = _date_styles(self._part(styles)) if styles in names else set()
        properties = self._book.find("{*}workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self._day_0 = _DAY_0_OF_1904 if is_1904 else _DAY_0

    def _part(self, name: str) -> ElementTree.Element:
        if self._archive.getinfo(name).file_size > MAX_STUDY:
            raise PlannerError(f"{self._path}: {too_large(MAX_STUDY)}")
        text = self._archive.read(name)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text:
            raise ValueError(name)  # entities are what XML attacks with; no workbook has one
        return ElementTree.fromstring(text)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The first sheet's rows that are not blank."""
        sheets = self._book.find("{*}sheets")
        first = None if sheets is None else next(iter(sheets), None)
        wanted = "" if first is None else first.attrib[_RELATION]
        targets = {
            entry.get("Id"): entry.get("Target", "")
            for entry in self._part("xl/_rels/workbook.xml.rels")
        }
        target = targets[wanted]
        name = target[1:] if target.startswith("/") else f"xl/{target}"
        values = 0
        number = 0
        for row in self._part(name).iterfind("{*}sheetData/{*}row"):
            number = int(row.get("r", number + 1))
            cells: list[str] = []
            for cell in row.iterfind("{*}c"):
                at = _column(cell.get("r", ""), len(cells))
                cells += [""] * (at - len(cells))
                cells.append(self._value(cell).strip())
            values += sum(map(bool, cells))
            if values > MAX_VALUES:
                raise PlannerError(f"{self._path}: {too_many(MAX_VALUES, 'cells')}")
            if any(cells):
                yield number, cells

    def _value(self, cell: ElementTree.Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text(cell.find("{*}is"))
        text = cell.findtext("{*}v") or ""
        if kind == "e":
            raise PlannerError(f"{self._path}: {cell.get('r')}: holds the error {text}")
        if kind == "s":
            return self._texts[int(text)]
        if kind == "b":
            return "true" if text == "1" else "false"
        if kind != "n" or not text:
            return text
        number = float(text)
        if cell.get("s") in self._dates:
            return _from_serial(number, self._day_0)
        return str(int(number)) if number == int(number) else text


def _text(entry: ElementTree.Element | None) -> str:
    """The text of an entry, without how its letters are said in another script."""
    if entry is None:
        return ""
    own = [part.text or "" for part in entry.iterfind("{*}t")]
    return "".join([*own, *(part.text or "" for part in entry.iterfind("{*}r/{*}t"))])


def _date_styles(styles: ElementTree.Element) -> set[str]:
    """The numbers of the cell formats that show a number as a date."""
    own = {
        int(entry.get("numFmtId", -1)): re.sub(
            r'"[^"]*"|\\.|\[[^\]]*\]', "", entry.get("formatCode", "")
        )
        for entry in styles.iterfind("{*}numFmts/{*}numFmt")
    }
    dates = _DATE_FORMATS | {number for number, code in own.items() if re.search("[dyDY]", code)}
    return {
        str(at)
        for at, entry in enumerate(styles.iterfind("{*}cellXfs/{*}xf"))
        if int(entry.get("numFmtId", 0)) in dates
    }


def _column(reference: str, following: int) -> int:
    """The column of a cell such as `B7`, counted from 0; the next one where it says none."""
    match = re.match("[A-Z]{1,3}", reference)
    if match is None:
        return following
    at = 0
    for letter in match[0]:
        at = at * 26 + ord(letter) - ord("A") + 1
    if at > 16_384:
        raise ValueError(reference)
    return at - 1
