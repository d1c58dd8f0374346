"""An output never takes the place of what the same command reads, nor of a participant's record."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from planner.cli.app import application
from planner.cli.overwriting import FILE_WORDS
from planner.store import make_store

Planner = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"
NO_FILES = {
    "ARM", "BY", "CODE", "COHORT", "DATE", "FAMILY", "FORMAT", "HH", "ID", "KIND", "LANGUAGE",
    "LEVEL", "MINUTES", "MM", "N", "NAME", "NUMBER", "OID", "PARTICIPANT", "PIXELS", "READING",
    "ROLE", "RULE", "STATUS", "SUBSTANCE", "TEXT", "THEME", "THH", "URI", "URL", "VISIT", "WHAT",
    "WHEN", "WORDS",
}  # fmt: skip
"""Words by which options show that they name no file."""
START = ("--start", "2027-01-11")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a protocol, a site, records, participants and a key, which is gone into."""
    shutil.copy(EXAMPLES / "two-sessions.yaml", tmp_path / "p")
    shutil.copy(EXAMPLES / "site-berlin.yaml", tmp_path / "s")
    shutil.copytree(EXAMPLES / "two-sessions-records", tmp_path / "records")
    shutil.copy(EXAMPLES / "sv.json", tmp_path / "sv.json")
    shutil.copy(EXAMPLES / "dm.json", tmp_path / "dm")
    make_store(str(tmp_path / "store.db")).close()
    (tmp_path / "people").write_text("code,start\nP0001,2027-01-11\n")
    (tmp_path / "key").write_text("a secret of 16 bytes and more")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_word_for_a_file_on_the_command_line_is_known() -> None:
    words = set()

    def walk(command: Any) -> None:
        for inner in getattr(command, "commands", {}).values():
            walk(inner)
        for param in command.params:
            words.update(re.findall("[A-Z]+", param.metavar or ""))

    walk(typer.main.get_command(application()))
    assert not FILE_WORDS & NO_FILES
    assert words <= FILE_WORDS | NO_FILES


@pytest.mark.parametrize(
    ("option", "arguments"),
    [
        ("PROTOCOL", ("timeline", "p", *START, "-o", "p")),
        ("PROTOCOL", ("timeline", "./p", *START, "-o", "link")),
        ("PROTOCOL...", ("validate", "mapp1", "p", "-o", "p")),
        ("--site", ("timeline", "p", *START, "--site", "s", "-o", "s")),
        ("--records", ("timeline", "p", "--records", "link.csv", "-o", "link.csv")),
        ("--participants", ("export", "p", "--participants", "people", "-o", "people")),
        ("--key-file", ("export", "p", *START, "--key-file", "key", "-o", "key")),
        ("--key-file", ("export", "p", *START, "--key-file", "key", "-o", "c.ics", "--state",
                        "key")),
        ("--state", ("export", "p", *START, "-o", "c.ics", "--state", "./c.ics")),
        ("--dm", ("replay", "p", "sv.json", "--dm", "dm", "-o", "dm")),
        ("SV", ("replay", "p", "sv.json", "--format", "json", "-o", "sv.json")),
        ("OLD", ("diff", "p", "mapp1", "-o", "p")),
        ("FILE...", ("ical", "check", "p", "s", "-o", "s")),
        ("STORE", ("store", "seal", "store.db", "-o", "store.db")),
        ("PROTOCOL | compare PROTOCOL...", ("chart", "compare", "mapp1", "chart.svg", "-o",
                                            "chart.svg")),
    ],
)  # fmt: skip
def test_what_a_command_reads_is_no_output_of_it(
    planner: Planner, folder: Path, option: str, arguments: tuple[str, ...]
) -> None:
    (folder / "link").symlink_to("p")
    (folder / "link.csv").symlink_to("records/P0001.yaml")
    (folder / "chart.svg").write_bytes((folder / "p").read_bytes())
    before = contents(folder)
    result = planner(*arguments)
    assert result.code == 2
    assert f"is read by this command, too ({option}); name another file" in result.err
    assert contents(folder) == before


def test_another_hard_link_of_what_is_read_is_the_same_file(planner: Planner, folder: Path) -> None:
    os.link("p", "other")
    result = planner("timeline", "p", *START, "-o", "other")
    assert result.code == 2
    assert "other is read by this command, too (PROTOCOL)" in result.err


def test_a_file_of_the_library_is_read_by_its_id(planner: Planner) -> None:
    path = str(EXAMPLES.parent / "protocols" / "mapp1.yaml")
    text = Path(path).read_text()
    result = planner("import", "usdm", "mapp1", "-o", path)
    assert result.code == 2
    assert "is read by this command, too (STUDY)" in result.err
    assert Path(path).read_text() == text


def test_no_output_lies_among_the_records_that_are_read(planner: Planner, folder: Path) -> None:
    before = contents(folder)
    for arguments in (
        ("deviations", "p", "--records", "records", "-o", "records/new.csv"),
        ("deviations", "p", "--records", "records", "-o", "records/P0001.yaml", "--format", "json"),
        (
            "due",
            "--records",
            "records",
            "--from",
            "2027-01-11",
            "--to",
            "2027-02-11",
            "-o",
            "records/due.JSON",
        ),
    ):
        result = planner(*arguments)
        assert result.code == 2, arguments
        assert "would be one of the records in records" in result.err
        assert contents(folder) == before
    report = planner("deviations", "p", "--records", "records", "-o", "records/report.txt")
    assert report.code in (0, 1)


def test_a_record_is_replaced_by_no_table(planner: Planner, folder: Path) -> None:
    """Not even where the command does not read it."""
    (folder / "P7.csv").write_text("visit,status,start\nbaseline,occurred,2027-01-11\n")
    before = contents(folder)
    result = planner("timeline", "p", *START, "-o", "P7.csv")
    assert result.code == 2
    assert "P7.csv is the record of participant `P7`; name another file" in result.err
    assert contents(folder) == before


def test_a_table_of_the_same_kind_is_replaced(planner: Planner, folder: Path) -> None:
    for _ in range(2):
        assert planner("timeline", "p", *START, "-o", "t.csv").code == 0
        assert planner("timeline", "p", *START, "-o", "t.json").code == 0


def test_a_word_that_names_no_file_may_be_the_name_of_the_output(
    planner: Planner, folder: Path
) -> None:
    for _ in range(2):
        result = planner("timeline", "p", *START, "--participant", "P0001", "-o", "P0001")
        assert result.code == 0, result.err


def test_a_calendar_may_go_on_from_itself(planner: Planner, folder: Path) -> None:
    assert planner("export", "p", *START, "--no-state", "-o", "c.ics").code == 0
    assert planner("export", "p", *START, "--previous", "c.ics", "-o", "c.ics").code == 0


def test_hard_links_that_part_are_told(planner: Planner, folder: Path) -> None:
    (folder / "plan.txt").write_text("old")
    os.link("plan.txt", "snapshot.txt")
    result = planner("timeline", "p", *START, "-o", "plan.txt")
    assert result.code == 0
    assert "warning: plan.txt: its other names (hard links) keep the old content" in result.err
    assert (folder / "snapshot.txt").read_text() == "old"


@pytest.mark.parametrize(
    "command",
    [
        ("import", "usdm", str(EXAMPLES / "tangled-study.json")),
        ("import", "odm", str(EXAMPLES / "two-visits.xml")),
        ("import", "table", str(EXAMPLES / "visits.csv")),
        ("new", "my-study"),
    ],
    ids=["usdm", "odm", "table", "new"],
)
def test_a_protocol_is_replaced_only_when_asked_for(
    command: tuple[str, ...], planner: Planner, folder: Path
) -> None:
    output = folder / "mine.yaml"
    write = (*command, "-o", str(output))
    assert planner(*write).code == 0
    first = output.read_bytes()
    assert planner("validate", str(output)).code in (0, 1)
    if command[0] == "import":
        assert planner(*write).code == 0  # it says the same
    kept = first + b"# checked by hand\n"
    output.write_bytes(kept)
    refused = planner(*write)
    assert refused.code == 2
    assert f"{output}: already exists; nothing was changed" in refused.err
    assert "--replace" in refused.err
    assert output.read_bytes() == kept
    assert planner(*write, "--replace").code == 0
    assert b"# checked by hand" not in output.read_bytes()
    record = folder / "records" / "P0001.yaml"
    before = contents(folder)
    refused = planner(*command, "-o", str(record), "--replace")
    assert refused.code == 2
    assert "is the record of participant `P0001`" in refused.err
    assert contents(folder) == before
