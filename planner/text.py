"""Texts of others made harmless for terminals and spreadsheets, and how wide letters are."""

import re
from unicodedata import combining, east_asian_width

_BREAKS = re.compile("[ \t\r\n\v\f\x85\u2028\u2029]+")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_HARMLESS = re.compile(
    r"[+-]?[0-9]+(?:[.:][0-9]+)?(?:\.\.[+-]?[0-9]+)?(?: ± [0-9]+| \([≥≤ 0-9.+-]+\))?"
)
"""Numbers, times and days, such as `-0:30`, `-28..-7` or `-31 (-63..-14)`: no letter, no call."""


def visible(text: str) -> str:
    """The text with what a terminal would obey or hide, such as control characters, spelled out.

    A character is spelled as in Python: `\\x1b`, `\\u2028` or `\\U000e0001`, the shortest that can.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def visible_lines(text: str) -> str:
    """The same for a text of several lines, whose line feeds stay."""
    return "\n".join(map(visible, text.split("\n")))


def one_line(text: str) -> str:
    """The text made harmless as ``visible`` does, with each line break or run of blanks a space."""
    return visible(_BREAKS.sub(" ", text).strip())


def counted(number: int, thing: str) -> str:
    """How many there are of a thing: ``1 visit``, ``0 visits``, ``2,000 visits``."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def disarmed(text: str) -> str:
    """A cell of a CSV file, on one line, that no spreadsheet takes for a formula.

    A leading `=`, `+`, `-` or `@`, full-width ones too, gets an apostrophe before it; numbers,
    times and days stay as they are.
    """
    safe = one_line(text)
    if safe.startswith(_FORMULA) and not _HARMLESS.fullmatch(safe):
        return "'" + safe
    return safe


def char_width(letter: str) -> int:
    """How many columns of a terminal a letter takes: 0 if combining, 2 if wide (UAX #11)."""
    if letter < "\x7f":
        return 1
    if combining(letter):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def display_width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(char_width, text))


def _escaped(letter: str) -> str:
    code = ord(letter)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
