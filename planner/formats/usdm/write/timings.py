"""The one timing that USDM holds for a visit: a value, and a window around it with two ends."""

from itertools import pairwise
from typing import NamedTuple

from planner.formats.usdm.terms import AFTER, BEFORE, ENDS, FIXED
from planner.formats.usdm.write.json_objects import Object, Objects
from planner.protocol.course import Point, TimingConstraint
from planner.time.distance import CalendarDistance, ClockDistance, Distance, Window
from planner.time.iso8601 import IsoDuration, days_duration, minutes_duration


class PointSpacing(NamedTuple):
    """How far a point lies from another: signed distances, later is positive.

    ``backwards``: it was written as so far before, which tells the direction of no distance.
    """

    reference: Point
    point: Point
    window: Window | None
    target: Distance | None
    backwards: bool


def best_spacing(rules: tuple[TimingConstraint, ...]) -> PointSpacing | None:
    """What USDM is told of all rules of a visit: those of the same two ends are joined.

    The one with a target and a window comes first, then one with a target, then the order written.
    """
    joined: dict[tuple[Point, Point], PointSpacing] = {}
    for rule in rules:
        ends = (rule.reference, rule.point)
        new = PointSpacing(rule.reference, rule.point, rule.window, rule.target, rule.backwards)
        joined[ends] = _joint(joined[ends], new) if ends in joined else new
    return max(joined.values(), key=_worth, default=None)


def _worth(point_spacing: PointSpacing) -> tuple[bool, bool, bool]:
    has_both = point_spacing.window is not None and None not in (
        point_spacing.window.earliest,
        point_spacing.window.latest,
    )
    return point_spacing.target is not None, has_both, point_spacing.window is not None


def _joint(point_spacing: PointSpacing, other: PointSpacing) -> PointSpacing:
    target = other.target if point_spacing.target is None else point_spacing.target
    if point_spacing.window is None or other.window is None:
        window = point_spacing.window or other.window
    else:
        opening = [
            end for end in (point_spacing.window.earliest, other.window.earliest) if end is not None
        ]
        closing = [
            end for end in (point_spacing.window.latest, other.window.latest) if end is not None
        ]
        window = Window(
            max(opening, key=_size, default=None), min(closing, key=_size, default=None)
        )
    kinds = {type(part) for part in (target, *_ends(window)) if part is not None}
    if len(kinds) > 1 or _is_upside_down(window):
        return point_spacing
    return point_spacing._replace(window=window, target=target)


def _ends(window: Window | None) -> tuple[Distance | None, Distance | None]:
    return (None, None) if window is None else (window.earliest, window.latest)


def _size(distance: Distance) -> int:
    return distance.minutes if isinstance(distance, ClockDistance) else least_days(distance)


def _is_upside_down(window: Window | None) -> bool:
    earliest, latest = _ends(window)
    return earliest is not None and latest is not None and _size(earliest) > _size(latest)


def counted_from(anchor: str, spacings: dict[str, PointSpacing]) -> dict[str, PointSpacing]:
    """The same spacings, by the visit that each times, with none that times the anchor.

    An anchor that counts from another visit is the other way round in USDM: it is fixed, and the
    other visit counts from it, as does what that one counts from. Where those visits count from
    each other, or in months (which are not the same backwards), the anchor keeps its timing.
    """
    way = [anchor]
    while way[-1] in spacings:
        point_spacing = spacings[way[-1]]
        if point_spacing.reference.visit in way or _has_months(point_spacing):
            return spacings
        way.append(point_spacing.reference.visit)
    turned = {there: _turned(spacings[own_visit]) for own_visit, there in pairwise(way)}
    return {name: spacing for name, spacing in spacings.items() if name != anchor} | turned


def _has_months(point_spacing: PointSpacing) -> bool:
    parts = (point_spacing.target, *_ends(point_spacing.window))
    return any(isinstance(part, CalendarDistance) and not part.is_fixed for part in parts)


def _turned(point_spacing: PointSpacing) -> PointSpacing:
    earliest, latest = (None if end is None else -end for end in _ends(point_spacing.window))
    return PointSpacing(
        point_spacing.point,
        point_spacing.reference,
        None if point_spacing.window is None else Window(latest, earliest),
        None if point_spacing.target is None else -point_spacing.target,
        not point_spacing.backwards,
    )


class Parts(NamedTuple):
    """What a spacing is in USDM: a value with its sign, and the window's parts, never negative."""

    value: Distance
    lower: Distance | None
    upper: Distance | None


def parts_of(point_spacing: PointSpacing) -> Parts | None:
    """The value and its window, or ``None`` where no ISO 8601 duration can say the value.

    The value is the target where it lies in the window, else the end of the window nearest to it;
    without a target the end nearest to the reference, or the only one.
    """
    earliest, latest = _ends(point_spacing.window)
    value = point_spacing.target
    if value is None and latest is not None and _size(latest) <= 0:
        value = latest
    elif value is None or (earliest is not None and _size(value) < _size(earliest)):
        value = earliest if earliest is not None else latest
    elif latest is not None and _size(value) > _size(latest):
        value = latest
    if value is None:
        return None
    for base in (value, earliest):
        is_sayable = base is not None and iso(base) is not None
        if base is not None and is_sayable and earliest is not None and latest is not None:
            lower, upper = _difference(base, earliest), _difference(latest, base)
            if lower is not None and upper is not None:
                return Parts(base, lower, upper)
    return None if iso(value) is None else Parts(value, None, None)


def _difference(later: Distance, earlier: Distance) -> Distance | None:
    """How much later, if a duration without sign can say it."""
    if isinstance(later, ClockDistance) and isinstance(earlier, ClockDistance):
        difference: Distance = later - earlier
    elif isinstance(later, ClockDistance) or isinstance(earlier, ClockDistance):
        return None
    else:
        difference = later - earlier
    return None if is_negative(difference) or iso(difference) is None else difference


def timing(
    make: Objects, point_spacing: PointSpacing, instances: dict[str, str], name: str, reference: str
) -> Object | None:
    """The timing of a spacing; ``None`` where USDM cannot hold it.

    Args:
        make: the objects of the study.
        point_spacing: how far it lies from its reference.
        instances: ids of the timeline's instances by the ids of visits or items.
        name: what the timing is called.
        reference: what its reference is called.
    """
    parts = parts_of(point_spacing)
    if parts is None:
        return None
    value, lower, upper = parts
    backwards = is_negative(value) or (point_spacing.backwards and iso(value) in ("P0D", "PT0M"))
    earliest, latest = _ends(point_spacing.window)
    if point_spacing.target is None and None in (earliest, latest):
        window = point_spacing.window or Window(None, None)
        ends = [None if end is None else -end for end in (window.latest, window.earliest)]
        label = spoken_window(Window(*ends) if backwards else window)
    else:
        label = duration_text(value)
    has_window = lower is not None and upper is not None
    where = "before" if backwards else "after"
    whole = f"{label} {where} {reference}{'.end' if point_spacing.reference.end else ''}"
    return make.named(
        "Timing",
        name,
        whole,
        type=make.code(BEFORE if backwards else AFTER),
        value=iso(value),
        valueLabel=label,
        relativeToFrom=make.code(ENDS[point_spacing.reference.end, point_spacing.point.end]),
        relativeFromScheduledInstanceId=instances[point_spacing.point.visit],
        relativeToScheduledInstanceId=instances[point_spacing.reference.visit],
        windowLower=iso(lower) if lower is not None and has_window else None,
        windowUpper=iso(upper) if upper is not None and has_window else None,
        windowLabel=_window_label(lower, upper),
    )


def _window_label(lower: Distance | None, upper: Distance | None) -> str | None:
    if lower is None or upper is None:
        return None
    return f"-{duration_text(lower)}..+{duration_text(upper)}"


def anchor_timing(make: Objects, instance: str, name: str, label: str, value: str) -> Object:
    """The fixed reference of a timeline, from an instance to itself."""
    return make.named(
        "Timing",
        name,
        label,
        type=make.code(FIXED),
        value=value,
        valueLabel=label,
        relativeToFrom=make.code(ENDS[False, False]),
        relativeFromScheduledInstanceId=instance,
        relativeToScheduledInstanceId=instance,
    )


def iso(distance: Distance) -> str | None:
    """A distance without its sign, such as `P3W`, `P1Y6M`, `PT90M` or `PT21H30M`.

    ``None`` for what no duration can say: months less days, and business days.
    """
    if isinstance(distance, ClockDistance):
        hours, rest = _clock_parts(distance.minutes)
        return str(minutes_duration(abs(distance.minutes)) if hours else IsoDuration(minutes=rest))
    if distance.months * distance.days < 0 or distance.business_days:
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
    parts = (distance.business_days, distance.months, distance.days)
    return next((part < 0 for part in parts if part), False)


def duration_text(distance: Distance) -> str:
    """A distance without its sign, in words: `3 weeks`, `1 day`, `90 min`, `6 h 30 min`."""
    if isinstance(distance, ClockDistance):
        hours, rest = _clock_parts(distance.minutes)
        return " ".join([f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest or not hours))
    years, months = divmod(abs(distance.months), 12)
    weeks, days = divmod(abs(distance.days), 7)
    if weeks and days:
        weeks, days = 0, abs(distance.days)
    parts = (
        (abs(distance.business_days), "business day"),
        (years, "year"),
        (months, "month"),
        (weeks, "week"),
        (days, "day"),
    )
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
