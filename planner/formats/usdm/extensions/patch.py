"""What a protocol says beyond its native reading from another standard, and putting it back.

The native reading is the document that the reader makes of a study's own fields alone. The residue
is the list of changes that turn it into the whole document again. Each change remembers what the
native reading gave, so that a field that somebody changed in another program keeps that change.

Documents here are plain data of our format in standard form (see `standard_form`). They are
compared as a tree in which parts with ids are found by id: epochs, visits (of all epochs together,
each with its epoch), arms, tracks and run-sheet items. What states one thing together is compared
as one: a timing with its source, the staff of a visit, an item of a run sheet.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from planner.protocol.model import Protocol

ABSENT = object()
"""Stands where a part of a document is not there at all."""

Steps = tuple[str, ...]
Tree = dict[str, Any]

ORDER = "(order)"
"""Key of the order of the parts beside them."""
EPOCH = "(epoch)"
"""Key of a visit's epoch in the tree."""
_VISIT = ("visits", "*")
KEYED = frozenset(
    {("arms",), ("epochs",), ("visits",), ("tracks",), (*_VISIT, "run_sheet", "items")}
)
TIMINGS = frozenset((*_VISIT, name) for name in ("after", "before", "first", "next"))
_MAPPINGS = ("sources", "roles", "activities", "decisions", "gates", "footnotes")
_PARTS = ("activities", "arms", "epochs", "visits")
_SINGLE = {(), (*_VISIT, "run_sheet"), *((name,) for name in _MAPPINGS)}
BY_KEY = KEYED | TIMINGS | _SINGLE | {(name, "*") for name in _PARTS}
"""The paths that are compared part by part; everything else is compared as a whole."""


def can_be_split(document: Mapping[str, Any]) -> bool:
    """Whether parts can be found by id: a file whose visits share an id is compared as a whole."""
    epochs = document.get("epochs", [])
    if not isinstance(epochs, list) or not _has_ids(epochs):
        return False
    if not all(isinstance(epoch.get("visits", []), list) for epoch in epochs):
        return False
    if not _has_ids([visit for epoch in epochs for visit in epoch.get("visits", [])]):
        return False
    return "visits" not in document


def _has_ids(parts: Any) -> bool:
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return False
    ids = [part.get("id") for part in parts]
    if not all(isinstance(id_, str) and not id_.startswith("(") for id_ in ids):
        return False
    return len(set(ids)) == len(ids)


def tree_of(document: Mapping[str, Any]) -> Tree:
    """The tree of a document that `can_be_split`."""
    flat = dict(document)
    if "epochs" in flat:
        epochs = flat["epochs"]
        flat["epochs"] = [
            {key: part for key, part in epoch.items() if key != "visits"} for epoch in epochs
        ]
        flat["visits"] = [
            {**visit, EPOCH: epoch["id"]} for epoch in epochs for visit in epoch.get("visits", [])
        ]
    tree = branch(flat, ())
    assert isinstance(tree, dict)
    return tree


def pattern_of(path: Steps) -> Steps:
    """The path with a star for every id or key."""
    return tuple(
        "*" if at == 1 and path[0] != "conventions" else step for at, step in enumerate(path)
    )


def branch(value: Any, path: Steps) -> Any:
    """What stands at a path of a document, as it stands in the tree."""
    pattern = pattern_of(path)
    if pattern in KEYED and isinstance(value, list):
        if not _has_ids(value):
            return value
        parts = {part["id"]: branch(part, (*path, part["id"])) for part in value}
        return {ORDER: [part["id"] for part in value], **parts}
    if pattern in TIMINGS and isinstance(value, list):
        if not value:
            return value
        return {str(at + 1): timing for at, timing in enumerate(value)}
    if isinstance(value, dict) and pattern in BY_KEY:
        return {key: branch(part, (*path, key)) for key, part in value.items()}
    return value


def leaf(value: Any, path: Steps) -> Any:
    """The inverse of `branch`."""
    pattern = pattern_of(path)
    if isinstance(value, dict):
        if pattern in KEYED:
            return [leaf(value[key], (*path, key)) for key in value[ORDER]]
        if pattern in TIMINGS:
            return [value[key] for key in sorted(value, key=int)]
        if pattern in BY_KEY:
            return {key: leaf(part, (*path, key)) for key, part in value.items()}
    return value


def plain_at(value: Any, path: Steps) -> Any:
    """The same, with `ABSENT` and the orders of parts staying what they are."""
    return value if value is ABSENT or path[-1] == ORDER else leaf(value, path)


def document_of(tree: Tree) -> dict[str, Any]:
    """The inverse of `tree_of`."""
    document = leaf(tree, ())
    assert isinstance(document, dict)
    visits = document.pop("visits", None)
    if visits is None or "epochs" not in document:
        return document
    by_epoch: dict[str, list[Any]] = {epoch["id"]: [] for epoch in document["epochs"]}
    last = next(iter(by_epoch), None)
    for visit in visits:
        epoch_id = visit.pop(EPOCH, None)
        # A visit whose epoch is gone stays with those before it.
        last = epoch_id if epoch_id in by_epoch else last
        if last is not None:
            by_epoch[last].append(visit)
    document["epochs"] = [
        {**epoch, "visits": by_epoch[epoch["id"]]} for epoch in document["epochs"]
    ]
    return document


def part_at(tree: Tree, path: Iterable[str]) -> Any:
    """What stands at a path of the tree, or `ABSENT`."""
    part: Any = tree
    for step in path:
        if not isinstance(part, dict) or step not in part:
            return ABSENT
        part = part[step]
    return part


CYCLE_GROUP = "visits of "
"""How the groups of visits are called that stand for those of a cycle."""
_REFERENCES = ("visit", "from", "to", "until", "anchor", "about", "at")


class FieldChange(NamedTuple):
    """One field of the document: the value to put in place of what the native reading gave.

    Either may be `ABSENT`. Changes of one ``group`` hold together or not at all.
    """

    path: Steps
    value: Any
    in_place_of: Any
    group: str | None = None


class RejectedChange(NamedTuple):
    """A change that was not made, and why."""

    change: FieldChange
    reason: str


class PatchResult(NamedTuple):
    """The document with all changes that still fit, and those that did not."""

    document: dict[str, Any]
    stale: tuple[RejectedChange, ...]


def residue(native: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[FieldChange]:
    """The changes that turn the native reading into the document wanted; applied to it, equal."""
    if not (can_be_split(native) and can_be_split(wanted)):
        return [
            FieldChange((key,), wanted.get(key, ABSENT), native.get(key, ABSENT), "document")
            for key in sorted({*native, *wanted})
            if native.get(key, ABSENT) != wanted.get(key, ABSENT)
        ]
    before, after = tree_of(native), tree_of(wanted)
    changes = _grouped(list(_differences(before, after, ())), before, after)
    # Order is told only where putting the parts back does not already give it.
    reached = tree_of(apply_residue(native, changes).document)
    for path in _orders(reached, after):
        old = part_at(before, path)
        changes.append(FieldChange(path, part_at(after, path), old))
    return changes


def apply_residue(native: Mapping[str, Any], changes: Sequence[FieldChange]) -> PatchResult:
    """The native reading with the changes put back; those that no longer fit are told.

    Args:
        native: the document that the study's own fields give, in standard form.
        changes: the residue, in any order.
    """
    if not can_be_split(native):
        document = dict(native)
        stale = tuple(RejectedChange(change, "ids stand twice") for change in changes)
        return PatchResult(document, stale)
    whole = [change for change in changes if change.group == "document"]
    if whole:
        return _replaced(native, changes)
    tree = tree_of(native)
    outdated = _outdated(tree, changes)
    dropped = {id(rejected_change.change) for rejected_change in outdated}
    held = [change for change in changes if id(change) not in dropped]
    for change in sorted(held, key=_turn):
        _put(tree, change)
    return PatchResult(document_of(tree), tuple(outdated))


def native_before(native: Mapping[str, Any], applied: PatchResult) -> dict[str, Any]:
    """The native reading as it was when the residue was written, as far as its changes tell."""
    tree = tree_of(native)
    turned = [
        rejected_change.change._replace(value=rejected_change.change.in_place_of)
        for rejected_change in applied.stale
    ]
    for change in sorted((change for change in turned if _is_sound(change)), key=_turn):
        _put(tree, change)
    return document_of(tree)


def _replaced(native: Mapping[str, Any], changes: Sequence[FieldChange]) -> PatchResult:
    document = dict(native)
    stale = []
    for change in changes:
        present = native.get(change.path[0], ABSENT) if len(change.path) == 1 else ABSENT
        if len(change.path) != 1 or present != change.in_place_of:
            stale.append(RejectedChange(change, "changed"))
        elif change.value is ABSENT:
            document.pop(change.path[0], None)
        else:
            document[change.path[0]] = change.value
    return PatchResult(document, tuple(stale))


def _turn(change: FieldChange) -> tuple[int, int, Steps]:
    """Parts go first, then what is in parts, then the order of parts."""
    if change.path[-1] == ORDER:
        return 2, len(change.path), change.path
    return int(change.value is not ABSENT), len(change.path), change.path


def _outdated(tree: Tree, changes: Sequence[FieldChange]) -> list[RejectedChange]:
    stale = []
    failed: set[str] = set()
    for change in changes:
        present = plain_at(part_at(tree, change.path), change.path)
        is_sound = _is_sound(change)
        if not is_sound or present != change.in_place_of or not _has_place(tree, change, changes):
            reason = "changed" if is_sound and present != change.in_place_of else "no place"
            stale.append(RejectedChange(change, reason))
            if change.group:
                failed.add(change.group)
    rejected = {id(rejected_change.change) for rejected_change in stale}
    lost: set[str] = set()
    for change in changes:
        if change.group in failed and change.group is not None:
            if id(change) not in rejected:
                stale.append(RejectedChange(change, "group"))
                rejected.add(id(change))
            if change.path[0] == "visits" and len(change.path) == 2 and change.value is not ABSENT:
                lost.add(change.path[1])
    if lost:
        stale += [
            RejectedChange(change, "names what is not there")
            for change in changes
            if id(change) not in rejected and lost & set(_named(change.value, change.path[-1]))
        ]
    return stale


def _is_sound(change: FieldChange) -> bool:
    """Whether the change could have come from `residue`; a file may hold anything."""
    *way, key = change.path
    if not all(pattern_of(change.path[:end]) in BY_KEY for end in range(len(change.path))):
        return False
    if key == ORDER:
        return isinstance(change.value, list) and all(isinstance(id_, str) for id_ in change.value)
    holder = pattern_of(tuple(way))
    if change.value is ABSENT:
        return True
    if holder in KEYED:
        return isinstance(change.value, dict) and change.value.get("id") == key
    if holder in TIMINGS:
        return re.fullmatch("[0-9]{1,4}", key) is not None
    return pattern_of(change.path) not in (("epochs",), ("visits",))


def _has_place(tree: Tree, change: FieldChange, changes: Sequence[FieldChange]) -> bool:
    """Whether what the change goes into is there, or is put there by another change."""
    for end in range(1, len(change.path)):
        holder = change.path[:end]
        held = part_at(tree, holder)
        if isinstance(held, dict) or (held is ABSENT and len(holder) == 1):
            continue
        if not any(change.path == holder and change.value is not ABSENT for change in changes):
            return False
    return True


def _named(value: Any, key: str) -> Iterator[str]:
    """The ids of visits that a value refers to."""
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _named(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from _named(part, key)
    elif isinstance(value, str) and key in _REFERENCES:
        yield re.sub(r"\.(start|end)$", "", value.rpartition(" ")[2])


def _differences(before: Tree, after: Tree, path: Steps) -> Iterator[FieldChange]:
    for key in [*before, *(key for key in after if key not in before)]:
        inner_path = (*path, key)
        if key == ORDER:
            continue
        old, new = before.get(key, ABSENT), after.get(key, ABSENT)
        if old == new:
            continue
        both = isinstance(old, dict) and isinstance(new, dict)
        if both and pattern_of(inner_path) in BY_KEY:
            yield from _differences(old, new, inner_path)
        else:
            yield FieldChange(inner_path, plain_at(new, inner_path), plain_at(old, inner_path))


def _grouped(changes: list[FieldChange], before: Tree, after: Tree) -> list[FieldChange]:
    """The changes that hold together.

    Visits that go and visits that come in one epoch belong together, and so does its cycle. So do
    timings of a visit from one reference: the native reading may have joined them.
    """
    homes = [_home(change, before, after) for change in changes]
    sides: dict[str, set[bool]] = {}
    for change, home in zip(changes, homes, strict=True):
        if home is not None and change.path[0] == "visits":
            sides.setdefault(home, set()).add(change.value is ABSENT)
    references = Counter(_reference(change) for change in changes)
    grouped = []
    for change, home in zip(changes, homes, strict=True):
        group = None
        reference = _reference(change)
        if home is not None and len(sides.get(home, ())) == 2:
            group = f"{CYCLE_GROUP}{home}"
        elif reference is not None and references[reference] > 1:
            group = f"timings of {' from '.join(reference)}"
        grouped.append(change._replace(group=group))
    return grouped


def _reference(change: FieldChange) -> tuple[str, str] | None:
    """The visit that a timing is of, and the reference that it counts from."""
    if len(change.path) == 4 and pattern_of(change.path[:3]) in TIMINGS:
        for timing in (change.value, change.in_place_of):
            if isinstance(timing, dict):
                return change.path[1], str(timing.get("visit"))
    return None


def _home(change: FieldChange, before: Tree, after: Tree) -> str | None:
    """The epoch of a whole visit that goes or comes, or the one whose cycle changes."""
    if change.path[0] == "visits" and len(change.path) == 2:
        tree = before if change.value is ABSENT else after
        return str(part_at(tree, (*change.path, EPOCH)))
    if change.path[0] == "epochs" and change.path[2:] == ("cycle",):
        return change.path[1]
    return None


def _orders(reached: Tree, after: Tree, path: Steps = ()) -> Iterator[Steps]:
    for key, part in after.items():
        inner_path = (*path, key)
        if key == ORDER:
            if part_at(reached, inner_path) != part:
                yield inner_path
        elif isinstance(part, dict) and pattern_of(inner_path) in BY_KEY:
            yield from _orders(reached, part, inner_path)


def _put(tree: Tree, change: FieldChange) -> None:
    *way, key = change.path
    holder = tree
    for at, step in enumerate(way):
        inner = holder.get(step)
        if not isinstance(inner, dict):
            inner = {ORDER: []} if pattern_of(tuple(way[: at + 1])) in KEYED else {}
            holder[step] = inner
        holder = inner
    if key == ORDER:
        holder[ORDER] = _in_order(holder.get(ORDER, []), change.value)
        return
    order = holder.get(ORDER) if isinstance(holder.get(ORDER), list) else None
    if change.value is ABSENT:
        holder.pop(key, None)
        if order is not None and key in order:
            order.remove(key)
        return
    holder[key] = branch(change.value, change.path)
    if order is not None and key not in order:
        order.append(key)


def _in_order(present: list[str], wanted: Any) -> list[str]:
    """The ids present, in the order wanted; one that is not named stays behind its neighbour."""
    places = {id_: at for at, id_ in enumerate(wanted)} if isinstance(wanted, list) else {}
    keyed: list[tuple[int, int, str]] = []
    last = -1
    for at, id_ in enumerate(present):
        last = places.get(id_, last)
        keyed.append((last, at if id_ not in places else -1, id_))
    return [id_ for *_, id_ in sorted(keyed)]


def standard_form(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document as the model of a protocol writes it: `7d` as `1w`, a lone timing as a list.

    A document that is no valid protocol stays as it is.
    """
    try:
        protocol = Protocol.model_validate(document, by_alias=True, by_name=False)
    except ValidationError:
        return dict(document)
    return protocol_document(protocol)


def protocol_document(protocol: Protocol) -> dict[str, Any]:
    """A protocol as a document in standard form, with what was written and nothing more."""
    return protocol.model_dump(mode="json", exclude_unset=True, by_alias=True)
