"""The signs of a course: boxes, whiskers, diamonds, and a shape of its own for each status."""

from planner.schedule.slack import DayWindow
from planner.views.charts.axis import Scale
from planner.views.charts.palette import edge, mix, tint
from planner.views.charts.picture import (
    CIRCLE,
    CROSS,
    DASH,
    POINT_LEFT,
    POINT_RIGHT,
    SQUARE,
    TRIANGLE,
    Box,
    Canvas,
    Stroke,
    Symbol,
    Tip,
)

STATUS_WORDS = {
    "planned": "planned",
    "booked": "booked",
    "due": "due",
    "overdue": "overdue",
    "occurred": "took place",
    "missed": "missed",
    "cancelled": "cancelled",
    "unscheduled": "unscheduled",
}
"""Every status of a visit in the words of the charts, in the order of their legends."""
Reach = tuple[float, float] | None
"""From and to in pixels of what lies in a row; ``None`` for nothing."""
_HALF = 8.0
"""Half the height of a window's box."""
TARGET = 6.0
"""Half the height of a target's diamond; less than that of a box."""
_LEAST = 3.0
"""A box is at least so many pixels wide."""
_OPEN = 34.0
"""For so many pixels an open window is drawn."""


def box(
    canvas: Canvas,
    scale: Scale,
    window: DayWindow,
    middle: float,
    color: str,
    hover: Tip,
    *,
    reach: Reach = None,
) -> Reach:
    """A window as written, its days from the first to the end of the last.

    Returns from and to in pixels, together with ``reach``, the pixels that the row's marks take.
    """
    if window.first is None and window.last is None:
        return reach
    left, right = ends(scale, window, reach)
    band(
        canvas,
        left,
        right,
        middle,
        color,
        hover,
        open_left=window.first is None,
        open_right=window.last is None,
    )
    return (left, right) if reach is None else (min(left, reach[0]), max(right, reach[1]))


def ends(scale: Scale, window: DayWindow, reach: Reach) -> tuple[float, float]:
    """From and to in pixels; an open end goes on beyond ``reach``, never out of the picture."""
    first, last = window
    if first is None:
        assert last is not None, "one end is not open"
        right = scale.x(last + 1)
        beyond = right if reach is None else reach[0] + _OPEN / 2
        return max(scale.left, min(right, beyond) - _OPEN), right
    left = scale.x(first)
    if last is not None:
        return left, scale.x(last + 1)
    beyond = left if reach is None else reach[1] - _OPEN / 2
    return left, min(scale.right, max(left, beyond) + _OPEN)


def band(
    canvas: Canvas,
    left: float,
    right: float,
    middle: float,
    color: str,
    hover: Tip = (),
    *,
    open_left: bool = False,
    open_right: bool = False,
) -> None:
    """A box in a tint of the colour, with an edge on every side that is not open."""
    if right - left < _LEAST:
        left, right = (left + right - _LEAST) / 2, (left + right + _LEAST) / 2
    theme = canvas.theme
    wide, sign = round(right - left, 2), edge(color, theme)
    area = Box(left, middle - _HALF, wide, 2 * _HALF, tint(color, theme), tip=hover)
    if not (open_left or open_right):
        canvas.add("band", area._replace(edge=sign, radius=1.5))
        return
    canvas.add("band", area)
    path = f"M0,0H{wide}M0,{2 * _HALF}H{wide}"
    path += "" if open_left else f"M0,0V{2 * _HALF}"
    path += "" if open_right else f"M{wide},0V{2 * _HALF}"
    canvas.add("band", Stroke(left, middle - _HALF, path, sign))


def whiskers(
    canvas: Canvas,
    scale: Scale,
    window: DayWindow,
    middle: float,
    color: str,
    hover: Tip,
    *,
    reach: Reach = None,
) -> None:
    """The days that all rules leave, as a line with a bar at each end that is not open.

    An open end points on beyond ``reach``, the pixels that the row's other marks take.
    """
    if window.first is None and window.last is None:
        return
    theme = canvas.theme
    left, right = ends(scale, window, reach)
    wide = round(right - left, 2)
    bars = "" if window.first is None else "M0,-5V5"
    bars += "" if window.last is None else f"M{wide},-5V5"
    shade = mix(theme.ink, edge(color, theme), 0.5)
    canvas.add("line", Stroke(left, middle, f"M0,0H{wide}{bars}", shade, 1.4, (), hover))
    if window.first is None:
        canvas.add("line", Symbol(left, middle, POINT_LEFT, 6, shade))
    if window.last is None:
        canvas.add("line", Symbol(right, middle, POINT_RIGHT, 6, shade))


def target_mark(
    canvas: Canvas, x: float, middle: float, hover: Tip, *, window_stated: bool = True
) -> None:
    """The target: an open diamond, lower than a window's box, so that it hides no window.

    Its line is broken where nobody published a window.
    """
    path = f"M-{TARGET},0L0,-{TARGET}L{TARGET},0L0,{TARGET}Z"
    dash = () if window_stated else (2.4, 2)
    canvas.add("mark", Stroke(x, middle, path, canvas.theme.ink, 1.2, dash, hover))


def mark_status(
    canvas: Canvas, x: float, middle: float, status: str, outside: bool, hover: Tip
) -> None:
    """The mark of a status, with a ring around it for a visit outside its window."""
    if outside:
        theme = canvas.theme
        canvas.add("mark", Symbol(x, middle, CIRCLE, 18, "", theme.alarm, 2.2, hover))
    status_mark(canvas, x, middle, status, hover)


def status_mark(canvas: Canvas, x: float, middle: float, status: str, hover: Tip) -> None:
    """One shape for each status; what needs attention is in the alarm colour, too."""
    theme = canvas.theme
    ink, paper, alarm = theme.ink, theme.paper, theme.alarm
    signs = {
        "planned": [Symbol(x, middle, CIRCLE, 7, ink, paper, 0.8, hover)],
        "booked": [
            Symbol(x, middle, CIRCLE, 11, paper, ink, 1.4, hover),
            Symbol(x, middle, CIRCLE, 5.5, ink, "", 1.0, hover),
        ],
        "due": [Symbol(x, middle, CIRCLE, 8, paper, ink, 2.2, hover)],
        "overdue": [Symbol(x, middle, TRIANGLE, 12, alarm, paper, 0.8, hover)],
        "occurred": [Symbol(x, middle, SQUARE, 8.5, ink, paper, 0.8, hover)],
        "missed": [Symbol(x, middle, CROSS, 13, alarm, "", 1.0, hover)],
        "cancelled": [Symbol(x, middle, DASH, 12, theme.quiet, paper, 0.8, hover)],
        "unscheduled": [Symbol(x, middle, SQUARE, 8, paper, ink, 1.6, hover)],
        "moved": [Symbol(x, middle, CIRCLE, 7, "", theme.quiet, 1.2, hover)],
    }
    for sign in signs.get(status, signs["planned"]):
        canvas.add("mark", sign)
