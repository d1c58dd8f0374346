"""Reads a table of visits, whatever kind of file it is in."""

from collections.abc import Mapping

from planner.errors import PlannerError, argument, did_you_mean
from planner.formats.visit_tables.columns import KNOWN_HEADINGS, Columns, columns_of
from planner.formats.visit_tables.day_numbers import Counting
from planner.formats.visit_tables.matrix import MatrixRows, matrix_rows, read_matrix
from planner.formats.visit_tables.redcap_events import redcap_events
from planner.formats.visit_tables.sheet import Sheet, read_csv_sheet
from planner.formats.visit_tables.visit_list import read_visit_list
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import Imported


def read_visit_table(
    path: str, sheet: str | None, columns: Mapping[str, str], counting: Counting
) -> Imported:
    """A table of visits as a document of our format.

    Args:
        path: the file (.xlsx, .docx, or any other as CSV); ``-`` is standard input, which is CSV.
        sheet: the name of the sheet, or ``table 2`` of a document, where more than one can be it.
        columns: the heading, or the letter, of the column of each meaning, where that is to be
            said.
        counting: how its numbers are to be read.

    Raises:
        DocumentError: the file is no table of visits, or has two readings and none was asked for.
        PlannerError: it cannot be opened, or has no such sheet or column.
    """
    sheets = _sheets(path)
    events = redcap_events(sheets[0], columns, counting) if len(sheets) == 1 else None
    if events is not None:
        columns, counting = events.columns, events.counting
    table, parts = _table(path, sheets, sheet, columns)
    if isinstance(parts, Columns):
        study = read_visit_list(table, parts, counting)
    else:
        study = read_matrix(table, parts, counting)
    for message, cell in events.remarks if events is not None else ():
        study.say("reading", message, cell)
    return study.imported(counting.anchor)


def _sheets(path: str) -> list[Sheet]:
    name = path.lower()
    if name.endswith(".xlsx"):
        from planner.formats.visit_tables.workbook import read_workbook

        return read_workbook(path)
    if name.endswith(".docx"):
        from planner.formats.visit_tables.word_tables import read_word_tables

        return read_word_tables(path)
    if name.endswith((".xls", ".ods", ".doc", ".odt", ".xlsm", ".xlsb", ".pdf")):
        raise PlannerError(f"{path}: save it as .xlsx, .docx or .csv, which are read")
    return [read_csv_sheet(path, tuple(KNOWN_HEADINGS))]


def _table(
    path: str, sheets: list[Sheet], wanted: str | None, columns: Mapping[str, str]
) -> tuple[Sheet, Columns | MatrixRows]:
    """The sheet that is a table of visits, and what its columns or rows mean."""
    titles = [sheet.title or "" for sheet in sheets]
    if not sheets:
        raise PlannerError(f"{path}: it has no table with anything in it")
    if wanted is not None:
        sheets = [sheet for sheet in sheets if (sheet.title or "").casefold() == wanted.casefold()]
        if not sheets:
            hint = did_you_mean(wanted, titles) or f"there are: {', '.join(map(quoted, titles))}"
            raise PlannerError(f"{path}: {argument('sheet')}: no {quoted(wanted)}; {hint}")
    if len(sheets) == 1:
        parts = _parts(sheets[0], columns)
        if parts is None:
            raise _no_headings(sheets[0])
        return sheets[0], parts
    tables = []
    for sheet in sheets:
        try:
            parts = _parts(sheet, columns)
        except PlannerError:
            continue
        if parts is not None:
            tables.append((sheet, parts))
    if len(tables) == 1:
        return tables[0]
    several = [sheet for sheet, _ in tables] or sheets
    names = ", ".join(quoted(sheet.title or "") for sheet in several)
    what = "are tables of visits" if tables else "name no visits and days in their headings"
    raise PlannerError(f"{path}: {names} {what}; choose one with {argument('sheet', 'NAME')}")


def _parts(sheet: Sheet, columns: Mapping[str, str]) -> Columns | MatrixRows | None:
    """What a list's columns mean, or the parts of a matrix; ``None`` where it is neither."""
    known = columns_of(sheet, columns)
    return known if known is not None or columns else matrix_rows(sheet)


def _no_headings(sheet: Sheet) -> PlannerError:
    headings = ", ".join(cell.text for cell in sheet.rows[0] if cell.text)[:200]
    return sheet.refusal(
        f"no row of headings names visits and their days; the first row is: {headings}",
        sheet.rows[0][0],
        hint=f"name the columns with {argument('columns', 'name=HEADING,day=HEADING')}",
    )
