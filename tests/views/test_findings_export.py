"""Findings as machines read them: JSON, SARIF 2.1.0, workflow commands."""

import json
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from example_protocol import BASE

from planner.checks.report import FileReport, Located, RelatedPlace
from planner.formats.checks import all_checks, choose
from planner.formats.report import report_file
from planner.notice import NOTICE
from planner.views.findings_export import render_github, render_json, render_sarif

FINDING = Located(
    "no-window", "warning", "a, b: 100%", "help\nme", 3, 7, (RelatedPlace("see", 1, 2),)
)
REPORT = FileReport(
    "dir/a,b: ü.yaml", None, ["x"] * 3, (FINDING,), "feasible; 1 visit", fatal=False
)


@pytest.fixture
def reports(tmp_path: Path) -> list[FileReport]:
    """A clean file, one that is infeasible, a malformed one and none at all."""
    texts = {
        "clean": BASE,
        "infeasible": BASE + "constraints:\n  - {from: baseline, to: dosing, within: ..2d}\n",
        "malformed": BASE.replace("design: open-label", "design: closed"),
    }
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    names = [*texts, "none"]
    return [report_file(str(tmp_path / f"{name}.yaml"), choose([], [])) for name in names]


def test_json_has_the_keys_of_its_contract_and_no_others(reports: list[FileReport]) -> None:
    document = json.loads(render_json(reports))
    assert list(document) == ["format", "notice", "files"]
    assert (document["format"], document["notice"]) == (1, NOTICE)
    assert [one["ok"] for one in document["files"]] == [True, False, False, False]
    for file in document["files"]:
        assert list(file) == ["path", "ok", "findings"]
        for finding in file["findings"]:
            assert list(finding) == [
                "rule", "severity", "message", "hint", "path", "line", "column", "related",
            ]  # fmt: skip
            assert finding["path"] == file["path"]
            assert finding["line"] >= 1
            assert finding["column"] >= 1
            for related in finding["related"]:
                assert list(related) == ["path", "line", "column", "message"]


def test_json_carries_the_whole_conflict(reports: list[FileReport]) -> None:
    file = json.loads(render_json(reports))["files"][1]
    [finding] = [one for one in file["findings"] if one["rule"] == "infeasible"]
    assert "1d short" in finding["message"]
    assert len(finding["related"]) == 3
    assert finding["hint"].startswith("any one of: ")


def test_a_warning_leaves_a_file_ok() -> None:
    assert json.loads(render_json([REPORT]))["files"][0]["ok"] is True


def test_file_names_that_are_no_text_are_written_all_the_same() -> None:
    odd = [REPORT._replace(path="caf\udce9.yaml")]
    for render in (render_json, render_sarif, render_github):
        render(odd).encode("utf-8")
    assert json.loads(render_json(odd))["files"][0]["path"] == "caf\udce9.yaml"


def test_sarif_has_what_the_standard_requires(reports: list[FileReport]) -> None:
    # SARIF 2.1.0: 3.13 sarifLog, 3.14 run, 3.19 toolComponent, 3.27 result, 3.28 location.
    log = json.loads(render_sarif(reports))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    [run] = log["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "planner"
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"] == [{"executionSuccessful": False}]
    assert run["results"]
    for result in run["results"]:
        rule = driver["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert result["message"]["text"]
        for location in [*result["locations"], *result.get("relatedLocations", [])]:
            place = location["physicalLocation"]
            assert place["region"]["startLine"] >= 1
            assert place["region"]["startColumn"] >= 1
            assert urlparse(place["artifactLocation"]["uri"]).scheme in ("", "file")
        related = result.get("relatedLocations", [])
        assert [one["id"] for one in related] == list(range(1, len(related) + 1))
        assert all(one["message"]["text"] for one in related)


def test_sarif_explains_every_rule_with_its_page() -> None:
    [run] = json.loads(render_sarif([]))["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) == {"format", *all_checks()}
    for name, check in all_checks().items():
        assert rules[name]["help"]["text"].startswith(check.page.what)
        assert check.page.bad.rstrip() in rules[name]["help"]["markdown"]
        assert rules[name]["defaultConfiguration"]["level"] == check.severity
        assert rules[name]["properties"]["tags"] == [check.family]
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("dir/a.yaml", "dir/a.yaml"),
        ("a b:c.yaml", "a%20b%3Ac.yaml"),
        ("/tmp/ü.yaml", "file:///tmp/%C3%BC.yaml"),
        ("<stdin>", "%3Cstdin%3E"),
    ],
)
def test_sarif_names_files_by_uri(path: str, uri: str) -> None:
    [run] = json.loads(render_sarif([REPORT._replace(path=path)]))["runs"]
    found = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert found == uri
    assert unquote(uri).endswith(path)


def test_github_commands_escape_what_would_end_them() -> None:
    place = "file=dir/a%2Cb%3A ü.yaml,line=3,col=7,title=no-window"
    assert render_github([REPORT]).split("\n") == [
        f"::warning {place}::a, b: 100%25%0Aline 1: see%0Ahelp: help%0Ame",
        "dir/a,b: ü.yaml: feasible; 1 visit",
        NOTICE,
        "",
    ]


@pytest.mark.parametrize(
    ("severity", "word"), [("error", "error"), ("warning", "warning"), ("note", "notice")]
)
def test_github_has_its_own_word_for_a_note(severity: str, word: str) -> None:
    report = REPORT._replace(findings=(FINDING._replace(severity=severity),))
    assert render_github([report]).startswith(f"::{word} file=")


def test_a_name_cannot_smuggle_in_a_command() -> None:
    evil = "x\n::error::gone\r\x1b[2J.yaml"
    lines = render_github([REPORT._replace(path=evil)]).split("\n")
    assert not any(line.startswith("::error") for line in lines)
    assert all(line.isprintable() for line in lines)


def test_a_file_that_cannot_be_read_is_in_every_output(reports: list[FileReport]) -> None:
    for report in reports[2:]:
        assert report.fatal
        assert "format" in render_json([report])
        assert "title=format::" in render_github([report])
        [run] = json.loads(render_sarif([report]))["runs"]
        assert run["results"][0]["ruleId"] == "format"
        assert run["results"][0]["level"] == "error"
