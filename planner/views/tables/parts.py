"""A grid that is too wide for a page as several that stand below each other."""

from collections.abc import Iterator

from planner.views.tables.grid import Grid, Line, padded, width_of

MAX_COLUMNS = 10
"""So many columns beside the labels fit on a landscape page, and on a screen without scrolling."""


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
