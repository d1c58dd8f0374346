"""Bare numbers (`15±3`, `-7 to 0`, `4 and Beyond`): what they are, by where they stand."""

from planner.protocol.timing_text.context import Context
from planner.protocol.timing_text.cursor import Cursor, backtracking
from planner.protocol.timing_text.lexicon import AFTER
from planner.protocol.timing_text.parse_coordinates import read_spans
from planner.protocol.timing_text.parse_numbers import read_amounts, read_onwards, read_reach
from planner.protocol.timing_text.pieces import Amounts, AnyUnit, At, Name, Piece, Reach, Relation
from planner.protocol.timing_text.timing import Counted, NumberSpan, ParseRefusal
from planner.protocol.timing_text.units import NAMES, Unit, written_number


def read_bare(
    cursor: Cursor, context: Context, amounts: Amounts, after: int, named: bool
) -> list[Piece]:
    """The pieces that bare numbers are here; ``amounts`` is how they read without any context.

    ``after`` is the place behind them, ``named`` whether a name stands before them.

    Raises:
        ParseRefusal: the context does not tell, or leaves two meanings.
    """
    start = cursor.at
    cursor.at = after
    if context.meaning == "name" or (named and context.unit is None and _is_name(amounts)):
        return [Name(cursor.text(start, after))]
    if named and _is_name(amounts):
        raise ParseRefusal("a number behind a name, which may belong to the name")
    related = _relation_follows(cursor)
    reach = amounts.reach
    unit = None if reach is None or cursor.word(-1) in (")", "]") else reach.high.unit
    if unit is not None and (related or context.meaning in ("unknown", "window")):
        # `28±2 days`: the unit stands once for both numbers, unless a row of weeks gives the first.
        return [_with_unit(amounts, unit)]
    if (related or context.meaning == "distance") and context.unit is not None:
        return [_with_unit(amounts, context.unit)]
    if context.meaning in ("number", "cycle", "period"):
        cursor.at = start
        return _numbered(cursor, context, amounts, after)
    raise ParseRefusal(
        "a number without its unit", "days", "weeks", "a visit's or a cycle's number"
    )


def _is_name(amounts: Amounts) -> bool:
    """`Dose 2`, `Part 1`: a whole number without a sign numbers what is named before it."""
    low, high = amounts.ranges[0]
    plain = not amounts.signed and amounts.bound is None and amounts.reach is None
    return plain and len(amounts.ranges) == 1 and low == high


def _with_unit(amounts: Amounts, unit: AnyUnit) -> Amounts:
    ranges = tuple((low.in_unit(unit), high.in_unit(unit)) for low, high in amounts.ranges)
    return amounts._replace(ranges=ranges)


def _numbered(cursor: Cursor, context: Context, amounts: Amounts, after: int) -> list[Piece]:
    of = _of(context)
    if amounts.bound in ("≥", ">") and of == "cycle":
        cursor.at = after
        low = amounts.ranges[0][0].value + (amounts.bound == ">")
        return [At(of, (NumberSpan(low, None),))]
    if amounts.bound is not None:
        cursor.at = after
        return _bounded(context, amounts)
    first = cursor.signed()
    if first is None or (first.sign == "+" and of != "week"):
        raise ParseRefusal("a number with a plus: a window, or so much later", "a window", "later")
    spans = read_spans(cursor, of, first)
    pieces: list[Piece] = [At(of, tuple(spans), bare=True)]
    if cursor.word() == "±":
        reach = read_reach(cursor)
        pieces += [reach] if reach is not None else []
    elif read_onwards(cursor):
        pieces = [At(of, (NumberSpan(spans[-1].first, None),))]
    return pieces


def _of(context: Context) -> Counted:
    if context.meaning == "cycle":
        return "cycle"
    if context.meaning == "period":
        return "period"
    assert context.unit is not None, "numbers are counted in a unit"
    return NAMES[context.unit]


def _bounded(context: Context, amounts: Amounts) -> list[Piece]:
    """`≤28`: within so many days before the first one, where the column is one of screening."""
    low, _ = amounts.ranges[0]
    unit = context.unit
    name = written_number(low.value) + (unit or "")
    if amounts.bound in ("≤", "within", "<") and context.screens and unit is not None:
        first = "Day 1" if unit == "d" and not context.day_zero else f"{NAMES[unit].title()} 0"
        return [_with_unit(amounts, unit), Relation("before", first)]
    number = written_number(low.value)
    raise ParseRefusal("a bound without a direction", f"{amounts.bound}{name} before the first day",
                  f"numbers {amounts.bound}{number}")  # fmt: skip


@backtracking
def read_window(cursor: Cursor, context: Context) -> Reach | None:
    """A tolerance in a row of windows: `±3`, `+7d`, `-7 to 0`, `0`; ``None`` where none stands here
    or what stands here is a distance (`≤35 before V2`).

    Raises:
        ParseRefusal: `7` could be to either side or to one; `-28 to -1` could be numbered days.
    """
    start = cursor.at
    both = read_reach(cursor) if cursor.word() in ("+", "-") else None
    if both is not None and both.signs == 2 and both.low.value <= 0 <= both.high.value:
        return in_unit(both, context.unit)
    cursor.at = start
    amounts = read_amounts(cursor) if cursor.word() != "±" else None
    after = cursor.at
    if amounts is not None and (len(amounts.ranges) > 1 or amounts.reach is not None):
        return None
    if _relation_follows(cursor):
        return None
    cursor.at = start
    reach = read_reach(cursor)
    if reach is None and amounts is None:
        return None
    if amounts is not None and (reach is None or after > cursor.at):
        cursor.at = after
        reach = _from_amounts(amounts, context)
    assert reach is not None, "one of both has been read"
    if not reach.low.value <= 0 <= reach.high.value:
        raise ParseRefusal("a range without the planned day: around it, or of numbered days",
                      "around the planned day", "numbered days")  # fmt: skip
    unit = context.unit
    if unit is None and not reach.low.value and not reach.high.value:
        unit = "d"
    return in_unit(reach, unit)


def _from_amounts(amounts: Amounts, context: Context) -> Reach:
    """A number without a sign in a row of windows: a window only where the heading tells which."""
    low, high = amounts.ranges[0]
    if amounts.bound is None and (low != high or not low.value):
        return Reach(low, high)
    if low == high and not amounts.signed and amounts.bound in (None, "≤") and context.both_ways:
        return Reach(low._replace(value=-low.value), low)
    name = written_number(low.value) + (low.unit or "")
    raise ParseRefusal("a window without a sign", f"±{name}", f"+{name}", f"{name} in all")


def in_unit(reach: Reach, unit: Unit | None) -> Reach:
    """The tolerance with the unit where it has none of its own."""
    return reach._replace(low=reach.low.in_unit(unit), high=reach.high.in_unit(unit))


def _relation_follows(cursor: Cursor) -> bool:
    return any(map(cursor.stands, AFTER))
