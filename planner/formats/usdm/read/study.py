"""Reads a USDM study into a document of our own format, with what has to be known of it."""

from planner.arguments import argument
from planner.errors import PlannerError, did_you_mean
from planner.formats.usdm.extensions.attributes import is_ours
from planner.formats.usdm.model import Design, ScheduleTimeline, Study, StudyVersion
from planner.formats.usdm.parse import study_of
from planner.formats.usdm.read.import_log import ImportLog
from planner.formats.usdm.read.not_represented import (
    extensions_of,
    tell_changed_texts,
    tell_left_out,
)
from planner.formats.usdm.read.protocol_document import native_document
from planner.protocol.document import Document
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import Imported, Lost, imported_document

TARGETS = ("exact", "preferred")


def read_study(
    document: Document,
    *,
    design: int | None = None,
    timeline: str | None = None,
    targets: str = "exact",
) -> Imported:
    """Reads a USDM study as a protocol of ours that remembers where everything was read.

    Args:
        document: a JSON file as read.
        design: which study design, from 1; the first without one.
        timeline: name, label or id of a timeline; the main one without it. One that is not main
            is read as a protocol of its own.
        targets: `exact` or `preferred`, what a target without a window is.

    Raises:
        DocumentError: it is no study of a version that is read, or no timeline has a visit.
        PlannerError: there is no such design or timeline.
    """
    if targets not in TARGETS:
        hint = did_you_mean(targets, TARGETS, before="; ")
        raise PlannerError(
            f"{argument('targets')}: {quoted(targets)} is neither exact nor preferred{hint}"
        )
    study = study_of(document)
    attributes = [extension for extension in extensions_of(study) if is_ours(extension)]
    account = ImportLog(document, is_own=bool(attributes))
    account.note_problems(document.problems)
    for unreadable in study.unreadable:
        account.mistake(unreadable.message, unreadable.path)
    version = _version(account, study, document)
    chosen = _design(account, version, design, document)
    main = _timeline(account, chosen, timeline, document)
    data = native_document(
        account,
        study,
        version,
        chosen,
        main,
        with_events=timeline is None,
        targets=targets,
    )
    tell_left_out(account, study, version, chosen, main)
    tell_changed_texts(account, study, data)
    if attributes:
        from planner.formats.usdm.extensions.restore import restored

        whole = restored(account, data, tuple(attributes))
        data, origins = whole.document, whole.origins
    else:
        origins = account.origins(data)
    made = imported_document(document.path, document.lines, data, origins)
    return Imported(made, origins, account.remarks(), study, document)


def _version(account: ImportLog, study: Study, document: Document) -> StudyVersion:
    with_design = [version for version in study.versions if version.designs]
    if not with_design:
        raise document.refused("the study has no design", study.path)
    if len(study.versions) > 1:
        account.reading(
            f"the study has {len(study.versions)} versions; read is"
            f" {quoted(with_design[0].identifier or 'the first')}, the first with a design",
            (*study.path, "versions"),
        )
    return with_design[0]


def _design(
    account: ImportLog, version: StudyVersion, number: int | None, document: Document
) -> Design:
    designs = version.designs
    if number is None:
        chosen = next((design for design in designs if _has_visits(design)), designs[0])
        if len(designs) > 1:
            design_names = ", ".join(
                f"{at} {_name(design)}" for at, design in enumerate(designs, 1)
            )
            account.reading(
                f"the study has {len(designs)} designs: {design_names}; read is {_name(chosen)}",
                (*version.path, "studyDesigns"),
                f"`{argument('design')}` chooses another one, by its number",
                lost=Lost(sum(_planned(design) for design in designs if design is not chosen)),
            )
        return chosen
    if not 1 <= number <= len(designs):
        design_names = ", ".join(f"{at} {_name(design)}" for at, design in enumerate(designs, 1))
        raise PlannerError(
            f"{document.path}: there is no design {number}; the study has {design_names}"
        )
    return designs[number - 1]


def _planned(design: Design) -> int:
    """How many visits the main timelines of a design have."""
    main = [timeline for timeline in design.timelines if timeline.is_main] or design.timelines[:1]
    return sum(not instance.is_decision for timeline in main for instance in timeline.instances)


def _has_visits(design: Design) -> bool:
    return any(_is_visited(timeline) for timeline in design.timelines)


def _is_visited(timeline: ScheduleTimeline) -> bool:
    return any(not instance.is_decision for instance in timeline.instances)


def _timeline(
    account: ImportLog, design: Design, wanted: str | None, document: Document
) -> ScheduleTimeline:
    timelines = design.timelines
    if wanted is not None:
        return _named(timelines, wanted, document)
    usable = [timeline for timeline in timelines if _is_visited(timeline)]
    if not usable:
        raise document.refused("no timeline of the design has a visit", design.path)
    main = [timeline for timeline in usable if timeline.is_main]
    if len(main) > 1:
        main_names = ", ".join(_name(timeline) for timeline in main)
        account.reading(
            f"the design has {len(main)} main timelines: {main_names}; read is {_name(main[0])}",
            (*design.path, "scheduleTimelines"),
            f"`{argument('timeline')}` chooses another one, by its name",
            lost=Lost(
                sum(not instance.is_decision for other in main[1:] for instance in other.instances)
            ),
        )
    if not main:
        account.reading(
            f"no timeline is the main one; read is {_name(usable[0])}",
            (*design.path, "scheduleTimelines"),
            f"`{argument('timeline')}` chooses another one, by its name",
        )
    return (main or usable)[0]


def _named(
    timelines: tuple[ScheduleTimeline, ...], wanted: str, document: Document
) -> ScheduleTimeline:
    word = wanted.strip().lower()
    for timeline in timelines:
        names = [name.lower() for name in (timeline.name, timeline.label, timeline.id) if name]
        if word in names:
            if not _is_visited(timeline):
                raise document.refused(f"timeline {_name(timeline)} has no visit", timeline.path)
            return timeline
    known = [
        name
        for timeline in timelines
        for name in (timeline.name, timeline.label, timeline.id)
        if name
    ]
    hint = did_you_mean(wanted, known, before="; ")
    timeline_names = ", ".join(_name(timeline) for timeline in timelines[:20])
    raise PlannerError(
        f"{document.path}: there is no timeline {quoted(wanted)}; the design has"
        f" {timeline_names}{hint}"
    )


def _name(part: ScheduleTimeline | Design) -> str:
    return quoted(part.called or "?")
