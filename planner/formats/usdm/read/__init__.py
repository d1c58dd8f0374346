"""USDM, CDISC's model of studies, read as protocols of ours."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.protocol.document import Document
    from planner.protocol.imported_document import Imported


def read_study(
    document: "Document",
    *,
    design: int | None = None,
    timeline: str | None = None,
    targets: str = "exact",
) -> "Imported":
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
    from planner.formats.usdm.read.study import imported_study

    return imported_study(document, design, timeline, targets)
