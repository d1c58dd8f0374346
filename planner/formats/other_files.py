"""Reports on the study's files beside its protocol: site, records, participants, defaults."""

import os
import re
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

from planner.checks.report import (
    FORMAT_RULE,
    FileReport,
    Located,
    format_problems,
    report_unread,
)
from planner.errors import PlannerError, argument
from planner.formats.record_names import RecordNames
from planner.protocol.csv_reading import separator
from planner.protocol.document import Document, DocumentError
from planner.protocol.file_kinds import COHORT, CONFIG, RECORD, SITE, document_kind
from planner.text import counted

if TYPE_CHECKING:
    from planner.config.reading import ConfigFile
    from planner.timeline.record import RecordFile

_Read = tuple[str, list[tuple[str, int, str]]]
"""What a file holds; and of each remark the severity, the line and the message."""
_TAKEN_BY = {SITE: "site", RECORD: "actuals", COHORT: "participants", CONFIG: "config"}


def report_table(path: str, names: RecordNames) -> FileReport:
    """The report on a CSV file: a list of participants, or else a participant's record.

    Args:
        path: of the file.
        names: of the visits that a record can have.
    """
    from planner.protocol.reading import read_lines
    from planner.timeline.participant import COHORT_COLUMNS, read_cohort
    from planner.timeline.record_reading import read_record

    try:
        head = next((line for line in islice(read_lines(path), 1000) if line.strip("\n #,;")), "")
    except PlannerError as error:
        return _broken(path, RECORD, error)
    sign = separator(head, COHORT_COLUMNS)
    columns = {name.strip().strip('"').lower() for name in head.split(sign)}
    if "code" in columns and "visit" not in columns:
        return _report(path, COHORT, lambda: _people(sum(1 for _ in read_cohort(path))))
    return _report(path, RECORD, lambda: _record(read_record(path), names))


def report_config(path: str) -> FileReport:
    """The report on a file of defaults.

    Args:
        path: of the file.
    """
    from planner.config.reading import read_config

    return _report(path, CONFIG, lambda: _defaults(read_config(path)))


def report_document(path: str, document: Document, names: RecordNames) -> FileReport | None:
    """The report on a document that is no protocol; ``None`` where it is no file of a study.

    Args:
        path: what the report calls it.
        document: the data, with the places for messages.
        names: of the visits that a record can have.
    """
    kind = document_kind(document.data)
    if kind == SITE:
        return _report(path, kind, lambda: _site(document), document.lines)
    if kind == RECORD:
        from planner.timeline.record_reading import record_of_document

        return _report(
            path, kind, lambda: _record(record_of_document(path, document), names), document.lines
        )
    if kind == CONFIG:
        from planner.config.reading import config_of

        return _report(path, kind, lambda: _defaults(config_of(document)), document.lines)
    return None


def _report(
    path: str,
    kind: str,
    read: Callable[[], _Read],
    lines: list[str] | None = None,
) -> FileReport:
    """The report on what a function reads."""
    try:
        holds, remarks = read()
    except PlannerError as error:
        return _broken(path, kind, error, lines)
    findings = tuple(
        Located(FORMAT_RULE, severity, message, None, line, 1, ())
        for severity, line, message in remarks
    )
    return FileReport(path, None, lines or [], findings, f"{_is(kind)}: {holds}", fatal=False)


def _broken(
    path: str, kind: str, error: PlannerError, lines: list[str] | None = None
) -> FileReport:
    if isinstance(error, DocumentError):
        known_lines = error.lines or lines or []
        return FileReport(path, None, known_lines, format_problems(error), _is(kind), fatal=True)
    report = report_unread(path, lines or [], error)._replace(proof=_is(kind))
    placed = re.match(rf"{re.escape(path)}:([0-9]+): ", str(error))
    if placed is None:
        return report
    finding = report.findings[0]._replace(message=str(error)[placed.end() :], line=int(placed[1]))
    return report._replace(findings=(finding,))


def _is(kind: str) -> str:
    return f"{kind}, for `{argument(_TAKEN_BY[kind])}`"


def _site(document: Document) -> _Read:
    from planner.site.load import site_of

    site = site_of(document)
    open_days = sum(1 for day in site.hours.days if day)
    holidays = ", ".join(map(str, site.holidays)) or "none"
    closures = counted(len(site.closures), "closure")
    return (
        f"{site.title}, {site.timezone}, open on {counted(open_days, 'weekday')}, public"
        f" holidays: {holidays}, {closures}"
    ), []


def _record(file: "RecordFile", names: RecordNames) -> _Read:
    from planner.timeline.participant import telling

    participant = file.record.participant
    reason = telling(participant)
    remarks = []
    if reason is not None:
        advice = "give participants codes such as `P0001`"
        remarks.append(("warning", 1, f"participant `{participant}`: {reason}; {advice}"))
    remarks += [("error", line, message) for line, message in names.misnamed(file)]
    number = counted(len(file.record.visits), "visit")
    return f"{participant}, {number} recorded; {names.scope(file)}", remarks


def _people(number: int) -> _Read:
    return counted(number, "participant"), []


def _defaults(file: "ConfigFile") -> _Read:
    from planner.config.missing import missing_names

    data = file.document.data
    items = data.items() if isinstance(data, dict) else ()
    keys = [key for key, value in items if key != "format" and value]
    missing = [("warning", line, message) for line, message in missing_names(file)]
    return f"it sets {', '.join(keys)}" if keys else "it sets nothing", missing


def is_table(path: str) -> bool:
    """Whether a file's name is that of a table: a list of participants or a record."""
    return path.lower().endswith(".csv") and os.path.isfile(path)


def is_config(path: str) -> bool:
    """Whether a file's name is that of a file of defaults."""
    return path.lower().endswith(".toml") and os.path.isfile(path)
