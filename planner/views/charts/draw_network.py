"""Lays out a network: visits as nodes in time, each rule as an arc with its bounds beside it."""

from collections.abc import Iterable
from itertools import groupby

from planner.text import one_line
from planner.views.charts import metrics
from planner.views.charts.axis import Scale, make_scale, ticks
from planner.views.charts.course import study_day
from planner.views.charts.draw_course import DAY_STEPS
from planner.views.charts.frame import (
    MARGIN,
    SMALL,
    TEXT,
    Draw,
    LegendEntry,
    Rows,
    RowText,
    axis_labels,
    axis_lines,
    gap_key,
    gap_strips,
    head,
    legend,
    notes,
)
from planner.views.charts.network import Arc, NetworkTable, Node, node_day
from planner.views.charts.palette import Theme, edge, epoch_color
from planner.views.charts.picture import (
    CIRCLE,
    POINT_RIGHT,
    WHOLE,
    Box,
    Canvas,
    Frame,
    Picture,
    Stroke,
    Symbol,
    Tip,
    line_height,
    tip,
)

_ROUND = 7.0
"""Radius of an arc's bend."""
_NODE = 11.0
_CLEAR = 12.0
"""Pixels between a node and the text beside it."""
_WARNING = "!"
_LEAST_PLOT = 0.5
"""The nodes take at least this share of the plot; beside them rules are broken into lines."""


def draw_network(table: NetworkTable, theme: Theme, width: int, frame: Frame = WHOLE) -> Picture:
    """The picture of a network, so many pixels wide and as high as it needs."""
    canvas = Canvas(theme, width, frame)
    head(canvas, table.title, table.about)
    for number, line in enumerate(table.conflict):
        limit, color = width - 2 * MARGIN, "" if number else theme.alarm
        canvas.paragraph(line, TEXT, x=MARGIN, limit=limit, color=color, bold=not number)
        canvas.y += 3
    texts = [
        RowText(node.title, (), node.kind == "dosing", "", _tip(table, node))
        for node in table.nodes
    ]
    rows = Rows(canvas, texts)
    scale = _scale(table, rows)
    legend(canvas, list(_keys(canvas, table, scale)))
    axis_ticks = ticks(
        scale,
        DAY_STEPS,
        lambda day: str(study_day(day, day_zero=table.day_zero)),
        SMALL,
        bounds=(MARGIN, width - MARGIN),
        landmarks=[node.day for node in table.nodes],
        ends=[node.day for node in table.nodes],
    )
    base = canvas.y + 0.8 * line_height(SMALL)
    if rows.stacked:
        canvas.y += line_height(SMALL)
    canvas.write(MARGIN, base, "Study day", SMALL, color=theme.quiet)
    axis_labels(canvas, axis_ticks)
    top = canvas.y
    middles: dict[int, float] = {}
    into = {number: list(arcs) for number, arcs in groupby(table.arcs, lambda arc: arc.later)}
    for number, (node, text) in enumerate(zip(table.nodes, texts, strict=True)):
        x = scale.x(node.day)
        labels = [_wrapped(arc, x, rows) for arc in into.get(number, ())]
        step = line_height(SMALL)
        heights = [max(1, len(lines)) * step + 3 for lines in labels]
        lanes = max(20.0, sum(heights) + 4)
        middle = rows.row(text, lanes=lanes)
        lane = middle - sum(heights) / 2
        middles[number] = middle
        for arc, lines, height in zip(into.get(number, ()), labels, heights, strict=True):
            _write(canvas, arc, lines, x, lane, _arc_tip(table, arc), faded=not table.feasible)
            if arc.earlier != arc.later:
                begin = scale.x(table.nodes[arc.earlier].day)
                _draw_arc(
                    canvas,
                    table,
                    arc,
                    (begin, middles[arc.earlier]),
                    (x, lane + height / 2),
                    middle,
                )
            lane += height
        _draw_node(canvas, table, node, x, middle)
        rows.rule()
    spans = rows.upright(top, canvas.y)
    axis_lines(canvas, axis_ticks, spans)
    gap_strips(canvas, scale, spans)
    notes(canvas, table.notes)
    picture = canvas.picture(
        f"{table.title}: network", _description(table), _data(table), margin=10
    )
    return picture._replace(trouble=" ".join(table.conflict))


def _scale(table: NetworkTable, rows: Rows) -> Scale:
    """The widest scale that leaves each rule room at the right of its node, in one line if it can.

    So no text covers an arc: arcs come from the left.
    """
    points = [float(node.day) for node in table.nodes] or [0.0]
    least = rows.left + _LEAST_PLOT * (rows.right - rows.left)
    right = rows.right
    while True:
        scale = make_scale(points, rows.left, right, least=42, margin=5)
        if right <= least or all(
            scale.x(table.nodes[arc.later].day) + _CLEAR + _sign(arc) + _width(arc) <= rows.right
            for arc in table.arcs
        ):
            return scale
        right -= 8


def _sign(arc: Arc) -> float:
    return 14.0 if arc.conflict else 0.0


def _width(arc: Arc) -> float:
    return metrics.width(one_line(arc.text), SMALL, bold=arc.conflict)


def _wrapped(arc: Arc, x: float, rows: Rows) -> tuple[str, ...]:
    limit = rows.right - x - _CLEAR - _sign(arc)
    return metrics.wrapped(one_line(arc.text), SMALL, limit, bold=arc.conflict)


def _write(
    canvas: Canvas,
    arc: Arc,
    lines: tuple[str, ...],
    x: float,
    top: float,
    hover: Tip,
    *,
    faded: bool,
) -> None:
    """The bounds of a rule at the right of its later node."""
    theme, step = canvas.theme, line_height(SMALL)
    left = x + _CLEAR
    wide = max(metrics.width(line, SMALL, bold=arc.conflict) for line in lines) + _sign(arc)
    color = theme.alarm if arc.conflict else theme.quiet if faded else theme.ink
    height = len(lines) * step
    canvas.add("halo", Box(left - 2, top + 1, wide + 4, height, theme.paper))
    if arc.conflict:
        canvas.add(
            "mark", Symbol(left + 5, top + 1 + step / 2, CIRCLE, 12, theme.alarm, "", 1, hover)
        )
        canvas.write(
            left + 5, top + 0.8 * step + 1, _WARNING, SMALL, bold=True, align="center",
            color=theme.paper,
        )  # fmt: skip
    for number, line in enumerate(lines):
        base = top + 1 + (number + 0.8) * step
        x = left + _sign(arc)
        canvas.write(x, base, line, SMALL, color=color, bold=arc.conflict, tip=hover)


def _draw_arc(
    canvas: Canvas,
    table: NetworkTable,
    arc: Arc,
    begin: tuple[float, float],
    end: tuple[float, float],
    middle: float,
) -> None:
    """Down from the earlier node, round the corner, and on to the later one."""
    theme = canvas.theme
    across, down = end[0] - begin[0], middle - begin[1]
    color = theme.quiet
    line = 1.1
    if arc.conflict:
        color, line = theme.alarm, 2.6
    elif not table.feasible:
        color = theme.faded
    bend = min(_ROUND, abs(across), abs(down))
    stop = across - _NODE / 2 - 4
    if across < _NODE:
        path = (
            f"M0,0V{down:.2f}"
            if across < 1
            else f"M0,0C0,{down:.2f} 0,{down:.2f} {across:.2f},{down:.2f}"
        )
    else:
        path = f"M0,0V{down - bend:.2f}Q0,{down:.2f} {bend:.2f},{down:.2f}H{max(stop, bend):.2f}"
        tip_color = Symbol(end[0] - _NODE / 2 - 4, middle, POINT_RIGHT, 6 + line, color)
        canvas.add("line", tip_color)
    dash = (4, 3) if arc.clock else ()
    canvas.add("line", Stroke(*begin, path, color, line, dash, _arc_tip(table, arc)))


def _draw_node(canvas: Canvas, table: NetworkTable, node: Node, x: float, middle: float) -> None:
    theme = canvas.theme
    color = epoch_color(node.epoch_kind)
    hover = _tip(table, node)
    faded = not table.feasible and not node.conflict
    fill = theme.paper if faded else color
    rim = theme.faded if faded else theme.alarm if node.conflict else edge(color, theme)
    line = 2.4 if node.conflict else 1.2
    size = _NODE + (3 if node.conflict else 0)
    canvas.add("mark", Symbol(x, middle, CIRCLE, size, fill, rim, line, hover))


def _tip(table: NetworkTable, node: Node) -> Tip:
    return tip(node.title, ("Kind", node.kind), ("When", node_day(table, node)))


def _arc_tip(table: NetworkTable, arc: Arc) -> Tip:
    return tip(
        table.nodes[arc.later].title,
        ("Rule", arc.rule),
        ("Counted in", "clock time" if arc.clock else "days"),
        ("In the conflict", "yes" if arc.conflict else ""),
    )


def _keys(canvas: Canvas, table: NetworkTable, scale: Scale) -> Iterable[LegendEntry]:
    theme = canvas.theme

    def arc(color: str, line: float, dash: tuple[int, ...] = ()) -> Draw:
        def draw(x: float, y: float) -> None:
            canvas.add("line", Stroke(x, y - 6, "M0,0V6Q0,10 5,10H18", color, line, dash))
            canvas.add("line", Symbol(x + 18, y + 4, POINT_RIGHT, 6 + line, color))

        return draw

    def node(kind: str | None) -> Draw:
        color = epoch_color(kind)

        def draw(x: float, y: float) -> None:
            sign = Symbol(x + 6, y, CIRCLE, _NODE, color, edge(color, theme), 1.2)
            canvas.add("mark", sign)

        return draw

    for kind in dict.fromkeys(node.epoch_kind for node in table.nodes):
        yield LegendEntry(kind or "other", node(kind), width=12)
    quiet = theme.quiet if table.feasible else theme.faded
    if any(not arc.clock and not arc.conflict for arc in table.arcs):
        yield LegendEntry("rule in days", arc(quiet, 1.1))
    if any(arc.clock and not arc.conflict for arc in table.arcs):
        yield LegendEntry("rule in clock time", arc(quiet, 1.1, (4, 3)))
    if not table.feasible:
        yield LegendEntry("rules that contradict each other", arc(theme.alarm, 2.6))
    if len(scale.pieces) > 1:
        yield gap_key(canvas)


def _description(table: NetworkTable) -> str:
    text = (
        f"The network of {table.title}: {len(table.nodes)} visits and {len(table.arcs)} rules"
        " between them."
    )
    if table.feasible:
        return f"{text} All rules can hold together."
    rules = "; ".join(arc.rule for arc in table.arcs if arc.conflict)
    return f"{text} {' '.join(table.conflict)} The rules: {rules}."


def _data(table: NetworkTable) -> Iterable[tuple[str, ...]]:
    head_row = ("Visit", "About when", "Rule", "Contradicts the other rules")
    yield head_row if not table.feasible else head_row[:3]
    by_node = {number: list(arcs) for number, arcs in groupby(table.arcs, lambda arc: arc.later)}
    for number, node in enumerate(table.nodes):
        for arc in by_node.get(number, [None]):
            rule = "" if arc is None else arc.rule
            row = (node.title, node_day(table, node), rule)
            marked = "yes" if arc is not None and arc.conflict else ""
            yield row if table.feasible else (*row, marked)
