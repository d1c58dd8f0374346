"""Calendars that an older rule began are continued: nobody's events are there twice.

The files in `begun` were written when a study's identity was its first registry number.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
import pytest

Planner = Callable[..., Any]
BEGUN = Path(__file__).parent / "begun"
OUTPUTS = {
    "coded.ics": (),
    "busy.ics": ("--level", "busy"),
    "keyed.ics": ("--level", "busy", "--key-file", "key"),
    "roles": ("--level", "staff", "--split", "role"),
    "people": ("--split", "participant"),
    "objects": ("--rendering", "caldav"),
}
"""What is in the folder, and the options that it was written with."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to work in."""
    shutil.copytree(BEGUN, tmp_path / "begun")
    monkeypatch.chdir(tmp_path / "begun")
    return tmp_path / "begun"


def numbers(output: Path) -> dict[tuple[str, str], int]:
    """SEQUENCE of each event by file and UID."""
    files = [output] if output.is_file() else sorted(output.glob("*.ics"))
    return {
        (file.name, str(event["UID"])): int(event["SEQUENCE"])
        for file in files
        for event in icalendar.Calendar.from_ical(file.read_bytes()).events
    }


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("is_lost", [False, True], ids=["with its state", "state lost"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("registry: [NCT09999999, ", "registry: [EUCT-2098-000000, NCT09999999, "),
        ("registry: ", "identity: from now on\nregistry: "),
    ],
    ids=["same protocol", "another number first", "identity added"],
)
def test_what_an_older_rule_began_is_continued(
    planner: Planner, folder: Path, output: str, is_lost: bool, old: str, new: str
) -> None:
    before = numbers(folder / output)
    protocol = folder / "study.yaml"
    protocol.write_text(protocol.read_text().replace(old, new))
    if is_lost:
        (folder / f"{output}.state").unlink()
    export = ("export", "study.yaml", "--records", "records", "-o", output, *OUTPUTS[output])
    result = planner(*export)
    assert result.code == 0, result.err
    assert "; 0 new, " in result.err
    assert ", 0 cancelled" in result.err
    after = numbers(folder / output)
    assert list(after) == list(before)
    assert all(after[event] >= before[event] for event in before)
    assert "0 new, 0 changed, 0 cancelled" in planner(*export).err
    assert numbers(folder / output) == after


def test_a_registry_number_is_no_identity(planner: Planner, folder: Path) -> None:
    export = ("export", "study.yaml", "--records", "records", "-o", "new.ics")
    protocol = folder / "study.yaml"
    text = protocol.read_text()
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("registry")]
    protocol.write_text("".join(lines))
    assert planner(*export).code == 0
    before = (folder / "new.ics").read_bytes()
    protocol.write_text(text)
    assert "0 new, 0 changed, 0 cancelled" in planner(*export).err
    assert (folder / "new.ics").read_bytes() == before


def test_who_joins_later_is_in_the_same_study(planner: Planner, folder: Path) -> None:
    export = ("export", "study.yaml", "--records", "records", "-o", "coded.ics")
    records = folder / "records"
    text = (records / "P0002.yaml").read_text()
    (records / "P0003.yaml").write_text(text.replace("P0002", "P0003"))
    (records / "P0001.yaml").unlink()
    assert "contains events of P0001" in planner(*export).err
    result = planner(*export, "--replace")
    assert "; 5 new, " in result.err
    assert ", 5 cancelled" in result.err
    (records / "P0003.yaml").unlink()
    result = planner(*export, "--replace")
    assert "; 0 new, " in result.err
    assert ", 5 cancelled" in result.err


UNFIT = "participant: P0002\nvisits:\n  - {visit: no-such-visit, status: missed}\n"
"""A record that does not fit the study."""


@pytest.mark.parametrize("output", ["people", "objects"])
@pytest.mark.parametrize("is_lost", [False, True], ids=["with its state", "state lost"])
def test_a_record_that_cannot_be_planned_stops_nobody_and_loses_nothing(
    planner: Planner, folder: Path, output: str, is_lost: bool
) -> None:
    export = ("export", "study.yaml", "--records", "records", "-o", output, *OUTPUTS[output])
    assert planner(*export).code == 0
    before = numbers(folder / output)
    record = folder / "records" / "P0002.yaml"
    whole = record.read_text()
    record.write_text(UNFIT)
    (folder / "records" / "P0003.yaml").write_text(whole.replace("P0002", "P0003"))
    if is_lost:
        (folder / f"{output}.state").unlink()
    result = planner(*export)
    assert result.code == 1
    assert "P0002: records/P0002.yaml:3: `no-such-visit` is not a visit" in result.err
    assert "; 5 new, 0 changed, 0 cancelled" in result.err
    after = numbers(folder / output)
    assert before.keys() < after.keys()
    assert all(after[event] >= before[event] for event in before)
    record.write_text(whole)
    assert "; 0 new, 0 changed, 0 cancelled" in planner(*export).err


@pytest.mark.parametrize("output", ["coded.ics", "busy.ics", "keyed.ics", "roles"])
def test_events_of_who_cannot_be_planned_are_not_dropped_from_what_others_share(
    planner: Planner, folder: Path, output: str
) -> None:
    export = ("export", "study.yaml", "--records", "records", "-o", output, *OUTPUTS[output])
    assert planner(*export).code == 0
    before = numbers(folder / output)
    (folder / "records" / "P0002.yaml").write_text(UNFIT)
    result = planner(*export)
    assert result.code == 1
    assert "P0002: records/P0002.yaml:3: `no-such-visit` is not a visit" in result.err
    assert "kept as they were: " in result.err
    assert numbers(folder / output) == before


def test_a_first_calendar_has_everybody_who_can_be_planned(planner: Planner, folder: Path) -> None:
    (folder / "records" / "P0002.yaml").write_text(UNFIT)
    result = planner("export", "study.yaml", "--records", "records", "-o", "new.ics")
    assert result.code == 1
    assert "P0002: records/P0002.yaml:3: `no-such-visit` is not a visit" in result.err
    summaries = (folder / "new.ics").read_text()
    assert "P0001" in summaries
    assert "P0002" not in summaries


def test_the_only_record_that_cannot_be_planned_is_an_error(planner: Planner, folder: Path) -> None:
    record = folder / "records" / "P0002.yaml"
    record.write_text(UNFIT)
    before = (folder / "coded.ics").read_bytes()
    result = planner("export", "study.yaml", "--records", str(record), "-o", "coded.ics")
    assert result.code == 2
    assert "no-such-visit" in result.err
    assert (folder / "coded.ics").read_bytes() == before
