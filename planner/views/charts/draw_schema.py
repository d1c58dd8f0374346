"""Lays out the schema of a trial: boxes for its phases, and below them a line for each arm.

A schema that is wider than the picture goes on in a second strip below the first, as text does.
"""

from collections.abc import Iterable
from typing import NamedTuple

from planner.text import one_line
from planner.views.charts import metrics
from planner.views.charts.course import CONTRADICTION
from planner.views.charts.frame import MARGIN, SMALL, Draw, LegendEntry, head, legend, notes
from planner.views.charts.palette import Theme, edge, epoch_colors, tint
from planner.views.charts.picture import (
    POINT_RIGHT,
    WHOLE,
    Box,
    Canvas,
    Frame,
    Picture,
    Stroke,
    Symbol,
    line_height,
    tip,
)
from planner.views.charts.schema import SchemaPhase, SchemaTable, SchemaVisit
from planner.views.charts.visit_signs import GROUP_WORDS, GROUPS, visit_sign

_SLOT, _MAX_SLOT = 18.0, 80.0
"""Pixels of a visit at least and at most."""
_PAD, _BETWEEN = 3.0, 3.0
_FORK = 26.0
_LANE = 22.0
_LABEL_ROOM = 150.0
"""Pixels that the names of the arms have at least where they part."""
_APART = 2.5


class _Part(NamedTuple):
    """A phase, or as much of it as one strip holds; ``fork`` if the arms part before it."""

    phase: SchemaPhase
    visits: tuple[SchemaVisit, ...]
    fork: bool
    parted: bool
    least: float


def draw_schema(table: SchemaTable, theme: Theme, width: int, frame: Frame = WHOLE) -> Picture:
    """The picture of a schema, so many pixels wide and as high as it needs."""
    canvas = Canvas(theme, width, frame)
    head(canvas, table.title, table.about)
    legend(canvas, list(_keys(canvas, table)))
    canvas.y += 6
    colors = epoch_colors([(phase.title, phase.kind) for phase in table.phases])
    strips = list(_strips(table, canvas.width - 2 * MARGIN))
    for number, strip in enumerate(strips):
        _draw_strip(canvas, table, strip, colors, goes_on=number + 1 < len(strips))
    notes(canvas, table.notes)
    picture = canvas.picture(
        f"{table.title}: schema", _description(table), tuple(_data(table)), margin=10
    )
    return picture if table.consistent else picture._replace(trouble=CONTRADICTION)


def _strips(table: SchemaTable, inner: float) -> Iterable[list[_Part]]:
    """The parts of each strip, as many as fit."""
    strip: list[_Part] = []
    taken = 0.0
    for part in _parts(table, inner):
        needed = (
            _FORK + max(part.least, min(_LABEL_ROOM, inner - _FORK)) if part.fork else part.least
        )
        if strip and taken + needed > inner:
            yield strip
            strip, taken = [], 0.0
        strip.append(part)
        taken += part.least + (_FORK if part.fork else 0.0) + _BETWEEN
    if strip:
        yield strip


def _parts(table: SchemaTable, inner: float) -> Iterable[_Part]:
    for number, phase in enumerate(table.phases):
        parted = number >= table.parting
        room = inner - _FORK - 2 * _PAD
        most = max(1, int(room // _slot(table, phase)))
        for first in range(0, len(phase.visits), most):
            visits = phase.visits[first : first + most]
            words = max(
                metrics.width(word, SMALL, bold=True) for word in one_line(phase.title).split()
            )
            least = max(len(visits) * _slot(table, phase), words) + 2 * _PAD
            fork = number == table.parting and not first
            yield _Part(phase, visits, fork, parted, min(least, inner - _FORK))


def _slot(table: SchemaTable, phase: SchemaPhase) -> float:
    """Pixels that each visit of a phase takes at least: those of the widest study day."""
    days = max(metrics.width(table.when(visit), SMALL) for visit in phase.visits)
    return max(_SLOT, days + _APART)


def _draw_strip(
    canvas: Canvas,
    table: SchemaTable,
    strip: list[_Part],
    colors: dict[str, str],
    *,
    goes_on: bool,
) -> None:
    inner = canvas.width - 2 * MARGIN
    fixed = sum(part.least + (_FORK if part.fork else 0.0) + _BETWEEN for part in strip) - _BETWEEN
    visits = sum(len(part.visits) for part in strip)
    more = min(max(0.0, inner - fixed) / visits, _MAX_SLOT - _SLOT)
    widths = [part.least + more * len(part.visits) for part in strip]
    boxes = [
        metrics.wrapped(one_line(part.phase.title), SMALL, wide - 2 * _PAD, bold=True)
        for part, wide in zip(strip, widths, strict=True)
    ]
    step = line_height(SMALL)
    top, height = canvas.y, max(map(len, boxes)) * step + 8
    lefts, x = [], MARGIN
    for part, wide in zip(strip, widths, strict=True):
        x += _FORK if part.fork else 0.0
        lefts.append(x)
        x += wide + _BETWEEN
    end = x - _BETWEEN
    canvas.y = top + height + 4
    parts_at = next((left for part, left in zip(strip, lefts, strict=True) if part.parted), end)
    middles = _lane_middles(canvas, table, parts_at, parted=any(part.parted for part in strip))
    shared = (middles[0] + middles[-1]) / 2
    day_base = canvas.y + 0.8 * step
    for part, left, wide, lines in zip(strip, lefts, widths, boxes, strict=True):
        color = colors[part.phase.title]
        box = Box(
            left, top, wide, height, tint(color, canvas.theme), edge(color, canvas.theme), 1.2,
            radius=3, tip=tip(part.phase.title),
        )  # fmt: skip
        canvas.add("band", box)
        first = top + (height - len(lines) * step) / 2
        for number, line in enumerate(lines):
            base = first + (number + 0.8) * step
            canvas.write(left + wide / 2, base, line, SMALL, bold=True, align="center")
        slot = (wide - 2 * _PAD) / len(part.visits)
        for number, visit in enumerate(part.visits):
            at = left + _PAD + (number + 0.5) * slot
            hover = tip(visit.title, ("Study day", table.when(visit)))
            for y in {middles[lane] if part.parted else shared for lane in visit.days}:
                visit_sign(canvas, at, y, visit.group, hover)
            canvas.write(
                at, day_base, table.when(visit) or "-", SMALL, align="center",
                color=canvas.theme.quiet, tip=hover,
            )  # fmt: skip
    _draw_lines(canvas, table, strip, lefts, end, middles, goes_on=goes_on)
    canvas.y += step + 14


def _lane_middles(canvas: Canvas, table: SchemaTable, left: float, *, parted: bool) -> list[float]:
    """The middle of each lane, its name written above it, and moves below the last one."""
    if not parted or len(table.lanes) == 1:
        canvas.y += _LANE
        return [canvas.y - _LANE / 2] * len(table.lanes)
    middles = []
    for name in table.lanes:
        canvas.y += 3
        canvas.paragraph(name, SMALL, x=left + _PAD, limit=canvas.width - MARGIN - left - _PAD)
        canvas.y += _LANE
        middles.append(canvas.y - _LANE / 2)
    return middles


def _draw_lines(
    canvas: Canvas,
    table: SchemaTable,
    strip: list[_Part],
    lefts: list[float],
    end: float,
    middles: list[float],
    *,
    goes_on: bool,
) -> None:
    """The lines of the arms through the strip, where they part, and whether they go on."""
    theme = canvas.theme
    shared = (middles[0] + middles[-1]) / 2
    lines = list(dict.fromkeys(middles))
    first_parted = next((number for number, part in enumerate(strip) if part.parted), None)
    last = end
    if first_parted is None:
        lines, begin = [shared], MARGIN
    elif strip[first_parted].fork and len(table.lanes) > 1:
        begin = lefts[first_parted]
        fork = begin - _FORK + 8
        _line(canvas, MARGIN, fork, shared)
        for y in lines:
            reach = begin - fork
            bend, down = f"{reach / 2:.2f}", f"{y - shared:.2f}"
            path = f"M0,0C{bend},0 {bend},{down} {reach:.2f},{down}"
            canvas.add("line", Stroke(fork, shared, path, theme.quiet, 1.6))
        if table.ratio:
            half = metrics.width(table.ratio, SMALL, bold=True) / 2 + 5
            pill = Box(
                fork - half, shared - 9, 2 * half, 18, theme.paper, theme.ink, 1.2, radius=9,
                tip=tip("Allocation", ("Ratio", table.ratio)),
            )  # fmt: skip
            canvas.add("halo", pill)
            base = shared + SMALL * 0.36
            canvas.write(fork, base, table.ratio, SMALL, bold=True, align="center")
    else:
        begin = MARGIN
    for y in lines:
        _line(canvas, begin, last, y)
        if goes_on:
            canvas.add("line", Symbol(last + 4, y, POINT_RIGHT, 8, theme.quiet))


def _line(canvas: Canvas, left: float, right: float, y: float) -> None:
    if right > left:
        path = f"M0,0H{right - left:.2f}"
        canvas.add("grid", Stroke(left, y, path, canvas.theme.quiet, 1.6))


def _keys(canvas: Canvas, table: SchemaTable) -> Iterable[LegendEntry]:
    groups = {visit.group for phase in table.phases for visit in phase.visits}

    def sign(group: str) -> Draw:
        return lambda x, y: visit_sign(canvas, x + 7, y, group)

    def day(x: float, y: float) -> None:
        base = y + SMALL * 0.36
        canvas.write(x + 7, base, "29", SMALL, align="center", color=canvas.theme.quiet)

    for group in GROUPS:
        if group in groups:
            yield LegendEntry(GROUP_WORDS.get(group, group), sign(group), 14)
    yield LegendEntry("study day", day, 14)


def _description(table: SchemaTable) -> str:
    phases = "; ".join(
        f"{phase.title}, {len(phase.visits)} visit{'' if len(phase.visits) == 1 else 's'}"
        for phase in table.phases
    )
    dosing = [
        f"Day {table.when(visit)}"
        for phase in table.phases
        for visit in phase.visits
        if visit.group == "dosing"
    ]
    text = f"The schema of {table.title}: {phases}."
    if dosing:
        text += f" Dosing sessions: {', '.join(dosing)}."
    if len(table.lanes) > 1:
        ratio = f", allocated {table.ratio}" if table.ratio else ""
        text += f" Arms{ratio}: {', '.join(table.lanes)}."
    return text


def _data(table: SchemaTable) -> Iterable[tuple[str, ...]]:
    several = len(table.lanes) > 1
    yield ("Phase", "Visit", "Group", "Study day", *(("Arms",) if several else ()))
    for phase in table.phases:
        for visit in phase.visits:
            arms = ", ".join(table.lanes[lane] for lane in visit.days)
            group = GROUP_WORDS.get(visit.group, visit.group)
            row = (phase.title, visit.title, group, table.when(visit))
            yield (*row, arms) if several else row
