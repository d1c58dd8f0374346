"""What numbered days, weeks and cycles mean: where they lie, and by which convention."""

from fractions import Fraction
from typing import Literal

from planner.protocol.timing_text.context import Context
from planner.protocol.timing_text.interpret_distances import (
    NOWHERE,
    CountDirection,
    distance_of,
    reach_around,
)
from planner.protocol.timing_text.pieces import At, Quantity, Reach
from planner.protocol.timing_text.timing import (
    Coordinate,
    Counted,
    Kind,
    NumberSpan,
    ParseRefusal,
    TextTiming,
)
from planner.protocol.timing_text.units import NAMES, Unit, written_number
from planner.time.distance import Distance, Tolerance, Window

DAY_ONE = "Day 1 is the reference's day and there is no Day 0"
DAY_ZERO = "Day 0 is the reference's day"
WEEK_ZERO = "Week N is N weeks after Week 0"
MONTH_ZERO = "Month N is N calendar months after Month 0"
YEAR_ZERO = "Year N is N calendar years after Year 0"
WEEK_ONE = "Week 1 starts with Day 1, the reference's day"
WEEK_EITHER = (
    "Week N is N weeks after Week 0; no Week 0 is named beside it, and counted from a Week 1 that"
    " starts with the reference's day it would be a week less"
)
WEEK_OF_CYCLE = "Week 1 of a cycle or period starts with its first day"
SO_FAR = "counted from the reference: number N is so many units from it"

TIMED: dict[Counted, Unit] = {"day": "d", "week": "w", "month": "mo", "year": "y"}
"""What is numbered and lies in time by its number, the finest first."""
_PLACES: tuple[Counted, ...] = ("cycle", "period", "visit")
_CONVENTIONS = {"w": WEEK_ZERO, "mo": MONTH_ZERO, "y": YEAR_ZERO}
AVERAGE: dict[str, Fraction] = {
    "mo": Fraction(487, 16),
    "y": Fraction(1461, 4),
    "w": Fraction(7),
    "d": Fraction(1),
}


def numbered_reading(
    ats: dict[Counted, At],
    reach: Reach | None,
    side: CountDirection,
    context: Context,
    notes: list[str],
) -> TextTiming:
    """What the numbers of one text say together (`Cycle 2 Day 15`, `Week 4 (Day 29)`).

    Raises:
        ParseRefusal: two numbers that contradict each other, or a tolerance without its unit.
    """
    finest = next(((of, unit) for of, unit in TIMED.items() if of in ats), None)
    places = tuple(Coordinate(of, ats[of].spans) for of in _PLACES if of in ats)
    if finest is None:
        return _of_cycles(ats, places, reach, side, notes)
    of, unit = finest
    counting = _Counting(ats, unit, side, context)
    coarser = (other for other in TIMED if other in ats and other != of)
    others = tuple(Coordinate(other, ats[other].spans) for other in coarser)
    parts = tuple(
        _one(span, of, unit, counting, reach, notes)._replace(
            coordinates=(*places, *others, Coordinate(of, (span,)))
        )
        for span in ats[of].spans
    )
    if len(parts) == 1:
        return parts[0]
    if others:
        raise ParseRefusal("several numbers in one unit beside one in another")
    return TextTiming("either" if ats[of].joined == "or" else "each", parts=parts)


class _Counting:
    """How numbers become distances: by which convention, from which reference."""

    def __init__(
        self, ats: dict[Counted, At], unit: Unit, side: CountDirection, context: Context
    ) -> None:
        self.ats = ats
        self.side = side
        self.kind = _kind(ats, unit, context)
        self.convention = _CONVENTIONS.get(unit, DAY_ONE)
        if unit == "d":
            uses_zero = any(0 in span for span in ats["day"].spans)
            zero = uses_zero or (context.day_zero is True and not context.in_cycle)
            self.convention = DAY_ZERO if zero else DAY_ONE
            self._agree(context)
        if side.direction == "after" and self.kind not in ("day of cycle", "day of period"):
            self.convention = SO_FAR
        elif unit == "w" and ("cycle" in ats or "period" in ats):
            self.convention = WEEK_OF_CYCLE
        elif unit == "w" and context.week_zero is False:
            self.convention = WEEK_EITHER
        self._coarser(unit)

    def _agree(self, context: Context) -> None:
        """`Week 4 (Day 29)`: the two numbers say together from where each is counted."""
        if "week" not in self.ats:
            return
        day, week = (_only(self.ats[of]) for of in ("day", "week"))
        if day is None or week is None:
            raise ParseRefusal("a range beside a number in another unit")
        from_one = day - 1 if day > 0 else day
        fitting = set()
        if 7 * week == from_one and day and context.day_zero is not True:
            fitting.add(DAY_ONE)
        if 7 * week == day and context.day_zero is not False and (day != from_one or not day):
            fitting.add(DAY_ZERO)
        if week >= 1 and 7 * (week - 1) == from_one:
            fitting.add(WEEK_ONE)
        if (week >= 1 and 2 <= day <= 6) or (not fitting and week >= 1 and 1 <= day <= 7):
            self.kind = "day of week"
            fitting = {WEEK_ONE}
        if 7 * week == day == 7:
            fitting.add(WEEK_ONE)
        if len(fitting) != 1:
            name = f"Week {written_number(week)} and Day {written_number(day)}"
            if fitting:
                raise ParseRefusal(f"{name} agree in two ways", *sorted(fitting))
            raise ParseRefusal(f"{name} do not agree")
        self.convention = fitting.pop()

    def _coarser(self, unit: Unit) -> None:
        """`Month 3 (Week 12)`: numbers in two units are one time only where they nearly agree."""
        own = _only(self.ats[NAMES[unit]])
        for of, other in TIMED.items():
            if of not in self.ats or other in (unit, "w" if unit == "d" else unit):
                continue
            number = _only(self.ats[of])
            if own is None or number is None:
                raise ParseRefusal("a range beside a number in another unit")
            fraction, there = own * AVERAGE[unit], number * AVERAGE[other]
            if abs(fraction - there) > max(Fraction(5), abs(there) / 10):
                raise ParseRefusal(f"a {of} and a {NAMES[unit]} that do not agree")

    def number(self, value: Fraction) -> Fraction:
        """How many units after the reference the number lies."""
        if self.kind == "day of week":
            week = _only(self.ats["week"])
            assert week is not None, "_agree has seen one"
            return 7 * (week - 1) + value - 1
        if self.convention in (DAY_ONE, WEEK_ONE, WEEK_OF_CYCLE) and value > 0:
            return value - 1
        return value


def _kind(ats: dict[Counted, At], unit: Unit, context: Context) -> Kind:
    if unit == "d":
        if "cycle" in ats or (context.in_cycle and "period" not in ats):
            return "day of cycle"
        return "day of period" if "period" in ats else "study day"
    return NAMES[unit]  # type: ignore[return-value]


def _only(at: At) -> Fraction | None:
    if len(at.spans) != 1 or at.spans[0].first != at.spans[0].last:
        return None
    return at.spans[0].first


def _one(
    span: NumberSpan,
    of: Counted,
    unit: Unit,
    counting: _Counting,
    reach: Reach | None,
    notes: list[str],
) -> TextTiming:
    kind, side = counting.kind, counting.side
    ends: list[Distance | None] = []
    for end in span:
        if end is None:
            ends.append(None)
            continue
        if of == "day" and end.denominator != 1:
            raise ParseRefusal("days are counted in whole numbers")
        ends.append(distance_of(Quantity(counting.number(end), unit), notes))
    target: Distance | None = None
    window: Window | Tolerance | None = None
    if span.first == span.last:
        target = ends[0]
        if reach is not None:
            target, window = reach_around(reach, target, unit if unit == "d" else None, notes)
    else:
        if reach is not None:
            raise ParseRefusal("a tolerance around a range")
        window = Window(ends[0], ends[1])
    direction = side.direction
    if direction == "after" and str(ends[0]).startswith("-"):
        if target is None or window is not None:
            raise ParseRefusal("a negative number after something")
        target, direction = -target, "before"
    return TextTiming(
        kind, target=target, window=window, reference=side.reference, direction=direction,
        convention=counting.convention,
    )  # fmt: skip


def _of_cycles(
    ats: dict[Counted, At], places: tuple[Coordinate, ...], reach: Reach | None,
    side: CountDirection, notes: list[str],
) -> TextTiming:  # fmt: skip
    """Numbered cycles, periods or visits alone: which they are, and a window around them."""
    window = None if reach is None else reach_around(reach, None, None, notes)[1]
    if "cycle" not in ats and "period" not in ats:
        return TextTiming("window", places, window=window)
    kind: Literal["cycle", "period"] = "cycle" if "cycle" in ats else "period"
    at = ats[kind]
    if side != NOWHERE and side.direction != "of":
        raise ParseRefusal(f"a {kind} before or after something")
    if at.joined == "or":
        rest = tuple(place for place in places if place.of != kind)
        parts = tuple(
            TextTiming(kind, (*rest, Coordinate(kind, (span,))), window=window) for span in at.spans
        )
        return TextTiming("either", parts=parts)
    return TextTiming(
        kind, places, window=window, reference=side.reference, direction=side.direction
    )
