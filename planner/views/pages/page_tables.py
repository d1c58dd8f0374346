"""Grids on a page: each in a region that scrolls, wide ones in parts that fit on paper."""

from planner.notice import NOTICE
from planner.views.pages.markup import Html, coded, element, lines
from planner.views.tables.grid import Grid
from planner.views.tables.html import table_lines
from planner.views.tables.parts import parts


def table(grid: Grid, name: str) -> Html:
    """The table and its notes; the notice that every page ends with is not repeated.

    Args:
        grid: any grid; a wide one becomes several tables.
        name: begins the ids of its captions.
    """
    pieces = list(parts(grid))
    blocks: list[Html] = []
    for number, part in enumerate(pieces, start=1):
        own = name if len(pieces) == 1 else f"{name}-{number}"
        # What a table has been drawn from is escaped there.
        blocks.append(Html("\n".join(table_lines(part, name=own))))
    notes = [element("p", coded(note)) for note in grid.notes if note != NOTICE]
    if notes:
        blocks.append(element("div", lines(*notes), class_="notes"))
    return lines(*blocks)
