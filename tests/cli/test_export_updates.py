"""Calendars that update: `planner export` again and again, as a coordinator does."""

import email
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import pytest

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
BERLIN = str(ROOT / "examples" / "site-berlin.yaml")
HEADER = "visit,occurrence,status,start,end,reason,note\n"
BEGUN = """\
screening,,occurred,2026-12-14,,,
prep-1,,occurred,2026-12-28,,,
prep-2,,occurred,2027-01-04,,,
prep-3,,occurred,2027-01-07,,,
baseline,,occurred,2027-01-11,,,
"""
BASE = (date(2027, 1, 11) - date(2000, 1, 1)).days
"""The SEQUENCE with which a first export of that record begins."""
BOOKED = "dosing,1,booked,2027-01-27T09:00,,,\n"
MOVED = "dosing,1,booked,2027-01-28T09:00,,,\n"


KINDS = {
    "participant": ("-o", "all", "--split", "participant"),
    "role": ("-o", "all", "--split", "role"),
    "site": ("-o", "all", "--split", "site"),
    "objects": ("-o", "all", "--rendering", "caldav"),
    "calendar": ("-o", "all/everybody.ics", "--no-windows"),
}
"""What a folder `all` can hold, and the options that write it there."""


def write_record(folder: Path, lines: str, code: str = "P0001") -> str:
    path = folder / f"{code}.csv"
    path.write_text(HEADER + lines)
    return str(path)


def events(path: Path) -> dict[str, tuple[int, str, str]]:
    """Of each event by UID: SEQUENCE (above `BASE` where it began there), STATUS and start."""
    found = {}
    for event in icalendar.Calendar.from_ical(path.read_bytes()).events:
        uid = str(event["UID"])
        assert uid not in found
        number = int(event["SEQUENCE"])
        number -= BASE if number >= BASE else 0
        found[uid] = (number, str(event["STATUS"]), str(event["DTSTART"].dt))
    return found


def bytes_of(path: Path) -> dict[str, bytes]:
    """The bytes of each event, by UID."""
    pieces = path.read_bytes().split(b"BEGIN:VEVENT\r\nUID:")[1:]
    return {piece[:36].decode(): piece.partition(b"END:VEVENT")[0] for piece in pieces}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def export(planner: Planner, tmp_path: Path) -> Callable[..., Any]:
    """Writes a record and exports it to `p.ics`."""

    def run(lines: str, *options: str, code: int = 0) -> Any:
        record = write_record(tmp_path, lines)
        arguments = ("--records", record, "--site", BERLIN, "-o", str(tmp_path / "p.ics"))
        result = planner("export", "mapp1", *arguments, *options)
        assert result.code == code, result.err
        return result

    return run


def test_what_took_place_is_in_the_calendar_and_the_rest_is_planned(
    export: Callable[..., Any], tmp_path: Path
) -> None:
    result = export(BEGUN + BOOKED + "extra,,unscheduled,2027-01-12T12:00,,,\n", "--verify")
    assert "read back and compared" in result.err
    found = events(tmp_path / "p.ics").values()
    starts = {start: status for _, status, start in found}
    assert starts["2026-12-28 10:00:00+01:00"] == "CONFIRMED"
    assert starts["2027-01-27 09:00:00+01:00"] == "CONFIRMED"
    assert starts["2027-01-12"] == "CONFIRMED"  # all day, as its length is not known
    assert "TENTATIVE" in starts.values()
    assert names(tmp_path) == ["P0001.csv", "p.ics", "p.ics.state"]


def test_a_second_export_changes_what_has_changed(
    export: Callable[..., Any], tmp_path: Path
) -> None:
    export(BEGUN + BOOKED)
    calendar, state = tmp_path / "p.ics", tmp_path / "p.ics.state"
    first, first_state = calendar.read_bytes(), state.read_bytes()
    result = export(BEGUN + BOOKED)
    assert "0 new, 0 changed, 0 cancelled" in result.err
    assert (calendar.read_bytes(), state.read_bytes()) == (first, first_state)
    before = events(calendar)
    export(BEGUN + MOVED, "--verify")
    after = events(calendar)
    changed = {uid for uid in before if before[uid] != after[uid]}
    assert changed
    assert all(after[uid][0] == before[uid][0] + 1 for uid in changed)
    assert all(after[uid][2] != before[uid][2] for uid in changed)
    export(BEGUN + BOOKED)
    assert {uid for uid, (sequence, _, _) in events(calendar).items() if sequence == 2} == changed


def test_without_a_state_an_export_goes_on_from_the_calendar(
    export: Callable[..., Any], tmp_path: Path
) -> None:
    export(BEGUN + BOOKED)
    export(BEGUN + MOVED)
    by_state = (tmp_path / "p.ics").read_bytes()
    for options in (("--no-state",), ()):
        (tmp_path / "p.ics").unlink()
        (tmp_path / "p.ics.state").unlink(missing_ok=True)
        export(BEGUN + BOOKED, *options)
        (tmp_path / "p.ics.state").unlink(missing_ok=True)
        result = export(BEGUN + MOVED, *options)
        assert "0 new, " in result.err
        assert ("no state beside it" in result.err) == (not options)
        assert (tmp_path / "p.ics").read_bytes() == by_state
        assert (tmp_path / "p.ics.state").exists() == (not options)


def test_an_export_goes_on_from_a_copy_of_the_calendar(
    export: Callable[..., Any], tmp_path: Path
) -> None:
    export(BEGUN + BOOKED)
    export(BEGUN + MOVED)
    copy = tmp_path / "copy"
    (tmp_path / "p.ics").rename(copy)
    (tmp_path / "p.ics.state").unlink()
    result = export(BEGUN + MOVED, "--previous", str(copy))
    assert "0 new, 0 changed, 0 cancelled" in result.err
    assert (tmp_path / "p.ics").read_bytes() == copy.read_bytes()
    assert "0 new, 0 changed, 0 cancelled" in export(BEGUN + MOVED).err


def test_where_nothing_is_known_revisions_start_above_any_forgotten_ones(
    export: Callable[..., Any], planner: Planner, tmp_path: Path
) -> None:
    def sequences() -> set[int]:
        calendar = icalendar.Calendar.from_ical((tmp_path / "p.ics").read_bytes())
        return {int(event["SEQUENCE"]) for event in calendar.events}

    def forget() -> None:
        (tmp_path / "p.ics").unlink()
        (tmp_path / "p.ics.state").unlink(missing_ok=True)

    result = export(BEGUN + BOOKED, "--today", "2027-01-20")
    number = (date(2027, 1, 20) - date(2000, 1, 1)).days
    assert sequences() == {number}
    assert f"revisions start anew, at {number:,}" in result.err
    forget()
    assert "revisions start anew" in export(BEGUN + BOOKED).err
    assert sequences() == {BASE}
    assert "revisions start anew" not in export(BEGUN + BOOKED).err
    forget()
    export(BEGUN + BOOKED, "--no-state", "--stamp", "2027-01-20")
    assert sequences() == {number}
    forget()
    plan = planner("export", "mapp1", "--start", "2027-01-11", "-o", str(tmp_path / "p.ics"))
    assert "revisions start anew" not in plan.err
    assert sequences() == {0}


def test_that_a_forgotten_revision_may_be_above_the_new_one_is_said(
    export: Callable[..., Any], tmp_path: Path
) -> None:
    def last() -> int:
        calendar = icalendar.Calendar.from_ical((tmp_path / "p.ics").read_bytes())
        return max(int(event["SEQUENCE"]) for event in calendar.events)

    for lines in (BEGUN + BOOKED, BEGUN + MOVED, BEGUN + BOOKED):
        export(lines)
    assert last() == BASE + 2
    for name in ("p.ics", "p.ics.state"):
        (tmp_path / name).unlink()
    result = export(BEGUN + BOOKED)
    assert last() == BASE
    assert "one that changed more than once a day may stay as it was there" in result.err


def test_today_is_the_date_of_changes(export: Callable[..., Any], tmp_path: Path) -> None:
    export(BEGUN + BOOKED)
    export(BEGUN + MOVED, "--today", "2027-01-20")
    text = (tmp_path / "p.ics").read_bytes()
    assert b"DTSTAMP:20270120T00" in text
    assert b"DTSTAMP:20270111T000000Z" in text
    export(BEGUN + BOOKED, "--stamp", "2027-01-21")
    assert b"DTSTAMP:20270121T00" in (tmp_path / "p.ics").read_bytes()


def test_a_withdrawal_cancels_what_was_to_come(planner: Planner, tmp_path: Path) -> None:
    record = tmp_path / "P0001.yaml"
    begun = "participant: P0001\nvisits: [{visit: baseline, status: occurred, start: 2027-01-11}]\n"
    out = str(tmp_path / "p.ics")
    for text in (begun, begun + "withdrawn: 2027-01-20\n"):
        record.write_text(text)
        result = planner("export", "mapp1", "--records", str(record), "--site", BERLIN, "-o", out)
        assert result.code in (0, 1), result.err
    found = events(tmp_path / "p.ics")
    assert (1, "CANCELLED") in {(sequence, status) for sequence, status, _ in found.values()}
    later = [status for _, status, start in found.values() if start > "2027-03"]
    assert later
    assert set(later) == {"CANCELLED"}


class TestFolders:
    """A folder of records is everybody; one record is not."""

    @pytest.fixture
    def records(self, tmp_path: Path) -> Path:
        folder = tmp_path / "records"
        folder.mkdir()
        write_record(folder, BEGUN + BOOKED, "P0001")
        write_record(folder, BEGUN, "P0002")
        return folder

    def test_one_record_says_nothing_of_the_others(
        self, planner: Planner, records: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "all.ics"
        base = ("export", "mapp1", "--site", BERLIN, "-o", str(out), "--records")
        assert planner(*base, str(records)).code == 0
        everybody = out.read_bytes()
        for _ in range(2):
            result = planner(*base, str(records / "P0001.csv"))
            assert result.code == 2
            assert f"{out} contains events of P0002, not part of this export" in result.err
            assert "add --replace to remove them" in result.err
            assert out.read_bytes() == everybody
            Path(f"{out}.state").unlink(missing_ok=True)
        assert planner(*base, str(records)).code == 0
        assert planner(*base, str(records / "P0001.csv"), "--replace").code == 0
        assert b"P0002" not in out.read_bytes()
        assert planner(*base, str(records)).code == 0
        assert out.read_bytes() == everybody

    @pytest.mark.parametrize(
        "options", [("--split", "participant"), ("--rendering", "caldav"), ("--split", "role")]
    )
    def test_one_participant_may_be_exported_into_a_folder_with_files_of_others(
        self, planner: Planner, records: Path, tmp_path: Path, options: tuple[str, ...]
    ) -> None:
        folder = tmp_path / "all"
        base = ("export", "mapp1", "--site", BERLIN, "-o", str(folder), *options, "--records")
        assert planner(*base, str(records)).code == 0
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        result = planner(*base, write_record(records, BEGUN + MOVED, "P0001"))
        after = {path.name: path.read_bytes() for path in folder.iterdir()}
        if "role" in options:
            assert (result.code, after) == (2, before)
            assert "contains events of P0002, not part of this export" in result.err
        else:
            assert (result.code, set(after)) == (0, set(before)), result.err
            assert before != after
            assert all(before[name] == after[name] for name in after if b"P0002" in after[name])

    @pytest.mark.parametrize("state", ["its state", "no state", "state lost"])
    @pytest.mark.parametrize(
        "options",
        [
            (), ("--split", "participant"), ("--split", "role"), ("--split", "site"),
            ("--rendering", "caldav"),
        ],
        ids="".join,
    )  # fmt: skip
    def test_who_has_gone_from_the_folder_is_cancelled_only_when_asked_for(
        self,
        planner: Planner,
        records: Path,
        tmp_path: Path,
        options: tuple[str, ...],
        state: str,
    ) -> None:
        """A record that is moved away by mistake must not cancel anybody's visits."""
        out = tmp_path / ("all" if options else "all.ics")
        base = ("export", "mapp1", "-o", str(out), "--records", str(records), *options)
        base += ("--no-state",) * (state == "no state")
        for code in ("P0003", "P0004"):
            write_record(records, BEGUN, code)
        assert planner(*base).code == 0
        (records / "P0002.csv").unlink()
        (records / "P0003.csv").unlink()
        if state == "state lost":
            Path(f"{out}.state").unlink()
        before = held(out)
        result = planner(*base)
        assert (result.code, held(out)) == (2, before)
        assert f"{out} contains events of P0002 and P0003, not part of this export" in result.err
        assert "add --replace to cancel them" in result.err
        assert planner(*base, "--replace").code == 0
        after = held(out)
        assert after.keys() == before.keys()
        for uid, (code, number, status) in before.items():
            was_there = status != "CANCELLED" and code in ("P0002", "P0003")
            assert after[uid] == (code, number + 1, "CANCELLED") if was_there else before[uid]
        # They are gone now, so nothing is lost by going on without them.
        again = planner(*base)
        assert again.code == 0, again.err
        assert held(out) == after

    @pytest.mark.parametrize("by", ["participant", "role", "room"])
    def test_a_set_of_calendars_has_one_state(
        self, planner: Planner, records: Path, tmp_path: Path, by: str
    ) -> None:
        folder = tmp_path / "calendars"
        protocol = "mapp1" if by != "room" else str(with_rooms(tmp_path))
        out = ("--split", by, "-o", str(folder) + "/")
        base = ("export", protocol, *out, "--records", str(records))
        assert planner(*base).code == 0
        first = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert (tmp_path / "calendars.state").exists()
        assert all(name.endswith(".ics") for name in first)
        write_record(records, BEGUN + MOVED, "P0001")
        (records / "P0002.csv").unlink()
        assert planner(*base, "--replace").code == 0
        second = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert set(second) == set(first)
        assert any(b"CANCELLED" in data for data in second.values())
        third = planner(*base)
        assert "0 new, 0 changed, 0 cancelled" in third.err
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == second

    def test_a_server_gets_only_the_objects_that_changed(
        self, planner: Planner, records: Path, tmp_path: Path
    ) -> None:
        folder = tmp_path / "objects"
        base = ("export", "mapp1", "--rendering", "caldav", "-o", str(folder), "--site", BERLIN)
        assert planner(*base, "--records", str(records)).code == 0
        first = {path.name: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}
        write_record(records, BEGUN + MOVED, "P0001")
        assert planner(*base, "--records", str(records)).code == 0
        second = {path.name: (path.read_bytes(), path.stat().st_ino) for path in folder.iterdir()}
        changed = {name for name in first if first[name] != second[name]}
        assert set(first) == set(second)
        assert 0 < len(changed) < len(first) / 2
        assert any(b"SEQUENCE:%d\r\n" % (BASE + 1) in second[name][0] for name in changed)

    def test_a_state_of_something_else_is_refused(
        self, planner: Planner, records: Path, tmp_path: Path
    ) -> None:
        folder = tmp_path / "calendars"
        base = ("export", "mapp1", "-o", str(folder), "--records", str(records))
        assert planner(*base, "--split", "role").code == 0
        before = {path: path.read_bytes() for path in folder.iterdir()}
        result = planner(*base, "--split", "site")
        assert result.code == 2
        assert "is the state of --split role" in result.err
        assert "name another output with -o" in result.err
        assert {path: path.read_bytes() for path in folder.iterdir()} == before

    @pytest.mark.parametrize("more", [("--no-state",), ("--state", "other"), ("--replace",)])
    @pytest.mark.parametrize(
        "kinds",
        [pair for pair in itertools.permutations(KINDS, 2) if pair[1] != "calendar"],
        ids="-".join,
    )
    def test_no_folder_holds_calendars_of_two_kinds(
        self,
        planner: Planner,
        records: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        kinds: tuple[str, str],
        more: tuple[str, ...],
    ) -> None:
        """The same events would be there twice, under the same UIDs."""
        monkeypatch.chdir(tmp_path)
        base = ("export", "mapp1", "--records", str(records))
        Path("all").mkdir()
        assert planner(*base, *KINDS[kinds[0]]).code == 0
        for path in Path().rglob("*.state"):
            path.unlink()
        before = held(Path("all"))
        result = planner(*base, *KINDS[kinds[1]], *more)
        assert (result.code, held(Path("all"))) == (2, before)
        assert "holds calendars of another kind" in result.err
        assert "name another folder with -o" in result.err
        assert "--no-state" not in result.err


def held(output: Path) -> dict[tuple[str, str], tuple[str, int, str]]:
    """Of each event by file and UID: participant, SEQUENCE and STATUS."""
    files = [output] if output.is_file() else sorted(output.glob("*.ics"))
    return {
        (file.name, str(event["UID"])): (
            str(event["SUMMARY"]).split()[0], int(event["SEQUENCE"]), str(event["STATUS"]),
        )
        for file in files
        for event in icalendar.Calendar.from_ical(file.read_bytes()).events
    }  # fmt: skip


def test_who_cannot_be_planned_loses_nothing(planner: Planner, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("code,start\nP0001,2027-01-11\nP0002,2027-01-12\n")
    closed = tmp_path / "site.yaml"
    closed.write_text(Path(BERLIN).read_text().replace("  tuesday: 08:00-18:00\n", ""))
    for state in (("--no-state",), ()):
        for options in ((), ("--split", "participant"), ("--rendering", "caldav")):
            out = tmp_path / ("".join(options) + "s" * len(state) + "out.ics" * (not options))
            base = ("export", "mapp1", "--participants", str(people), "-o", str(out), *options)
            assert planner(*base, *state).code == 0
            before = {key: one for key, one in held(out).items() if one[0] == "P0002"}
            result = planner(*base, *state, "--site", str(closed))
            assert result.code == 1
            assert before == {key: one for key, one in held(out).items() if one[0] == "P0002"}


def with_rooms(folder: Path) -> Path:
    path = folder / "rooms.yaml"
    path.write_text(
        """\
format: 1
id: rooms
title: Rooms
version: "1"
status: illustrative
design: [open-label, parallel]
anchor: baseline
arms: [{id: only}]
epochs:
  - id: treatment
    visits:
      - {id: screening, room: lab, before: {visit: baseline, within: 6w}}
      - {id: prep-1, room: lab, before: {visit: baseline, within: 6w}}
      - {id: prep-2, room: lab, before: {visit: baseline, within: 6w}}
      - {id: prep-3, room: lab, before: {visit: baseline, within: 6w}}
      - {id: baseline, room: lab}
      - {id: dosing, room: garden, after: {visit: baseline, within: 6w}}
"""
    )
    return path


KILLED = """
import os, sys
count, real, place = 0, os.replace, int(sys.argv[1])
def replace(*names):
    global count
    count += 1
    if count == place:
        os._exit(9)
    real(*names)
os.replace = replace
sys.argv = ["planner", *sys.argv[2:]]
from planner.cli import main
main()
"""


def killed(place: int, *arguments: str) -> int:
    """The exit code of an export that is killed before a file is put in place."""
    command = [sys.executable, "-c", KILLED, str(place), *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert run.returncode in (0, 9), run.stderr
    return run.returncode


@pytest.mark.slow
@pytest.mark.parametrize("place", [1, 2])
@pytest.mark.parametrize("then", [MOVED, BOOKED, "dosing,1,booked,2027-01-29T09:00,,,\n"])
def test_a_crash_between_calendar_and_state_loses_neither(
    export: Callable[..., Any], tmp_path: Path, place: int, then: str
) -> None:
    export(BEGUN + BOOKED)
    calendar = tmp_path / "p.ics"
    first = calendar.read_bytes()
    record = write_record(tmp_path, BEGUN + MOVED)
    arguments = ("--records", record, "--site", BERLIN, "-o", str(calendar))
    assert killed(place, "export", "mapp1", *arguments) == 9
    published = calendar.read_bytes()
    assert (published == first) == (place == 1)
    before = events(calendar)
    export(BEGUN + then)
    after = events(calendar)
    for uid, (sequence, status, start) in before.items():
        same = after[uid][1:] == (status, start)
        assert after[uid][0] == sequence + (not same)
    assert (calendar.read_bytes() == published) == (after == before)
    left = {path for path in tmp_path.iterdir() if not path.name.startswith(".planner-")}
    assert left == {tmp_path / name for name in ("P0001.csv", "p.ics", "p.ics.state")}


@pytest.mark.slow
@pytest.mark.parametrize("place", range(1, 9))
def test_a_crash_in_a_folder_makes_no_number_fall(
    planner: Planner, tmp_path: Path, place: int
) -> None:
    folder = tmp_path / "roles"
    base = ("export", "mapp1", "--split", "role", "-o", str(folder), "--site", BERLIN, "--records")
    planner(*base, write_record(tmp_path, BEGUN + BOOKED))
    code = killed(place, *base, write_record(tmp_path, BEGUN + MOVED))
    before = {path.name: events(path) for path in folder.glob("*.ics")}
    assert planner(*base, write_record(tmp_path, BEGUN + MOVED)).code == 0
    again = {path.name: events(path) for path in folder.glob("*.ics")}
    assert code == 9 or before == again
    planner(*base, write_record(tmp_path, BEGUN + BOOKED))
    after = {path.name: events(path) for path in folder.glob("*.ics")}
    for earlier, later in ((before, again), (again, after)):
        for name, found in earlier.items():
            for uid, (sequence, status, start) in found.items():
                changed = later[name][uid][1:] != (status, start)
                assert later[name][uid][0] == sequence + changed


def refuse_replacing(patch: pytest.MonkeyPatch, place: int) -> None:
    """Has the disk refuse to put one file in the place of another, the `place`-th time."""
    calls, real = [], os.replace

    def refuse(*names: Any) -> None:
        calls.append(names)
        if len(calls) == place:
            raise PermissionError(13, "Permission denied")
        real(*names)

    patch.setattr(os, "replace", refuse)


@pytest.mark.parametrize("place", [1, 2])
def test_a_disk_that_refuses_leaves_what_fits_together(
    export: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    export(BEGUN + BOOKED)
    calendar, state = tmp_path / "p.ics", tmp_path / "p.ics.state"
    old = (calendar.read_bytes(), state.read_bytes())
    with monkeypatch.context() as patch:
        refuse_replacing(patch, place)
        result = export(BEGUN + MOVED, code=2)
    assert "permission denied" in result.err
    assert not list(tmp_path.glob(".planner-*"))
    if place == 1:
        assert (calendar.read_bytes(), state.read_bytes()) == old
        assert "nothing was changed" in result.err
    else:
        assert "the calendar was written" in result.err
        assert "nothing was changed" not in result.err
    export(BEGUN + MOVED)
    assert {sequence for sequence, _, _ in events(calendar).values()} == {0, 1}
    assert names(tmp_path) == ["P0001.csv", "p.ics", "p.ics.state"]


@pytest.mark.parametrize("place", [1, 2])
def test_a_first_export_that_is_refused_leaves_nothing(
    export: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    refuse_replacing(monkeypatch, place)
    assert "nothing was changed" in export(BEGUN + MOVED, code=2).err
    assert names(tmp_path) == ["P0001.csv"]


def hostile(state: str) -> list[tuple[str, str]]:
    """States that are none, each with what is said of it."""
    lines = state.splitlines(keepends=True)
    event = lines[4]
    return [
        ("", "not a whole state"),
        ("{}", "not a whole state"),
        ("\x00" * 100_000, "not a whole state"),
        ("BEGIN:VCALENDAR\n", "not a state of a calendar"),
        ("".join(lines[:-1]), "not a whole state"),
        ("".join(lines[:7]), "not a whole state"),
        (state + "more\n", "cut off or edited"),
        (state.replace(f" {BASE} 20", " 7 20", 1), "cut off or edited"),
        (state.replace(event, "", 1), "cut off or edited"),
        (state.replace("level coded", "level all"), "not a state of a calendar"),
        (state.replace("of calendar", "of role"), "no place here"),
        (signed(lines, 4, event.replace("CONFIRMED", "\x1b[31m")), "not a line of an event"),
        (signed(lines, 4, event.replace("2026-12-14", "9999-99-99")), "not a line of an event"),
        (
            signed(lines, 4, event.replace(f" {BASE} 20", " 9999999999 20", 1)),
            "not a line of an event",
        ),
        (signed(lines, 4, event + event), "stands twice"),
        (signed(lines, 3, lines[3].replace("file", "file ../x.ics")), "not a state of a calendar"),
    ]


def signed(lines: list[str], at: int, line: str) -> str:
    """A state with another line, and digest and number as they should be."""
    import hashlib

    changed = [*lines[:at], line, *lines[at + 1 : -1]]
    text = "".join(changed)
    count = sum(one.startswith("  ") for one in text.splitlines())
    return text + f"end {count} {hashlib.sha256(text.encode()).hexdigest()}\n"


def test_a_state_that_is_none_is_refused_and_nothing_is_written(
    export: Callable[..., Any], tmp_path: Path
) -> None:
    export(BEGUN + BOOKED)
    calendar, state = tmp_path / "p.ics", tmp_path / "p.ics.state"
    old = calendar.read_bytes()
    for text, complaint in hostile(state.read_text()):
        state.write_text(text)
        before = names(tmp_path)
        result = export(BEGUN + MOVED, "--itip", str(tmp_path / "m"), "--attendee",
                        "mailto:x@study.invalid", code=2)  # fmt: skip
        assert "p.ics.state" in result.err
        assert complaint in result.err, (text[:300], result.err)
        assert "\x1b" not in result.err
        assert calendar.read_bytes() == old
        assert names(tmp_path) == before


OURS = b"BEGIN:VCALENDAR\r\nPRODID:-//trial-session-planner//Study calendar//EN\r\n"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"BEGIN:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nPRODID:other\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        OURS + b"BEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        OURS + b"BEGIN:VEVENT\r\nUID:x\r\n",
        OURS,
        b"\xff\x00" * 1_000,
    ],
)
def test_a_former_calendar_that_is_none_of_ours_is_refused(
    export: Callable[..., Any], tmp_path: Path, text: bytes
) -> None:
    old = tmp_path / "old.ics"
    old.write_bytes(text)
    result = export(BEGUN, "--previous", str(old), code=2)
    assert "old.ics" in result.err
    assert names(tmp_path) == ["P0001.csv", "old.ics"]


TO = ("--itip", "m", "--attendee", "mailto:x@y.invalid")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--itip", "m"), "--attendee"),
        (("--attendee", "mailto:x@study.invalid"), "--itip"),
        (("--itip", "m", "--attendee", "Jane Doe"), "not a plain address"),
        (("--itip", "m", "--attendee", "mailto:x@y.invalid?bcc=z"), "not a plain address"),
        (("--itip", "m", "--attendee", "mailto:x@y.invalid\r\nBcc: z"), "not a plain address"),
        ((*TO, "--organizer", "urn:x"), "--organizer"),
        ((*TO, "--no-state"), "--no-state"),
        (("--previous", "none.ics"), "none.ics"),
        (("--previous", "none.ics", "--split", "role"), "--split"),
        (("--state", "."), "."),
        (("--today", "2027-02-30"), "--today"),
        (("--participant", "P2"), "--participant"),
        (("--participants", "x.csv"), "--participants"),
        (("--at", "dosing-1=2027-02-01"), "--at"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    export: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    complaint: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = export(BEGUN, *options, code=2)
    assert complaint in result.err
    assert names(tmp_path) == ["P0001.csv"]


def test_messages_tell_of_what_changed_and_of_nothing_else(
    export: Callable[..., Any], tmp_path: Path
) -> None:
    messages = tmp_path / "messages"
    options = ("--itip", str(messages), "--attendee", "mailto:visits@study.invalid")
    export(BEGUN + BOOKED)
    before = bytes_of(tmp_path / "p.ics")
    export(BEGUN + MOVED, *options)
    after = bytes_of(tmp_path / "p.ics")
    numbers = {uid: BASE + number for uid, (number, _, _) in events(tmp_path / "p.ics").items()}
    changed = {f"{uid}-{numbers[uid]}" for uid in after if before[uid] != after[uid]}
    assert {path.stem for path in messages.iterdir()} == changed
    assert {path.suffix for path in messages.iterdir()} == {".ics", ".eml"}
    first = {path.name: path.read_bytes() for path in messages.iterdir()}
    export(BEGUN + MOVED, *options)
    assert {path.name: path.read_bytes() for path in messages.iterdir()} == first


@pytest.mark.parametrize(
    "text",
    [
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\nPRODID:another program\nEND:VCALENDAR\n",
        b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n",
    ],
)
def test_what_is_no_calendar_of_ours_is_not_replaced_unless_asked(
    export: Callable[..., Any], tmp_path: Path, text: bytes
) -> None:
    export(BEGUN)
    calendar, state = tmp_path / "p.ics", tmp_path / "p.ics.state"
    first, second = calendar.read_bytes(), state.read_bytes()
    for there in (True, False):
        calendar.write_bytes(text)
        if not there:
            state.unlink()
        result = export(BEGUN, code=2)
        assert "add --replace to lose what is there" in result.err
        assert calendar.read_bytes() == text
        export(BEGUN, "--replace")
        assert (calendar.read_bytes(), state.read_bytes()) == (first, second)


def test_a_message_has_the_date_on_which_it_is_written(
    planner: Planner, export: Callable[..., Any], tmp_path: Path
) -> None:
    messages = tmp_path / "m"
    to = ("--itip", str(messages), "--attendee", "mailto:visits@study.invalid")
    plan = ("export", "psilodep-1", "--start", "2027-01-11", "-o", str(tmp_path / "plan.ics"), *to)
    result = planner(*plan)
    assert result.code == 2
    assert "--stamp DATE" in result.err
    assert not list(tmp_path.iterdir())
    assert planner(*plan, "--stamp", "2027-01-05").code == 0
    dates = {headers(path)["Date"] for path in messages.glob("*.eml")}
    assert dates == {"Tue, 05 Jan 2027 00:00:00 +0000"}
    shutil.rmtree(messages)
    export(BEGUN + BOOKED, *to)
    assert {headers(path)["Date"][:16] for path in messages.glob("*.eml")} == {"Mon, 11 Jan 2027"}
    before = set(messages.glob("*.eml"))
    export(BEGUN + MOVED, "--today", "2027-01-20", *to)
    changed = set(messages.glob("*.eml")) - before
    assert {headers(path)["Date"][:16] for path in changed} == {"Wed, 20 Jan 2027"}
    undated = "screening,,booked,2026-12-14T09:00,,,\n"
    result = export(undated, "--start", "2027-01-11", *to, code=2)
    assert "--stamp DATE" in result.err


def headers(path: Path) -> Any:
    return email.message_from_bytes(path.read_bytes())


def test_a_device_is_written_to_and_gone_on_from_by_nobody(
    planner: Planner, tmp_path: Path
) -> None:
    plan = ("export", "mapp1", "--start", "2027-01-11", "-o", os.devnull)
    assert planner(*plan).code == 0
    assert not os.path.lexists(f"{os.devnull}.state")
    result = planner(*plan, "--state", str(tmp_path / "state"))
    assert result.code == 2
    assert "with a file or folder" in result.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["", "a note"])
def test_what_is_no_calendar_holds_no_revisions(
    export: Callable[..., Any], tmp_path: Path, text: str
) -> None:
    export(BEGUN + BOOKED)
    export(BEGUN + MOVED)
    before = events(tmp_path / "p.ics")
    (tmp_path / "p.ics").write_text(text)
    export(BEGUN + MOVED)
    assert events(tmp_path / "p.ics") == before


def test_other_calendars_of_a_folder_are_left_alone(planner: Planner, tmp_path: Path) -> None:
    folder = tmp_path / "roles"
    folder.mkdir()
    theirs = b"BEGIN:VCALENDAR\r\nPRODID:another program\r\nEND:VCALENDAR\r\n"
    (folder / "home.ics").write_bytes(theirs)
    base = ("export", "mapp1", "--start", "2027-01-11", "--split", "role", "-o", str(folder))
    for _ in range(2):
        assert planner(*base).code == 0
    assert (folder / "home.ics").read_bytes() == theirs
    (folder / "role-rater.ics").write_bytes(theirs)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    result = planner(*base)
    assert result.code == 2
    assert "role-rater.ics: was not written by `planner export`" in result.err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_list_of_participants_updates_as_well(planner: Planner, tmp_path: Path) -> None:
    people, out = tmp_path / "people.csv", tmp_path / "all.ics"
    base = ("export", "mapp1", "--participants", str(people), "-o", str(out), "--no-tracks")
    people.write_text("code,start\nP0001,2027-01-11\nP0002,2027-01-18\n")
    assert planner(*base).code == 0
    people.write_text("code,start\nP0001,2027-01-12\n")
    before = out.read_bytes()
    refused = planner(*base, "--verify")
    assert (refused.code, out.read_bytes()) == (2, before)
    assert "contains events of P0002, not part of this export" in refused.err
    assert planner(*base, "--verify", "--replace").code == 0
    found = events(out).values()
    assert {sequence for sequence, _, _ in found} == {1}
    assert {status for _, status, _ in found} == {"TENTATIVE", "CANCELLED"}
