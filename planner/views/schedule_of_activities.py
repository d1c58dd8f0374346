"""The schedule of activities: what is done at which visit, the table that every protocol has."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from planner.network.windows import is_consistent
from planner.notice import NOTICE
from planner.protocol.course import (
    Course,
    Occurrence,
    TimingConstraint,
    Waiting,
    endings,
    target_conventions,
)
from planner.protocol.expand import expand
from planner.protocol.model import Protocol, Track
from planner.schedule.build import Schedule, build_schedule
from planner.schedule.slack import stated_windows
from planner.schedule.study_days import TargetDay, study_day_texts, target_days
from planner.schedule.undated import Choice, with_dates
from planner.schedule.visit_numbers import visit_code, visit_numbers
from planner.time.date import format_time
from planner.time.distance import CalendarDistance
from planner.views.footnotes import Footnotes
from planner.views.tables.grid import Grid, Line
from planner.views.timing_words import constraint_text, order_texts, timing_text
from planner.views.total_hours import total_text

_SESSIONS = {
    "preparation": "Preparation session",
    "dosing": "Dosing session",
    "integration": "Integration session",
    "unblinding": "Unblinding",
}
DONE = "X"


def schedule_of_activities(protocol: Protocol, arm: str | None = None) -> Grid:
    """Activities by visits for one arm, grouped by epoch, with study days and windows on top.

    All optional and conditional visits are in it, marked. Arms with the same schedule get the same
    table, which then names none of them, so that it tells nobody who receives what.

    Args:
        protocol: as loaded.
        arm: an arm's id; the first one when ``None``.

    Raises:
        PlannerError: there is no such arm.
    """
    course = expand(protocol, arm)
    table = _table(course)
    title = f"{protocol.title}: schedule of activities ({protocol.id}, version {protocol.version})"
    ids = [arm.id for arm in protocol.arms]
    notes: list[str] = []
    if len(ids) > 1:
        others = [
            arm_id
            for arm_id in ids
            if arm_id != course.arm and _table(expand(protocol, arm_id)) != table
        ]
        if others:
            title += f", arm {course.arm}"
            alike = [arm_id for arm_id in ids if arm_id not in (course.arm, *others)]
            also = f"; it is the same for {', '.join(alike)}" if alike else ""
            another = "has another one" if len(others) == 1 else "have others"
            notes.append(f"The schedule of arm {course.arm}{also}; {', '.join(others)} {another}.")
        else:
            notes.append("The schedule is the same for all arms.")
    return Grid(title, table.heads, table.lines, (*table.notes, *notes, NOTICE))


class _Table(NamedTuple):
    heads: tuple[tuple[str, ...], ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def _table(course: Course) -> _Table:
    """All of the grid that comes from the course, and nothing that names the arm."""
    schedule = build_schedule(course)
    holds = is_consistent(schedule.network)
    footnotes = Footnotes(course.protocol)
    numbers = {name: visit_code(number) for name, number in visit_numbers(course.protocol).items()}
    heads = _heads(schedule, holds, numbers, footnotes)
    lines = _sessions(course)
    activities, left_over = _activities(course, footnotes)
    tracks = track_lines(course, numbers, footnotes)
    if lines and activities:
        lines = [Line(("Sessions",), "group"), *lines, Line(("Activities",), "group")]
    lines += activities
    if tracks:
        lines += [Line(("Parallel to the visits",), "group"), *tracks]
    notes = [*footnotes.texts(), *_notes(schedule, holds, numbers)]
    if left_over:
        notes.append(f"In the file, but not at a visit of this schedule: {', '.join(left_over)}.")
    return _Table(heads, tuple(lines), tuple(notes))


def _heads(
    schedule: Schedule, holds: bool, numbers: dict[str, str], footnotes: Footnotes
) -> tuple[tuple[str, ...], ...]:
    course = schedule.course
    visits = course.visits
    undated = {
        waiting.what.id: waiting
        for waiting in with_dates(course.protocol, course.arm, Choice()).waiting
    }
    windows = stated_windows(schedule) if holds else {}
    days = {**study_day_texts(course, windows), **dict.fromkeys(undated, "")}
    rules = course.timings()
    rows = [
        ("", [visit.epoch.title or spoken(visit.epoch.id) for visit in visits]),
        ("Visit", [numbers[visit.id] for visit in visits]),
        ("", [visit.title + footnotes.of_visit(visit) for visit in visits]),
    ]
    optional: list[tuple[str, list[str]]] = [
        ("Study day", [days[visit.id] for visit in visits]),
        ("Window", ["anchor" if visit.id == course.anchor and not rules[visit.id]
                    else _timing(visit, rules[visit.id], numbers, footnotes) for visit in visits]),
        ("Takes place", [_condition(visit, course, footnotes, undated.get(visit.id), numbers)
                         for visit in visits]),
        ("Contact", [" or ".join(visit.visit.modes) for visit in visits]
                    if any(visit.visit.modes != ("clinic",) for visit in visits) else []),
        ("Takes", [_takes(visit, footnotes) for visit in visits]),
    ]  # fmt: skip
    rows += [(label, cells) for label, cells in optional if any(cells)]
    return tuple((label, *cells) for label, cells in rows)


def _timing(
    visit: Occurrence,
    rules: Sequence[TimingConstraint],
    numbers: Mapping[str, str],
    footnotes: Footnotes,
) -> str:
    """The timings of a visit, behind the calendar date that it has for everybody, if any."""
    parts = [] if visit.visit.date is None else [f"on {visit.visit.date}"]
    return "; ".join(filter(None, (*parts, timing_text(rules, numbers, footnotes))))


def spoken(key: str) -> str:
    """An id as a heading: `follow-up` is `Follow-up`."""
    return key[:1].upper() + key[1:]


def _condition(
    occurrence: Occurrence,
    course: Course,
    footnotes: Footnotes,
    waiting: Waiting | None,
    numbers: dict[str, str],
) -> str:
    visit = occurrence.visit
    words = [word for word in ("unscheduled", "optional") if getattr(visit, word)]
    if visit.when:
        decision = course.protocol.decisions.get(visit.when)
        parts = [] if decision is None else [decision.title, decision.condition]
        text = ": ".join(part.strip().rstrip(".") for part in parts if part)
        words.append(f"if {visit.when}" + footnotes.mark([f"{text}."] if text else []))
    if waiting is not None and waiting.references:
        words.append(
            f"waits for {' or '.join(numbers[reference] for reference in waiting.references)}"
        )
    return ", ".join(words)


def _takes(occurrence: Occurrence, footnotes: Footnotes) -> str:
    visit = occurrence.visit
    parts = []
    if visit.duration is not None:
        parts.append(str(visit.duration.value) + footnotes.of_grades([visit.duration]))
    if visit.total is not None:
        text = total_text(visit.total.value, repeats=occurrence.cycle is not None)
        parts.append(text + footnotes.of_grades([visit.total]))
    if visit.overnight is not None:
        nights = visit.overnight.nights
        mark = footnotes.of_grades([visit.overnight])
        parts.append(("1 night" if nights == 1 else f"{nights} nights") + mark)
    return " + ".join(parts)


def _sessions(course: Course) -> list[Line]:
    """A line for each kind of session, as the visits themselves are what such a trial does."""
    lines = [
        Line((title, *(DONE if visit.kind == kind else "" for visit in course.visits)))
        for kind, title in _SESSIONS.items()
        if any(visit.kind == kind for visit in course.visits)
    ]
    stays = [visit.visit.overnight is not None for visit in course.visits]
    if any(stays):
        lines.append(Line(("Overnight stay", *(DONE if stay else "" for stay in stays))))
    return lines


def _activities(course: Course, footnotes: Footnotes) -> tuple[list[Line], list[str]]:
    """A line for each activity of the course; and the titles of those that no visit has."""
    declared = course.protocol.activities
    done = {visit.id: done_at(visit) for visit in course.visits}
    keys = [*declared, *dict.fromkeys(key for keys in done.values() for key in keys)]
    lines, left_over = [], []
    for key in dict.fromkeys(keys):
        activity = declared.get(key)
        title = activity.title if activity is not None and activity.title else key
        if not any(key in keys for keys in done.values()):
            left_over.append(title)
            continue
        if activity is not None and activity.endpoint:
            title += f" ({activity.endpoint} endpoint)"
        mark = footnotes.of_activity(key)
        cells = []
        for visit in course.visits:
            only_with = done[visit.id].get(key)
            if only_with is None:
                cells.append("")
                continue
            text = f"Only when the optional item takes place: {'; '.join(only_with)}."
            cells.append(DONE + footnotes.mark([text] if only_with else []))
        lines.append(Line((title + mark, *cells)))
    return lines, left_over


def done_at(occurrence: Occurrence) -> dict[str, tuple[str, ...]]:
    """What is done at a visit, by key: the optional items it hangs on, none if it is done anyway.

    What an item of the run sheet carries out is done at the visit.
    """
    visit = occurrence.visit
    visits: dict[str, tuple[str, ...]] = dict.fromkeys(visit.activities, ())
    items = visit.run_sheet.items if visit.run_sheet is not None else ()
    for item in items:
        if item.activity is None or visits.get(item.activity) == ():
            continue
        if item.optional:
            visits[item.activity] = (*visits.get(item.activity, ()), item.title or item.id)
        else:
            visits[item.activity] = ()
    return visits


def track_lines(course: Course, numbers: dict[str, str], footnotes: Footnotes) -> list[Line]:
    """A line for each track, with a stroke from its first visit to its last."""
    targets = target_days(course)
    lines = []
    for track, start, until in course.tracks:
        title = track.title or track.id
        words = [_rhythm(track)]
        if len(track.at) > 1:
            words[0] += f" at {' and '.join(map(format_time, track.at))}"
        if track.times is not None:
            words.append("once" if track.times == 1 else f"{track.times} times")
        offset = "" if track.offset == CalendarDistance(0, 0) else f"{track.offset} after "
        ends = [
            "the end of " if point is not None and point.end else "" for point in (start, until)
        ]
        words.append(f"from {offset}{ends[0]}{numbers[start.visit]}")
        if until is not None:
            words.append(f"to {ends[1]}{numbers[until.visit]}")
        mark = footnotes.of_activity(track.id) or footnotes.of_grades([track])
        reached = _reached(track, start.visit, until.visit if until else None, targets)
        label = (
            f"{title}: {', '.join(words[:-1])} {words[-1]}"
            if until is None
            else (f"{title}: {', '.join(words[:-2])} {' '.join(words[-2:])}")
        )
        lines.append(
            Line((label + mark, *_stroke([visit.id in reached for visit in course.visits])))
        )
    return lines


def _rhythm(track: Track) -> str:
    step = str(track.every)
    return {"1d": "daily", "1w": "weekly"}.get(step, f"every {step}")


def _reached(
    track: Track,
    start: str,
    until: str | None,
    targets: dict[str, TargetDay],
) -> set[str]:
    """The visits beside which a track runs, as far as targets tell; else those it is timed by."""
    reached = {start} if until is None else {start, until}
    if start not in targets or (until is not None and until not in targets):
        return reached
    assert isinstance(track.every, CalendarDistance)
    assert isinstance(track.offset, CalendarDistance)
    first = targets[start].day + track.offset.days
    if until is not None:
        last = _latest(targets[until])
    else:
        last = first + track.every.days * ((track.times or 1) - 1)
    beside = {
        name for name, target in targets.items() if first <= target.day and _latest(target) <= last
    }
    return beside or reached


def _latest(target: TargetDay) -> int:
    """The last day of a target with a last one."""
    return target.day if target.last is None else target.last


def _stroke(beside: list[bool]) -> list[str]:
    places = [at for at, is_beside in enumerate(beside) if is_beside]
    cells = []
    for at, is_beside in enumerate(beside):
        left = "├" if at == places[0] else "─"
        right = "┤" if at == places[-1] else "─"
        cells.append(f"{left}─{right}" if is_beside else "")
    return cells


def _notes(schedule: Schedule, holds: bool, numbers: dict[str, str]) -> list[str]:
    """The legend and the conventions: what is needed to read the table without the file."""
    course = schedule.course
    protocol = course.protocol
    legend = [
        "X: done at this visit",
        "V01, V02, ...: the visits of all arms, in the order of their targets",
    ]
    if course.tracks:
        legend.append("├─┤: parallel to these visits")
    legend.append("d, w, mo, y: days, weeks, calendar months, years; h, min: hours, minutes")
    legend.append("a..b includes both ends")
    notes = ["; ".join(legend) + "."]
    if course.anchor is not None:
        number = numbers[course.anchor]
        day = "Day 0" if protocol.day_zero else "Day 1 and the day before it Day -1"
        room = (
            "n is the target, ± m or (a..b) the days that all timings together allow"
            if holds
            else "targets only, because the timings contradict each other"
        )
        notes.append(f"Study days: {number} is {day}; {room}.")
    notes += [f"{text[:1].upper()}{text[1:]}." for text in target_conventions(course)]
    notes += order_texts(course, numbers)
    constraints = [rule for rule in course.rules if rule.is_constraint]
    if constraints:
        texts = "; ".join(constraint_text(rule, numbers) for rule in constraints)
        notes.append(f"Further rules: {texts}.")
    if protocol.between_participants:
        texts = "; ".join(map(str, protocol.between_participants))
        notes.append(f"Between participants: {texts}.")
    for repeats, key, at_most in endings(course.visits):
        decision = protocol.decisions.get(key)
        why = decision.title if decision is not None and decision.title else key
        most = f", at most {at_most} times" if at_most else ""
        notes.append(f"{repeats.title or spoken(repeats.id)} repeats until: {why}{most}.")
    if course.flaws:
        notes.append(
            f"Errors in the file leave something out of this table: {course.flaws[0].message}"
            f"{' (and more)' if len(course.flaws) > 1 else ''}; `planner validate` shows them."
        )
    retractions = [notice for notice in protocol.notices if notice.kind == "retraction"]
    notes += [
        f"Retraction ({retraction.date}): {retraction.text.strip()}" for retraction in retractions
    ]
    return notes
