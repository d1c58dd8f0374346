"""Commands killed at every step by which a file changes: what is there is old or new, and whole."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dying import DYING

from planner.files import FileSet, PreparedFolder
from planner.timeline.record_reading import record_paths

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
OLD, NEW = str(EXAMPLES / "two-sessions.yaml"), str(EXAMPLES / "two-sessions-amended.yaml")

KILLED = f"""
import gc, os, sys
from planner.cli import main
home, count, place = sys.argv[1], 0, 0
steps, command = sys.argv[2].split(), sys.argv[3:]
sys.argv = ["planner", *command]
{DYING}
def run():
    sys.stdout = sys.stderr = open(os.devnull, "w")
    try:
        main()
    except SystemExit as stop:
        os._exit(stop.code or 0)
    os._exit(0)

for place in range(0, 200):
    # The run without a place is never stopped.
    os.chdir(os.path.join(home, str(place)))
    child = os.fork()
    if not child:
        if place:
            for name in steps:
                setattr(os, name, dying(getattr(os, name)))
        run()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if place and code != 9:
        break
print(place)
"""


ALL = "replace rename link unlink mkdir rmdir"
SEEN = "replace rename"
"""The calls after which something else is to be seen; `tests/test_files.py` has all of a set."""


def killed_at_every_step(
    tmp_path: Path, folder: Path, *command: str, steps: str = SEEN
) -> list[Path]:
    """Runs a command in a copy of a folder for each of its steps, and is killed there.

    Returns:
        The copies in the order of the steps; the first is of a run that was not killed.
    """
    home = tmp_path / "runs"
    for place in range(60):
        shutil.copytree(folder, home / str(place))
    run = subprocess.run(
        [sys.executable, "-c", KILLED, str(home), steps, *command],
        capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return [home / str(place) for place in range(int(run.stdout))]


def contents(folder: Path) -> dict[str, bytes]:
    """The files below a folder that are not the planner's own."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".planner-" not in str(path.relative_to(folder))
    }


CSV = "visit,status,start\nconsent,occurred,2027-01-04\nbaseline,occurred,2027-01-18\n"
YAML = "participant: P0002  # code\nstart: 2027-03-01\n"
AMEND = (
    "amend", OLD, NEW, "--records", "records", "--write", "--csv-to-yaml", "--today", "2027-01-20",
)  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """A folder with a folder of two records, in CSV and in YAML."""
    folder = tmp_path / "before"
    (folder / "records").mkdir(parents=True)
    (folder / "records" / "P0001.csv").write_text(CSV)
    (folder / "records" / "P0002.yaml").write_text(YAML)
    return folder


@pytest.mark.slow
def test_a_killed_amendment_is_finished_or_undone_by_the_next_run(
    planner: Planner, tmp_path: Path, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(records)
    whole, *stopped = killed_at_every_step(tmp_path, records, *AMEND, steps=ALL)
    after = contents(whole)
    assert set(after) == {f"records/{n}" for n in ("P0001.csv.old", "P0001.yaml", "P0002.yaml")}
    assert after["records/P0001.csv.old"] == CSV.encode()
    for run in stopped:
        monkeypatch.chdir(run)
        if int(run.name) % 2:
            # Who reads all records finishes it as well as who amends again.
            assert {Path(path).name for path in record_paths("records")} in (
                {"P0001.csv", "P0002.yaml"},
                {"P0001.yaml", "P0002.yaml"},
            )
            assert contents(run) in (before, after), run.name
        assert planner(*AMEND).code in (0, 1), run.name
        assert contents(run) == after, run.name
        assert not list(run.rglob(".planner-*")), run.name
    assert len(stopped) > 10


def test_what_an_older_program_left_half_converted_is_set_aside(
    planner: Planner, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had no mark of what it was doing: the YAML record and the CSV record both stand there."""
    monkeypatch.chdir(records)
    assert planner(*AMEND).code in (0, 1)
    after = contents(records)
    (records / "records" / "P0001.csv.old").rename(records / "records" / "P0001.csv")
    again = planner(*AMEND)
    assert again.code in (0, 1)
    assert "P0001.csv: was written to" in again.err
    assert contents(records) == after


def test_a_csv_record_that_says_something_else_is_not_set_aside(
    planner: Planner, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(records)
    (records / "records" / "P0001.yaml").write_text("participant: P0001\nvisits: []\n")
    before = contents(records)
    amended = planner(*AMEND)
    assert amended.code == 1
    assert "2 records are of this participant: records/P0001.csv, records/P0001.yaml" in amended.err
    after = contents(records)
    assert {name for name in after if after[name] != before.get(name)} == {"records/P0002.yaml"}


def test_a_record_that_changes_while_it_is_amended_is_not_lost(
    planner: Planner, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner.cli import amending

    monkeypatch.chdir(records)
    real = amending.write_answer

    def meanwhile(*arguments: Any) -> None:
        (records / "records" / "P0002.yaml").write_text(YAML + "facts: {remission: true}\n")
        real(*arguments)

    monkeypatch.setattr(amending, "write_answer", meanwhile)
    refused = planner(*AMEND)
    assert refused.code == 2
    assert "P0002.yaml: was changed meanwhile, so no record was changed" in refused.err
    assert contents(records) == {
        "records/P0001.csv": CSV.encode(),
        "records/P0002.yaml": (YAML + "facts: {remission: true}\n").encode(),
    }


def test_a_killed_import_leaves_all_records_or_none(planner: Planner, tmp_path: Path) -> None:
    folder = tmp_path / "before"
    folder.mkdir()
    command = ("import", "sv", str(EXAMPLES / "sv.json"), "-o", "records", "--replace")
    (folder / "records").mkdir()
    (folder / "records" / "EX-01-001.csv").write_text("by hand")
    before = contents(folder)
    whole, *stopped = killed_at_every_step(tmp_path, folder, *command)
    after = contents(whole)
    assert len(after) == 3
    for run in stopped:
        records = run / "records"
        if any(path.name.endswith(".put") for path in records.iterdir()):
            record_paths(str(records))
        assert contents(run) in (before, after), run.name
        arguments = [str(records) if word == "records" else word for word in command]
        assert planner(*arguments).code == 0
        assert contents(run) == after
        assert not list(run.rglob(".planner-*"))


@pytest.mark.parametrize(
    "command",
    [
        ("timeline", OLD, "--start", "2027-01-11", "-o", "out.json"),
        ("export", OLD, "--start", "2027-01-11", "--no-state", "-o", "out.ics"),
        ("export", OLD, "--start", "2027-01-11", "--no-state", "-o", "out", "--split", "role"),
        ("export", OLD, "--format", "sdtm", "-o", "out"),
    ],
    ids=lambda words: words[-1] + words[-2],
)
def test_a_killed_output_is_old_or_new_and_what_stays_is_swept(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    folder = tmp_path / "before"
    folder.mkdir()
    monkeypatch.chdir(folder)
    earlier = [word.replace("2027-01-11", "2027-01-18") for word in command]
    earlier = [str(EXAMPLES / "lzzt.yaml") if "sdtm" in command and word == OLD else word
               for word in earlier]  # fmt: skip
    assert planner(*earlier).code == 0
    before = contents(folder)
    whole, *stopped = killed_at_every_step(tmp_path, folder, *command)
    after = contents(whole)
    assert before != after
    for run in stopped:
        monkeypatch.chdir(run)
        if not list(run.rglob(".planner-*.put")):
            assert contents(run) in (before, after), run.name
        assert planner(*command).code == 0
        assert contents(run) == after, run.name
        assert not list(run.rglob(".planner-*")), run.name
    assert stopped


def test_what_is_read_from_a_folder_that_may_not_be_written_says_why(
    planner: Planner, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = PreparedFolder(str(records / "records"))
    prepared.write("P0002.yaml", b"participant: P0002\n")
    with monkeypatch.context() as patch:
        patch.setattr(FileSet, "_forward", lambda _: None)
        prepared.set.put()
    os.close(prepared.set._lock)  # as at the end of a run that is killed

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse)
        found = planner(
            "deviations", OLD, "--records", str(records / "records"), "--format", "json"
        )
    assert found.code == 2
    assert "holds files that a run could not put in their places" in found.err
    found = planner("deviations", OLD, "--records", str(records / "records"), "--format", "json")
    assert json.loads(found.out)
    assert (records / "records" / "P0002.yaml").read_text() == "participant: P0002\n"
