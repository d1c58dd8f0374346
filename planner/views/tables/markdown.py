"""A grid as Markdown (GitHub's tables), for protocols and papers that are written as text."""

import html

from planner.text import one_line
from planner.views.tables.grid import Grid, Heading, centred, headings, padded, width_of

_MARKS = "\\|`*_[]#~!"


def render_markdown(grid: Grid) -> str:
    """A heading, the table and its notes; nothing in a cell acts as markup.

    Markdown's tables have one header row, so further ones follow as bold lines. A heading that
    spans columns stands in the first of them.
    """
    columns = width_of(grid)
    heads = headings(grid) or ((),)
    lines = [f"## {escaped(grid.title)}", "", _row(_spread(heads[0], columns))]
    middle = centred(grid)
    lines.append("|" + "|".join(":-:" if middle[at] else "---" for at in range(columns)) + "|")
    lines += [_row([_bold(text) for text in _spread(head, columns)]) for head in heads[1:]]
    for line in grid.lines:
        cells = [escaped(text) for text in line.cells]
        if line.kind == "group":
            cells = [_bold(text) for text in cells[:1]]
        lines.append(_row(list(padded(tuple(cells), columns))))
    notes = [_paragraph(note) for note in grid.notes]
    if notes:
        notes[-1] = f"*{notes[-1]}*"
    for note in notes:
        lines += ["", note]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """The text on one line, with everything that Markdown or HTML would act on made plain."""
    safe = html.escape(one_line(text), quote=False)
    return "".join(f"\\{letter}" if letter in _MARKS else letter for letter in safe)


def _paragraph(text: str) -> str:
    safe = escaped(text)
    # At the beginning of a paragraph these would start a list.
    return "\\" + safe if safe[:1] in ("-", "+") else safe


def _spread(head: tuple[Heading, ...], columns: int) -> list[str]:
    cells = [""] * columns
    for heading in head:
        cells[heading.start] = escaped(heading.text)
    return cells


def _bold(text: str) -> str:
    return f"**{text}**" if text else ""


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"
