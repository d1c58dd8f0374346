"""Who is due: of each participant the visits that a stretch of dates can or should see.

A visit is due when its window opens: when what it counts from has taken place and today, or a day
of the stretch, lies inside what all rules and closed days leave of its window. It is overdue only
after the last whole day of the window that its own timings write, closed or not, has passed.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.brevity import brief
from planner.protocol.course import Course, Occurrence, TimingConstraint, states_window
from planner.schedule.visit_numbers import label_of
from planner.time.local import to_local
from planner.timeline.assemble import tells_arm, written_window
from planner.timeline.cohort import Rest
from planner.timeline.course_planner import PlacedVisit
from planner.timeline.deviation import last_day_of
from planner.timeline.model import DateWindow
from planner.timeline.participant_state import PlannerCache, RecordReading, reading
from planner.timeline.record import RecordFile
from planner.timeline.remaining_visits import (
    Outlooks,
    RemainingRequest,
    RemainingVisits,
    question,
    settled,
)
from planner.timeline.replanning import CommittedVisits
from planner.timeline.undated import Undated, undated_visits


class DueRange(NamedTuple):
    """The dates that are asked about, both included; nothing is planned before ``today``."""

    first: date
    last: date
    today: date


class DueVisit(NamedTuple):
    """One visit of one participant.

    Attributes:
        status: ``overdue``; ``unrecorded``: its appointment has passed, and nobody recorded what
            became of it; ``broken``: no date left is inside its window, or every plan left breaks
            some window and the best one this; ``due`` while its window is open; ``booked``; or
            ``planned``.
        planned: where the best plan puts it; ``None`` where no plan is known.
        window: as its own timings write it, from where its references lie or are planned.
        window_stated: false where none of them states a window, as in a dated visit.
        last: the last date on which it can take place in any plan that keeps every window;
            ``None`` where nothing bounds it or no such plan is left.
        days_left: dates from today to ``last``, both included; of an overdue visit how many days
            ago its window ended, as a negative number; ``None`` where ``last`` is.
        moved_from: an appointment that cannot be kept.
        provisional: it depends on a decision not yet known.
        against: there is an appointment, but by a decision it does not take place.
        waiting_for: gates not yet passed.
        reason: why it cannot be inside its window.
        between: for which other participants it waits, and until when; or that the others of the
            cohort have it on another date. A ``broken`` one may break these rules alone.
        unmet: what the participant prefers and does not get, or that it is booked while away.
    """

    participant: str
    protocol: str
    visit: str
    title: str
    label: str
    mode: str
    status: str
    planned: datetime | None
    window: DateWindow
    last: date | None
    days_left: int | None
    moved_from: datetime | None
    provisional: bool
    against: bool
    waiting_for: tuple[str, ...]
    reason: str | None
    window_stated: bool | None = None
    between: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()


class DueParticipant(NamedTuple):
    """One participant's record, read, and what is asked about it; ``undated`` has no date."""

    code: str
    reading: RecordReading
    file: RecordFile
    asked: RemainingRequest
    rest: Rest | None
    live: tuple[str, ...]
    undated: tuple[Undated, ...] = ()


def participant(
    courses: PlannerCache, file: RecordFile, outlooks: Outlooks, today: date
) -> DueParticipant | None:
    """A participant under way; ``None`` for one who has nothing to come.

    Raises:
        PlannerError: the record does not fit the protocol, or nothing in it has a date.
    """
    record_reading = reading(courses, file, today=today)
    undated = undated_visits(record_reading, file)
    if (
        not _live(record_reading, record_reading.so_far)
        and not record_reading.unrecorded
        and not undated
        and not _reminders_left(record_reading, file)
    ):
        return None
    asked = question(record_reading, file)
    live = _live(record_reading, asked.so_far)
    rest = outlooks.rest(record_reading.planner, asked) if live else None
    return DueParticipant(file.record.participant, record_reading, file, asked, rest, live, undated)


def _reminders_left(reading: RecordReading, file: RecordFile) -> bool:
    """Whether anything is to be done after visits that took place."""
    return any(
        reminder.point.visit in reading.so_far.fixed
        and (reminder.reminder.required or reminder.reminder.after is not None)
        and reminder.id not in file.record.reminders
        for reminder in reading.planner.course.reminders
    )


def _live(reading: RecordReading, so_far: CommittedVisits) -> tuple[str, ...]:
    """The visits that are still to take place."""
    return tuple(
        visit.id
        for visit in reading.planner.course.visits
        if visit.kind != "event"
        and visit.id not in so_far.fixed
        and visit.id not in so_far.not_done
    )


def due_visits(
    participant: DueParticipant, outlooks: Outlooks, stretch: DueRange
) -> list[DueVisit]:
    """The visits of a participant for the list, in the order of the course; few have any."""
    visits = [_unrecorded(participant, name) for name in sorted(participant.asked.unrecorded)]
    if not participant.live or not _is_near(participant, outlooks, stretch.last):
        return visits
    ahead = outlooks.ahead(participant.reading.planner, participant.asked, participant.rest)
    for name in participant.live:
        visit = _due_visit(
            participant, name, ahead, participant.reading.planner.own_rules(name), stretch
        )
        if visit is not None:
            visits.append(visit)
    if ahead.forced and not any(visit.status in ("overdue", "broken") for visit in visits):
        visits.append(_whole_plan(participant, ahead))
    return visits


def _is_near(participant: DueParticipant, outlooks: Outlooks, last: date) -> bool:
    """Whether a visit to come may have to do with a date or those before it; quicker to tell than
    a plan, where tables have told what is left."""
    tables = None if participant.rest is None else outlooks.tables(participant.reading.planner)
    if participant.rest is None or tables is None or participant.rest.stuck:
        return True
    limit = last.toordinal()
    places = ((tables.columns[at].days, participant.rest.low[at]) for at in participant.rest.free)
    return any(days[low] <= limit for days, low in places)


def _unrecorded(participant: DueParticipant, name: str) -> DueVisit:
    """A visit that was to take place before today, and nobody recorded what became of it."""
    planner, so_far = participant.reading.planner, participant.asked.so_far
    rules = [rule for rule in planner.own_rules(name) if rule.reference.visit in so_far.fixed]
    placed = {rule.reference.visit: settled(so_far, rule.reference.visit) for rule in rules}
    return DueVisit(
        participant=participant.code,
        protocol=planner.course.protocol.id,
        visit=name,
        title=planner.course.visit(name).title,
        label=label_of(planner.course.visit(name), planner.course.protocol),
        mode=planner.course.visit(name).visit.mode,
        status="unrecorded",
        planned=to_local(so_far.fixed[name].start, planner.site.zone),
        window=written_window(planner.course, rules, placed, planner.site.zone),
        last=None,
        days_left=None,
        moved_from=None,
        provisional=name in participant.reading.provisional,
        against=name in participant.reading.against,
        waiting_for=(),
        reason="its date has passed and nothing is recorded",
        window_stated=_states_window(name, planner.course),
    )


def _due_visit(
    participant: DueParticipant,
    name: str,
    ahead: RemainingVisits,
    rules: Sequence[TimingConstraint],
    stretch: DueRange,
) -> DueVisit | None:
    """One visit of the list; ``None`` where the stretch has nothing to do with it."""
    planner, so_far = participant.reading.planner, participant.asked.so_far
    course, placed = planner.course, ahead.placed.get(name)
    occurrence = course.visits[planner.index[name]]
    if placed is None or (
        not participant.reading.unblinded and tells_arm(occurrence, course.protocol)
    ):
        return None
    dated = {**so_far.fixed, **participant.asked.pinned}
    begun = [rule for rule in rules if rule.reference.visit in dated]
    over = _days_over(begun, course, ahead, planner.site.zone, stretch.today)
    is_broken = name in ahead.stuck or name in ahead.broken
    window = written_window(course, rules, ahead.placed, planner.site.zone)
    is_open = bool(rules) and len(begun) == len(rules) and window.no_day is None
    opens, last = _room(placed, window if is_open else None, is_kept=not is_broken)
    in_window = is_open and (
        (opens is None or opens <= stretch.last) and (last is None or last >= stretch.first)
    )
    day = date.fromordinal(placed.day)
    if not (over or is_broken or in_window or stretch.first <= day <= stretch.last):
        return None
    booked = so_far.booked.get(name)
    keeps = booked is not None and booked.start == placed.start
    opened = in_window and (window.earliest is None or window.earliest <= stretch.today)
    if over:
        status = "overdue"
    elif is_broken:
        status = "broken"
    elif keeps:
        status = "booked"
    else:
        status = "due" if opened else "planned"
    left = None if last is None else (last - stretch.today).days + 1
    zone = planner.site.zone
    return DueVisit(
        participant=participant.code,
        protocol=course.protocol.id,
        visit=name,
        title=occurrence.title,
        label=label_of(occurrence, course.protocol),
        mode=occurrence.visit.mode,
        status=status,
        planned=to_local(placed.start, zone),
        window=window,
        last=last,
        days_left=-over if over else left,
        moved_from=None if booked is None or keeps else to_local(booked.start, zone),
        provisional=name in participant.reading.provisional,
        against=name in participant.reading.against,
        waiting_for=_waiting_for(occurrence, participant.file, day),
        reason=_reason(participant, name, ahead, over=over > 0) if over or is_broken else None,
        window_stated=_states_window(name, course),
        unmet=planner.patterns[planner.index[name]].unmet(placed.start, placed.day, placed.end_day),
    )


def _states_window(name: str, course: Course) -> bool | None:
    timings = (rule for rule in course.rules if rule.point.visit == name and not rule.is_constraint)
    return states_window(timings, course)


def _days_over(
    begun: Sequence[TimingConstraint],
    course: Course,
    ahead: RemainingVisits,
    zone: ZoneInfo,
    today: date,
) -> int:
    """How many days ago the last whole day of a window passed that counts from visits whose date is
    known; 0 while it has not."""
    edges = (last_day_of(rule, course, ahead.placed[rule.reference.visit], zone) for rule in begun)
    last = min((edge for edge in edges if edge is not None), default=None)
    return 0 if last is None else max(0, today.toordinal() - last)


def _room(
    placed: PlacedVisit, window: DateWindow | None, *, is_kept: bool
) -> tuple[date | None, date | None]:
    """The first and the last date: of all plans that keep every window, else of the window."""
    if not is_kept:
        return None, None
    first = None if placed.first_day is None else date.fromordinal(placed.first_day)
    last = None if placed.last_day is None else date.fromordinal(placed.last_day)
    if window is not None:
        first = max(first or date.min, window.earliest or date.min)
        last = min(last or date.max, window.latest or date.max)
    return (
        None if first == date.min else first,
        None if last == date.max else last,
    )


def _waiting_for(occurrence: Occurrence, file: RecordFile, day: date) -> tuple[str, ...]:
    passed = file.record.gates
    return tuple(
        gate for gate in occurrence.visit.requires if gate not in passed or passed[gate] > day
    )


def _reason(participant: DueParticipant, name: str, ahead: RemainingVisits, *, over: bool) -> str:
    """Why a visit cannot be inside its window."""
    settled = participant.asked.so_far.fixed
    reasons = [
        str(outside)
        for outside in ahead.broken.get(name, ())
        if not over or {outside.rule.point.visit, outside.rule.reference.visit} & settled.keys()
    ]
    if not over or not reasons:
        reasons += [why for why in ahead.forced if not any(why in before for before in reasons)]
    return "; ".join(brief(reasons))


def _whole_plan(participant: DueParticipant, ahead: RemainingVisits) -> DueVisit:
    """Says of a participant whose plan cannot be kept at all why; at the first visit to come."""
    occurrence = participant.reading.planner.course.visit(participant.live[0])
    return DueVisit(
        participant=participant.code,
        protocol=participant.reading.planner.course.protocol.id,
        visit=occurrence.id,
        title=occurrence.title,
        label=label_of(occurrence, participant.reading.planner.course.protocol),
        mode=occurrence.visit.mode,
        status="broken",
        planned=None,
        window=DateWindow(None, None),
        last=None,
        days_left=None,
        moved_from=None,
        provisional=False,
        against=False,
        waiting_for=(),
        reason="; ".join(brief(ahead.forced)),
    )


def most_urgent_first(visits: Iterable[DueVisit]) -> list[DueVisit]:
    """Overdue visits, the longest overdue first; what nobody recorded; what is broken; then by days
    left and by date."""
    far = date.max

    def urgency(visit: DueVisit) -> tuple[int, int, int, date, str, str]:
        rank = {"overdue": 0, "unrecorded": 1, "broken": 2}.get(visit.status, 3)
        left = visit.days_left
        planned = far if visit.planned is None else visit.planned.date()
        return rank, left is None, left or 0, planned, visit.participant, visit.visit

    return sorted(visits, key=urgency)
