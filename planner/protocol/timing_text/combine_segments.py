"""The segments of a text put together: which belong to one time, and what all say together."""

from collections.abc import Iterable

from planner.protocol.timing_text.context import Context
from planner.protocol.timing_text.interpret_numbers import WEEK_ONE
from planner.protocol.timing_text.interpret_segment import names, one_of, segment_reading
from planner.protocol.timing_text.lexicon import BASELINES
from planner.protocol.timing_text.pieces import (
    Amounts,
    At,
    CountedFrom,
    CycleLength,
    Every,
    Lasting,
    Name,
    Piece,
    Reach,
    Relation,
    RepeatCount,
    Segment,
    Until,
)
from planner.protocol.timing_text.timing import Counted, ParseRefusal, TextTiming
from planner.time.distance import CalendarDistance

_NUMBERED = ("study day", "day of cycle", "day of period", "week", "month")
_MAX_WORDS = 12
"""Words of names outside parentheses; a text with more is a sentence, which may say anything."""
_TIMED: tuple[Counted, ...] = ("day", "week", "month", "year")
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
        nameless = all(isinstance(piece, Name) or _is_visit(piece) for piece in segment.pieces)
        if nameless and not (
            any(map(_is_visit, segment.pieces)) and segment.joiner in ("", ",", "/")
        ):
            words = " ".join(names(segment.pieces))
            is_joined = segment.joiner not in ("", ",", "/") and bool(notes or groups)
            joiner = segment.joiner if is_joined else ""
            notes += [f"{joiner} {words}".strip()] if words else []
            continue
        if segment.joiner in ("", ",", "/") and groups and _fit(groups[-1][1], segment.pieces):
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
    if is_sentence(segments):
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
    if "window" in kinds and joiners != {"or"}:
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
    for piece in following:
        if isinstance(piece, At):
            if any(isinstance(earlier, At) and earlier.of == piece.of for earlier in before):
                return False
            if any(isinstance(earlier, Amounts) for earlier in before):
                return False
        elif (
            (isinstance(piece, Amounts) and _is_other_time(before, piece))
            or (
                isinstance(piece, Every)
                and any(isinstance(earlier, At) and earlier.of in _TIMED for earlier in before)
            )
            or (
                isinstance(piece, _ONE_EACH)
                and any(type(earlier) is type(piece) for earlier in before)
            )
        ):
            return False
    return True


def _is_other_time(before: list[Piece], amounts: Amounts) -> bool:
    """`Predose, 2 h`: two times; but `predose, within 1 h` is one."""
    if any(isinstance(earlier, Amounts) for earlier in before):
        return True
    negative = all(end.value <= 0 for pair in amounts.ranges for end in pair)
    moment = any(isinstance(earlier, Relation) for earlier in before)
    return moment and amounts.bound is None and not negative


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


def words_of(segments: list[Segment]) -> int:
    """How many words of names there are outside parentheses and conditions."""
    names = [
        piece.text for segment in segments for piece in segment.pieces if isinstance(piece, Name)
    ]
    return sum(len(name.split()) for name in names if not name.startswith(("(", "[")))


def is_sentence(segments: list[Segment]) -> bool:
    """Whether there are so many words beside the times that they may say anything."""
    return words_of(segments) > _MAX_WORDS
