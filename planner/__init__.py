"""Plans the visits of a clinical-trial protocol: proves them feasible, dates them, exports them.

The public Python API; the command line has no power that it lacks::

    import datetime, planner
    from planner.formats.ical import CalendarOptions

    protocol = planner.load("mapp1")
    findings = planner.check(protocol)
    timeline = planner.plan(protocol, datetime.date(2027, 1, 11), site="examples/site-berlin.yaml")
    options = CalendarOptions(stamp=datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC))
    with open("p0001.ics", "wb") as file:
        planner.export([timeline], file, options)

Everything that a user can cause is raised as `planner.errors.PlannerError`.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from datetime import date, time

    from planner.checks.registry import Finding
    from planner.checks.support import ProtocolSupport
    from planner.formats.ical import CalendarOptions
    from planner.grid import Grid
    from planner.protocol.load import ProtocolFile
    from planner.schedule.burden import CourseBurden
    from planner.timeline.model import Timeline
    from planner.views.charts.chart import Kind

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "activities",
    "burden",
    "chart",
    "chart_comparison",
    "check",
    "evidence",
    "export",
    "load",
    "plan",
    "run_sheet",
]


def load(name: str) -> "ProtocolFile":
    """Loads a protocol from a path or a library id.

    Raises:
        PlannerError: there is no such file, or it is no protocol; the message has one line per
            problem with file, line and column.
    """
    from planner.protocol.load import load_protocol

    return load_protocol(name)


def check(
    protocol: "ProtocolFile", *, select: Iterable[str] = (), ignore: Iterable[str] = ()
) -> "list[Finding]":
    """Findings about a protocol, in the order of the file.

    Args:
        protocol: as `load` gives it.
        select: ids or families of the checks to run; all when empty.
        ignore: ids or families of checks left out.

    Raises:
        PlannerError: a name is neither a check nor a family.
    """
    from planner.checks.registry import choose, examine

    return examine(protocol, choose(select, ignore))


def plan(
    protocol: "ProtocolFile",
    start: "date",
    *,
    site: str | None = None,
    participant: str = "P0001",
    arm: str | None = None,
    with_visits: Collection[str] | None = None,
    without_visits: Collection[str] = (),
    at: "Mapping[str, date] | None" = None,
) -> "Timeline":
    """The dated plan of one participant whose anchor visit takes place on ``start``.

    Args:
        protocol: as `load` gives it.
        start: date of the anchor visit at the site.
        site: path of a site file; without one every day is open, in UTC.
        participant: a code that names nobody.
        arm: an arm's id; the first one by default.
        with_visits: optional and conditional visits that take place; all when ``None``.
        without_visits: optional and conditional visits left out.
        at: dates that visits (by occurrence id) are fixed on.

    Raises:
        planner.timeline.plan.NothingFits: no placement exists; says which rules and closures.
        planner.timeline.plan.Contradiction: the protocol's rules contradict each other.
        PlannerError: anything else that cannot be done with what was given.
    """
    from planner.site import always_open, load_site
    from planner.site.calendar import SiteCalendar
    from planner.timeline.plan import course_planner, plan_timeline

    calendar = SiteCalendar(always_open() if site is None else load_site(site))
    planner = course_planner(
        protocol.protocol,
        calendar,
        arm=arm,
        with_visits=with_visits,
        without_visits=without_visits,
        at=at,
    )
    return plan_timeline(planner, start, participant)


def export(timelines: "Iterable[Timeline]", file: BinaryIO, options: "CalendarOptions") -> int:
    """Writes timelines as one iCalendar file and returns the number of events; streams.

    `planner.formats.ical.CalendarOptions` says what events tell and when they last changed.

    Raises:
        PlannerError: a time zone's data cannot be read.
    """
    from planner.formats.ical import write_calendar

    return write_calendar(timelines, file, options)


def activities(protocol: "ProtocolFile", arm: str | None = None) -> "Grid":
    """The schedule of activities: activities by visits, with study days and windows on top.

    The grid is plain data; `planner.views.grid_html.render_html` and its neighbours draw it, and
    `planner.formats.xlsx.write_xlsx` makes a workbook of it.

    Args:
        protocol: as `load` gives it.
        arm: an arm's id; the first one by default.

    Raises:
        PlannerError: there is no such arm.
    """
    from planner.schedule.activities import schedule_of_activities

    return schedule_of_activities(protocol.protocol, arm)


def run_sheet(
    protocol: "ProtocolFile",
    visit: str,
    *,
    arm: str | None = None,
    start: "time | None" = None,
    day: "date | None" = None,
    site: str | None = None,
) -> "Grid":
    """The minute-by-minute plan of one visit, as a grid.

    Args:
        protocol: as `load` gives it.
        visit: id of a visit or of one of its occurrences, such as `dosing` or `dosing-2`.
        arm: an arm's id; the first one by default.
        start: local time of day at which it starts, in whole minutes; its own when ``None``.
        day: the date whose clock times are wanted; needs ``site``.
        site: path of a site file.

    Raises:
        planner.views.run_sheet.NoRunSheet: the visit has no run sheet that can be kept, or the
            site cannot hold it on that date at that time.
        PlannerError: anything else that cannot be done with what was given.
    """
    from planner.site import load_site
    from planner.site.calendar import SiteCalendar
    from planner.views.run_sheet import run_sheet_grid

    minute = None if start is None else start.hour * 60 + start.minute
    calendar = None if site is None else SiteCalendar(load_site(site))
    return run_sheet_grid(protocol.protocol, visit, arm, start=minute, day=day, site=calendar)


def burden(protocol: "ProtocolFile", arm: str | None = None) -> "list[CourseBurden]":
    """What a course costs in time, least and most, by epoch and by role.

    Args:
        protocol: as `load` gives it.
        arm: only this arm; by default all of them, those that cost the same together.

    Raises:
        PlannerError: there is no such arm.
    """
    from planner.schedule.burden import burdens

    return burdens(protocol.protocol, arm)


def evidence(protocol: "ProtocolFile") -> "ProtocolSupport":
    """Every statement of the schedule with its sources and support, and how many have which."""
    from planner.checks.support import protocol_support

    return protocol_support(protocol)


def chart(
    protocol: "ProtocolFile",
    kind: "Kind" = "course",
    *,
    output_format: str = "svg",
    theme: str = "light",
    width: int | None = None,
    arm: str | None = None,
    visit: str | None = None,
    timeline: "Timeline | None" = None,
    site: str | None = None,
) -> bytes:
    """A picture of a schedule; needs the extra `charts`.

    Args:
        protocol: as `load` gives it.
        kind: ``course`` (every visit in time), ``network`` (visits and the rules between them; of
            rules that contradict each other a minimal set stands out) or ``day`` (a run sheet).
        output_format: ``svg``, ``png``, ``pdf`` or ``html``; equal input gives equal bytes.
        theme: ``light`` or ``dark``.
        width: pixels; by default those of a page, and in HTML those of a phone, too.
        arm: an arm's id; the first one by default.
        visit: of a day: the visit; the first dosing session with a run sheet by default.
        timeline: a participant's plan, as `plan` gives it; study days without one.
        site: path of the timeline's site file; without one every day is open, in UTC.

    Raises:
        planner.views.run_sheet.NoRunSheet: the visit has none, or one that contradicts itself.
        PlannerError: anything else that cannot be done with what was given.
    """
    from planner.site import always_open, load_site
    from planner.site.calendar import SiteCalendar
    from planner.views.charts.chart import chart_of, rendered

    calendar = None
    if timeline is not None:
        calendar = SiteCalendar(always_open() if site is None else load_site(site))
    drawing = chart_of(
        protocol.protocol, kind, arm=arm, visit=visit, timeline=timeline, site=calendar
    )
    return rendered(drawing, output_format, theme, width)[0]


def chart_comparison(
    protocols: "Iterable[ProtocolFile]",
    *,
    output_format: str = "svg",
    theme: str = "light",
    width: int | None = None,
) -> bytes:
    """A picture of several courses, aligned at the first dosing session; otherwise as `chart`."""
    from planner.views.charts.chart import comparison_of, rendered

    drawing = comparison_of([one.protocol for one in protocols])
    return rendered(drawing, output_format, theme, width)[0]
