"""A record that cannot be read or planned is reported, and stops no other."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import Planner

BEGUN = Path(__file__).parent / "begun"
UNREADABLE: dict[str, tuple[bytes, str]] = {
    "syntax": (
        b"participant: P0002\nvisits: [{visit: consent\n",
        "records/P0002.yaml:2:10: not YAML",
    ),
    "unknown visit": (
        b"participant: P0002\nvisits:\n  - {visit: nowhere, status: missed}\n",
        "records/P0002.yaml:3: `nowhere` is not a visit of this course",
    ),
    "conflict": (
        (
            b"participant: P0002\nstart: 2027-02-01\nvisits:\n"
            b"  - {visit: baseline, status: occurred, start: 2027-02-01T09:00}\n"
            b"  - {visit: baseline, status: occurred, start: 2027-02-03T09:00}\n"
        ),
        "records/P0002.yaml:5",
    ),
    "encoding": (
        b"participant: P0002\nstart: \xff\xfe\n",
        "records/P0002.yaml:2:8: the file is not UTF-8",
    ),
    "no file": (b"", "records/P0002.yaml: no such file"),
    "twice": (b"", "2 records are of this participant: "),
}


@pytest.fixture(params=UNREADABLE)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two participants, and the calendars that were exported of them."""
    shutil.copytree(BEGUN, tmp_path / "begun")
    monkeypatch.chdir(tmp_path / "begun")
    return tmp_path / "begun"


def spoil(folder: Path, case: str) -> str:
    """Makes the record of P0002 one that has no plan; returns the reason to be given."""
    record = folder / "records" / "P0002.yaml"
    content, why = UNREADABLE[case]
    if case == "no file":
        record.unlink()
        record.symlink_to("gone.yaml")
    elif case == "twice":
        text = record.read_text().replace("2027-02-01", "2027-03-01")
        (folder / "records" / "copy of it.yaml").write_text(text)
    else:
        record.write_bytes(content)
    return why


def bytes_of(calendar: Path, code: bytes) -> set[bytes]:
    """The events of a participant, as they stand in a calendar."""
    events = calendar.read_bytes().split(b"BEGIN:VEVENT\r\n")[1:]
    pieces = {event.partition(b"END:VEVENT\r\n")[0] for event in events}
    return {piece for piece in pieces if b"SUMMARY:" + code in piece}


@pytest.mark.parametrize("options", [(), ("--split", "role"), ("--verify",), ("--no-state",)])
def test_events_of_who_has_no_plan_stay_byte_for_byte_in_a_shared_calendar(
    planner: Planner, folder: Path, case: str, options: tuple[str, ...]
) -> None:
    export = ("export", "study.yaml", "--records", "records", "-o", "out.ics", *options)
    if options[:1] == ("--split",):
        export = (*export[:5], "new-roles", *options)
    assert planner(*export).code == 0
    output = folder / export[5]
    files = [output] if output.is_file() else sorted(output.glob("*.ics"))
    before = {file: bytes_of(file, b"P0002") for file in files}
    assert all(before.values())
    why = spoil(folder, case)
    (folder / "records" / "P0001.yaml").write_text("participant: P0001\nstart: 2027-01-12\n")
    result = planner(*export)
    assert result.code == 1, result.err
    assert f"error: {'' if case == 'no file' else 'P0002: '}{why}" in result.err
    assert "0 cancelled" in result.err
    number = sum(map(len, before.values()))
    assert f"kept as they were: {number} events of P0002" in result.err
    assert before == {file: bytes_of(file, b"P0002") for file in files}
    assert planner("ical", "check", *map(str, files)).code == 0
    again = planner(*export)
    assert "0 new, 0 changed, 0 cancelled" in again.err
    assert before == {file: bytes_of(file, b"P0002") for file in files}


@pytest.mark.parametrize("output", ["coded.ics", "busy.ics", "keyed.ics", "people", "objects"])
@pytest.mark.parametrize("is_lost", [False, True], ids=["with its state", "state lost"])
def test_no_event_is_cancelled_since_a_record_cannot_be_read(
    planner: Planner, folder: Path, output: str, is_lost: bool
) -> None:
    options = {
        "busy.ics": ("--level", "busy"),
        "keyed.ics": ("--level", "busy", "--key-file", "key"),
        "people": ("--split", "participant"),
        "objects": ("--rendering", "caldav"),
    }.get(output, ())
    if is_lost:
        (folder / f"{output}.state").unlink()
    (folder / "records" / "P0002.yaml").write_text("participant: [")  # of whom, nobody can tell
    result = planner("export", "study.yaml", "--records", "records", "-o", output, *options)
    assert result.code == 1, result.err
    assert "error: records/P0002.yaml:1:14: not YAML" in result.err
    written = folder / output
    files = [written] if written.is_file() else sorted(written.glob("*.ics"))
    text = b"".join(file.read_bytes() for file in files)
    assert text.count(b"BEGIN:VEVENT") == 10
    assert b"STATUS:CANCELLED" not in text


def test_what_is_kept_is_shown_at_its_own_level_only(planner: Planner, folder: Path) -> None:
    export = ("export", "study.yaml", "--records", "records", "-o", "all.ics")
    assert planner(*export, "--level", "staff").code == 0
    before = (folder / "all.ics").read_bytes()
    spoil(folder, "syntax")
    result = planner(*export, "--level", "coded")
    assert result.code == 2
    assert "at another level than --level coded; leave the level as it was" in result.err
    assert (folder / "all.ics").read_bytes() == before


def test_lines_of_a_list_that_give_nobody_stop_no_other(planner: Planner, folder: Path) -> None:
    people = folder / "people.csv"
    export = ("export", "study.yaml", "--participants", "people.csv", "-o", "list.ics")
    people.write_text("code,start\nP1,2027-01-11\nP2,2027-01-12\nP3,2027-01-13\n")
    assert planner(*export).code == 0
    kept = {code: bytes_of(folder / "list.ics", code) for code in (b"P2", b"P3")}
    people.write_text("code,start\nP1,2027-01-18\nP2,never\nP3,2027-01-13\nP3,2027-01-14\n")
    result = planner(*export)
    assert result.code == 1, result.err
    assert "error: P2: people.csv:3: `never` is not a date" in result.err
    assert "error: P3: people.csv: code `P3` is on lines 4 and 5" in result.err
    assert kept == {code: bytes_of(folder / "list.ics", code) for code in (b"P2", b"P3")}
    people.write_text("code,start\nP1,2027-01-18\nAnna Smith,2027-01-12\n")
    result = planner(*export)
    assert "error: people.csv:3: `Anna Smith`: has spaces" in result.err
    assert kept == {code: bytes_of(folder / "list.ics", code) for code in (b"P2", b"P3")}


@pytest.mark.parametrize("command", ["due", "deviations", "amend"])
def test_a_record_without_an_answer_stops_no_other(
    planner: Planner, folder: Path, case: str, command: str
) -> None:
    why = spoil(folder, case)
    (folder / "new.yaml").write_text(
        (folder / "study.yaml").read_text().replace('version: "1.0"', 'version: "2.0"')
    )
    arguments = {
        "due": ("--protocol", "study.yaml", "--from", "2027-01-01", "--to", "2027-01-20"),
        "deviations": ("study.yaml",),
        "amend": ("study.yaml", "new.yaml", "--from", "2027-01-01"),
    }[command]
    result = planner(command, *arguments, "--records", "records", "--format", "json")
    assert result.code == 1, result.err
    data: dict[str, Any] = json.loads(result.out)
    unfit = command == "amend" and case in ("unknown visit", "conflict")
    if unfit:  # it can be read, and somebody has to decide about it
        assert any(
            why.partition(": ")[2] in text
            for person in data["participants"]
            for text in person["decisions"]
        )
        return
    whose = "records/P0002.yaml" if case == "no file" else "P0002"
    assert [left["record"] for left in data["left_out"]] == [whose]
    assert why in data["left_out"][0]["why"]
    assert why in result.err
    assert "1 record is left out above" in result.err
    if command == "amend":
        assert [person["participant"] for person in data["participants"]] == ["P0001"]
    else:
        assert data["records"] == 1


@pytest.mark.parametrize("command", ["due", "deviations"])
def test_where_no_record_can_be_read_there_is_no_answer(
    planner: Planner, folder: Path, command: str
) -> None:
    spoil(folder, "syntax")
    (folder / "records" / "P0001.yaml").unlink()
    arguments = ("study.yaml",) if command == "deviations" else ("--protocol", "study.yaml")
    assert planner(command, *arguments, "--records", "records").code == 2


def test_an_amendment_is_written_into_the_records_that_can_be_read(
    planner: Planner, folder: Path
) -> None:
    spoil(folder, "syntax")
    text = (folder / "study.yaml").read_text()
    (folder / "new.yaml").write_text(text.replace('version: "1.0"', 'version: "2.0"'))
    before = (folder / "records" / "P0002.yaml").read_bytes()
    result = planner(
        "amend", "study.yaml", "new.yaml", "--from", "2027-01-01", "--records", "records", "--write"
    )
    assert result.code == 1
    assert "1 record has now the version that holds" in result.err
    assert "2.0" in (folder / "records" / "P0001.yaml").read_text()
    assert (folder / "records" / "P0002.yaml").read_bytes() == before
