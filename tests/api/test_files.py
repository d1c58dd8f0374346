"""Files of a folder written together."""

from pathlib import Path

import pytest

from planner.api.files import says_otherwise, write_folder
from planner.errors import PlannerError


def test_a_folder_is_made_and_what_is_there_stays(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    write_folder(folder, {"a.txt": b"1", "b.txt": b"2"})
    write_folder(str(folder), {"b.txt": b"3"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "a.txt": b"1", "b.txt": b"3",
    }  # fmt: skip


def test_nothing_is_written_where_a_folder_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "b.txt").mkdir()
    with pytest.raises(PlannerError, match=r"b\.txt: is a directory"):
        write_folder(tmp_path, {"a.txt": b"1", "b.txt": b"2"})
    assert not (tmp_path / "a.txt").exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1")
    with pytest.raises(PlannerError, match="file: is not a folder"):
        write_folder(tmp_path / "file", {"a.txt": b"1"})
    assert (tmp_path / "file").read_bytes() == b"1"


def test_only_a_file_that_is_there_can_say_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert not says_otherwise(str(path), b"1")
    path.write_bytes(b"1")
    assert not says_otherwise(str(path), b"1")
    assert says_otherwise(str(path), b"2")
