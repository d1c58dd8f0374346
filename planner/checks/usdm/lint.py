"""All that is found in an imported file, made once for all checks that ask."""

from collections.abc import Iterator

from planner.checks.finding import Finding
from planner.checks.subject import Subject
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
        found += study_findings(imported.study, in_order=_has_further_rules(imported))
        found += unreadable_findings(imported, imported.study.unreadable)
    return [*found, *remark_findings(imported, found)]


def _has_further_rules(imported: Imported) -> bool:
    """Whether the order of visits rests on rules in attributes, too, all of which still hold.

    The project's own exports have one timing for each visit, and further rules beside it; what is
    read of both together is examined by the checks of protocols.
    """
    from planner.protocol.usdm.extensions import is_ours
    from planner.protocol.usdm.left_out import extensions_of

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
        if not in_order:
            yield from order_findings(graph)
        yield from label_findings(graph)
    yield from design_references(design, known)
    yield from linked_findings(design, graphs)
    yield from inside_findings(design, graphs)
