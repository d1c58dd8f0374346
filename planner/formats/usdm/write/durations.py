"""Distances as ISO 8601 durations, which have no sign, and in words."""

from planner.time.distance import CalendarDistance, ClockDistance, Distance, Window
from planner.time.iso8601 import IsoDuration, days_duration, minutes_duration


def iso(distance: Distance) -> str | None:
    """A distance without its sign, such as `P3W`, `P1Y6M`, `PT90M` or `PT21H30M`.

    ``None`` for what no duration can say: months less days.
    """
    if isinstance(distance, ClockDistance):
        hours, rest = _clock_parts(distance.minutes)
        return str(minutes_duration(abs(distance.minutes)) if hours else IsoDuration(minutes=rest))
    if distance.months * distance.days < 0:
        return None
    if not distance.months:
        return str(days_duration(abs(distance.days)))
    years, months = divmod(abs(distance.months), 12)
    return str(
        IsoDuration(years=years or None, months=months or None, days=abs(distance.days) or None)
    )


def is_negative(distance: Distance) -> bool:
    """Whether a distance counts backwards."""
    if isinstance(distance, ClockDistance):
        return distance.minutes < 0
    return distance.months < 0 or (not distance.months and distance.days < 0)


def duration_text(distance: Distance) -> str:
    """A distance without its sign, in words: `3 weeks`, `1 day`, `90 min`, `6 h 30 min`."""
    if isinstance(distance, ClockDistance):
        hours, rest = _clock_parts(distance.minutes)
        return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))
    years, months = divmod(abs(distance.months), 12)
    weeks, days = divmod(abs(distance.days), 7)
    if weeks and days:
        weeks, days = 0, abs(distance.days)
    parts = ((years, "year"), (months, "month"), (weeks, "week"), (days, "day"))
    return " ".join(_number(number, unit) for number, unit in parts if number) or "0 days"


def _clock_parts(minutes: int) -> tuple[int, int]:
    """Minutes as hours and minutes, but up to two hours as minutes where both would be needed."""
    hours, rest = divmod(abs(minutes), 60)
    return (0, abs(minutes)) if hours < 2 and rest else (hours, rest)


def _number(number: int, unit: str) -> str:
    return f"{number} {unit}" + ("" if number == 1 else "s")


def least_days(distance: CalendarDistance) -> int:
    """The fewest days a distance can be; for telling which of two is shorter."""
    return distance.day_span[0]


def spoken_window(window: Window) -> str:
    """A window in words, without signs: `17 weeks to 19 weeks`, `6 weeks or more`."""
    earliest, latest = window.earliest, window.latest
    if earliest is None:
        return f"{duration_text(latest)} or less" if latest is not None else ""
    if latest is None:
        return f"{duration_text(earliest)} or more"
    if earliest == latest:
        return duration_text(earliest)
    return f"{duration_text(earliest)} to {duration_text(latest)}"
