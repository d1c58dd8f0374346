"""How the residue of a protocol stands in a USDM study: as extension attributes of one URL base.

Each change is one attribute on the object it belongs to, with attributes inside it: ``at`` (the
path in the protocol, a JSON list), ``value`` and ``in-place-of`` (JSON; absent where there is
nothing), and ``group`` for changes that hold together or not at all. USDM wants an attribute to
have a value or attributes in it, never both.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from planner.formats.usdm.extensions.patch import ABSENT, FieldChange
from planner.formats.usdm.model import Extension

EXTENSIONS = "https://trial-session-planner.invalid/usdm/1/"
"""What the address of every extension attribute starts with; 1 is the version of their meaning."""
NOTICE_URL = EXTENSIONS + "notice"

_MAX_PATH_DEPTH = 6


class Read(NamedTuple):
    """The changes in the attributes of a study, each with the attribute it was read from.

    ``unreadable`` are attributes of the URL base that say nothing readable.
    """

    changes: tuple[tuple[FieldChange, Extension], ...]
    unreadable: tuple[Extension, ...]


def url_of(change: FieldChange) -> str:
    """The address of a change's attribute: what it is about, such as `.../visit/staff`."""
    first, *rest = change.path
    if not rest:
        return f"{EXTENSIONS}protocol/{first}"
    word = "activity" if first == "activities" else first.removesuffix("s")
    inside = [step for step in rest[1:] if not step.isdecimal()]
    return EXTENSIONS + "/".join([word, *inside[:1]]).replace("(", "").replace(")", "")


def attribute(change: FieldChange, new_id: Callable[[], str]) -> dict[str, Any]:
    """The attribute of one change as JSON data; ``new_id`` gives each object in it its id."""
    held = [("at", list(change.path))]
    held += [("value", change.value)] if change.value is not ABSENT else []
    held += [("in-place-of", change.in_place_of)] if change.in_place_of is not ABSENT else []
    texts = [(name, json.dumps(value, ensure_ascii=False)) for name, value in held]
    texts += [("group", change.group)] if change.group is not None else []
    outer = new_id()
    return {
        "id": outer,
        "url": url_of(change),
        "extensionAttributes": [
            text_attribute(EXTENSIONS + name, text, new_id()) for name, text in texts
        ],
        "instanceType": "ExtensionAttribute",
    }


def text_attribute(url: str, text: str, attribute_id: str) -> dict[str, Any]:
    """An attribute that holds a text."""
    return {
        "id": attribute_id,
        "url": url,
        "valueString": text,
        "extensionAttributes": [],
        "instanceType": "ExtensionAttribute",
    }


def is_ours(extension: Extension) -> bool:
    """Whether the attribute is one that this planner writes."""
    return extension.url.startswith(EXTENSIONS)


def read_changes(extensions: Iterable[Extension]) -> Read:
    """The changes that the attributes of this URL base hold, wherever in the study they stand.

    Attributes of other addresses are passed over, and so is the notice.
    """
    changes = []
    unreadable = []
    for extension in extensions:
        if not is_ours(extension) or extension.url == NOTICE_URL:
            continue
        change = _change(extension)
        if change is None:
            unreadable.append(extension)
        else:
            changes.append((change, extension))
    return Read(tuple(changes), tuple(unreadable))


def _change(extension: Extension) -> FieldChange | None:
    held = {
        extension.url.removeprefix(EXTENSIONS): extension.value
        for extension in extension.extensions
    }
    try:
        path = json.loads(held.get("at") or "null")
        value, in_place_of = (
            ABSENT if held.get(name) is None else json.loads(held[name] or "")
            for name in ("value", "in-place-of")
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(path, list) or not 1 <= len(path) <= _MAX_PATH_DEPTH:
        return None
    if not all(isinstance(step, str) and step for step in path):
        return None
    return FieldChange(tuple(path), value, in_place_of, held.get("group"))
