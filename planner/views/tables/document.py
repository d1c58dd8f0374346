"""Several tables as one document, each below a heading: for a terminal, Markdown and HTML."""

import html
from typing import NamedTuple

from planner.text import one_line
from planner.views.tables.grid import Grid


class TableSection(NamedTuple):
    """A heading, with the table that stands below it where it has one.

    ``level`` counts from 1 for the headings of the document's chapters.
    """

    heading: str
    level: int
    grid: Grid | None = None


class TableDocument(NamedTuple):
    """Sections in their order; ``notes`` stand at the end, the last one is the notice."""

    title: str
    sections: tuple[TableSection, ...]
    notes: tuple[str, ...]


def document_text(document: TableDocument, *, width: int, color: bool) -> str:
    """The document for a terminal.

    Args:
        document: any.
        width: columns of the terminal.
        color: with ANSI colours.
    """
    from planner.views.tables.text import render_table
    from planner.views.terminal import Style, paint, wrap

    lines: list[str] = []
    for section in document.sections:
        heading = one_line(section.heading)
        lines += [paint(line, Style.BOLD, color) for line in wrap(heading, width)]
        lines.append(("═" if section.level == 1 else "─") * min(len(heading), width))
        if section.grid is not None:
            lines += render_table(section.grid, width=width, color=color).splitlines()
        lines.append("")
    for note in document.notes:
        lines += wrap(one_line(note), width, "  ")
    return "\n".join(lines) + "\n"


def document_markdown(document: TableDocument) -> str:
    """The document as Markdown, whose headings have the levels of the sections."""
    from planner.views.tables.markdown import escaped, render_markdown

    parts: list[str] = []
    for section in document.sections:
        parts.append(f"{'#' * section.level} {escaped(section.heading)}\n")
        if section.grid is not None:
            _, _, table = render_markdown(section.grid).partition("\n")
            parts.append(f"**{escaped(section.grid.title)}**\n{table}")
    parts += [f"*{escaped(note)}*\n" for note in document.notes]
    return "\n".join(parts)


def document_html(document: TableDocument) -> str:
    """The document as one page that needs nothing else."""
    from planner.views.tables.html import note_lines, page, part_lines

    body: list[str] = []
    for number, section in enumerate(document.sections, start=1):
        level = section.level
        body.append(f"<h{level}>{html.escape(one_line(section.heading))}</h{level}>")
        if section.grid is not None:
            body += part_lines(section.grid, name=f"table-{number}")
            body += note_lines(section.grid.notes)
    return page(document.title, [*body, *note_lines(document.notes)])
