"""How a terminal is drawn on: styled texts wrapped to its columns, and rows of cells."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from io import StringIO
from typing import Literal, NamedTuple

from planner.text import display_width, one_line

GAP = 2
"""Blank columns between two cells of a row."""
_SPACE = re.compile(r"(?<![±≥≤×]) (?![±×])(?!(?<=(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )\d{4}-)")
"""Where a line may be broken; a sign stays with its number, a date with its weekday."""


Alignment = Literal["left", "middle", "right"]


class Style(StrEnum):
    """Parameters of SGR (ECMA-48 8.3.117). Yellow cannot be read on white, nor blue on black."""

    NONE = ""
    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    MAGENTA = "35"
    BOLD_MAGENTA = "1;35"
    ALARM = "1;31"
    GROUP = "1;36"


class Styled(NamedTuple):
    """A piece of text, and how it looks; control characters in it are made visible."""

    text: str
    style: str = Style.NONE


class RowCell(NamedTuple):
    """Lines as by `wrap_styled` on ``width`` columns; those of a heading stand ``at_bottom``."""

    lines: list[list[Styled]]
    width: int
    align: Alignment = "left"
    at_bottom: bool = False


def paint(text: str, style: str, color: bool) -> str:
    """The text in a style if ``color`` is asked for; empty text and style stay bare."""
    return f"\x1b[{style}m{text}\x1b[0m" if color and text and style else text


def draw_markdown(text: str, width: int) -> str:
    """A page in Markdown as a colour terminal shows it, its examples of YAML highlighted.

    Args:
        text: of our own, such as the page of a check.
        width: columns; longer lines are wrapped.
    """
    from rich.console import Console
    from rich.markdown import Markdown

    page = Markdown(text, code_theme="ansi_light")
    console = Console(width=width, color_system="standard", force_terminal=True, file=StringIO())
    with console.capture() as drawn:
        console.print(page)
    return "".join(f"{line.rstrip()}\n" for line in drawn.get().rstrip().split("\n"))


def breakable_words(text: str) -> list[str]:
    """What a line can be broken between."""
    return _SPACE.split(text)


def wrap(text: str, width: int, indent: str = "", *, whole_words: bool = False) -> list[str]:
    """The text on lines of at most ``width`` columns.

    Blanks at its beginning stay; ``indent`` begins all lines but the first.

    Args:
        text: on one line, without control characters.
        width: columns; wide letters take two (UAX #11).
        indent: blanks.
        whole_words: leaves a word longer than a line whole; else it is broken.
    """
    inner = text.lstrip(" ")
    lines: list[str] = []
    line = text[: len(text) - len(inner)]
    for word in breakable_words(inner):
        joined = f"{line} {word}" if line.strip() else line + word
        if display_width(joined) <= width:
            line = joined
            continue
        if line.strip():
            lines.append(line)
            line = indent if lines else ""
        rest = line + word
        while not whole_words and display_width(rest) > max(width, len(indent) + 2):
            cut = _cut(rest, max(width, len(indent) + 2))
            lines.append(rest[:cut])
            rest = indent + rest[cut:]
        line = rest
    return [*lines, line]


def _cut(text: str, width: int) -> int:
    """How many letters of a text fit."""
    used = 0
    for at, letter in enumerate(text):
        used += display_width(letter)
        if used > width:
            return at
    return len(text)


def wrap_styled(pieces: Sequence[Styled], width: int, indent: str = "") -> list[list[Styled]]:
    """Pieces that follow each other without a gap, on lines as `wrap` makes them.

    Args:
        pieces: one at least for a line that is not empty.
        width: columns; wide letters take two (UAX #11).
        indent: begins all lines but the first.
    """
    safe = [Styled(_harmless(piece.text), piece.style) for piece in pieces]
    lines = wrap("".join(piece.text for piece in safe), width, indent)
    if len(safe) == 1:
        return [[Styled(line, safe[0].style)] for line in lines]
    # Wrapping adds and drops blanks only, so that the letters keep their order.
    styles = (piece.style for piece in safe for letter in piece.text if letter != " ")
    return [list(_styled(line, styles)) for line in lines]


def _harmless(text: str) -> str:
    inner = text.strip(" ")
    return text.replace(inner, one_line(inner), 1)


def _styled(line: str, styles: Iterator[str]) -> Iterator[Styled]:
    begin, style = 0, ""
    for at, letter in enumerate(line):
        if letter == " ":
            continue
        following = next(styles)
        if following != style:
            yield Styled(line[begin:at], style)
            begin, style = at, following
    yield Styled(line[begin:], style)


def draw_paragraph(
    pieces: Sequence[Styled], width: int, *, color: bool, indent: str = ""
) -> Iterator[str]:
    """Yields the lines of pieces that follow each other, wrapped as by `wrap`.

    Args:
        pieces: as of `wrap_styled`.
        width: columns.
        color: with ANSI colours.
        indent: begins all lines but the first.
    """
    for line in wrap_styled(pieces, width, indent):
        yield "".join(paint(*piece, color) for piece in line).rstrip()


def draw_row(cells: Sequence[RowCell], *, color: bool) -> Iterator[str]:
    """Yields the lines of cells beside each other; a heading stands at the bottom of its cell.

    Args:
        cells: from left to right, `GAP` columns apart.
        color: with ANSI colours.
    """
    height = max((len(cell.lines) for cell in cells), default=0)
    for at in range(height):
        drawn = []
        for cell in cells:
            number = at - (height - len(cell.lines) if cell.at_bottom else 0)
            line = cell.lines[number] if 0 <= number < len(cell.lines) else []
            free = cell.width - sum(display_width(piece.text) for piece in line)
            left = {"left": 0, "middle": free // 2, "right": free}[cell.align]
            text = "".join(paint(*piece, color) for piece in line)
            drawn.append(" " * left + text + " " * (free - left))
        yield (" " * GAP).join(drawn).rstrip()
