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

Everything that a user can cause is raised as `planner.errors.PlannerError`. Nothing here checks a
protocol unasked, as the command line does: `obstacles` names the errors with which that plans,
draws and exports nothing unless told to go on.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, BinaryIO

from planner.version import __version__

if TYPE_CHECKING:
    from datetime import date, time

    from planner.checks.finding import Finding
    from planner.checks.obstacles import Obstacles
    from planner.checks.support import ProtocolSupport
    from planner.formats.ical import CalendarOptions
    from planner.protocol.file import ProtocolFile
    from planner.schedule.burden import CourseBurden
    from planner.site.calendar import SiteCalendar
    from planner.timeline.model import Timeline
    from planner.timeline.record import Record, RecordFile
    from planner.timeline.whatif import WhatIf
    from planner.views.charts.chart import Kind
    from planner.views.tables.grid import Grid

__all__ = [
    "__version__", "activities", "burden", "chart", "chart_comparison", "check", "evidence",
    "export", "handout", "load", "obstacles", "plan", "report", "run_sheet", "whatif",
]  # fmt: skip


def load(name: str) -> "ProtocolFile":
    """Loads a protocol from a path or a library id.

    Raises:
        PlannerError: there is no such file, or it is no protocol; the message has one line per
            problem with file, line and column.
    """
    from planner.formats.load import load_protocol

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
    from planner.checks.run import examine
    from planner.formats.checks import choose

    return examine(protocol, choose(select, ignore))


def obstacles(protocol: "ProtocolFile") -> "Obstacles":
    """The errors of a protocol that its `ignore:` does not accept, and what follows from them.

    With ``misleading`` ones dates can be wrong or visits left out, and with ``telling`` ones the
    arms of a blinded study can be told apart: the command line then goes on only with `--anyway`
    or `--unblinded`. The functions here do as they are told, but for visits that nothing ties to
    the anchor, which are refused.
    """
    from planner.checks.obstacles import obstacles
    from planner.formats.checks import all_checks

    return obstacles(protocol, all_checks())


def plan(
    protocol: "ProtocolFile",
    start: "date | None" = None,
    *,
    site: str | None = None,
    participant: str | None = None,
    arm: str | None = None,
    with_visits: Collection[str] | None = None,
    without_visits: Collection[str] = (),
    at: "Mapping[str, date] | None" = None,
    actuals: "str | Record | None" = None,
    today: "date | None" = None,
) -> "Timeline":
    """The dated plan of one participant whose anchor visit takes place on ``start``.

    With ``actuals`` it is the plan of a participant under way: what has happened stays, what is
    booked moves only if it must, and the rest counts from the actual dates. Where no plan keeps all
    windows it is the one with the fewest days outside, and ``Timeline.forced`` says why::

        planner.plan(protocol, actuals="P0001.csv", today=datetime.date(2027, 2, 3))

    Args:
        protocol: as `load` gives it.
        start: date of the anchor visit at the site; with a record that dates it, not needed.
        site: path of a site file; without one every day is open, in UTC.
        participant: a code that names nobody, `P0001` by default; a record has its own.
        arm: an arm's id; the record's own or the first one by default.
        with_visits: which optional visits take place; all, but no unscheduled ones, when ``None``.
        without_visits: optional and conditional visits left out.
        at: dates that visits (by occurrence id) are fixed on; not with a record.
        actuals: path of a participant's record, or the record itself.
        today: the first date on which what has not happened can take place, and the date by which
            visits are due or overdue; only with a record.

    Raises:
        planner.timeline.plan.NothingFits: no placement exists; says which rules and closures.
        planner.timeline.plan.Contradiction: the protocol's rules contradict each other.
        planner.schedule.undated.Untied: nothing ties a visit to the anchor.
        PlannerError: anything else that cannot be done with what was given.
    """
    from planner.errors import PlannerError
    from planner.timeline.plan import course_planner, plan_timeline

    calendar = _calendar(site)
    if actuals is not None:
        from planner.timeline.participant_state import Courses, plan_participant

        if at or participant is not None:
            raise PlannerError(f"{'at' if at else 'participant'}: the record says that")
        courses = Courses(
            protocol.protocol, calendar, with_visits=with_visits, without_visits=without_visits
        )
        return plan_participant(courses, _record(actuals), arm=arm, start=start, today=today)
    if today is not None:
        raise PlannerError("today: only says something beside a record")
    if start is None:
        raise PlannerError("start: name the date of the anchor visit, or a record")
    planner = course_planner(
        protocol.protocol,
        calendar,
        arm=arm,
        with_visits=with_visits,
        without_visits=without_visits,
        at=at,
    )
    return plan_timeline(planner, start, participant or "P0001")


def _calendar(site: str | None) -> "SiteCalendar":
    from planner.site import always_open, load_site
    from planner.site.calendar import SiteCalendar

    return SiteCalendar(always_open() if site is None else load_site(site))


def _record(actuals: "str | Record") -> "RecordFile":
    from planner.timeline.record import RecordFile
    from planner.timeline.record_reading import read_record

    if isinstance(actuals, str):
        return read_record(actuals)
    return RecordFile(actuals.participant, actuals, ())


def whatif(
    protocol: "ProtocolFile",
    actuals: "str | Record | None" = None,
    *,
    move: "Mapping[str, date | str] | None" = None,
    miss: Collection[str] = (),
    cancel: Collection[str] = (),
    start: "date | None" = None,
    site: str | None = None,
    arm: str | None = None,
    today: "date | None" = None,
) -> "WhatIf":
    """Everything that moving, missing or cancelling visits would change; nothing is written.

    Args:
        protocol: as `load` gives it.
        actuals: path of a participant's record, or the record itself; else give ``start``.
        move: dates, or texts such as `2027-03-01T09:00`, by visit.
        miss: visits that are missed.
        cancel: visits that are cancelled.
        start: date of the anchor visit, where no record dates it.
        site: path of a site file; without one every day is open, in UTC.
        arm: an arm's id; the record's own or the first one by default.
        today: the first date on which what has not happened can take place.

    Raises:
        PlannerError: a visit is unknown or over, or what `plan` raises.
    """
    from planner.errors import PlannerError
    from planner.time.distance import UnitError
    from planner.timeline.participant_state import Courses
    from planner.timeline.record import read_moment
    from planner.timeline.whatif import Step, empty_record, what_if

    if actuals is None and start is None:
        raise PlannerError("start: name the date of the anchor visit, or a record")
    try:
        steps = [Step("move", name, read_moment(str(day))) for name, day in (move or {}).items()]
    except UnitError as error:
        raise PlannerError(f"move: {error}") from None
    steps += [Step("miss", name) for name in miss]
    steps += [Step("cancel", name) for name in cancel]
    calendar = _calendar(site)
    if actuals is not None:
        file = _record(actuals)
    else:
        assert start is not None, "refused above"
        file = empty_record("P0001", start)
    return what_if(
        Courses(protocol.protocol, calendar), file, steps, arm=arm, start=start, today=today
    )


def export(timelines: "Iterable[Timeline]", file: BinaryIO, options: "CalendarOptions") -> int:
    """Writes timelines as one iCalendar file and returns the number of events; streams.

    `planner.formats.ical.CalendarOptions` says what events tell and when they last changed.

    Raises:
        PlannerError: a time zone's data cannot be read; or the level is busy and there is no key,
            so that who guesses a participant's code could recognise the events.
    """
    from planner.errors import PlannerError
    from planner.formats.ical import Level, write_calendar

    if options.level is Level.BUSY and options.key is None:
        raise PlannerError(
            "a calendar of level busy needs CalendarOptions(key=...): make one with"
            " secrets.token_bytes(32) and keep it, so that the next export gives the same UIDs"
        )
    return write_calendar(timelines, file, options)


def activities(protocol: "ProtocolFile", arm: str | None = None) -> "Grid":
    """The schedule of activities: activities by visits, with study days and windows on top.

    The grid is plain data; `planner.views.tables.html.render_html` and its neighbours draw it, and
    `planner.views.tables.xlsx.write_xlsx` makes a workbook of it.

    Args:
        protocol: as `load` gives it.
        arm: an arm's id; the first one by default.

    Raises:
        PlannerError: there is no such arm.
    """
    from planner.views.schedule_of_activities import schedule_of_activities

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
    from planner.views.run_sheet import run_sheet_grid

    minute = None if start is None else start.hour * 60 + start.minute
    calendar = None if site is None else _calendar(site)
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
    from planner.views.charts.chart import chart_of, rendered

    calendar = None
    if timeline is not None:
        calendar = _calendar(site)
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


def handout(
    protocol: "ProtocolFile",
    start: "date",
    participant: str,
    *,
    site: str,
    language: str = "en",
    arm: str | None = None,
) -> str:
    """A participant's sheet in HTML: dates, times, place, what to arrange, in plain words.

    It tells nothing of drug, arm or diagnosis; `planner.views.pages.pdf.write_pdf` makes it a PDF.

    Args:
        protocol: as `load` gives it.
        start: date of the anchor visit at the site.
        participant: a code that names nobody.
        site: path of a site file; its title, address and phone are shown.
        language: ``en``, ``de``, ``es`` or ``fr``.
        arm: an arm's id; the first one by default.

    Raises:
        planner.timeline.plan.NothingFits: no placement exists.
        PlannerError: anything else that cannot be done with what was given; Babel is missing.
    """
    from planner.timeline.plan import course_planner, plan_timeline
    from planner.timeline.possible_days import possible_days
    from planner.views.pages.handout import render_handout
    from planner.views.pages.translations import words

    calendar = _calendar(site)
    planner = course_planner(protocol.protocol, calendar, arm=arm)
    timeline = plan_timeline(planner, start, participant)
    found = planner.plan(start)
    days = {} if found is None else possible_days(planner, found)
    return render_handout(timeline, planner.course, calendar, days, words(language))


def report(protocol: "ProtocolFile", *, arm: str | None = None) -> str:
    """A protocol's report in HTML: chart, activities, run sheets, findings, burden, evidence.

    Args:
        protocol: as `load` gives it.
        arm: only this arm's schedule; by default all that differ.

    Raises:
        PlannerError: there is no such arm, or the file's structure does not stand.
    """
    from planner.checks.report import report_loaded
    from planner.formats.checks import choose
    from planner.views.pages.report import render_report

    return render_report(report_loaded(protocol, protocol.path, choose((), ())), arm)
