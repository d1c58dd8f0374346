"""Grids on a page: each in a region that scrolls, wide ones in parts that fit on paper."""

from collections.abc import Iterator

from planner.notice import NOTICE
from planner.views.pages.markup import Html, coded, element, lines
from planner.views.tables.grid import Grid, Line, padded, width_of
from planner.views.tables.html import table_lines

MAX_COLUMNS = 10
"""So many columns beside the labels fit on a landscape page, and on a screen without scrolling."""


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


def parts(grid: Grid) -> Iterator[Grid]:
    """A wide grid as several that stand below each other, the labels in each.

    They are cut where a heading of the first row ends, if that leaves no part too thin.
    """
    columns = width_of(grid)
    cuts = [grid.labels]
    while columns - cuts[-1] > MAX_COLUMNS:
        cuts.append(_cut(grid, cuts[-1], columns))
    if len(cuts) == 1:
        yield grid
        return
    for number, (first, last) in enumerate(zip(cuts, [*cuts[1:], columns], strict=True), start=1):
        yield _between(grid, first, last, f"{grid.title}, part {number} of {len(cuts)}")


def _cut(grid: Grid, first: int, columns: int) -> int:
    """Where the part that begins at a column ends."""
    most = first + MAX_COLUMNS
    if grid.heads:
        head = padded(grid.heads[0], columns)
        for at in range(most, first + MAX_COLUMNS // 2, -1):
            if head[at] != head[at - 1]:
                return at
    left = columns - first
    pieces = -(-left // MAX_COLUMNS)
    return first + -(-left // pieces)


def _between(grid: Grid, first: int, last: int, title: str) -> Grid:
    def cut(cells: tuple[str, ...]) -> tuple[str, ...]:
        return cells[: grid.labels] + padded(cells, last)[first:last]

    rows = tuple(
        Line(line.cells if line.kind == "group" else cut(line.cells), line.kind)
        for line in grid.lines
    )
    return Grid(title, tuple(map(cut, grid.heads)), rows, (), grid.labels)
