"""All that is found in an imported file, made once for all checks that ask."""

from collections.abc import Iterator

from planner.checks.finding import Finding
from planner.checks.subject import Subject
from planner.formats.usdm.lint.import_remarks import remark_findings, unreadable_findings
from planner.formats.usdm.model import Design, Study
from planner.protocol.imported_document import Imported


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
    from planner.formats.usdm.read.not_represented import extensions_of

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
    from planner.formats.usdm.lint.anchors import anchor_findings
    from planner.formats.usdm.lint.chain import chain_findings
    from planner.formats.usdm.lint.encounters_epochs import linked_findings
    from planner.formats.usdm.lint.fields import field_findings
    from planner.formats.usdm.lint.labels import label_findings
    from planner.formats.usdm.lint.order import order_findings
    from planner.formats.usdm.lint.references import (
        DesignIds,
        design_references,
        timeline_references,
    )
    from planner.formats.usdm.lint.sub_timelines import inside_findings
    from planner.formats.usdm.lint.timing_graph import DesignGraph
    from planner.formats.usdm.lint.timings import timing_findings

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
