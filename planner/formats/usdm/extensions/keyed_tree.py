"""A document of our format as a tree in which parts with ids are found by their ids.

Visits of all epochs stand together there, each with its epoch, so that one that moves to another
epoch is still the same. A list of parts is a mapping from id to part that also keeps the order; a
list of timings is a mapping from their places, counted from 1.
"""

from collections.abc import Iterable, Mapping
from typing import Any

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
