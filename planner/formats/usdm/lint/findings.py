"""Findings in a study: each check's usual severity, and paths that lead into the source."""

from collections.abc import Sequence

from planner.checks.finding import Finding, Related
from planner.formats.usdm.lint.titles import TITLES
from planner.protocol.document import Path
from planner.protocol.imported_document import SOURCE

_SEVERITIES = {check: severity for checks in TITLES.values() for check, severity, _ in checks}


def finding_at(
    check: str,
    message: str,
    path: Path,
    about: tuple[str, ...],
    hint: str | None = None,
    related: Sequence[tuple[str, Path]] = (),
    severity: str | None = None,
) -> Finding:
    """What a check found at a place of the study.

    Args:
        check: the check's id.
        message: what is wrong, and how it is read.
        path: the JSON path in the study.
        about: the ids by which a file can ignore it.
        hint: what to do.
        related: other places, and what is there.
        severity: where it is another than usual.
    """
    places = tuple(Related(text, (SOURCE, *other)) for text, other in related)
    severity = severity or _SEVERITIES[check]
    return Finding(check, severity, message, (SOURCE, *path), hint, places, about)
