"""`planner week`: a site's week over all protocols, its clashes, from files and from a store."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Planner = Callable[..., Any]
SITE = """\
format: 1
id: small
title: Small clinic
timezone: Europe/Berlin
hours: {monday: 08:00-18:00, tuesday: 08:00-18:00, wednesday: 08:00-18:00,
  thursday: 08:00-18:00, friday: 08:00-18:00}
closures: [{from: 2027-02-05, reason: training}]
rooms: [{id: ward-1, kind: ward, capacity: 1}]
staff: {rater: 1, nurse: 2}
overnight: true
"""
PROTOCOL = """\
format: 1
id: ID
title: Made up for a week
version: "1"
status: illustrative
design: [open-label]
anchor: first
sources:
  made-up: {kind: general-knowledge, title: Made up, read: secondary}
source: made-up
grade: assumed
roles: {rater: {title: Rater}, nurse: {title: Nurse, count: 2}}
epochs:
  - id: screening
    visits:
      - {id: first, duration: 2h, room: ward, staff: rater}
  - id: treatment
    visits:
      - {id: second, duration: 1h, at: "09:00", staff: nurse,
         after: {visit: first, within: 1d..3d, target: 1d}}
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a site, two protocols and a participant in each, and defaults for all."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLANNER_CONFIG", "planner.toml")
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "records").mkdir()
    for name, code, start in (("one", "P1", "10:00"), ("two", "Q1", "11:00")):
        (tmp_path / f"{name}.yaml").write_text(PROTOCOL.replace("ID", name))
        (tmp_path / "records" / f"{code}.yaml").write_text(
            f"participant: {code}\nprotocol: {name}\nvisits:\n"
            f"  - {{visit: first, status: booked, start: 2027-02-02T{start}}}\n"
        )
    (tmp_path / "planner.toml").write_text(
        'protocols = ["one.yaml", "two.yaml"]\nsite = "site.yaml"\nrecords = "records"\n'
    )
    return tmp_path


def test_visits_of_two_protocols_clash_in_a_room_and_for_one_person(
    planner: Planner, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = planner("week", "--today", "2027-02-01")
    assert result.code == 1
    assert max(map(len, result.out.splitlines())) <= 80
    text = " ".join(result.out.split())
    assert "4 visits of 2 participants, 3 clashes" in text
    assert "Tue 02-02 11:00-12:00" in text
    assert "rater: one person" in text
    assert "Fri 2027-02-05: closed (closure: training)" in text
    assert "10:00 P1 (one) !" in text


def test_the_same_as_data(planner: Planner, study: Path) -> None:
    data = json.loads(planner("week", "--today", "2027-02-01", "--format", "json").out)
    assert [(clash["name"], clash["needed"], clash["there"]) for clash in data["clashes"]] == [
        ("rater", 2, 1), ("ward", 2, 1), ("nurse", 4, 2),
    ]  # fmt: skip
    assert data["clashes"][0]["visits"] == [
        {"participant": "P1", "protocol": "one", "visit": "first"},
        {"participant": "Q1", "protocol": "two", "visit": "first"},
    ]
    assert [day["date"] for day in data["days"] if day["closed"]] == [
        "2027-02-05", "2027-02-06", "2027-02-07",
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(planner("week", "--today", "2027-02-01", "--format",
                                                   "csv").out)))  # fmt: skip
    assert [row["list"] for row in rows].count("visit") == len(data["visits"]) == 4
    assert rows[4]["visits"] == "P1:first Q1:first"


def test_a_store_gives_the_same_week_as_the_files(planner: Planner, study: Path) -> None:
    files = planner("week", "--today", "2027-02-01")
    assert planner("store", "init", "study.db").code == 0
    assert planner("store", "import", "study.db", "records", "--who", "anna").code == 0
    stored = planner("week", "--records", "study.db", "--today", "2027-02-01")
    assert (stored.code, stored.out) == (files.code, files.out)


def test_another_week_without_clash_ends_with_0(planner: Planner, study: Path) -> None:
    result = planner("week", "--from", "2027-02-08", "--today", "2027-02-01")
    assert result.code == 0
    assert "from Mon 2027-02-08 to Sun 2027-02-14, Small clinic: 0 visits" in result.out


def test_an_appointment_that_cannot_be_kept_is_named_in_its_week(
    planner: Planner, study: Path
) -> None:
    (study / "records" / "Q1.yaml").unlink()
    (study / "records" / "P1.yaml").write_text(
        "participant: P1\nprotocol: one\nvisits:\n"
        "  - {visit: first, status: occurred, start: 2027-02-02T10:00}\n"
        "  - {visit: second, status: booked, start: 2027-02-05T09:00}\n"
    )
    result = planner("week", "--today", "2027-02-03")
    assert result.code == 1
    assert "booked for Fri 2027-02-05 09:00, which does not fit; planned for" in result.out
    assert "no clashes" in result.out


def test_a_record_that_cannot_be_read_is_told_and_stops_no_other(
    planner: Planner, study: Path
) -> None:
    (study / "records" / "X1.yaml").write_text("participant: X1\nprotocol: unknown\nvisits: []\n")
    result = planner("week", "--today", "2027-02-01")
    assert result.code == 1
    assert "1 left out" in result.out
    assert "Left out: X1" in result.out


def test_what_the_site_file_gives_no_number_for_is_named(planner: Planner, study: Path) -> None:
    result = planner("week", "--today", "2027-02-01", "--config", "", "--records", "records",
                     "--protocol", "one.yaml", "--protocol", "two.yaml")  # fmt: skip
    assert result.code == 0
    assert "the site file gives no number: nurse, rater, ward." in result.out
    missing = planner("week", "--config", "")
    assert missing.code == 2
    assert "--records" in missing.err


def test_a_workbook_has_a_sheet_for_each_table(planner: Planner, study: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="reads workbooks back")
    pytest.importorskip("xlsxwriter", reason="needs the extra `xlsx`")
    assert planner("week", "--today", "2027-02-01", "-o", "week.xlsx").code == 1
    book = openpyxl.load_workbook(study / "week.xlsx")
    assert book.sheetnames == ["Clashes", "Rooms and roles", "Visits"]
    assert "rater: one person, 2 needed at a time" in [cell.value for cell in book["Clashes"]["B"]]


def test_visits_that_reveal_the_arm_are_not_shown_and_that_is_told(
    planner: Planner, study: Path
) -> None:
    text = (study / "one.yaml").read_text()
    (study / "one.yaml").write_text(
        text.replace("[open-label]", "[double-blind]")
        .replace("roles:", "arms: [{id: a}, {id: b}]\nroles:")
        .replace("id: second,", "id: second, arms: a,")
    )
    result = planner("week", "--today", "2027-02-01", "--unblinded", "--anyway")
    assert "P1 (one)" in result.out
    assert "visits that only some arms have are neither shown nor counted" in result.out
    line = [line for line in result.out.splitlines() if "P1 (one)" in line and "Second" in line]
    assert not line
