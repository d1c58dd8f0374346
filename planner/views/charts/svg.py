"""A picture as SVG: four kinds of elements at the pixels of the layout, hover by `<title>`.

Nothing in it runs or loads anything; text from files is escaped, and characters that XML cannot
hold become U+FFFD. Equal pictures have equal bytes.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from math import sqrt
from xml.sax.saxutils import escape, quoteattr

from planner.views.charts import metrics
from planner.views.charts.metrics import FONT
from planner.views.charts.picture import (
    CIRCLE,
    DEPTHS,
    DIAMOND,
    SQUARE,
    TRIANGLE,
    Box,
    Item,
    Picture,
    Stroke,
    Symbol,
    TextLine,
    Tip,
)

_KINDS: tuple[type[Item], ...] = (Box, Stroke, Symbol, TextLine)
"""Of one depth, boxes lie behind strokes, and so on."""
_HALF_HEIGHT = round(sqrt(3) / 2, 4)
_SYMBOLS = {
    DIAMOND: "M-1,0L0,-1L1,0L0,1Z",
    SQUARE: "M-1,-1H1V1H-1Z",
    TRIANGLE: f"M0,-{_HALF_HEIGHT}L-1,{_HALF_HEIGHT}H1Z",
}
"""Paths around a point, two units across; other shapes are such paths themselves."""
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}


def svg(picture: Picture, name: str = "") -> str:
    """The picture as an SVG element, with title and description for those who do not see it.

    Args:
        picture: what is drawn.
        name: sets the id of the description apart where several pictures stand on one page.
    """
    width, height = picture.width, picture.height
    mm = None if picture.width_mm is None else picture.width_mm / width
    sizes = [f"{size}" if mm is None else f"{_number(size * mm)}mm" for size in (width, height)]
    title = xml_text(picture.title)
    about = f"{name}-about" if name else "about"
    body = "\n".join(_groups(picture))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(title)}'
        f' aria-describedby="{about}" width="{sizes[0]}" height="{sizes[1]}"'
        f' viewBox="0 0 {width} {height}" font-family="{FONT}">\n'
        f"<title>{escape(title)}</title>\n"
        f'<desc id="{about}">{escape(xml_text(picture.description))}</desc>\n'
        f'<rect width="{width}" height="{height}" fill="{picture.theme.paper}"/>\n{body}\n</svg>\n'
    )


def xml_text(text: str) -> str:
    """The text with U+FFFD for each character that XML cannot hold."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)


def _groups(picture: Picture) -> Iterator[str]:
    """What is drawn, from back to front; neighbours that tell the same on hovering together."""
    items = [
        item
        for depth in DEPTHS
        for kind in _KINDS
        for at, item in picture.items
        if at == depth and type(item) is kind
    ]
    for tip, group in groupby(items, key=lambda item: item.tip):
        drawn = "\n".join(_ELEMENTS[type(item)](item) for item in group)
        yield f"<g>{_hover(tip)}\n{drawn}\n</g>" if tip else drawn


def _hover(tip: Tip) -> str:
    lines = [value if name == "title" else f"{name}: {value}" for name, value in tip]
    return f"<title>{escape(xml_text(chr(10).join(lines)))}</title>"


def _box(box: Box) -> str:
    rounded = f' rx="{_number(box.radius)}"' if box.radius else ""
    return (
        f'<rect x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}"'
        f' height="{_number(box.height)}"{rounded}{_fill(box.fill)}'
        f"{_edge(box.edge, box.line, box.dash)}/>"
    )


def _stroke(stroke: Stroke) -> str:
    edge = _edge(stroke.color, stroke.line, stroke.dash)
    return f'<path d="{stroke.path}"{_at(stroke.x, stroke.y)} fill="none"{edge}/>'


def _mark(mark: Symbol) -> str:
    looks = _fill(mark.fill) + _edge(mark.edge, mark.line)
    if mark.shape == CIRCLE:
        radius = _number(mark.size / 2)
        return f'<circle cx="{_number(mark.x)}" cy="{_number(mark.y)}" r="{radius}"{looks}/>'
    path = _scaled(_SYMBOLS.get(mark.shape, mark.shape), mark.size / 2)
    return f'<path d="{path}"{_at(mark.x, mark.y)}{looks}/>'


def _words(words: TextLine) -> str:
    anchor = "" if words.align == "left" else f' text-anchor="{_ANCHORS[words.align]}"'
    weight = ' font-weight="bold"' if words.bold else ""
    length = ""
    if metrics.is_measured(words.text, bold=words.bold):
        # A viewer that lacks the font has a wider one, and would cover what stands beside it.
        wide = _number(metrics.width(words.text, words.size, bold=words.bold))
        length = f' textLength="{wide}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text x="{_number(words.x)}" y="{_number(words.y)}" font-size="{_number(words.size)}"'
        f'{weight}{anchor}{length} fill="{words.color}">{escape(xml_text(words.text))}</text>'
    )


_ELEMENTS: dict[type[Item], Callable[..., str]] = {
    Box: _box,
    Stroke: _stroke,
    Symbol: _mark,
    TextLine: _words,
}


def _at(x: float, y: float) -> str:
    return f' transform="translate({_number(x)},{_number(y)})"'


def _fill(color: str) -> str:
    return f' fill="{color or "none"}"'


def _edge(color: str, line: float, dash: tuple[float, ...] = ()) -> str:
    if not color:
        return ""
    dashes = f' stroke-dasharray="{",".join(map(str, dash))}"' if dash else ""
    return f' stroke="{color}" stroke-width="{_number(line)}"{dashes}'


def _number(value: float) -> str:
    """A length to a hundredth of a pixel."""
    return f"{round(value, 2):g}" if abs(value) < 1e4 else f"{value:.2f}"


@cache
def _scaled(path: str, factor: float) -> str:
    """A path whose coordinates are all multiplied."""
    return re.sub(r"-?\d+(?:\.\d+)?", lambda number: _number(float(number[0]) * factor), path)
