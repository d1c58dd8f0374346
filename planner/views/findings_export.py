"""Findings for machines: JSON, SARIF 2.1.0 and the workflow commands of GitHub."""

import json
import os
from typing import Any
from urllib.parse import quote

from planner.checks.framework import Check
from planner.checks.report import FORMAT_RULE, FileReport, Located
from planner.formats.checks import all_checks
from planner.notice import NOTICE
from planner.text import visible, visible_lines
from planner.version import __version__

SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_FORMAT_TITLE = "a file that cannot be read as a protocol"
_FORMAT_WHAT = (
    "The file cannot be opened, is malformed, or contains something that the format does not have."
)


def render_json(reports: list[FileReport]) -> str:
    """The findings as one JSON object; its shape is stable for ``format`` 1.

    ``path`` of a finding and of a related place is the file's; lines and columns count from 1.
    ``origin`` is there for files of other standards: the JSON path or the XPath.
    """
    files = [
        {
            "path": report.path,
            "ok": not report.count("error"),
            "findings": [_json_finding(report.path, finding) for finding in report.findings],
        }
        for report in reports
    ]
    return _written({"format": 1, "notice": NOTICE, "files": files})


def _written(document: dict[str, object]) -> str:
    """JSON as text that UTF-8 can hold: bytes of a file name that were no text are escaped."""
    text = json.dumps(document, indent=2)
    return text.encode("utf-8", "backslashreplace").decode()


def _json_finding(path: str, finding: Located) -> dict[str, object]:
    entry: dict[str, object] = {
        "rule": finding.rule,
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint,
        "path": path,
        "line": finding.line,
        "column": finding.column,
        "related": [
            {
                "path": path,
                "line": related_place.line,
                "column": related_place.column,
                "message": related_place.message,
            }
            for related_place in finding.related
        ],
    }
    if finding.origin is not None:
        entry["origin"] = finding.origin
    return entry


def render_sarif(reports: list[FileReport]) -> str:
    """The findings as a SARIF 2.1.0 log (OASIS) of one run; the rules carry their pages."""
    rules = [_format_rule(), *(_sarif_rule(check) for check in all_checks().values())]
    index = {rule["id"]: at for at, rule in enumerate(rules)}
    results = [
        _sarif_result(report.path, finding, index)
        for report in reports
        for finding in report.findings
    ]
    run = {
        "tool": {"driver": {"name": "planner", "version": __version__, "rules": rules}},
        "invocations": [{"executionSuccessful": not any(report.fatal for report in reports)}],
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"notice": NOTICE},
    }
    return _written({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _format_rule() -> dict[str, Any]:
    return {
        "id": FORMAT_RULE,
        "shortDescription": {"text": _FORMAT_TITLE},
        "fullDescription": {"text": _FORMAT_WHAT},
        "help": {"text": _FORMAT_WHAT},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["format"]},
    }


def _sarif_rule(check: Check) -> dict[str, Any]:
    page = check.page
    text = f"{page.what}\n\nWhy: {page.why}\n\nFails:\n\n{page.bad}\nPasses:\n\n{page.good}"
    markdown = (
        f"{page.what}\n\n{page.why}\n\nFails:\n\n```yaml\n{page.bad.rstrip()}\n```\n\n"
        f"Passes:\n\n```yaml\n{page.good.rstrip()}\n```\n"
    )
    return {
        "id": check.id,
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": page.what},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": check.severity},
        "properties": {"tags": [check.family]},
    }


def _sarif_result(path: str, finding: Located, index: dict[str, int]) -> dict[str, Any]:
    message = finding.message if finding.hint is None else f"{finding.message}\n{finding.hint}"
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": finding.severity,
        "message": {"text": message},
        "locations": [_sarif_location(path, finding.line, finding.column)],
    }
    if finding.origin is not None:
        result["locations"][0]["logicalLocations"] = [{"fullyQualifiedName": finding.origin}]
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                **_sarif_location(path, related_place.line, related_place.column),
                "message": {"text": related_place.message},
            }
            for number, related_place in enumerate(finding.related, start=1)
        ]
    return result


def _sarif_location(path: str, line: int, column: int) -> dict[str, Any]:
    region = {"startLine": line, "startColumn": column}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": region}}


def _uri(path: str) -> str:
    """A path as an RFC 3986 reference: relative ones stay relative."""
    slashed = path.replace(os.sep, "/")
    if os.path.isabs(path):
        rooted = slashed if slashed.startswith("/") else f"/{slashed}"
        return "file://" + quote(rooted, errors="surrogateescape")
    # A colon is quoted as well: in the first segment it would make that a scheme.
    return quote(slashed, errors="surrogateescape")


def render_github(reports: list[FileReport]) -> str:
    """One workflow command per finding, which GitHub shows beside the line; then the summary."""
    lines = []
    for report in reports:
        for finding in report.findings:
            message = finding.message
            for related_place in finding.related:
                message += f"\nline {related_place.line}: {related_place.message}"
            if finding.origin:
                message += f"\nat: {finding.origin}"
            if finding.hint:
                message += f"\nhelp: {finding.hint}"
            level = "notice" if finding.severity == "note" else finding.severity
            lines.append(
                f"::{level} file={_property(report.path)},line={finding.line},"
                f"col={finding.column},title={_property(finding.rule)}::{_data(message)}"
            )
        if report.proof:
            lines.append(f"{visible(report.path)}: {visible(report.proof)}")
    lines.append(NOTICE)
    return "\n".join(lines) + "\n"


def _data(text: str) -> str:
    """A command's message: percent signs and line breaks are escaped, control characters shown."""
    return visible_lines(text.replace("%", "%25")).replace("\n", "%0A")


def _property(text: str) -> str:
    """A command's property: colons and commas are escaped as well."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
