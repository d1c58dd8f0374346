"""What `planner validate` says of a study's files that are no protocols."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.formats.report import report_file

Planner = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"
SITE = EXAMPLES / "site-everyday.yaml"


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("a.yaml", SITE.read_text("utf-8"), "a site file, for `site`: Example research ward,"),
        ("P0001.csv", "visit,status\nbaseline,planned\n", ("a participant's record, for `actuals`:"
         " P0001, 1 visit recorded")),
        ("P0001.csv", "# by hand\nvisit;status\nbaseline;planned\n", "a participant's record,"),
        ("a.yaml", "participant: P0001\n", "a participant's record, for `actuals`: P0001, 0"),
        ("a.json", '{"participant": "P0001"}', "a participant's record,"),
        ("all.csv", "code,start\nP0001,2027-01-11\nP0002,2027-01-12\n", ("a list of participants,"
         " for `participants`: 2 participants")),
        ("all.csv", "arm;start;code\n;11.1.2027;P0001\n", "a list of participants, for"),
        ("planner.toml", 'language = "de"\n[files]\n', ("a study's defaults, for `config`: it sets"
         " language")),
        ("planner.toml", "", "a study's defaults, for `config`: it sets nothing"),
        ("a.yaml", "protocols: mapp1\n", "a study's defaults, for `config`: it sets protocols"),
    ],
)  # fmt: skip
def test_a_file_is_read_as_what_it_is(tmp_path: Path, name: str, content: str, what: str) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    report = report_file(str(path), [])
    assert report.findings == ()
    assert not report.fatal
    assert str(report.proof).startswith(what)


@pytest.mark.parametrize(
    ("name", "content", "what", "problems"),
    [
        ("a.yaml", "format: 1\nid: s\ntitle: S\ntimezone: UTC\nopening_hours: {}\nholidays: DE\n",
         "a site file", [(1, "`hours` is missing"), (5, "unknown key `opening_hours`"),
                         (6, "`holidays`: a mapping is expected, found `DE`")]),
        ("a.yaml", "participant: P0001\nvisits: [{visit: a, status: planed}]\n",
         "a participant's record", [(2, "`status` cannot be `planed`")]),
        ("P1.csv", "visit,status\na,planed\n", "a participant's record", [(2, "cannot be")]),
        ("all.csv", "code,strat\n", "a list of participants", [(1, "unknown column `strat`")]),
        ("all.csv", "code,start\nP1,2027-02-30\n", "a list of participants",
         [(2, "`2027-02-30`: there is no 30 February")]),
        ("planner.toml", "\nsites = 'a'\n", "a study's defaults", [(2, "unknown key `sites`")]),
        ("planner.toml", "site = a\n", "a study's defaults", [(1, "not TOML")]),
    ],
)  # fmt: skip
def test_its_own_mistakes_are_found_at_their_places(
    tmp_path: Path, name: str, content: str, what: str, problems: list[tuple[int, str]]
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    report = report_file(str(path), [])
    assert report.fatal
    assert str(report.proof).startswith(what)
    assert [finding.line for finding in report.findings] == [line for line, _ in problems]
    for finding, (_, said) in zip(report.findings, problems, strict=True):
        assert said in finding.message


def test_a_code_that_could_name_somebody_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("participant: AM1980\n")
    (finding,) = report_file(str(path), []).findings
    assert finding.severity == "warning"
    assert "could be initials" in finding.message


def test_defaults_that_name_what_is_not_there_are_warnings(tmp_path: Path) -> None:
    (tmp_path / "here.yaml").write_text(SITE.read_text("utf-8"), "utf-8")
    path = tmp_path / "planner.toml"
    named = 'protocols = ["mapp1", "mapp9", "draft.yaml"]\nsite = "here.yaml"\nrecords = "gone"\n'
    path.write_text(named)
    findings = report_file(str(path), []).findings
    assert [(finding.line, finding.severity) for finding in findings] == [
        (1, "warning"), (1, "warning"), (3, "warning"),
    ]  # fmt: skip
    for finding, name in zip(findings, ("mapp9", "draft.yaml", "gone"), strict=True):
        assert f"{name}`: no such file" in finding.message
    path.write_text(named.replace("here.yaml", "her.yaml"))
    assert [finding.line for finding in report_file(str(path), []).findings] == [1, 1, 2, 3]


def test_the_command_checks_each_file_of_a_folder(planner: Planner, tmp_path: Path) -> None:
    (tmp_path / "P0001.yaml").write_text("participant: P0001\n")
    (tmp_path / "P0002.yaml").write_text("participant: P0002\nvisits: 3\n")
    (tmp_path / "notes.txt").write_text("no record")
    result = planner("validate", str(tmp_path), str(SITE), "--format", "json")
    assert result.code == 2
    files = json.loads(result.out)["files"]
    assert [(Path(file["path"]).name, file["ok"]) for file in files] == [
        ("P0001.yaml", True), ("P0002.yaml", False), ("site-everyday.yaml", True),
    ]  # fmt: skip
    assert planner("validate", str(SITE)).code == 0
    assert "a site file, for `--site`" in planner("validate", str(SITE)).out


def test_notes_are_a_line_each_and_remarks_on_the_library_are_counted(planner: Planner) -> None:
    decisions = str(EXAMPLES / "decisions.yaml")
    short = planner("validate", decisions, "mapp1").out
    lines = [line for line in short.splitlines() if line]
    notes = [line for line in lines if "note[conditional-visits]" in line]
    assert len(lines) == len(notes) + 3
    assert "2 known remarks on the published schedule (--verbose shows them)" in lines[-2]
    long = planner("validate", decisions, "mapp1", "--verbose").out
    assert "warning[" in long
    assert len(long.splitlines()) > 3 * len(notes)
    as_json = planner("validate", "mapp1", "--format", "json").out
    assert len(json.loads(as_json)["files"][0]["findings"]) == 2
