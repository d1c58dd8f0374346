"""`planner ical check`, `diff` and `rules` as a user meets them."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Planner = Callable[..., Any]

GOOD = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:a\r\n"
    "DTSTAMP:20270101T000000Z\r\nDTSTART:20270301T100000Z\r\nSUMMARY:Call\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_bytes(text.encode())
    return str(path)


def test_a_good_file_is_said_to_be_good(planner: Planner, tmp_path: Path) -> None:
    result = planner("ical", "check", written(tmp_path, "a.ics", GOOD))
    assert result.code == 0
    assert "1 component, no findings" in result.out
    assert result.out.endswith("not advice to anyone.\n")


def test_a_finding_has_its_place_its_rule_and_its_clause(planner: Planner, tmp_path: Path) -> None:
    path = written(tmp_path, "a.ics", GOOD.replace("SUMMARY:Call", "SUMMARY:Café, call"))
    result = planner("ical", "check", path)
    assert result.code == 1
    head, source, caret = result.out.split("\n")[:3]
    assert head == (
        f"{path}:8:13: error[text-separator] SUMMARY: `,` in a text is written `\\,`"
        " (RFC 5545 3.3.11)"
    )
    assert source[caret.index("^")] == ","


def test_warnings_fail_only_if_asked_for(planner: Planner, tmp_path: Path) -> None:
    path = written(tmp_path, "a.ics", GOOD.replace("SUMMARY", "MOOD:good\r\nSUMMARY"))
    result = planner("ical", "check", path)
    assert result.code == 0
    assert "warning[unknown-property]" in result.out
    assert planner("ical", "check", path, "--strict").code == 1


def test_machines_get_clauses_too(planner: Planner, tmp_path: Path) -> None:
    path = written(tmp_path, "a.ics", GOOD.replace("UID:a\r\n", ""))
    result = planner("ical", "check", path, "--format", "json")
    assert result.code == 1
    (file,) = json.loads(result.out)["files"]
    assert (file["ok"], file["components"]) == (False, 1)
    assert file["findings"] == [
        {
            "rule": "missing-property",
            "severity": "error",
            "message": "VEVENT without UID",
            "clause": "RFC 5545 3.6.1",
            "line": 4,
            "column": 1,
        }
    ]
    github = planner("ical", "check", path, "--format", "github").out
    assert ",line=4,col=1,title=missing-property::VEVENT without UID (RFC 5545 3.6.1)" in github


def test_a_missing_file_does_not_keep_others_from_being_checked(
    planner: Planner, tmp_path: Path
) -> None:
    good = written(tmp_path, "a.ics", GOOD)
    result = planner("ical", "check", str(tmp_path / "none.ics"), str(tmp_path), good)
    assert result.code == 2
    assert "no such file" in result.out
    assert "no findings" in result.out
    assert planner("ical", "diff", good, str(tmp_path / "none.ics")).code == 2


def test_stdin_can_be_checked(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(GOOD.encode()))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert "<stdin>: 1 component" in planner("ical", "check", "-").out


def test_a_terminal_obeys_nothing_in_a_file(planner: Planner, tmp_path: Path) -> None:
    path = written(tmp_path, "a.ics", GOOD.replace("SUMMARY:", "SUMMARY\x1b[31m:\x1b]0;x\x07,"))
    for form in ("text", "json", "github"):
        out = planner("ical", "check", path, "--format", form).out
        assert "\x1b" not in out
        assert "\x07" not in out


def test_what_a_file_is_for_can_be_said(planner: Planner, tmp_path: Path) -> None:
    path = written(tmp_path, "a.ics", GOOD)
    assert planner("ical", "check", path, "--profile", "published").code == 1
    assert planner("ical", "check", path, "--profile", "caldav").code == 0
    result = planner("ical", "check", path, "--profile", "publshed")
    assert result.code == 2
    assert "did you mean `published`?" in result.err


def test_an_export_passes_its_own_check(planner: Planner, tmp_path: Path) -> None:
    path = str(tmp_path / "plan.ics")
    assert planner("export", "mapp1", "--start", "2027-01-11", "-o", path).code == 0
    assert planner("ical", "check", path, "--profile", "published", "--strict").code == 0


def test_a_diff_says_what_moved(planner: Planner, tmp_path: Path) -> None:
    old = written(tmp_path, "old.ics", GOOD)
    new = written(tmp_path, "new.ics", GOOD.replace("0301T10", "0302T10"))
    same = planner("ical", "diff", old, old)
    assert same.code == 0
    assert "1 identical." in same.out
    result = planner("ical", "diff", old, new)
    assert result.code == 1
    assert "moved" in result.out
    assert "SEQUENCE is still 0" in " ".join(result.out.split())
    data = json.loads(planner("ical", "diff", old, new, "--format", "json").out)
    assert data["changes"][0]["details"] == [
        {"what": "time", "old": "Mon 2027-03-01 10:00 UTC", "new": "Tue 2027-03-02 10:00 UTC"}
    ]
    report = tmp_path / "report.md"
    assert planner("ical", "diff", old, new, "-o", str(report)).code == 1
    assert "Mon 2027-03-01 10:00 UTC" in report.read_text()


def test_rules_are_listed_with_clauses(planner: Planner) -> None:
    result = planner("ical", "rules")
    assert result.code == 0
    assert "RFC 5546 3.2.1" in result.out
    assert all(line.split()[1] in ("error", "warning") for line in result.out.strip().split("\n"))
