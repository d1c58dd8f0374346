"""`planner store` as a user meets it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.timeline.record_reading import read_record

Planner = Callable[..., Any]
RECORDS = Path(__file__).parents[2] / "examples" / "records"


@pytest.fixture
def study(planner: Planner, tmp_path: Path) -> str:
    """A store with two participants."""
    path = str(tmp_path / "study.db")
    assert planner("store", "init", path).code == 0
    result = planner("store", "import", path, str(RECORDS), "--who", "anna")
    assert (result.code, result.err) == (0, f"{path}: 2 records taken in\n")
    return path


def test_records_go_in_and_come_out_as_they_were(
    planner: Planner, study: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    result = planner("store", "export", study, "-o", str(folder))
    assert result.code == 0
    assert f"{folder}: 2 records; seal " in result.err
    assert (
        read_record(str(folder / "P0001.yaml")).record
        == read_record(str(RECORDS / "P0001.csv")).record
    )
    assert (
        read_record(str(folder / "P0002.yaml")).record
        == read_record(str(RECORDS / "P0002.yaml")).record
    )
    again = planner("store", "import", study, str(folder), "--who", "ben")
    assert again.err == f"{study}: 0 records taken in, 2 say what is stored already\n"


def test_csv_that_has_no_place_for_a_value_is_refused(
    planner: Planner, study: str, tmp_path: Path
) -> None:
    result = planner("store", "export", study, "-o", str(tmp_path / "out"), "--format", "csv")
    assert result.code == 2
    assert "P0002: CSV has no place for its protocol, gates; write YAML" in result.err
    assert not (tmp_path / "out").exists()


def test_the_history_tells_old_and_new_values_with_the_reason(
    planner: Planner, study: str, tmp_path: Path
) -> None:
    changed = tmp_path / "P0002.yaml"
    text = (RECORDS / "P0002.yaml").read_text()
    changed.write_text(text.replace("start: 2027-02-03T09:00", "start: 2027-02-04T09:00"))
    refused = planner("store", "import", study, str(changed), "--who", "ben")
    assert refused.code == 2
    assert (
        "P0002: dosing-1 is recorded as booked, and a change of that needs a reason" in refused.err
    )
    told = planner("store", "import", study, str(changed), "--who", "ben", "--reason", "room taken")
    assert told.code == 0
    rows = json.loads(
        planner("store", "history", study, "--visit", "dosing", "--format", "json").out
    )["lines"]
    assert [row["cells"][3:] for row in rows if row["cells"][2] == "ben"] == [
        ["P0002", "dosing-1", "booked 2027-02-03T09:00", "booked 2027-02-04T09:00", "room taken"]
    ]
    by_ben = planner("store", "history", study, "--by", "ben", "--format", "csv").out
    assert by_ben.count("\n") == 2


def test_a_text_can_be_cleared(planner: Planner, study: str) -> None:
    listed = json.loads(planner("store", "texts", study, "P0001", "--format", "json").out)["lines"]
    (number,) = [row["cells"][0] for row in listed if "short notice" in row["cells"][1]]
    arguments = ("store", "redact", study, "P0001", number, "--who", "anna")
    refused = planner(*arguments, "--reason", "it was: SEEN AT SHORT NOTICE")
    assert refused.code == 2
    assert "the reason repeats the text that it clears" in refused.err
    result = planner(*arguments, "--reason", "told too much")
    assert (result.code, result.err) == (0, f"{study}: P0001: 1 text cleared\n")
    history = planner("store", "history", study, "--participant", "P0001").out
    assert "seen at short notice" not in history
    assert "redaction of 1 text" in history
    assert planner("store", "verify", study).code == 0
    for wrong in (number, "0", "99"):
        again = planner("store", "redact", study, "P0001", wrong, "--who", "a", "--reason", "b")
        assert again.code == 2
        assert f"P0001 has no text {wrong} that could be cleared" in again.err


def test_a_seal_shows_that_a_store_is_the_one_that_was_sealed(
    planner: Planner, study: str, tmp_path: Path
) -> None:
    seal = tmp_path / "seal.txt"
    assert planner("store", "seal", study, "-o", str(seal)).code == 0
    result = planner("store", "verify", study, "--seal", str(seal))
    assert result.code == 0
    assert "2 events, all as appended\nthe sealed one is among them\n" in result.out
    assert planner("store", "verify", study, "--seal", seal.read_text().strip()).code == 0
    other = str(tmp_path / "other.db")
    planner("store", "init", other)
    result = planner("store", "verify", other, "--seal", str(seal))
    assert result.code == 1
    assert "the seal is of another store" in result.out
    result = planner("store", "verify", study, "--seal", "sealed")
    assert result.code == 2
    assert "`sealed` is not a seal; `planner store seal` prints one" in result.err


def test_a_place_that_holds_no_store_is_refused(planner: Planner, tmp_path: Path) -> None:
    path = str(tmp_path / "none.db")
    result = planner("store", "verify", path)
    assert result.code == 2
    assert f"{path}: there is no such store; `planner store init` makes one" in result.err
    planner("store", "init", path)
    assert planner("store", "init", path).code == 2
    result = planner("store", "history", path, "--participant", "P0001")
    assert result.code == 2
    assert f"{path}: holds no participant P0001" in result.err


def test_who_changes_something_is_a_code(planner: Planner, tmp_path: Path) -> None:
    path = str(tmp_path / "study.db")
    planner("store", "init", path)
    result = planner("store", "import", path, str(RECORDS), "--who", "Anna Smith")
    assert result.code == 2
    assert "`Anna Smith` is not a code of a person" in result.err
    assert planner("store", "history", path, "--format", "csv").out.count("\n") == 1


def test_commands_read_the_records_of_a_store_as_those_of_a_folder(
    planner: Planner, study: str
) -> None:
    options = ("--protocol", "mapp1", "--today", "2027-02-01")
    stored = planner("due", "--records", study, *options)
    assert stored.code == 0
    assert stored.out == planner("due", "--records", str(RECORDS), *options).out
    one = ("timeline", "mapp1", "--today", "2027-02-01", "--records")
    assert planner(*one, f"{study}:P0002").out == planner(*one, str(RECORDS / "P0002.yaml")).out
    result = planner(*one, study)
    assert result.code == 2
    assert f"{study}: is a store of many records; name one as {study}:P0001" in result.err
    result = planner(*one, f"{study}:P0009")
    assert result.code == 2
    assert f"{study}: holds no participant P0009" in result.err
