"""Changes between two calendars as a table, and as data."""

from planner.formats.ical.changes import CalendarChanges, Detail, EventChange, Kind
from planner.notice import NOTICE
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line

_HEADS = (("change", "event", "what", "before", "after"),)


def changes_grid(changes: CalendarChanges, old: str, new: str) -> Grid:
    """A line per changed thing in the order of days; changes marked `!` have a remark below.

    Args:
        changes: from the former calendar to the later one.
        old: the former file, as it was named.
        new: the later file, as it was named.
    """
    lines: list[Line] = []
    for change in changes.changes:
        lines += _lines(change)
    for detail in changes.calendar:
        lines.append(Line(("calendar", "", detail.what, detail.old, detail.new)))
    notes = [_count_text(changes)]
    notes += _remarks(changes)
    return Grid(f"{old} to {new}", _HEADS if lines else (), tuple(lines), (*notes, NOTICE), 2)


def _lines(change: EventChange) -> list[Line]:
    name = change.summary + (f" ({change.instance})" if change.instance else "")
    details = change.details or (Detail("stamps only", "", ""),)
    lines = []
    for number, (what, old, new) in enumerate(details):
        mark = " !" if change.remarks else ""
        labels = (change.kind + mark, name) if not number else ("", "")
        lines.append(Line((*labels, what.lower() if what.isupper() else what, old, new)))
    return lines


def _remarks(changes: CalendarChanges) -> list[str]:
    """What is wrong with changes, each kind of it once, with the first event it is about."""
    sentences = [f"{remark.severity}: {remark.message}" for remark in changes.remarks]
    about: dict[str, list[str]] = {}
    for change in changes.changes:
        for remark in change.remarks:
            about.setdefault(f"{remark.severity}: {remark.message}", []).append(change.summary)
    for text, names in about.items():
        more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
        sentences.append(f"! {text} ({names[0]}{more})")
    return sentences


def _count_text(changes: CalendarChanges) -> str:
    kinds: tuple[Kind, ...] = (
        "added",
        "moved",
        "changed",
        "cancelled",
        "reinstated",
        "removed",
        "touched",
    )
    counts = [f"{changes.count(kind):,} {kind}" for kind in kinds if changes.count(kind)]
    counts.append(f"{changes.identical:,} identical")
    if changes.rewritten:
        counts.append(f"{changes.rewritten:,} with the same lines in another order")
    return ", ".join(counts) + "."


def render_json(changes: CalendarChanges, old: str, new: str) -> str:
    """The changes as JSON, format 1.

    Args:
        changes: from the former calendar to the later one.
        old: the former file, as it was named.
        new: the later file, as it was named.
    """
    data = {
        "old": old,
        "new": new,
        "same": changes.same,
        "identical": changes.identical,
        "rewritten": changes.rewritten,
        "changes": [
            {
                "kind": change.kind,
                "component": change.component,
                "uid": change.uid,
                "recurrence_id": change.instance or None,
                "summary": change.summary,
                "details": [detail._asdict() for detail in change.details],
                "remarks": [remark._asdict() for remark in change.remarks],
            }
            for change in changes.changes
        ],
        "calendar": [detail._asdict() for detail in changes.calendar],
        "remarks": [remark._asdict() for remark in changes.remarks],
    }
    return render_document(data)
