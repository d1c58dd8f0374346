"""What notebooks show: tables and charts as pieces of HTML and SVG that stand in any page.

All text of files is escaped. Of a blinded study no arm is shown: a plan does not name its arm, and
a schedule is only shown where it is the same in all arms.
"""

from typing import TYPE_CHECKING
from zlib import crc32

from planner.checks.finding import Findings
from planner.errors import PlannerError
from planner.notice import NOTICE
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.text import counted
from planner.timeline.model import Timeline
from planner.views.pages.markup import coded, element, joined
from planner.views.tables.grid import Grid, Line
from planner.views.tables.html import table_lines

if TYPE_CHECKING:
    from planner.views.charts.chart import Drawing


def html_of(thing: object) -> str | None:
    """A grid, a timeline, findings or a protocol as a table; ``None`` of all else."""
    if isinstance(thing, Grid):
        return _table(thing)
    if isinstance(thing, Timeline):
        from planner.views.pages.report_parts import plan_grid

        grid = plan_grid(thing)
        title = f"{thing.protocol_title}, {thing.participant}: {grid.title}"
        return _table(grid._replace(title=title, notes=(*grid.notes, NOTICE)))
    if isinstance(thing, Findings):
        return _table(findings_grid(thing))
    if isinstance(thing, ProtocolFile):
        return _schedule(thing.protocol)
    return None


def svg_of(thing: object) -> str | None:
    """The course of a protocol or a plan as a chart.

    ``None`` of all else, of a blinded protocol whose arms differ, and where nothing can be drawn.
    A plan knows neither the closed days of its site nor the kinds of its epochs; `planner.chart`
    draws them.
    """
    from planner.views.charts.chart import chart_of, rendered

    try:
        if isinstance(thing, Timeline):
            return rendered(_drawing(thing), "svg")[0].decode()
        if isinstance(thing, ProtocolFile) and not _differs_by_arm(thing.protocol):
            return rendered(chart_of(thing.protocol), "svg")[0].decode()
    except PlannerError:
        pass
    return None


def _drawing(timeline: Timeline) -> "Drawing":
    from functools import partial

    from planner.views.charts.dated_course import dated_course
    from planner.views.charts.draw_course import draw_course

    course = dated_course(timeline)
    return partial(draw_course, course)


def findings_grid(findings: Findings) -> Grid:
    """Findings as a table: where each stands, how bad it is, which check made it, what it says."""
    rows = [
        Line(
            (
                str(finding.line),
                finding.severity,
                finding.check,
                finding.message,
                finding.hint or "",
            )
        )
        for finding in findings
    ]
    title = counted(len(rows), "finding") if rows else "No findings"
    return Grid(title, (("Line", "Severity", "Check", "Finding", "Hint"),), tuple(rows), ())


def _schedule(protocol: Protocol) -> str:
    from planner.views.schedule_of_activities import schedule_of_activities

    if _differs_by_arm(protocol):
        return element(
            "p",
            coded(
                f"{protocol.title}: this study is blinded and its arms differ, so no arm is"
                " shown by default; `planner.activities(protocol, arm)` shows one."
            ),
        ).source
    try:
        return _table(schedule_of_activities(protocol))
    except PlannerError as error:
        return element("p", f"{protocol.title}: {error}").source


def _differs_by_arm(protocol: Protocol) -> bool:
    """Whether it is blinded and what is shown of it would tell the arms apart."""
    from planner.views.schedule_of_activities import schedule_of_activities

    if not protocol.is_blinded:
        return False
    try:
        schedules = [schedule_of_activities(protocol, arm.id) for arm in protocol.arms]
    except PlannerError:
        return True
    return len({(schedule.heads, schedule.lines) for schedule in schedules}) > 1


def _table(grid: Grid) -> str:
    """The table with its notes; ids are told apart by what it says, for many stand on one page."""
    name = f"planner-{crc32(repr(grid).encode()):08x}"
    notes = joined(*(element("p", coded(note)) for note in grid.notes))
    return "\n".join([*table_lines(grid, name=name), notes.source])
