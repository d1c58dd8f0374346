"""The tables of a protocol summary under the headings of ICH M11: trial schema and activities.

The headings and their numbers are those of the template's sections 1.2 and 1.3. No text of a
protocol is written, and nobody has examined whether a document conforms to the template.
"""

from collections.abc import Iterator

from planner.notice import NOTICE
from planner.protocol.course import Course, Occurrence
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.study_days import lying_days
from planner.schedule.visit_numbers import label_of, visit_code, visit_numbers
from planner.text import counted
from planner.views.run_sheet import NoRunSheet, run_sheet_grid
from planner.views.schedule_of_activities import schedule_of_activities, spoken
from planner.views.tables.document import TableDocument, TableSection
from planner.views.tables.grid import Grid, Line

_CHAPTER, _SCHEMA, _ACTIVITIES = (
    "1 PROTOCOL SUMMARY", "1.2 Trial Schema", "1.3 Schedule of Activities",
)  # fmt: skip
_LAID_OUT = (
    "Headings and numbers are those of sections 1.2 and 1.3 of the template of ICH M11. Whether the"
    " protocol conforms to the template has not been examined."
)


def m11_summary(protocol: Protocol) -> TableDocument:
    """The trial schema, the schedule of activities of each different arm, and serial tables apart.

    A serial table is the run sheet of a visit, such as a dosing day with its samples.

    Args:
        protocol: as loaded.

    Raises:
        PlannerError: the cycles make more visits than the planner unrolls.
    """
    arms: list[str | None] = [arm.id for arm in protocol.arms] or [None]
    courses = [expand(protocol, arm) for arm in arms]
    sections = [
        TableSection(_CHAPTER, 1),
        TableSection(_SCHEMA, 2, _schema(protocol, courses)),
        *_activities(protocol, courses),
        *_serial_tables(protocol, courses),
    ]
    title = f"{protocol.title}: protocol summary ({protocol.id}, version {protocol.version})"
    return TableDocument(title, tuple(sections), (_LAID_OUT, NOTICE))


def _bare(grid: Grid) -> Grid:
    """A grid without the notice, which stands once at the end of the document."""
    return grid._replace(notes=tuple(note for note in grid.notes if note != NOTICE))


def _activities(protocol: Protocol, courses: list[Course]) -> Iterator[TableSection]:
    grids: dict[str | None, Grid] = {}
    for course in courses:
        grid = _bare(schedule_of_activities(protocol, course.arm))
        if all((grid.heads, grid.lines) != (other.heads, other.lines) for other in grids.values()):
            grids[course.arm] = grid
    if len(grids) == 1:
        yield TableSection(_ACTIVITIES, 2, *grids.values())
        return
    yield TableSection(_ACTIVITIES, 2)
    for arm, grid in grids.items():
        yield TableSection(f"Arm {arm}", 3, grid)


def _serial_tables(protocol: Protocol, courses: list[Course]) -> Iterator[TableSection]:
    """The run sheet of each visit that has one; again where an arm has another one."""
    known: set[tuple[str, Grid]] = set()
    for course in courses:
        first = {visit.visit.id: visit for visit in reversed(course.visits) if _has_sheet(visit)}
        for visit in reversed(first.values()):
            try:
                grid = _bare(run_sheet_grid(protocol, visit.id, course.arm))
            except NoRunSheet as error:
                grid = Grid(visit.title, (), (), (f"{error}.",))
            if (visit.visit.id, grid) not in known:
                known.add((visit.visit.id, grid))
                yield TableSection(f"Serial table: {label_of(visit, protocol)}", 3, grid)


def _has_sheet(visit: Occurrence) -> bool:
    return visit.visit.run_sheet is not None


def _schema(protocol: Protocol, courses: list[Course]) -> Grid:
    """Epochs in their order, and for each arm what it has in them; arms alike share a line."""
    titles = {epoch.id: epoch.title or spoken(epoch.id) for epoch in protocol.epochs}
    cells = {course.arm: _epoch_cells(course) for course in courses}
    epochs = [epoch for epoch in titles if any(epoch in own for own in cells.values())]
    names = {arm.id: arm.title or arm.id for arm in protocol.arms}
    lines: dict[tuple[str, ...], list[str]] = {}
    for arm, own in cells.items():
        row = tuple(own.get(epoch, "") for epoch in epochs)
        lines.setdefault(row, []).append("All" if arm is None else names[arm])
    heads = (("Arm", *(titles[epoch] for epoch in epochs)),)
    rows = tuple(Line(("; ".join(arms), *row)) for row, arms in lines.items())
    anchor = next((course.anchor for course in courses), None)
    notes = []
    if anchor is not None:
        day = "Day 0" if protocol.day_zero else "Day 1"
        code = visit_code(visit_numbers(protocol)[anchor])
        notes.append(
            "Days where every target is met, and at the near end of windows without one;"
            f" {code} is {day}."
        )
    if protocol.allocation:
        notes.append(f"Allocation: {protocol.allocation}.")
    return Grid(f"Arms and epochs of {protocol.id}", heads, rows, tuple(notes))


def _epoch_cells(course: Course) -> dict[str, str]:
    """What a course has in each of its epochs, by the epoch's id."""
    lying = lying_days(course)
    by_epoch: dict[str, list[Occurrence]] = {}
    for visit in course.visits:
        by_epoch.setdefault(visit.epoch.id, []).append(visit)
    cells = {}
    for epoch, visits in by_epoch.items():
        parts = [counted(len(visits), "visit")]
        sessions = sum(visit.kind == "dosing" for visit in visits)
        if sessions:
            parts.append(counted(sessions, "dosing session"))
        days = [lying[visit.id] for visit in visits if visit.id in lying]
        if days:
            first, last = (_day(day, course.protocol) for day in (min(days), max(days)))
            parts.append(f"Day {first}" if first == last else f"Day {first} to {last}")
        cells[epoch] = ", ".join(parts)
    return cells


def _day(offset: int, protocol: Protocol) -> int:
    """The study day of so many days from the anchor's date."""
    return offset if protocol.day_zero or offset < 0 else offset + 1
