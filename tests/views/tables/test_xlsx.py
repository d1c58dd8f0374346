"""Workbooks of grids: read back as the XML they are, text and nothing but text."""

import io
import sys
import zipfile
from xml.etree import ElementTree

import pytest

from planner.errors import PlannerError
from planner.views.tables.grid import Grid, Line
from planner.views.tables.xlsx import write_xlsx

pytest.importorskip("xlsxwriter", reason="needs the extra `xlsx`")

SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TABLE = Grid(
    "A study & more",
    (("", "Preparation", "Preparation", "Dosing"), ("Study day", "-7", "-1", "29 ± 7")),
    (
        Line(("Scales",), "group"),
        Line(("CAPS-5", "X", "", "X¹")),
        Line(("=cmd|' /C calc'!A0", "http://example.org", "007", "\x1b[31m\nred")),
    ),
    ("¹ By phone.", "Research only."),
)


def written(grid: Grid) -> bytes:
    file = io.BytesIO()
    write_xlsx(grid, file)
    return file.getvalue()


def part(book: bytes, name: str) -> ElementTree.Element:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return ElementTree.fromstring(archive.read(name))


def sheet(book: bytes) -> ElementTree.Element:
    return part(book, "xl/worksheets/sheet1.xml")


def cells(book: bytes) -> dict[str, str]:
    """The texts of all cells by their address; a cell that is no text fails."""
    strings = ["".join(one.itertext()) for one in part(book, "xl/sharedStrings.xml")]
    found = {}
    for cell in sheet(book).iter(f"{SPACE}c"):
        value = cell.find(f"{SPACE}v")
        if value is not None and value.text is not None:
            assert cell.get("t") == "s", cell.get("r")
            found[str(cell.get("r"))] = strings[int(value.text)]
    return found


def test_all_cells_read_back_as_text() -> None:
    found = cells(written(TABLE))
    assert found["A1"] == "A study & more"
    assert found["B2"] == "Preparation"
    assert found["D2"] == "Dosing"
    assert found["B3"] == "-7"
    assert found["A5"] == "CAPS-5"
    assert found["D5"] == "X¹"
    assert found["C6"] == "007"
    assert found["A9"] == "Research only."


def test_no_cell_is_a_formula_or_a_link() -> None:
    book = written(TABLE)
    assert cells(book)["A6"] == "=cmd|' /C calc'!A0"
    assert not list(sheet(book).iter(f"{SPACE}f"))
    assert not list(sheet(book).iter(f"{SPACE}hyperlink"))


def test_control_characters_are_spelled_out() -> None:
    assert cells(written(TABLE))["D6"] == "\\x1b[31m red"


def test_headings_are_merged_and_stay_in_sight() -> None:
    page = sheet(written(TABLE))
    assert {one.get("ref") for one in page.iter(f"{SPACE}mergeCell")} >= {"B2:C2", "A4:D4"}
    (pane,) = page.iter(f"{SPACE}pane")
    assert pane.get("topLeftCell") == "B4"
    assert pane.get("state") == "frozen"


def test_it_prints_as_wide_as_the_table_on_landscape_pages() -> None:
    (setup,) = sheet(written(TABLE)).iter(f"{SPACE}pageSetup")
    assert setup.get("orientation") == "landscape"
    assert setup.get("fitToHeight") == "0"


def test_equal_input_gives_equal_bytes() -> None:
    assert written(TABLE) == written(TABLE)
    with zipfile.ZipFile(io.BytesIO(written(TABLE))) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_cell_longer_than_a_workbook_allows_is_cut_with_dots() -> None:
    text = cells(written(Grid("T", (), (Line(("a", "n" * 40_000)),), ())))["B2"]
    assert len(text) == 32_767
    assert text.endswith("n…")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(PlannerError, match=r'pip install "trial-session-planner\[xlsx\]"'):
        written(TABLE)


def test_another_library_reads_the_same() -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    page = openpyxl.load_workbook(io.BytesIO(written(TABLE))).active
    assert page["A6"].value == "=cmd|' /C calc'!A0"
    assert page["A6"].data_type == "s"
