"""A grid as one HTML page that needs nothing else: to read, to print, to paste into a document."""

import html
import re
from collections.abc import Iterable

from planner.text import one_line
from planner.views.tables.grid import Grid, centred, headings, padded, width_of
from planner.views.tables.parts import parts

# No script and nothing from elsewhere can run in the page, whatever a cell says.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_DATE = r"(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2}"
_DATES = re.compile(rf"(?<![\w.-])(?:[A-Z][a-z]{{2}} )?{_DATE}(?:\.\.{_DATE})?(?![\w-])")
_STYLE = """
:root { color-scheme: light dark; --ink: #1a1a1a; --paper: #ffffff; --line: #b8bec6;
  --head: #e6edf3; --group: #f3f6f8; --quiet: #555b63; --late: #b00020; --today: #8a1c8a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e6e6; --paper: #15181c; --line: #4a525b;
  --head: #26303a; --group: #1d232a; --quiet: #a3abb5; --late: #ff8a80;
  --today: #e29be2; } }
body { font: 14px/1.4 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  margin: 1.5rem; }
.wide { overflow-x: auto; margin-bottom: 1.2rem; }
table { border-collapse: separate; border-spacing: 0; border-top: 1px solid var(--line);
  border-left: 1px solid var(--line); }
caption { font-size: 1.25rem; font-weight: 600; text-align: left; padding: 0 0 .6rem; }
th, td { border-right: 1px solid var(--line); border-bottom: 1px solid var(--line);
  padding: .25rem .5rem; text-align: left; vertical-align: top; }
thead th, thead td { background: var(--head); vertical-align: bottom; }
tbody th { font-weight: 500; background: var(--paper); }
tbody th.group { background: var(--group); font-weight: 600; }
.date { white-space: nowrap; }
.overdue > *, .late > * { color: var(--late); }
.overdue > *, .today > * { font-weight: 600; }
.today > * { color: var(--today); }
.mark { text-align: center; }
td.mark { white-space: nowrap; }
thead th.mark { min-width: 4.5rem; }
th.first { position: sticky; left: 0; z-index: 1; min-width: 9rem; }
.notes { max-width: 60rem; margin-top: 1rem; }
.notes p { margin: .2rem 0; }
.notes:last-child p:last-child { margin-top: .8rem; color: var(--quiet); }
@media print {
  @page { size: A4 landscape; margin: 10mm; }
  :root { --ink: #000; --paper: #fff; --line: #777; --head: #eee; --group: #f5f5f5;
    --quiet: #333; --late: #8c0019; --today: #6b156b; }
  body { margin: 0; font-size: 8pt; line-height: 1.25; }
  caption { font-size: 11pt; padding-bottom: .3rem; }
  th, td { padding: .12rem .3rem; }
  .wide { overflow: visible; break-inside: avoid; }
  table { width: 100%; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th.first { position: static; min-width: 42mm; }
  thead th.mark { min-width: 0; }
}
"""


def render_html(grid: Grid) -> str:
    """The page: the table with a caption, header cells with their scope, and the notes.

    A table with more columns than fit on a page stands in parts, the labels in each, cut where a
    heading of its first row ends if that can be. The page has no script and loads nothing; it
    follows the reader's light or dark setting and prints on landscape pages, with the header rows
    on top of each. A row that is urgent has a colour.
    """
    return page(grid.title, [*part_lines(grid), *note_lines(grid.notes)])


def page(title: str, body: Iterable[str]) -> str:
    """A whole page of our look, which loads nothing.

    Args:
        title: of the page, as plain text.
        body: lines of markup.
    """
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_POLICY)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(title)}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        *body,
        "</body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def part_lines(grid: Grid, *, name: str = "caption") -> list[str]:
    """The table as lines of markup, a wide one in parts below each other.

    Args:
        grid: any grid; its notes are left out.
        name: the id of its caption, or what those of its parts begin with.
    """
    pieces = list(parts(grid))
    names = [name] if len(pieces) == 1 else [f"{name}-{n + 1}" for n in range(len(pieces))]
    return [
        line
        for caption, part in zip(names, pieces, strict=True)
        for line in table_lines(part, name=caption)
    ]


def note_lines(notes: Iterable[str]) -> list[str]:
    """Notes as lines of markup, a paragraph each.

    Args:
        notes: as plain text.
    """
    return ['<div class="notes">', *(f"<p>{_text(note)}</p>" for note in notes), "</div>"]


def table_lines(grid: Grid, *, name: str = "caption") -> list[str]:
    """The table alone, in a region that scrolls sideways, as lines of markup; all cells escaped.

    Args:
        grid: any grid; its notes are left out.
        name: the id of its caption, which no other element of the page may have.
    """
    return [
        f'<div class="wide" role="region" aria-labelledby="{name}" tabindex="0">',
        "<table>",
        f'<caption id="{name}">{_text(grid.title)}</caption>',
        *_heads(grid),
        *_lines(grid, width_of(grid)),
        "</table>",
        "</div>",
    ]


def _heads(grid: Grid) -> list[str]:
    middle = centred(grid)
    rows = []
    for head in headings(grid):
        cells = []
        for heading in head:
            is_label = heading.start < grid.labels
            if not heading.text:
                span = f' colspan="{heading.span}"' if heading.span > 1 else ""
                cells.append(f"<td{span}></td>")
                continue
            # A label beside several header rows names its row, as `Study day` does.
            scope = "row" if is_label and len(grid.heads) > 1 else "col"
            scope, span = (
                ("colgroup", f' colspan="{heading.span}"') if heading.span > 1 else (scope, "")
            )
            kind = "first" if is_label and heading.start == 0 else ""
            kind = "mark" if not is_label and heading.span == 1 and middle[heading.start] else kind
            attribute = f' class="{kind}"' if kind else ""
            cells.append(f'<th scope="{scope}"{span}{attribute}>{_text(heading.text)}</th>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return ["<thead>", *rows, "</thead>"] if rows else []


def _lines(grid: Grid, columns: int) -> list[str]:
    middle = centred(grid)
    rows = ["<tbody>"]
    for line in grid.lines:
        if line.kind == "group":
            if rows[-1] != "<tbody>":
                rows += ["</tbody>", "<tbody>"]
            text = _text(line.cells[0] if line.cells else "")
            heading = f'<th class="group" scope="rowgroup" colspan="{columns}">{text}</th>'
            rows.append(f"<tr>{heading}</tr>")
            continue
        cells = []
        for column, text in enumerate(padded(line.cells, columns)):
            if column < grid.labels:
                kind = ' class="first"' if column == 0 else ""
                cells.append(f'<th scope="row"{kind}>{_cell(text)}</th>')
            else:
                kind = ' class="mark"' if middle[column] else ""
                cells.append(f"<td{kind}>{_cell(text)}</td>")
        urgency = f' class="{line.urgency}"' if line.urgency else ""
        rows.append(f"<tr{urgency}>{''.join(cells)}</tr>")
    return [*rows, "</tbody>"]


def _cell(text: str) -> str:
    """A cell's text, in which no date or window breaks at its hyphens."""
    return _DATES.sub(r'<span class="date">\g<0></span>', _text(text))


def _text(text: str) -> str:
    return html.escape(one_line(text))
