"""What there is to say of each visit of a plan under way: recorded, due, overdue, outside a window.

A visit is due while its window is open and overdue once the window's last whole day has passed
without it; missed it is only when somebody recorded so.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from planner.time.local import to_local
from planner.timeline.assemble import study_day
from planner.timeline.course_planner import PlacedVisit, Plan
from planner.timeline.deviation import Outside, allowed_days, rules_broken
from planner.timeline.history import VOID, RecordedVisit
from planner.timeline.model import (
    DatedVisit,
    Timeline,
    UnscheduledVisit,
    VisitStatus,
    WaitingStatus,
    WaitingVisit,
)
from planner.timeline.standing import ParticipantState


def with_history(
    timeline: Timeline, where: ParticipantState, plan: Plan, forced: tuple[str, ...]
) -> Timeline:
    """The timeline with what is known of its visits: recorded, due, outside, waiting."""
    course = where.planner.course
    placed = dict(zip((visit.id for visit in course.visits), plan.visits, strict=True))
    broken: dict[str, list[Outside]] = {}
    for breach in rules_broken(course, placed):
        broken.setdefault(breach.visit, []).append(breach)
    not_shown = where.history.names("not-applicable")
    visits = tuple(
        _standing_visit(visit, where, placed, broken.get(visit.id, []))
        for visit in timeline.visits
        if visit.id not in not_shown
    )
    return replace(
        timeline,
        visits=visits,
        waiting=tuple(
            _recorded(visit, where) for visit in timeline.waiting if visit.id not in not_shown
        ),
        today=where.today,
        forced=forced,
        unscheduled=_unscheduled(where, timeline),
    )


def _recorded(visit: WaitingVisit, where: ParticipantState) -> WaitingVisit:
    """A visit without a date, as missed or cancelled where that is recorded."""
    if visit.id not in where.planner.so_far.not_done:
        return visit
    entry = where.history.entries.get(visit.id)
    missed = entry is not None and entry.actual.status == "missed"
    status: WaitingStatus = "missed" if missed else "cancelled"
    return replace(visit, status=status, why=f"{status}, without a date")


def _standing_visit(
    visit: DatedVisit,
    where: ParticipantState,
    placed: Mapping[str, PlacedVisit],
    broken: list[Outside],
) -> DatedVisit:
    entry = where.history.entries.get(visit.id)
    status = _status(visit, entry, placed, where)
    deviation = None
    if broken and status not in VOID:
        deviation = "; ".join(str(breach) for breach in broken)
    booked = None
    if entry is not None and entry.actual.status == "booked" and status != "booked":
        assert entry.event is not None, "what is booked has a date"
        booked = to_local(entry.event.start, where.planner.site.zone)
    session_end = visit.session_end
    if entry is not None and entry.actual.end is not None and not visit.overnight:
        session_end = visit.end
    has_passed = status in ("occurred", *VOID)
    pattern = where.planner.patterns[where.planner.index[visit.id]]
    place = placed[visit.id]
    return replace(
        visit,
        status=status,
        deviation=deviation,
        booked=booked,
        session_end=session_end,
        provisional=visit.id in where.provisional and not has_passed,
        unrecorded=visit.id in where.unrecorded,
        against=visit.id in where.against,
        waiting_for=() if has_passed else waiting_for(visit, where.gates),
        unmet=() if has_passed else pattern.unmet(place.start, place.day, place.end_day),
        own_start=(
            None
            if has_passed
            else pattern.available.own_start(place.start, is_call=pattern.is_call)
        ),
    )


def waiting_for(visit: DatedVisit, passed: Mapping[str, date]) -> tuple[str, ...]:
    """The gates of a visit that are not recorded as passed by its date, in the file's order."""
    day = visit.start.date()
    return tuple(gate for gate in visit.gates if gate not in passed or passed[gate] > day)


def _status(
    visit: DatedVisit,
    entry: RecordedVisit | None,
    placed: Mapping[str, PlacedVisit],
    where: ParticipantState,
) -> VisitStatus:
    """What is recorded, else what withdrawal or today's date make of it.

    A visit is due inside its window and overdue after the window's last whole day; windows count
    from visits that are settled, or from the anchor's date. The anchor's own window is its day.
    """
    today = where.today
    if entry is not None:
        recorded = entry.actual.status
        if recorded == "occurred" or recorded == "missed" or recorded == "cancelled":
            return recorded
    if visit.id in where.planner.so_far.not_done:
        return "cancelled"
    if entry is not None and entry.actual.status == "booked":
        event = entry.event
        assert event is not None, "what is booked has a date"
        if event.start == placed[visit.id].start:
            return "booked"
    if today is None or visit.kind == "event":
        return "planned"
    first, last, is_whole = _window_days(visit.id, placed, where)
    if last is not None and today.toordinal() > last:
        return "overdue"
    if not is_whole or (first is not None and today.toordinal() < first):
        return "planned"
    return "due"


def _window_days(
    name: str, placed: Mapping[str, PlacedVisit], where: ParticipantState
) -> tuple[int | None, int | None, bool]:
    """The first and last day (ordinals) of a window as its own timings write it.

    Only timings whose reference is settled, or is the anchor, count yet; the third part says that
    these are all of them, and at least one.
    """
    course, zone = where.planner.course, where.planner.site.zone
    begun: set[str | None] = set(where.planner.so_far.fixed)
    if where.anchor is not None:
        begun.add(course.anchor)
        if name == course.anchor:
            return where.anchor.toordinal(), where.anchor.toordinal(), True
    first = last = None
    rules = where.planner.own_rules(name)
    counted = [rule for rule in rules if rule.reference.visit in begun]
    for rule in counted:
        opens, closes = allowed_days(rule, course, placed[rule.reference.visit], zone)
        if opens is not None:
            first = opens if first is None else max(first, opens)
        if closes is not None:
            last = closes if last is None else min(last, closes)
    return first, last, 0 < len(rules) == len(counted)


def _unscheduled(where: ParticipantState, timeline: Timeline) -> tuple[UnscheduledVisit, ...]:
    zone = where.planner.site.zone
    anchor = timeline.anchor_date.toordinal()
    visits = []
    failed = where.history.failed
    for name, entry in (*failed, *where.history.unscheduled):
        event = entry.event
        assert event is not None, "what stands beside the plan has a date"
        day = study_day(event.day, anchor, day_zero=timeline.day_zero)
        end = to_local(event.end, zone) if entry.actual.end is not None else None
        visits.append(
            UnscheduledVisit(
                name,
                to_local(event.start, zone),
                end,
                day,
                entry.actual.reason,
                "failed" if (name, entry) in failed else "unscheduled",
            )
        )
    return tuple(sorted(visits, key=lambda visit: visit.start))
