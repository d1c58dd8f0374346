"""Reads a table of visits, whatever kind of file it is in."""

from collections.abc import Mapping

from planner.errors import argument
from planner.formats.visit_tables.columns import KNOWN_HEADINGS, columns_of
from planner.formats.visit_tables.day_numbers import Counting
from planner.formats.visit_tables.sheet import read_csv_sheet
from planner.formats.visit_tables.visit_list import read_visit_list
from planner.protocol.imported_document import Imported


def read_visit_table(path: str, columns: Mapping[str, str], counting: Counting) -> Imported:
    """A table of visits as a document of our format.

    Args:
        path: the file; ``-`` is standard input, which is CSV.
        columns: the heading, or the letter, of the column of each meaning, where that is to be
            said.
        counting: how its numbers are to be read.

    Raises:
        DocumentError: the file is no table of visits, or has two readings and none was asked for.
        PlannerError: it cannot be opened, or has no such column.
    """
    sheet = read_csv_sheet(path, tuple(KNOWN_HEADINGS))
    known = columns_of(sheet, columns)
    if known is None:
        headings = ", ".join(cell.text for cell in sheet.rows[0] if cell.text)[:200]
        raise sheet.refusal(
            f"no row of headings names visits and their days; the first row is: {headings}",
            sheet.rows[0][0],
            hint=f"name the columns with {argument('columns', 'name=HEADING,day=HEADING')}",
        )
    return read_visit_list(sheet, known, counting).imported(counting.anchor)
