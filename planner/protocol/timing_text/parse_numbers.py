"""Amounts of time and tolerances: `2-4 weeks`, `30 (±7) days`, `±3`, `-3/+7 days`."""

import itertools
from fractions import Fraction

from planner.protocol.timing_text.cursor import Cursor, backtracking
from planner.protocol.timing_text.lexicon import APPROXIMATELY, BOUNDS, ONWARDS, RANGE, Bound
from planner.protocol.timing_text.pieces import Amounts, AnyUnit, Joined, Quantity, Reach
from planner.protocol.timing_text.timing import ParseRefusal
from planner.protocol.timing_text.units import Unit

_SMALLER: dict[str, tuple[Unit, int]] = {"h": ("min", 60), "y": ("mo", 12), "w": ("d", 7)}
_CYCLES = ("cycle", "cycles")
_BUSINESS = ("business", "working")


@backtracking
def read_amounts(cursor: Cursor) -> Amounts | None:
    """An amount of time, a range or a list of them, with its bound and tolerance, if one is here.

    The cursor stays where it is if there is none. Numbers without a unit are bare: what they are is
    told by the context.

    Raises:
        ParseRefusal: numbers that belong to no reading, such as `-28-1`.
    """
    while cursor.word() in APPROXIMATELY:
        cursor.at += 1
    words = cursor.take_any(BOUNDS)
    bound: Bound | None = BOUNDS[words] if words else None
    if words in (("max",), ("min",)):
        cursor.take(".")
    while cursor.word() in APPROXIMATELY:
        cursor.at += 1
    between = bound is None and cursor.take("between")
    first = cursor.signed()
    if first is None or (first.sign == "+" and bound is not None):
        return None
    reach = _infix(cursor)
    ranges = [_range(cursor, first.value, between)]
    joined: Joined = "and"
    while True:
        start, word = cursor.at, cursor.word()
        if not _separates(cursor):
            break
        joined = "or" if "or" in (word, cursor.word(-1)) else joined
        following = cursor.signed()
        if following is None:
            cursor.at = start
            break
        ranges.append(_range(cursor, following.value, False))
    unit = ranges[-1][1].unit
    values = [low.value for low, _ in ranges]
    if any(fraction >= two for fraction, two in itertools.pairwise(values)):
        raise ParseRefusal("the amounts of a list do not ascend")
    if unit is None:
        cursor.footnote()
        unit = _unit(cursor)
        reach = reach or _infix(cursor)
        unit = unit or _unit(cursor)
    if cursor.word() == "school":
        raise ParseRefusal("school days are not days of a calendar")
    if unit is None and len(ranges) > 1 and _word_follows(cursor):
        return None
    shared = tuple((low.in_unit(high.unit or unit), high.in_unit(unit)) for low, high in ranges)
    onwards = bound is None and len(ranges) == 1 and read_onwards(cursor)
    return Amounts(shared, joined, bound, reach, bool(first.sign), onwards)


def _range(cursor: Cursor, first: Fraction, between: bool) -> tuple[Quantity, Quantity]:
    """From the number just read to the next one, where a range follows; else the number alone."""
    start = cursor.at
    unit = _unit(cursor)
    low = Quantity(first, unit)
    if unit is not None:
        low = _compound(cursor, low)
        start = cursor.at
    if between and not cursor.take("and"):
        raise ParseRefusal("`between` without its other end")
    if not between and not take_range(cursor, negative=first < 0):
        return low, low
    last = cursor.signed()
    if last is None:
        cursor.at = start
        return low, low
    high_unit = _unit(cursor)
    high = Quantity(last.value, high_unit)
    if high_unit is not None:
        high = _compound(cursor, high)
    if first < 0 and not last.sign and last.value > 0 and cursor.word(-1) == "-":
        raise ParseRefusal("a minus or a dash", "negative", "a range")
    return low, high


def take_range(cursor: Cursor, *, negative: bool) -> bool:
    """Passes what stands between the ends of a range; a minus is a dash only if it is spaced alike.

    Raises:
        ParseRefusal: `-28-1` could be a range from -28 to -1 or from -28 to 1.
    """
    word = cursor.word()
    if word not in RANGE:
        return False
    if word == "-":
        left, right = cursor.touches(), cursor.touches(1)
        following = cursor.word(1)
        if following in ("-", "+"):
            cursor.at += 1
            return True
        if not cursor.is_number(1):
            return False
        if not left and right:
            raise ParseRefusal("a minus sign or a dash", "a range", "a negative number")
        if negative and cursor.word(1).strip("0"):
            raise ParseRefusal(
                "a minus sign or a dash", "to a positive number", "to a negative number"
            )
    cursor.at += 1
    return True


def _separates(cursor: Cursor) -> bool:
    """Passes what stands between the numbers of a list; a `/` says too little and is left."""
    start = cursor.at
    cursor.take(",")
    if cursor.word() in ("and", "&", "or"):
        cursor.at += 1
    if cursor.at == start:
        return False
    if not cursor.is_number() and cursor.word() not in ("-", "+"):
        cursor.at = start
        return False
    return True


@backtracking
def zero_reach(cursor: Cursor) -> Reach | None:
    """`(0 to 5 days)` behind a target: a range that holds the target itself."""
    reach = read_reach(cursor)
    if reach is None or not (reach.low.value <= 0 <= reach.high.value):
        return None
    return reach


@backtracking
def _infix(cursor: Cursor) -> Reach | None:
    """A tolerance between a number and its unit: `28±2 days`, `30 (±7) days`."""
    closing = ")" if cursor.take("(") else "]" if cursor.take("[") else ""
    if cursor.word() != "±" and not (closing and cursor.word() in ("+", "-")):
        return None
    reach = read_reach(cursor)
    if reach is None or (closing and not cursor.take(closing)):
        return None
    return reach


@backtracking
def read_reach(cursor: Cursor) -> Reach | None:
    """A tolerance: `±3 d`, `+7 days`, `-3/+7`, `-7 to 0`, `-2 days to +4 days`, if one is here."""
    if cursor.take("±"):
        value = cursor.number()
        if value is None:
            raise ParseRefusal("`±` without its number")
        cursor.footnote()
        unit = _unit(cursor)
        if cursor.word() in ("%", "x"):
            raise ParseRefusal("`±` so many per cent is not a time")
        return Reach(Quantity(-value, unit), Quantity(value, unit))
    first = cursor.signed()
    if first is None:
        return None
    unit = _unit(cursor)
    last = None
    start = cursor.at
    if cursor.word() in ("/", ",", "and", "or") or cursor.word() in RANGE:
        is_range = cursor.word() in RANGE
        cursor.at += 1
        last = cursor.signed()
        if last is not None and not (is_range or (first.sign and (last.sign or not last.value))):
            last = None
    if last is None:
        cursor.at = start
        if not first.sign:
            return None
        value = first.value
        zero = Fraction(0)
        return Reach(Quantity(min(value, zero), unit), Quantity(max(value, zero), unit), 1)
    cursor.footnote()
    last_unit = _unit(cursor)
    low, high = Quantity(first.value, unit or last_unit), Quantity(last.value, last_unit or unit)
    if low.value > high.value:
        low, high = high, low
    return Reach(low, high, bool(first.sign) + bool(last.sign))


def read_onwards(cursor: Cursor) -> bool:
    """Passes `and beyond`, `onwards`, `+`: the number before it and all later ones."""
    if cursor.word() == "+" and cursor.touches() and not cursor.is_number(1):
        cursor.at += 1
        return True
    return cursor.take_any(ONWARDS) is not None


def _unit(cursor: Cursor) -> AnyUnit | None:
    skip = 1 if cursor.word() == "-" and cursor.touches() and cursor.touches(1) else 0
    if cursor.word(skip) in _CYCLES:
        cursor.at += skip + 1
        return "cycle"
    if cursor.word(skip) == "bd":
        cursor.at += skip + 1
        return "bd"
    if cursor.word(skip) in _BUSINESS and cursor.word(skip + 1) in ("day", "days"):
        cursor.at += skip + 2
        return "bd"
    return cursor.take_unit()


def _compound(cursor: Cursor, quantity: Quantity) -> Quantity:
    """`1 h 30 min` as one quantity."""
    smaller = _SMALLER.get(quantity.unit or "")
    if smaller is None or not cursor.is_number() or cursor.unit(1) != smaller[0]:
        return quantity
    rest = cursor.number()
    assert rest is not None, "is_number has seen it"
    cursor.at += 1
    sign = -1 if quantity.value < 0 else 1
    return Quantity(quantity.value * smaller[1] + sign * rest, smaller[0])


def _word_follows(cursor: Cursor) -> bool:
    token = cursor.token()
    return token is not None and token.kind == "word" and token.word not in ("and", "or")
