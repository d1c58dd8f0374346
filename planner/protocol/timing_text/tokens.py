"""Short texts cut into numbers, words and signs, with all their spellings of a dash made one."""

import re
from fractions import Fraction
from functools import cache
from typing import Literal, NamedTuple
from unicodedata import decomposition, normalize

MAX_TEXT_LENGTH = 1000
"""Letters; longer texts are refused, so that reading is never slow."""
_MAX_DIGITS = 6
_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_FRACTIONS = {"½": ".5", "¼": ".25", "¾": ".75"}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘﹣－⁃˗➖", "-") | {"∼": "~", "˜": "~", "⁄": "/"})
_SAME = str.maketrans({"≦": "≤", "⩽": "≤", "≧": "≥", "⩾": "≥", "’": "'", "×": "x", "∓": "±"})
_MARKS = re.compile(r"[*†‡§¶#^]+")
_PLUS_MINUS = re.compile(r"\+ ?/ ?-|- ?/ ?\+|\+-|plus ?(?:or|/) ?minus", re.IGNORECASE)
_INITIALS = re.compile(r"\b[A-Za-z](?:\.[A-Za-z])+\b\.?")
_PIECE = re.compile(
    r"(?P<mixed>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)[^\W\d_]*|[^\W\d_]+(?:'[^\W\d_]+)?)(?P<rest>\w*)"
    r"|\.\.\.?|[^\w\s]|_"
)
_NUMBER_THEN_WORD = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+)([^\W\d_]+)\Z")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?\Z|\.[0-9]+\Z")
_COORDINATES = re.compile(
    r"(?:p[0-9]+(?=d)|[0-9]+(?=d[0-9]))?(?:(?:cycles?|cyc|c|days?|d|weeks?|wk|w|months?|mo|m|years?|yr|y|visits?|v|periods?|q|hour|hr"
    r"|h|min)[0-9]+)+(?:mo|min|mth|hrs?|wks?|[a-z])?\Z",
    re.IGNORECASE,
)
_RUN = re.compile(r"[0-9]+|[^\W\d_]+")


class Token(NamedTuple):
    """A number, a word, a name with digits in it (`BNT162`), or a sign.

    ``word`` is in lower case, ``text`` as written; ``start`` and ``end`` count letters of the
    normalised text. ``value`` is a number's.
    """

    kind: Literal["number", "word", "name", "sign"]
    text: str
    start: int
    end: int
    value: Fraction | None = None

    @property
    def word(self) -> str:
        """The token in lower case."""
        return self.text.lower()


class TextError(Exception):
    """Why a text cannot even be cut into tokens."""


@cache
def _is_raised(letter: str) -> bool:
    return decomposition(letter).startswith("<super>")


def normalised(text: str) -> str:
    """The text with one kind of space, dash, `±`, `≤` and `≥`, without footnote marks.

    Raised letters and digits (`Day 8²`) are footnote marks, never part of a number.

    Raises:
        TextError: longer than ``MAX_TEXT_LENGTH``, or with letters that only a machine would obey.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise TextError(f"longer than {MAX_TEXT_LENGTH:,} letters")
    if text.isascii():
        plain = text
    else:
        for sign, decimals in _FRACTIONS.items():
            text = re.sub(rf"(?<![0-9.]){sign}", "0" + decimals, text).replace(sign, decimals)
        kept = "".join(letter for letter in text.translate(_HIDDEN) if not _is_raised(letter))
        plain = normalize("NFKC", kept.translate(_DASHES)).translate(_DASHES).translate(_SAME)
    plain = " ".join(plain.split())
    if len(plain) > MAX_TEXT_LENGTH:
        raise TextError(f"longer than {MAX_TEXT_LENGTH:,} letters")
    if not plain.isprintable():
        raise TextError("it holds control characters")
    plain = _MARKS.sub("", plain)
    plain = _PLUS_MINUS.sub("±", plain)
    plain = plain.replace("<=", "≤").replace("=<", "≤").replace(">=", "≥")
    plain = plain.replace("(s)", "s").replace("(S)", "S")
    plain = _INITIALS.sub(lambda match: match[0].replace(".", ""), plain)
    return " ".join(plain.split())


def tokens_of(plain: str) -> tuple[Token, ...]:
    """The tokens of a normalised text; `C2D15`, `q3w` and `15min` are cut into their parts.

    Raises:
        TextError: a number has more than six digits.
    """
    tokens: list[Token] = []
    for match in _PIECE.finditer(plain):
        tokens += _tokens(match[0], match.start())
    return tuple(tokens)


def _tokens(piece: str, start: int) -> list[Token]:
    if not piece[0].isalnum() and not _NUMBER.match(piece) and not _NUMBER_THEN_WORD.match(piece):
        return [Token("sign", piece, start, start + len(piece))]
    if _NUMBER.match(piece):
        return [_number(piece, start)]
    split = _NUMBER_THEN_WORD.match(piece)
    if split is not None:
        at = start + split.end(1)
        return [_number(split[1], start), Token("word", split[2], at, start + len(piece))]
    if _COORDINATES.match(piece):
        return [
            _number(run[0], start + run.start())
            if run[0].isdigit()
            else Token("word", run[0], start + run.start(), start + run.end())
            for run in _RUN.finditer(piece)
        ]
    is_word = all(letter.isalpha() or letter == "'" for letter in piece)
    return [Token("word" if is_word else "name", piece, start, start + len(piece))]


def _number(text: str, start: int) -> Token:
    if not text.isascii() or len(text) > _MAX_DIGITS:
        raise TextError(f"`{text[:20]}` is not a number that a schedule would hold")
    return Token("number", text, start, start + len(text), Fraction(text))
