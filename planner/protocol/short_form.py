"""A protocol as a document in the short form in which people write one.

The model's own form says the same at length: `duration: {value: 8h}`, `after: [{visit: ...}]`,
`staff: {roles: {therapist: 2}}`, with the source before what it is the source of.
"""

from typing import Any

from planner.protocol.model import Protocol

Part = dict[str, Any]
_LAST = ("source", "grade", "note")
_HEAD = (
    "format", "id", "title", "version", "date", "status", "registry", "identity", "design",
    "blinded", "allocation", "substance", "condition", "anchor", "day_zero", *_LAST,
)  # fmt: skip
"""What stands above everything else, in this order."""
_ONE_OR_MANY = frozenset(
    [
        "source", "arms", "registry", "design", "blinded", "substance", "requires", "weekdays",
        "arrange", "after", "before", "first", "next", "at",
    ]
)  # fmt: skip


def short_form(protocol: Protocol) -> Part:
    """The document of a protocol, in the shortest spelling of every entry.

    Args:
        protocol: only what it sets is in the document.

    Returns:
        Plain data that reads as an equal protocol.
    """
    document = _ordered(protocol.model_dump(mode="json", exclude_unset=True, by_alias=True))
    for epoch in document["epochs"]:
        for visit in epoch["visits"]:
            _shorten(visit)
            for difference in visit.get("by_arm", {}).values():
                _shorten(difference)
    head = [key for key in _HEAD if key in document]
    shortened: Part = _lone({key: document[key] for key in (*head, *document)})
    return shortened


def _ordered(part: Any) -> Any:
    """Names first, where it was read last; all else as the model has it."""
    if isinstance(part, list):
        return [_ordered(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    first = [key for key in ("id",) if key in part]
    last = [key for key in _LAST if key in part]
    between = [key for key in part if key not in first and key not in last]
    return {key: _ordered(part[key]) for key in (*first, *between, *last)}


def _shorten(visit: Part) -> None:
    """Unwraps what a visit, or its difference in an arm, says at length."""
    duration = visit.get("duration")
    if isinstance(duration, dict) and duration.keys() == {"value"}:
        visit["duration"] = duration["value"]
    stay = visit.get("overnight")
    if isinstance(stay, dict) and stay.keys() <= {"nights"}:
        visit["overnight"] = stay.get("nights", True)
    _shorten_staff(visit)
    sheet = visit.get("run_sheet")
    if isinstance(sheet, dict):
        for item in sheet["items"]:
            _shorten_staff(item)
        if sheet.keys() == {"items"}:
            visit["run_sheet"] = sheet["items"]


def _shorten_staff(holder: Part) -> None:
    staff = holder.get("staff")
    if not isinstance(staff, dict):
        return
    roles: Part = staff["roles"]
    if len(staff) == 1 and roles and not any(number is not None for number in roles.values()):
        holder["staff"] = list(roles) if len(roles) > 1 else next(iter(roles))
    elif not roles.keys() & {"roles", *_LAST}:
        holder["staff"] = {**roles, **{key: staff[key] for key in _LAST if key in staff}}


def _lone(part: Any, key: str = "") -> Any:
    """A list of one thing as that thing, where the format takes either."""
    if isinstance(part, dict):
        return {name: _lone(value, name) for name, value in part.items()}
    if isinstance(part, list):
        is_lone = len(part) == 1 and key in _ONE_OR_MANY
        if is_lone and key == "arms":  # the arms themselves, not the ids of some
            is_lone = not isinstance(part[0], dict)
        return _lone(part[0]) if is_lone else [_lone(entry) for entry in part]
    return part
