"""What the reader of an imported file remarked, as findings."""

import re
from collections.abc import Collection, Iterator

from planner.checks.finding import Finding
from planner.formats.usdm.json_object import Unreadable
from planner.protocol.document import Path
from planner.protocol.imported_document import SOURCE, Imported, Remark

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
