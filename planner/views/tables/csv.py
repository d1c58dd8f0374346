"""A grid as CSV: header rows and lines; its notes have no place in it and are told beside it."""

import csv
from io import StringIO

from planner.text import disarmed
from planner.views.tables.grid import Grid, padded, width_of


def render_csv(grid: Grid) -> str:
    """All header rows, then the lines; texts that a spreadsheet would run are disarmed.

    A heading that spans columns is repeated in each of them.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    columns = width_of(grid)
    for head in grid.heads:
        writer.writerow([disarmed(cell) for cell in padded(head, columns)])
    for line in grid.lines:
        writer.writerow([disarmed(cell) for cell in padded(line.cells, columns)])
    return out.getvalue()
