"""Records in files are read and changed as those of a store are."""

import shutil
from pathlib import Path

import pytest

from planner.errors import PlannerError
from planner.store import NewEvent, StoreConflict
from planner.store.editable_files import EditableFiles
from planner.timeline.record import Record

EXAMPLES = Path(__file__).parents[2] / "examples" / "records"
BOOKED = {"visit": "dosing", "occurrence": 1, "status": "booked", "start": "2027-02-03T09:00"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLES, tmp_path / "records"))


def with_status(record: Record, status: str) -> Record:
    last = record.visits[-1].model_copy(update={"status": status})
    return record.model_copy(update={"visits": (*record.visits[:-1], last)})


def test_a_change_touches_one_line_of_one_file(folder: Path) -> None:
    files = EditableFiles([str(folder)])
    before = (folder / "P0002.yaml").read_text()
    stored = files.record("P0002")
    files.append([NewEvent(with_status(stored.record, "missed"), stored.version, "recorded", "x")],
                 who="anna")  # fmt: skip
    assert (folder / "P0002.yaml").read_text() == before.replace(
        "status: booked, start: 2027-02-03T09:00", 'status: missed, start: "2027-02-03T09:00"'
    )
    assert [one.record.participant for one in files.records()] == ["P0001", "P0002"]
    assert {path.name for path in folder.iterdir()} == {"P0001.csv", "P0002.yaml"}


def test_of_two_who_change_a_file_one_is_told(folder: Path) -> None:
    files = EditableFiles([str(folder)])
    stored = files.record("P0002")
    with open(folder / "P0002.yaml", "a", encoding="utf-8") as file:
        file.write("# a remark\n")
    after = (folder / "P0002.yaml").read_bytes()
    event = NewEvent(with_status(stored.record, "missed"), stored.version, "recorded", "x")
    with pytest.raises(StoreConflict, match="P0002: its file has changed since it was read"):
        files.append([event], who="anna")
    assert (folder / "P0002.yaml").read_bytes() == after


def test_a_booked_visit_changes_with_a_reason_only(folder: Path) -> None:
    files = EditableFiles([str(folder)])
    stored = files.record("P0002")
    event = NewEvent(with_status(stored.record, "cancelled"), stored.version, "recorded")
    with pytest.raises(PlannerError, match="dosing-1 is recorded as booked"):
        files.append([event], who="anna")


def test_new_participants_get_files_and_all_are_written_or_none(folder: Path) -> None:
    files = EditableFiles([str(folder)])
    new = [Record.model_validate({"participant": f"P000{n}", "visits": [BOOKED]}) for n in (3, 4)]
    there = Record.model_validate({"participant": "P0002"})
    events = [NewEvent(one, 0, "enrolled") for one in (*new, there)]
    with pytest.raises(StoreConflict, match="P0002: already exists"):
        files.append(events, who="anna")
    assert len(list(folder.iterdir())) == 2
    files.append(events[:2], who="anna")
    assert files.record("P0003").record == new[0]
    assert sorted(path.name for path in folder.iterdir())[2:] == ["P0003.yaml", "P0004.yaml"]


def test_an_empty_folder_takes_the_first_participant(tmp_path: Path) -> None:
    files = EditableFiles([str(tmp_path)])
    assert list(files.records()) == []
    files.append([NewEvent(Record(participant="P0001"), 0, "enrolled")], who="anna")
    assert files.record("P0001").record.participant == "P0001"
    with pytest.raises(PlannerError, match="holds no record of participant P0002"):
        files.record("P0002")
