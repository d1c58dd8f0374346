"""What an amount of a substance is: in a protocol file it stands only in the labels of arms.

The check of amounts, the reader of other standards and the calendars have this one law.
"""

import re

_SPACE = "[ \u00a0\u2000-\u200a\u202f\u3000]"
_JOINED = f"{_SPACE[:-1]}_\u2010\u2011-]"
_NUMBER = r"\d(?:[\d.,]*\d)?"
_LATIN = (
    rf"(?:{_JOINED}?"
    r"(?:[mM][gGlL]|[µμunm]g|[µμ][lL]|[cd]l|mcg|cc|IU|IE|UI"
    r"|(?i:(?:mill?i|mi[ck]ro|nano|kilo)?gram(?:s|m[eio]?s?|os?)?"
    r"|(?:mill?i|mi[ck]ro|centi|deci)?lit(?:er|re|ro)s?))"
    rf"|{_SPACE}?g)(?![A-Za-z0-9]| ?/ ?d[lL]\b)"
)
_OTHER = (
    rf"{_JOINED}?(?:[㎍㎎㎏㎕㎖㏄]|(?i:(?:мк|н|м)г|мк?л|ед|(?:милли|микро)?грамм[а-я]*)(?![а-яё])"
    r"|[毫微]克|毫升|ミリグラム|マイクログラム|밀리그램|마이크로그램)"
)
AMOUNT = f"{_NUMBER}(?:{_LATIN}|{_OTHER})"
"""A number with a unit of mass, volume or activity.

Per decilitre it is a finding of a laboratory.
"""
LEFT_OUT = "[amount left out]"
_WHOLE = (
    rf"(?:{_NUMBER}{_SPACE}?(?:[-–/]|to){_SPACE}?)?{AMOUNT}"
    rf"(?:{_SPACE}?(?:/|per{_SPACE}){_SPACE}?\d*{_SPACE}?(?:kg|m[lL]|m2|m²|day|d|h)(?![A-Za-z]))*"
)
"""The same with the rest of a range before it, and with what it is counted by."""


def has_amount(text: str) -> bool:
    """Whether a text names an amount."""
    return re.search(AMOUNT, text) is not None


def without_amounts(text: str) -> str:
    """The text with each amount replaced by words that say so."""
    return re.sub(_WHOLE, LEFT_OUT, text) if has_amount(text) else text


def bare_name(text: str) -> str:
    """A name with its amounts taken away, to make an id of it."""
    return re.sub(_WHOLE, " ", text)
