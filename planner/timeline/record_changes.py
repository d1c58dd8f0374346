"""What a change of a participant's record is: which of its values became which."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from planner.timeline.record import Record

_SETTLED = ("booked", "occurred", "missed", "cancelled", "not-applicable", "unscheduled")


class RecordChange(NamedTuple):
    """One value of a record that became another one.

    Attributes:
        key: of the record: `withdrawn`, or `visits` and the like, of which ``item`` says which.
        item: the name in a mapping, or the position in a list; ``None`` for the value itself.
        old: plain data; ``None`` where nothing was.
        new: likewise; ``None`` where nothing is any more.
    """

    key: str
    item: str | int | None
    old: Any
    new: Any


def plain(record: Record) -> dict[str, Any]:
    """The record as JSON data: only what it says."""
    return record.model_dump(mode="json", exclude_unset=True, by_alias=True)


def changes_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[RecordChange, ...]:
    """What changes the one plain record into the other, in the order in which it is applied."""
    changes: list[RecordChange] = []
    for key in [*old, *(key for key in new if key not in old)]:
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict) and after:
            names = [*before, *(name for name in after if name not in before)]
            changes += [
                RecordChange(key, name, before.get(name), after.get(name))
                for name in names
                if before.get(name) != after.get(name)
            ]
        elif isinstance(before, list) and isinstance(after, list) and after:
            changes += _list_changes(key, before, after)
        else:
            changes.append(RecordChange(key, None, before, after))
    return tuple(changes)


def _list_changes(key: str, before: Sequence[Any], after: Sequence[Any]) -> list[RecordChange]:
    """What lies between the equal beginnings and ends of two lists, entry by entry."""
    shorter = min(len(before), len(after))
    start = 0
    while start < shorter and before[start] == after[start]:
        start += 1
    end = 0
    while end < shorter - start and before[-1 - end] == after[-1 - end]:
        end += 1
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    paired = min(len(old), len(new))
    changes = [
        RecordChange(key, start + at, old[at], new[at])
        for at in range(paired)
        if old[at] != new[at]
    ]
    gone = range(len(old) - 1, paired - 1, -1)  # from behind, so that positions stay right
    changes += [RecordChange(key, start + at, old[at], None) for at in gone]
    changes += [RecordChange(key, start + at, None, new[at]) for at in range(paired, len(new))]
    return changes


def applied(data: Mapping[str, Any], changes: Sequence[RecordChange]) -> dict[str, Any]:
    """The plain record after changes; the one given stays as it is.

    Raises:
        ValueError: a change does not fit what is there: its old value is another one.
    """
    result = dict(data)
    for change in changes:
        if change.item is None:
            _replaced(result, change.key, change)
        elif isinstance(change.item, str):
            result[change.key] = mapping = dict(result.get(change.key) or {})
            _replaced(mapping, change.item, change)
        else:
            result[change.key] = entries = list(result.get(change.key) or ())
            _replaced_entry(entries, change.item, change)
    return result


def _replaced(mapping: dict[str, Any], name: str, change: RecordChange) -> None:
    if mapping.get(name) != change.old:
        raise ValueError(f"`{change.key}` is not what the change says it was")
    if change.new is None:
        mapping.pop(name, None)
    else:
        mapping[name] = change.new


def _replaced_entry(entries: list[Any], at: int, change: RecordChange) -> None:
    if change.old is None:
        if not 0 <= at <= len(entries):
            raise ValueError(f"`{change.key}` has no place {at}")
        entries.insert(at, change.new)
        return
    if not 0 <= at < len(entries) or entries[at] != change.old:
        raise ValueError(f"`{change.key}` {at} is not what the change says it was")
    if change.new is None:
        del entries[at]
    else:
        entries[at] = change.new


def why_reason_needed(changes: Sequence[RecordChange]) -> str | None:
    """Which change needs a reason: of a visit that is booked, or that the record says more of.

    That a booked visit took place on its day needs none, and neither does a remark alone.
    """
    for change in changes:
        if change.key != "visits" or not isinstance(change.old, dict):
            continue
        if change.old.get("status") in _SETTLED and not _follows(change.old, change.new):
            occurrence = change.old.get("occurrence")
            name = change.old["visit"] + ("" if occurrence is None else f"-{occurrence}")
            return f"{name} is recorded as {change.old['status']}"
    return None


def _follows(old: Mapping[str, Any], new: Mapping[str, Any] | None) -> bool:
    """Whether a line says no more than that a visit took place as booked, or only a remark more."""
    if new is None:
        return False
    if any(new.get(key) != old.get(key) for key in ("visit", "occurrence")):
        return False
    if new.get("status") == old.get("status"):
        keys = (old.keys() | new.keys()) - {"note"}
        return all(
            old.get(key) == new.get(key) or (key == "end" and key not in old) for key in keys
        )
    took_place = old.get("status") == "booked" and new.get("status") == "occurred"
    return took_place and str(new.get("start"))[:10] == str(old.get("start"))[:10]
