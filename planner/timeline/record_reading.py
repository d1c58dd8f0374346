"""Reads participants' records: one file each, in YAML, JSON or CSV with the same columns."""

import io
import os
from typing import Any

from planner.errors import PlannerError, os_reason
from planner.files import finish_interrupted, is_left_over
from planner.protocol.csv_reading import Row, cell_positions, column_names, csv_rows, separator
from planner.protocol.document import Document, DocumentError, Mark, Position, Problem
from planner.protocol.file_kinds import RECORD, other_kind
from planner.protocol.reading import document_of, read_text
from planner.protocol.validation import validate_model
from planner.time.date import iso_form
from planner.timeline.record import COLUMNS, Record, RecordFile

SUFFIXES = (".yaml", ".yml", ".json", ".csv")


def read_record(path: str) -> RecordFile:
    """Reads one participant's record.

    A CSV file holds the visits alone; its participant is its name, without the suffix. Lines of it
    that begin with `#` are comments.

    Raises:
        PlannerError: the file cannot be opened, or is of another kind.
        DocumentError: it is no record; carries every problem with line and column.
    """
    return record_of_text(path, read_text(path))


def record_of_text(path: str, text: str) -> RecordFile:
    """One participant's record out of a text.

    Args:
        path: what messages call it; its suffix tells CSV and JSON from YAML, and its name is the
            participant of CSV.
        text: as `planner.protocol.reading.read_text` gives it.

    Raises:
        PlannerError: as `read_record`.
    """
    is_csv = path.lower().endswith(".csv")
    document = _csv_document(path, text, cells=False) if is_csv else document_of(path, text)
    other = other_kind(document.data, RECORD)
    if other is not None:
        raise PlannerError(f"{path}: {other}")
    try:
        record = validate_model(Record, document)
    except DocumentError:
        if not is_csv:
            raise
        # Where each cell stands is worked out for those that have to be found.
        record = validate_model(Record, _csv_document(path, text, cells=True))
    return RecordFile(path, record, _lines(document))


def record_of_document(path: str, document: Document) -> RecordFile:
    """One participant's record out of a document of YAML or JSON.

    Args:
        path: what messages call it.
        document: the data, with the places for messages.

    Raises:
        DocumentError: as `read_record`.
    """
    return RecordFile(path, validate_model(Record, document), _lines(document))


def _lines(document: Document) -> tuple[int, ...]:
    """The line of each visit; none where the file lists none."""
    entries = document.mark.entries
    marked = entries.get("visits") if isinstance(entries, dict) else None
    marks = () if marked is None else marked[1].entries
    return tuple(mark.line for mark in marks) if isinstance(marks, list) else ()


def record_paths(folder: str) -> list[str]:
    """The files of a folder that can be records, by name; a path of a file stands for itself.

    Records that a run was putting in their places when it was stopped are put there first, so that
    nobody reads half of them.

    Raises:
        PlannerError: there is no such folder, or no record in it.
    """
    if not os.path.isdir(folder):
        return [folder]
    try:
        names = os.listdir(folder)
        if any(map(is_left_over, names)):
            finish_interrupted(folder)
            names = os.listdir(folder)
    except OSError as error:
        raise PlannerError(f"{folder}: {os_reason(error)}") from None
    paths = sorted(
        name for name in names if name.lower().endswith(SUFFIXES) and not name.startswith(".")
    )
    if not paths:
        raise PlannerError(f"{folder}: holds no record ({', '.join(SUFFIXES)})")
    return [os.path.join(folder, name) for name in paths]


def _csv_document(path: str, text: str, *, cells: bool) -> Document:
    """The rows of CSV as the data of a record, each row, or each cell, with its place.

    Semicolons and tabs between the cells are read as well, and dates such as `14.12.2026`.
    """
    lines = text.split("\n")
    code = os.path.splitext(os.path.basename(path))[0]
    visits: list[dict[str, Any]] = []
    marks: list[Mark] = []
    columns: list[str] | None = None
    sign = ","
    problems: list[Problem] = []
    for line, row in csv_rows(path, io.StringIO(text), COLUMNS):
        if row[0].startswith("#"):
            continue  # a comment: no visit begins so, nor any column
        if columns is None:
            columns = column_names(path, Row(line, row), COLUMNS, ("visit", "status"), lines)
            sign = separator(lines[line - 1], COLUMNS)
            continue
        if len(row) > len(columns):
            message = f"{len(row)} cells, the first line names {len(columns)} columns"
            problems.append(Problem(message, Position(line, 1)))
        known = {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
        for name in ("start", "end"):
            known[name] = iso_form(known.get(name, ""))
        visits.append({name: cell for name, cell in known.items() if cell})
        marks.append(_row_mark(line, columns, lines, sign) if cells else Mark(line, 1, None))
    if columns is None:
        problem = Problem(f"no line names the columns: {','.join(COLUMNS)}", Position(1, 1))
        raise DocumentError(path, [problem], lines)
    top = Position(1, 1)
    mark = Mark(1, 1, {"participant": (top, Mark(1, 1, None)), "visits": (top, Mark(1, 1, marks))})
    data = {"participant": code, "visits": visits}
    return Document(path, data, mark, lines, tuple(problems))


def _row_mark(line: int, columns: list[str], lines: list[str], sign: str) -> Mark:
    entries = {}
    places = cell_positions(line, len(columns), lines, sign)
    for name, position in zip(columns, places, strict=False):
        entries[name] = (position, Mark(position.line, position.column, None))
    return Mark(line, 1, entries)
