"""What an event may say at each level of privacy; the words are the protection."""

import re
from datetime import date

from planner.protocol.course import NOT_PUBLISHED
from planner.timeline.model import DatedItem, DatedVisit

# An amount has its place in an arm's label only (DOMAIN section 4). Protocol files that state one
# elsewhere are reported; should one be exported all the same, no calendar carries it.
_AMOUNT = re.compile(
    r"\d[\d.,]*(?:\s*(?:-|–|to|/)\s*\d[\d.,]*)?\s*"
    r"(?:mg|mcg|ug|[µμ]g|ng|kg|g|ml|iu|milligrams?|micrograms?|grams?)"
    r"(?:\s*(?:/|per\s)\s*\d*\s*(?:kg|ml|m2|m²|day))?(?![A-Za-z])",
    re.IGNORECASE,
)

_RECORDED = {"occurred": "Took place", "missed": "Missed", "overdue": "Overdue"}


def without_amounts(text: str) -> str:
    """The text with every amount of a substance replaced by ``[amount]``."""
    return _AMOUNT.sub("[amount]", text) if any(map(str.isdigit, text)) else text


def staff_text(staff: tuple[tuple[str, int], ...]) -> str:
    """Roles with their numbers: ``therapist x 2, rater``; empty without any."""
    return ", ".join(f"{role} x {count}" if count != 1 else role for role, count in staff if count)


def allowed_dates(visit: DatedVisit) -> tuple[date, date] | None:
    """First and last date of the visit's window as written; ``None`` where one side is open.

    Counted from where the visits that it counts from took place or are planned; wherever the visit
    itself took place, its window stays.
    """
    earliest, latest = visit.window.earliest, visit.window.latest
    if earliest is None or latest is None or earliest > latest:
        return None
    return earliest, latest


def allowed_text(visit: DatedVisit) -> str:
    """Study day and allowed dates, which is all that the coded level adds to a visit's number.

    A stated open end has no last date; where no window was published no date is allowed or not.
    """
    first, last = visit.window.earliest, visit.window.latest
    text = f"Study day {visit.study_day}"
    if first is not None and last is not None:
        text += f", allowed {first.isoformat()} to {last.isoformat()}" if first <= last else ""
    elif first is not None or last is not None:
        text += f", allowed from {first}" if first is not None else f", allowed until {last}"
    elif visit.window_stated is False:
        text += f", {NOT_PUBLISHED}"
    return text if visit.end is not None else f"{text}; length not stated"


def staff_lines(visit: DatedVisit) -> str:
    """All that staff may read of a visit beyond its title and room, a line each."""
    lines = [allowed_text(visit), f"Mode: {visit.mode}"]
    if visit.staff:
        lines.append(f"Staff: {staff_text(visit.staff)}")
    if visit.overnight and visit.session_end is not None:
        lines.append(f"Session until {visit.session_end:%H:%M}, then overnight stay")
    if visit.optional:
        lines.append("Optional")
    if visit.conditional is not None:
        lines.append("Takes place under a condition that the protocol states")
    if visit.provisional:
        lines.append("Provisional: whether it takes place is not decided yet")
    if visit.waiting_for:
        lines.append(f"Waiting for: {without_amounts(', '.join(visit.waiting_for))}")
    if visit.booked is not None:
        lines.append(f"Was booked for {visit.booked:%Y-%m-%d %H:%M}, which cannot be kept")
    if visit.status in _RECORDED:
        lines.append(_RECORDED[visit.status])
    if visit.deviation is not None:
        lines.append(f"Deviation: {without_amounts(visit.deviation)}")
    return "\n".join(lines)


def item_lines(item: DatedItem) -> str:
    """What staff may read of a run sheet's item beyond its title."""
    lines = []
    if item.earliest is not None and item.latest is not None and item.earliest != item.latest:
        lines.append(f"Allowed {item.earliest:%H:%M} to {item.latest:%H:%M}")
    if item.staff:
        lines.append(f"Staff: {staff_text(item.staff)}")
    if item.optional:
        lines.append("Optional")
    return "\n".join(lines)
