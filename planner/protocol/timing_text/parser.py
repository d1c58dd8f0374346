"""A whole text cut into segments that say one time each, and each segment into its pieces."""

import re
from typing import Literal

from planner.protocol.timing_text.context import Context
from planner.protocol.timing_text.cursor import Cursor
from planner.protocol.timing_text.lexicon import EDGES, MEANINGFUL, NOISE, THEN, word_set
from planner.protocol.timing_text.parse_bare_numbers import in_unit, read_bare, read_window
from planner.protocol.timing_text.parse_coordinates import PLACEHOLDERS, counted, read_at
from planner.protocol.timing_text.parse_numbers import read_amounts, read_reach, zero_reach
from planner.protocol.timing_text.parse_phrases import (
    read_every,
    read_length,
    read_limit,
    read_reference,
    read_relation,
    take_starting,
)
from planner.protocol.timing_text.pieces import (
    Amounts,
    At,
    Every,
    First,
    Joiner,
    Name,
    Piece,
    Reach,
    Relation,
    Segment,
)
from planner.protocol.timing_text.timing import NumberSpan, ParseRefusal

_EACH_CYCLE = At("cycle", (NumberSpan(None, None),))
_MAX_DEPTH = 4
_MAX_PIECES = 60
_CONDITIONS = word_set("if when where unless as for only whichever per because whenever")
_NUMBERING = ("day", "days", "week", "weeks", "cycle", "cycles", "month", "period")
_PLACEHOLDER = re.compile(r"(?:d|c|w|day|cycle|week|visit|v)(?:x|y|n)\Z")


def read_segments(
    cursor: Cursor, context: Context, depth: int = 0, *, behind: bool = False
) -> list[Segment]:
    """The segments from here to the end, or to the `)` that closes where the cursor stands.

    ``behind``: a time stands before the parenthesis, so that `(+3 days)` is its tolerance.

    Raises:
        ParseRefusal: parentheses within parentheses without end, or pieces that cannot be read.
    """
    if depth > _MAX_DEPTH:
        raise ParseRefusal("too many parentheses within each other")
    parser = _Parser(cursor, context, depth, behind)
    while cursor.token() is not None:
        if cursor.word() in (")", "]"):
            if depth:
                break
            cursor.at += 1
            if cursor.token() is not None:
                parser.doubt = parser.doubt or "a parenthesis that was never opened"
            continue
        parser.step()
    parser.close("")
    return parser.segments


class _Parser:
    """Collects the pieces of the segment under way, and the segments that are done."""

    def __init__(self, cursor: Cursor, context: Context, depth: int, behind: bool) -> None:
        self.cursor = cursor
        self.context = context
        self.depth = depth
        self.behind = behind
        self.segments: list[Segment] = []
        self.pieces: list[Piece] = []
        self.doubt: str | None = None
        self.joiner: Joiner = ""

    def close(self, joiner: Joiner) -> None:
        """Ends the segment under way; the next one is joined by the joiner."""
        if self.pieces or self.doubt:
            self.segments.append(Segment(self.joiner, tuple(self.pieces), self.doubt))
            self.joiner = joiner
        elif joiner and (joiner not in (",", "/") or self.segments):
            self.joiner = joiner if joiner not in (",", "/") else self.joiner or joiner
        self.pieces, self.doubt = [], None

    def has(self, *kinds: type) -> bool:
        """Whether a piece of one of these kinds is in the segment under way."""
        return any(isinstance(piece, kinds) for piece in self.pieces)

    def based(self) -> bool:
        """Whether a time has been read that a tolerance can belong to."""
        timed = any(isinstance(piece, At) and piece.of != "visit" for piece in self.pieces)
        return timed or self.has(Amounts, Every) or (self.behind and not self.segments)

    def step(self) -> None:
        """Reads the next piece, separator or word.

        Raises:
            ParseRefusal: more pieces than a timing has.
        """
        if len(self.pieces) > _MAX_PIECES or len(self.segments) > _MAX_PIECES:
            raise ParseRefusal("more parts than a timing has")
        if self.group() or self.separator():
            return
        for read in (
            self.limit,
            self.phrase,
            self.first_of,
            self.amount,
            self.of_cycle,
            self.condition,
        ):
            if read():
                return
        self.name()

    def group(self) -> bool:
        """What stands in parentheses belongs to what is before it, or is a remark."""
        cursor = self.cursor
        if cursor.word() not in ("(", "["):
            return False
        start = cursor.at
        cursor.at += 1
        if cursor.is_number() is False and len(cursor.word()) == 1 and cursor.word(1) in (")", "]"):
            cursor.at += 2  # a footnote's letter
            return True
        inner = read_segments(cursor, self.context, self.depth + 1, behind=self.based())
        if cursor.word() in (")", "]"):
            cursor.at += 1
        timed = [
            segment
            for segment in inner
            if any(not isinstance(piece, Name) for piece in segment.pieces)
        ]
        if not timed:
            self.pieces.append(Name(cursor.text(start, cursor.at)))
            return True
        if inner[0].joiner or len(timed) > 1:
            for segment in inner:
                joiner = segment.joiner
                if segment is inner[0] and not joiner:
                    if not all(map(_weak, self.pieces)):
                        raise ParseRefusal("several times in parentheses behind another one")
                    self.pieces += segment.pieces
                    self.doubt = self.doubt or segment.doubt
                    continue
                self.close(joiner)
                self.pieces, self.doubt = list(segment.pieces), segment.doubt
            self.close(",")
            return True
        for segment in inner:
            self.pieces += segment.pieces
            self.doubt = self.doubt or segment.doubt
        return True

    def separator(self) -> bool:
        """Passes what stands between segments."""
        cursor, word = self.cursor, self.cursor.word()
        if word in (";", "."):
            cursor.at += 1
            self.close("then" if word == ";" else "and")
        elif word in THEN or (word in ("and", "&", ",") and cursor.word(1) in THEN):
            cursor.at += 1 if word in THEN else 2
            following = cursor.word()
            if self.pieces and self.segments and following in ("", ")", "]", ";", ",", "until"):
                self.joiner = "then"
            else:
                self.close("then")
        elif word in ("or", "and", "&", ","):
            cursor.at += 1
            if word == "or" and cursor.word() == "at" and cursor.word(1) == "the":
                cursor.at += 2
            self.close("or" if word == "or" else "," if word == "," else "and")
        elif word in ("/", ":", "=", "|"):
            cursor.at += 1
            self.close("/" if word == "/" else ",")
        elif word in ("-", "..", "...") and not cursor.is_number(1):
            cursor.at += 1
        else:
            return False
        return True

    def limit(self) -> bool:
        """From where and how far something goes on."""
        cursor = self.cursor
        if self.has(Every, Amounts, Reach) and take_starting(cursor, "from"):
            start = cursor.at
            at = read_at(cursor)
            if at is not None and any(None not in span and span[0] != span[1] for span in at.spans):
                self.pieces.append(at)
                return True
            cursor.at = start
            self.pieces.append(Relation("after", read_reference(cursor) or None))
            return True
        if not self.has(Every) and (at := read_at(cursor)) is not None:
            return self._add(at)
        return self._add(read_limit(cursor))

    def phrase(self) -> bool:
        """A numbered day, the length of a cycle, an interval, a relation."""
        cursor = self.cursor
        if self.has(At) and cursor.word() in ("each", "every") and cursor.word(1) in (
            "cycle", "cycles",
        ):  # fmt: skip
            cursor.at += 2
            return self._add(_EACH_CYCLE)
        return (
            self._add(read_length(cursor)) or self._add(read_every(cursor))
            or self._add(read_relation(cursor)) or self._add(read_at(cursor))
        )  # fmt: skip

    def first_of(self) -> bool:
        """`first day of the next period`."""
        cursor = self.cursor
        start = cursor.at
        ordinal = cursor.ordinal()
        if ordinal is None or cursor.word() not in ("day", "week") or cursor.word(1) != "of":
            cursor.at = start
            return False
        unit: Literal["d", "w"] = "d" if cursor.word() == "day" else "w"
        cursor.at += 2
        reference = read_reference(cursor)
        if not reference:
            cursor.at = start
            return False
        self.pieces.append(First(ordinal, unit, reference, cursor.text(start, cursor.at)))
        return True

    def amount(self) -> bool:
        """An amount, a tolerance, or a bare number whose meaning the context tells."""
        cursor = self.cursor
        is_window = self.context.meaning == "window" and not self.based()
        if is_window and self._add(read_window(cursor, self.context)):
            return True
        if cursor.word() == "±" or (
            cursor.word() in ("+", "-") and cursor.is_number(1) and self.based()
        ):
            if cursor.word() == "+" and self.depth == 0 and self.has(At):
                reach = read_reach(cursor)
                if reach is not None and reach.signs < 2:
                    raise ParseRefusal("behind a numbered day, `+` could be a window or a sum",
                                  "so much later at most", "so much after it")  # fmt: skip
            else:
                reach = read_reach(cursor)
            unit = self.context.unit
            if reach is not None and not self.based() and unit in ("d", "h", "min"):
                reach = in_unit(reach, unit)
            return self._add(reach)
        if self._plus():
            return True
        if self.depth and self.based() and self._add(zero_reach(cursor)):
            return True
        start = cursor.at
        amounts = read_amounts(cursor)
        if amounts is None:
            return False
        if all(end.unit is None for pair in amounts.ranges for end in pair):
            after = cursor.at
            cursor.at = start
            named = self._name_before() is not None
            self.pieces += read_bare(cursor, self.context, amounts, after, named)
            return True
        self.pieces.append(amounts)
        return True

    def _name_before(self) -> Name | None:
        """The name that stands right before, which a number may belong to (`Dose 2`)."""
        last = self.pieces[-1] if self.pieces else None
        return last if isinstance(last, Name) and not last.text.endswith((")", "]")) else None

    def _plus(self) -> bool:
        """`EOT + 30 d`: so long after what is named before it."""
        cursor = self.cursor
        named = self.has(Name) and not self.has(At)
        visit = len(self.pieces) == 1 and isinstance(self.pieces[0], At) and not self.based()
        if cursor.word() != "+" or not (named or visit) or self.has(Amounts):
            return False
        begin = cursor.at - 2
        cursor.at += 1
        amounts = read_amounts(cursor)
        if amounts is None:
            return False
        names = [piece.text for piece in self.pieces if isinstance(piece, Name)]
        if visit:
            names = [cursor.text(begin, begin + 2)]
        self.pieces = [piece for piece in self.pieces if not isinstance(piece, (Name, At))]
        self.pieces += [amounts, Relation("after", " ".join(names), plus=True)]
        return True

    def of_cycle(self) -> bool:
        """`of Cycle 2`, `of each cycle`, `of maintenance`: within what a numbered day counts."""
        cursor = self.cursor
        if cursor.word() != "of" or not self.has(At, Amounts):
            return False
        cursor.at += 1
        cursor.take("the")
        if cursor.word() in ("each", "every", "all") and cursor.word(1) in ("cycle", "cycles"):
            cursor.at += 2
            return self._add(_EACH_CYCLE)
        if counted(cursor) is not None or cursor.is_number() or cursor.word() in ("each", "every"):
            cycle_length = read_length(cursor)
            if cycle_length is not None:
                self.pieces += [_EACH_CYCLE, cycle_length]
                return True
            return self._add(read_every(cursor)) or self._add(read_at(cursor)) or self.name()
        reference = read_reference(cursor)
        if not reference:
            return self.name()
        self.pieces.append(Relation("of", reference))
        return True

    def condition(self) -> bool:
        """`if applicable`, `for Cohort B`: kept as words up to the end of its parentheses."""
        cursor = self.cursor
        if cursor.word() not in _CONDITIONS or cursor.unit(1) is not None:
            return False
        start = cursor.at
        depth = 0
        while cursor.token() is not None and cursor.word() != ";":
            depth += (cursor.word() in ("(", "[")) - (cursor.word() in (")", "]"))
            if depth < 0:
                break
            cursor.at += 1
        self.pieces.append(Name(cursor.text(start, cursor.at)))
        return True

    def name(self) -> bool:
        """One word more of a name; a word that changes times is remembered as a doubt."""
        cursor = self.cursor
        token = cursor.token()
        if token is None:
            return False
        word = token.word
        if _PLACEHOLDER.match(word) or (
            counted(cursor, 0) is None and _stands_for(cursor, self.context)
        ):
            raise ParseRefusal("letters stand where numbers would")
        if word in ("last", "next", "previous") and (cursor.is_number(1) or cursor.unit(1)):
            self.doubt = self.doubt or word
        if word.startswith("post") and len(word) > 6 and token.kind == "word":
            self.doubt = self.doubt or token.text
        edge = word in EDGES and cursor.word(1) == "of"
        if edge:
            skip = 3 if cursor.word(2) == "the" else 2
            if counted(cursor, skip) not in (None, "visit") or cursor.is_number(skip):
                self.doubt = self.doubt or f"{word} of"
        if (
            word in MEANINGFUL
            or token.kind == "sign"
            or (len(word) == 1 and token.kind == "word" and word in "dhwmys")
        ) or cursor.unit() is not None:
            self.doubt = self.doubt or token.text
        cursor.at += 1
        if word in NOISE and not self.has(Name) and not edge:
            return True
        last = self._name_before()
        if last is not None:
            hyphen = "-" if cursor.word(-2) == "-" else ""
            is_joined = cursor.touches(-1) or (hyphen and cursor.touches(-2))
            self.pieces[-1] = Name(last.text + hyphen + ("" if is_joined else " ") + token.text)
        else:
            self.pieces.append(Name(token.text))
        return True

    def _add(self, piece: Piece | None) -> bool:
        if piece is not None:
            self.pieces.append(piece)
        return piece is not None


def _weak(piece: Piece) -> bool:
    return isinstance(piece, (Name, First)) or (isinstance(piece, At) and piece.of == "visit")


def _stands_for(cursor: Cursor, context: Context) -> bool:
    """Whether a lone letter stands for a number: `Cycle X`, or `X-Y` in a row of cycles."""
    if cursor.word() not in PLACEHOLDERS:
        return False
    before = cursor.token(-1)
    if before is not None and before.kind == "word" and before.word in _NUMBERING:
        return True
    return context.meaning == "cycle" and cursor.word(1) == "-" and cursor.word(2) in PLACEHOLDERS
