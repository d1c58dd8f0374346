"""A protocol's report: one page with all that its designer wants to see, and to print.

Self-contained: no script, nothing loaded from elsewhere. Whatever comes from a file is escaped.
"""

from collections.abc import Callable, Iterable, Iterator
from importlib.resources import files
from typing import NamedTuple

from planner.checks.report import FileReport
from planner.checks.support import protocol_support
from planner.errors import PlannerError
from planner.notice import NOTICE
from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.protocol.file import ProtocolFile
from planner.protocol.model import Protocol
from planner.schedule.burden import burdens
from planner.schedule.protocol_metrics import outlines
from planner.site.calendar import SiteCalendar
from planner.timeline.model import Timeline
from planner.views import evidence, sources
from planner.views.burden import burden_grid
from planner.views.comparison import comparison_grid
from planner.views.pages import report_charts
from planner.views.pages import report_parts as parts
from planner.views.pages.markup import Html, coded, element, lines, page
from planner.views.pages.page_tables import table
from planner.views.run_sheet import NoRunSheet, run_sheet_grid
from planner.views.schedule_of_activities import schedule_of_activities
from planner.views.tables.grid import Grid


class DatedPlan(NamedTuple):
    """A plan at a site to show beside the protocol; without a timeline, why nothing fits."""

    site: SiteCalendar
    timeline: Timeline | None
    reason: str


class Section(NamedTuple):
    """A part of the page with its place in the table of contents.

    On paper ``flat`` ones are landscape, ``whole`` ones stand on one sheet if it can hold them.
    """

    name: str
    title: str
    body: Html
    layout: str | None = None


def render_report(
    report: FileReport,
    arm: str | None = None,
    dated: DatedPlan | None = None,
    progress: Callable[[Iterator[Section]], Iterable[Section]] = iter,
) -> str:
    """The report as a page in HTML; equal input gives equal text.

    Args:
        report: the file, read and checked.
        arm: only this arm's schedule; all that differ when ``None``.
        dated: a plan to show as well.
        progress: passes the sections on as they are made, to say how far it is.

    Raises:
        PlannerError: there is no such arm, or the file could not be read or examined.
    """
    if report.file is None:
        raise PlannerError("; ".join(finding.message for finding in report.findings))
    protocol = report.file.protocol
    sections = list(progress(_sections(report, report.file, _arms(protocol, arm), arm, dated)))
    contents = element(
        "nav",
        element("h2", "Contents", id="contents"),
        element(
            "ol",
            *(
                element("li", element("a", section.title, href=f"#{section.name}"))
                for section in sections
            ),
        ),
        aria_labelledby="contents",
    )
    head = element(
        "header",
        element("h1", protocol.title),
        element("p", f"{protocol.id}, version {protocol.version}", class_="lead"),
    )
    body = element(
        "div",
        lines(
            head,
            contents,
            element("main", lines(*map(_section, sections))),
            element("footer", element("p", NOTICE)),
        ),
        class_="sheet",
    )
    style = files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    title = f"{protocol.title} ({protocol.id}, version {protocol.version})"
    return page(title, body, language="en", style=style)


def _section(section: Section) -> Html:
    heading = element("h2", section.title)
    return element("section", lines(heading, section.body), id=section.name, class_=section.layout)


def _arms(protocol: Protocol, arm: str | None) -> list[tuple[str, ...]]:
    """The arms whose schedules are shown: those alike together; one without a name if none are."""
    if arm is not None:
        expand(protocol, arm)  # which refuses an arm that there is not
        return [(arm,)]
    return [tuple(arm_id for arm_id in ids if arm_id is not None) for ids, _ in outlines(protocol)]


def _sections(
    report: FileReport,
    file: ProtocolFile,
    arms: list[tuple[str, ...]],
    arm: str | None,
    dated: DatedPlan | None,
) -> Iterator[Section]:
    protocol = file.protocol
    yield Section("summary", "Summary", _summary(protocol))
    warned = list(parts.notices(protocol))
    if warned:
        yield Section("notices", "Notices", lines(*warned))
    yield Section("course", "Course", lines(*_charts(protocol, arms, arm)), "whole")
    if dated is not None:
        yield Section("plan", "A plan on dates", lines(*_plan(dated, protocol)), "whole")
    grids = [schedule_of_activities(protocol, _first(ids)) for ids in arms]
    yield Section(
        "activities",
        "Schedule of activities",
        lines(*(table(_plain(grid), f"soa-{n}") for n, grid in enumerate(grids, start=1))),
        "flat",
    )
    yield Section("run-sheets", "Run sheets", lines(*_run_sheets(protocol, arms)))
    yield Section("findings", "Findings", lines(*parts.findings(report)))
    yield Section("burden", "Burden", _burden(protocol, arm), "flat")
    support = protocol_support(file)
    shares, weakest = evidence.kinds_grid(support), evidence.weakest_grid(support)
    yield Section("evidence", "Evidence", lines(table(shares, "shares"), table(weakest, "weakest")))
    yield Section(
        "disagreements",
        "Where the sources disagree",
        lines(*parts.disagreements(protocol)),
    )
    read = (sources.sources_grid(support), sources.timings_grid(support))
    yield Section("sources", "Sources", lines(table(read[0], "read"), table(read[1], "timings")))
    yield Section("conventions", "Conventions", parts.conventions(protocol))


def _first(ids: tuple[str, ...]) -> str | None:
    return ids[0] if ids else None


def _plain(grid: Grid) -> Grid:
    """Under the page's own heading a table needs no long title."""
    _, _, rest = grid.title.partition(": schedule of activities")
    _, comma, arm = rest.partition("), ")
    return grid._replace(title=f"Schedule of activities{', ' + arm if comma else ''}")


def _summary(protocol: Protocol) -> Html:
    blocks = [parts.identity(protocol)]
    if protocol.note:
        blocks.append(element("p", protocol.note))
    if protocol.arms:
        blocks.append(table(parts.arms_grid(protocol), "arms"))
    numbers = comparison_grid([outlines(protocol)], as_lines=False)
    blocks.append(table(numbers._replace(title="In numbers, as in the file"), "numbers"))
    return lines(*blocks)


def _charts(protocol: Protocol, arms: list[tuple[str, ...]], arm: str | None) -> Iterator[Html]:
    yield report_charts.schema_chart(protocol, arm)
    for ids in arms:
        if len(arms) > 1:
            yield element("h3", _named(ids))
        yield report_charts.course_chart(protocol, _first(ids))


def _named(ids: tuple[str, ...]) -> str:
    return f"{'Arm' if len(ids) == 1 else 'Arms'} {', '.join(ids)}"


def _plan(dated: DatedPlan, protocol: Protocol) -> Iterator[Html]:
    if dated.timeline is None:
        yield element("p", coded(dated.reason))
        return
    yield report_charts.dated_chart(dated.timeline, protocol, dated.site)
    yield table(parts.plan_grid(dated.timeline), "plan-dates")


def _run_sheets(protocol: Protocol, arms: list[tuple[str, ...]]) -> Iterator[Html]:
    """The sheet of each visit that has one, once where the arms have the same."""
    seen: list[Grid] = []
    for ids in arms:
        for visit in _with_sheets(expand(protocol, _first(ids))):
            try:
                grid = run_sheet_grid(protocol, visit, _first(ids))
            except NoRunSheet as error:
                yield element("p", coded(f"{error}."))
                continue
            if grid not in seen:
                seen.append(grid)
                yield table(grid, f"sheet-{len(seen)}")
    if not seen:
        yield element("p", "No visit of the file has a run sheet.")


def _with_sheets(course: Course) -> list[str]:
    ids = (visit.visit.id for visit in course.visits if visit.visit.run_sheet is not None)
    return list(dict.fromkeys(ids))


def _burden(protocol: Protocol, arm: str | None) -> Html:
    try:
        return table(burden_grid(protocol, burdens(protocol, arm)), "hours")
    except PlannerError as error:
        return element("p", coded(f"{error}."))
