"""Intervals, relations, lengths of cycles: `q3w`, `after last dose`, `for 2 years`."""

from fractions import Fraction
from typing import Literal

from planner.protocol.timing_text.cursor import Cursor, backtracking
from planner.protocol.timing_text.lexicon import (
    ADVERBS,
    AFTER,
    EVENTS,
    OFTEN,
    SEVERAL,
    STARTING,
    THEN,
    TWO_WAYS,
    word_set,
)
from planner.protocol.timing_text.parse_coordinates import counted, read_at
from planner.protocol.timing_text.parse_numbers import read_amounts
from planner.protocol.timing_text.pieces import (
    Amounts,
    CountedFrom,
    CycleLength,
    Every,
    Lasting,
    Relation,
    RepeatCount,
    Start,
    Until,
)
from planner.protocol.timing_text.timing import ParseRefusal
from planner.protocol.timing_text.units import Unit

_CYCLES = ("cycle", "cycles")
_STOPS = frozenset(("(", ")", "[", "]", ";", ",", "±", "≤", "≥", "<", ">", "+", "=", ":", "within",
                    "every", "q", "until", *THEN, *ADVERBS, *SEVERAL))  # fmt: skip
_UNREFERRED = frozenset(
    ("before", "after", "prior", "between", "not", "except", "unless", "either", "to", "through")
)
"""Words that a reference does not have, lest a second time is taken for a part of it."""
_RELATIVE = word_set("day days week weeks month months hour hours time")
_TOTAL = (("the", "first"), ("the", "next"), ("a", "total", "of"), ("a", "period", "of"),
          ("first",), ("next",), ("the",), ("up", "to", "the", "first"))  # fmt: skip
_HOWEVER = ("times", "time", "x")
_SOME = ("doses", "cycles", "times", "visits", "infusions", "injections", "administrations")


def read_every(cursor: Cursor) -> Every | None:
    """A repetition: `every 3 weeks`, `q3w`, `every other day`, `twice daily`, `weekly`.

    Raises:
        ParseRefusal: a word with two meanings, such as `biweekly`.
    """
    return _adverb(cursor) or _q(cursor) or _every(cursor)


@backtracking
def _adverb(cursor: Cursor) -> Every | None:
    word = cursor.word()
    if word in ("bi", "semi") and cursor.word(1) == "-":
        word = word + cursor.word(2)
        cursor.at += 2
    if word in TWO_WAYS:
        raise ParseRefusal(f"`{word}` has two meanings", *TWO_WAYS[word])
    if word in ADVERBS:
        cursor.at += 1
        number, unit = ADVERBS[word]
        return _every_one(Fraction(number), unit)
    if word in SEVERAL:
        cursor.at += 1
        times, unit = SEVERAL[word]
        return _every_one(Fraction(1), unit, times)
    return _often(cursor) or _numbered_adverb(cursor)


@backtracking
def _often(cursor: Cursor) -> Every | None:
    """`twice daily`, `three times a week`, `once every 3 weeks`."""
    if cursor.word() in OFTEN:
        times = OFTEN[cursor.word()]
        cursor.at += 1
    else:
        number = cursor.number()
        if number is None or number.denominator != 1 or cursor.word() not in _HOWEVER:
            return None
        cursor.at += 1
        times = int(number)
    often = times if times > 1 else None
    if cursor.word() in ADVERBS:
        units, unit = ADVERBS[cursor.word()]
        cursor.at += 1
        return _every_one(Fraction(units), unit, often)
    if cursor.word() in ("a", "per", "each", "/"):
        cursor.at += 1
        each = cursor.take_unit()
        return None if each is None else _every_one(Fraction(1), each, often)
    every = _every(cursor) or _q(cursor)
    return None if every is None else every._replace(times=often)


@backtracking
def _numbered_adverb(cursor: Cursor) -> Every | None:
    """`3-weekly`, `12 weekly`: every so many of them."""
    number = cursor.number()
    if number is None:
        return None
    hyphen = cursor.take("-")
    if cursor.word() not in ("weekly", "monthly", "hourly", "yearly", "daily"):
        return None
    units, unit = ADVERBS[cursor.word()]
    cursor.at += 1
    if not hyphen and cursor.word() in _SOME:
        raise ParseRefusal("so many, one each", f"every {number}", f"{number} in all")
    cursor.take("intervals")
    return _every_one(number * units, unit)


@backtracking
def _q(cursor: Cursor) -> Every | None:
    """`q3w`, `Q12H`, `q 2-3 weeks`."""
    if not cursor.take("q"):
        return None
    number = cursor.number()
    if number is None:
        number = Fraction(1)
        if len(cursor.word()) < 2:
            return None
    last = number
    if cursor.word() == "-" and cursor.is_number(1):
        cursor.at += 1
        last = cursor.number() or number
    unit = cursor.take_unit()
    return None if unit is None else Every(number, last, unit)


@backtracking
def _every(cursor: Cursor) -> Every | None:
    if cursor.word() not in ("every", "each") and not (
        cursor.word() == "alternate" and cursor.unit(1)
    ):
        return None
    if cursor.word() == "alternate":
        cursor.at += 1
        unit = cursor.take_unit()
        return None if unit is None else _every_one(Fraction(2), unit)
    cursor.at += 1
    for noise in ("approximately", "approx", "about", "~"):
        cursor.take(noise)
    ordinal = cursor.ordinal()
    first = Fraction(ordinal) if ordinal is not None else cursor.number()
    last = first
    if first is not None and cursor.word() in ("-", "to", "or") and cursor.is_number(1):
        if cursor.word() == "or":
            raise ParseRefusal(
                "every so many or so many", f"every {first}", f"every {cursor.word(1)}"
            )
        cursor.at += 1
        last = cursor.number()
    fraction = Fraction(1) if first is None else first
    if cursor.word() in _CYCLES:
        cursor.at += 1
        return Every(fraction, fraction if last is None else last, "cycle")
    reach = cursor.word() in ("±", "(")
    unit = None if reach else cursor.take_unit()
    if unit is None or (cursor.word() == "-" and cursor.word(1) in _CYCLES):
        return None
    if cursor.word() in _CYCLES:
        return None
    return Every(fraction, fraction if last is None else last, unit)


def _every_one(number: Fraction, unit: Unit, times: int | None = None) -> Every:
    return Every(number, number, unit, times)


def read_relation(cursor: Cursor) -> Relation | CountedFrom | None:
    """Before or after what: `after last treatment`, `pre-dose`, `prior to C1D1`, `of Cycle 2`.

    Raises:
        ParseRefusal: an amount of time where a reference should stand.
    """
    return _relative_to(cursor) or _glued(cursor) or _relation(cursor)


@backtracking
def _relative_to(cursor: Cursor) -> CountedFrom | None:
    if cursor.word() in _RELATIVE:
        cursor.at += 1
    elif cursor.word() != "relative":
        return None
    if not cursor.take("relative", "to"):
        return None
    text = read_reference(cursor)
    return CountedFrom(text) if text else None


@backtracking
def _glued(cursor: Cursor) -> Relation | None:
    """`predose`, `post-infusion`: a moment, unlike `post-treatment`, which names an epoch."""
    word = cursor.word()
    for prefix, direction in (("pre", "before"), ("post", "after")):
        rest = ""
        length = 1
        if word == prefix and cursor.word(1) == "-":
            rest, length = cursor.word(2), 3
        elif word == prefix:
            rest, length = cursor.word(1), 2
        elif word.startswith(prefix):
            rest = word.removeprefix(prefix)
        if rest not in EVENTS:
            continue
        following = cursor.word(length)
        if length == 2 and following and following not in _STOPS:
            return None  # `post dose 2`: the reference is longer than a moment's name
        if cursor.is_number(length) and cursor.unit(length + 1) is None:
            return None
        cursor.at += length
        way: Literal["after", "before"] = "before" if direction == "before" else "after"
        return Relation(way, EVENTS[rest])
    return None


@backtracking
def _relation(cursor: Cursor) -> Relation | None:
    prefixed = cursor.word() in ("pre", "post", "from", "since", "following")
    words = cursor.take_any(AFTER)
    if words is None:
        return None
    hyphen = prefixed and cursor.take("-")
    if cursor.is_number() and cursor.unit(1) is not None:
        raise ParseRefusal(f"`{' '.join(words)}` an amount of time: at its end, or from then on",
                      "at its end", "from then on")  # fmt: skip
    direction: Literal["after", "before"] = "before" if AFTER[words] == "before" else "after"
    reference = read_reference(cursor, short=bool(hyphen))
    return Relation(direction, reference or None, moment=not prefixed)


def read_reference(cursor: Cursor, *, short: bool = False) -> str:
    """The words up to where a time begins again; numbered days and visits may be among them.

    A ``short`` one ends before a numbered day or week (`Post-treatment Week 4`).

    Raises:
        ParseRefusal: an amount of time among the words.
    """
    start = cursor.at
    while (token := cursor.token()) is not None and token.word not in _STOPS:
        if token.word in ("or", "and", "&", "/") and (
            _begins_time(cursor, 1) or cursor.word(1) in _STOPS
        ):
            break
        if token.word in ("-", "..", "..."):
            if not (cursor.touches() and cursor.touches(1)):
                break
        elif token.word == "." and cursor.token(1) is not None:
            break
        if short and counted(cursor) not in (None, "visit"):
            break
        if token.word in ("for", "during") and (cursor.is_number(1) or cursor.word(1) == "the"):
            break
        if token.kind == "number" and _has_unit_behind(cursor):
            raise ParseRefusal("an amount of time where a reference should stand")
        cursor.at += 1
    passed = [token.word for token in cursor.tokens[start : cursor.at]]
    doubt = [word for at, word in enumerate(passed) if _is_doubtful(passed, at)]
    if doubt:
        raise ParseRefusal(f"a reference with `{doubt[0]}`")
    return cursor.text(start, cursor.at).removeprefix("the ").removesuffix(".")


def _is_doubtful(words: list[str], at: int) -> bool:
    return words[at] in _UNREFERRED or (at == 0 and words[at] in ("or", "and"))


def _has_unit_behind(cursor: Cursor) -> bool:
    """Whether the number here is an amount of time, and no numbered day before another (`C1D1`)."""
    if cursor.unit(1) is None:
        return False
    return not (counted(cursor, 1) is not None and cursor.is_number(2))


def _begins_time(cursor: Cursor, ahead: int) -> bool:
    number = cursor.is_number(ahead) and not cursor.is_number(ahead - 1)
    return (
        number
        or cursor.word(ahead) in ("-", "at", "once", "twice")
        or (counted(cursor, ahead) not in (None, "visit", "cycle"))
    )


def read_length(cursor: Cursor) -> CycleLength | None:
    """How long a cycle is: `Cycle = 21 days`, `28-day cycle`, `cycle length: 3 weeks`."""
    return _length_told(cursor) or _length_before(cursor)


@backtracking
def _length_told(cursor: Cursor) -> CycleLength | None:
    for word in ("1", "one", "each", "every", "a"):
        if cursor.word(1) in _CYCLES and cursor.take(word):
            break
    if cursor.word() not in _CYCLES or cursor.is_number(1):
        return None
    cursor.at += 1
    cursor.take("length") or cursor.take("duration")
    for sign in ("=", ":", "is", "of", "("):
        if cursor.take(sign):
            amounts = read_amounts(cursor)
            if amounts is None or not _has_unit(amounts) or (sign == "(" and not cursor.take(")")):
                return None
            return CycleLength(amounts)
    return None


@backtracking
def _length_before(cursor: Cursor) -> CycleLength | None:
    """`21-day cycle`, `each 28 day cycle`."""
    if cursor.word() in ("each", "every", "a"):
        cursor.at += 1
    amounts = read_amounts(cursor)
    if amounts is None or not _has_unit(amounts) or len(amounts.ranges) > 1:
        return None
    cursor.take("-")
    cursor.take("treatment") or cursor.take("dosing")
    if cursor.word() not in _CYCLES:
        return None
    cursor.at += 1
    return CycleLength(amounts)


def _has_unit(amounts: Amounts) -> bool:
    return all(end.unit not in (None, "cycle") for pair in amounts.ranges for end in pair)


def read_limit(cursor: Cursor) -> Lasting | Until | RepeatCount | Start | None:
    """How far a repetition goes: `for the first 12 months`, `until progression`, `x 4`."""
    return _lasting(cursor) or _count(cursor) or _start(cursor) or _until(cursor)


@backtracking
def _lasting(cursor: Cursor) -> Lasting | None:
    if cursor.word() not in ("for", "during", "lasting", "x"):
        return None
    cursor.at += 1
    cursor.take_any(_TOTAL)
    amounts = read_amounts(cursor)
    if (
        amounts is None
        or len(amounts.ranges) > 1
        or any(end.unit is None for end in amounts.ranges[0])
    ):
        return None
    if amounts.ranges[0][0].unit == "cycle":
        return None
    return Lasting(amounts)


@backtracking
def _count(cursor: Cursor) -> RepeatCount | None:
    sign = cursor.take("x") or cursor.take("for")
    if not sign:
        return None
    number = cursor.number()
    if number is None or number.denominator != 1 or cursor.unit() is not None:
        return None
    by_word = cursor.word() in _SOME
    if cursor.word(-2) == "for" and not by_word:
        return None
    cursor.at += by_word
    return RepeatCount(int(number))


def take_starting(cursor: Cursor, *words: str) -> bool:
    """Passes `starting on`, `beginning with`; any of ``words`` may stand for `starting`."""
    if cursor.word() not in (*STARTING, *words):
        return False
    cursor.at += 1
    cursor.take_any((("on",), ("at",), ("from",), ("with",), ("in",)))
    return True


@backtracking
def _start(cursor: Cursor) -> Start | None:
    if not take_starting(cursor) and not cursor.take("from"):
        return None
    start = cursor.at
    at = read_at(cursor)
    return None if at is None else Start(at, cursor.text(start, cursor.at))


@backtracking
def _until(cursor: Cursor) -> Until | None:
    if cursor.word() not in ("until", "till", "through", "thru", "to", "up"):
        return None
    if cursor.word() == "up" and cursor.word(1) != "to":
        return None
    cursor.at += 2 if cursor.word() == "up" else 1
    if cursor.is_number() or cursor.word() in ("-", "±"):
        return None
    text = read_reference(cursor)
    return Until(text) if text else None
