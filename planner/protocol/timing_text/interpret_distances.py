"""What amounts of time mean: targets and windows from a reference, tolerances, lengths."""

from typing import Literal, NamedTuple

from planner.protocol.timing_text.pieces import Amounts, Every, Quantity, Reach, Relation
from planner.protocol.timing_text.timing import NumberSpan, ParseRefusal, TextTiming, in_days
from planner.protocol.timing_text.units import NAMES, amount, written_number
from planner.time.distance import (
    MINUTES_A_DAY,
    CalendarDistance,
    ClockDistance,
    Distance,
    Tolerance,
    Window,
)

_OWN = ("d", "h", "min")
"""Units that a tolerance without one takes over from its target; `4 weeks ± 3` would be a guess."""


class CountDirection(NamedTuple):
    """Which way from what a distance is counted."""

    direction: Literal["after", "before", "of"] | None
    reference: str | None


NOWHERE = CountDirection(None, None)


def distance_of(quantity: Quantity, notes: list[str]) -> Distance:
    """A quantity as a distance; what was rounded is added to the notes.

    Raises:
        ParseRefusal: no unit, or no whole number of days or minutes.
    """
    if quantity.unit is None or quantity.unit == "cycle":
        raise ParseRefusal("a number without its unit", "days", "weeks")
    unit_distance = amount(quantity.value, quantity.unit)
    if unit_distance is None:
        business = "business " if quantity.unit == "bd" else ""
        name = f"{written_number(quantity.value)} {business}{NAMES[quantity.unit]}s"
        raise ParseRefusal(f"{name} are no whole number of days or minutes within twenty years")
    if unit_distance.rounded is not None and unit_distance.rounded not in notes:
        notes.append(unit_distance.rounded)
    return unit_distance.distance


def reach_around(
    reach: Reach, target: Distance | None, own: str | None, notes: list[str]
) -> tuple[Distance | None, Tolerance | Window]:
    """The target and the window around it; a target in days with hours around becomes hours.

    ``own`` is the unit of the target as written, for a tolerance that has none.

    Raises:
        ParseRefusal: the tolerance has no unit and its target's is not likely, or they do not mix.
    """
    low, high = (_unit_from(end, own) for end in (reach.low, reach.high))
    before, after = distance_of(low._replace(value=-low.value), notes), distance_of(high, notes)
    if type(before) is not type(after):
        raise ParseRefusal("days and hours do not mix in a tolerance")
    if target is not None and type(target) is not type(before):
        if not isinstance(target, CalendarDistance) or not target.is_fixed:
            raise ParseRefusal(
                "a tolerance in days around hours, or in hours around months or business days"
            )
        target = ClockDistance(target.days * MINUTES_A_DAY)
        notes.append("hours around a number of days are read as elapsed time")
    if low.value <= 0 <= high.value:
        return target, Tolerance(before, after)
    return target, Window(-before, after)


def _unit_from(end: Quantity, own: str | None) -> Quantity:
    if end.unit is not None:
        return end
    if own in _OWN:
        return end._replace(unit=own)  # type: ignore[arg-type]
    if not end.value:
        return end._replace(unit="d")
    number = written_number(abs(end.value))
    raise ParseRefusal("a tolerance without its unit", f"±{number}d", f"±{number}{own or 'w'}")


def amounts_reading(
    amounts: Amounts, reach: Reach | None, side: CountDirection, notes: list[str]
) -> TextTiming:
    """What amounts say, alone or from a reference.

    Raises:
        ParseRefusal: bounds, signs and tolerances that do not go together.
    """
    reach = amounts.reach or reach
    if amounts.ranges[0][0].unit == "cycle":
        return _number_of_cycles(amounts, reach)
    parts = tuple(_one(pair, amounts, reach, side, notes) for pair in amounts.ranges)
    if len(parts) == 1:
        return parts[0]
    if amounts.bound is not None:
        raise ParseRefusal("a bound before several amounts")
    return TextTiming("either" if amounts.joined == "or" else "each", parts=parts)


def _one(
    pair: tuple[Quantity, Quantity], amounts: Amounts, reach: Reach | None, side: CountDirection,
    notes: list[str],
) -> TextTiming:  # fmt: skip
    low, high = pair
    low, high, side = _turned(low, high, side)
    if amounts.signed and side == NOWHERE and pair[0] == pair[1] and pair[0].value > 0:
        raise ParseRefusal("so much later, or a window of so much", "so much later", "a window")
    if low != high:
        if reach is not None or amounts.bound is not None:
            raise ParseRefusal("a range with a bound or a tolerance")
        ends = [distance_of(low, notes), distance_of(high, notes)]
        if _upside_down(ends[0], ends[1]):
            if side.direction != "before":
                raise ParseRefusal(f"from {ends[0]} to {ends[1]} has its ends in reverse order")
            ends.reverse()
        return _reading(None, Window(ends[0], ends[1]), side)
    target = distance_of(low, notes)
    if amounts.bound is not None and not (amounts.bound == "within" and reach is not None):
        if reach is not None:
            raise ParseRefusal("a bound with a tolerance")
        return _reading(None, _bounded(amounts, low, target, side), side)
    if amounts.onwards:
        return _reading(None, Window(target, None), side)
    if reach is None:
        return _reading(target, None, side)
    if amounts.bound == "within":
        notes.append("`within` a number with `±` is read as that number with its tolerance")
    around, window = reach_around(reach, target, low.unit, notes)
    return _reading(around, window, side)


def _reading(
    target: Distance | None, window: Window | Tolerance | None, side: CountDirection
) -> TextTiming:
    return TextTiming(
        "distance", target=target, window=window, reference=side.reference,
        direction=side.direction,
    )  # fmt: skip


def _turned(
    low: Quantity, high: Quantity, side: CountDirection
) -> tuple[Quantity, Quantity, CountDirection]:
    """Negative amounts are amounts before: `-1 h (predose)` is 1 h before the dose.

    Raises:
        ParseRefusal: negative, and yet after something.
    """
    if low.value >= 0 and high.value >= 0:
        return low, high, side
    if low.value > 0 or high.value > 0:
        if side.direction == "before":
            raise ParseRefusal("from before to after it, and yet before it")
        return low, high, side
    if side.direction == "after":
        raise ParseRefusal("a negative amount after something", "before it", "after it")
    turned = CountDirection("before", side.reference)
    low, high = (end._replace(value=-end.value) for end in (high, low))
    return low, high, turned


def _bounded(amounts: Amounts, low: Quantity, limit: Distance, side: CountDirection) -> Window:
    if side.direction == "of":
        name = in_days(limit)
        raise ParseRefusal(f"within {name} of it: before it, after it, or on either side",
                      f"{name} before", f"{name} after", f"±{name}")  # fmt: skip
    if amounts.bound in ("<", ">"):
        limit = _past(low, limit, -1 if amounts.bound == "<" else 1)
    if amounts.bound in ("≥", ">"):
        return Window(limit, None)
    if side.direction is None:
        return Window(None, limit)
    zero = CalendarDistance(0, 0) if isinstance(limit, CalendarDistance) else ClockDistance(0)
    return Window(zero, limit)


def _past(low: Quantity, limit: Distance, step: int) -> Distance:
    """The next distance inside a bound that is not allowed itself."""
    if isinstance(limit, ClockDistance):
        return ClockDistance(limit.minutes + step)
    if limit.months:
        raise ParseRefusal(f"less or more than {written_number(low.value)} months has no exact end")
    unit = CalendarDistance(0, 0, step) if limit.business_days else CalendarDistance(0, step)
    return limit + unit


def _upside_down(first: Distance, last: Distance) -> bool:
    if isinstance(first, CalendarDistance) and isinstance(last, CalendarDistance):
        return first.day_span[0] > last.day_span[1]
    if isinstance(first, ClockDistance) and isinstance(last, ClockDistance):
        return first.minutes > last.minutes
    raise ParseRefusal("a range from hours to days does not mix")


def _number_of_cycles(amounts: Amounts, reach: Reach | None) -> TextTiming:
    low, high = (end.value for end in amounts.ranges[0])
    if reach is not None or len(amounts.ranges) > 1 or low < 1 or low > high:
        raise ParseRefusal("a number of cycles with more than its ends")
    if low.denominator != 1 or high.denominator != 1:
        raise ParseRefusal("cycles are counted in whole numbers")
    span = NumberSpan(low, high)
    if amounts.bound in ("≤", "within", "<"):
        span = NumberSpan(None, high - (amounts.bound == "<"))
    elif amounts.bound is not None:
        span = NumberSpan(low + (amounts.bound == ">"), None)
    return TextTiming("number of cycles", cycles=span)


def length_of(amounts: Amounts, notes: list[str]) -> Distance | Window:
    """How long something is: one distance, or from one to another.

    Raises:
        ParseRefusal: several lengths, negative ones, or none in units of time.
    """
    if len(amounts.ranges) > 1 or amounts.reach is not None or amounts.signed:
        raise ParseRefusal("several lengths")
    low, high = amounts.ranges[0]
    shortest, longest = distance_of(low, notes), distance_of(high, notes)
    if amounts.bound is not None:
        return _bounded(amounts, low, shortest, NOWHERE)
    if low == high:
        return shortest
    if _upside_down(shortest, longest):
        raise ParseRefusal(f"from {shortest} to {longest} has its ends in reverse order")
    return Window(shortest, longest)


def interval_reading(every: Every, reach: Reach | None, notes: list[str]) -> TextTiming:
    """What a repetition says: how often, with the tolerance around each.

    Raises:
        ParseRefusal: an interval of nothing, or several times in a range of intervals.
    """
    if every.minimum <= 0 or every.maximum < every.minimum:
        raise ParseRefusal("an interval of nothing")
    if every.unit == "cycle":
        if every.minimum != every.maximum or every.minimum.denominator != 1:
            raise ParseRefusal("every so many cycles in a range")
        window = None if reach is None else reach_around(reach, None, None, notes)[1]
        return TextTiming("interval", every_cycles=int(every.minimum), window=window)
    low = distance_of(Quantity(every.minimum, every.unit), notes)
    high = distance_of(Quantity(every.maximum, every.unit), notes)
    step: Distance | Window = low if every.minimum == every.maximum else Window(low, high)
    window = None
    if reach is not None:
        window = reach_around(reach, None, every.unit, notes)[1]
    return TextTiming("interval", every=step, times=every.times, window=window)


def relation_side(relation: Relation | None) -> CountDirection:
    """The way and the reference that a relation names."""
    return NOWHERE if relation is None else CountDirection(relation.direction, relation.reference)
