"""One participant's plan with what has happened so far: settled visits stay, the rest follows."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from planner.brevity import brief
from planner.errors import PlannerError, argument
from planner.protocol.course import Course, TimingConstraint
from planner.protocol.expand import expand
from planner.protocol.fields import Mode
from planner.protocol.model import Protocol
from planner.schedule.undated import NOTHING_KNOWN, DecidedDates
from planner.site.calendar import SiteCalendar
from planner.timeline.assemble import assemble
from planner.timeline.availability import ANYTIME, Availability
from planner.timeline.business_days import counted_at
from planner.timeline.choices import choose, is_unblinded
from planner.timeline.course_planner import CoursePlanner, Plan
from planner.timeline.deviation import rules_broken
from planner.timeline.explain import explain, in_words
from planner.timeline.history import (
    NOT_DONE,
    VOID,
    History,
    RecordedTimes,
    failed_visits,
    left_out,
    occurrence_names,
    read_history,
    recorded_modes,
    usual_event,
    with_visit_ids,
    without_failed,
)
from planner.timeline.model import Timeline
from planner.timeline.plan import course_planner, named_choice
from planner.timeline.planned_places import planned_places
from planner.timeline.record import RecordFile, version_on
from planner.timeline.replanning import CommittedVisits, Replanner
from planner.timeline.shared_plans import SharedPlans
from planner.timeline.standing import ParticipantState
from planner.timeline.visit_status import with_history

_UNEXPLAINED = ("no plan keeps all windows",)


class PlannerCache:
    """The planners of one protocol at one site, one for each way through it, made once."""

    def __init__(
        self,
        protocol: Protocol,
        site: SiteCalendar,
        *,
        with_visits: Collection[str] | None = None,
        without_visits: Collection[str] = (),
        with_untied: bool = False,
    ) -> None:
        self.protocol = protocol
        self.with_untied = with_untied
        self.site = site
        choice = named_choice(protocol, with_visits, without_visits)
        self.with_visits = choice.with_visits
        self.without_visits = choice.without_visits
        self._wholes: dict[str | None, Course] = {}
        self._planners: dict[
            tuple[str | None, frozenset[str], bool, DecidedDates], CoursePlanner
        ] = {}
        self._own: dict[tuple[CoursePlanner, Availability], CoursePlanner] = {}
        self._ended: dict[tuple[str | None, frozenset[str], frozenset[str]], CoursePlanner] = {}
        self._by_modes: dict[tuple[CoursePlanner, frozenset[tuple[str, Mode]]], CoursePlanner] = {}

    def whole(self, arm: str | None) -> Course:
        """The course of an arm with all optional and conditional visits."""
        if arm not in self._wholes:
            self._wholes[arm] = counted_at(expand(self.protocol, arm), self.site)
        return self._wholes[arm]

    def planner(
        self,
        arm: str | None,
        left_out: frozenset[str],
        *,
        unblinded: bool,
        known: DecidedDates = NOTHING_KNOWN,
    ) -> CoursePlanner:
        """The planner of a course without the visits that do not apply.

        In a blinded study whose arms part it ends with the unblinding until that took place.

        Raises:
            PlannerError: as `course_planner`.
        """
        planner = self._planner(arm, left_out, unblinded, known._replace(dated=frozenset()))
        # A recorded date makes a difference only to those that have none without it.
        dated = known.dated & {visit.id for visit in planner.course.undated}
        if dated:
            planner = self._planner(arm, left_out, unblinded, known._replace(dated=dated))
        return planner

    def _planner(
        self, arm: str | None, left_out: frozenset[str], unblinded: bool, known: DecidedDates
    ) -> CoursePlanner:
        key = (arm, left_out, unblinded, known)
        if key not in self._planners:
            self._planners[key] = course_planner(
                self.protocol,
                self.site,
                arm=arm,
                with_visits=self.with_visits,
                without_visits=self.without_visits,
                left_out=left_out,
                unscheduled=True,
                unblinded=unblinded,
                known=known,
                with_untied=self.with_untied,
            )
        return self._planners[key]

    def for_participant(self, planner: CoursePlanner, available: Availability) -> CoursePlanner:
        """As `CoursePlanner.for_participant`, made once."""
        if available == ANYTIME:
            return planner
        key = (planner, available)
        if key not in self._own:
            self._own[key] = planner.for_participant(available)
        return self._own[key]

    def by_modes(self, planner: CoursePlanner, modes: Mapping[str, Mode]) -> CoursePlanner:
        """The same course with visits that take place in another way than usual, made once.

        Args:
            planner: of the course, for no participant in particular.
            modes: by the ids of visits, which need not be in the course.
        """
        course = planner.course
        visits = (*course.visits, *course.undated)
        usual = {visit.id: visit.visit.mode for visit in visits}
        others = {name: mode for name, mode in modes.items() if usual.get(name, mode) != mode}
        if not others:
            return planner
        key = (planner, frozenset(others.items()))
        if key not in self._by_modes:
            self._by_modes[key] = CoursePlanner(course.by_modes(others), self.site)
        return self._by_modes[key]

    def after_withdrawal(self, planner: CoursePlanner, void: frozenset[str]) -> CoursePlanner:
        """The same course with termination visits that count from what really took place.

        Of their timings those hold that lead to visits which took place or to each other, so that
        four weeks after the last session is four weeks after the last one that there was.
        """
        course = planner.course
        ending = {visit.id for visit in course.visits if visit.kind == "termination"} - void
        if not ending:
            return planner
        key = (course.arm, frozenset(planner.index), void)
        if key not in self._ended:
            known = frozenset(visit.id for visit in self.whole(course.arm).visits)
            gone = (known - planner.index.keys()) | void
            short = expand(self.protocol, course.arm, left_out=gone)
            rules = [rule for rule in course.rules if not _binds_any(rule, ending)]
            rules += [rule for rule in short.rules if _binds_any(rule, ending)]
            order = [rule for rule in course.order if not _binds_any(rule, ending)]
            order += [rule for rule in short.order if _binds_any(rule, ending)]
            ended = course._replace(rules=tuple(rules), order=tuple(order))
            self._ended[key] = CoursePlanner(ended, self.site)
        return self._ended[key]


def _binds_any(rule: TimingConstraint, visits: Collection[str]) -> bool:
    return rule.reference.visit in visits or rule.point.visit in visits


class RecordReading(NamedTuple):
    """A record read against its course: what of it is settled, before anything is dated by it.

    Attributes:
        today: the first date on which what is not settled can take place, ``None`` for any; after
            a withdrawal not before it.
        provisional: visits that depend on a decision not yet known.
        unrecorded: appointments that have passed, of which nobody recorded what became; they are
            settled, since nothing can be planned before today.
        against: appointments that a decision has done without.
    """

    planner: CoursePlanner
    history: History
    so_far: CommittedVisits
    today: date | None
    provisional: frozenset[str]
    unblinded: bool
    unrecorded: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()


def awaited(reading: RecordReading) -> frozenset[str]:
    """The visits that are still to take place, but for those that only may."""
    so_far = reading.so_far
    return frozenset(
        visit.id
        for visit in (*reading.planner.course.visits, *reading.planner.course.undated)
        if visit.kind != "event"
        and not (visit.visit.optional or visit.visit.unscheduled)
        and visit.id not in so_far.fixed
        and visit.id not in so_far.not_done
        and visit.id not in reading.provisional
    )


class Footing(NamedTuple):
    """From where the dates of a participant's course count.

    Attributes:
        so_far: what is settled, with an anchor visit whose date has passed.
        anchor: the date of the anchor visit, by the record or as planned; ``None`` while nothing
            dates it: then it is planned as any other visit, counted from what has taken place.
        origin: a settled visit to count from while there is no ``anchor``; else ``None``.
        start: the date of the origin, or of the anchor visit.
        unrecorded: as `RecordReading` has them, with an anchor visit of which nothing is recorded.
    """

    so_far: CommittedVisits
    anchor: date | None
    origin: str | None
    start: date
    unrecorded: frozenset[str]


def standing(
    courses: PlannerCache,
    file: RecordFile,
    *,
    arm: str | None = None,
    start: date | None = None,
    today: date | None = None,
) -> ParticipantState:
    """Reads a participant's record against the protocol.

    Args:
        courses: the protocol and the site.
        file: the record.
        arm: an arm's id; the record's own, or the first one, when ``None``.
        start: date of the anchor visit where the record has none.
        today: the first date on which what is not settled can take place; any when ``None``.

    Raises:
        PlannerError: the record does not belong to this protocol, or nothing in it has a date.
    """
    record_reading = reading(courses, file, arm=arm, start=start, today=today)
    footing = footing_of(record_reading, file, start)
    return ParticipantState(
        Replanner(record_reading.planner, footing.so_far, origin=footing.origin),
        record_reading.history,
        footing.anchor,
        footing.start,
        today,
        record_reading.provisional,
        file.record.gates,
        record_reading.unblinded,
        footing.unrecorded,
        record_reading.against,
    )


def footing_of(reading: RecordReading, file: RecordFile, start: date | None = None) -> Footing:
    """From where a participant's dates count; the same for every question about a record.

    An anchor visit that was planned for a date before today keeps it, though nothing is recorded:
    everything counts from there.

    Args:
        reading: the record as read.
        file: the record.
        start: date of the anchor visit where the record has none.

    Raises:
        PlannerError: nothing in the record has a date.
    """
    course, so_far, unrecorded = reading.planner.course, reading.so_far, reading.unrecorded
    assert course.anchor is not None, "courses without an anchor have been refused"
    anchor = anchor_date(file, course, reading.history) or start
    if anchor is None:
        first = first_settled(so_far)
        if first is None:
            raise PlannerError(
                f"{file.path}: nothing dates `{course.anchor}`, from which all days count, and"
                " nothing has a date yet; record `start`, its planned date, or what has taken place"
                f" (one participant's plan can take {argument('start', 'DATE')} instead)"
            )
        return Footing(so_far, None, *first, unrecorded)
    is_open = course.anchor not in so_far.fixed and course.anchor not in so_far.not_done
    if is_open and so_far.today is not None and anchor.toordinal() < so_far.today:
        event = usual_event(course.visit(course.anchor), course, anchor, reading.planner.site)
        so_far = so_far._replace(fixed={**so_far.fixed, course.anchor: event})
        unrecorded |= {course.anchor}
    return Footing(so_far, anchor, None, anchor, unrecorded)


def first_settled(so_far: CommittedVisits) -> tuple[str, date] | None:
    """The earliest visit that is settled and its date; ``None`` where nothing is."""
    if not so_far.fixed:
        return None
    name, event = min(so_far.fixed.items(), key=lambda item: item[1].start)
    return name, date.fromordinal(event.day)


def reading(
    courses: PlannerCache,
    file: RecordFile,
    *,
    arm: str | None = None,
    start: date | None = None,
    today: date | None = None,
) -> RecordReading:
    """Reads a record against the protocol, as `standing` does, whether or not the anchor is dated.

    Args:
        courses: of the protocol and the site.
        file: the record.
        arm: an arm's id; the record's own when ``None``.
        start: date of the anchor visit where the record has none.
        today: nothing is planned before this date; ``None`` where no date is today.

    Raises:
        PlannerError: the record does not belong to this protocol, or another version of it holds.
    """
    record = file.record
    if record.protocol is not None and record.protocol != courses.protocol.id:
        raise PlannerError(
            f"{file.path}: this record is of `{record.protocol}`, not of `{courses.protocol.id}`"
        )
    held = version_on(record, today)
    if held is not None and held.version != courses.protocol.version:
        raise PlannerError(
            f"{file.path}: by this record version `{held.version}` of `{courses.protocol.id}` holds"
            f" from {held.start} on, and this is version `{courses.protocol.version}`; give the"
            " protocol of that version, or go on to this one with `planner amend`"
        )
    arm = record.arm if arm is None else arm
    whole = courses.whole(arm)
    failed = failed_visits(file, whole, courses.site)
    file = _with_events(with_visit_ids(without_failed(file), courses.protocol), whole)
    record = file.record
    names = occurrence_names(file, whole)
    choices = choose(file, names, whole, courses.with_visits or ())
    statuses = {name: actual.status for name, actual in zip(names, record.visits, strict=True)}
    unblinded = is_unblinded(statuses, whole)
    left = _need_not_be(left_out(file, names), whole) | choices.left_out
    known = DecidedDates(
        choices.provisional,
        _dated_by_record(file, names, whole),
        choices.awaited,
        _never_dated(file, names, whole),
    )
    planner = courses.planner(arm, left, unblinded=unblinded, known=known)
    history = read_history(file, names, planner.course, courses.site)._replace(failed=failed)
    void = history.names(*NOT_DONE)
    settled = {**history.events("occurred"), **history.events(*NOT_DONE)}
    booked = history.events("booked")
    limit = today
    if record.withdrawn is not None:
        limit = record.withdrawn if today is None else max(today, record.withdrawn)
        called_off = _called_off(planner.course, history, record.withdrawn)
        void |= called_off
        booked = {name: event for name, event in booked.items() if name not in void}
        planner = courses.after_withdrawal(planner, called_off | void)
    planner = courses.by_modes(planner, recorded_modes(file, names, whole))
    planner = courses.for_participant(planner, record.availability)
    # Nothing is planned before the limit, so what is booked there can only stay.
    standing_still = _before(booked, limit)
    unrecorded = frozenset(_before(booked, today or limit))
    so_far = CommittedVisits(
        fixed={**settled, **standing_still},
        booked={name: event for name, event in booked.items() if name not in standing_still},
        not_done=void,
        today=None if limit is None else limit.toordinal(),
    )
    missed = _common_dates_past(planner, so_far, today)
    so_far = so_far._replace(fixed={**missed, **so_far.fixed})
    unrecorded |= missed.keys()
    unplaced = (history.names(*NOT_DONE) & planner.index.keys()) - settled.keys()
    if unplaced:
        places = planned_places(planner, so_far, unplaced, record.start or start)
        so_far = so_far._replace(fixed={**so_far.fixed, **places})
    return RecordReading(
        planner, history, so_far, limit, choices.provisional, unblinded, unrecorded, choices.against
    )


def _common_dates_past(
    planner: CoursePlanner, so_far: CommittedVisits, today: date | None
) -> dict[str, RecordedTimes]:
    """What was to take place on one date for everybody, before today, and is not recorded."""
    return {
        visit.id: usual_event(visit, planner.course, visit.visit.date, planner.site)
        for visit in planner.course.visits
        if visit.visit.date is not None
        and today is not None
        and visit.visit.date < today
        and visit.id not in so_far.fixed
        and visit.id not in so_far.booked
        and visit.id not in so_far.not_done
    }


def _with_events(file: RecordFile, whole: Course) -> RecordFile:
    """The record with an unscheduled visit of the protocol as one that occurred.

    Some record it as `unscheduled`, as what no protocol has. Where it is recorded so again, those
    lines stand beside the plan.
    """
    lines = file.record.visits
    named = {actual.name for actual in lines if actual.status != "unscheduled"}
    happening = {visit.id for visit in whole.visits if visit.visit.unscheduled} - named
    actuals = list(lines)
    for at, actual in enumerate(lines):
        if actual.status == "unscheduled" and actual.name in happening:
            happening.discard(actual.name)
            actuals[at] = actual.model_copy(update={"status": "occurred"})
    if actuals == list(lines):
        return file
    return file._replace(record=file.record.model_copy(update={"visits": tuple(actuals)}))


def _need_not_be(visits: Collection[str], whole: Course) -> frozenset[str]:
    """Those of some visits that only may be in the course: others never count on them."""
    return frozenset(
        visit.id
        for visit in whole.visits
        if visit.id in visits
        and (
            visit.visit.optional
            or visit.visit.when is not None
            or visit.visit.unscheduled
            or visit.ends_by is not None
        )
    )


def _dated_by_record(file: RecordFile, names: list[str], whole: Course) -> frozenset[str]:
    """The visits whose line gives them a date; a withdrawal dates the termination visits."""
    last = dict(zip(names, file.record.visits, strict=True))
    settling = ("occurred", "booked", *NOT_DONE)
    dated = {
        name
        for name, actual in last.items()
        if actual.start is not None and actual.status in settling
    }
    if file.record.withdrawn is not None:
        dated |= {visit.id for visit in whole.visits if visit.kind == "termination"}
    return frozenset(dated)


def _never_dated(file: RecordFile, names: list[str], whole: Course) -> frozenset[str]:
    """The unscheduled visits that are recorded as not taking place: nobody had planned a date."""
    last = dict(zip(names, file.record.visits, strict=True))
    return frozenset(
        visit.id
        for visit in whole.visits
        if visit.visit.unscheduled
        and (actual := last.get(visit.id)) is not None
        and actual.status in VOID
        and actual.start is None
    )


def _before(events: Mapping[str, RecordedTimes], limit: date | None) -> dict[str, RecordedTimes]:
    if limit is None:
        return {}
    return {name: event for name, event in events.items() if event.day < limit.toordinal()}


def _called_off(course: Course, history: History, withdrawn: date) -> frozenset[str]:
    """What does not take place any more: all that is not recorded but the termination visits.

    Appointments before the withdrawal stand until somebody records what became of them.
    """
    before = _before(history.events("booked"), withdrawn)
    kept = history.names("occurred", *NOT_DONE) | before.keys()
    every = (*course.visits, *course.undated)
    return frozenset(
        visit.id for visit in every if visit.id not in kept and visit.kind != "termination"
    )


def anchor_date(file: RecordFile, course: Course, history: History) -> date | None:
    """The date of the anchor visit by its line in the record, else as the record plans it."""
    assert course.anchor is not None, "courses without an anchor have been refused"
    entry = history.entries.get(course.anchor)
    if entry is not None and entry.event is not None:
        return date.fromordinal(entry.event.day)
    return file.record.start


def plan_participant(
    courses: PlannerCache,
    file: RecordFile,
    *,
    arm: str | None = None,
    start: date | None = None,
    today: date | None = None,
    shared: SharedPlans | None = None,
) -> Timeline:
    """The timeline of one participant with what has happened so far.

    Exact: what is settled stays; of all plans for the rest that keep every window the one that
    moves the fewest bookings, and then lies nearest the targets. Where no plan keeps them, the one
    with the least total deviation, marked at each visit, with the reasons that force it.

    Args:
        courses: the protocol and the site.
        file: the participant's record.
        arm, start, today: as `standing` takes them.
        shared: what participants share, of many who are planned from the same date.

    Raises:
        PlannerError: as `standing`; or the site is never open when a visit could be.
    """
    return plan_standing(standing(courses, file, arm=arm, start=start, today=today), file, shared)


def plan_standing(
    where: ParticipantState,
    file: RecordFile,
    shared: SharedPlans | None = None,
    *,
    explained: bool = True,
) -> Timeline:
    """The timeline from where a participant stands; see `plan_participant`.

    Not ``explained``, ``forced`` says of a plan that breaks windows only that it does.
    """
    planner, start = where.planner, where.start
    known = None
    if shared is not None and file.record.withdrawn is None:  # that course is shared by nobody
        known = shared.plan(planner, start)
    plan = planner.plan(start) if known is None else known.plan
    forced: tuple[str, ...] = ()
    if plan is None or (known is not None and not known.keeps_windows):
        plan = plan or planner.least_deviation(start)
        # What a withdrawal has called off forces nothing, wherever it would have been.
        if plan is None or file.record.withdrawn is None or _concerns_anyone(where, plan):
            is_asked = explained or plan is None
            forced = in_words(explain(planner, start)) if is_asked else _UNEXPLAINED
        if plan is None:
            raise PlannerError(
                f"{file.path}: no plan, not even outside the windows: {'; '.join(brief(forced))}"
            )
    assert planner.course.anchor is not None, "courses without an anchor have been refused"
    plan = plan._replace(anchor=plan.visits[planner.index[planner.course.anchor]].day)
    timeline = assemble(
        planner.course,
        planner.site,
        plan,
        file.record.participant,
        unblinded=where.unblinded,
        done=file.record.reminders,
    )
    timeline = with_history(timeline, where, plan, forced)
    void = planner.so_far.not_done
    live = tuple(reminder for reminder in timeline.reminders if reminder.visit not in void)
    return replace(timeline, reminders=live)


def _concerns_anyone(where: ParticipantState, plan: Plan) -> bool:
    """Whether a plan is outside the windows of visits that are still to take place."""
    so_far = where.planner.so_far
    live = where.planner.index.keys() - so_far.fixed.keys() - so_far.not_done
    placed = dict(zip(where.planner.index, plan.visits, strict=True))
    return any(
        live & {breach.rule.reference.visit, breach.rule.point.visit}
        for breach in rules_broken(where.planner.course, placed)
    )
