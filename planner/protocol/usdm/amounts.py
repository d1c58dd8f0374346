"""Takes amounts out of texts: in a protocol file they stand only in the labels of arms."""

import re

AMOUNT = (
    r"\d(?:[\d.,]*\d)?(?:"
    r"[ \u00a0\u2009\u202f-]?"
    r"(?:[mM][gGlL]|[µμunm]g|[µμ]l|mcg|IU|(?:milli|micro)grams?|millilit(?:er|re)s?)"
    r"|[ \u00a0\u2009\u202f]?(?:g|grams?)"
    r")(?![A-Za-z0-9]| ?/ ?d[lL]\b)"
)
"""A number with a unit of mass, volume or activity, as the check of amounts finds it.

Per decilitre it is a finding of a laboratory.
"""
LEFT_OUT = "[amount left out]"
_FOUND = re.compile(AMOUNT)


def has_amount(text: str) -> bool:
    """Whether a text names an amount."""
    return _FOUND.search(text) is not None


def without_amounts(text: str) -> str:
    """The text with each amount replaced by words that say so."""
    return _FOUND.sub(LEFT_OUT, text)


def bare_name(text: str) -> str:
    """A name with its amounts taken away, to make an id of it."""
    return _FOUND.sub(" ", text)
