"""The two readings of a window around zero: from the reference, and around the target."""

from datetime import date

from planner.protocol.course import TimingConstraint
from planner.time.distance import CalendarDistance, Distance, Tolerance, Window, turned

_EXAMPLE_DATE = date(2027, 1, 11)


def both_readings(rule: TimingConstraint, target: Distance | None) -> str | None:
    """The dates that a window around zero gives from the reference, and around the target.

    Args:
        rule: with a window.
        target: its own, or one that stands for what it may mean.

    Returns:
        ``None`` where the window does not lie around zero, or not in days.
    """
    window = rule.window
    assert window is not None
    earliest, latest = window.earliest, window.latest
    if not (
        isinstance(earliest, CalendarDistance)
        and isinstance(latest, CalendarDistance)
        and isinstance(target, CalendarDistance)
        and earliest.day_span[1] <= 0 <= latest.day_span[0]
    ):
        return None
    around = Tolerance(-earliest, latest).around(target)
    if rule.backwards:
        window, earliest, latest = turned(window), -latest, -earliest
    tolerance = Tolerance(-earliest, latest)
    return (
        f"if `{rule.reference}` is on {_EXAMPLE_DATE}, `within: {window}` counts from it and is"
        f" {_dates(rule.window)}; `within: {tolerance}` counts from the target and is"
        f" {_dates(around)}"
    )


def _dates(window: Window | None) -> str:
    assert window is not None
    ends = (window.earliest, window.latest)
    first, last = (end.after(_EXAMPLE_DATE) for end in ends if isinstance(end, CalendarDistance))
    return f"{first} to {last}"
