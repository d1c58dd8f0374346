"""A table as data: what a view works out, before any renderer decides how it looks.

A schedule of activities, a run sheet and a comparison of trials are all a `Grid`; each renderer
(text, Markdown, CSV, HTML, a workbook) takes any of them.
"""

from typing import Literal, NamedTuple

from planner.display import drawn_html


class Line(NamedTuple):
    """One line of a grid: a cell per column, or a heading across all columns.

    ``cells`` of a ``group`` is the heading alone, one cell; a ``row`` has as many as the grid has
    columns, and missing ones at its end are empty. ``urgency`` colours a row on a terminal
    and on a page; its cells say the same in words.
    """

    cells: tuple[str, ...]
    kind: Literal["row", "group"] = "row"
    urgency: Literal["", "overdue", "late", "today"] = ""


class Grid(NamedTuple):
    """A table with its title and its notes; all cells are plain text, which may be hostile.

    ``heads`` are the header rows, top first, each with a cell per column. Equal neighbouring cells
    of a header row above the last are one heading that spans them; it ends where a heading above it
    ends, so that headings nest. ``labels`` columns on the left name the lines (0 for none) and are
    repeated when a wide table is split. ``notes`` stand below, one paragraph each; the last one is
    the notice that every output carries.
    """

    title: str
    heads: tuple[tuple[str, ...], ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    labels: int = 1

    def _repr_html_(self) -> str | None:
        return drawn_html(self)


class Heading(NamedTuple):
    """A header cell with the columns it spans: from ``start`` (counts from 0) on, ``span`` many."""

    text: str
    start: int
    span: int


def width_of(grid: Grid) -> int:
    """How many columns a grid has: those of its widest header row or line, or its labels alone."""
    rows = [len(line.cells) for line in grid.lines if line.kind == "row"]
    return max([grid.labels, *(len(head) for head in grid.heads), *rows])


def padded(cells: tuple[str, ...], columns: int) -> tuple[str, ...]:
    """The cells with empty ones at the end, up to so many columns.

    Args:
        cells: of one line.
        columns: how many there are; fewer than the cells change nothing.
    """
    return (*cells, *("",) * (columns - len(cells)))


def headings(grid: Grid) -> tuple[tuple[Heading, ...], ...]:
    """The header rows with equal neighbours joined, as renderers draw them.

    Headings of the last row stand alone; none crosses from the labels into the other columns.
    """
    columns = width_of(grid)
    ends = {0, grid.labels}
    rows = []
    for number, head in enumerate(grid.heads, start=1):
        cells = padded(head, columns)
        row: list[Heading] = []
        for column, text in enumerate(cells):
            joins = number < len(grid.heads) and column not in ends
            if joins and row and row[-1].text == text:
                row[-1] = row[-1]._replace(span=row[-1].span + 1)
            else:
                row.append(Heading(text, column, 1))
        ends |= {heading.start for heading in row}
        rows.append(tuple(row))
    return tuple(rows)


def centred(grid: Grid) -> tuple[bool, ...]:
    """By column, whether it holds nothing but marks (four letters at most), drawn in the middle."""
    rows = [line.cells for line in grid.lines if line.kind == "row"]
    return tuple(
        column >= grid.labels
        and all(len(cells[column]) <= 4 for cells in rows if column < len(cells))
        for column in range(width_of(grid))
    )
