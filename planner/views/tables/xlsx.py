"""A grid as a workbook (Office Open XML), written with XlsxWriter.

XlsxWriter rather than openpyxl: it writes the same bytes for the same input once the time of
creation is fixed (openpyxl stamps the time into the archive), has no dependencies of its own, and
can be told for each cell that it is text, so that no cell is ever a formula.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from planner.errors import PlannerError
from planner.text import display_width as columns_of
from planner.text import one_line
from planner.views.tables.grid import Grid, centred, headings, padded, width_of

if TYPE_CHECKING:
    from types import ModuleType

_MAX_CELL_LENGTH = 32_767
"""The most characters that a cell of a workbook holds."""
_MAX_COLUMNS = 16_384
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed stamp, so that equal input gives equal bytes
_LABEL_WIDTH, _CELL_WIDTH = 36, 40
"""Widest label and other columns, in letters; longer texts are wrapped."""
_LINE_HEIGHT = 15
_HEAD, _GROUP, _EDGE = "#E6EDF3", "#F3F6F8", "#B8BEC6"


def write_xlsx(grid: Grid, file: BinaryIO) -> None:
    """Writes a workbook with one sheet; see `write_sheets`."""
    write_sheets({"Schedule": grid}, file)


def write_sheets(grids: Mapping[str, Grid], file: BinaryIO) -> None:
    """Writes a workbook: on each sheet a title, header rows, lines, notes; all cells are text.

    Header rows and labels stay in sight (frozen panes) and are repeated on each printed page,
    which is landscape and as wide as the table. Equal input gives equal bytes.

    Args:
        grids: by the name of their sheet, the first of which gives the workbook its title; what a
            spreadsheet would run as a formula stays text.
        file: is written from where it stands and left open.

    Raises:
        PlannerError: XlsxWriter is not installed, or a grid has more columns than a sheet.
    """
    library = _library()
    columns = max(map(width_of, grids.values()))
    if columns > _MAX_COLUMNS:
        raise PlannerError(f"a sheet has {_MAX_COLUMNS:,} columns, this table {columns:,}")
    # A ZIP archive that its file refuses to take says so once more when it is given up.
    archive = BytesIO()
    book = library.Workbook(
        archive,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    title = next(iter(grids.values())).title
    book.set_properties({"title": one_line(title)[:255], "created": _CREATED})
    for name, grid in grids.items():
        _Sheet(book, book.add_worksheet(name), grid).write()
    book.close()
    file.write(archive.getvalue())


def plain_workbook(rows: Sequence[Sequence[str]], sheet: str) -> bytes:
    """A workbook of one sheet that is rows and nothing else; all cells are text.

    Args:
        rows: the first one names the columns and stays in sight.
        sheet: the sheet's name.

    Raises:
        PlannerError: XlsxWriter is not installed.
    """
    archive = BytesIO()
    book = _library().Workbook(archive, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    page = book.add_worksheet(sheet)
    text = book.add_format({"num_format": "@"})  # or Excel makes numbers of what is typed
    page.set_column(0, max(map(len, rows), default=1) - 1, 18, text)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                page.write_string(at, column, cell, text)
    page.freeze_panes(1, 0)
    book.close()
    return archive.getvalue()


def _library() -> "ModuleType":
    try:
        import xlsxwriter
    except ImportError:
        raise PlannerError(
            "workbooks need XlsxWriter, which is not installed;"
            ' try: pip install "trial-session-planner[xlsx]"'
        ) from None
    library: ModuleType = xlsxwriter
    return library


class _Sheet:
    """One sheet being written; rows are counted from 0, the title is row 0."""

    def __init__(self, book: Any, page: Any, grid: Grid) -> None:
        self.page = page
        self.grid = grid
        self.columns = width_of(grid)
        self.middle = centred(grid)
        self.sizes = self._sizes()
        box = {"text_wrap": True, "border": 1, "border_color": _EDGE, "valign": "top"}
        head = {**box, "bold": True, "bg_color": _HEAD, "valign": "bottom"}
        self.formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "cell": book.add_format(box),
            "mark": book.add_format({**box, "align": "center"}),
            "head": book.add_format(head),
            "mark-head": book.add_format({**head, "align": "center"}),
            "group": book.add_format({**box, "bold": True, "bg_color": _GROUP}),
            "note": book.add_format({"text_wrap": True, "valign": "top"}),
            "notice": book.add_format({"text_wrap": True, "valign": "top", "italic": True}),
        }

    def write(self) -> None:
        grid, page = self.grid, self.page
        for column, size in enumerate(self.sizes):
            page.set_column(column, column, size)
        self._put(0, 0, grid.title, "title")
        first = row = 1
        for head in headings(grid):
            height = 1
            for heading in head:
                is_mark = heading.span == 1 and self.middle[heading.start]
                self._put(
                    row,
                    heading.start,
                    heading.text,
                    "mark-head" if is_mark else "head",
                    heading.span,
                )
                height = max(height, self._height(heading.text, heading.start, heading.span))
            page.set_row(row, _LINE_HEIGHT * height)
            row += 1
        body = row
        for line in grid.lines:
            if line.kind == "group":
                self._put(row, 0, line.cells[0] if line.cells else "", "group", self.columns)
            else:
                height = 1
                for column, text in enumerate(padded(line.cells, self.columns)):
                    self._put(row, column, text, "mark" if self.middle[column] else "cell")
                    height = max(height, self._height(text, column, 1))
                page.set_row(row, _LINE_HEIGHT * height)
            row += 1
        row += 1
        for at, note in enumerate(grid.notes):
            form = "notice" if at == len(grid.notes) - 1 else "note"
            span = self._note_span()
            self._put(row, 0, note, form, span)
            page.set_row(row, _LINE_HEIGHT * self._height(note, 0, span))
            row += 1
        self._print_setup(first, body)

    def _sizes(self) -> list[int]:
        """The widths of the columns in letters, from their longest texts and words."""
        sizes = []
        texts: list[list[str]] = [[] for _ in range(self.columns)]
        for head in headings(self.grid):
            for heading in head:
                if heading.span == 1:
                    words = one_line(heading.text).split(" ")
                    # A heading may take three lines before its column grows for it.
                    texts[heading.start] += [*words, "n" * (columns_of(heading.text) // 3 + 2)]
        for line in self.grid.lines:
            if line.kind == "row":
                for column, text in enumerate(line.cells):
                    texts[column].append(one_line(text))
        for column, all_texts in enumerate(texts):
            most = _LABEL_WIDTH if column < self.grid.labels else _CELL_WIDTH
            sizes.append(min(most, max([5, *map(columns_of, all_texts)]) + 2))
        return sizes

    def _height(self, text: str, column: int, span: int) -> int:
        """About how many lines a text takes; programs do not work that out for merged cells."""
        room = max(4, sum(self.sizes[column : column + span]) - 2)
        lines, used = 1, 0
        for word in one_line(text).split(" "):
            size = columns_of(word)
            if used and used + 1 + size > room:
                lines, used = lines + 1, 0
            lines += size // (room + 1)
            used += size + (1 if used else 0)
        return min(lines, 27)

    def _note_span(self) -> int:
        """Over how many columns a note runs: about a hundred letters, so that it can be read."""
        total = 0
        for column, size in enumerate(self.sizes, start=1):
            total += size
            if total >= 100:
                return column
        return max(1, self.columns)

    def _put(self, row: int, column: int, text: str, form: str, span: int = 1) -> None:
        value = one_line(text)
        if len(value) > _MAX_CELL_LENGTH:
            value = value[: _MAX_CELL_LENGTH - 1] + "…"
        style = self.formats[form]
        if span > 1:
            self.page.merge_range(row, column, row, column + span - 1, "", style)
        if value:
            self.page.write_string(row, column, value, style)
        else:
            self.page.write_blank(row, column, None, style)

    def _print_setup(self, first: int, body: int) -> None:
        page = self.page
        page.freeze_panes(body, self.grid.labels)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # they are meant as text
        page.set_landscape()
        page.set_paper(9)  # A4
        page.fit_to_pages(1, 0)
        if body > first:
            page.repeat_rows(first, body - 1)
        if self.grid.labels:
            page.repeat_columns(0, self.grid.labels - 1)
        title = one_line(self.grid.title)[:120].replace("&", "&&")
        page.set_footer(f"&L{title}&RPage &P of &N")
