"""Letters on a screen: how many columns they take, and which ones a terminal would obey."""

import re
from unicodedata import combining, east_asian_width

_BREAKS = re.compile("[ \t\r\n\v\f\x85\u2028\u2029]+")


def visible(text: str) -> str:
    """The text with what a terminal would obey or hide, such as control characters, spelled out."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def one_line(text: str) -> str:
    """The text made harmless as ``visible`` does, with each line break or run of blanks a space."""
    return visible(_BREAKS.sub(" ", text).strip())


def cells(letter: str) -> int:
    """How many columns of a terminal a letter takes: 0 if combining, 2 if wide (UAX #11)."""
    if letter < "\x7f":
        return 1
    if combining(letter):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(cells, text))


def _escaped(letter: str) -> str:
    code = ord(letter)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
