"""The report of a file that a path or a library id names, whatever standard it is of."""

from collections.abc import Callable, Iterable

from planner.checks.framework import Check
from planner.checks.report import (
    FileReport,
    format_problems,
    report_loaded,
    report_unread,
    shown_path,
)
from planner.errors import PlannerError
from planner.formats.load import load_protocol
from planner.protocol.document import Document, DocumentError
from planner.protocol.file import OtherKindError
from planner.protocol.file_kinds import SITE, document_kind


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
        problems = format_problems(error)
        return FileReport(shown_path(error.path, name), None, error.lines, problems, None, True)
    except OtherKindError as error:
        report = report_unread(name, error.document.lines, error)._replace(
            path=shown_path(name, name)
        )
        if read_site is None or document_kind(error.document.data) != SITE:
            return report
        try:
            read_site(error.document)
        except DocumentError as wrong:
            return report._replace(findings=(*report.findings, *format_problems(wrong)))
        except PlannerError:
            return report  # what a site needs is not installed
        return report
    except PlannerError as error:
        return report_unread(name, [], error)
    return report_loaded(file, shown_path(file.path, name), checks)
