from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import different_courses
from planner.protocol.course import Course, Occurrence
from planner.schedule.build import most_steps
from planner.schedule.run_sheet import SheetTime, sheet_times
from planner.time.distance import MINUTES_A_DAY, ClockDistance


@check(
    "error",
    "a run sheet item outside its visit",
    what="An item that is planned before its visit starts, or ends after the visit does:"
    " after its duration, or after the stay overnight. As a warning: an item whose allowed"
    " times reach beyond. The sheet's `zero:` says how long after the visit's start its 0min is.",
    why="Rooms and staff are booked for the visit and for no minute more.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - id: baseline
        duration: 2h
        run_sheet:
          - {id: arrival, at: -30min}
          - {id: interview, at: 0min, duration: 90min}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - id: baseline
        duration: 2h
        run_sheet:
          zero: 30min
          items:
            - {id: arrival, at: -30min}
            - {id: interview, at: 0min, duration: 90min}
""",
)
@for_each(different_courses)
def run_sheet_outside(course: Course) -> Iterator[Flag]:
    # In a cycle, all occurrences of a visit have the same sheet and the same length.
    occurrences = {visit.path: visit for visit in reversed(course.visits)}
    for occurrence in occurrences.values():
        sheet = occurrence.visit.run_sheet
        if sheet is None:
            continue
        last = _last_minute(course, occurrence)
        for time in sheet_times(occurrence.visit):
            outside = _outside(occurrence, time, last)
            if outside is not None:
                severity, message, hint = outside
                path = (*occurrence.path, "run_sheet", "items", _position(course, occurrence, time))
                yield Flag(path, message, hint, about=[occurrence, time.item.id], severity=severity)


def _position(course: Course, occurrence: Occurrence, time: SheetTime) -> int:
    """The place of an item in the file, where arms can have fewer of them."""
    _, epoch, _, visit = occurrence.path
    written = course.protocol.epochs[int(epoch)].visits[int(visit)].run_sheet
    assert written is not None, "the sheet of an arm is made of it"
    return written.items.index(time.item)


def _last_minute(course: Course, occurrence: Occurrence) -> int | None:
    """Minutes from a visit's start to its end, the longest there can be; ``None`` if unknown."""
    visit = occurrence.visit
    stay = visit.overnight
    if stay is not None:
        until = course.protocol.conventions.leave_time if stay.until is None else stay.until
        start = visit.at[0] if visit.at is not None else 0
        return stay.nights * MINUTES_A_DAY + until - start
    return None if visit.duration is None else most_steps(visit.duration.value.latest)


def _outside(
    occurrence: Occurrence, time: SheetTime, latest: int | None
) -> tuple[str, str, str] | None:
    name = f"`{time.id}` of `{occurrence.visit.id}`"
    length = 0 if time.item.duration is None else most_steps(time.item.duration.latest) or 0
    longer = "lengthen the visit, or move the item"
    zero = f"`zero: {ClockDistance(-time.planned)}` more would put it at the visit's start"
    if time.planned < 0:
        before = ClockDistance(-time.planned)
        return "error", f"{name} is planned {before} before the visit starts", zero
    if time.earliest is not None and time.earliest < 0:
        message = f"{name} may take place {ClockDistance(-time.earliest)} before the visit starts"
        return "warning", message, "narrow its `within:`, or move the sheet's `zero:`"
    if latest is None:
        return None
    end = time.planned + length
    if end > latest:
        over = ClockDistance(end - latest)
        return "error", f"{name} is planned to end {over} after the visit does", longer
    if time.latest is not None and time.latest + length > latest:
        over = ClockDistance(time.latest + length - latest)
        return "warning", f"{name} may end {over} after the visit does", longer
    return None
