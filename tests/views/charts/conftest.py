"""Reads the labels of a drawn SVG back: where each text stands and how much room it takes."""

from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

from planner.views.charts import metrics

NAMESPACE = "{http://www.w3.org/2000/svg}"
TOUCH = 0.6
"""Pixels by which two boxes may reach into each other: less than the space around letters."""


class Label(NamedTuple):
    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Label") -> bool:
        return (
            self.left + TOUCH < other.right
            and other.left + TOUCH < self.right
            and self.top + TOUCH < other.bottom
            and other.top + TOUCH < self.bottom
        )


def read_labels(svg: str) -> tuple[list[Label], float, float]:
    """All labels, and the width and height of the picture."""
    root = ElementTree.fromstring(svg)
    labels = []
    for one in root.iter(f"{NAMESPACE}text"):
        x, y, size = (float(one.attrib[name]) for name in ("x", "y", "font-size"))
        text = one.text or ""
        wide = metrics.width(text, size, bold=one.get("font-weight") == "bold")
        left = x - {"start": 0, "middle": wide / 2, "end": wide}[one.get("text-anchor", "start")]
        top, bottom = y - metrics.ASCENT * size, y + metrics.DESCENT * size
        labels.append(Label(text, left, top, left + wide, bottom))
    return labels, float(root.attrib["width"]), float(root.attrib["height"])


Labels = Callable[[str], list[Label]]
Troubles = Callable[[str], list[str]]


def _troubles(svg: str) -> list[str]:
    """Labels that leave the picture, that cover each other, or that say nothing."""
    labels, width, height = read_labels(svg)
    found = [
        f"`{one.text}` leaves the picture"
        for one in labels
        if one.left < 0 or one.top < 0 or one.right > width or one.bottom > height
    ]
    found += [f"`{a.text}` and `{b.text}`" for a, b in combinations(labels, 2) if a.meets(b)]
    found += [f"an empty label at {one.left}, {one.top}" for one in labels if not one.text.strip()]
    return found


@pytest.fixture
def labels() -> Labels:
    """Reads all labels of an SVG."""
    return lambda svg: read_labels(svg)[0]


@pytest.fixture
def troubles() -> Troubles:
    """Tells what is wrong with the labels of an SVG."""
    return _troubles
