"""Which sets of allowed distances hold others, whatever the dates: what makes a rule wider."""

from collections.abc import Sequence

from planner.time.distance import CalendarDistance, ClockDistance, Distance, Window


def is_at_least(distance: Distance, other: Distance) -> bool:
    """Whether a distance is never shorter than another one, from whatever date it is counted.

    A month is compared by the lengths it can have: 4 weeks are never longer than a month, and a
    month can be longer than 4 weeks. Days and hours do not compare.
    """
    if isinstance(distance, ClockDistance) or isinstance(other, ClockDistance):
        return (
            isinstance(distance, ClockDistance)
            and isinstance(other, ClockDistance)
            and distance.minutes >= other.minutes
        )
    if (distance.months, distance.business_days) == (other.months, other.business_days):
        return distance.days >= other.days
    if (distance.months, distance.days) == (other.months, other.days):
        return distance.business_days >= other.business_days
    return distance.day_span[0] >= other.day_span[1]


def is_implied(window: Window, by: Sequence[Window]) -> bool:
    """Whether everything that lies in all of ``by`` lies in ``window``, too."""
    earliest, latest = window.earliest, window.latest
    return (
        earliest is None
        or any(
            window.earliest is not None and is_at_least(window.earliest, earliest) for window in by
        )
    ) and (
        latest is None
        or any(window.latest is not None and is_at_least(latest, window.latest) for window in by)
    )


def holds_all(outer: Sequence[Window], inner: Sequence[Window]) -> bool:
    """Whether what all of ``inner`` allow is allowed by all of ``outer``."""
    return all(is_implied(window, inner) for window in outer)


def has_months(window: Window) -> bool:
    """Whether its ends depend on the date that it is counted from."""
    return any(
        isinstance(end, CalendarDistance) and not end.is_fixed
        for end in (window.earliest, window.latest)
    )
