"""What `planner validate` says of a study's files that are no protocols."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.formats.record_names import RecordNames
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


MISNAMED = """visit,occurrence,status,start
screeening,,occurred,2027-01-04
Preparation 1x,,occurred,2027-01-08
dosing,5,booked,2027-05-05
headache,,unscheduled,2027-02-01
"""


def test_the_visits_of_a_record_are_those_of_its_protocol(tmp_path: Path) -> None:
    path = tmp_path / "P0001.csv"
    path.write_text(MISNAMED, "utf-8")
    report = report_file(str(path), [], RecordNames(["mapp1"]))
    assert [(finding.line, finding.message) for finding in report.findings] == [
        (2, ("`screeening` is not a visit of this course; did you mean `screening`?; a visit that"
             " was not planned has the status `unscheduled`")),
        (3, "`Preparation 1x` is not a visit of `mapp1`; did you mean `Preparation 1`?"),
        (4, "`dosing` has no occurrence 5; it occurs 3 times in this course"),
    ]  # fmt: skip
    assert report.count("error") == 3
    assert not report.fatal
    assert str(report.proof).endswith("names of visits checked by `mapp1`")


def test_two_names_of_one_visit_are_found_and_a_second_screening_is_none(tmp_path: Path) -> None:
    path = tmp_path / "P0001.csv"
    path.write_text("visit,status,start\nV01,failed,2027-01-04\nscreening,occurred,2027-02-04\n"
                    "V01,occurred,2027-02-05\n")  # fmt: skip
    (finding,) = report_file(str(path), [], RecordNames(["mapp1"])).findings
    assert finding.line == 4
    assert "is recorded here and on line 3" in finding.message


@pytest.mark.parametrize(
    ("record", "protocols", "scope"),
    [
        ("visits: []", [], "not checked: no protocol is known; give protocols=PROTOCOL"),
        ("visits: []", ["mapp1", "comp001"], "not checked: the record names none of the"),
        ("protocol: mapp1", [], "visits checked by `mapp1`"),
        ("protocol: mapp1", ["comp001"], "visits checked by `mapp1`"),
        ("protocol: my-study", ["mapp1"], "not checked: `my-study` is not a protocol of the"),
        ("protocol: mapp1\nversions: [{version: \"9\", from: 2027-01-01}]", [],
         "not checked: by this record version `9` of `mapp1` holds"),
    ],
)  # fmt: skip
def test_whether_names_were_checked_is_part_of_the_report(
    tmp_path: Path, record: str, protocols: list[str], scope: str
) -> None:
    path = tmp_path / "P0001.yaml"
    path.write_text(f"participant: P0001\n{record}\n")
    report = report_file(str(path), [], RecordNames(protocols))
    assert report.findings == ()
    assert scope in str(report.proof)


def test_a_folder_of_records_is_checked_by_the_protocol_of_the_command_line(
    planner: Planner, tmp_path: Path
) -> None:
    (tmp_path / "P0001.csv").write_text(MISNAMED, "utf-8")
    run = planner("validate", str(tmp_path), "--protocol", "mapp1")
    assert run.code == 1
    assert "P0001.csv:2:1: error[format] `screeening`" in run.out
    run = planner("validate", str(tmp_path))
    assert run.code == 0
    assert "give --protocol PROTOCOL" in run.out


def test_an_arm_that_a_protocol_lacks_is_found(tmp_path: Path) -> None:
    path = tmp_path / "P0001.yaml"
    path.write_text("participant: P0001\nprotocol: mapp1\narm: gold\n")
    (finding,) = report_file(str(path), []).findings
    assert "has no arm `gold`" in finding.message
