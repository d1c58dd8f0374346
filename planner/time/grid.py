"""Grids: points one step apart, all counted from one fixed reference, so that none drifts."""

from planner.time.distance import CalendarDistance, ClockDistance, Distance, UnitError, within_limit

MAX_POINTS = 2_000


def on_grid(first: Distance, step: Distance, number: int) -> Distance:
    """The distance of one point of a grid from its reference.

    Args:
        first: of the first point.
        step: from one point to the next; more than nothing.
        number: of the point, from 1.

    Raises:
        UnitError: days and hours are mixed, the step is none, or the point lies over 20 years off.
    """
    more = number - 1
    text = f"{number} times every {step}"
    if isinstance(first, ClockDistance) and isinstance(step, ClockDistance):
        _check_step(step, step.minutes > 0)
        return within_limit(first + ClockDistance(more * step.minutes), text)
    if isinstance(first, CalendarDistance) and isinstance(step, CalendarDistance):
        parts = (step.months, step.days, step.business_days)
        _check_step(step, min(parts) >= 0 and step.day_span[0] > 0)
        months, days, business_days = (more * part for part in parts)
        point = first + CalendarDistance(months, days, business_days)
        return within_limit(point, text)
    raise UnitError(f"`{first}` and then every `{step}`: days and hours do not mix")


def points_until(first: Distance, step: Distance, last: Distance) -> int:
    """How many points of a grid lie no further from its reference than a distance.

    Args:
        first: the distance of the first point.
        step: from one point to the next; more than nothing.
        last: the furthest distance, itself included.

    Raises:
        UnitError: there is none, days and hours are mixed, or it depends on how long months are.
    """
    number = 0
    while _no_further(point := on_grid(first, step, number + 1), last):
        number += 1
        if number > MAX_POINTS:
            raise UnitError(f"`every: {step}` until `{last}` is more than {MAX_POINTS:,} times")
    if not number:
        raise UnitError(f"the first is at {point}, beyond `until: {last}`")
    return number


def _check_step(step: Distance, is_one: bool) -> None:
    if not is_one:
        raise UnitError(f"`every: {step}` leads nowhere; a step is `1d`, `1h` or more")


def _no_further(point: Distance, last: Distance) -> bool:
    if isinstance(point, ClockDistance) and isinstance(last, ClockDistance):
        return point.minutes <= last.minutes
    if isinstance(point, CalendarDistance) and isinstance(last, CalendarDistance):
        if (point.months, point.business_days) == (last.months, last.business_days):
            return point.days <= last.days
        if (point.months, point.days) == (last.months, last.days):
            return point.business_days <= last.business_days
        least, most = (last - point).day_span
        if (least < 0) == (most < 0):
            return least >= 0
        raise UnitError(
            f"whether {point} is beyond `until: {last}` depends on how long the months are"
            " and which days are business days;"
            " write how many occurrences there are"
        )
    raise UnitError(f"`{point}` and `until: {last}`: days and hours do not mix")
