"""One file's report: read, examined, and every finding put at its line and column."""

import os
from collections.abc import Iterable
from typing import NamedTuple

from planner.checks.finding import Finding
from planner.checks.framework import Check
from planner.checks.proof import prove
from planner.checks.run import examine
from planner.checks.subject import Subject
from planner.errors import PlannerError
from planner.limits import MAX_FINDINGS
from planner.protocol.document import DocumentError, first_alike, more_alike
from planner.protocol.file import ProtocolFile

FORMAT_RULE = "format"
"""Rule id of everything that keeps a file from being read as a protocol."""


class RelatedPlace(NamedTuple):
    """A place in the file that a finding is about, too; counted from 1."""

    message: str
    line: int
    column: int


class Located(NamedTuple):
    """A finding at its line and column, both counted from 1, columns in characters.

    ``origin`` is the JSON path or the XPath of it in a file of another standard.
    """

    rule: str
    severity: str
    message: str
    hint: str | None
    line: int
    column: int
    related: tuple[RelatedPlace, ...]
    origin: str | None = None


class FileReport(NamedTuple):
    """All that was found in one file.

    ``file`` is ``None`` and ``fatal`` true for a file that could not be read or examined.
    ``lines`` is its text, as far as it could be read. ``proof`` says what was proven, ``None``
    where the rules contradict each other or lead nowhere.
    """

    path: str
    file: ProtocolFile | None
    lines: list[str]
    findings: tuple[Located, ...]
    proof: str | None
    fatal: bool

    def count(self, severity: str) -> int:
        """How many findings have this severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)


def report_loaded(file: ProtocolFile, path: str, checks: Iterable[Check]) -> FileReport:
    """The report on a protocol that is loaded.

    Args:
        file: the protocol.
        path: what the report calls it.
        checks: the checks to run.
    """
    subject = Subject(file)
    try:
        findings = examine(file, checks, subject)
        proof = prove(subject)
    except PlannerError as error:
        return report_unread(path, file.document.lines, error)
    reported, more = first_alike(findings, lambda finding: finding.check, MAX_FINDINGS)
    located = [_locate(file, finding) for finding in reported]
    for last, count in more:
        problem = more_alike(count, last.position(file))
        place = problem.position
        located.append(Located(last.check, last.severity, problem.message, None, *place, ()))
    located.sort(key=lambda finding: (finding.line, finding.column))
    return FileReport(path, file, file.document.lines, tuple(located), proof, fatal=False)


def format_problems(error: DocumentError) -> tuple[Located, ...]:
    """What keeps a file from being read, as findings of the rule `format`."""
    return tuple(
        Located(FORMAT_RULE, "error", problem.message, problem.hint, *problem.position, ())
        for problem in error.problems
    )


def report_unread(path: str, lines: list[str], error: PlannerError) -> FileReport:
    """The report of a file that could not be read or examined."""
    message = str(error).removeprefix(f"{path}: ")
    return FileReport(
        path, None, lines, (Located(FORMAT_RULE, "error", message, None, 1, 1, ()),), None, True
    )


def _locate(file: ProtocolFile, finding: Finding) -> Located:
    origin = finding.origin or file.origin(finding.path)
    return Located(
        finding.check,
        finding.severity,
        finding.message,
        finding.hint,
        finding.line,
        finding.column,
        tuple(
            RelatedPlace(related.message, *file.position(related.path))
            for related in finding.related
        ),
        None if origin is None else origin.text,
    )


def shown_path(path: str, name: str) -> str:
    """The path as the user gave it; a library file's as seen from where the user is."""
    if path == name:
        return "<stdin>" if path == "-" else path
    try:
        near = os.path.relpath(path)
    except (OSError, ValueError):
        return path
    return path if near.startswith("..") else near
