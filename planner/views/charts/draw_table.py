"""Lays out a table of marks as one picture, such as the figure of SPIRIT: arrows over time points.

Cells of the signs ◆, ◇, ─, ├ and ┤ become one line across the columns, with a symbol at each
session and a bar at the ends of a track; all other cells are written as they are.
"""

from collections.abc import Sequence

from planner.text import one_line
from planner.views.charts import metrics
from planner.views.charts.frame import MARGIN, SMALL, head, notes
from planner.views.charts.palette import BLUE, LIGHT, Theme, mix
from planner.views.charts.picture import (
    DIAMOND,
    Align,
    Box,
    Canvas,
    Picture,
    Stroke,
    Symbol,
    line_height,
)
from planner.views.tables.grid import Grid, Heading, headings, padded, width_of

_LABEL, _COLUMN, _LEAST = 220.0, 50.0, 640
"""Pixels of the labels, and of another column and the whole picture at least."""
_PAD = 4.0
_SIGNS = "─◆◇├┤"


def draw_table(grid: Grid, theme: Theme = LIGHT) -> Picture:
    """The picture of a grid with one column of labels, as wide as its columns need.

    Args:
        grid: its title, heads, lines and notes are all drawn.
        theme: the colours.
    """
    return _Table(grid, theme).picture()


class _Table:
    def __init__(self, grid: Grid, theme: Theme) -> None:
        self.grid = grid
        self.columns = width_of(grid)
        self.lefts = [MARGIN, MARGIN + _LABEL]
        for column in range(1, self.columns):
            self.lefts.append(self.lefts[-1] + self._column_width(column))
        self.canvas = Canvas(theme, max(_LEAST, round(self.lefts[-1] + MARGIN)))
        self.line = mix(theme.ink, theme.paper, 0.3)
        self.shade = mix(theme.ink, theme.paper, 0.08)

    def picture(self) -> Picture:
        grid, canvas = self.grid, self.canvas
        head(canvas, grid.title, ())
        for row in headings(grid):
            self._head(row)
        for line in grid.lines:
            if line.kind == "group":
                self._group(line.cells[0] if line.cells else "")
            else:
                self._row(padded(line.cells, self.columns))
        notes(canvas, grid.notes)
        rows = [*grid.heads, *(padded(line.cells, self.columns) for line in grid.lines)]
        return canvas.picture(grid.title, " ".join(grid.notes), rows, MARGIN)

    def _column_width(self, column: int) -> float:
        """As wide as the longest word that stands in the column alone."""
        texts = [
            heading.text
            for row in headings(self.grid)
            for heading in row
            if heading.start == column and heading.span == 1
        ]
        words = " ".join(map(one_line, texts)).split()
        return max(
            _COLUMN, *(metrics.width(word, SMALL, bold=True) + 2 * _PAD + 2 for word in words)
        )

    def _head(self, row: Sequence[Heading]) -> None:
        lines = {
            heading: metrics.wrapped(
                one_line(heading.text), SMALL, self._width(heading) - 2 * _PAD, bold=True
            )
            for heading in row
        }
        height = self._height(max(map(len, lines.values()), default=1))
        for heading in row:
            self._box(heading, height, self.shade)
            self._write(heading, height, lines[heading], bold=True)
        self.canvas.y += height

    def _group(self, text: str) -> None:
        heading = Heading(text, 0, self.columns)
        height = self._height(1)
        self._box(heading, height, self.shade)
        self._write(heading, height, (one_line(text),), bold=True)
        self.canvas.y += height

    def _row(self, cells: Sequence[str]) -> None:
        wrapped = metrics.wrapped(one_line(cells[0]), SMALL, _LABEL - 2 * _PAD)
        height = self._height(len(wrapped))
        for column, text in enumerate(cells):
            cell = Heading(text, column, 1)
            self._box(cell, height, "")
            if not column:
                self._write(cell, height, wrapped)
            elif not text or set(text) - set(_SIGNS):
                self._write(cell, height, (one_line(text),))
            else:
                self._arrow(column, height, text)
        self.canvas.y += height

    def _arrow(self, column: int, height: float, signs: str) -> None:
        """A part of a line: to the sides that the signs say, with the mark of a session or end."""
        canvas, theme = self.canvas, self.canvas.theme
        left, middle = self.lefts[column], self.canvas.y + height / 2
        half = (self.lefts[column + 1] - left) / 2
        sign = next((letter for letter in signs if letter in "◆◇"), "")
        first = left if signs[0] == "─" else left + half
        last = left + 2 * half if signs[-1] == "─" else left + half
        if last > first:
            canvas.add("line", Stroke(first, middle, f"M0,0H{last - first:.2f}", theme.ink, 1.5))
        if {"├", "┤"} & set(signs):
            canvas.add("line", Stroke(left + half, middle, "M0,-5V5", theme.ink, 1.5))
        if sign:
            fill = BLUE if sign == "◆" else theme.paper
            canvas.add("mark", Symbol(left + half, middle, DIAMOND, 12.0, fill, theme.ink, 1.2))

    def _box(self, cell: Heading, height: float, fill: str) -> None:
        box = Box(
            self.lefts[cell.start], self.canvas.y, self._width(cell), height, fill, self.line, 0.8
        )
        self.canvas.add("back", box)

    def _write(
        self, cell: Heading, height: float, lines: Sequence[str], *, bold: bool = False
    ) -> None:
        """Lines in a cell: labels from its left side, all else in its middle."""
        at_left = not cell.start
        x = self.lefts[cell.start] + (_PAD if at_left else self._width(cell) / 2)
        step = line_height(SMALL)
        base = self.canvas.y + (height - step * len(lines)) / 2 + metrics.ASCENT * SMALL + 1
        for number, line in enumerate(lines):
            align: Align = "left" if at_left else "center"
            self.canvas.write(x, base + step * number, line, SMALL, bold=bold, align=align)

    def _width(self, cell: Heading) -> float:
        return self.lefts[cell.start + cell.span] - self.lefts[cell.start]

    def _height(self, lines: int) -> float:
        return line_height(SMALL) * lines + 2 * _PAD
