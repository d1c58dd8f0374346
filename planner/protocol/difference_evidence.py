"""What differs in what a protocol is based on: sources, grades, notes, footnotes."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from planner.protocol.document import Path
from planner.protocol.evidence import Entry, Stated
from planner.protocol.model import Protocol
from planner.protocol.visit import Timing, Visit

_Key = tuple[str, ...]
"""The thing that has an id, as ``visits/dosing``, and the way from there."""


class EvidenceChange(NamedTuple):
    """One difference in the evidence; ``id`` is the nearest thing that has one."""

    kind: str
    id: str
    text: str
    old: Path | None
    new: Path | None


class _Statement(NamedTuple):
    stated: Stated
    path: Path


def evidence_changes(
    old: Protocol, new: Protocol, renamed: Mapping[str, str]
) -> Iterator[EvidenceChange]:
    """The differences in sources, grades and notes of what both versions state.

    ``renamed`` gives the new ids of visits that only have another one.
    """
    was = dict(_statements(old, (old.id,), (), renamed))
    now = dict(_statements(new, (old.id,), (), {}))
    for key, statement in now.items():
        if key in was:
            yield from _of_statement(key, was[key], statement)
    for field, word in (("sources", "source"), ("footnotes", "footnote")):
        yield from _of_keys(word, field, getattr(old, field), getattr(new, field))
    for field, word in (
        ("notices", "notice"), ("disagreements", "disagreement"), ("ignore", "accepted finding"),
    ):  # fmt: skip
        yield from _of_lists(word, field, getattr(old, field), getattr(new, field))


def _of_statement(key: _Key, old: _Statement, new: _Statement) -> Iterator[EvidenceChange]:
    stated, other = old.stated, new.stated
    name = key[0].rpartition("/")[2]
    where = f" of {' '.join(key[1:])}" if len(key) > 1 else ""
    if stated.grade != other.grade:
        text = f"grade{where} changed from {stated.grade or 'none'} to {other.grade or 'none'}"
        yield EvidenceChange("grade-changed", name, text, old.path, new.path)
    if stated.source != other.source:
        was, now = (", ".join(stated.source) or "none" for stated in (stated, other))
        text = f"source{where} changed from {was} to {now}"
        yield EvidenceChange("source-changed", name, text, old.path, new.path)
    if stated.note != other.note:
        text = f"note{where} {_verb(stated.note, other.note)}"
        yield EvidenceChange("note-changed", name, text, old.path, new.path)
    if (
        isinstance(stated, Visit)
        and isinstance(other, Visit)
        and stated.footnotes != other.footnotes
    ):
        was, now = (", ".join(visit.footnotes) or "none" for visit in (stated, other))
        text = f"footnotes changed from {was} to {now}"
        yield EvidenceChange("footnotes-changed", name, text, old.path, new.path)


def _verb(old: object, new: object) -> str:
    return "added" if old is None else "removed" if new is None else "reworded"


def _of_keys(
    word: str, field: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[EvidenceChange]:
    for name in {**new, **old}:
        was, now = old.get(name), new.get(name)
        if was != now:
            verb = _verb(was, now).replace("reworded", "changed")
            yield EvidenceChange(
                f"{word}-entry",
                name,
                f"{word} {verb}",
                None if was is None else (field, name),
                None if now is None else (field, name),
            )


def _of_lists(
    word: str, field: str, old: tuple[Any, ...], new: tuple[Any, ...]
) -> Iterator[EvidenceChange]:
    for at, entry in enumerate(new):
        if entry not in old:
            text = f"{word} added or changed"
            yield EvidenceChange(f"{_hyphened(word)}-added", field, text, None, (field, at))
    for at, entry in enumerate(old):
        if entry not in new:
            text = f"{word} removed or changed"
            yield EvidenceChange(f"{_hyphened(word)}-removed", field, text, (field, at), None)


def _hyphened(word: str) -> str:
    return word.replace(" ", "-")


def _statements(
    entry: Entry, key: _Key, path: Path, renamed: Mapping[str, str]
) -> Iterator[tuple[_Key, _Statement]]:
    """Everything that states something, by the ids and fields that lead to it."""
    if isinstance(entry, Stated):
        yield key, _Statement(entry, path)
    for name, field in type(entry).model_fields.items():
        value = getattr(entry, name)
        step = field.alias or name
        if isinstance(value, Entry):
            yield from _statements(value, (*key, step), (*path, step), renamed)
        elif isinstance(value, tuple):
            times: dict[_Key, int] = {}
            for at, part in enumerate(value):
                if not isinstance(part, Entry):
                    continue
                inner = _inner(key, step, part, renamed)
                times[inner] = times.get(inner, 0) + 1
                number = (str(times[inner]),) if times[inner] > 1 else ()
                yield from _statements(part, (*inner, *number), (*path, step, at), renamed)
        elif isinstance(value, dict):
            for name_of, part in value.items():
                if isinstance(part, Entry) and step != "sources":
                    inner = (*key, step, name_of) if path else (f"{step}/{name_of}",)
                    yield from _statements(part, inner, (*path, step, name_of), renamed)


def _inner(key: _Key, step: str, entry: Entry, renamed: Mapping[str, str]) -> _Key:
    """The key of one of several: its id, or what it counts from."""
    name = getattr(entry, "id", None)
    if isinstance(entry, Visit):
        return (f"{step}/{renamed.get(entry.id, entry.id)}",)
    if isinstance(entry, Timing):
        word = entry.visit
        return (*key, step, str(word._replace(visit=renamed.get(word.visit, word.visit))))
    if name is None:
        return (*key, step)
    own = step in ("arms", "epochs", "tracks", "reminders", "constraints")
    return (f"{step}/{name}",) if own else (*key, step, name)
