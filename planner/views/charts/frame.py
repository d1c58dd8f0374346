"""What every chart has around its own marks: title, legend, axis, rows with their texts, notes."""

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import NamedTuple

from planner.text import one_line
from planner.views.charts import metrics
from planner.views.charts.axis import Scale, Tick
from planner.views.charts.palette import edge
from planner.views.charts.picture import Box, Canvas, Stroke, Tip, line_height

MARGIN = 14.0
TITLE, TEXT, SMALL, NOTE = 17.0, 12.0, 11.0, 10.5
"""Sizes of text: the picture's title, rows, axes and legends, notes."""
WIDE, NARROW, MAX_WIDTH, MIN_WIDTH = 840, 390, 2000, 320
"""Widths in pixels: that of a page, that of a phone, and between which a picture can be."""
_STACKED = 560
"""Narrower pictures have the texts of a row above its marks instead of beside them."""
_PAD = 7.0
_BETWEEN = 12.0
_LANE = 20.0
_CHIP = 10.0


def head(canvas: Canvas, title: str, about: Iterable[str]) -> None:
    """The title and the lines below it."""
    canvas.y += MARGIN
    if not canvas.frame.title:
        return
    limit = canvas.width - 2 * MARGIN
    canvas.paragraph(title, TITLE, x=MARGIN, limit=limit, bold=True)
    canvas.y += 2
    for line in about:
        canvas.paragraph(line, TEXT, x=MARGIN, limit=limit, color=canvas.theme.quiet)
    canvas.y += 6


Draw = Callable[[float, float], None]
"""Draws a sign of a legend to the right of a point, its middle at the point's height."""


class LegendEntry(NamedTuple):
    """An entry of a legend: what it means, its sign, and how wide that is."""

    text: str
    draw: Draw
    width: float = 22.0


def legend(canvas: Canvas, keys: Sequence[LegendEntry]) -> None:
    """The entries side by side, in as many lines as they need."""
    if not keys:
        return
    x, step = MARGIN, line_height(SMALL) + 3
    canvas.y += 2
    for key in keys:
        first, *more = metrics.wrapped(
            key.text, SMALL, canvas.width - 2 * MARGIN - key.width - _PAD
        )
        wide = key.width + _PAD + metrics.width(first, SMALL)
        if x > MARGIN and x + wide > canvas.width - MARGIN:
            x = MARGIN
            canvas.y += step
        key.draw(x, canvas.y + step / 2)
        base = canvas.y + step / 2 + SMALL * 0.36
        canvas.write(x + key.width + _PAD, base, first, SMALL)
        for line in more:
            canvas.y += step
            canvas.write(x + key.width + _PAD, canvas.y + step / 2 + SMALL * 0.36, line, SMALL)
        x += wide + 18
    canvas.y += step + 4


def notes(canvas: Canvas, texts: Iterable[str]) -> None:
    """The paragraphs at the end."""
    if not canvas.frame.footer:
        canvas.hidden_notes = tuple(texts)
        return
    canvas.y += 10
    for text in texts:
        canvas.paragraph(
            text, NOTE, x=MARGIN, limit=canvas.width - 2 * MARGIN, color=canvas.theme.quiet
        )
        canvas.y += 2


class RowText(NamedTuple):
    """The texts of a row: its title, and what stands at its right.

    The parts of ``right`` stand in one line where they fit, else one below the other; ``alarm``
    stands below them, bold.
    """

    title: str
    right: tuple[str, ...]
    bold: bool = False
    alarm: str = ""
    tip: Tip = ()

    @property
    def joined(self) -> str:
        """The parts at the right in one line."""
        return one_line(", ".join(self.right))


def _limit(widths: Sequence[float], texts: Iterable[str], limit: float) -> float:
    """Pixels of a column: what its texts need in one line, ``limit`` at most.

    More where the longest word needs it, up to half as much again, so that few words are broken.
    """
    longest = max(
        (metrics.width(word, TEXT, bold=True) for text in texts for word in text.split()),
        default=0.0,
    )
    return min(max(widths, default=0.0) + 1, max(limit, min(longest + 1, limit * 1.5)))


class Rows:
    """The columns of a chart: titles on the left, the plot, texts on the right.

    In a narrow picture the texts stand above the marks of their row and the plot takes all of the
    width. ``left`` and ``right`` are the pixels of the plot.
    """

    def __init__(self, canvas: Canvas, texts: Sequence[RowText]) -> None:
        self.canvas = canvas
        self.stacked = canvas.width < _STACKED
        self.lanes: list[tuple[float, float]] = []
        inner = canvas.width - 2 * MARGIN
        titles = [metrics.width(one_line(text.title), TEXT, bold=text.bold) for text in texts]
        rights = [
            max(
                metrics.width(text.joined, TEXT),
                metrics.width(one_line(text.alarm), TEXT, bold=True),
            )
            for text in texts
        ]
        if self.stacked:
            self.title_limit = inner * 0.56
            self.right_limit = inner - self.title_limit - _BETWEEN
            self.left, self.right = MARGIN + 4, canvas.width - MARGIN - 4
            return
        self.title_limit = _limit(titles, [text.title for text in texts], inner * 0.22)
        words = [part for text in texts for part in (*text.right, text.alarm)]
        self.right_limit = _limit(rights, words, inner * 0.17)
        between = _BETWEEN if self.right_limit > 1 else 0.0
        self.left = MARGIN + _PAD + self.title_limit + _BETWEEN
        self.right = canvas.width - MARGIN - self.right_limit - between

    def row(self, text: RowText, *, lanes: float = _LANE, gap: float = 0.0) -> float:
        """Writes the texts of a row, moves below it, and returns the middle of its lane.

        Args:
            text: what is written.
            lanes: pixels that its marks need from top to bottom.
            gap: pixels from the row's upper edge to its lanes.
        """
        canvas, step = self.canvas, line_height(TEXT)
        titles = metrics.wrapped(one_line(text.title), TEXT, self.title_limit, bold=text.bold)
        fits = metrics.width(text.joined, TEXT) <= self.right_limit
        parts = (text.joined,) if fits and text.joined else text.right
        rights = [
            (line, False)
            for part in parts
            for line in metrics.wrapped(one_line(part), TEXT, self.right_limit)
        ]
        if text.alarm:
            alarm_lines = metrics.wrapped(one_line(text.alarm), TEXT, self.right_limit, bold=True)
            rights += [(line, True) for line in alarm_lines]
        lines = max(len(titles), len(rights), 1)
        height = lines * step
        top = canvas.y + 3
        if self.stacked:
            middle = top + height + lanes / 2
            bottom = top + height + lanes + 3
            title_top = right_top = top
        else:
            inner = max(height, lanes + gap)
            middle = top + gap + (inner - gap) / 2 if lanes <= inner else top + inner / 2
            bottom = top + inner + 3
            title_top = top + (inner - len(titles) * step) / 2
            right_top = top + (inner - len(rights) * step) / 2
        for number, line in enumerate(titles):
            base = title_top + (number + 0.78) * step
            if self.stacked:
                wide = metrics.width(line, TEXT, bold=text.bold)
                halo = Box(
                    MARGIN + _PAD - 1, base - 0.78 * step, wide + 2, step, canvas.theme.paper
                )
                canvas.add("halo", halo)
            canvas.write(MARGIN + _PAD, base, line, TEXT, bold=text.bold, tip=text.tip)
        x = canvas.width - MARGIN if self.stacked else canvas.width - MARGIN - self.right_limit
        for number, (line, alarm) in enumerate(rights):
            canvas.write(
                x,
                right_top + (number + 0.78) * step,
                line,
                TEXT,
                bold=alarm,
                align="right" if self.stacked else "left",
                color=canvas.theme.alarm if alarm else "",
                tip=text.tip,
            )
        self.lanes.append((middle - lanes / 2, bottom))
        canvas.y = bottom
        return middle

    def upright(self, top: float, bottom: float) -> list[tuple[float, float]]:
        """From and to of what stands upright behind the rows: in a narrow picture only the lanes.

        So no line and no shade crosses a text.
        """
        return self.lanes if self.stacked else [(top, bottom)]

    def rule(self) -> None:
        """A thin line below the row."""
        canvas = self.canvas
        across = canvas.width - 2 * MARGIN
        canvas.add("grid", Stroke(MARGIN, canvas.y, f"M0,0H{across}", canvas.theme.grid, 0.5))

    def heading(self, text: str, color: str = "") -> None:
        """A line that names what the rows below it have in common, with its colour if it has one.

        Nothing that stands upright behind the rows crosses it.
        """
        canvas = self.canvas
        canvas.y += 5
        x = MARGIN
        if color:
            middle = canvas.y + line_height(SMALL) / 2
            canvas.add(
                "band",
                Box(x, middle - _CHIP / 2, _CHIP, _CHIP, color, edge(color, canvas.theme), 1.0),
            )
            x += _CHIP + 5
        text = text[:1].upper() + text[1:]
        limit, step = canvas.width - MARGIN - x, line_height(SMALL)
        for number, line in enumerate(metrics.wrapped(one_line(text), SMALL, limit, bold=True)):
            wide = metrics.width(line, SMALL, bold=True)
            top = canvas.y + number * step
            canvas.add("halo", Box(x - 1, top, wide + 4, step, canvas.theme.paper))
        canvas.paragraph(text, SMALL, x=x, limit=limit, bold=True)
        canvas.y += 1


def axis_labels(canvas: Canvas, ticks: Sequence[Tick]) -> None:
    """The labels of the ticks in one or two lines, and moves below them."""
    step = line_height(SMALL)
    for tick in ticks:
        base = canvas.y + 0.8 * step
        canvas.write(tick.x, base, tick.label, SMALL, align="center", color=canvas.theme.quiet)
        if tick.below:
            canvas.write(
                tick.x, base + step, tick.below, SMALL, align="center", color=canvas.theme.quiet
            )
    canvas.y += step * (2 if any(tick.below for tick in ticks) else 1) + 3


def axis_lines(canvas: Canvas, ticks: Sequence[Tick], spans: Iterable[tuple[float, float]]) -> None:
    """A thin line down from each tick, in each of the spans from top to bottom."""
    for top, bottom in spans:
        path = f"M0,0V{round(bottom - top, 2)}"
        for tick in ticks:
            canvas.add("grid", Stroke(tick.x, top, path, canvas.theme.grid, 1.0))


def gap_strips(canvas: Canvas, scale: Scale, spans: Iterable[tuple[float, float]]) -> None:
    """Covers the stretches that the scale leaves out, with a torn edge on either side."""
    for (left, right), (top, bottom) in product(scale.gaps, spans):
        height = bottom - top
        canvas.add("gap", Box(left + 3, top, right - left - 6, height, canvas.theme.paper))
        teeth = "M0,0" + "".join(
            f"L{3 if number % 2 else 0},{min(height, number * 7):g}"
            for number in range(1, int(height // 7) + 1)
        )
        for x in (left + 2, right - 5):
            canvas.add("gap", Stroke(x, top, teeth, canvas.theme.quiet, 0.8))


def gap_key(canvas: Canvas) -> LegendEntry:
    """What the torn strips mean."""

    def draw(x: float, y: float) -> None:
        teeth = "M0,-7L3,-3.5L0,0L3,3.5L0,7"
        for at in (x + 6, x + 13):
            canvas.add("gap", Stroke(at, y, teeth, canvas.theme.quiet, 0.8))

    return LegendEntry("axis break", draw)
