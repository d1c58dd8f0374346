"""A place in the tokens of a text, and the small things that are read at one."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import wraps
from typing import Concatenate, NamedTuple, ParamSpec, TypeVar

from planner.protocol.timing_text.lexicon import NUMBERS, ORDINAL_ENDS, ORDINALS
from planner.protocol.timing_text.timing import ParseRefusal
from planner.protocol.timing_text.tokens import Token
from planner.protocol.timing_text.units import Unit, unit_of

P = ParamSpec("P")
T = TypeVar("T")
_FOOTNOTES = frozenset("abcefgijklopqrtuvz")
"""Letters behind a number that are no unit: marks of footnotes."""


class Signed(NamedTuple):
    """A number with its sign as written, if any; ``glued`` if the sign touches a word before it,
    so that it may be a hyphen (`Day-14`; `D-14` is always meant as negative).
    """

    value: Fraction
    sign: str
    glued: bool


class Cursor:
    """Moves over tokens; everything it reads it passes, and what it cannot read it leaves."""

    def __init__(self, tokens: tuple[Token, ...], plain: str) -> None:
        self.tokens = tokens
        self.plain = plain
        self.at = 0

    def word(self, ahead: int = 0) -> str:
        """The token so far ahead, in lower case; empty behind the end."""
        at = self.at + ahead
        return self.tokens[at].word if 0 <= at < len(self.tokens) else ""

    def token(self, ahead: int = 0) -> Token | None:
        """The token so far ahead, if there is one."""
        at = self.at + ahead
        return self.tokens[at] if 0 <= at < len(self.tokens) else None

    def is_number(self, ahead: int = 0) -> bool:
        """Whether a number in digits stands so far ahead."""
        token = self.token(ahead)
        return token is not None and token.kind == "number"

    def touches(self, ahead: int = 0) -> bool:
        """Whether the token so far ahead stands without a space behind the one before it."""
        at = self.at + ahead
        return 0 < at < len(self.tokens) and self.tokens[at - 1].end == self.tokens[at].start

    def take(self, *words: str) -> bool:
        """Passes these words if they stand here."""
        if any(self.word(ahead) != word for ahead, word in enumerate(words)):
            return False
        self.at += len(words)
        return True

    def take_any(self, choices: Iterable[tuple[str, ...]]) -> tuple[str, ...] | None:
        """Passes the longest of these runs of words that stands here."""
        first = self.word()
        longest: tuple[str, ...] = ()
        for words in choices:
            if words[0] == first and len(words) > len(longest) and self.stands(words):
                longest = words
        self.at += len(longest)
        return longest or None

    def stands(self, words: tuple[str, ...]) -> bool:
        """Whether these words stand here."""
        return all(self.word(ahead) == word for ahead, word in enumerate(words))

    def unit(self, ahead: int = 0) -> Unit | None:
        """The unit that the word so far ahead is. A lone `m` could be either of two."""
        token = self.token(ahead)
        if token is None or token.kind != "word":
            return None
        if token.text == "m" and self._counts(ahead):
            raise ParseRefusal("`m` could be months or minutes", "months", "minutes")
        return unit_of(token.text)

    def _counts(self, ahead: int) -> bool:
        before = self.token(ahead - 1)
        return before is not None and before.kind == "number"

    def take_unit(self) -> Unit | None:
        """Passes a unit, with a hyphen before it (`28-day`) and `calendar`, if one stands here."""
        skip = 0
        if self.word() == "-" and self.touches() and self.touches(1):
            skip = 1
        if self.word(skip) in ("calendar", "consecutive"):
            skip += 1
        unit = self.unit(skip)
        if unit is not None:
            self.at += skip + 1
            self.take(".")
        return unit

    def number(self) -> Fraction | None:
        """Passes a number in digits or in words, if one stands here."""
        token = self.token()
        if token is None:
            return None
        value = token.value
        if value is None:
            number = NUMBERS.get(token.word)
            if number is None:
                return None
            value = Fraction(number)
        self.at += 1
        return value

    def footnote(self) -> None:
        """Passes a footnote's letter that touches the number before it."""
        token = self.token()
        after = self.token(1)
        if (
            token is not None
            and token.text in _FOOTNOTES
            and self.touches()
            and (after is None or after.kind != "number" or not self.touches(1))
        ):
            self.at += 1

    def signed(self) -> Signed | None:
        """Passes a number and the sign before it, if one stands here."""
        start = self.at
        sign, glued = "", False
        if self.word() in ("-", "+"):
            spaced_after = not self.touches(1)
            before = self.token(-1)
            is_word = before is not None and before.kind == "word" and len(before.text) > 1
            glued = self.touches() and is_word
            sign = self.word()
            if spaced_after and self.at > 0 and not _opens(self.word(-1)):
                return None
            self.at += 1
        value = self.number()
        if value is None:
            self.at = start
            return None
        return Signed(-value if sign == "-" else value, sign, glued)

    def ordinal(self) -> int | None:
        """Passes an ordinal (`3rd`, `third`, `other`), if one stands here."""
        if self.is_number() and self.word(1) in ORDINAL_ENDS and self.touches(1):
            token = self.token()
            self.at += 2
            return int(token.value or 0) if token is not None else None
        number = ORDINALS.get(self.word())
        if number is not None:
            self.at += 1
        return number

    def text(self, start: int, end: int) -> str:
        """The text of the tokens from one to another (excluded), as it is written."""
        if start >= end:
            return ""
        return self.plain[self.tokens[start].start : self.tokens[end - 1].end].strip()


def backtracking(
    read: "Callable[Concatenate[Cursor, P], T | None]",
) -> "Callable[Concatenate[Cursor, P], T | None]":
    """The decorated reader leaves the cursor where it was when it finds nothing."""

    @wraps(read)
    def read_or_stay(cursor: Cursor, /, *args: P.args, **kwargs: P.kwargs) -> T | None:
        start = cursor.at
        result = read(cursor, *args, **kwargs)
        if result is None:
            cursor.at = start
        return result

    return read_or_stay


def _opens(word: str) -> bool:
    return word in ("(", "[", "to", "..", "...", "and", "or", ",", "/", "through", "until", "thru")
