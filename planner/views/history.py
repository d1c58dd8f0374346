"""What was changed in a store, when, by whom and why, as a table."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from planner.notice import NOTICE
from planner.store import RecordChange, StoredEvent
from planner.store.free_text import CLEARED, FreeText, with_texts
from planner.text import counted
from planner.views.tables.grid import Grid, Line

_HEADS = ("Event", "When (UTC)", "Who", "Participant", "What", "Before", "Now", "Reason")


class EventTexts(NamedTuple):
    """An event with the free texts of its participant by commitment; ``None`` for cleared ones."""

    event: StoredEvent
    texts: Mapping[str, str | None]


def history_grid(
    store: str,
    events: Iterable[EventTexts],
    *,
    visit: str | None = None,
    is_numbered: bool = True,
) -> Grid:
    """A line for each value that an event changed, in the order in which that happened.

    Args:
        store: what the store is called.
        events: of one participant, or of several.
        visit: only changes of visits that are recorded under this id; of all when ``None``.
        is_numbered: whether the numbers of the events are told, whose gaps tell of others.
    """
    rows = [row for entry in events for row in _rows(entry, visit)]
    used = [
        at
        for at in range(0 if is_numbered else 1, len(_HEADS))
        if not rows or any(row[at] for row in rows)
    ]
    return Grid(
        title=f"{store}: {counted(len(rows), 'change')}",
        heads=(tuple(_HEADS[at] for at in used),),
        lines=tuple(Line(tuple(row[at] for at in used)) for row in rows),
        notes=(NOTICE,),
    )


def texts_grid(participant: str, texts: Iterable[FreeText]) -> Grid:
    """A line for each free text of a participant, those that were cleared included."""
    lines = [
        Line((str(number), CLEARED if text.value is None else text.value))
        for number, text in enumerate(texts, start=1)
    ]
    return Grid(
        title=f"{participant}: {counted(len(lines), 'text')}",
        heads=(("No.", "Text"),),
        lines=tuple(lines),
        notes=(NOTICE,),
    )


def _rows(entry: EventTexts, visit: str | None) -> list[tuple[str, ...]]:
    event, texts = entry
    if event.kind == "redacted":
        changed = [(f"redaction of {counted(len(event.cleared), 'text')}", "", "")]
        changed = changed if visit is None else []
    else:
        changed = [
            (what_of(change), _value(change.old, texts), _value(change.new, texts))
            for change in _single(event.changes)
            if visit is None or visit in _visits(change)
        ]
    reason = "" if event.reason is None else texts.get(event.reason) or CLEARED
    when = event.at.replace("T", " ")[:16]
    return [(str(event.seq), when, event.who, event.stream, *row, reason) for row in changed]


def _single(changes: Iterable[RecordChange]) -> Iterable[RecordChange]:
    """Changes with those of a whole list or mapping told entry by entry."""
    for change in changes:
        entries = change.new if change.old is None else change.old
        if change.item is not None or not isinstance(entries, (list, dict)):
            if change.key != "participant":
                yield change
            continue
        for name, value in entries.items() if isinstance(entries, dict) else enumerate(entries):
            sides = (None, value) if change.old is None else (value, None)
            yield RecordChange(change.key, name, *sides)


def what_of(change: RecordChange) -> str:
    """What a change is of: the visit, or the record's key and the name in it."""
    visits = _visits(change)
    if visits:
        return visits[-1]
    if isinstance(change.item, str):
        return f"{change.key}: {change.item}"
    return change.key


def _visits(change: RecordChange) -> list[str]:
    """The names of the visit whose line changed, before and after; none of other changes."""
    if change.key != "visits":
        return []
    lines = [side for side in (change.old, change.new) if isinstance(side, dict)]
    names = [str(line["visit"]) for line in lines]
    whole = [f"{line['visit']}-{line['occurrence']}" for line in lines if "occurrence" in line]
    return [*names, *whole]


def _value(stored: Any, texts: Mapping[str, str | None]) -> str:
    value = with_texts(stored, texts)
    if value is None:
        return ""
    if isinstance(value, dict):
        parts = {key: part for key, part in value.items() if key not in ("visit", "occurrence")}
        status = [str(parts.pop(key)) for key in ("status", "start") if key in parts]
        return ", ".join([" ".join(status), *(f"{key} {part}" for key, part in parts.items())])
    if isinstance(value, list):
        return "; ".join(_value(part, texts) for part in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
