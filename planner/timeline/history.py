"""A participant's record read against the course: which visits are settled, and how."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.errors import PlannerError, did_you_mean
from planner.protocol.course import Course, Occurrence
from planner.protocol.field_types import quoted
from planner.protocol.fields import Mode
from planner.protocol.model import Protocol
from planner.schedule.named_visits import visit_named
from planner.site.calendar import SiteCalendar
from planner.time.distance import MINUTES_A_DAY
from planner.time.local import SkippedLocalTime, day_of, first_instant, to_instant
from planner.timeline.candidates import planned_minutes
from planner.timeline.record import Actual, Moment, RecordFile

VOID = ("missed", "cancelled")
"""Statuses of visits that did not take place, though others may count from where they were due."""
NOT_DONE = (*VOID, "not-applicable")
"""The same with visits that this participant need not have: others count from where those were
planned, and nothing shows them."""


class RecordedTimes(NamedTuple):
    """Where a recorded visit lies: instants (UTC minutes since 1970) and ordinals of local dates.

    ``timed`` says that its time of day is recorded and not taken from the protocol.
    """

    start: int
    day: int
    end: int
    end_day: int
    timed: bool


class RecordedVisit(NamedTuple):
    """What holds of one occurrence: its line in the record, and when it lies if that says.

    ``at`` is the line's position in the record.
    """

    actual: Actual
    event: RecordedTimes | None
    at: int


class History(NamedTuple):
    """What a record says of one course, by occurrence id.

    ``entries`` are the visits of the course, ``left_out`` those that do not apply and are not in
    it, ``unscheduled`` those that nobody had planned, in the order of the record, and ``failed``
    screenings that were not passed.
    """

    entries: Mapping[str, RecordedVisit]
    left_out: frozenset[str]
    unscheduled: tuple[tuple[str, RecordedVisit], ...]
    failed: tuple[tuple[str, RecordedVisit], ...] = ()

    def events(self, *statuses: str) -> dict[str, RecordedTimes]:
        """The dated visits of these statuses, by occurrence id."""
        return {
            name: entry.event
            for name, entry in self.entries.items()
            if entry.event is not None and entry.actual.status in statuses
        }

    def names(self, *statuses: str) -> frozenset[str]:
        """The occurrences of these statuses, dated or not."""
        return frozenset(
            name for name, entry in self.entries.items() if entry.actual.status in statuses
        )


def without_failed(file: RecordFile) -> RecordFile:
    """The record without screenings that were not passed: nothing is planned by them.

    Args:
        file: the record.
    """
    kept = [at for at, actual in enumerate(file.record.visits) if actual.status != "failed"]
    return with_lines(file, kept)


def failed_visits(
    file: RecordFile, course: Course, site: SiteCalendar
) -> tuple[tuple[str, RecordedVisit], ...]:
    """The screenings of a record that were not passed, by occurrence id and in its order.

    Args:
        file: the record.
        course: with every visit that a line may mean.
        site: whose clock the record's times are of.

    Raises:
        PlannerError: a line means no visit of the course, or one that is no screening, or has a
            time that the site's clock never showed.
    """
    lines = [at for at, actual in enumerate(file.record.visits) if actual.status == "failed"]
    failed = []
    alone = with_lines(file, lines)
    names = occurrence_names(alone, course) if lines else []
    for number, (at, name) in enumerate(zip(lines, names, strict=True)):
        occurrence = course.visit(name)
        actual = alone.record.visits[number]
        if occurrence.kind != "screening" and occurrence.epoch.kind != "screening":
            raise PlannerError(
                f"{file.path}:{file.line(at)}: `{name}` is no screening; only a screening is"
                " recorded as `failed`"
            )
        minutes = planned_minutes(occurrence)
        event = _event(alone, number, actual, minutes, 0, _usual_times(occurrence, course), site)
        failed.append((name, RecordedVisit(actual, event, at)))
    return tuple(failed)


def with_lines(file: RecordFile, lines: list[int]) -> RecordFile:
    """The record with some of its lines only.

    Args:
        file: the record.
        lines: their positions in it, in order.
    """
    if len(lines) == len(file.record.visits):
        return file
    visits = tuple(file.record.visits[at] for at in lines)
    record = file.record.model_copy(update={"visits": visits})
    return file._replace(record=record, lines=tuple(file.line(at) for at in lines))


def with_visit_ids(file: RecordFile, protocol: Protocol) -> RecordFile:
    """The record with its visits by their ids, whatever names it has for them.

    Args:
        file: the record.
        protocol: whose visits its lines mean; unscheduled ones have ids of the record's own.

    Raises:
        PlannerError: a line means several visits, or none.
    """
    ids = [
        actual.visit
        if actual.status == "unscheduled"
        else visit_named(actual.visit, protocol, f"{file.path}:{file.line(at)}")
        for at, actual in enumerate(file.record.visits)
    ]
    if ids == [actual.visit for actual in file.record.visits]:
        return file
    visits = tuple(
        actual.model_copy(update={"visit": name})
        for actual, name in zip(file.record.visits, ids, strict=True)
    )
    return file._replace(record=file.record.model_copy(update={"visits": visits}))


def occurrence_names(file: RecordFile, whole: Course) -> list[str]:
    """The occurrence that each line of a record means, in its order; unscheduled ones as written.

    Args:
        file: the record.
        whole: the course with every optional and conditional visit.

    Raises:
        PlannerError: a line names no visit of the course, or one of several without saying which;
            or a visit has another line after the one that says what became of it, whatever names
            they have for it; a screening may have failed any number of times besides.
    """
    file = with_visit_ids(file, whole.protocol)
    known = {visit.id for visit in whole.visits}
    cycles: dict[str, list[str]] = {}
    for visit in whole.visits:
        cycles.setdefault(visit.visit.id, []).append(visit.id)
    names = [
        actual.name if actual.status == "unscheduled" else _name(file, at, actual, known, cycles)
        for at, actual in enumerate(file.record.visits)
    ]
    _refuse_two_lines(file, names)
    return names


def misnamed_visits(file: RecordFile, whole: Course) -> list[tuple[int, str]]:
    """The line and the message of each mistake in how a record names visits; none if all is well.

    A `mode` that a visit cannot have is one, too.

    Args:
        file: the record.
        whole: as `occurrence_names` takes it.
    """
    failed = [at for at, actual in enumerate(file.record.visits) if actual.status == "failed"]
    first = _misnamed(without_failed(file), whole) or _misnamed(with_lines(file, failed), whole)
    if not first:
        return []
    each = [_misnamed(with_lines(file, [at]), whole) for at in range(len(file.record.visits))]
    # Where nothing is wrong with any line alone, two of them mean the same visit.
    return [mistake for alone in each for mistake in alone] or first


def _misnamed(file: RecordFile, whole: Course) -> list[tuple[int, str]]:
    try:
        recorded_modes(file, occurrence_names(file, whole), whole)
    except PlannerError as error:
        place, _, message = str(error).removeprefix(f"{file.path}:").partition(": ")
        return [(int(place), message)]
    return []


def recorded_modes(file: RecordFile, names: list[str], whole: Course) -> dict[str, Mode]:
    """How visits take place of which the record says it, by occurrence id.

    Args:
        file: the record.
        names: the occurrence of each line, as `occurrence_names` gives them.
        whole: the course with every visit that a line may mean.

    Raises:
        PlannerError: a visit cannot take place in that way by the protocol.
    """
    modes: dict[str, Mode] = {}
    for at, (name, actual) in enumerate(zip(names, file.record.visits, strict=True)):
        if actual.mode is None:
            continue
        allowed = whole.visit(name).visit.modes
        if actual.mode not in allowed:
            raise PlannerError(
                f"{file.path}:{file.line(at)}: `{name}` takes place by `mode:"
                f" {'` or `'.join(allowed)}`, not by `{actual.mode}`"
            )
        modes[name] = actual.mode
    return modes


def _refuse_two_lines(file: RecordFile, names: list[str]) -> None:
    """Of two lines on one visit nobody can say which one holds, unless the first was a plan.

    An appointment may be followed by another one, or by what became of it: the last line holds.
    """
    first: dict[str, int] = {}
    for at, (name, actual) in enumerate(zip(names, file.record.visits, strict=True)):
        if actual.status in ("unscheduled", "failed"):
            continue
        if name in first:
            raise PlannerError(
                f"{file.path}:{file.line(at)}: `{name}` is recorded here and on line"
                f" {file.line(first[name])}; keep the line that is right, and record another visit"
                " as `unscheduled`"
            )
        if actual.status not in ("planned", "booked"):
            first[name] = at


def _name(
    file: RecordFile, at: int, actual: Actual, known: set[str], cycles: dict[str, list[str]]
) -> str:
    if actual.name in known:
        return actual.name
    own = cycles.get(actual.visit, [])
    if actual.occurrence is None and len(own) == 1:
        return own[0]
    if actual.visit in known and actual.visit.endswith(f"-{actual.occurrence}"):
        return actual.visit  # `dosing-2`, occurrence 2
    if actual.occurrence == 1 and own == [actual.visit]:
        return actual.visit
    place = f"{file.path}:{file.line(at)}"
    if own and actual.occurrence is None:
        raise PlannerError(
            f"{place}: `{actual.visit}` occurs {len(own)} times; say which in `occurrence`"
        )
    if own:
        raise PlannerError(
            f"{place}: `{actual.visit}` has no occurrence {actual.occurrence}; it occurs"
            f" {'once' if len(own) == 1 else f'{len(own)} times'} in this course"
        )
    hint = did_you_mean(actual.name, sorted(known | set(cycles)), before="; ")
    raise PlannerError(
        f"{place}: {quoted(actual.name)} is not a visit of this course{hint}; a visit"
        " that was not planned has the status `unscheduled`"
    )


def left_out(file: RecordFile, names: list[str]) -> frozenset[str]:
    """The occurrences whose line says that they do not apply."""
    lines = zip(names, file.record.visits, strict=True)
    return frozenset(name for name, actual in lines if actual.status == "not-applicable")


def read_history(file: RecordFile, names: list[str], course: Course, site: SiteCalendar) -> History:
    """What a record says of a course; of several lines on one visit the last one holds.

    Args:
        file: the record.
        names: the occurrence of each line, as `occurrence_names` gives them.
        course: the participant's course, without the visits that do not apply.
        site: whose clock the record's times are of.

    Raises:
        PlannerError: a recorded time that the site's clock never showed, or a visit that ends
            before it starts.
    """
    occurrences = {visit.id: visit for visit in (*course.visits, *course.undated)}
    entries: dict[str, RecordedVisit] = {}
    unscheduled: list[tuple[str, RecordedVisit]] = []
    gone = left_out(file, names)
    for at, (name, actual) in enumerate(zip(names, file.record.visits, strict=True)):
        if actual.status == "unscheduled":
            event = _event(file, at, actual, 0, 0, (9 * 60, 9 * 60), site)
            unscheduled.append((name, RecordedVisit(actual, event, at)))
            continue
        occurrence = occurrences.get(name)
        if occurrence is None:
            continue  # it does not apply, or a decision has left it out
        nights = 0 if occurrence.visit.overnight is None else occurrence.visit.overnight.nights
        minutes = planned_minutes(occurrence)
        event = _event(file, at, actual, minutes, nights, _usual_times(occurrence, course), site)
        entries[name] = RecordedVisit(actual, event, at)
    return History(entries, gone, tuple(unscheduled))


def usual_event(
    occurrence: Occurrence, course: Course, day: date, site: SiteCalendar
) -> RecordedTimes:
    """Where a visit lies on a date at its usual time of day, whether or not the site is open.

    Args:
        occurrence: the visit.
        course: that it is of.
        day: on which it begins; it may end on another.
        site: in whose zone the usual times are.
    """
    usual, leave = _usual_times(occurrence, course)
    start = _instant(Moment(day), usual, site.zone)
    if occurrence.visit.overnight is None:
        end = start + planned_minutes(occurrence)
    else:
        night = date.fromordinal(day.toordinal() + occurrence.visit.overnight.nights)
        end = _instant(Moment(night), leave, site.zone)
    end_day = day_of(end, site.zone).toordinal()
    return RecordedTimes(start, day.toordinal(), end, end_day, timed=False)


def _usual_times(occurrence: Occurrence, course: Course) -> tuple[int, int]:
    """Minutes of the day at which a visit starts, and at which an overnight stay ends."""
    visit, conventions = occurrence.visit, course.protocol.conventions
    until = None if visit.overnight is None else visit.overnight.until
    usual = conventions.visit_time if visit.at is None else visit.at[0]
    return usual, conventions.leave_time if until is None else until


def _event(
    file: RecordFile,
    at: int,
    actual: Actual,
    minutes: int,
    nights: int,
    usual: tuple[int, int],
    site: SiteCalendar,
) -> RecordedTimes | None:
    """Where a line says that its visit lies; what it leaves open is as the protocol has it."""
    if actual.start is None:
        return None
    try:
        event = _lies(actual.start, actual.end, minutes, nights, usual, site.zone)
    except SkippedLocalTime as skipped:
        raise PlannerError(f"{file.path}:{file.line(at)}: `{actual.name}`: {skipped}") from None
    if event.end >= event.start:
        return event
    if not event.timed:
        return event._replace(start=event.end)  # it was over before its usual time of day
    if actual.end is not None and actual.end.minute is not None:
        raise PlannerError(f"{file.path}:{file.line(at)}: `{actual.name}` ends before it starts")
    return event._replace(end=event.start, end_day=event.day)


@lru_cache(maxsize=1 << 16)
def _lies(
    begin: Moment,
    until: Moment | None,
    minutes: int,
    nights: int,
    usual: tuple[int, int],
    zone: ZoneInfo,
) -> RecordedTimes:
    """Where a visit lies, as `_event`; those of a trial lie on few dates at few times of day."""
    start = _instant(begin, usual[0], zone)
    day = day_of(start, zone).toordinal()
    if until is None and not nights:
        end = start + minutes
    elif until is None:
        end = _instant(Moment(date.fromordinal(day + nights)), usual[1], zone)
    elif until.minute is None and until.day == date.fromordinal(day):
        end = start + minutes
    else:
        end = _instant(until, usual[1], zone)
    return RecordedTimes(start, day, end, day_of(end, zone).toordinal(), begin.minute is not None)


def _instant(moment: Moment, usual: int, zone: ZoneInfo) -> int:
    if moment.minute is None:
        # Nobody recorded this time of day: where it is skipped the next that exists will do.
        return first_instant(moment.day, usual, zone)
    if moment.offset is None:
        return to_instant(moment.day, moment.minute, zone)
    days = moment.day.toordinal() - date(1970, 1, 1).toordinal()
    return days * MINUTES_A_DAY + moment.minute - moment.offset
