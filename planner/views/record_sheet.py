"""Rows of everybody's visits as a plain sheet: a workbook of texts, or CSV that Excel opens."""

import csv
import io
from collections.abc import Sequence

from planner.text import disarmed
from planner.views.tables.xlsx import plain_workbook

_BOM = "\ufeff"
"""Without it Excel takes the file for one in the letters of its country."""


def csv_sheet(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as CSV in UTF-8, with a BOM."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [disarmed(cell) for cell in row] for row in rows
    )
    return (_BOM + out.getvalue()).encode()


def workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as a workbook whose first row stays in sight; all cells are text."""
    return plain_workbook(rows, "Visits")
