"""A grid as a document for Word: real tables that fit the page, whose header rows are repeated."""

import zipfile
from io import BytesIO
from typing import Any

import pytest

import planner
from planner.views.schedule_of_activities import schedule_of_activities
from planner.views.tables.docx import write_docx
from planner.views.tables.grid import Grid, Line, centred
from planner.views.tables.parts import MAX_COLUMNS

docx = pytest.importorskip("docx", reason="documents for Word need the extra `docx`")

GRID = Grid(
    "A study: <activities> & more",
    (("", "Preparation", "Preparation", "Dosing"), ("Study day", "-7", "-1", "29 ± 7")),
    (Line(("Scales",), "group"), Line(("CAPS-5", "X", "", "X")), Line(("a\x0b\ufffe<b>",))),
    ("¹ By phone.", "Research only."),
)


def written(grid: Grid) -> bytes:
    file = BytesIO()
    write_docx(grid, file)
    return file.getvalue()


def document(grid: Grid) -> Any:
    return docx.Document(BytesIO(written(grid)))


def texts(row: Any) -> list[str]:
    return [cell.text for cell in row.cells]


def test_a_document_reads_back_with_headings_that_span_columns() -> None:
    (table,) = document(GRID).tables
    rows = [texts(row) for row in table.rows]
    assert rows[0] == ["", "Preparation", "Preparation", "Dosing"]
    assert rows[2] == ["Scales"] * 4
    assert rows[3] == ["CAPS-5", "X", "", "X"]
    assert len(table.rows[0]._tr.tc_lst) == 3
    assert len(table.rows[2]._tr.tc_lst) == 1
    assert rows[4][0] == r"a \ufffe<b>"


def test_the_header_rows_stand_on_every_page_and_no_row_is_divided() -> None:
    (table,) = document(GRID).tables
    marks = [[mark.tag.partition("}")[2] for mark in row._tr.trPr] for row in table.rows]
    assert ["tblHeader" in names for names in marks] == [True, True, False, False, False]
    assert all("cantSplit" in names for names in marks)


def test_title_and_notes_stand_around_the_table() -> None:
    paragraphs = [one.text for one in document(GRID).paragraphs]
    assert paragraphs[0] == GRID.title
    assert paragraphs[-2:] == list(GRID.notes)


def test_a_wide_schedule_is_split_and_each_part_fits_the_page() -> None:
    grid = schedule_of_activities(planner.load("mapp1").protocol)
    word = document(grid)
    section = word.sections[0]
    inner = section.page_width - section.left_margin - section.right_margin
    assert section.page_width > section.page_height
    seen: list[str] = []
    for table in word.tables:
        assert len(table.columns) <= MAX_COLUMNS + 1
        assert sum(column.width for column in table.columns) <= inner + 100
        seen += texts(table.rows[1])[1:]
        assert texts(table.rows[1])[0] == "Visit"
    assert seen == list(grid.heads[1][1:])
    assert len(word.tables) == 2


def test_equal_grids_have_equal_bytes_without_a_time() -> None:
    first = written(GRID)
    assert first == written(GRID)
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_marks_are_in_the_middle_and_words_are_not() -> None:
    (table,) = document(GRID).tables
    middle = centred(GRID)
    sides = [cell.paragraphs[0].alignment for cell in table.rows[3].cells]
    assert [side is not None for side in sides] == list(middle)
