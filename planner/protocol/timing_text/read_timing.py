"""Reading one short text: a timing, or why there is none."""

import re

from planner.protocol.timing_text.context import Context
from planner.protocol.timing_text.cursor import Cursor
from planner.protocol.timing_text.interpret_segments import together
from planner.protocol.timing_text.lexicon import ADVERBS, SEVERAL, TWO_WAYS, word_set
from planner.protocol.timing_text.parse_coordinates import PLACEHOLDERS
from planner.protocol.timing_text.parser import read_segments
from planner.protocol.timing_text.timing import ParseRefusal, TextTiming, Unparsed
from planner.protocol.timing_text.tokens import TextError, Token, normalised, tokens_of
from planner.protocol.timing_text.units import UNITS

NO_TIME = Unparsed("no time in it", "it says no time")
_COUNTED = word_set(
    "cycle cycles day days week weeks month months period d w c q m mo wk wks hour time t pod "
    "gd pnd"
)
_NUMBERED = word_set(
    "visit visits v section sections table appendix figure part arm cohort phase stage "
    "step version protocol page note footnote group level type grade amendment annex dose "
    "covid"
)
_DECIMAL_COMMA = re.compile(
    r"(?<![0-9.,])(?<!, )[0-9]+,[0-9]+ ?"
    r"(?:h|hrs?|hours?|min|d|days?|w|wks?|weeks?|mo|months?|years?)\b",
    re.IGNORECASE,
)
_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = "[0-3]?[0-9](?:st|nd|rd|th)?"
_OTHER = (
    (re.compile(r"(?<![0-9.])[0-9]{1,2}:[0-9]{2}(?![0-9])"), "it holds a time of day"),
    (re.compile(r"[0-9]+/[0-9]+/[0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}"), "it holds a date"),
    (
        re.compile(rf"\b(?:{_MONTH} {_DAY}(?! ?[a-z%])|{_DAY} (?:of )?{_MONTH})\b", re.I),
        "it holds a date",
    ),
    (re.compile(r",[^.]*\.{3}"), "it holds a list with dots for numbers left out"),
)
_AMOUNT = re.compile(r"[0-9]+(?: ?(?:days?|d|weeks?|wks?|w|months?|mo))?", re.IGNORECASE)
_SOME_OF_ALL = word_set("odd even subsequent all remaining further later other alternate")
_PLACEHOLDER = re.compile(r"(?:d|c|w|day|cycle|week)[xyn]\Z")
_WORDS_OF_TIME = (
    {word for word in UNITS if len(word) > 1} | set(ADVERBS) | set(SEVERAL) | set(TWO_WAYS)
    | {"before", "after", "within", "prior", "biweekly", "nightly", "night"}
) - {"min", "mon", "annual"}  # fmt: skip


def read_timing(text: str, context: Context | None = None) -> TextTiming | Unparsed:
    """The timing that a short text of a schedule of activities states, such as ``Week 4 ± 3 days``.

    Never guesses: what could be read in two ways that matter is unread, with both readings named.
    Takes time in proportion to the text.

    Args:
        text: a cell or heading, of at most 1,000 letters.
        context: the row and column it stands in, which tell what its bare numbers are; ``None``
            tells nothing.

    Returns:
        The timing, or why there is none.
    """
    context = context or Context()
    try:
        plain = normalised(text)
        tokens = tokens_of(plain)
    except TextError as error:
        return Unparsed("not understood", str(error))
    if _DECIMAL_COMMA.search(plain):
        return Unparsed("ambiguous", "a comma between numbers", ("a decimal comma", "two amounts"))
    for pattern, what in _OTHER:
        if pattern.search(plain):
            return Unparsed("not understood", what)
    if context.tells_length and _AMOUNT.fullmatch(plain):
        unit = context.unit or ""
        if plain[-1].isdigit() and not unit:
            return Unparsed("ambiguous", "a length without its unit", ("days", "weeks"))
        return read_timing(f"cycle = {plain} {unit if plain[-1].isdigit() else ''}", context)
    if not any(token.kind != "sign" for token in tokens):
        return NO_TIME if not plain.strip("-.,/() ") else Unparsed("not understood", "only signs")
    try:
        timing = together(read_segments(Cursor(tokens, plain), context), context)
    except ParseRefusal as refused:
        return refused.answer if _carries_time(tokens, context) else NO_TIME
    if timing is not None:
        return timing
    if _carries_time(tokens, context):
        return Unparsed("not understood", "it names a time that is not understood")
    return NO_TIME


def _carries_time(tokens: tuple[Token, ...], context: Context) -> bool:
    """Whether a person would find a time in it: a number that is no name's, or a word of time."""
    if context.meaning == "name" and not any(_is_word_of_time(token) for token in tokens):
        return False
    words = {token.word for token in tokens}
    if words & {"cycles", "cycle"} and words & _SOME_OF_ALL:
        return True
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        if token.kind == "number":
            if before is None or before.word in _COUNTED or before.kind == "sign":
                following = tokens[at + 1].word if at + 1 < len(tokens) else ""
                if not _is_name(tokens, at, following, context):
                    return True
            elif before.word not in _NUMBERED and context.unit is not None:
                return True
        elif _is_word_of_time(token):
            return True
        elif token.word in PLACEHOLDERS and (
            context.meaning == "cycle" or (before is not None and before.word in _COUNTED)
        ):
            return len(tokens) > 1
    return False


def _is_name(tokens: tuple[Token, ...], at: int, following: str, context: Context) -> bool:
    """`501-5XX`, `1.3.1`, `Sections 4, 5`: numbers that name something."""
    if following in UNITS:
        return False
    before = tokens[max(0, at - 4) : at]
    if any(token.word in _NUMBERED for token in before) and context.unit is None:
        return True
    return following.startswith("xx") or following == "."


def _is_word_of_time(token: Token) -> bool:
    return token.word in _WORDS_OF_TIME or bool(_PLACEHOLDER.match(token.word))
