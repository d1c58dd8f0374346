"""Workbooks and Word documents: the cells that are read, and files that are refused."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

import planner
from planner.errors import PlannerError

ROWS: list[list[object]] = [
    ["Visit", "Day", "Minus", "Plus"],
    ["Screening", -14, 7, 6],
    ["Baseline", 0, 0, 0],
    [],
    ["Week 2", 14.0, 2, 5],
]
RULES = {"screening": ("2w", "8d..3w"), "week-2": ("2w", "-2d/+5d")}


def rules(path: Path, **choices: object) -> dict[str, tuple[str, str]]:
    imported = planner.import_table(path, **choices)  # type: ignore[arg-type]
    return {
        visit.id: (str(timing.target), str(timing.within))
        for epoch in imported.protocol.epochs
        for visit in epoch.visits
        for timing in (*visit.after, *visit.before)
    }


def workbook(path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def document(path: Path, *tables: list[list[object]]) -> Path:
    file = docx.Document()
    for rows in tables:
        table = file.add_table(rows=len(rows), cols=max(map(len, rows)))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=False):
                cell.text = str(text)
    file.save(str(path))
    return path


def test_a_workbook_is_read_with_its_cells(tmp_path: Path) -> None:
    path = workbook(tmp_path / "visits.xlsx", ("Notes", [["Made by us"]]), ("Plan", ROWS))
    assert rules(path) == RULES
    imported = planner.import_table(path)
    visits = imported.protocol.epochs[0].visits
    assert visits[2].after[0].note == "sheet Plan, B5:D5"
    assert "visits.xlsx, sheet Plan" in imported.text


def test_two_tables_are_asked_about(tmp_path: Path) -> None:
    path = workbook(tmp_path / "visits.xlsx", ("Plan", ROWS), ("Old plan", ROWS))
    with pytest.raises(PlannerError, match="`Plan`, `Old plan` are tables of visits"):
        rules(path)
    assert rules(path, sheet="old plan") == RULES
    with pytest.raises(PlannerError, match="did you mean `Plan`"):
        rules(path, sheet="Plam")


def test_no_formula_is_computed(tmp_path: Path) -> None:
    rows = [*ROWS, ["Week 4", "=B5+14", 2, 2]]
    path = workbook(tmp_path / "visits.xlsx", ("Plan", rows))
    imported = planner.import_table(path)
    (remark,) = (remark for remark in imported.remarks if remark.kind == "mistake")
    assert "`=B5+14`" in remark.message
    assert remark.origin.text == "sheet Plan, B6"
    assert imported.protocol.epochs[0].visits[-1].unscheduled


def test_a_stored_value_of_a_formula_counts(tmp_path: Path) -> None:
    path = workbook(tmp_path / "visits.xlsx", ("Plan", [*ROWS, ["Week 4", "=B5+14", 2, 2]]))
    stored = repacked(path, "xl/worksheets/sheet1.xml", lambda xml: with_value(xml, b"28"))
    assert rules(stored)["week-4"] == ("4w", "±2d")


def with_value(xml: bytes, value: bytes) -> bytes:
    for blank in (b"<v></v>", b"<v />", b"<v/>"):
        xml = xml.replace(b"</f>" + blank, b"</f><v>" + value + b"</v>")
    return xml


def repacked(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The same archive with one part changed."""
    target = path.with_name(f"changed-{path.name}")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
    return target


def test_a_table_of_a_document_is_read(tmp_path: Path) -> None:
    rows = [row for row in ROWS if row]
    path = document(tmp_path / "visits.docx", [["Version", "1"]], rows)
    assert rules(path) == RULES
    with pytest.raises(PlannerError, match="no row of headings"):
        rules(path, sheet="table 1")


@pytest.mark.parametrize("name", ["visits.xlsx", "visits.docx"])
def test_damaged_and_hostile_archives_are_refused(name: str, tmp_path: Path) -> None:
    make = workbook if name.endswith("xlsx") else document
    rows = [row for row in ROWS if row]
    path = (
        workbook(tmp_path / name, ("Plan", rows))
        if make is workbook
        else document(tmp_path / name, rows)
    )
    main = "xl/worksheets/sheet1.xml" if make is workbook else "word/document.xml"
    bomb = repacked(path, main, lambda xml: xml + b" " * (40 << 20))
    assert bomb.stat().st_size < 1 << 20
    with pytest.raises(PlannerError, match="over 32 MiB when unpacked"):
        rules(bomb)
    entities = repacked(path, main, lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml[-100:])
    with pytest.raises(PlannerError, match="DOCTYPE"):
        rules(entities)
    with pytest.raises(PlannerError, match="is no XML"):
        rules(repacked(path, main, lambda xml: xml[:-9]))
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(PlannerError, match="no ZIP archive"):
        rules(path)
    with zipfile.ZipFile(path, "w") as other:
        other.writestr("other.txt", "x")
    with pytest.raises(PlannerError, match=r"no (workbook|Word document)"):
        rules(path)


def test_a_sheet_with_more_cells_than_it_may_have_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "visits.xlsx", ("Plan", [*ROWS, ["x", 1]]))

    def far(xml: bytes) -> bytes:
        row = b"<row>" + b'<c r="NTP9" t="str"><v>x</v></c>' + b"</row>"
        return xml.replace(b"</sheetData>", row * 30 + b"</sheetData>")

    with pytest.raises(PlannerError, match="the file has more than 200,000 cells"):
        rules(repacked(path, "xl/worksheets/sheet1.xml", far))


def test_flipped_bytes_are_read_or_refused(tmp_path: Path) -> None:
    content = workbook(tmp_path / "visits.xlsx", ("Plan", ROWS)).read_bytes()
    for at in range(0, len(content), 37):
        path = tmp_path / "flipped.xlsx"
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        try:
            planner.import_table(path)
        except PlannerError:
            continue


def test_other_office_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "visits.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(PlannerError, match=r"save it as \.xlsx"):
        rules(path)
