"""Titles that name the time of a visit: what `Week 12` and `6 months after` say."""

from typing import TYPE_CHECKING, NamedTuple

from planner.time.distance import CalendarDistance, Distance

if TYPE_CHECKING:
    from planner.protocol.timing_text.labels import TitleTime


_UNITS = ("day", "week", "month", "year")
_LATER = ("after", "post", "before", "later", "follow", "visit", "assessment", "endpoint", "prior")


class ClaimedDistance(NamedTuple):
    """What a title says about when the visit is.

    Days of the least and of the greatest distance it can mean: ``counted`` from the anchor, whose
    own number is 1 in a file without a day 0, and ``apart`` from whatever the title counts from.
    """

    text: str
    counted: tuple[int, int]
    apart: tuple[int, int]


def claimed(title: str, day_zero: bool) -> ClaimedDistance | None:
    """The distance at which a visit lies by its title, such as ``Day 15`` or ``Week 12``.

    Args:
        title: the title as written.
        day_zero: whether the protocol's days have a Day 0; without it, Day 1 is the anchor's.

    Returns:
        ``None`` where the title names no time, or several.
    """
    lowered = title.lower()
    if not any(unit in lowered for unit in _UNITS):
        return None
    from planner.protocol.timing_text.labels import title_times

    claims = []
    for time in title_times(title):
        if time.unit.removesuffix("s") not in _UNITS:
            continue
        if time.is_numbered:
            claims.append(_numbered(time, day_zero))
        elif time.following.startswith(_LATER) or not time.following:
            span = _day_span(time.distances)
            claims.append(ClaimedDistance(time.text, span, span))
    return claims[0] if len(claims) == 1 else None


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
    return ClaimedDistance(time.text, counted, apart)


def _day_span(distances: tuple[Distance, ...]) -> tuple[int, int]:
    """Days of the least and of the greatest of some calendar distances."""
    spans = [distance.day_span for distance in distances if isinstance(distance, CalendarDistance)]
    return min(first for first, _ in spans), max(last for _, last in spans)
