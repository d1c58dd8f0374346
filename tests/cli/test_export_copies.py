"""Two people with a copy of a study's folder each: their versions are told apart, and reported."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
import pytest

Planner = Callable[..., Any]
STUDY = str(Path(__file__).parents[2] / "examples" / "two-sessions.yaml")
KINDS = [(), ("--rendering", "caldav"), ("--split", "participant")]


def record(folder: Path, day: int) -> str:
    path = folder / f"{day}.yaml"
    path.write_text(
        "participant: P0001\nstart: 2027-01-11\n"
        f"visits: [{{visit: dosing-1, status: booked, start: 2027-01-{day}T09:00}}]\n"
    )
    return str(path)


def events(output: Path) -> dict[str, Any]:
    files = [output] if output.is_file() else sorted(output.glob("*.ics"))
    return {
        str(event["UID"]): event
        for file in files
        for event in icalendar.Calendar.from_ical(file.read_bytes()).events
    }


@pytest.fixture
def copies(planner: Planner, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    """Exports to two copies of one calendar, each with a change of its own."""
    options: tuple[str, ...] = request.param

    def export(name: str, day: int) -> Any:
        out = str(tmp_path / name / "out")
        result = planner("export", STUDY, "--records", record(tmp_path, day), "-o", out, *options)
        assert result.code == 0, result.err
        return result

    (tmp_path / "a").mkdir()
    export("a", 25)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    export("a", 26)
    export("b", 27)
    return export


@pytest.mark.parametrize("copies", KINDS, indirect=True)
def test_two_versions_of_an_event_differ_in_their_stamp(copies: Any, tmp_path: Path) -> None:
    one, other = (events(tmp_path / name / "out") for name in "ab")
    assert one.keys() == other.keys()
    moved = [uid for uid in one if one[uid]["DTSTART"].dt != other[uid]["DTSTART"].dt]
    assert moved
    for uid in moved:
        assert one[uid]["SEQUENCE"] == other[uid]["SEQUENCE"]
        assert one[uid]["DTSTAMP"].dt != other[uid]["DTSTAMP"].dt


@pytest.mark.parametrize("copies", KINDS, indirect=True)
@pytest.mark.parametrize("day", [25, 26, 27])
def test_where_they_meet_that_is_said_and_the_next_revision_is_above_both(
    copies: Any, tmp_path: Path, day: int
) -> None:
    one, other = (events(tmp_path / name / "out") for name in "ab")
    moved = [uid for uid in one if one[uid]["DTSTART"].dt != other[uid]["DTSTART"].dt]
    here, there = tmp_path / "a" / "out", tmp_path / "b" / "out"
    if here.is_dir():
        shutil.rmtree(here)
        shutil.copytree(there, here)
    else:
        shutil.copy(there, here)
    result = copies("a", day)
    assert "was not written together with" in result.err
    assert f"two versions with the same revision of {len(moved)} event" in result.err
    after = events(here)
    for uid in moved:
        assert after[uid]["SEQUENCE"] > one[uid]["SEQUENCE"]
        assert after[uid]["DTSTAMP"].dt > max(one[uid]["DTSTAMP"].dt, other[uid]["DTSTAMP"].dt)
    again = copies("a", day)
    assert "0 new, 0 changed, 0 cancelled" in again.err
    assert "two versions" not in again.err
