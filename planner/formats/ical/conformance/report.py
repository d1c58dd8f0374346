"""Checks of files as reports, which are shown as those of protocol files are."""

import json
import os
import sys
from collections.abc import Iterable
from typing import NamedTuple

from planner.checks.report import FORMAT_RULE, FileReport, Located
from planner.errors import os_reason
from planner.formats.ical.conformance.calendar import Checked, Profile, check_calendar
from planner.limits import MAX_CALENDAR, too_large
from planner.notice import NOTICE
from planner.text import counted


class CalendarReport(NamedTuple):
    """A file's report for any of the renderers, and what was found, with clauses."""

    report: FileReport
    checked: Checked | None


def read_bytes(path: str) -> bytes | str:
    """A file's bytes (``-`` is stdin), or in words why it cannot be read."""
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_CALENDAR + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(MAX_CALENDAR + 1)
    except OSError as error:
        return os_reason(error)
    except ValueError:
        return "is not a file name"
    if len(data) > MAX_CALENDAR:
        return too_large(MAX_CALENDAR)
    return data


def report_calendar(path: str, profile: Profile) -> CalendarReport:
    """Reads and checks a calendar file; a file that cannot be read is reported as such.

    Args:
        path: ``-`` for stdin.
        profile: what the file is for, which decides what is asked of it.
    """
    name = "<stdin>" if path == "-" else path
    data = read_bytes(path)
    if isinstance(data, str):
        unread = Located(FORMAT_RULE, "error", data, None, 1, 1, ())
        return CalendarReport(FileReport(name, None, [], (unread,), None, fatal=True), None)
    checked = check_calendar(data, profile)
    locateds = tuple(
        Located(
            finding.rule,
            finding.severity,
            f"{finding.message} ({finding.clause})",
            None,
            finding.line,
            finding.column,
            (),
        )
        for finding in checked.findings
    )
    proof = None
    if not checked.count("error"):
        proof = f"{counted(checked.components, 'component')}, no findings"
    lines = _lines(data, {finding.line for finding in checked.findings})
    # What has too many of something has not been checked to its end.
    fatal = any(located.rule == "too-many" for located in locateds)
    return CalendarReport(FileReport(name, None, lines, locateds, proof, fatal=fatal), checked)


def _lines(data: bytes, wanted: set[int]) -> list[str]:
    """The file's physical lines up to the last that is wanted; the others are left empty."""
    lines: list[str] = []
    begin = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    for number in range(1, max(wanted, default=0) + 1):
        end = data.find(b"\n", begin)
        end = len(data) if end < 0 else end
        is_wanted = number in wanted
        lines.append(
            data[begin : min(end, begin + 4000)].decode("utf-8", "replace") if is_wanted else ""
        )
        begin = end + 1
    return [line.rstrip("\r") for line in lines]


def render_json(reports: Iterable[CalendarReport]) -> str:
    """The findings as one JSON object in the shape of `planner validate`, each with its clause.

    Lines and columns count from 1; ``format`` 1 is stable.
    """
    files = []
    for report, checked in reports:
        findings = [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "message": finding.message,
                "clause": finding.clause,
                "line": finding.line,
                "column": finding.column,
            }
            for finding in (checked.findings if checked else ())
        ]
        if checked is None:
            findings = [
                {
                    "rule": finding.rule, "severity": finding.severity, "message": finding.message,
                    "clause": "", "line": finding.line, "column": finding.column,
                }
                for finding in report.findings
            ]  # fmt: skip
        files.append(
            {
                "path": os.fsencode(report.path).decode("utf-8", "backslashreplace"),
                "ok": not report.count("error"),
                "calendars": checked.calendars if checked else 0,
                "components": checked.components if checked else 0,
                "findings": findings,
            }
        )
    return json.dumps({"format": 1, "notice": NOTICE, "files": files}, indent=2)
