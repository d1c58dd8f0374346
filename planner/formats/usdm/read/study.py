"""Reads a USDM study into a document of our own format, with what has to be known of it.

What it says beyond its schedule, which has no place in a protocol file, is counted.
"""

from collections.abc import Iterator

from planner.errors import PlannerError, argument, did_you_mean
from planner.formats.usdm.extensions.attributes import is_ours
from planner.formats.usdm.model import Design, Extension, ScheduleTimeline, Study, StudyVersion
from planner.formats.usdm.parse import study_of
from planner.formats.usdm.read.import_log import MAX_LINE_LENGTH, ImportLog, name_of
from planner.formats.usdm.read.protocol_document import native_document
from planner.protocol.amounts import LEFT_OUT
from planner.protocol.document import Document, Path
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import Imported, Lost, imported_document, json_path

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
                f"{at} {name_of(design)}" for at, design in enumerate(designs, 1)
            )
            account.reading(
                f"the study has {len(designs)} designs: {design_names}; read is {name_of(chosen)}",
                (*version.path, "studyDesigns"),
                f"`{argument('design')}` chooses another one, by its number",
                lost=Lost(sum(_planned(design) for design in designs if design is not chosen)),
            )
        return chosen
    if not 1 <= number <= len(designs):
        design_names = ", ".join(f"{at} {name_of(design)}" for at, design in enumerate(designs, 1))
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
        main_names = ", ".join(name_of(timeline) for timeline in main)
        account.reading(
            f"the design has {len(main)} main timelines: {main_names}; read is {name_of(main[0])}",
            (*design.path, "scheduleTimelines"),
            f"`{argument('timeline')}` chooses another one, by its name",
            lost=Lost(
                sum(not instance.is_decision for other in main[1:] for instance in other.instances)
            ),
        )
    if not main:
        account.reading(
            f"no timeline is the main one; read is {name_of(usable[0])}",
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
                raise document.refused(f"timeline {name_of(timeline)} has no visit", timeline.path)
            return timeline
    known = [
        name
        for timeline in timelines
        for name in (timeline.name, timeline.label, timeline.id)
        if name
    ]
    hint = did_you_mean(wanted, known, before="; ")
    timeline_names = ", ".join(name_of(timeline) for timeline in timelines[:20])
    raise PlannerError(
        f"{document.path}: there is no timeline {quoted(wanted)}; the design has"
        f" {timeline_names}{hint}"
    )


_VERSION = {
    "amendments": "amendments",
    "abbreviations": "abbreviations",
    "administrableProducts": "products",
    "medicalDevices": "devices",
    "biomedicalConcepts": "biomedical concepts",
    "bcCategories": "categories of biomedical concepts",
    "bcSurrogates": "surrogates of biomedical concepts",
    "dictionaries": "dictionaries",
    "eligibilityCriterionItems": "eligibility criteria",
    "narrativeContentItems": "texts of the protocol document",
    "organizations": "organisations",
    "referenceIdentifiers": "references to other documents",
}
_DESIGN = {
    "analysisPopulations": "analysis populations",
    "biospecimenRetentions": "rules on specimens",
    "characteristics": "characteristics",
    "estimands": "estimands",
    "objectives": "objectives",
    "therapeuticAreas": "therapeutic areas",
}


def tell_left_out(
    account: ImportLog, study: Study, version: StudyVersion, design: Design, main: ScheduleTimeline
) -> None:
    """One remark for all that is not about time, and one for each kind of thing that is."""
    _tell_other_subjects(account, version, design)
    _tell_elements(account, design)
    _tell_procedures(account, design)
    _tell_timeline(account, main)
    _tell_notes(account, version, design)
    _tell_extensions(account, study)


def tell_changed_texts(account: ImportLog, study: Study, data: object) -> None:
    """Counts the texts from which amounts were taken, and those that were cut."""
    amounts = cuts = 0
    stack = [data]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            amounts += LEFT_OUT in part
            cuts += len(part) >= MAX_LINE_LENGTH - 1 and part.endswith("…")
        elif isinstance(part, dict):
            stack += part.values()
        elif isinstance(part, list):
            stack += part
    if amounts:
        account.left_out(
            f"{amounts} texts name amounts, which stand only in labels of arms; they are left out"
            " of the texts",
            study.path,
        )
    if cuts:
        account.left_out(
            f"{cuts} names and titles are longer than {MAX_LINE_LENGTH} characters; their ends are"
            " left out",
            study.path,
        )


def _tell_other_subjects(account: ImportLog, version: StudyVersion, design: Design) -> None:
    data = _at(account.document.data, version.path)
    held = _at(account.document.data, design.path)
    counts = []
    first: Path | None = None
    for part, path, words in ((data, version.path, _VERSION), (held, design.path, _DESIGN)):
        for key, word in words.items():
            value = part.get(key) if isinstance(part, dict) else None
            if isinstance(value, list) and value:
                counts.append(f"{len(value)} {word}")
                first = first or (*path, key)
    if counts and first is not None:
        account.left_out(
            f"not about the schedule and left out: {', '.join(counts)}; the first are at"
            f" {json_path(first)}",
            first,
            expected=True,
        )


def _at(data: object, path: Path) -> object:
    for step in path:
        if isinstance(step, int):
            data = data[step] if isinstance(data, list) and step < len(data) else None
        else:
            data = data.get(step) if isinstance(data, dict) else None
    return data


def _tell_elements(account: ImportLog, design: Design) -> None:
    rules = [
        rule.path
        for element in design.elements
        for rule in (element.start_rule, element.end_rule)
        if rule is not None
    ]
    if rules:
        account.left_out(
            f"{len(design.elements)} study elements with {len(rules)} rules on their start and end"
            f" are left out; the first rule is at {json_path(rules[0])}",
            design.elements[0].path,
            "the cells of arms and epochs are read",
            expected=True,
        )


def _tell_procedures(account: ImportLog, design: Design) -> None:
    holding = [activity for activity in design.activities if activity.procedures]
    if holding:
        count = sum(len(activity.procedures) for activity in holding)
        account.left_out(
            f"{count} procedures of {len(holding)} activities are left out, the activities are"
            f" read; the first are at {json_path((*holding[0].path, 'definedProcedures'))}",
            (*holding[0].path, "definedProcedures"),
            expected=True,
        )


def _tell_timeline(account: ImportLog, main: ScheduleTimeline) -> None:
    if main.planned_duration is not None:
        account.left_out(
            f"the planned duration of the timeline, {quoted(main.planned_duration)}, is left out;"
            " its visits say how long it is",
            (*main.path, "plannedDuration"),
            expected=True,
        )


def _tell_notes(account: ImportLog, version: StudyVersion, design: Design) -> None:
    notes = [
        *version.notes,
        *design.notes,
        *(note for epoch in design.epochs for note in epoch.notes),
    ]
    if notes:
        account.left_out(
            f"{len(notes)} notes on the study, its design or its epochs are left out; the first is"
            f" at {json_path(notes[0].path)}",
            notes[0].path,
        )


def _tell_extensions(account: ImportLog, study: Study) -> None:
    from planner.formats.usdm.extensions.attributes import EXTENSIONS

    counted: dict[str, int] = {}
    first: Path | None = None
    for extension in extensions_of(study):
        if not extension.url.startswith(EXTENSIONS):
            counted[extension.url] = counted.get(extension.url, 0) + 1
            first = first or extension.path
    if first is not None:
        urls = sorted(counted, key=lambda url: (-counted[url], url))
        first_urls = ", ".join(f"{counted[url]} x {quoted(url)}" for url in urls[:10])
        more = f" and {len(urls) - 10} more addresses" if len(urls) > 10 else ""
        account.left_out(
            f"extension attributes of other programs are left out: {first_urls}{more}", first
        )


def extensions_of(study: Study) -> Iterator[Extension]:
    """All extension attributes of a study, wherever they stand."""
    yield from study.extensions
    for version in study.versions:
        yield from version.extensions
        for design in version.designs:
            yield from design.extensions
            for parts in (
                design.arms, design.epochs, design.elements, design.encounters, design.activities
            ):  # fmt: skip
                for part in parts:
                    yield from part.extensions
            for timeline in design.timelines:
                yield from timeline.extensions
                for instance in timeline.instances:
                    yield from instance.extensions
                for timing in timeline.timings:
                    yield from timing.extensions
