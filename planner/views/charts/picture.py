"""A picture as data: boxes, strokes, marks and words at their pixels, before anything renders it.

Pixels count from the upper left corner, to the right and downwards. Words carry text from files as
it is; that nothing in it is obeyed is the business of `render`.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from planner.text import one_line
from planner.views.charts import metrics
from planner.views.charts.palette import Theme

Tip = tuple[tuple[str, str], ...]
"""What is shown on hovering: names and values; the value of the name ``title`` stands on top."""

Align = Literal["left", "center", "right"]
Depth = Literal["back", "grid", "band", "line", "gap", "halo", "mark", "words"]
DEPTHS: tuple[Depth, ...] = ("back", "grid", "band", "line", "gap", "halo", "mark", "words")
"""What is drawn first, and so lies behind the rest."""


class Box(NamedTuple):
    """A rectangle from its upper left corner; ``fill`` or ``edge`` is empty for none."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""
    edge: str = ""
    line: float = 1.0
    dash: tuple[int, ...] = ()
    radius: float = 0.0
    tip: Tip = ()


class Stroke(NamedTuple):
    """A line: ``path`` holds the commands of an SVG path, counted from ``x`` and ``y``."""

    x: float
    y: float
    path: str
    color: str
    line: float = 1.0
    dash: tuple[float, ...] = ()
    tip: Tip = ()


class Symbol(NamedTuple):
    """A symbol around a point; ``size`` is how many pixels it is across."""

    x: float
    y: float
    shape: str
    size: float
    fill: str = ""
    edge: str = ""
    line: float = 1.0
    tip: Tip = ()


class TextLine(NamedTuple):
    """One line of text; ``x`` is its left end, middle or right end, ``y`` its base line."""

    x: float
    y: float
    text: str
    size: float
    color: str
    bold: bool = False
    align: Align = "left"
    tip: Tip = ()


Item = Box | Stroke | Symbol | TextLine

DIAMOND, CIRCLE, SQUARE, TRIANGLE = "diamond", "circle", "square", "triangle-up"
CROSS = "M-0.7,-1L0,-0.3L0.7,-1L1,-0.7L0.3,0L1,0.7L0.7,1L0,0.3L-0.7,1L-1,0.7L-0.3,0L-1,-0.7Z"
DASH = "M-1,-0.25H1V0.25H-1Z"
POINT_RIGHT, POINT_LEFT = "M-1,-1L1,0L-1,1Z", "M1,-1L-1,0L1,1Z"


class Frame(NamedTuple):
    """What stands around the chart itself: the title and the lines below it, the notes at the end.

    Without the notes the description of the picture ends with them.
    """

    title: bool = True
    footer: bool = True


WHOLE = Frame()


class Picture(NamedTuple):
    """All that a renderer needs.

    ``description`` is the alternative text, in sentences. ``table`` tells the same as the picture
    in rows, the header first, for the page in HTML. ``items`` stand in the order they are drawn in.
    ``trouble`` says that the rules cannot all hold, or that no plan keeps them; empty for neither.
    ``width_mm`` is how wide it is printed, ``None`` where that is not said.
    """

    title: str
    description: str
    width: int
    height: int
    theme: Theme
    items: tuple[tuple[Depth, Item], ...]
    table: tuple[tuple[str, ...], ...]
    trouble: str = ""
    width_mm: float | None = None

    @property
    def words(self) -> tuple[TextLine, ...]:
        """Every line of text."""
        return tuple(item for _, item in self.items if isinstance(item, TextLine))


class Canvas:
    """Collects what is drawn, from top to bottom; ``y`` is the first pixel that is still free."""

    def __init__(self, theme: Theme, width: int, frame: Frame = WHOLE) -> None:
        self.theme = theme
        self.width = width
        self.frame = frame
        self.hidden_notes: tuple[str, ...] = ()
        self.y = 0.0
        self._items: dict[Depth, list[Item]] = {depth: [] for depth in DEPTHS}

    def add(self, depth: Depth, item: Item) -> None:
        """Draws something at a depth."""
        self._items[depth].append(item)

    def write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        color: str = "",
        bold: bool = False,
        align: Align = "left",
        tip: Tip = (),
    ) -> None:
        """Writes one line of text, in ink by default."""
        self.add("words", TextLine(x, y, text, size, color or self.theme.ink, bold, align, tip))

    def paragraph(
        self,
        text: str,
        size: float,
        *,
        x: float,
        limit: float,
        color: str = "",
        bold: bool = False,
        indent: float = 0.0,
    ) -> None:
        """Writes text in as many lines as it needs below what is there, and moves down."""
        step = line_height(size)
        lines = metrics.wrapped(one_line(text), size, limit - indent, bold=bold)
        for number, line in enumerate(lines):
            left = x + (indent if number else 0.0)
            self.write(left, self.y + metrics.ASCENT * size + 1, line, size, color=color, bold=bold)
            self.y += step

    def picture(
        self, title: str, description: str, table: Iterable[tuple[str, ...]], margin: float
    ) -> Picture:
        """Everything drawn so far, as a picture that ends a margin below it."""
        items = tuple((depth, item) for depth in DEPTHS for item in self._items[depth])
        height = round(self.y + margin)
        return Picture(
            one_line(title),
            one_line(" ".join((description, *self.hidden_notes))),
            self.width,
            height,
            self.theme,
            items,
            tuple(tuple(one_line(cell) for cell in row) for row in table),
        )


def line_height(size: float) -> float:
    """From one base line to the next."""
    return round(size * 1.25)


def tip(title: str, *pairs: tuple[str, str]) -> Tip:
    """What is shown on hovering: the title, and of the pairs those that say something."""
    return (
        ("title", one_line(title)),
        *((name, one_line(value)) for name, value in pairs if value),
    )
