"""Tables as spreadsheets save them: semicolons, BOM, workbooks, dates and serial numbers."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from planner.errors import PlannerError
from planner.timeline.sheet_reading import read_sheet

COLUMNS = ("participant", "start", "arm")


def read(path: Path) -> list[dict[str, str]]:
    return [row.cells for row in read_sheet(str(path), COLUMNS, ("participant",), ("start",))]


def workbook(path: Path, rows: list[list[Any]], *, is_1904: bool = False) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if is_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-01-11", "2027-01-11"),
        ("2027-01-11T09:00", "2027-01-11T09:00"),
        ("11.1.2027", "2027-01-11"),
        ("11.01.2027 9:30", "2027-01-11T09:30"),
        ("31/01/2027", "2027-01-31"),
        ("01/31/2027", "2027-01-31"),
        ("04/04/2027 9:15", "2027-04-04T09:15"),
        ("46398", "2027-01-11"),
        ("46398.375", "2027-01-11T09:00"),
    ],
)
def test_dates_are_read_as_spreadsheets_write_them(
    tmp_path: Path, written: str, meant: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(f"\ufeffParticipant;Start;Arm\r\nP0001;{written};\r\n".encode())
    assert read(path) == [{"participant": "P0001", "start": meant}]


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("03/04/2027", "can be 2027-04-03 or 2027-03-04; write the one that is meant"),
        ("2027-02-30", "there is no 30 February 2027"),
        ("soon", "is not a date"),
        ("12", "is not a date"),
        ("99999", "is not a date"),
    ],
)
def test_what_is_no_date_or_may_be_two_is_refused_with_its_cell(
    tmp_path: Path, written: str, why: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f"participant,start\n\nP0001,{written}\n")
    with pytest.raises(PlannerError) as refused:
        read(path)
    assert str(refused.value).startswith(f"{path}: B3: ")
    assert why in str(refused.value)


@pytest.mark.parametrize("is_1904", [False, True])
def test_a_workbook_is_read_with_its_dates(tmp_path: Path, is_1904: bool) -> None:
    rows = [
        ["participant", "start", None],
        ["P0001", date(2027, 1, 11)],
        [],
        ["P0002", datetime(2027, 1, 11, 9, 30)],  # noqa: DTZ001 - a cell has no zone
        [17, "11.1.2027"],
    ]
    path = workbook(tmp_path / "people.xlsx", rows, is_1904=is_1904)
    assert read(path) == [
        {"participant": "P0001", "start": "2027-01-11"},
        {"participant": "P0002", "start": "2027-01-11T09:30"},
        {"participant": "17", "start": "2027-01-11"},
    ]


def test_a_workbook_names_the_cell_of_a_mistake(tmp_path: Path) -> None:
    path = workbook(tmp_path / "p.xlsx", [["participant", "start"], [], ["P1", "03/04/2027"]])
    with pytest.raises(PlannerError, match=r"p\.xlsx: B3: "):
        read(path)
    path = workbook(tmp_path / "q.xlsx", [["participant", "begin"]])
    with pytest.raises(PlannerError, match=r"q\.xlsx: B1: unknown column `begin`"):
        read(path)
    path = workbook(tmp_path / "r.xlsx", [["start"]])
    with pytest.raises(PlannerError, match=r"r\.xlsx: column `participant` is missing"):
        read(path)


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_text("participant,start")
    with pytest.raises(PlannerError, match="is not a workbook"):
        read(path)
    workbook(path, [["participant"], ["P0001"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/workbook.xml"] = b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + parts["xl/workbook.xml"]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(PlannerError, match="is not a workbook"):
        read(path)
    with pytest.raises(PlannerError, match="no such file"):
        read(tmp_path / "none.xlsx")
