"""One sheet for everybody, out of a folder or a store and in again, and `whatif --apply`."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.records_places import EXAMPLES, new_place, record_in
from cli.records_places import empty_place as empty_place
from cli.records_places import place as place

Planner = Callable[..., Any]
TODAY = ("--today", "2027-02-04", "--who", "anna")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_sheet_goes_out_and_in_again(
    planner: Planner, place: str, tmp_path: Path, suffix: str
) -> None:
    sheet = str(tmp_path / f"everybody.{suffix}")
    result = planner("store", "export", place, "-o", sheet)
    assert result.code == 0, result.err
    assert "P0002: the sheet has no place for gates\n" in result.err
    again = planner("store", "import", place, sheet, *TODAY)
    assert again.err == f"{sheet}: 0 records taken in, 2 say what is recorded already\n"
    other = str(tmp_path / "copies")
    assert planner("store", "import", other, sheet, *TODAY).code == 0
    for code in ("P0001", "P0002"):
        ours, theirs = record_in(place, code), record_in(other, code)
        assert [
            (line.name, line.status, line.start, line.end, line.note) for line in ours.visits
        ] == [(line.name, line.status, line.start, line.end, line.note) for line in theirs.visits]
        assert ours.protocol == theirs.protocol


def test_a_row_changes_one_line_and_what_has_no_column_stays(
    planner: Planner, place: str, tmp_path: Path
) -> None:
    sheet = tmp_path / "changes.csv"
    sheet.write_bytes(
        "\ufeffparticipant;protocol;visit;status;start;end;reason;note\r\n"
        "P0002;mapp1;dosing-1;occurred;3.2.2027 9:00;3.2.2027 18:00;;'=fine\r\n"
        "P0003;mapp1;screening;booked;46058;;;\r\n".encode()
    )
    before = record_in(place, "P0002")
    result = planner("store", "import", place, str(sheet), *TODAY)
    assert result.err == f"{sheet}: 2 records taken in\n"
    after = record_in(place, "P0002")
    assert after.gates == before.gates
    assert after.visits[:-1] == before.visits[:-1]
    line = after.visits[-1]
    assert (line.visit, line.occurrence, line.status, line.note) == (
        "dosing", 1, "occurred", "=fine",
    )  # fmt: skip
    assert (str(line.start), str(line.end)) == ("2027-02-03T09:00", "2027-02-03T18:00")
    assert [str(one.start) for one in record_in(place, "P0003").visits] == ["2026-02-05"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("P0002,mapp1,dosing-1,occurred,02/03/2027", "E3: `02/03/2027` can be 2027-03-02 or"),
        ("P0002,mapp1,dosing-1,occurred,2027-02-05", "E3: 2027-02-05 is after --today 2027-02-04"),
        ("P0002,mapp1,dosing-1,done,2027-02-03", "D3: "),
        ("P0002,mapp1,dosing-1,,2027-02-03", "D3: gives no status"),
        ("P0002,comp001,dosing-1,occurred,2027-02-03", "B3: P0002 is of `mapp1`, not of `comp001`"),
        ("P0002,mapp1,dosing-9,occurred,2027-02-03", "dosing-9"),
        ("P0002,mapp1,dosing-1,missed,2027-02-03", "P0002: dosing-1 is recorded as booked, and a"),
        ("AM1,mapp1,dosing-1,occurred,2027-02-03", "A3: `AM1`: could be initials"),
        ("p0003,mapp1,screening,occurred,2027-02-03", "differ only in capital letters"),
    ],
)
def test_a_sheet_with_a_mistake_changes_nothing(
    planner: Planner, tmp_path: Path, row: str, why: str
) -> None:
    place = next(new_place("sqlite", tmp_path, EXAMPLES))
    sheet = tmp_path / "changes.csv"
    sheet.write_text(
        "participant,protocol,visit,status,start\n"
        f"P0003,mapp1,screening,occurred,2027-02-01\n{row}\n"
    )
    before = record_in(place, "P0002")
    result = planner("store", "import", place, str(sheet), *TODAY)
    assert result.code == 2
    assert why in result.err
    assert record_in(place, "P0002") == before
    assert "P0003" not in planner("store", "history", place, "--format", "csv").out


def test_an_empty_sheet_names_its_columns(planner: Planner, tmp_path: Path) -> None:
    sheet = tmp_path / "visits.csv"
    assert planner("new", "--records", str(sheet)).code == 0
    assert sheet.read_text("utf-8-sig") == (
        "participant,protocol,visit,status,start,end,reason,note\n"
    )
    sheet.write_text("mine")
    refused = planner("new", "--records", str(sheet))
    assert refused.code == 2
    assert f"{sheet}: already exists with other content" in refused.err
    book = tmp_path / "visits.xlsx"
    assert planner("new", "--records", str(book)).code == 0
    assert zipfile.is_zipfile(book)
    place = tmp_path / "records"
    place.mkdir()
    taken = planner("store", "import", str(place), str(book), *TODAY)
    assert taken.err == f"{book}: 0 records taken in\n"
    for arguments in (("new", "P0001", "--records", "x.csv"), ("new", "--records", "x.txt")):
        assert planner(*arguments).code == 2


def test_what_a_what_if_shows_can_be_written(planner: Planner, place: str) -> None:
    where = f"{place}/P0002.yaml" if Path(place).is_dir() else f"{place}:P0002"
    step = ("whatif", "mapp1", "--records", where, "--today", "2027-02-01", "--move",
            "dosing-1=2027-02-05T09:00")  # fmt: skip
    shown = planner(*step)
    assert "No file has been changed." in shown.out
    refused = planner(*step, "--apply", "--who", "anna")
    assert refused.code == 2
    assert "P0002: dosing-1 is recorded as booked, and a change of that needs a" in refused.err
    done = planner(*step, "--apply", "--who", "anna", "--reason", "room taken")
    assert done.code == 0, done.err
    assert "Written to " in done.out
    line = record_in(place, "P0002").visits[-1]
    assert (str(line.start), line.status, line.reason) == (
        "2027-02-05T09:00", "booked", "room taken",
    )  # fmt: skip
    none = planner("whatif", "mapp1", "--start", "2027-01-11", "--miss", "prep-1", "--apply")
    assert none.code == 2
    assert "--apply: needs the participant's record" in none.err
