"""One file's report: read, examined, and every finding put at its line and column."""

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from planner.checks.finding import Finding
from planner.checks.framework import Check
from planner.checks.proof import prove
from planner.checks.run import examine
from planner.checks.subject import Subject
from planner.errors import PlannerError
from planner.limits import MAX_FINDINGS
from planner.protocol.document import Document, DocumentError, first_alike, more_alike
from planner.protocol.file_kinds import SITE, document_kind
from planner.protocol.load import OtherKindError, ProtocolFile, load_protocol

FORMAT_RULE = "format"
"""Rule id of everything that keeps a file from being read as a protocol."""


class Place(NamedTuple):
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
    related: tuple[Place, ...]
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


def report_file(
    name: str, checks: Iterable[Check], read_site: Callable[[Document], object] | None = None
) -> FileReport:
    """Reads the protocol that a path or a library id names and runs checks over it.

    Raises nothing that a user can cause: what keeps a file from being read is reported as findings
    of the rule `format`.

    Args:
        name: the path or the id.
        checks: the checks to run.
        read_site: reads a document as a site, so that one given as a protocol is told its mistakes.
    """
    try:
        file = load_protocol(name)
    except DocumentError as error:
        problems = _problems(error)
        return FileReport(_shown(error.path, name), None, error.lines, problems, None, True)
    except OtherKindError as error:
        report = _unread(name, error.document.lines, error)._replace(path=_shown(name, name))
        if read_site is None or document_kind(error.document.data) != SITE:
            return report
        try:
            read_site(error.document)
        except DocumentError as wrong:
            return report._replace(findings=(*report.findings, *_problems(wrong)))
        except PlannerError:
            return report  # what a site needs is not installed
        return report
    except PlannerError as error:
        return _unread(name, [], error)
    return report_loaded(file, _shown(file.path, name), checks)


def report_loaded(file: ProtocolFile, path: str, checks: Iterable[Check]) -> FileReport:
    """Runs checks over a protocol that is loaded; ``path`` is what the report calls it."""
    subject = Subject(file)
    try:
        found = examine(file, checks, subject)
        proof = prove(subject)
    except PlannerError as error:
        return _unread(path, file.document.lines, error)
    listed, more = first_alike(found, lambda finding: finding.check, MAX_FINDINGS)
    located = [_locate(file, finding) for finding in listed]
    for last, count in more:
        problem = more_alike(count, last.position(file))
        place = problem.position
        located.append(Located(last.check, last.severity, problem.message, None, *place, ()))
    located.sort(key=lambda finding: (finding.line, finding.column))
    return FileReport(path, file, file.document.lines, tuple(located), proof, fatal=False)


def _problems(error: DocumentError) -> tuple[Located, ...]:
    return tuple(
        Located(FORMAT_RULE, "error", one.message, one.hint, *one.position, ())
        for one in error.problems
    )


def _unread(path: str, lines: list[str], error: PlannerError) -> FileReport:
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
        *finding.position(file),
        tuple(Place(one.message, *file.position(one.path)) for one in finding.related),
        None if origin is None else origin.text,
    )


def _shown(path: str, name: str) -> str:
    """The path as the user gave it; a library file's as seen from where the user is."""
    if path == name:
        return "<stdin>" if path == "-" else path
    try:
        near = os.path.relpath(path)
    except (OSError, ValueError):
        return path
    return path if near.startswith("..") else near
