"""What the segments of a text say: each one by its pieces, and all of them together."""

from collections.abc import Collection, Iterable
from fractions import Fraction
from typing import TypeVar

from planner.protocol.timing_text.context import Context
from planner.protocol.timing_text.interpret_distances import (
    NOWHERE,
    CountDirection,
    amounts_reading,
    interval_reading,
    length_of,
    reach_around,
    relation_side,
)
from planner.protocol.timing_text.interpret_numbers import (
    AVERAGE,
    TIMED,
    WEEK_ONE,
    numbered_reading,
)
from planner.protocol.timing_text.lexicon import BASELINES
from planner.protocol.timing_text.pieces import (
    Amounts,
    At,
    CountedFrom,
    CycleLength,
    Every,
    First,
    Lasting,
    Name,
    Piece,
    Quantity,
    Reach,
    Relation,
    RepeatCount,
    Segment,
    Start,
    Until,
)
from planner.protocol.timing_text.timing import (
    Coordinate,
    Counted,
    NumberSpan,
    ParseRefusal,
    TextTiming,
)
from planner.protocol.timing_text.units import written_number
from planner.time.distance import CalendarDistance

T = TypeVar("T")
_NUMBERED = ("study day", "day of cycle", "day of period", "week", "month")
_MAX_WORDS = 12
"""Words of names outside parentheses; a text with more is a sentence, which may say anything."""
_ONE_EACH = (Amounts, Every, Relation, Reach, CycleLength, Lasting, Until, RepeatCount, CountedFrom)


def together(segments: list[Segment], context: Context) -> TextTiming | None:
    """What the segments of a text say together; ``None`` if they say no time.

    Raises:
        ParseRefusal: they contradict each other, or say more than is understood.
    """
    groups: list[tuple[str, list[Piece]]] = []
    notes: list[str] = []
    doubts = [segment.doubt for segment in segments if segment.doubt]
    for segment in segments:
        is_beside = segment.joiner in ("", ",", "/")
        visits = [piece for piece in segment.pieces if _is_visit(piece)]
        words = names(segment.pieces)
        if len(words) + len(visits) == len(segment.pieces) and not (visits and is_beside):
            joiner = "" if is_beside or not (notes or groups) else segment.joiner
            notes += [" ".join([joiner, *words]).strip()] if words else []
        elif is_beside and groups and _fit(groups[-1][1], segment.pieces):
            groups[-1][1].extend(segment.pieces)
        else:
            groups.append((segment.joiner, list(segment.pieces)))
    _inherit(groups)
    by_joiner = [(joiner, segment_reading(pieces, context)) for joiner, pieces in groups]
    readings = [(joiner, timing) for joiner, timing in by_joiner if timing is not None]
    if not readings:
        return None
    if doubts:
        raise ParseRefusal(f"`{doubts[0]}` may change what the rest says")
    outside = (name for segment in segments for name in names(segment.pieces))
    if sum(len(name.split()) for name in outside if not name.startswith(("(", "["))) > _MAX_WORDS:
        raise ParseRefusal("a sentence, which may say more than its times")
    if len(readings) == 1:
        return _noted(readings[0][1], notes)
    joiners = {joiner or "," for joiner, _ in readings[1:]}
    bare = any(isinstance(piece, At) and piece.bare for _, pieces in groups for piece in pieces)
    if "/" in joiners and (bare or not all(timing.kind in _NUMBERED for _, timing in readings)):
        raise ParseRefusal("`/` between times could mean `and` or `or`", "and", "or")
    joiners = {"," if joiner == "/" else joiner for joiner in joiners}
    parts: tuple[TextTiming, ...] = ()
    for _, timing in readings:
        flat = timing.kind == "each" and "or" not in joiners and not timing.notes
        parts += timing.parts if flat else (timing,)
    if joiners == {"or"}:
        return _noted(TextTiming("either", parts=parts), notes)
    if "or" in joiners:
        raise ParseRefusal("`or` beside `and`")
    kinds = {timing.kind for timing in parts}
    if "window" in kinds:
        raise ParseRefusal("several windows for one time")
    if joiners == {","} and len(kinds) > 1 and not kinds <= {"order", "distance"}:
        raise ParseRefusal("several times beside each other, without a word between them")
    return _noted(TextTiming("series" if "then" in joiners else "each", parts=parts), notes)


def _noted(reading: TextTiming, notes: list[str]) -> TextTiming:
    words = {word.strip("()").lower() for note in (*reading.notes, *notes) for word in note.split()}
    week = reading.coordinates[-1] if reading.kind == "week" else None
    if week is not None and words & BASELINES and week.spans[0].first == 1 and reading.target:
        # A baseline in Week 1 tells that weeks are counted from 1.
        zero = CalendarDistance(0, 0)
        reading = reading._replace(target=zero, convention=WEEK_ONE)
    return reading._replace(notes=(*reading.notes, *notes)) if notes else reading


def _is_visit(piece: Piece) -> bool:
    return isinstance(piece, At) and piece.of == "visit"


def _fit(before: list[Piece], following: Iterable[Piece]) -> bool:
    """Whether pieces behind a comma belong to the same time as those before it."""
    kinds = {type(piece) for piece in before}
    numbered = {piece.of for piece in before if isinstance(piece, At)}
    return not any(
        (isinstance(piece, At) and (piece.of in numbered or Amounts in kinds))
        or (isinstance(piece, Amounts) and _is_other_time(kinds, piece))
        or (isinstance(piece, Every) and not numbered.isdisjoint(TIMED))
        or (isinstance(piece, _ONE_EACH) and type(piece) in kinds)
        for piece in following
    )


def _is_other_time(kinds: Collection[type], amounts: Amounts) -> bool:
    """`Predose, 2 h`: two times; but `predose, within 1 h` is one."""
    negative = all(end.value <= 0 for pair in amounts.ranges for end in pair)
    return Amounts in kinds or (Relation in kinds and amounts.bound is None and not negative)


def _inherit(groups: list[tuple[str, list[Piece]]]) -> None:
    """`2 h and 4 h after dose`: what is said once at the end holds for the amounts before it."""
    for at, (_, pieces) in enumerate(groups):
        several = [piece for piece in pieces if isinstance(piece, Amounts)]
        if len(several) != 1 or any(isinstance(piece, Relation) for piece in pieces):
            continue
        amounts = several[0]
        before = [group for _, group in groups[:at]]
        if any(one_of(pieces_before, CycleLength) is not None for pieces_before in before):
            pieces[pieces.index(amounts)] = CycleLength(amounts)
            continue
        for _, other in groups[at + 1 :]:
            theirs, relation = one_of(other, Amounts), one_of(other, Relation)
            if theirs is None or relation is None or relation.plus:
                continue
            if theirs.ranges[0][0].unit == amounts.ranges[0][0].unit:
                pieces.append(relation)
            break


def names(pieces: Iterable[Piece]) -> list[str]:
    """The names among pieces."""
    return [piece.text for piece in pieces if isinstance(piece, Name)]


def one_of(pieces: Iterable[Piece], kind: type[T]) -> T | None:
    """The only piece of a kind; sums give way to the relation that follows them.

    Raises:
        ParseRefusal: there are two.
    """
    only = [piece for piece in pieces if isinstance(piece, kind)]
    if len(only) == 2 and isinstance(only[0], Relation) and only[0].plus:
        only = only[1:]
    if len(only) > 1:
        raise ParseRefusal("it says two times at once")
    return only[0] if only else None


def segment_reading(pieces: list[Piece], context: Context) -> TextTiming | None:
    """What one segment says, with its names as notes."""
    notes = names(pieces)
    pieces = _without_repeats(pieces, notes)
    sums = [piece for piece in pieces if isinstance(piece, Relation) and piece.plus]
    relation = one_of(pieces, Relation)
    if sums and relation is not sums[0]:
        notes.append(
            f"{sums[0].reference}: when it holds, or what it is counted from; it names both"
        )
    ats = _ats(pieces)
    first = one_of(pieces, First)
    reading = _main(pieces, ats, relation, context, notes)
    if first is not None:
        if reading is not None:
            notes.append(first.text)
        else:
            quantity = Quantity(Fraction(first.ordinal - 1), first.unit)
            reading = amounts_reading(
                Amounts(((quantity, quantity),)), None, CountDirection("of", first.reference), notes
            )
    if reading is None:
        return None
    weeks = any(map(_in_weeks, pieces))
    return reading._replace(
        notes=(*reading.notes, *dict.fromkeys(notes)), in_weeks=weeks,
        parts=tuple(part._replace(in_weeks=weeks) for part in reading.parts),
    )  # fmt: skip


def _without_repeats(pieces: list[Piece], notes: list[str]) -> list[Piece]:
    """`4 weeks (28 days)`, `Q8W (56 days)`, `3 months (90 days)`: the same in two units.

    Of amounts the one in the smaller unit is kept, which is exact where the other is a month.
    """
    amounts = [piece for piece in pieces if isinstance(piece, (Amounts, Every))]
    if len(amounts) != 2:
        return pieces
    first, second = amounts
    days, again = _in_days(first), _in_days(second)
    if days is None or again is None or (isinstance(second, Every) and days != again):
        return pieces
    exact = days == again
    nearly = abs(days - again) <= days / 20 and _unit_of(first) in ("mo", "y")
    if not exact and (isinstance(first, Every) or not nearly):
        return pieces
    dropped = second if exact else first
    notes.append("the same time is told in two units")
    return [piece for piece in pieces if piece is not dropped]


def _in_days(piece: Amounts | Every) -> Fraction | None:
    """About how many days one plain amount or interval is, if it is one."""
    unit = _unit_of(piece)
    if unit not in AVERAGE:
        return None
    if isinstance(piece, Every):
        return piece.minimum * AVERAGE[unit] if piece.minimum == piece.maximum else None
    (low, high), *more = piece.ranges
    if more or low != high or piece.bound is not None or piece.reach is not None:
        return None
    return low.value * AVERAGE[unit]


def _unit_of(piece: Amounts | Every) -> str | None:
    return piece.unit if isinstance(piece, Every) else piece.ranges[0][0].unit


def _in_weeks(piece: Piece) -> bool:
    if isinstance(piece, Start):
        piece = piece.at
    if isinstance(piece, At):
        return piece.of == "week"
    if isinstance(piece, (Every, First)):
        return piece.unit == "w"
    if isinstance(piece, (CycleLength, Lasting)):
        piece = piece.amounts
    return isinstance(piece, Amounts) and any(
        end.unit == "w" for pair in piece.ranges for end in pair
    )


def _ats(pieces: list[Piece]) -> dict[Counted, At]:
    ats: dict[Counted, At] = {}
    start, until = one_of(pieces, Start), one_of(pieces, Until)
    for piece in pieces:
        at = piece if isinstance(piece, At) else None
        if isinstance(piece, Start):
            span = piece.at.spans[0]
            is_one = len(piece.at.spans) == 1 and span.first == span.last
            at = At(piece.at.of, (NumberSpan(span.first, None),)) if is_one else piece.at
        if at is None:
            continue
        if until is not None and len(at.spans) == 1 and at.of != "visit":
            at = at._replace(spans=(NumberSpan(at.spans[0].first, None),))
        known = ats.setdefault(at.of, at)
        if at.spans != known.spans and _window_of(known, at) is None:
            raise ParseRefusal(f"it numbers its {at.of} twice")
    if start is not None and one_of(pieces, Every) is not None:
        raise ParseRefusal("an interval that starts at a number")
    return ats


def _window_of(target: At, other: At) -> Reach | None:
    """`Day 29 (Day 26-32)`: the range around a numbered day is its window."""
    day, ends = target.spans[0], other.spans[0]
    if len(target.spans) > 1 or len(other.spans) > 1 or target.of != "day":
        return None
    if day.first is None or day.first != day.last or ends.first is None or ends.last is None:
        return None
    if not 0 < ends.first <= day.first <= ends.last or ends.first == ends.last:
        return None
    return Reach(Quantity(ends.first - day.first, "d"), Quantity(ends.last - day.first, "d"))


def _main(
    pieces: list[Piece], ats: dict[Counted, At], relation: Relation | None, context: Context,
    notes: list[str],
) -> TextTiming | None:  # fmt: skip
    amounts, reach = one_of(pieces, Amounts), one_of(pieces, Reach)
    days = [piece for piece in pieces if isinstance(piece, At) and piece.of == "day"]
    if len(days) == 2 and days[0].spans != days[1].spans and reach is None:
        reach = _window_of(days[0], days[1])
    every, length = one_of(pieces, Every), one_of(pieces, CycleLength)
    lasting, until = one_of(pieces, Lasting), one_of(pieces, Until)
    count, base = one_of(pieces, RepeatCount), one_of(pieces, CountedFrom)
    places = tuple(Coordinate(of, at.spans) for of, at in ats.items())
    side = relation_side(relation)
    if base is not None:
        if amounts or every or reach or relation or any(of in TIMED for of in ats):
            raise ParseRefusal("a time beside what it is counted from")
        return TextTiming("counted from", reference=base.reference, direction="after")
    if every is not None:
        if length is not None:
            raise ParseRefusal("the length of a cycle beside an interval")
        cycles = None if amounts is None else amounts_reading(amounts, None, NOWHERE, notes).cycles
        if amounts is not None and cycles is None:
            raise ParseRefusal("an amount beside an interval")
        timing = interval_reading(every, reach, notes)._replace(
            cycles=cycles, coordinates=places, reference=side.reference, direction=side.direction
        )
    elif length is not None:
        if amounts is not None or (reach is not None and not ats):
            raise ParseRefusal("an amount beside the length of a cycle")
        cycle_length = length_of(length.amounts, notes)
        if any(of in TIMED for of in ats):
            timing = numbered_reading(ats, reach, side, context, notes)
        else:
            is_numbered = "cycle" in ats and _numbered(ats["cycle"])
            timing = TextTiming("cycle" if is_numbered else "cycle length", places)
        timing = timing._replace(lasting=cycle_length)
    elif amounts is not None:
        timing = _amounts(amounts, reach, ats, side, context, notes)
    elif ats and not (lasting is not None and set(ats) == {"visit"}):
        found_or_none = _numbers(ats, reach, relation, context, notes)
        if found_or_none is None:
            return None
        timing = found_or_none
    elif reach is not None:
        timing = _window(reach, side, notes)
    elif relation is not None and relation.moment and relation.reference:
        timing = TextTiming("order", reference=relation.reference, direction=relation.direction)
    elif lasting is not None:
        timing = TextTiming("duration", reference=side.reference, direction=side.direction)
    else:
        return None
    return timing._replace(
        lasting=timing.lasting if lasting is None else length_of(lasting.amounts, notes),
        until=None if until is None else until.text,
        in_all=None if count is None else count.number,
    )


def _numbered(at: At) -> bool:
    return any(end is not None for span in at.spans for end in span)


def _window(reach: Reach, side: CountDirection, notes: list[str]) -> TextTiming:
    """A tolerance alone: how far around a date that is told elsewhere."""
    if reach.signs < 2 and reach.low.unit is None:
        raise ParseRefusal("a number without its unit", "days", "weeks")
    if side != NOWHERE:
        raise ParseRefusal("a window before or after something", "a distance", "a window")
    return TextTiming("window", window=reach_around(reach, None, None, notes)[1])


def _amounts(
    amounts: Amounts, reach: Reach | None, ats: dict[Counted, At], side: CountDirection,
    context: Context, notes: list[str],
) -> TextTiming:  # fmt: skip
    """An amount of time, perhaps on a numbered day or in a numbered cycle."""
    unit = amounts.ranges[0][0].unit
    timed = [of for of in ats if of not in ("cycle", "period", "visit")]
    if side == NOWHERE and context.reference is not None:
        reference, direction = context.reference
        negative = all(end.value < 0 for pair in amounts.ranges for end in pair)
        side = CountDirection("before" if negative else direction or "after", reference)
    places = tuple(Coordinate(of, at.spans) for of, at in ats.items())
    if "cycle" in ats and side == NOWHERE and not timed and unit not in ("h", "min", "cycle"):
        if reach is not None:
            raise ParseRefusal("an amount with a tolerance in a numbered cycle")
        return TextTiming("cycle", places, lasting=length_of(amounts, notes))
    if timed and side == NOWHERE and unit not in ("h", "min"):
        raise ParseRefusal("a numbered day or week beside an amount of time",
                      "the amount", "the number")  # fmt: skip
    timing = amounts_reading(amounts, reach, side, notes)
    if timing.parts:
        parts = tuple(part._replace(coordinates=places) for part in timing.parts)
        return timing._replace(parts=parts)
    return timing._replace(coordinates=places)


def _numbers(
    ats: dict[Counted, At], reach: Reach | None, relation: Relation | None, context: Context,
    notes: list[str],
) -> TextTiming | None:  # fmt: skip
    """Numbered days, weeks, cycles; hours that are numbered are amounts."""
    side = relation_side(relation)
    clock = next((of for of in ats if of in ("hour", "minute")), None)
    if clock is not None:
        unit = "h" if clock == "hour" else "min"
        ranges = []
        for span in ats[clock].spans:
            if span.first is None or span.last is None:
                raise ParseRefusal("numbered hours without an end")
            ranges.append((Quantity(span.first, unit), Quantity(span.last, unit)))  # type: ignore[arg-type]
        rest = {of: at for of, at in ats.items() if of != clock}
        return _amounts(Amounts(tuple(ranges)), reach, rest, side, context, notes)
    if set(ats) == {"visit"} and reach is None:
        return None
    if relation is not None and relation.direction != "of":
        side = _counted_from(ats, relation, notes)
    elif relation is None and context.reference is not None and any(of in TIMED for of in ats):
        side = _by_heading(ats, context)
    return numbered_reading(ats, reach, side, context, notes)


def _counted_from(ats: dict[Counted, At], relation: Relation, notes: list[str]) -> CountDirection:
    """`Day 7 post-dose` is counted from the dose; `Day 1 pre-dose` is on Day 1, before the dose.

    Raises:
        ParseRefusal: `Day 1 post-dose`, which may be either.
    """
    if relation.reference is None:
        raise ParseRefusal(f"a numbered day {relation.direction} something that is not named")
    if relation.direction == "before" or "cycle" in ats or "period" in ats:
        if not relation.moment:
            raise ParseRefusal("a numbered day before something that is not a moment of that day")
        notes.append(f"{relation.direction} {relation.reference}")
        return NOWHERE
    day = ats.get("day")
    if day is not None and any(span.first in (None, 0, 1) for span in day.spans):
        raise ParseRefusal(
            f"a day {relation.direction} {relation.reference}",
            "on that day, after it",
            "a day after it",
        )
    return relation_side(relation)


def _by_heading(ats: dict[Counted, At], context: Context) -> CountDirection:
    """Numbers in a row such as `Weeks from randomization` are counted from what it names."""
    assert context.reference is not None, "asked for where there is one"
    reference, direction = context.reference
    day = ats.get("day")
    if direction is None:
        return CountDirection("of" if day is not None else "after", reference)
    if direction == "before":
        numbers = ", ".join(
            written_number(span.first) for at in ats.values() for span in at.spans if span.first
        )
        raise ParseRefusal(f"numbers before {reference}: {numbers}")
    return CountDirection(direction, reference)
