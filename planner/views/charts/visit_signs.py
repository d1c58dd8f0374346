"""A sign for each group of visits, the same in every chart that draws visits as points."""

from planner.protocol.course import Occurrence
from planner.views.charts.palette import BLUE, GREEN, ORANGE, PURPLE, SKY, edge
from planner.views.charts.picture import CIRCLE, DIAMOND, SQUARE, TRIANGLE, Canvas, Symbol, Tip

GROUPS = ("dosing", "preparation", "integration", "endpoint", "other")
"""What visits are told apart by; the endpoint is the primary one."""
GROUP_WORDS = {
    "dosing": "dosing session",
    "endpoint": "primary endpoint",
    "other": "assessment or other visit",
}
"""The groups in the words of a legend, where these differ."""
_SIGNS = {
    "dosing": (DIAMOND, BLUE, 14.0),
    "preparation": (TRIANGLE, ORANGE, 8.5),
    "integration": (SQUARE, GREEN, 7.0),
    "endpoint": (CIRCLE, PURPLE, 12.0),
    "other": (CIRCLE, SKY, 7.0),
}
"""Shape, colour and size by group; what is other is hollow."""


def visit_group(visit: Occurrence) -> str:
    """The group of a visit, one of `GROUPS`."""
    if visit.kind in ("dosing", "preparation", "integration"):
        return visit.kind
    return "endpoint" if visit.visit.endpoint == "primary" else "other"


def visit_sign(canvas: Canvas, x: float, y: float, group: str, hover: Tip = ()) -> None:
    """Draws the sign of a group around a point."""
    theme = canvas.theme
    shape, color, size = _SIGNS[group]
    strong = edge(color, theme)
    fill, rim = (theme.paper, strong) if group == "other" else (strong, theme.paper)
    line = 1.4 if group == "other" else 0.9
    canvas.add("mark", Symbol(x, y, shape, size, fill, rim, line, hover))
