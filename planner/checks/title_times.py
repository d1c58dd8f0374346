"""Titles that name the time of a visit: what `Week 12` and `6 months after` say."""

import re
from typing import TYPE_CHECKING, NamedTuple

from planner.time.distance import CalendarDistance, Distance

if TYPE_CHECKING:
    from planner.protocol.timing_text.labels import TitleTime


_UNITS = ("day", "week", "month", "year")
_MAY_NAME_A_TIME = re.compile(r"day|w(?:ee)?k|month|year|yr|[dwmy] ?-?[0-9]|[0-9] ?[dwmy]")
_OF_A_PART = re.compile(
    r"\bcycles?\b"
    r"|\b(?:period|course|block|part|phase|stage) (?:[0-9]|[a-z]\b|[ivx]+\b)"
    r"|\bof (?:a|the|each|every) (?:period|course|block|part|phase|stage)\b"
)
"""Where a part of the course is named, days and weeks are numbered within it."""
_LABEL_AND_VALUE = re.compile(r"\b(day|week|month|year)s? ?: ?(?=-?[0-9])", re.IGNORECASE)
"""The unit as a label of its own: `Study Day: 17`, `Month: 6`."""
_EITHER = re.compile(r"\bor\b|/")
_NO_TIME = re.compile(r"\bvitamin d ?[0-9]+", re.IGNORECASE)
_LATER = ("after", "post", "before", "later", "follow", "visit", "assessment", "endpoint", "prior")


class ClaimedDistance(NamedTuple):
    """What a title says about when the visit is.

    Days of the least and of the greatest distance it can mean: ``counted`` from the anchor, whose
    own number is 1 in a file without a day 0, and ``apart`` from whatever the title counts from.
    ``numbered`` is the unit of a title that numbers days or weeks, and its number: ``day``, 15.
    """

    text: str
    counted: tuple[int, int]
    apart: tuple[int, int]
    numbered: tuple[str, int] | None = None


def claimed(title: str, day_zero: bool) -> ClaimedDistance | None:
    """The distance at which a visit lies by its title, such as ``Day 15``, ``W12`` or ``3 months``.

    Args:
        title: the title as written.
        day_zero: whether the protocol's days have a Day 0; without it, Day 1 is the anchor's.

    Returns:
        Of two that are the same, as ``Week 6 (Day 43)``, the closer one. ``None`` where the title
        names no time, or several, or a day or week that is numbered within a part of the course,
        as in ``Period 2, Day -1``.
    """
    title = _LABEL_AND_VALUE.sub(r"\1 ", _NO_TIME.sub("", title))
    lowered = title.lower()
    if not _MAY_NAME_A_TIME.search(lowered):
        return None
    from planner.protocol.timing_text.labels import title_times

    claims = []
    for time in title_times(title):
        if time.unit not in _UNITS:
            continue
        if time.is_numbered:
            if _OF_A_PART.search(lowered):
                return None
            claims.append(_numbered(time, day_zero))
        elif time.following.startswith(_LATER) or not time.following:
            span = _day_span(time.distances)
            claims.append(ClaimedDistance(time.text, span, span))
    if not claims:
        return None
    first = max(claim.counted[0] for claim in claims)
    last = min(claim.counted[1] for claim in claims)
    closest = min(claims, key=lambda claim: claim.counted[1] - claim.counted[0])
    is_one = len({claim.counted for claim in claims}) == 1 or not _EITHER.search(lowered)
    return closest if is_one and first <= last else None


def _numbered(time: "TitleTime", day_zero: bool) -> ClaimedDistance:
    """What "Day 15" or "Week 12" says.

    Week 12 is the twelfth week, or 12 weeks after: both are in use. "Day 1 after dosing" counts
    from the dosing session, whose own day may be 0 or 1.
    """
    least, most = _day_span(time.distances)
    if time.unit == "week" and most > 0:
        least -= 7
    apart = counted = least, most
    if time.unit == "day" and time.following not in ("after", "post"):
        counted = _day_span(time.distances[:1] if day_zero else time.distances[-1:])
    days = _day_span(time.distances[:1])[0]
    numbered = {"day": ("day", days), "week": ("week", days // 7)}.get(time.unit)
    return ClaimedDistance(time.text, counted, apart, numbered)


def _day_span(distances: tuple[Distance, ...]) -> tuple[int, int]:
    """Days of the least and of the greatest of some calendar distances."""
    spans = [distance.day_span for distance in distances if isinstance(distance, CalendarDistance)]
    return min(first for first, _ in spans), max(last for _, last in spans)
