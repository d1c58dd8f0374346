"""Studies in files of other standards, read as protocol files that people go on with."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from planner.api.inputs import StrPath
    from planner.protocol.imported_document import Imported, Lost, Remark
    from planner.protocol.model import Protocol

UsdmTargets = Literal["exact", "preferred"]
OdmTargets = Literal["exact", "preferred", "ceiling"]
OdmTimings = Literal["both", "relative", "transition"]
TableWindowEnds = Literal["around-target", "from-baseline"]
USDM_TARGETS: tuple[UsdmTargets, ...] = ("exact", "preferred")
ODM_TARGETS: tuple[OdmTargets, ...] = ("exact", "preferred", "ceiling")
ODM_TIMINGS: tuple[OdmTimings, ...] = ("both", "relative", "transition")
TABLE_WINDOW_ENDS: tuple[TableWindowEnds, ...] = ("around-target", "from-baseline")


class ImportedProtocol(NamedTuple):
    """A study as a protocol file, with what is to be known of the way there.

    `render` gives its ``yaml``, and its remarks as ``text``; `write` makes the file.

    Attributes:
        source: the study's file, as it was named.
        protocol: what was read.
        text: the protocol file in YAML; what it lacks of its source stands at the top.
        remarks: what was left out (``left-out``), cannot be read (``mistake``), or was read in one
            of two ways (``reading``): a sentence each, with the place in the source; in the order
            of the reading.
        lost: how many visits and loops of the study no plan of the protocol shows.
    """

    source: str
    protocol: "Protocol"
    text: str
    remarks: "tuple[Remark, ...]"
    lost: "Lost"


def import_usdm(
    study: "StrPath",
    *,
    design: int | None = None,
    timeline: str | None = None,
    targets: UsdmTargets = "exact",
) -> ImportedProtocol:
    """Reads a USDM study, versions 3 and 4 in JSON, as a protocol file.

    Each rule names where it stands in the study. `load` reads one, too, with what is the default
    here, and without making a file of it.

    Args:
        study: the file; ``-`` is standard input.
        design: which study design, from 1; when ``None`` the first that has visits.
        timeline: name, label or id of a timeline; the main one when ``None``. Another one becomes a
            protocol of its own.
        targets: what a target without a window means: ``exact``, that very day, or ``preferred``,
            which sets no limit.

    Raises:
        PlannerError: the file cannot be read or is no study; there is no such design or timeline.
    """
    from planner.api.inputs import one_of, optional_text, path_text
    from planner.formats.usdm.read import read_study
    from planner.protocol.model import Protocol
    from planner.protocol.reading import read_document
    from planner.protocol.short_form import short_form
    from planner.protocol.validation import validate_model

    path = path_text(study, "study")
    chosen = one_of(targets, USDM_TARGETS, "targets")
    name = optional_text(timeline, "timeline", "the name of a timeline")
    document = read_document(path)
    imported = read_study(document, design=design, timeline=name, targets=chosen)
    protocol = validate_model(Protocol, imported.document)
    # The project's own exports bring their sources with them.
    noted = " Notes name the JSON path they were read from." if "usdm" in protocol.sources else ""
    return _protocol_file("usdm", path, noted, imported, protocol, short_form(protocol))


def import_odm(
    file: "StrPath",
    *,
    targets: OdmTargets = "exact",
    timings: OdmTimings = "both",
    workflow: str | None = None,
) -> ImportedProtocol:
    """Reads the schedule of an ODM v2 file (XML) as a protocol file; needs the extra `odm`.

    Each note names the OID and the XPath it was read from.

    Args:
        file: the file; ``-`` is standard input.
        targets: what a target without a window on a side means there: ``exact`` (that very day),
            ``preferred`` (no limit but the reference itself) or ``ceiling`` (the most).
        timings: ``relative`` reads the timings between visits, ``transition`` those on steps of the
            workflow, ``both`` both.
        workflow: OID of the workflow to follow; the study's own when ``None``.

    Raises:
        PlannerError: the file cannot be read safely or is no ODM v2; there is no such workflow;
            lxml is missing.
    """
    from planner.api.inputs import one_of, optional_text, path_text
    from planner.formats.odm import read_odm
    from planner.protocol.model import Protocol
    from planner.protocol.validation import validate_model

    path = path_text(file, "file")
    imported = read_odm(
        path,
        targets=one_of(targets, ODM_TARGETS, "targets"),
        timings=one_of(timings, ODM_TIMINGS, "timings"),
        workflow=optional_text(workflow, "workflow", "the OID of a workflow"),
    )
    data = imported.document.data
    assert isinstance(data, dict), "a document is a mapping"
    protocol = validate_model(Protocol, imported.document)
    noted = " Each note names the OID and the XPath it was read from."
    return _protocol_file("odm", path, noted, imported, protocol, data)


def import_table(
    file: "StrPath",
    *,
    sheet: str | None = None,
    columns: Mapping[str, str] | None = None,
    day_zero: bool | None = None,
    week_zero: bool | None = None,
    window_ends: TableWindowEnds | None = None,
    signed_minus: bool = False,
    anchor: str | None = None,
) -> ImportedProtocol:
    """Reads a table of visits (CSV, .xlsx, .docx) as a protocol file.

    A table has a visit a row, or visits in columns and marks where an activity is done.
    What its numbers mean is taken from the table where it has one reading; what has two, with other
    dates, is refused until it is chosen here. Each rule names its cells. Remarks list what was not
    understood, and begin with what the columns were read as.

    Args:
        file: the file; ``-`` is standard input, which is CSV.
        sheet: the sheet of a workbook, or ``table 2`` of a document, where several can be it.
        columns: the heading, or the letter, of the column of a meaning: ``name``, ``day`` (a
            numbered day), ``offset`` (days from the first day), ``minus`` and ``plus`` (days around
            the day), ``earliest`` and ``latest``, ``window``, ``activities``, ``epoch``.
        day_zero: whether the table's days have a Day 0; without one Day -1 is the day before Day 1.
        week_zero: whether its weeks have a Week 0.
        window_ends: whether ends of windows count from the visit's day (``around-target``) or as
            the table's days do (``from-baseline``).
        signed_minus: whether ``-3`` in a column of days before opens a window 3 days before.
        anchor: the name of the visit that days are counted from, where none is on the first day.

    Raises:
        PlannerError: the file cannot be read, is no table of visits or has two readings; an
            argument is none of those allowed.
    """
    from planner.api.inputs import one_of, optional_text, path_text
    from planner.formats.visit_tables import read_visit_table
    from planner.formats.visit_tables.columns import MEANINGS
    from planner.formats.visit_tables.day_numbers import Counting
    from planner.protocol.model import Protocol
    from planner.protocol.validation import validate_model

    path = path_text(file, "file")
    chosen = {one_of(key, MEANINGS, "columns"): name for key, name in (columns or {}).items()}
    counting = Counting(
        day_zero,
        week_zero,
        optional_text(anchor, "anchor", "the name of a visit"),
        None if window_ends is None else one_of(window_ends, TABLE_WINDOW_ENDS, "window_ends"),
        signed_minus,
    )
    imported = read_visit_table(
        path, optional_text(sheet, "sheet", "the name of a sheet"), chosen, counting
    )
    data = imported.document.data
    assert isinstance(data, dict), "a document is a mapping"
    protocol = validate_model(Protocol, imported.document)
    return _protocol_file("table", path, "", imported, protocol, data)


def _protocol_file(
    standard: str,
    path: str,
    noted: str,
    imported: "Imported",
    protocol: "Protocol",
    data: dict[str, object],
) -> ImportedProtocol:
    from planner.protocol.yaml_writing import protocol_yaml
    from planner.views.import_remarks import remark_comment

    name = "standard input" if path == "-" else path.replace("\\", "/").rsplit("/", 1)[-1]
    comment = (
        f"Made by `planner import {standard}` from {name}.{noted}"
        "\nA draft for people to check: research and education, not advice."
    )
    text = protocol_yaml(data, comment + remark_comment(imported.remarks, protocol))
    return ImportedProtocol(path, protocol, text, imported.remarks, imported.lost)
