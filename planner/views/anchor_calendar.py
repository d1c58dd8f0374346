"""Which dates a course can begin on: a compact calendar for a terminal, JSON for machines."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from planner.brevity import brief
from planner.notice import NOTICE
from planner.protocol.course import Occurrence, Waiting
from planner.protocol.model import Protocol
from planner.schedule.undated import not_behind, why_undated
from planner.schedule.visit_numbers import label_of
from planner.timeline.anchors import AnchorDate
from planner.timeline.assemble import tells_arm
from planner.timeline.course_planner import CoursePlanner
from planner.views.json_document import render_document
from planner.views.site_words import at_site
from planner.views.tables.grid import Grid, Line
from planner.views.terminal import Style, Styled, draw_paragraph, paint


def render_calendar(
    planner: CoursePlanner, days: Sequence[AnchorDate], *, width: int, color: bool
) -> str:
    """A line per month with a mark per day, then the reasons, each once with its dates.

    Args:
        planner: of the course at a site.
        days: one after the other, each with its judgement.
        width: columns; under 102 the days of a month stand closer together.
        color: with ANSI colours.
    """
    course = planner.course
    fit = sum(day.fits for day in days)
    step = next((step for step in (3, 2) if 9 + 31 * step <= width), 1)
    anchor = label_of(course.visit(course.anchor), course.protocol) if course.anchor else ""
    can = f"{anchor} can be on {fit} of {len(days)} dates{_at_site(planner)}"
    lines = [
        *_wrapped(f"{course.protocol.title}: {can}", width),
        "",
        _header(step),
    ]
    lines += _months(days, step, color)
    lines += ["", "+ can start   x cannot   . closed on that day", ""]
    lines += _reasons(days, width)
    for waiting in _waiting(planner):
        what = waiting.what
        label = (
            label_of(what, course.protocol)
            if isinstance(what, Occurrence)
            else what.title or what.id
        )
        lines += _wrapped(f"{label}: {why_undated(waiting)}", width)
    lines += ["", *_wrapped(f"{'; '.join(planner.site.conventions())}.", width)]
    return "\n".join([*lines, *_wrapped(NOTICE, width)]) + "\n"


def anchor_grid(planner: CoursePlanner, days: Sequence[AnchorDate]) -> Grid:
    """A line per date, for documents and programs: whether the course can start, and why not.

    Args:
        planner: of the course at a site.
        days: one after the other, each with its judgement.
    """
    course = planner.course
    words = {"+": "yes", "x": "no", ".": "closed"}
    lines = [
        Line(
            (
                f"{day.date}",
                f"{day.date:%a}",
                words[_mark(day)],
                "" if day.closed else "; ".join(day.reasons),
            )
        )
        for day in days
    ]
    title = f"{course.protocol.title}: dates on which {course.anchor} can be{_at_site(planner)}"
    waiting = [f"{of.what.title or of.what.id}: {why_undated(of)}" for of in _waiting(planner)]
    notes = (*waiting, f"{'; '.join(planner.site.conventions())}.", NOTICE)
    return Grid(title, (("Date", "Day", "Can start", "Why not"),), tuple(lines), notes)


def _at_site(planner: CoursePlanner) -> str:
    return at_site(planner.site.id, planner.site.title, planner.site.zone.key)


def _header(step: int) -> str:
    """The days of the month; only every fifth where there is no room for all."""
    numbers = range(1, 32) if step == 3 else (1, *range(5, 32, 5))
    line = " " * 9
    for number in numbers:
        line = line.ljust(9 + (number - 1) * step) + str(number)
    return line


def _months(days: Sequence[AnchorDate], step: int, color: bool) -> list[str]:
    marks = {day.date: _mark(day) for day in days}
    styles = {"+": Style.GREEN, "x": Style.RED, ".": Style.DIM, " ": ""}
    lines = []
    for year, month in sorted({(day.date.year, day.date.month) for day in days}):
        cells = []
        for number in range(1, monthrange(year, month)[1] + 1):
            mark = marks.get(date(year, month, number), " ")
            cells.append(paint(mark, styles[mark], color) + " " * (step - 1))
        lines.append(f"{date(year, month, 1):%b %Y} " + "".join(cells).rstrip())
    return lines


def _mark(day: AnchorDate) -> str:
    if day.fits:
        return "+"
    return "." if day.closed else "x"


def _reasons(days: Sequence[AnchorDate], width: int) -> list[str]:
    """What is in the way on the dates on which the anchor itself could be, each reason once."""
    dates: dict[tuple[str, ...], list[date]] = {}
    for day in days:
        if _mark(day) == "x":
            dates.setdefault(day.reasons, []).append(day.date)
    lines: list[str] = []
    for reasons, alike in dates.items():
        lines += _wrapped(f"{', '.join(_stretches(alike))}:", width)
        for reason in brief(reasons):
            lines += _wrapped(f"  - {reason}", max(30, width - 2), "    ")
    return lines


def _stretches(dates: Sequence[date]) -> Iterator[str]:
    """Dates in words, those that follow one another by the first and the last of them."""
    first = 0
    for at, day in enumerate(dates):
        if at + 1 == len(dates) or dates[at + 1] - day > timedelta(days=1):
            begin = f"{dates[first]:%a} {dates[first]}"
            yield begin if at == first else f"{begin} to {day:%a} {day}"
            first = at + 1


def _waiting(planner: CoursePlanner) -> tuple[Waiting, ...]:
    """What has no date on whichever day the course starts; nothing that tells an arm."""
    course = planner.course
    every = (*course.visits, *course.undated)
    return not_behind(
        course.waiting, {visit.id for visit in every if tells_arm(visit, course.protocol)}
    )


def _wrapped(text: str, width: int, indent: str = "") -> Iterator[str]:
    return draw_paragraph([Styled(text)], width, color=False, indent=indent)


def render_json(protocol: Protocol, planner: CoursePlanner, days: Sequence[AnchorDate]) -> str:
    """Every date of the range with whether the course can start there, and the reasons.

    Args:
        protocol: whose course it is.
        planner: of the course at a site.
        days: one after the other, each with its judgement.
    """
    data = {
        "protocol": {"id": protocol.id, "version": protocol.version},
        "arm": None if protocol.is_blinded else planner.course.arm,
        "site": {"id": planner.site.id, "timezone": str(planner.site.zone)},
        "anchor": {"visit": planner.course.anchor},
        "conventions": list(planner.site.conventions()),
        "waiting": [
            {"id": waiting.what.id, "waiting_for": list(waiting.references)}
            for waiting in _waiting(planner)
        ],
        "dates": [
            {"date": day.date.isoformat(), "fits": day.fits, "reasons": list(day.reasons)}
            for day in days
        ],
    }
    return render_document(data)
