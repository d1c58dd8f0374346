"""Lays out trials below each other on one axis of weeks from the first dosing session."""

from collections.abc import Iterable

from planner.views.charts.axis import Scale, make_scale, ticks, two_speeds
from planner.views.charts.compare import CompareTable, CourseLane
from planner.views.charts.frame import (
    MARGIN,
    SMALL,
    Draw,
    LegendEntry,
    Rows,
    RowText,
    axis_labels,
    axis_lines,
    head,
    legend,
    notes,
)
from planner.views.charts.palette import BLUE, Theme, edge, mix
from planner.views.charts.picture import WHOLE, Canvas, Frame, Picture, Stroke, line_height, tip
from planner.views.charts.visit_signs import GROUP_WORDS, GROUPS, visit_sign

_STEPS = (7, 14, 28, 56, 84, 168, 364, 728, 1456)
_LANES = 40.0
_MANY = 12
_CROWDED = 3.5
"""Marks of one kind that lie nearer to each other, in pixels, are drawn as one."""
_HEIGHTS = {
    "dosing": 0.0,
    "preparation": 12.5,
    "integration": 12.5,
    "endpoint": -12.5,
    "other": -12.5,
}
"""Pixels from the middle of the lane: sessions lie below the dosing, assessments above it."""


def draw_compare(table: CompareTable, theme: Theme, width: int, frame: Frame = WHOLE) -> Picture:
    """The picture of several courses, so many pixels wide and as high as it needs."""
    canvas = Canvas(theme, width, frame)
    head(canvas, table.title, ())
    texts = [_lane_text(lane) for lane in table.lanes]
    rows = Rows(canvas, texts)
    days = [float(contact.day) for lane in table.lanes for contact in lane.contacts] or [0.0]
    scale = make_scale([*days, 0.0], rows.left + 7, rows.right - 7, least=100_000, margin=4)
    scale = two_speeds(scale, days, 28)
    legend(canvas, list(_keys(canvas, table, scale)))
    axis_ticks = ticks(
        scale,
        _STEPS,
        lambda day: str(day // 7),
        SMALL,
        bounds=(MARGIN, width - MARGIN),
        ends=[int(day) // 7 * 7 for day in (min(days), max(days))],
    )
    name = "Weeks from the first dosing session"
    if rows.stacked:
        canvas.paragraph(name, SMALL, x=MARGIN, limit=width, color=theme.quiet)
    else:
        base = canvas.y + 0.8 * line_height(SMALL)
        canvas.write(rows.left, base, name, SMALL, color=theme.quiet)
        canvas.y += line_height(SMALL) + 1
    axis_labels(canvas, axis_ticks)
    top = canvas.y
    for lane, text in zip(table.lanes, texts, strict=True):
        _draw_lane(canvas, scale, lane, rows.row(text, lanes=_LANES))
        rows.rule()
    spans = rows.upright(top, canvas.y)
    axis_lines(canvas, axis_ticks, spans)
    for begin, end in spans:
        path = f"M0,0V{end - begin:.2f}"
        canvas.add("grid", Stroke(scale.x(0), begin, path, theme.quiet, 1.2))
        for piece in scale.pieces[1:]:
            canvas.add("grid", Stroke(piece.left, begin, path, theme.quiet, 1.2, (2, 3)))
    if len(table.lanes) > _MANY:
        canvas.y += 3
        axis_labels(canvas, axis_ticks)
    notes(canvas, table.notes)
    return canvas.picture(table.title, _description(table), _data(table), margin=10)


def _lane_text(lane: CourseLane) -> RowText:
    about = f": {lane.about}" if lane.about else ""
    return RowText(f"{lane.id}{about}", lane.remarks, tip=tip(lane.title))


def _draw_lane(canvas: Canvas, scale: Scale, lane: CourseLane, middle: float) -> None:
    theme = canvas.theme
    if lane.contacts:
        first, last = scale.x(lane.contacts[0].day), scale.x(lane.contacts[-1].day)
        path = f"M0,0H{last - first:.2f}"
        canvas.add("grid", Stroke(first, middle, path, theme.faded, 1.0))
    for contact in lane.contacts:
        room = contact.slack
        if contact.group == "dosing" and room.first is not None and room.last is not None:
            left, right = scale.x(room.first), scale.x(room.last)
            if right - left > 1:
                shade = mix(theme.ink, edge(BLUE, theme), 0.3)
                wide = right - left
                bars = f"M0,0H{wide:.2f}M0,-4V4M{wide:.2f},-4V4"
                canvas.add("line", Stroke(left, middle, bars, shade, 1.2))
    order = ("other", "endpoint", "integration", "preparation", "dosing")
    drawn: dict[str, float] = {}
    for contact in sorted(lane.contacts, key=lambda contact: order.index(contact.group)):
        x = scale.x(contact.day)
        if x - drawn.get(contact.group, -_CROWDED) >= _CROWDED:
            hover = tip(contact.title, ("Trial", lane.title), ("When", _week(contact.day)))
            visit_sign(canvas, x, middle + _HEIGHTS[contact.group], contact.group, hover)
            drawn[contact.group] = x


def _week(day: int) -> str:
    if not day:
        return "the first dosing session"
    side = "after" if day > 0 else "before"
    weeks, days = divmod(abs(day), 7)
    text = f"{weeks} weeks" if weeks != 1 else "1 week"
    if days or not weeks:
        text = f"{text} and {days} d" if weeks else f"{days} d"
    return f"{text} {side} the first dosing session"


def _keys(canvas: Canvas, table: CompareTable, scale: Scale) -> Iterable[LegendEntry]:
    groups = {contact.group for lane in table.lanes for contact in lane.contacts}

    def sign(group: str) -> Draw:
        return lambda x, y: visit_sign(canvas, x + 7, y, group)

    def room(x: float, y: float) -> None:
        canvas.add("line", Stroke(x + 1, y, "M0,0H20M0,-4V4M20,-4V4", canvas.theme.ink, 1.2))

    def slower(x: float, y: float) -> None:
        canvas.add("grid", Stroke(x + 7, y - 8, "M0,0V16", canvas.theme.quiet, 1.2, (2, 3)))

    for group in GROUPS:
        if group in groups:
            yield LegendEntry(GROUP_WORDS.get(group, group), sign(group), 14)
    yield LegendEntry("effective window of a dosing session", room)
    if len(scale.pieces) > 1:
        ratio = scale.pieces[0].density / scale.pieces[1].density
        yield LegendEntry(f"from here on the time axis is {ratio:.1f} times narrower", slower, 14)


def _description(table: CompareTable) -> str:
    parts = []
    for lane in table.lanes:
        days = [contact.day for contact in lane.contacts if contact.group == "dosing"]
        weeks = ", ".join(f"{day / 7:.1f}".removesuffix(".0") for day in days[:12])
        more = f" and {len(days) - 12} more" if len(days) > 12 else ""
        parts.append(
            f"{lane.id}: {', '.join(lane.remarks)}; dosing in weeks {weeks}{more}"
            if days
            else lane.id
        )
    return f"{table.title}. {'. '.join(parts)}."


def _data(table: CompareTable) -> Iterable[tuple[str, ...]]:
    yield ("Trial", "Visit", "Group", "Days from the first dosing session")
    for lane in table.lanes:
        for contact in lane.contacts:
            yield (lane.id, contact.title, contact.group, str(contact.day))
