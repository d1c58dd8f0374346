"""Checks of the time family: weekdays, the hours of a stay, and the run sheet inside a visit."""

from collections.abc import Iterator

from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.rooms import about, consistent_arms, left_of_rules, shown, side
from planner.checks.subject import Subject
from planner.network.windows import distance
from planner.protocol.course import Course, Occurrence, Point
from planner.protocol.document import Path
from planner.protocol.words import WEEKDAYS
from planner.schedule.build import Schedule, most_steps
from planner.schedule.run_sheet import SheetTime, sheet_times
from planner.schedule.windows import Room
from planner.units import MINUTES_A_DAY, ClockDistance

_ALL_DAYS = (1 << 7) - 1


@check(
    "weekday-never",
    "error",
    "a window that can never contain a permitted weekday",
    what="A visit whose `weekdays:` cannot be met on any date: whatever permitted weekdays the"
    " visits take that it counts from, its distances from them fall on other weekdays.",
    why="The visit cannot take place at all, and no choice of start date changes that.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline, weekdays: monday}
      - {id: dosing, weekdays: [monday, friday], after: {visit: baseline, within: 8d..10d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline, weekdays: monday}
      - {id: dosing, weekdays: [monday, friday], after: {visit: baseline, within: 8d..11d}}
""",
)
def _weekday_never(subject: Subject) -> Iterator[Finding]:
    if not any(visit.weekdays for epoch in subject.protocol.epochs for visit in epoch.visits):
        return
    told: set[Path] = set()
    for schedule, left in subject.once(left_of_rules):
        found = _impossible_weekday(schedule, left)
        if found is not None and found[0].path not in told:
            occurrence, room, reached = found
            told.add(occurrence.path)
            yield _no_weekday(schedule.course, occurrence, room, reached)


def _impossible_weekday(
    schedule: Schedule, left: list[Room]
) -> tuple[Occurrence, Room, int] | None:
    """The visit that is left without a weekday, the rule that does it, and what it would allow.

    Arc consistency over sets of weekdays: it only takes away what no schedule has, so that an
    empty set is a proof.
    """
    visits = schedule.course.visits
    days = {one.id: _mask(one.visit.weekdays) for one in visits}
    rules = [room for room in left if not room.clock and _is_short(room) and _is_of_starts(room)]
    changed = True
    while changed:
        changed = False
        for room in rules:
            first, last = room.left
            assert first is not None
            assert last is not None
            reference, point = room.rule.reference.visit, room.rule.point.visit
            forward = _shifted(days[reference], first, last)
            if not forward & days[point]:
                return schedule.course.visit(point), room, forward
            back = _shifted(days[point], -last, -first)
            if not back & days[reference]:
                return schedule.course.visit(reference), room, back
            for name, allowed in ((point, forward), (reference, back)):
                if days[name] & ~allowed:
                    days[name] &= allowed
                    changed = True
    return None


def _is_short(room: Room) -> bool:
    first, last = room.left
    return first is not None and last is not None and last - first < 6


def _is_of_starts(room: Room) -> bool:
    return not room.rule.reference.end and not room.rule.point.end


def _mask(weekdays: tuple[str, ...]) -> int:
    return sum(1 << WEEKDAYS.index(one) for one in set(weekdays)) if weekdays else _ALL_DAYS


def _shifted(days: int, first: int, last: int) -> int:
    """Weekdays that lie so many days after others, as bits; Monday is the lowest."""
    reached = 0
    for distance_in_days in range(first, last + 1):
        turn = distance_in_days % 7
        reached |= (days << turn | days >> (7 - turn)) & _ALL_DAYS
    return reached


def _no_weekday(course: Course, occurrence: Occurrence, room: Room, reached: int) -> Finding:
    rule = room.rule
    names = [day for at, day in enumerate(WEEKDAYS) if reached >> at & 1]
    wanted = ", ".join(occurrence.visit.weekdays)
    path: Path = (*occurrence.path, "weekdays") if wanted else occurrence.path
    limit = f"takes place on {wanted} only" if wanted else "is left no weekday"
    message = (
        f"`{occurrence.id}` {limit}, but {rule.point} lies {shown(room, room.left)} {side(rule)}:"
        f" that leaves {', '.join(names) or 'no day'}"
    )
    related = (Related(f"`{rule.name}`", rule.path),)
    names_of = about(course, occurrence.id)
    return Finding("weekday-never", "error", message, path, None, related, names_of)


@check(
    "integration-during-stay",
    "warning",
    "an integration session that may start before the participant has left",
    what="The first integration session after a dosing session with a stay overnight may start"
    " before the stay ends, because its timing counts days and no time of day keeps it later.",
    why="The stay and the session would hold the same person and often the same staff at once.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        duration: 8h
        overnight: {until: "11:00"}
        at: "09:00"
        after: {visit: baseline, within: 1w}
      - {id: integration, at: "10:00", after: {visit: dosing, within: 1d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        duration: 8h
        overnight: {until: "11:00"}
        at: "09:00"
        after: {visit: baseline, within: 1w}
      - {id: integration, at: "11:30", after: {visit: dosing, within: 1d}}
""",
)
def _integration_during_stay(subject: Subject) -> Iterator[Finding]:
    told: set[Path] = set()
    for arm in consistent_arms(subject):
        schedule = subject.schedule(arm)
        for stay, session in _stays_and_sessions(schedule.course):
            if session.path in told:
                continue
            nodes = schedule.nodes
            least, most = distance(
                schedule.network,
                nodes[Point(stay.id, end=True)],
                nodes[Point(session.id)],
                coarse=False,
            )
            if least is not None and least >= 0:
                continue
            told.add(session.path)
            always = most is not None and most < 0
            message = (
                f"`{session.id}` {'starts' if always else 'may start'} before the stay of"
                f" `{stay.id}` ends"
            )
            if least is not None:
                message += f", by up to {_length(-least)}"
            timed = session.visit.at is not None
            hint = "move its `at:`" if timed else "give it a time of day with `at:`"
            yield Finding(
                "integration-during-stay",
                "error" if always else "warning",
                message,
                (*session.path, "at") if timed else session.path,
                f"{hint}, or count it from `{stay.visit.id}.end` in hours",
                (Related(f"the stay of `{stay.id}`", (*stay.path, "overnight")),),
                about(schedule.course, session.id, stay.id),
            )


def _stays_and_sessions(course: Course) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Each dosing session with a stay, and the first integration session listed after it."""
    stay: Occurrence | None = None
    for occurrence in course.visits:
        if occurrence.kind == "dosing":
            stay = occurrence if occurrence.visit.overnight is not None else None
        elif occurrence.kind == "integration" and stay is not None:
            yield stay, occurrence
            stay = None


def _length(minutes: int) -> str:
    if minutes < MINUTES_A_DAY:
        return str(ClockDistance(minutes))
    return f"{minutes / MINUTES_A_DAY:.1f} days"


@check(
    "run-sheet-outside",
    "error",
    "an item of a run sheet outside its visit",
    what="An item that is planned before its visit starts, or ends after the visit does: after its"
    " duration, or after the stay overnight. As a warning: an item whose room reaches beyond. The"
    " sheet's `zero:` says how long after the visit's start its 0min is.",
    why="Rooms and staff are held for the visit and for no minute more.",
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
def _run_sheet_outside(subject: Subject) -> Iterator[Finding]:
    told: set[tuple[Path, int]] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        # In a cycle, all occurrences of a visit have the same sheet and the same length.
        once = {one.path: one for one in reversed(course.visits)}
        for occurrence in once.values():
            sheet = occurrence.visit.run_sheet
            if sheet is None:
                continue
            last = _last_minute(course, occurrence)
            for time in sheet_times(occurrence.visit):
                position = sheet.items.index(time.item)
                found = _outside(occurrence, time, last)
                if found is not None and (occurrence.path, position) not in told:
                    told.add((occurrence.path, position))
                    severity, message, hint = found
                    path = (*occurrence.path, "run_sheet", "items", position)
                    names = (*about(course, occurrence.id), time.item.id)
                    yield Finding("run-sheet-outside", severity, message, path, hint, (), names)


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
    occurrence: Occurrence, time: SheetTime, last: int | None
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
    if last is None:
        return None
    end = time.planned + length
    if end > last:
        over = ClockDistance(end - last)
        return "error", f"{name} is planned to end {over} after the visit does", longer
    if time.latest is not None and time.latest + length > last:
        over = ClockDistance(time.latest + length - last)
        return "warning", f"{name} may end {over} after the visit does", longer
    return None
