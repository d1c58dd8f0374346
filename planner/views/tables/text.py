"""A grid for a terminal: wide ones in blocks, cut between groups of columns where that fits."""

from typing import NamedTuple

from planner.text import display_width as columns_of
from planner.text import one_line
from planner.views.tables.grid import Grid, Heading, Line, centred, headings, width_of
from planner.views.terminal import (
    GAP,
    RowCell,
    Style,
    Styled,
    breakable_words,
    draw_row,
    paint,
    wrap,
)

_LABEL_SHARE = 3
"""A label column takes a third of the terminal at most before its words are wrapped."""
_URGENT = {"": Style.NONE, "overdue": Style.ALARM, "late": Style.RED, "today": Style.BOLD_MAGENTA}
_FEW_LINES = 3
_MAX_WORD_LENGTH = 28


class _Sizes(NamedTuple):
    """By column: the width of its longest text, and the least in which words stay whole."""

    natural: list[int]
    least: list[int]


class _Spanned(NamedTuple):
    """A text on the columns from ``start`` on, ``span`` many of the block."""

    text: str
    start: int
    span: int
    middle: bool
    style: str


class _Drawn(NamedTuple):
    """A grid and what each of its blocks needs: by header row, the heading of each column."""

    grid: Grid
    heads: tuple[tuple[Heading, ...], ...]
    middle: tuple[bool, ...]
    width: int
    color: bool


def render_table(grid: Grid, *, width: int, color: bool) -> str:
    """The grid as text.

    Args:
        grid: any grid; control characters in it are made visible.
        width: columns of the terminal; only where they are too few for a single column of the
            grid beside its labels does a line get longer.
        color: with ANSI colours.
    """
    parts = [paint(line, Style.BOLD, color) for line in wrap(one_line(grid.title), width)]
    sizes = _sizes(grid, width)
    blocks = _blocks(grid, sizes, width) if grid.heads or grid.lines else []
    if len(blocks) > 1:
        # The labels are as wide in each block, so that the blocks read as one table.
        sizes.natural[: grid.labels] = sizes.least[: grid.labels]
    table = _Drawn(grid, tuple(map(_by_column, headings(grid))), centred(grid), width, color)
    for block in blocks:
        parts += ["", *_block(table, block, _widths(grid, block, sizes, width))]
    for at, note in enumerate(grid.notes):
        last = at == len(grid.notes) - 1
        lines = wrap(one_line(note), width, "  ")
        parts += [""] if not at or last else []
        parts += [paint(line, Style.DIM, color) for line in lines] if last else lines
    return "\n".join(parts) + "\n"


def _sizes(grid: Grid, width: int) -> _Sizes:
    texts = _texts(grid)
    natural = [max(map(columns_of, column), default=0) for column in texts]
    most = max(8, width // _LABEL_SHARE // max(1, grid.labels))
    least = [
        min(most, natural[at]) if at < grid.labels else max([1, *map(_comfortable, set(column))])
        for at, column in enumerate(texts)
    ]
    return _Sizes(natural, least)


def _blocks(grid: Grid, sizes: _Sizes, width: int) -> list[list[int]]:
    """The columns of each block, without the labels; one block with no column for labels alone."""
    total = len(sizes.natural)
    if sum(sizes.natural) + GAP * (total - 1) <= width:
        return [list(range(grid.labels, total))]
    room = width + GAP - sum(GAP + size for size in sizes.least[: grid.labels])
    groups = [
        list(range(heading.start, heading.start + heading.span))
        for heading in (headings(grid)[0] if len(grid.heads) > 1 else ())
        if heading.start >= grid.labels
    ] or [[column] for column in range(grid.labels, total)]
    blocks: list[list[int]] = []
    used = 0
    for group in groups:
        size = sum(GAP + sizes.least[column] for column in group)
        if blocks and used + size <= room:
            blocks[-1] += group
            used += size
            continue
        # A group that no block holds is cut between columns, and its rest may have company.
        for number, column in enumerate(group):
            need = GAP + sizes.least[column]
            if number and used + need <= room:
                blocks[-1].append(column)
                used += need
            else:
                blocks.append([column])
                used = need
    return blocks or [[]]


def _texts(grid: Grid) -> list[list[str]]:
    """By column, the texts that stand in it alone."""
    texts: list[list[str]] = [[] for _ in range(width_of(grid))]
    for row in headings(grid):
        for heading in row:
            if heading.span == 1:
                texts[heading.start].append(one_line(heading.text))
    for line in grid.lines:
        if line.kind == "row":
            for column, text in enumerate(line.cells):
                texts[column].append(one_line(text))
    return texts


def _comfortable(text: str) -> int:
    longest = max(map(columns_of, breakable_words(text)))
    size = max(1, longest, -(-columns_of(text) // _FEW_LINES))
    while size < _MAX_WORD_LENGTH and len(wrap(text, size)) > _FEW_LINES:
        size += 1
    return min(size, _MAX_WORD_LENGTH)


def _widths(grid: Grid, block: list[int], sizes: _Sizes, width: int) -> list[int]:
    """The widths of the labels and of a block's columns; what is left goes where text is long."""
    chosen = [*range(grid.labels), *block]
    natural = [sizes.natural[column] for column in chosen]
    room = width - GAP * (len(chosen) - 1)
    if sum(natural) <= room:
        return natural
    widths = [sizes.least[column] for column in chosen]
    if sum(widths) > room and block:
        widths[-1] = max(4, widths[-1] - (sum(widths) - room))
    while sum(widths) < room:
        # The most crowded column first: the one that would wrap onto the most lines.
        crowd = [long / max(1, size) for long, size in zip(natural, widths, strict=True)]
        most = max(range(len(widths)), key=crowd.__getitem__)
        if crowd[most] <= 1:
            break
        widths[most] += 1
    return widths


def _by_column(row: tuple[Heading, ...]) -> tuple[Heading, ...]:
    return tuple(heading for heading in row for _ in range(heading.span))


def _block(table: _Drawn, block: list[int], sizes: list[int]) -> list[str]:
    grid = table.grid
    chosen = [*range(grid.labels), *block]
    lines: list[str] = []
    heads = [
        _head_cells(table, number, chosen, Style.BOLD if number or len(grid.heads) == 1
                    else Style.GROUP)
        for number in range(len(grid.heads))
    ]  # fmt: skip
    sizes = _with_room(heads, sizes, table.width)
    for number, head in enumerate(grid.heads):
        if not _says_something(head, block, grid.labels):
            continue
        is_first = number == 0 and len(grid.heads) > 1
        cells = heads[number]
        lines += _row(cells, sizes, table.color, is_heading=True)
        if is_first:
            lines.append(_underline(cells, sizes, grid.labels))
    if lines:
        lines.append("─" * (sum(sizes) + GAP * (len(sizes) - 1)))
    for line in _lines_in(grid, block):
        lines += _line(table, line, chosen, sizes)
    return [line.rstrip() for line in lines]


def _with_room(heads: list[list[_Spanned]], sizes: list[int], width: int) -> list[int]:
    """The widths, with more for a heading over few columns whose words would be cut apart."""
    sizes = list(sizes)
    for cell in (cell for cells in heads for cell in cells):
        longest = max(map(columns_of, breakable_words(cell.text)), default=0)
        left = width - sum(sizes) - GAP * (len(sizes) - 1)
        more = min(longest - _size(cell, sizes), left)
        if more > 0:
            sizes[cell.start + cell.span - 1] += more
    return sizes


def _head_cells(table: _Drawn, number: int, chosen: list[int], style: str) -> list[_Spanned]:
    """The headings of a row over the columns of a block; one cut off on its left says so."""
    cells: list[_Spanned] = []
    last = None
    for at, column in enumerate(chosen):
        heading = table.heads[number][column]
        if heading == last:
            cells[-1] = cells[-1]._replace(span=cells[-1].span + 1)
            continue
        last = heading
        text = one_line(heading.text)
        if text and column > heading.start:
            text += " (continued)"
        cells.append(_Spanned(text, at, 1, table.middle[column] and heading.span == 1, style))
    return cells


def _lines_in(grid: Grid, block: list[int]) -> list[Line]:
    """The lines that say something in a block, or nowhere at all, under their headings.

    A wide table would else repeat each label in each block, most of them beside nothing.
    """
    kept: list[Line] = []
    left_out = False
    for line in [*grid.lines, Line((), "group")]:
        if line.kind == "group":
            if left_out and kept and kept[-1].kind == "group":
                kept.pop()
            kept.append(line)
            left_out = False
        elif _says_something(line.cells, block, grid.labels):
            kept.append(line)
        else:
            left_out = True
    return kept[:-1]


def _says_something(cells: tuple[str, ...], block: list[int], labels: int) -> bool:
    return any(cells[at] for at in block if at < len(cells)) or not any(cells[labels:])


def _line(table: _Drawn, line: Line, chosen: list[int], sizes: list[int]) -> list[str]:
    if line.kind == "group":
        wrapped = wrap(one_line(line.cells[0] if line.cells else ""), table.width)
        return [paint(text, Style.GROUP, table.color) for text in wrapped]
    cells = []
    for at, column in enumerate(chosen):
        text = line.cells[column] if column < len(line.cells) else ""
        style = _URGENT[line.urgency]
        cells.append(_Spanned(one_line(text), at, 1, table.middle[column], style))
    return _row(cells, sizes, table.color)


def _row(
    cells: list[_Spanned], sizes: list[int], color: bool, *, is_heading: bool = False
) -> list[str]:
    """The lines of a row; headings stand at its bottom, as the column below them begins there."""
    drawn = []
    for cell in cells:
        size = _size(cell, sizes)
        lines = [[Styled(line, cell.style)] for line in wrap(cell.text, size)]
        drawn.append(RowCell(lines, size, "middle" if cell.middle else "left", is_heading))
    return list(draw_row(drawn, color=color))


def _size(cell: _Spanned, sizes: list[int]) -> int:
    return sum(sizes[cell.start : cell.start + cell.span]) + GAP * (cell.span - 1)


def _underline(cells: list[_Spanned], sizes: list[int], labels: int) -> str:
    """A stroke under each heading of the first row, so that one sees what it spans."""
    strokes = []
    for cell in cells:
        stroke = " " if cell.start < labels or not cell.text else "─"
        strokes.append(stroke * _size(cell, sizes))
    return (" " * GAP).join(strokes)
