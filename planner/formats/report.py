"""The report of a file that a path or a library id names, whatever it is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

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
from planner.protocol.document import DocumentError
from planner.protocol.file import OtherKindError

if TYPE_CHECKING:
    from planner.formats.record_names import RecordNames


def report_file(
    name: str, checks: Iterable[Check], names: "RecordNames | None" = None
) -> FileReport:
    """Reads the protocol that a path or a library id names and runs checks over it.

    A site file, a participant's record, a list of participants and a study's defaults are read as
    such; the report then says what the file is.

    Raises nothing that a user can cause: what keeps a file from being read is reported as findings
    of the rule `format`.

    Args:
        name: the path or the id.
        checks: the checks of protocols to run.
        names: of the visits that records can have; those of the library's protocols when ``None``.
    """
    if name.lower().endswith((".csv", ".toml")):
        from planner.formats.other_files import is_config, is_table, report_config, report_table
        from planner.formats.record_names import RecordNames

        if is_table(name):
            return report_table(name, names or RecordNames())
        if is_config(name):
            return report_config(name)
    try:
        file = load_protocol(name)
    except DocumentError as error:
        problems = format_problems(error)
        return FileReport(shown_path(error.path, name), None, error.lines, problems, None, True)
    except OtherKindError as error:
        from planner.formats.other_files import report_document
        from planner.formats.record_names import RecordNames

        path = shown_path(name, name)
        unread = report_unread(name, error.document.lines, error)._replace(path=path)
        return report_document(path, error.document, names or RecordNames()) or unread
    except PlannerError as error:
        return report_unread(name, [], error)
    return report_loaded(file, shown_path(file.path, name), checks)
