"""What an event may say at each level of privacy; the words are the protection."""

import re
from datetime import date

from planner.protocol.amounts import without_amounts
from planner.protocol.course import NOT_PUBLISHED
from planner.protocol.telling import tells
from planner.timeline.model import DatedItem, DatedVisit

_WORDS = {"dosing": "Session", "termination": "Final visit"}
"""What kinds of visits are called whose own word is not the usual one."""
_UNDER_A_CONDITION = "Takes place under a condition that the protocol states"
_RECORDED = {"occurred": "Took place", "missed": "Missed", "overdue": "Overdue"}


def neutral_title(visit: DatedVisit, telling: frozenset[str]) -> str:
    """The title of a visit, or its kind where the title tells a substance, a condition or an arm.

    Args:
        visit: the visit.
        telling: words that do, by `planner.protocol.telling.telling_words`.
    """
    kind = _WORDS.get(visit.kind, visit.kind.capitalize())
    return neutral(visit.title, telling, kind if visit.cycle is None else f"{kind} {visit.cycle}")


def neutral(text: str, telling: frozenset[str], instead: str) -> str:
    """The text without amounts, or other words where it tells what the study is about.

    Args:
        text: of a protocol or a record.
        telling: words, in lower case, that tell what the study is about.
        instead: what stands there where one of them is in the text.
    """
    return instead if tells(text, telling) else without_amounts(text)


def neutral_id(name: str, telling: frozenset[str], instead: str) -> str:
    """The id of a role, a room or a site without the parts that tell: `mdma-therapist`.

    Args:
        name: parts with hyphens or underscores between them.
        telling: words, in lower case, that tell what the study is about.
        instead: what is left of an id all of whose parts tell.
    """
    if not tells(name, telling):
        return name
    parts = [part for part in re.split("[-_]", name) if part and not tells(part, telling)]
    return "-".join(parts) or instead


def neutral_staff(
    staff: tuple[tuple[str, int], ...], telling: frozenset[str]
) -> tuple[tuple[str, int], ...]:
    """Roles with their numbers; those that only a telling part keeps apart are one."""
    counts: dict[str, int] = {}
    for role, count in staff:
        name = neutral_id(role, telling, "staff")
        counts[name] = counts.get(name, 0) + count
    return tuple(counts.items())


def staff_text(staff: tuple[tuple[str, int], ...]) -> str:
    """Roles with their numbers: ``therapist x 2, rater``; empty without any."""
    return ", ".join(f"{role} x {count}" if count != 1 else role for role, count in staff if count)


def allowed_dates(visit: DatedVisit) -> tuple[date, date] | None:
    """First and last date of the visit's window as written; ``None`` where one side is open.

    Counted from where the visits that it counts from took place or are planned; wherever the visit
    itself took place, its window stays.
    """
    earliest, latest = visit.window.earliest, visit.window.latest
    if earliest is None or latest is None:
        return None
    return earliest, latest


def allowed_text(visit: DatedVisit, length: str) -> str:
    """Study day and allowed dates, which is all that the coded level adds to a visit's number.

    `length` says which length is assumed, where none is stated. A stated open end has no last
    date; where no window was published no date is allowed or not.

    Args:
        visit: with its window; both ends of it are allowed.
        length: a phrase behind the dates; empty where the protocol states the length.
    """
    first, last = visit.window.earliest, visit.window.latest
    text = f"Study day {visit.study_day}"
    if first is not None and last is not None:
        text += f", allowed {first.isoformat()} to {last.isoformat()}"
    elif first is not None or last is not None:
        text += f", allowed from {first}" if first is not None else f", allowed until {last}"
    elif visit.window.no_day is not None:
        text += f", {visit.window.no_day}"
    elif visit.window_stated is False:
        text += f", {NOT_PUBLISHED}"
    return f"{text}; {length}" if length else text


def staff_lines(visit: DatedVisit, telling: frozenset[str], length: str) -> str:
    """All that staff may read of a visit beyond its title and room, a line each."""
    lines = [allowed_text(visit, length), f"Mode: {visit.mode}"]
    if visit.staff:
        lines.append(f"Staff: {staff_text(neutral_staff(visit.staff, telling))}")
    if visit.overnight and visit.session_end is not None:
        lines.append(f"Session until {visit.session_end:%H:%M}, then overnight stay")
    if visit.optional:
        lines.append("Optional")
    if visit.conditional is not None:
        lines.append(_UNDER_A_CONDITION)
    if visit.provisional:
        lines.append("Provisional: whether it takes place is not decided yet")
    if visit.waiting_for:
        gates = [neutral(gate, telling, "a precondition") for gate in visit.waiting_for]
        lines.append(f"Waiting for: {', '.join(dict.fromkeys(gates))}")
    if visit.booked is not None:
        lines.append(f"Was booked for {visit.booked:%Y-%m-%d %H:%M}, which cannot be kept")
    if visit.status in _RECORDED:
        lines.append(_RECORDED[visit.status])
    if visit.deviation is not None:
        lines.append(f"Deviation: {neutral(visit.deviation, telling, 'see the record')}")
    return "\n".join(lines)


def item_lines(item: DatedItem, telling: frozenset[str], length: str) -> str:
    """What staff may read of a run sheet's item beyond its title."""
    lines = []
    if item.earliest is not None and item.latest is not None and item.earliest != item.latest:
        lines.append(f"Allowed {item.earliest:%H:%M} to {item.latest:%H:%M}")
    if item.staff:
        lines.append(f"Staff: {staff_text(neutral_staff(item.staff, telling))}")
    if item.optional:
        lines.append("Optional")
    if item.conditional:
        lines.append(_UNDER_A_CONDITION)
    if length:
        lines.append(length.capitalize())
    return "\n".join(lines)
