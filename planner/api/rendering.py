"""Whatever the functions give back, as text, or written into a file by the suffix of its name."""

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from planner.api.designs import DesignDatasets
from planner.api.files import write_folder, write_whole
from planner.api.inputs import path_text
from planner.errors import AnswerNo, PlannerError, did_you_mean

if TYPE_CHECKING:
    from planner.api.calendars import CalendarDifference
    from planner.api.comparisons import Claims, Comparison
    from planner.api.imports import ImportedProtocol
    from planner.api.inputs import StrPath
    from planner.api.plans import Anchors
    from planner.api.protocols import Evidence
    from planner.api.tables import Burdens, Procedures
    from planner.api.timing_texts import TimingTexts
    from planner.checks.finding import Findings
    from planner.checks.framework import Check, Checks
    from planner.checks.support import ProtocolSupport
    from planner.formats.ical.conformance.report import CalendarReport
    from planner.protocol.change import Difference
    from planner.protocol.file import ProtocolFile
    from planner.protocol.model import Protocol
    from planner.timeline.enrolment import Enrolments
    from planner.timeline.model import Timeline
    from planner.timeline.replay import Replay
    from planner.timeline.whatif import WhatIf
    from planner.views.amendment import AmendmentReport
    from planner.views.deviations import DeviationReport
    from planner.views.due import DueList
    from planner.views.glossary import Glossary
    from planner.views.library import LibraryIndex
    from planner.views.messages import ParticipantMessages
    from planner.views.tables.document import TableDocument
    from planner.views.tables.grid import Grid
    from planner.views.week import WeekPlan

_FORMATS = {
    ".txt": "table", ".md": "markdown", ".markdown": "markdown", ".csv": "csv", ".html": "html",
    ".htm": "html", ".xlsx": "xlsx", ".json": "json", ".yaml": "yaml", ".yml": "yaml",
    ".ics": "ical", ".pdf": "pdf", ".docx": "docx", ".bib": "bibtex", ".svg": "svg",
}  # fmt: skip
"""The format of a file by what its name ends in."""


def render(
    thing: object,
    output_format: str = "table",
    *,
    width: int = 100,
    color: bool = False,
    plain: bool = False,
) -> str:
    """What a function gave back, as text.

    Args:
        thing: a timeline, a grid, findings, a protocol, or any other answer of these functions.
        output_format: ``table`` (for a terminal), ``markdown``, ``csv``, ``html`` or ``json``; of a
            grid also ``svg``; of a protocol ``yaml``, or ``json`` for a USDM study; ``text`` of a
            difference, or of the remarks of an import.
        width: of a table, in columns.
        color: whether a table has ANSI colours.
        plain: whether bars of a table are drawn with ASCII alone.

    Raises:
        PlannerError: it cannot be drawn in this format; says in which ones it can.
    """
    kind = _kind(thing, (*_TEXTS, *_GRIDS))
    if kind in _SEVERAL and output_format in ("table", "markdown"):
        grids = _SEVERAL[kind](thing)
        return "\n".join(render(grid, output_format, width=width, color=color) for grid in grids)
    texts = _TEXTS.get(kind, {})
    if output_format in texts:
        return texts[output_format](thing)
    if output_format == "table" and kind in _TABLES:
        return _TABLES[kind](thing, width, color, plain)
    if kind == "Grid" and output_format == "svg":
        return _grid_svg(thing)
    if kind not in _GRIDS or output_format not in ("table", "markdown", "csv", "html", "json"):
        _refuse(output_format, kind)
    grid = _GRIDS[kind](thing, output_format == "csv")
    if output_format == "table":
        from planner.views.tables.text import render_table

        return render_table(grid, width=width, color=color)
    if output_format == "markdown":
        from planner.views.tables.markdown import render_markdown

        return render_markdown(grid)
    if output_format == "csv":
        from planner.views.tables.csv import render_csv

        return render_csv(grid)
    if output_format == "json":
        from planner.views.tables.json import render_json

        return render_json(grid)
    from planner.views.tables.html import render_html

    return render_html(grid)


def render_refusal(protocol: "ProtocolFile", answer: AnswerNo) -> str:
    """Why there is no plan of a protocol, as JSON."""
    from planner.views.no_plan import render_no_plan

    return render_no_plan(protocol.protocol, answer)


def render_reports(
    reports: "list[CalendarReport]", output_format: str, *, width: int = 100, color: bool = False
) -> str:
    """What is wrong with calendar files, as ``text`` with the lines, ``json`` or ``github``."""
    if output_format == "json":
        from planner.formats.ical.conformance.report import render_json

        return render_json(reports)
    examined = [calendar.report for calendar in reports]
    if output_format == "github":
        from planner.views.findings_export import render_github

        return render_github(examined)
    from planner.views.findings import render_text

    return render_text(examined, color=color, width=width)


def notes_beside(thing: object) -> tuple[str, ...]:
    """What a table or files for programs have no place for, so that people read it beside them."""
    from planner.notice import NOTICE
    from planner.timeline.model import Timeline

    if isinstance(thing, DesignDatasets):
        return *thing.notes, NOTICE
    if isinstance(thing, Timeline):
        return f"{'; '.join(thing.conventions)}.", NOTICE
    return grid_of(thing, for_machines=True).notes if _kind(thing, _GRIDS) else ()


def write(thing: object, path: "StrPath", output_format: str | None = None) -> None:
    """Writes what a function gave back into a file, whole or not at all.

    Args:
        thing: as `render` takes it; or the datasets of `trial_design`; or text or bytes of a page
            or a picture, which are written as they are (the text of a page as PDF, if that is the
            format).
        path: the file, which is replaced; of datasets the folder.
        output_format: as `render` takes it, or of a table ``xlsx`` for a workbook, ``docx`` for a
            document and ``pdf``; ``ical`` for a calendar of one timeline or several, ``pdf`` for a
            page; by the suffix of the path when ``None``.

    Raises:
        PlannerError: the suffix or the format is none of these, or does not fit what is written;
            the file cannot be written; XlsxWriter, python-docx or WeasyPrint is missing.
    """
    name = path_text(path, "path")
    suffix = os.path.splitext(name)[1].lower()
    if isinstance(thing, bytes):
        write_whole(name, thing)
        return
    if isinstance(thing, DesignDatasets):
        write_folder(name, thing.files)
        return
    chosen = _FORMATS.get(suffix) if output_format is None else output_format
    if chosen is None:
        raise PlannerError(f"path: {name}: names no format by its suffix; give output_format")
    if chosen == "ical":
        _write_calendar(thing, name)
    elif chosen == "xlsx":
        from planner.files import replacing
        from planner.views.tables.xlsx import write_sheets

        kind = _kind(thing, _SHEETS)
        sheets = _SHEETS[kind](thing) if kind else {"Schedule": grid_of(thing)}
        with replacing(name) as file:
            write_sheets(sheets, file)
    elif chosen == "docx":
        _write_docx(thing, name)
    elif isinstance(thing, str):
        write_page(thing, name, chosen)
    elif chosen == "pdf":
        page = render(thing if _has_page(thing) else grid_of(thing), "html")
        write_page(page, name, chosen)
    else:
        text = render(thing, chosen)
        write_whole(name, (text if text.endswith("\n") else text + "\n").encode())


def write_page(page: str, path: str, output_format: str) -> None:
    """Writes the text of a page: as it is, or as PDF.

    Raises:
        PlannerError: the file cannot be written, or WeasyPrint is missing.
    """
    if output_format != "pdf":
        write_whole(path, (page if page.endswith("\n") else page + "\n").encode())
        return
    from planner.files import replacing
    from planner.views.pages.pdf import write_pdf

    with replacing(path) as file:
        write_pdf(page, file)


def _grid_svg(grid: Any) -> str:
    from planner.views.charts.draw_table import draw_table
    from planner.views.charts.svg import svg

    return svg(draw_table(grid))


def _write_docx(thing: object, path: str) -> None:
    from planner.files import replacing
    from planner.views.tables import docx
    from planner.views.tables.document import TableDocument

    kind = _kind(thing, _DOCUMENTS)
    document = _DOCUMENTS[kind](thing) if kind else thing
    if isinstance(document, TableDocument):
        with replacing(path) as file:
            docx.write_sections(document, file)
        return
    grid = grid_of(thing)
    with replacing(path) as file:
        docx.write_docx(grid, file)


def _write_calendar(thing: object, path: str) -> None:
    from planner.api.calendars import export
    from planner.files import replacing
    from planner.formats.ical.options import CalendarOptions
    from planner.timeline.model import Timeline

    timelines = [thing] if isinstance(thing, Timeline) else thing
    if not isinstance(timelines, list):
        _refuse("ical", _kind(thing, _TEXTS))
    with replacing(path) as file:
        export(timelines, file, CalendarOptions())


def _has_page(thing: object) -> bool:
    return "html" in _TEXTS.get(_kind(thing, _TEXTS), {})


def grid_of(thing: object, *, for_machines: bool = False) -> "Grid":
    """What a function gave back as a grid: for people, or as a long table for programs.

    Raises:
        PlannerError: it is no table.
    """
    kind = _kind(thing, _GRIDS)
    if kind not in _GRIDS:
        _refuse("xlsx", _kind(thing, _TEXTS))
    return _GRIDS[kind](thing, for_machines)


def _kind(thing: object, known: Iterable[str]) -> str:
    """The name of its class, or of the base class, that something is known about."""
    names = [base.__name__ for base in type(thing).__mro__]
    return next((name for name in names if name in known), "")


def _refuse(output_format: str, kind: str) -> NoReturn:
    formats = [*_TEXTS.get(kind, {})]
    if kind in _GRIDS:
        formats += ["table", "markdown", "csv", "html", "xlsx", "docx", "pdf", "json"]
    if kind in ("Protocol", "ProtocolFile"):
        formats.insert(0, "table")
    if kind in _SEVERAL:
        formats += ["table", "markdown"]
    if kind == "TableDocument":
        formats += ["table", "docx", "pdf"]
    if not formats:
        raise PlannerError("this cannot be drawn")
    formats = list(dict.fromkeys(formats))
    hint = did_you_mean(output_format, formats, before="; ")
    raise PlannerError(
        f"output_format: `{output_format[:40]}` is none of {', '.join(formats)}{hint}"
    )


def _check_grid(checks: "Checks", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.checks import checks_grid

    return checks_grid(checks)


def _checks_json(checks: "Checks") -> str:
    from planner.views.checks import checks_json

    return checks_json(checks)


def _checks_table(checks: Any, width: int, color: bool, plain: bool) -> str:  # noqa: ARG001
    from planner.views.checks import checks_text

    return checks_text(checks)


def _check_table(check: Any, width: int, color: bool, plain: bool) -> str:  # noqa: ARG001
    from planner.views import checks

    return checks.page_in_color(check, width) if color else checks.page_text(check)


def _check_page(output_format: str) -> "Callable[[Check], str]":
    def page(check: "Check") -> str:
        from planner.views import checks

        return {"json": checks.page_json, "markdown": checks.page_markdown}[output_format](check)

    return page


def _library_grid(index: "LibraryIndex", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.library import library_grid

    return library_grid(index)


def _library_json(index: "LibraryIndex") -> str:
    from planner.views.library import render_json

    return render_json(index)


def _library_table(index: Any, width: int, color: bool, plain: bool) -> str:  # noqa: ARG001
    from planner.views.library import render_table

    return render_table(index, width=width, color=color)


def _timeline_table(thing: Any, width: int, color: bool, plain: bool) -> str:
    from planner.views.timeline_table import render_table

    return render_table(thing, width=width, color=color, plain=plain)


def _protocol_table(thing: Any, width: int, color: bool, plain: bool) -> str:  # noqa: ARG001
    from planner.api.inputs import protocol_of
    from planner.views.protocol import render_protocol

    return render_protocol(protocol_of(thing), width=width, color=color)


def _anchor_table(thing: Any, width: int, color: bool, plain: bool) -> str:  # noqa: ARG001
    from planner.views.anchor_calendar import render_calendar

    return render_calendar(thing.planner, thing.days, width=width, color=color)


def _amendment_grid(report: "AmendmentReport", for_machines: bool) -> "Grid":
    from planner.views.amendment import amendment_grid, table_for_machines

    return table_for_machines(report) if for_machines else amendment_grid(report)


def _amendment_json(report: "AmendmentReport") -> str:
    from planner.views.amendment import render_json

    return render_json(report)


def _anchor_grid(anchors: "Anchors", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.anchor_calendar import anchor_grid

    return anchor_grid(anchors.planner, anchors.days)


def _anchors_json(anchors: "Anchors") -> str:
    from planner.views.anchor_calendar import render_json

    return render_json(anchors.planner.course.protocol, anchors.planner, anchors.days)


def _burden_grid(burdens: "Burdens", for_machines: bool) -> "Grid":
    from planner.views.burden import burden_grid, burden_table

    return burden_table(burdens) if for_machines else burden_grid(burdens.protocol, burdens)


def _burden_json(burdens: "Burdens") -> str:
    from planner.views.burden import render_json

    return render_json(burdens.protocol, burdens)


def _calendar_grid(difference: "CalendarDifference", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.calendar_changes import changes_grid

    return changes_grid(difference.changes, difference.old, difference.new)


def _calendar_json(difference: "CalendarDifference") -> str:
    from planner.views.calendar_changes import render_json

    return render_json(difference.changes, difference.old, difference.new)


def _claims_grid(claims: "Claims", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.claims import claim_grid, list_grid

    if claims.is_single:
        return claim_grid(claims.record, claims.results[0])
    return list_grid(claims.record, list(claims.results))


def _claims_json(claims: "Claims") -> str:
    from planner.views.claims import render_json

    return render_json(claims.record, list(claims.results))


def _comparison_grid(comparison: "Comparison", for_machines: bool) -> "Grid":
    from planner.views.comparison import comparison_grid

    return comparison_grid(list(comparison.trials), as_lines=True if for_machines else None)


def _deviations_grid(report: "DeviationReport", for_machines: bool) -> "Grid":
    from planner.views.deviations import deviations_grid, table_for_machines

    return table_for_machines(report) if for_machines else deviations_grid(report)


def _deviations_json(report: "DeviationReport") -> str:
    from planner.views.deviations import render_json

    return render_json(report)


def _difference_grid(difference: "Difference", for_machines: bool) -> "Grid":
    from planner.views.difference import difference_grid

    return difference_grid(difference, for_machines=for_machines)


def _difference_text(difference: "Difference") -> str:
    from planner.views.difference import render_text

    return render_text(difference)


def _difference_markdown(difference: "Difference") -> str:
    from planner.views.difference import render_markdown

    return render_markdown(difference)


def _difference_json(difference: "Difference") -> str:
    from planner.views.difference import render_json

    return render_json(difference)


def _due_grid(answer: "DueList", for_machines: bool) -> "Grid":
    from planner.views.due import due_grid, table_for_machines

    return table_for_machines(answer) if for_machines else due_grid(answer)


def _due_json(answer: "DueList") -> str:
    from planner.views.due import render_json

    return render_json(answer)


def _findings_grid(findings: "Findings", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.notebook import findings_grid

    return findings_grid(findings)


def _glossary_grid(glossary: "Glossary", for_machines: bool) -> "Grid":
    from planner.views.glossary import glossary_grid

    return glossary_grid(glossary, for_machines=for_machines)


def _glossary_json(glossary: "Glossary") -> str:
    from planner.views.glossary import glossary_json

    return glossary_json(glossary)


def _glossary_table(glossary: Any, width: int, color: bool, plain: bool) -> str:  # noqa: ARG001
    from planner.views.glossary import glossary_text

    return glossary_text(glossary, width=width, color=color)


def _import_yaml(imported: "ImportedProtocol") -> str:
    return imported.text


def _import_text(imported: "ImportedProtocol") -> str:
    from planner.views.import_remarks import remark_lines

    return "\n".join(remark_lines(imported.source, imported.remarks, imported.protocol))


def _procedures_grid(answer: "Procedures", for_machines: bool) -> "Grid":
    from planner.views.procedures import procedures_grid, procedures_table

    grid = procedures_table if for_machines else procedures_grid
    return grid(answer.protocol, answer)


def _protocol_yaml(file: "ProtocolFile | Protocol") -> str:
    from planner.api.inputs import protocol_of
    from planner.protocol.short_form import short_form
    from planner.protocol.yaml_writing import protocol_yaml

    return protocol_yaml(short_form(protocol_of(file)))


def _protocol_json(file: "ProtocolFile | Protocol") -> str:
    from planner.api.inputs import protocol_of
    from planner.formats.usdm import study_json

    return study_json(protocol_of(file))


def _replay_grid(replay: "Replay", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.replay import replay_grid

    return replay_grid(replay)


def _replay_json(replay: "Replay") -> str:
    from planner.views.replay import replay_json

    return replay_json(replay)


def _timeline_json(timeline: "Timeline") -> str:
    from planner.views.timeline_data import render_json

    return render_json(timeline)


def _timeline_csv(timeline: "Timeline") -> str:
    from planner.views.timeline_data import render_csv

    return render_csv(timeline)


def _timeline_grid(timeline: "Timeline", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.timeline_data import timeline_grid

    return timeline_grid(timeline)


def _timings_grid(texts: "TimingTexts", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.timing_texts import texts_grid

    return texts_grid(texts.answers, texts.counts)


def _timings_json(texts: "TimingTexts") -> str:
    from planner.views.timing_texts import texts_json

    return texts_json(texts.answers, texts.counts)


def _enrolment_grid(answer: "Enrolments", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.enrolment import enrolment_grid

    return enrolment_grid(answer)


def _whatif_grid(answer: "WhatIf", for_machines: bool) -> "Grid":
    from planner.views.whatif import table_for_machines, whatif_grid

    return table_for_machines(answer) if for_machines else whatif_grid(answer)


def _whatif_json(answer: "WhatIf") -> str:
    from planner.views.whatif import render_json

    return render_json(answer)


def _evidence_grids(evidence: "Evidence") -> "list[Grid]":
    from planner.views.evidence import evidence_grid, kinds_grid, weakest_grid

    if len(evidence) == 1:
        return [kinds_grid(evidence[0]), weakest_grid(evidence[0])]
    return [evidence_grid(evidence)]


def _evidence_table(evidence: "Evidence", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.evidence import evidence_table

    return evidence_table(evidence)


def _evidence_json(evidence: "Evidence") -> str:
    from planner.views.evidence import render_json

    return render_json(evidence)


def _source_grids(support: "ProtocolSupport") -> "list[Grid]":
    from planner.views.sources import sources_grid, timings_grid

    return [timings_grid(support), sources_grid(support)]


def _support_table(support: "ProtocolSupport", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.sources import timings_grid

    return timings_grid(support)


def _source_json(support: "ProtocolSupport") -> str:
    from planner.views.sources import render_json

    return render_json(support)


def _document_text(document: Any, width: int, color: bool, plain: bool) -> str:  # noqa: ARG001
    from planner.views.tables.document import document_text

    return document_text(document, width=width, color=color)


def _document_markdown(document: "TableDocument") -> str:
    from planner.views.tables.document import document_markdown

    return document_markdown(document)


def _document_html(document: "TableDocument") -> str:
    from planner.views.tables.document import document_html

    return document_html(document)


def _protocol_document(file: "ProtocolFile | Protocol") -> str:
    from planner.api.inputs import protocol_of
    from planner.protocol.short_form import short_form
    from planner.views.json_document import render_document

    return render_document({"protocol": short_form(protocol_of(file))})


def _protocol_bibtex(file: "ProtocolFile | Protocol") -> str:
    from planner.api.inputs import protocol_of
    from planner.views.bibtex import render_bibtex

    return render_bibtex(protocol_of(file))


def _messages_text(messages: "ParticipantMessages") -> str:
    from planner.views.messages import render_text

    return render_text(messages)


def _messages_json(messages: "ParticipantMessages") -> str:
    from planner.views.messages import render_json

    return render_json(messages)


def _week_table(week: "WeekPlan", for_machines: bool) -> "Grid":  # noqa: ARG001
    from planner.views.week import table_for_machines

    return table_for_machines(week)


def _week_grids(week: "WeekPlan") -> "list[Grid]":
    from planner.views.week import week_grids

    return week_grids(week)


def _week_sheets(week: "WeekPlan") -> "dict[str, Grid]":
    return dict(zip(("Clashes", "Rooms and roles", "Visits"), _week_grids(week), strict=True))


def _week_document(week: "WeekPlan") -> "TableDocument":
    from planner.views.week import week_document

    return week_document(week)


def _week_html(week: "WeekPlan") -> str:
    return _document_html(_week_document(week))


def _week_json(week: "WeekPlan") -> str:
    from planner.views.week import render_json

    return render_json(week)


def _itself(grid: "Grid", for_machines: bool) -> "Grid":  # noqa: ARG001
    return grid


_PROTOCOL: dict[str, Callable[[Any], str]] = {
    "yaml": _protocol_yaml,
    "json": _protocol_json,
    "document": _protocol_document,
    "bibtex": _protocol_bibtex,
}
_GRIDS: dict[str, Callable[[Any, bool], "Grid"]] = {
    "AmendmentReport": _amendment_grid,
    "Anchors": _anchor_grid,
    "Burdens": _burden_grid,
    "CalendarDifference": _calendar_grid,
    "Checks": _check_grid,
    "Claims": _claims_grid,
    "Comparison": _comparison_grid,
    "DeviationReport": _deviations_grid,
    "Difference": _difference_grid,
    "DueList": _due_grid,
    "Enrolments": _enrolment_grid,
    "Evidence": _evidence_table,
    "Findings": _findings_grid,
    "Grid": _itself,
    "Glossary": _glossary_grid,
    "LibraryIndex": _library_grid,
    "Procedures": _procedures_grid,
    "ProtocolSupport": _support_table,
    "Replay": _replay_grid,
    "Timeline": _timeline_grid,
    "TimingTexts": _timings_grid,
    "WeekPlan": _week_table,
    "WhatIf": _whatif_grid,
}
"""What makes a grid of an answer, for people or for programs, by the name of its class."""
_TABLES: dict[str, Callable[[Any, int, bool, bool], str]] = {
    "Anchors": _anchor_table,
    "Check": _check_table,
    "Checks": _checks_table,
    "Glossary": _glossary_table,
    "LibraryIndex": _library_table,
    "Protocol": _protocol_table,
    "ProtocolFile": _protocol_table,
    "TableDocument": _document_text,
    "Timeline": _timeline_table,
}
"""What draws an answer on a terminal in a way of its own: columns, colours, plain letters."""
_SEVERAL: "dict[str, Callable[[Any], list[Grid]]]" = {
    "Evidence": _evidence_grids,
    "ProtocolSupport": _source_grids,
    "WeekPlan": _week_grids,
}
"""What makes several grids of an answer, one below the other, for people."""
_DOCUMENTS: "dict[str, Callable[[Any], TableDocument]]" = {"WeekPlan": _week_document}
"""What makes a document of an answer that is several tables."""
_SHEETS: "dict[str, Callable[[Any], dict[str, Grid]]]" = {"WeekPlan": _week_sheets}
"""What makes the sheets of a workbook, by their names, of an answer that is several tables."""
_TEXTS: dict[str, dict[str, Callable[[Any], str]]] = {
    "AmendmentReport": {"json": _amendment_json},
    "Anchors": {"json": _anchors_json},
    "Burdens": {"json": _burden_json},
    "CalendarDifference": {"json": _calendar_json},
    "Check": {name: _check_page(name) for name in ("markdown", "json")},
    "Checks": {"json": _checks_json},
    "Claims": {"json": _claims_json},
    "DeviationReport": {"json": _deviations_json},
    "Difference": {
        "text": _difference_text,
        "table": _difference_text,
        "markdown": _difference_markdown,
        "json": _difference_json,
    },
    "DueList": {"json": _due_json},
    "Evidence": {"json": _evidence_json},
    "Glossary": {"json": _glossary_json},
    "LibraryIndex": {"json": _library_json},
    "ParticipantMessages": {
        "text": _messages_text,
        "table": _messages_text,
        "json": _messages_json,
    },
    "ImportedProtocol": {"yaml": _import_yaml, "text": _import_text},
    "Protocol": _PROTOCOL,
    "ProtocolFile": _PROTOCOL,
    "ProtocolSupport": {"json": _source_json},
    "Replay": {"json": _replay_json},
    "TableDocument": {"markdown": _document_markdown, "html": _document_html},
    "Timeline": {"json": _timeline_json, "csv": _timeline_csv},
    "TimingTexts": {"json": _timings_json},
    "WeekPlan": {"html": _week_html, "json": _week_json},
    "WhatIf": {"json": _whatif_json},
}
"""What writes an answer in a format of its own, by the name of its class and the format."""
