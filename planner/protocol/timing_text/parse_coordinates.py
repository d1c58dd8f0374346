"""Numbered days, weeks, cycles and visits: `Days -28 to -2`, `C2D15`, `Cycles 3-6/8`, `Week 12`."""

from fractions import Fraction

from planner.protocol.timing_text.cursor import Cursor, Signed, backtracking
from planner.protocol.timing_text.lexicon import APPROXIMATELY, BOUNDS, RANGE, Bound, word_set
from planner.protocol.timing_text.parse_numbers import read_onwards, take_range
from planner.protocol.timing_text.pieces import At, Joined
from planner.protocol.timing_text.timing import Counted, NumberSpan, ParseRefusal
from planner.protocol.timing_text.units import NAMES, UNITS, written_number

_LETTERS: dict[str, Counted] = {"d": "day", "w": "week", "M": "month", "y": "year", "c": "cycle",
                                "v": "visit", "p": "period", "h": "hour"}  # fmt: skip
_WORDS: dict[str, Counted] = {
    **{word: NAMES[unit] for word, unit in UNITS.items() if len(word) > 1},
    "cycle": "cycle", "cycles": "cycle", "cyc": "cycle", "visit": "visit", "visits": "visit",
    "period": "period", "periods": "period",
}  # fmt: skip
_UNSIGNED = ("cycle", "visit", "period")
PLACEHOLDERS = word_set("n x y xx xxx nn")


def counted(cursor: Cursor, ahead: int = 0) -> Counted | None:
    """What a word numbers, if a number can follow it: `Day`, `wk`, `C`, `D` before `1`."""
    token = cursor.token(ahead)
    if token is None or token.kind != "word":
        return None
    numbered = _WORDS.get(token.word)
    if numbered is not None:
        return numbered
    letter = _LETTERS.get(token.text if token.text in "Mm" else token.word)
    if letter is None or len(token.text) > 1:
        return None
    signed = cursor.word(ahead + 1) in ("-", "+") and cursor.is_number(ahead + 2)
    if letter == "period" and not (cursor.is_number(ahead + 1) and cursor.word(ahead + 2) == "d"):
        return None
    touches = cursor.touches(ahead + 1)
    if cursor.word(ahead + 1) in ("≥", "≤", "<", ">") and cursor.is_number(ahead + 2):
        return letter if token.text.isupper() else None
    if (cursor.is_number(ahead + 1) or signed) and (touches or token.text.isupper()):
        return letter
    return None


def unit_follows(cursor: Cursor) -> bool:
    """Whether a unit stands here that the number before it has, and not one behind it (`C2D15`)."""
    unit = cursor.unit()
    return unit is not None and (counted(cursor) is None or not _number_follows(cursor))


def _number_follows(cursor: Cursor) -> bool:
    signed = cursor.word(1) in ("-", "+", "≥", "≤") and cursor.is_number(2)
    return cursor.is_number(1) or signed


@backtracking
def read_at(cursor: Cursor) -> At | None:
    """Numbered days, weeks, ... with all their numbers, if they stand here.

    Raises:
        ParseRefusal: a hyphen could be a minus (`Day-14`), or letters stand for numbers (`Day X`).
    """
    between = cursor.take("between")
    bound = None if between else _bound(cursor)
    cursor.take("study") or cursor.take("treatment")
    of = counted(cursor)
    if of is None:
        return None
    cursor.at += 1
    for words in (("no", "."), ("no",), ("number",), ("#",), (":",), (".",)):
        if (cursor.is_number(len(words))) and cursor.take(*words):
            break
    if bound is None:
        bound = _bound(cursor)
    if bound is None and cursor.word() in APPROXIMATELY and cursor.is_number(1):
        cursor.at += 1
    first = cursor.signed()
    if first is None:
        return None
    if unit_follows(cursor):
        return None
    if first.sign == "+" and of == "day":
        number = written_number(first.value)
        raise ParseRefusal("a numbered day with a plus: counted from a Day 0, or from Day 1",
                      f"{number}d after", f"Day {number}")  # fmt: skip
    if between:
        return _between(cursor, of, first)
    spans, joined = [_span(cursor, of, first)], "and"
    while (more := _more(cursor, of, spans[-1])) is not None:
        joined = more[0]
        spans.append(_ascending(spans[-1], more[1], joined))
    if len(spans) > 1 and any(span.first is None or span.last is None for span in spans[:-1]):
        raise ParseRefusal("a list of numbers of which one has no end")
    if bound is not None:
        spans = [_bounded(bound, spans)]
    if of in _UNSIGNED:
        _check_names(of, spans)
    kind: Joined = "or" if joined == "or" else "and"
    return At(of, tuple(spans), kind)


def _between(cursor: Cursor, of: Counted, first: Signed) -> At | None:
    """`between Day 7 and Day 14`."""
    if not cursor.take("and"):
        return None
    if counted(cursor) == of:
        cursor.at += 1
    last = cursor.signed()
    if last is None or unit_follows(cursor):
        return None
    return At(of, (_in_order(of, first, first.value, last, last.value),))


def _bound(cursor: Cursor) -> Bound | None:
    words = cursor.take_any(BOUNDS)
    return BOUNDS[words] if words else None


def _bounded(bound: Bound, spans: list[NumberSpan]) -> NumberSpan:
    number = spans[0].first
    if number is not None and number < 0:
        raise ParseRefusal("a bound before a negative number", "back to it", "until it")
    if len(spans) > 1 or number is None or number != spans[0].last or number.denominator != 1:
        raise ParseRefusal("a bound around several numbers")
    if bound == "within":
        raise ParseRefusal("within a numbered day or week: up to it, or on it", "up to it", "on it")
    if bound in ("≤", "<"):
        return NumberSpan(None, number - (bound == "<"))
    return NumberSpan(number + (bound == ">"), None)


def read_spans(cursor: Cursor, of: Counted, first: Signed) -> list[NumberSpan]:
    """The numbers of a list whose first has just been read, as in a row of bare day numbers."""
    spans = [_span(cursor, of, first)]
    while (more := _more(cursor, of, spans[-1])) is not None:
        if more[0] == "or":
            raise ParseRefusal("one number or another")
        spans.append(_ascending(spans[-1], more[1], "and"))
    return spans


def _ascending(before: NumberSpan, following: NumberSpan, joined: str) -> NumberSpan:
    """The next number of a list; `1,000` is no list."""
    last = before.first if before.last is None else before.last
    first = following.first
    if joined == "and" and first is not None and last is not None and first <= last:
        raise ParseRefusal("the numbers of a list do not ascend")
    return following


@backtracking
def _more(cursor: Cursor, of: Counted, before: NumberSpan) -> tuple[str, NumberSpan] | None:
    """`, 8`, `and 15`, `/ Day 22`: one more number of the list."""
    joined = "and"
    comma = cursor.take(",")
    if cursor.word() in ("and", "&", "or"):
        joined = "or" if cursor.word() == "or" else "and"
        cursor.at += 1
    elif not comma:
        if cursor.word() != "/" or not (cursor.is_number(1) or counted(cursor, 1) == of):
            return None
        last = cursor.token(1)
        if of == "cycle" and before.first != before.last and last is not None and last.value:
            # `Cycles 3-6/8`: six or eight cycles are given, so the range ends at one or the other.
            cursor.at += 2
            return "or", NumberSpan(before.first, last.value)
        if counted(cursor, 1) == of:
            cursor.at += 1  # `D1/D8` are two days; `D1/8` might be either of them
            return _numbered_again(cursor, of)
        raise ParseRefusal("`/` between numbers could mean `and` or `or`", "and", "or")
    if counted(cursor) == of:
        cursor.at += 1
    start = cursor.at
    number = cursor.signed()
    if number is None or cursor.word() in ("st", "nd", "rd", "th", "x"):
        return None
    if cursor.at > start + 1 and cursor.word(-1) in ("st", "nd"):
        return None
    if unit_follows(cursor):
        return None
    if cursor.word() in ("cycle", "cycles", "times", "doses") or cursor.word() == "±":
        return None
    if cursor.word() in ("-", "to") and cursor.is_number(1) and cursor.unit(2) is not None:
        return None
    return joined, _span(cursor, of, number)


def _numbered_again(cursor: Cursor, of: Counted) -> tuple[str, NumberSpan] | None:
    """The number behind a unit that is repeated: `D8`."""
    cursor.at += 1
    number = cursor.signed()
    return None if number is None else ("and", _span(cursor, of, number))


def _span(cursor: Cursor, of: Counted, first: Signed) -> NumberSpan:
    low = _signless(of, first)
    cursor.footnote()
    if read_onwards(cursor):
        return NumberSpan(_sure(first, low, of), None)
    start = cursor.at
    if not take_range(cursor, negative=low < 0):
        if cursor.word() in RANGE and (cursor.word(1) in PLACEHOLDERS or counted(cursor, 1) == of):
            cursor.at += 1
        else:
            return NumberSpan(_sure(first, low, of), _sure(first, low, of))
    if counted(cursor) == of:
        cursor.at += 1
    if cursor.word() in PLACEHOLDERS and cursor.word(-1) in (*RANGE, of):
        cursor.at += 1
        return NumberSpan(_sure(first, low, of), None)
    last = cursor.signed()
    if last is None:
        cursor.at = start
        return NumberSpan(_sure(first, low, of), _sure(first, low, of))
    high = _signless(of, last)
    cursor.footnote()
    if unit_follows(cursor):
        raise ParseRefusal("a range from a numbered day to an amount of time")
    return _in_order(of, first, low, last, high)


def _in_order(
    of: Counted, first: Signed, low: Fraction, last: Signed, high: Fraction
) -> NumberSpan:
    """The range; a glued hyphen is a minus or not, as only one of both gives an ascending range."""
    if not (_is_hyphen(first, of) or _is_hyphen(last, of)):
        if low > high:
            raise ParseRefusal(
                f"from {written_number(low)} to {written_number(high)} has its ends in reverse"
                f" order"
            )
        return NumberSpan(low, high)
    lows = [low, -low] if _is_hyphen(first, of) else [low]
    highs = [high, -high] if _is_hyphen(last, of) else [high]
    fitting = [NumberSpan(low, other) for low in lows for other in highs if low <= other]
    if _is_hyphen(first, of) and _is_hyphen(last, of):
        # The writer of `Day-28 to Day-1` meant the same hyphen both times.
        fitting = [
            number_span
            for number_span in fitting
            if number_span.first in (low, -low) and _alike(number_span, low, high)
        ]
    if len(fitting) != 1:
        readings = [f"{of} {number_span}" for number_span in fitting]
        raise ParseRefusal("a minus sign or a hyphen", *readings)
    return fitting[0]


def _alike(span: NumberSpan, low: Fraction, high: Fraction) -> bool:
    return (span.first == low) == (span.last == high)


def _is_hyphen(number: Signed, of: Counted) -> bool:
    return number.sign == "-" and number.glued and of not in _UNSIGNED and number.value != 0


def _sure(number: Signed, value: Fraction, of: Counted) -> Fraction:
    if _is_hyphen(number, of):
        name = written_number(abs(value))
        raise ParseRefusal("a minus sign or a hyphen", f"{of} {name}", f"{of} -{name}")
    return value


def _check_names(of: Counted, spans: list[NumberSpan]) -> None:
    for span in spans:
        for end in span:
            if end is not None and (end < 0 or end.denominator != 1):
                raise ParseRefusal(f"{of} {written_number(end)}: they are counted in whole numbers")


def _signless(of: Counted, number: Signed) -> Fraction:
    """Cycles, visits and periods have no negative numbers: a minus before one is a hyphen."""
    return abs(number.value) if of in _UNSIGNED else number.value
