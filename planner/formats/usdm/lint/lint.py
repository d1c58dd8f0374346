"""All that is found in an imported file, and its reader's remarks, made once for all checks."""

import re
from collections.abc import Collection, Iterator

from planner.checks.finding import Finding
from planner.checks.subject import Subject
from planner.formats.usdm.model import Design, Study, Unreadable
from planner.protocol.document import Path
from planner.protocol.imported_document import SOURCE, Imported, Remark


def by_check(subject: Subject) -> dict[str, list[Finding]]:
    """The findings of each check of the family."""
    imported = subject.file.imported
    findings: dict[str, list[Finding]] = {}
    if imported is not None:
        for finding in imported_findings(imported):
            findings.setdefault(finding.check, []).append(finding)
    return findings


def imported_findings(imported: Imported) -> list[Finding]:
    """Everything the family finds in a file."""
    findings: list[Finding] = []
    if isinstance(imported.study, Study):
        findings += study_findings(imported.study, in_order=_has_further_rules(imported))
        findings += unreadable_findings(imported, imported.study.unreadable)
    return [*findings, *remark_findings(imported, findings)]


def _has_further_rules(imported: Imported) -> bool:
    """Whether the order of visits rests on rules in attributes, too, all of which still hold.

    The project's own exports have one timing for each visit, and further rules beside it; what is
    read of both together is examined by the checks of protocols.
    """
    from planner.formats.usdm.extensions.attributes import is_ours
    from planner.formats.usdm.read.study import extensions_of

    assert isinstance(imported.study, Study)
    return not imported.remarks and any(map(is_ours, extensions_of(imported.study)))


def study_findings(study: Study, *, in_order: bool = False) -> Iterator[Finding]:
    """What is wrong in time with a USDM study: all its versions, designs and timelines.

    ``in_order``: the order of its visits is examined elsewhere.
    """
    for version in study.versions:
        for design in version.designs:
            yield from design_findings(design, in_order=in_order)


def design_findings(design: Design, *, in_order: bool = False) -> Iterator[Finding]:
    """What is wrong in time with one design; ``in_order`` as with `study_findings`."""
    from planner.formats.usdm.lint.chain import chain_findings
    from planner.formats.usdm.lint.encounters_epochs import inside_findings, linked_findings
    from planner.formats.usdm.lint.fields import field_findings
    from planner.formats.usdm.lint.labels import label_findings
    from planner.formats.usdm.lint.order import order_findings
    from planner.formats.usdm.lint.references import (
        DesignIds,
        design_references,
        timeline_references,
    )
    from planner.formats.usdm.lint.timing_graph import DesignGraph
    from planner.formats.usdm.lint.timings import anchor_findings, timing_findings

    graphs = [DesignGraph(design, timeline) for timeline in design.timelines]
    known = DesignIds(design)
    for graph in graphs:
        yield from timeline_references(graph, known)
        yield from field_findings(graph)
        yield from anchor_findings(graph)
        yield from chain_findings(graph)
        yield from timing_findings(graph)
        if not in_order:
            yield from order_findings(graph)
        yield from label_findings(graph)
    yield from design_references(design, known)
    yield from linked_findings(design, graphs)
    yield from inside_findings(design, graphs)


_STEP = re.compile(r"\.([A-Za-z_][A-Za-z_0-9]*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]")
_KINDS = {
    "reading": ("import-reading", "note"),
    "left-out": ("not-represented", "note"),
    "mistake": ("unreadable-field", "warning"),
}
_TIMELINE_STEPS = 8
"""Steps to a timeline: $, study, versions, 0, studyDesigns, 0, scheduleTimelines, 0."""


def remark_findings(imported: Imported, findings: Collection[Finding]) -> Iterator[Finding]:
    """A finding for each remark, but for what another finding at the same place tells."""
    exact = {finding.path for finding in findings}
    # What is told of one field of a timing or a condition is often remarked of all of it.
    around = {path[:end] for path in exact for end in range(_least_common(path), len(path) + 1)}
    for remark in imported.remarks:
        path = source_path(imported, remark)
        # Of a key that stands twice the path leads to the first, and the remark is of the second.
        elsewhere = None if remark.origin == imported.origin(path) else remark.origin
        told_already = path in exact or (remark.kind != "left-out" and path in around)
        if told_already and elsewhere is None:
            continue
        check_id, severity = _KINDS[remark.kind]
        about = (remark.origin.text[-60:],)
        yield Finding(check_id, severity, remark.message, path, remark.hint, (), about, elsewhere)


def _least_common(path: Path) -> int:
    """How many steps lead to the timing, or the condition of an instance, that a path is in."""
    kind = path[_TIMELINE_STEPS : _TIMELINE_STEPS + 1]
    return _TIMELINE_STEPS + (2 if kind == ("timings",) else 4)


def unreadable_findings(
    imported: Imported, unreadable: Collection[Unreadable]
) -> Iterator[Finding]:
    """A finding for each field of another type than it should be that no remark is about."""
    remarked = {
        source_path(imported, remark) for remark in imported.remarks if remark.kind == "mistake"
    }
    for message, path in unreadable:
        place = (SOURCE, *path)
        if place not in remarked:
            about = (str(path[-1]) if path else "study",)
            yield Finding("unreadable-field", "warning", message, place, None, (), about)


def source_path(imported: Imported, remark: Remark) -> Path:
    """The path into the source behind a remark's origin; an XPath is a single step."""
    text = remark.origin.text
    if imported.source is None or not text.startswith(SOURCE):
        return (SOURCE, text)
    steps: list[str | int] = []
    at = 1
    while at < len(text):
        match = _STEP.match(text, at)
        if match is None:
            return (SOURCE, text)
        if match[2] is not None:
            steps.append(int(match[2]))
        else:
            name = match[1] if match[1] is not None else re.sub(r"\\(.)", r"\1", match[3])
            steps.append(name)
        at = match.end()
    return (SOURCE, *steps)
