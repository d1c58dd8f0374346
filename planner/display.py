"""What a notebook shows of an object: asked for here, drawn by what stands above it."""

from collections.abc import Callable

Draw = Callable[[object], str | None]
"""Draws an object as markup; ``None`` where there is nothing to draw."""

_DRAW: dict[str, Draw] = {}


def draw_with(html: Draw, svg: Draw) -> None:
    """Names what draws objects; without it a notebook shows their repr."""
    _DRAW.update(html=html, svg=svg)


def drawn_html(thing: object) -> str | None:
    """The object as a piece of HTML."""
    return _DRAW["html"](thing) if _DRAW else None


def drawn_svg(thing: object) -> str | None:
    """The object as a picture in SVG."""
    return _DRAW["svg"](thing) if _DRAW else None
