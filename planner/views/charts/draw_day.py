"""Lays out the plan of a day: a line for each item on the clock, and below who is there."""

from collections.abc import Iterable

from planner.views.charts.axis import Scale, make_scale, ticks
from planner.views.charts.day import DayItem, DayTable, ItemTime
from planner.views.charts.frame import (
    MARGIN,
    SMALL,
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
from planner.views.charts.palette import BLUE, GREEN, GREY, ORANGE, Theme, edge, tint
from planner.views.charts.picture import (
    CIRCLE,
    DIAMOND,
    POINT_RIGHT,
    SQUARE,
    TRIANGLE,
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

_STEPS = (15, 30, 60, 120, 180, 240, 360, 720, 1440)
_SHAPES = {
    "task": CIRCLE,
    "administration": DIAMOND,
    "check": SQUARE,
    "shift-change": POINT_RIGHT,
    "discharge": TRIANGLE,
}
"""A shape for each kind of item."""
_SIZES = {DIAMOND: 13.0, TRIANGLE: 11.0}
_HALF, _LANE = 6.0, 8.0


def draw_day(table: DayTable, theme: Theme, width: int, frame: Frame = WHOLE) -> Picture:
    """The picture of a day, so many pixels wide and as high as it needs."""
    canvas = Canvas(theme, width, frame)
    head(canvas, table.title, table.about)
    spans = list(_spans(table))
    items = [_item_text(item) for item in table.items]
    staff = [
        RowText(presence.who, (_hours(table, presence.stretches),)) for presence in table.staff
    ]
    rows = Rows(canvas, [*(text for text, *_ in spans), *items, *staff])
    scale = _scale(table, rows)
    legend(canvas, list(_keys(canvas, table, scale)))
    offset = 0 if table.clock is None else table.clock.minute
    axis_ticks = ticks(
        scale,
        _STEPS,
        lambda minute: table.shown(minute - offset + (table.zero if table.clock is None else 0)),
        SMALL,
        bounds=(MARGIN, width - MARGIN),
        offset=-offset + (table.zero if table.clock is None else 0.0),
        landmarks=[],
    )
    name = "Time of day" if table.clock is not None else "Time from the sheet's zero"
    if rows.stacked:
        canvas.paragraph(name, SMALL, x=MARGIN, limit=width, color=theme.quiet)
    else:
        base = canvas.y + 0.8 * line_height(SMALL)
        canvas.write(MARGIN, base, name, SMALL, color=theme.quiet)
    axis_labels(canvas, axis_ticks)
    top = canvas.y
    for text, start, end, color in spans:
        middle = rows.row(text)
        _bar(canvas, scale, start, end, middle, color, tip(text.title, ("When", text.right[0])))
        rows.rule()
    if spans:
        rows.heading("Run sheet")
    for item, text in zip(table.items, items, strict=True):
        middle = rows.row(text)
        _draw_item(canvas, table, scale, item, middle)
        rows.rule()
    if table.staff:
        rows.heading("Staff present")
        for presence, text in zip(table.staff, staff, strict=True):
            middle = rows.row(text)
            for start, end in presence.stretches:
                hover = tip(presence.who, ("When", f"{table.shown(start)} to {table.shown(end)}"))
                _bar(canvas, scale, start, end, middle, GREEN, hover)
            rows.rule()
    upright = rows.upright(top, canvas.y)
    axis_lines(canvas, axis_ticks, upright)
    for minute in table.changes:
        for begin, end_y in upright:
            path = f"M0,0V{end_y - begin:.2f}"
            canvas.add("line", Stroke(scale.x(minute), begin, path, theme.ink, 1.2, (5, 3)))
    gap_strips(canvas, scale, upright)
    notes(canvas, table.notes)
    return canvas.picture(table.title, _description(table), _data(table), margin=10)


def _spans(table: DayTable) -> Iterable[tuple[RowText, int, int, str]]:
    """The session and the night after it, where the file says how long they are."""
    if table.session is not None:
        text = f"{table.shown(0)} to {table.shown(table.session)}"
        yield RowText("Session", (text,), True), 0, table.session, BLUE
    if table.stay is not None and table.stay > (table.session or 0):
        begin = table.session or 0
        yield (
            RowText("Night on site", (f"until {table.shown(table.stay)}",)),
            begin,
            table.stay,
            GREY,
        )


def _item_text(item: DayItem) -> RowText:
    optional = item.optional and "optional" not in item.title.lower()
    title = item.title + (" (optional)" if optional else "")
    return RowText(title, (item.when,), item.kind == "administration", "", _tip(item))


def _tip(item: DayItem) -> Tip:
    return tip(
        item.title,
        ("When", item.when),
        ("Kind", item.kind),
        ("Optional", "yes" if item.optional else ""),
        ("Who", item.who),
    )


def _hours(table: DayTable, stretches: tuple[tuple[int, int], ...]) -> str:
    if len(stretches) > 2:
        return f"{len(stretches)} times"
    return ", ".join(f"{table.shown(a)} to {table.shown(b)}" for a, b in stretches)


def _scale(table: DayTable, rows: Rows) -> Scale:
    points: list[float] = [0, table.end]
    if table.session is not None:
        points.append(table.session)
    for item in table.items:
        for time in item.times:
            ends = (time.planned, time.end, *time.room)
            points += [minute for minute in ends if minute is not None]
    for presence in table.staff:
        points += [minute for stretch in presence.stretches for minute in stretch]
    return make_scale(points, rows.left, rows.right, least=400, margin=20)


def _bar(
    canvas: Canvas, scale: Scale, start: int, end: int, middle: float, color: str, hover: Tip
) -> None:
    left, right = scale.x(start), scale.x(end)
    theme = canvas.theme
    canvas.add(
        "band",
        Box(
            left, middle - _LANE, max(right - left, 3.0), 2 * _LANE, tint(color, theme),
            edge(color, theme), 1.0, (), 2.0, hover,
        ),
    )  # fmt: skip


def _draw_item(canvas: Canvas, table: DayTable, scale: Scale, item: DayItem, middle: float) -> None:
    hover = _tip(item)
    for time in item.times:
        _draw_room(canvas, table, scale, item, time, middle, hover)
        if time.end is not None:
            wide = scale.x(time.end) - scale.x(time.planned)
            path = f"M0,0H{wide:.2f}"
            line = Stroke(scale.x(time.planned), middle, path, canvas.theme.ink, 3.0, (), hover)
            canvas.add("line", line)
        _sign(canvas, scale.x(time.planned), middle, item.kind, item.optional, hover)


def _draw_room(
    canvas: Canvas,
    table: DayTable,
    scale: Scale,
    item: DayItem,
    time: ItemTime,
    middle: float,
    hover: Tip,
) -> None:
    """The minutes that are allowed, as a box; dashed for what may be left out."""
    first, last = time.room
    if first == last:
        return
    theme = canvas.theme
    left = scale.x(max(0, time.planned - 60) if first is None else first)
    right = scale.x(min(table.end, time.planned + 60) if last is None else last)
    dash = (3, 2) if item.optional else ()
    fill = theme.paper if item.optional else tint(ORANGE, theme)
    room = Box(
        left, middle - _HALF, max(right - left, 3.0), 2 * _HALF, fill, edge(ORANGE, theme), 1.0,
        dash, 1.5, hover,
    )  # fmt: skip
    canvas.add("band", room)


def _sign(canvas: Canvas, x: float, middle: float, kind: str, optional: bool, hover: Tip) -> None:
    theme = canvas.theme
    shape = _SHAPES.get(kind, CIRCLE)
    fill, rim = (theme.paper, theme.ink) if optional else (theme.ink, theme.paper)
    size = _SIZES.get(shape, 8.5)
    canvas.add("mark", Symbol(x, middle, shape, size, fill, rim, 1.4 if optional else 0.8, hover))


def _keys(canvas: Canvas, table: DayTable, scale: Scale) -> Iterable[LegendEntry]:
    theme = canvas.theme

    def sign(kind: str, optional: bool) -> Draw:
        return lambda x, y: _sign(canvas, x + 7, y, kind, optional, ())

    def room(x: float, y: float) -> None:
        color = edge(ORANGE, theme)
        canvas.add("band", Box(x, y - _HALF, 22, 2 * _HALF, tint(ORANGE, theme), color, radius=1.5))

    def change(x: float, y: float) -> None:
        canvas.add("line", Stroke(x + 7, y - 8, "M0,0V16", theme.ink, 1.2, (5, 3)))

    kinds = [item.kind for item in table.items if not item.optional]
    for kind in _SHAPES:
        if kind in kinds and kind != "shift-change":
            yield LegendEntry(kind.replace("-", " "), sign(kind, False), 14)
    for kind in dict.fromkeys(item.kind for item in table.items if item.optional):
        yield LegendEntry(f"{kind.replace('-', ' ')}, optional", sign(kind, True), 14)
    if any(time.room[0] != time.room[1] for item in table.items for time in item.times):
        yield LegendEntry("allowed times", room)
    if table.changes:
        yield LegendEntry("shift change", change, 14)
    if scale.gaps:
        yield gap_key(canvas)


def _description(table: DayTable) -> str:
    lines = "; ".join(f"{item.when} {item.title}" for item in table.items)
    there = "; ".join(
        f"{presence.who} {_hours(table, presence.stretches)}" for presence in table.staff
    )
    text = f"{table.title}, {table.about[0]}. The run sheet: {lines}."
    return f"{text} Staff present: {there}." if there else text


def _data(table: DayTable) -> Iterable[tuple[str, ...]]:
    yield ("When", "What", "Kind", "Optional", "Who")
    for item in table.items:
        yield (item.when, item.title, item.kind, "yes" if item.optional else "", item.who)
    for presence in table.staff:
        yield (_hours(table, presence.stretches), "present", "staff", "", presence.who)
