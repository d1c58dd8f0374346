"""A grid as CSV: header rows and lines; its notes have no place in it and are told beside it."""

import csv
import re
from io import StringIO

from planner.grid import Grid, padded, width_of
from planner.letters import one_line

_HARMLESS = re.compile(
    r"[+-]?[0-9]+(?:[.:][0-9]+)?(?:\.\.[+-]?[0-9]+)?(?: ± [0-9]+| \([≥≤ 0-9.+-]+\))?"
)
"""Numbers, times and days, such as `-0:30`, `-28..-7` or `-31 (-63..-14)`: no letter, no call."""
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


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


def disarmed(text: str) -> str:
    """A cell on one line that no spreadsheet takes for a formula; numbers and hours stay."""
    safe = one_line(text)
    if safe.startswith(_FORMULA) and not _HARMLESS.fullmatch(safe):
        return "'" + safe
    return safe
