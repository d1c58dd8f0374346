"""All that is found in an imported file, made once for all checks that ask."""

from collections.abc import Iterator

from planner.checks.registry import Finding, Subject
from planner.checks.usdm.remarks import remark_findings, unreadable_findings
from planner.protocol.imported import Imported
from planner.protocol.usdm.study import Design, Study


def by_check(subject: Subject) -> dict[str, list[Finding]]:
    """The findings of each check of the family."""
    imported = subject.file.imported
    found: dict[str, list[Finding]] = {}
    if imported is not None:
        for finding in imported_findings(imported):
            found.setdefault(finding.check, []).append(finding)
    return found


def imported_findings(imported: Imported) -> list[Finding]:
    """Everything the family finds in a file."""
    found: list[Finding] = []
    if isinstance(imported.study, Study):
        found += study_findings(imported.study)
        found += unreadable_findings(imported, imported.study.unreadable)
    return [*found, *remark_findings(imported, found)]


def study_findings(study: Study) -> Iterator[Finding]:
    """What is wrong in time with a USDM study: all its versions, designs and timelines."""
    for version in study.versions:
        for design in version.designs:
            yield from design_findings(design)


def design_findings(design: Design) -> Iterator[Finding]:
    """What is wrong in time with one design."""
    from planner.checks.usdm.anchors import anchor_findings
    from planner.checks.usdm.chain import chain_findings
    from planner.checks.usdm.fields import field_findings
    from planner.checks.usdm.graph import Graph
    from planner.checks.usdm.inside import inside_findings
    from planner.checks.usdm.labels import label_findings
    from planner.checks.usdm.linked import linked_findings
    from planner.checks.usdm.order import order_findings
    from planner.checks.usdm.references import Known, design_references, timeline_references
    from planner.checks.usdm.timings import timing_findings

    graphs = [Graph(design, timeline) for timeline in design.timelines]
    known = Known(design)
    for graph in graphs:
        yield from timeline_references(graph, known)
        yield from field_findings(graph)
        yield from anchor_findings(graph)
        yield from chain_findings(graph)
        yield from timing_findings(graph)
        yield from order_findings(graph)
        yield from label_findings(graph)
    yield from design_references(design, known)
    yield from linked_findings(design, graphs)
    yield from inside_findings(design, graphs)
