"""ODM's durations and windows as distances and windows of ours."""

from typing import Literal, NamedTuple

from planner.errors import argument
from planner.time.distance import (
    MINUTES_A_DAY,
    CalendarDistance,
    ClockDistance,
    Distance,
    Tolerance,
    UnitError,
    Window,
    within_limit,
)
from planner.time.iso8601 import DurationError, parse_duration

Targets = Literal["exact", "preferred", "ceiling"]
TARGETS: tuple[Targets, ...] = ("exact", "preferred", "ceiling")


class Allowed(NamedTuple):
    """A target and the window around it, as ODM states them.

    ``within`` are the allowed distances under the reading of the target (``None``: any), and
    ``tolerance`` the same relative to the target, where it can be said so. ``reading`` says which
    reading that was where the source leaves it open, and ``bare`` whether there is no window.
    """

    target: Distance
    within: Window | None
    tolerance: Tolerance | None
    bare: bool
    reading: str | None
    notes: tuple[str, ...]


def read_duration(text: str) -> tuple[Distance, str | None]:
    """An ISO 8601 (xs:duration) duration, and what has to be said of its reading, if anything.

    Raises:
        UnitError: it is none, counts seconds or parts of a month, mixes months with hours, or is
            longer than 20 years.
    """
    try:
        duration = parse_duration(text.strip())
    except DurationError as error:
        raise UnitError(f"`{text[:40]}` {error}; write P7D or PT90M") from None
    months, days = duration.all_months, duration.all_days
    if not duration.is_clock_time:
        if months % 1:
            raise UnitError(f"`{text}` counts a part of a month")
        return within_limit(CalendarDistance(int(months), int(days)), text), None
    if months:
        raise UnitError(f"`{text}` mixes calendar months with hours")
    elapsed = duration.all_seconds + days * MINUTES_A_DAY * 60
    if elapsed % 60:
        raise UnitError(f"`{text}` counts seconds; the smallest unit of a schedule is the minute")
    distance = within_limit(ClockDistance(int(elapsed // 60)), text)
    return distance, f"`{text}` is read as {distance} of elapsed time" if days else None


def allowed(
    target_text: str, before_text: str | None, after_text: str | None, targets: Targets
) -> Allowed:
    """What a target, the window before it and the window after it allow.

    A target without a window on a side is that very day there (``exact``), no limit there
    (``preferred``, but never past the reference), or the most there may be (``ceiling``).

    Raises:
        UnitError: one of the three cannot be read, or they cannot be brought together.
    """
    notes: list[str] = []
    target = _noted(target_text, notes)
    before = None if before_text is None else _noted(before_text, notes)
    after = None if after_text is None else _noted(after_text, notes)
    if before is not None and _is_negative(before):
        notes.append(f"the window before the target, `{before_text}`, is read without its sign")
        before = -before
    if after is not None and _is_negative(after):
        raise UnitError(f"the window after the target, `{after_text}`, ends before the target")
    target, before, after = _alike(target, before, after, notes)
    bare = before is None and after is None
    if bare and targets == "preferred":
        return Allowed(target, None, None, bare, _reading(target_text, "", targets), tuple(notes))
    nothing = _less(target, target)
    backward = _is_negative(target)
    side = "" if bare else " before it" if before is None else " after it"
    reading = None if before is not None and after is not None else side
    # The missing side ends at the target, at the reference, or nowhere.
    if before is None and (targets == "exact" or (targets == "ceiling" and backward)):
        before = nothing
    if after is None and (targets == "exact" or (targets == "ceiling" and not backward)):
        after = nothing
    if before is not None and after is not None:
        around: Tolerance | None = Tolerance(before, after)
        within = Window(_less(target, before), _less(target, -after))
    else:
        around = None
        to_reference = [None, nothing] if targets == "preferred" else [nothing, nothing]
        first = to_reference[not backward] if before is None else _less(target, before)
        last = to_reference[backward] if after is None else _less(target, -after)
        within = Window(first, last)
    reading_text = None if reading is None else _reading(target_text, reading, targets)
    return Allowed(target, within, around, bare, reading_text, tuple(notes))


def written(window: Window) -> str | None:
    """The window as a protocol file writes it; ``None`` where an end is months less some days."""
    for end in (window.earliest, window.latest):
        if isinstance(end, CalendarDistance) and end.months * end.days < 0:
            return None
    return str(window)


def in_days(window: Window) -> Window:
    """The window in days: from the least its earliest end can be to the most its latest can."""
    first, last = window.earliest, window.latest
    if isinstance(first, CalendarDistance):
        first = CalendarDistance(0, first.day_span[0])
    if isinstance(last, CalendarDistance):
        last = CalendarDistance(0, last.day_span[1])
    return Window(first, last)


_MEANINGS = {
    "exact": "exact",
    "preferred": "only preferred",
    "ceiling": "a ceiling: the maximum allowed",
}


def _reading(target: str, side: str, targets: Targets) -> str:
    others = [
        f"{_MEANINGS[other]} (`{argument('targets', other)}`)"
        for other in TARGETS
        if other != targets
    ]
    there = f"there as {_MEANINGS[targets]}" if side else f"as {_MEANINGS[targets]}"
    return (
        f"`{target}` has no window{side} and is read {there}; it can also be {' or '.join(others)}"
    )


def _noted(text: str, notes: list[str]) -> Distance:
    distance, note = read_duration(text)
    if note is not None:
        notes.append(note)
    return distance


def _is_negative(distance: Distance) -> bool:
    if isinstance(distance, ClockDistance):
        return distance.minutes < 0
    return distance.months < 0 or distance.days < 0


def _less(target: Distance, by: Distance) -> Distance:
    return target - by  # type: ignore[operator]


def _alike(
    target: Distance, before: Distance | None, after: Distance | None, notes: list[str]
) -> tuple[Distance, Distance | None, Distance | None]:
    """All three in days or all in elapsed time, where one of them is in the other."""
    known = [part for part in (target, before, after) if part is not None]
    if len({type(part) for part in known}) == 1:
        return target, before, after
    elapsed = [_elapsed(part) for part in (target, before, after)]
    if elapsed[0] is None:
        raise UnitError("the target is in months and its window in hours")
    notes.append("target and window are in days and in hours; both are read as elapsed time")
    return elapsed[0], elapsed[1], elapsed[2]


def _elapsed(distance: Distance | None) -> ClockDistance | None:
    if distance is None or isinstance(distance, ClockDistance):
        return distance
    if isinstance(distance, CalendarDistance) and distance.months:
        raise UnitError("months and hours do not mix in one target and its window")
    return ClockDistance(distance.days * MINUTES_A_DAY)
