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
from planner.protocol.csv_reading import separator
from planner.protocol.document import Document, DocumentError
from planner.protocol.file_kinds import COHORT, CONFIG, RECORD, SITE, document_kind
from planner.text import counted

if TYPE_CHECKING:
    from planner.config.reading import ConfigFile

_Read = tuple[str, list[tuple[int, str]]]
"""What a file holds, and the line and the message of each warning."""
_TAKEN_BY = {SITE: "site", RECORD: "actuals", COHORT: "participants", CONFIG: "config"}


def report_table(path: str) -> FileReport:
    """The report on a CSV file: a list of participants, or else a participant's record.

    Args:
        path: of the file.
    """
    from planner.protocol.reading import read_lines
    from planner.timeline.participant import COHORT_COLUMNS, read_cohort
    from planner.timeline.record_reading import read_record

    try:
        head = next((line for line in islice(read_lines(path), 1000) if line.strip("\n #,;")), "")
    except PlannerError as error:
        return _broken(path, RECORD, error)
    sign = separator(head, COHORT_COLUMNS)
    names = {name.strip().strip('"').lower() for name in head.split(sign)}
    if "code" in names and "visit" not in names:
        return _report(path, COHORT, lambda: _people(sum(1 for _ in read_cohort(path))))

    def record() -> _Read:
        file = read_record(path)
        return _visits(file.record.participant, len(file.record.visits))

    return _report(path, RECORD, record)


def report_config(path: str) -> FileReport:
    """The report on a file of defaults.

    Args:
        path: of the file.
    """
    from planner.config.reading import read_config

    return _report(path, CONFIG, lambda: _defaults(read_config(path)))


def report_document(path: str, document: Document) -> FileReport | None:
    """The report on a document that is no protocol; ``None`` where it is no file of a study.

    Args:
        path: what the report calls it.
        document: the data, with the places for messages.
    """
    kind = document_kind(document.data)
    if kind == SITE:
        return _report(path, kind, lambda: _site(document), document.lines)
    if kind == RECORD:
        return _report(path, kind, lambda: _record(document), document.lines)
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
        holds, warnings = read()
    except PlannerError as error:
        return _broken(path, kind, error, lines)
    findings = tuple(
        Located(FORMAT_RULE, "warning", message, None, line, 1, ()) for line, message in warnings
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


def _record(document: Document) -> _Read:
    from planner.protocol.validation import validate_model
    from planner.timeline.record import Record

    record = validate_model(Record, document)
    return _visits(record.participant, len(record.visits))


def _visits(participant: str, number: int) -> _Read:
    from planner.timeline.participant import telling

    reason = telling(participant)
    warnings = []
    if reason is not None:
        advice = "give participants codes such as `P0001`"
        warnings.append((1, f"participant `{participant}`: {reason}; {advice}"))
    return f"{participant}, {counted(number, 'visit')} recorded", warnings


def _people(number: int) -> _Read:
    return counted(number, "participant"), []


def _defaults(file: "ConfigFile") -> _Read:
    from planner.config.missing import missing_names

    data = file.document.data
    items = data.items() if isinstance(data, dict) else ()
    keys = [key for key, value in items if key != "format" and value]
    return f"it sets {', '.join(keys)}" if keys else "it sets nothing", missing_names(file)


def is_table(path: str) -> bool:
    """Whether a file's name is that of a table: a list of participants or a record."""
    return path.lower().endswith(".csv") and os.path.isfile(path)


def is_config(path: str) -> bool:
    """Whether a file's name is that of a file of defaults."""
    return path.lower().endswith(".toml") and os.path.isfile(path)
