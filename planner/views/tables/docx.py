"""A grid as a document (Office Open XML) for Word, written with python-docx.

The tables are real ones: header rows that are repeated on each page, headings that span columns,
rows that no page break divides. Equal input gives equal bytes.
"""

import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from planner.errors import PlannerError
from planner.text import one_line
from planner.views.tables.document import TableDocument
from planner.views.tables.grid import Grid, centred, headings, padded, width_of
from planner.views.tables.parts import parts

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell, _Row

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp, so that equal input gives equal bytes
_ZIPPED = (1980, 1, 1, 0, 0, 0)
_PAGE_WIDTH, _PAGE_HEIGHT, _MARGIN = 297, 210, 15
"""A landscape page of A4, in millimetres."""
_LABEL, _LEAST = 44.0, 14.0
"""Millimetres of the labels at most, and of another column at least."""
_FONT, _TEXT, _NOTE = "Arial", 7.5, 8.0
"""The letters, and how many points high they are."""
_BESIDE = 55
"""Twentieths of a point between a cell's text and its sides."""
_HEAD, _GROUP = "E6EDF3", "F3F6F8"


def write_docx(grid: Grid, file: BinaryIO) -> None:
    """Writes a document: the title, the table or its parts, the notes.

    A table with more columns than a landscape page holds is split where a heading of its first row
    ends, if it can be, and has its labels in each part.

    Args:
        grid: any grid.
        file: is written from where it stands and left open.

    Raises:
        PlannerError: python-docx is not installed.
    """
    document = _new(grid.title)
    document.add_heading(one_line(grid.title), level=1)
    _add_grid(document, grid, level=2)
    _save(document, file)


def write_sections(tables: TableDocument, file: BinaryIO) -> None:
    """Writes a document of several tables, each below the heading of its section.

    Args:
        tables: the headings with their tables; the title stands in the document's properties.
        file: is written from where it stands and left open.

    Raises:
        PlannerError: python-docx is not installed.
    """
    document = _new(tables.title)
    for section in tables.sections:
        document.add_heading(one_line(section.heading), level=section.level)
        if section.grid is not None:
            document.add_paragraph().add_run(one_line(section.grid.title)).bold = True
            _add_grid(document, section.grid, level=section.level + 1)
    for note in tables.notes:
        _add_note(document, one_line(note))
    _save(document, file)


def _new(title: str) -> "Document":
    """An empty document of our pages and letters."""
    try:
        import docx
    except ImportError:
        raise PlannerError(
            "documents for Word need python-docx, which is not installed;"
            ' try: pip install "trial-session-planner[docx]"'
        ) from None
    document = docx.Document()
    _set_page(document, one_line(title))
    return document


def _add_grid(document: "Document", grid: Grid, *, level: int) -> None:
    """The table with its notes, a wide one in parts with headings of a level."""
    pieces = list(parts(grid))
    for number, part in enumerate(pieces, start=1):
        if len(pieces) > 1:
            document.add_heading(f"Part {number} of {len(pieces)}", level=level)
        _add_table(document, part)
    for note in grid.notes:
        _add_note(document, one_line(note))


def _save(document: "Document", file: BinaryIO) -> None:
    archive = BytesIO()
    document.save(archive)
    file.write(_settled(archive.getvalue()))


def _set_page(document: "Document", title: str) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(_PAGE_WIDTH), Mm(_PAGE_HEIGHT)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(_MARGIN)
    document.styles["Normal"].font.name, document.styles["Normal"].font.size = _FONT, Pt(_TEXT)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title[:255], "", ""
    properties.created = properties.modified = _CREATED


def _add_table(document: "Document", grid: Grid) -> None:
    columns = width_of(grid)
    if not columns:
        return
    table = document.add_table(rows=0, cols=columns, style="Table Grid")
    table.autofit = False
    _set_sides(table)
    middle = centred(grid)
    for heads in headings(grid):
        cells = _add_row(table, is_header=True)
        for heading in heads:
            cell = cells[heading.start]
            if heading.span > 1:
                cell = cell.merge(cells[heading.start + heading.span - 1])
            in_middle = heading.span > 1 or middle[heading.start]
            _fill(cell, heading.text, bold=True, middle=in_middle, shade=_HEAD)
    for line in grid.lines:
        cells = _add_row(table, is_header=False)
        if line.kind == "group":
            text = line.cells[0] if line.cells else ""
            _fill(cells[0].merge(cells[-1]), text, bold=True, shade=_GROUP)
            continue
        for column, text in enumerate(padded(line.cells, columns)):
            _fill(cells[column], text, middle=middle[column])
    _set_widths(table, list(_widths(grid, columns)))


def _add_row(table: "Table", *, is_header: bool) -> "Sequence[_Cell]":
    """A row that no page break divides; as a header it stands on top of each page."""
    from docx.oxml import OxmlElement

    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_header:
        properties.append(OxmlElement("w:tblHeader"))
    cells: Sequence[_Cell] = row.cells
    return cells


def _fill(
    cell: "_Cell", text: str, *, bold: bool = False, middle: bool = False, shade: str = ""
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(one_line(text))
    run.bold = bold or None
    run.font.size = Pt(_TEXT)
    if shade:
        fill = OxmlElement("w:shd")
        fill.set(qn("w:val"), "clear")
        fill.set(qn("w:color"), "auto")
        fill.set(qn("w:fill"), shade)
        cell._tc.get_or_add_tcPr().append(fill)


def _widths(grid: Grid, columns: int) -> Iterator[float]:
    """Millimetres of each column: labels as wide as they need to be, the others share the rest."""
    inner = _PAGE_WIDTH - 2 * _MARGIN
    rows = [*grid.heads, *(line.cells for line in grid.lines if line.kind == "row")]
    texts = [
        max((len(cells[column]) for cells in rows if column < len(cells)), default=0)
        for column in range(columns)
    ]
    labels = [min(_LABEL, max(_LEAST, 1.7 * length + 5)) for length in texts[: grid.labels]]
    yield from labels
    others = columns - len(labels)
    if others:
        yield from [(inner - sum(labels)) / others] * others


def _set_sides(table: "Table") -> None:
    """Less room than usual between texts and the sides of their cells."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(_BESIDE))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    # The standard has an order for what a table says of itself.
    properties = table._tbl.tblPr
    properties.insert(list(properties).index(properties.find(qn("w:tblLook"))), margins)


def _set_widths(table: "Table", widths: list[float]) -> None:
    from docx.shared import Mm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell in row._tr.tc_lst:
            first, last = cell.left, cell.right
            cell.width = Mm(sum(widths[first:last]))


def _add_note(document: "Document", text: str) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(4)
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run(text).font.size = Pt(_NOTE)


def _settled(archive: bytes) -> bytes:
    """The same archive without the time at which it was written."""
    settled = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(settled, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIPPED)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return settled.getvalue()
