"""`planner diff` and `planner amend` as they are used: outputs, exit codes, and what is written."""

import csv
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.notice import NOTICE

Planner = Callable[..., Any]
MAPP1 = Path(__file__).parents[2] / "protocols" / "mapp1.yaml"

CSV = """\
visit,occurrence,status,start,end,reason,note
baseline,,occurred,2027-01-11,,,
prep-3,,occurred,2027-01-07,,,
prep-2,,occurred,2027-01-04,,,
prep-1,,occurred,2026-12-28,,,
screening,,occurred,2026-12-14,,,
dosing,1,occurred,2027-01-27T09:00,2027-01-28T09:00,,
integration-a,1,occurred,2027-01-28,,,
"""
YAML = """\
participant: P0002  # code
protocol: mapp1
start: 2027-03-01

# nothing has taken place
"""


@pytest.fixture
def wider(tmp_path: Path) -> str:
    return version(tmp_path, ("within: 3w..5w", "within: 3w..6w"))


@pytest.fixture
def records(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "P0001.csv").write_text(CSV)
    (folder / "P0002.yaml").write_text(YAML)
    (folder / "P0003.json").write_text('{"participant": "P0003", "start": "2027-03-01"}')
    return folder


def version(folder: Path, *replacements: tuple[str, str], number: str = "2") -> str:
    text = MAPP1.read_text()
    for was, now in (('version: "1"', f'version: "{number}"'), *replacements):
        assert was in text
        text = text.replace(was, now)
    path = folder / "mapp1-2.yaml"
    path.write_text(text)
    return str(path)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_diff_says_0_for_the_same_schedule_and_1_for_another(
    planner: Planner, tmp_path: Path, wider: str
) -> None:
    same = planner("diff", "mapp1", "mapp1")
    assert same.code == 0
    assert "the schedule is the same" in same.out
    found = planner("diff", "mapp1", wider)
    assert found.code == 1
    assert (
        "V11 Dosing session (2) (`dosing-2`), V16 Dosing session (3) (`dosing-3`):"
        " window widened from 3w..5w to 3w..6w after `previous dosing`"
        " (treatment; all arms)"
    ) in found.out
    assert "1 change, not breaking" in found.out
    assert found.out.strip().endswith(NOTICE)
    assert planner("diff", "mapp1", "mapp9").code == 2
    assert "Exit code 0 if the schedule is the same" in re.sub(
        r"\s+", " ", planner("diff", "--help").out
    )


def test_diff_in_json_and_markdown(planner: Planner, tmp_path: Path) -> None:
    new = version(tmp_path, ("within: 3w..5w", "within: 3w..4w"))
    data = json.loads(planner("diff", "mapp1", new, "--format", "json").out)
    assert data["notice"] == NOTICE
    assert data["breaking"] >= 1
    (change,) = [one for one in data["changes"] if one["kind"] == "window-narrowed"]
    assert change["ids"] == ["dosing-2", "dosing-3"]
    assert change["breaking"]
    assert change["new"] == {"path": new, "line": change["old"]["line"]}
    document = planner("diff", "mapp1", new, "--format", "markdown").out
    assert (
        "- V11 Dosing session (2) (`dosing-2`), V16 Dosing session (3) (`dosing-3`):"
        " window narrowed from 3w..5w to 3w..4w"
    ) in document


def test_hostile_texts_do_nothing_in_a_diff(planner: Planner, tmp_path: Path) -> None:
    hostile = 'title: "<img src=x> **b** =cmd|x"'
    new = version(tmp_path, ("title: Screening\n", f"{hostile}\n"))
    document = planner("diff", "mapp1", new, "--format", "markdown").out
    assert "<img" not in document
    assert "**b**" not in document


@pytest.mark.parametrize("output_format", ["table", "markdown", "json", "csv"])
def test_amend_changes_no_byte_unless_asked_to(
    planner: Planner, wider: str, records: Path, output_format: str
) -> None:
    before = contents(records)
    found = planner(
        "amend", "mapp1", wider, "--records", str(records), "--today", "2027-02-03",
        "--format", output_format,
    )  # fmt: skip
    assert found.code == 0
    assert contents(records) == before
    assert NOTICE in found.out + found.err
    for code in ("P0001", "P0002", "P0003"):
        assert code in found.out


def test_amend_gives_the_new_timeline_of_everybody(
    planner: Planner, wider: str, records: Path
) -> None:
    found = planner(
        "amend", "mapp1", wider, "--records", str(records), "--from", "2027-02-03",
        "--format", "json",
    )  # fmt: skip
    data = json.loads(found.out)
    assert data["counts"]["unaffected"] == 3
    timeline = data["participants"][0]["timeline"]
    assert timeline["protocol"] == {"id": "mapp1", "version": "2"}
    assert {one["id"] for one in timeline["visits"]} >= {"dosing-1", "dosing-2", "dosing-3"}
    rows = list(
        csv.reader(
            io.StringIO(
                planner(
                    "amend", "mapp1", wider, "--records", str(records / "P0001.csv"), "--from",
                    "2027-02-03", "--format", "csv",
                ).out
            )
        )
    )  # fmt: skip
    assert rows[0][:4] == ["participant", "outcome", "visit", "effect"]
    assert rows[1][:2] == ["P0001", "unaffected"]


def test_write_says_in_each_file_from_when_the_new_version_holds(
    planner: Planner, wider: str, records: Path
) -> None:
    (records / "P0001.csv").unlink()
    arguments = ("amend", "mapp1", wider, "--records", str(records), "--today", "2027-02-03")
    found = planner(*arguments, "--write")
    assert found.code == 0
    assert "2 records have now the version that holds" in found.err
    assert (records / "P0002.yaml").read_text() == YAML.replace(
        "protocol: mapp1\n",
        'protocol: mapp1\nversions:\n  - {version: "2", from: 2027-02-03}\n',
    )
    assert json.loads((records / "P0003.json").read_text())["versions"] == [
        {"version": "2", "from": "2027-02-03"}
    ]
    # Once more says nothing more.
    before = contents(records)
    again = planner(*arguments, "--write")
    assert again.code == 0
    assert "2 had it already" in again.err
    assert contents(records) == before
    refused = planner(
        "timeline", "mapp1", "--records", str(records / "P0002.yaml"), "--today", "2027-02-03"
    )
    assert refused.code == 2
    assert "by this record version `2` of `mapp1` holds from 2027-02-03 on" in refused.err
    file = str(records / "P0002.yaml")
    assert planner("timeline", wider, "--records", file, "--today", "2027-02-03").code == 0


def test_a_record_in_csv_stops_all_writing_unless_it_may_become_yaml(
    planner: Planner, wider: str, records: Path
) -> None:
    before = contents(records)
    arguments = ("amend", "mapp1", wider, "--records", str(records), "--today", "2027-02-03")
    refused = planner(*arguments, "--write")
    assert refused.code == 2
    assert "P0001.csv: a record in CSV has no place for versions" in refused.err
    assert "--csv-to-yaml" in refused.err
    assert contents(records) == before
    assert planner(*arguments, "--write", "--csv-to-yaml").code == 0
    assert set(contents(records)) == {"P0001.csv.old", "P0001.yaml", "P0002.yaml", "P0003.json"}
    assert (records / "P0001.csv.old").read_text() == CSV
    file = str(records / "P0001.yaml")
    assert planner("timeline", wider, "--records", file, "--today", "2027-02-03").code == 0


def test_who_needs_a_decision_first_is_not_written(
    planner: Planner, tmp_path: Path, records: Path
) -> None:
    new = version(
        tmp_path, ("id: prep-2", "id: second-prep"), ("visit: prep-2", "visit: second-prep")
    )
    (records / "P0001.csv").unlink()
    mapped = YAML.replace("P0002", "P0001").replace("# nothing has taken place\n", "visits:\n")
    line = "  - {visit: prep-2, status: occurred, start: 2027-02-01}\n"
    (records / "P0001.yaml").write_text(mapped + line)
    found = planner(
        "amend", "mapp1", new, "--records", str(records), "--today", "2027-02-03", "--write"
    )
    assert found.code == 1
    assert "seems to call it `second-prep`" in found.out
    assert "2 records have now the version that holds; 1 not written: decide first" in found.err
    assert (records / "P0001.yaml").read_text() == mapped + line


def test_a_file_that_cannot_be_replaced_leaves_all_as_they_were(
    planner: Planner, wider: str, records: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (records / "P0001.csv").unlink()
    before = contents(records)
    replace = os.replace

    def broken(source: str, target: str) -> None:
        if target.endswith("P0003.json"):
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(os, "replace", broken)
    found = planner(
        "amend", "mapp1", wider, "--records", str(records), "--today", "2027-02-03", "--write"
    )
    assert found.code == 2
    assert "no record was changed" in found.err
    assert contents(records) == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--records", "records"), "--from: name the first date"),
        (("--today", "2027-02-03"), "--records: name a folder"),
        (("--records", "records", "--today", "soon"), "--today"),
        (("--records", "records", "--today", "2027-02-03", "--csv-to-yaml"), "without --write"),
        (("--records", "nowhere", "--today", "2027-02-03"), "no such file"),
    ],
)
def test_what_amend_cannot_do_it_says(
    planner: Planner, tmp_path: Path, wider: str, records: Path,
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    found = planner("amend", "mapp1", wider, *arguments)
    assert found.code == 2
    assert words in found.err


def test_versions_of_the_same_name_cannot_be_told_apart_in_a_record(
    planner: Planner, tmp_path: Path, records: Path
) -> None:
    new = version(tmp_path, ("within: 3w..5w", "within: 3w..6w"), number="1")
    found = planner(
        "amend", "mapp1", new, "--records", str(records), "--today", "2027-02-03", "--write"
    )
    assert found.code == 2
    assert "both files say version `1`" in found.err


def test_several_who_need_a_decision_are_counted_in_plain_words(planner: Planner) -> None:
    examples = MAPP1.parents[1] / "examples"
    versions = str(examples / "two-sessions.yaml"), str(examples / "two-sessions-amended.yaml")
    found = planner("amend", *versions, "--records", str(examples / "records"))
    assert found.code == 1
    assert "2 participants: 2 need a decision." in found.out


def test_the_example_of_an_amendment_shows_who_is_touched_and_how(planner: Planner) -> None:
    examples = MAPP1.parents[1] / "examples"
    versions = str(examples / "two-sessions.yaml"), str(examples / "two-sessions-amended.yaml")
    records = str(examples / "two-sessions-records")
    found = planner("amend", *versions, "--records", records, "--format", "json")
    assert found.code == 1
    data = json.loads(found.out)
    assert data["from"] == "2027-03-01"  # the date in the new file
    assert [(one["participant"], one["outcome"]) for one in data["participants"]] == [
        ("P0001", "already too late"),
        ("P0002", "newly required"),
        ("P0003", "newly required"),
    ]
    effects = {
        one["visit"]: (one["effect"], (one["before"] or "")[:10], one["after"][:10])
        for one in data["participants"][1]["effects"]
    }
    assert effects == {
        "safety-call-1": ("newly required", "", "2027-03-04"),
        "dosing-2": ("unaffected", "2027-03-22", "2027-03-22"),
        "integration-2": ("unaffected", "2027-03-24", "2027-03-24"),
        "safety-call-2": ("newly required", "", "2027-04-01"),
        "endpoint": ("moved", "2027-05-20", "2027-05-03"),
    }
