"""The colours of the charts, in light and dark, and the arithmetic that keeps them readable.

The colours are those of Okabe and Ito (Color Universal Design, 2008), which people with any of the
common kinds of colour blindness tell apart. They differ in lightness, too: phases that follow each
other are at least a third lighter or darker than their neighbour, so a greyscale print keeps them
apart. What matters is never said by colour alone: phases carry their name, windows are boxes and
whiskers, marks differ in shape, and what is missed, overdue or outside its window says so in words.

Luminance and contrast are those of WCAG 2.2: text has a contrast of at least 4.5 to 1 with what is
behind it, edges and marks of at least 3 to 1.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, VERMILLION, PURPLE = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY = "#999999"

EPOCHS = {
    "screening": PURPLE,
    "run-in": ORANGE,
    "washout": GREY,
    "preparation": ORANGE,
    "treatment": BLUE,
    "dosing": BLUE,
    "integration": GREEN,
    "follow-up": SKY,
    "maintenance": YELLOW,
}
"""Colour by kind of epoch; `GREY` where the kind is unknown."""
OTHERS = (GREEN, YELLOW, ORANGE, PURPLE, SKY, BLUE, GREY)
"""What other epochs of the same kind take in turn, as far as no kind in sight has it."""
NEIGHBOURS_CONTRAST = 4 / 3

TEXT_CONTRAST, EDGE_CONTRAST = 4.5, 3.0


class Theme(NamedTuple):
    """The colours that everything but the epochs is drawn in.

    ``paper`` is the background, ``ink`` text and marks, ``quiet`` secondary text, ``grid`` thin
    lines, ``shade`` closed days, ``alarm`` what needs attention, ``faded`` what a conflict leaves
    in the background.
    """

    name: str
    paper: str
    ink: str
    quiet: str
    grid: str
    shade: str
    alarm: str
    faded: str


LIGHT = Theme("light", "#FFFFFF", "#1A1A1A", "#575757", "#D9D9D9", "#E3E3E3", "#A34700", "#B8B8B8")
DARK = Theme("dark", "#16191D", "#F2F2F2", "#B3B8BD", "#3D444B", "#33393F", "#FF9248", "#5A626A")
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def luminance(color: str) -> float:
    """Relative luminance of ``#RRGGBB`` between 0 (black) and 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (_linear(channel) for channel in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 (equal) to 21 (black and white), as in WCAG 2.2."""
    low, high = sorted((luminance(first), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(color: str, other: str, share: float) -> str:
    """A colour between two.

    Args:
        color: ``#rrggbb``.
        other: ``#rrggbb``.
        share: of `color`, 0 to 1; the rest is of `other`.
    """
    pairs = zip(_channels(color), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


def edge(color: str, theme: Theme) -> str:
    """The colour, moved towards the ink only so far that it stands out from the paper."""
    for step in range(21):
        moved = mix(theme.ink, color, step / 20)
        if contrast(moved, theme.paper) >= EDGE_CONTRAST:
            return moved
    return theme.ink


def tint(color: str, theme: Theme) -> str:
    """The colour thinned with the paper, for areas that marks and lines are drawn on."""
    return mix(color, theme.paper, 0.28)


def epoch_color(kind: str | None) -> str:
    """The colour of a kind of epoch; grey for none."""
    return EPOCHS.get(kind or "", GREY)


def epoch_colors(epochs: Sequence[tuple[str, str | None]]) -> dict[str, str]:
    """The colour of each epoch of a course, by its name.

    The first epoch of a kind has the colour of its kind. Another one that would have the same has
    one that is nowhere else in the course and stands out from its neighbours, as far as there is
    one.

    Args:
        epochs: name and kind as they follow each other, an epoch once for each of its turns.
    """
    kinds = dict(epochs)
    first = {epoch_color(kind): name for name, kind in reversed(kinds.items())}
    colors = {name: color for color, name in first.items()}
    for name, kind in kinds.items():
        if name not in colors:
            beside = {
                colors[other]
                for pair in pairwise(turn for turn, _ in epochs)
                if name in pair
                for other in pair
                if other in colors
            }
            free = [color for color in OTHERS if color not in colors.values()]
            apart = [
                color
                for color in free
                if all(contrast(color, other) >= NEIGHBOURS_CONTRAST for other in beside)
            ]
            colors[name] = next(iter([*apart, *free]), epoch_color(kind))
    return colors


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _linear(channel: int) -> float:
    value = channel / 255
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
