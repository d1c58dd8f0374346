"""Counts what a study says beyond its schedule, which has no place in a protocol file."""

from collections.abc import Iterator

from planner.formats.usdm.model import Design, Extension, ScheduleTimeline, Study, StudyVersion
from planner.formats.usdm.read.import_log import MAX_LINE_LENGTH, ImportLog
from planner.protocol.amounts import LEFT_OUT
from planner.protocol.document import Path
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import json_path

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
