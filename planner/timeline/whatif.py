"""What an appointment, a visit held, a miss or a withdrawal does to the rest of a plan.

The plan as it stands is set beside the one in which the steps have been taken: a moved or booked
visit is an appointment that stays where it was put, inside its window or not; one that took place
lies where it did; a missed or cancelled one will not take place, though others count from where it
was due. Nothing is written.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError

from planner.errors import PlannerError, argument, did_you_mean
from planner.protocol.course import Course, Occurrence
from planner.protocol.field_types import quoted
from planner.schedule.named_visits import visit_named
from planner.schedule.visit_numbers import label_of
from planner.timeline.assemble import tells_arm
from planner.timeline.availability import ANYTIME
from planner.timeline.history import RecordedTimes, occurrence_names
from planner.timeline.model import DatedVisit, Timeline, WaitingVisit
from planner.timeline.participant_state import PlannerCache, plan_standing, standing
from planner.timeline.record import Actual, Moment, Record, RecordFile
from planner.timeline.replanning import Replanner
from planner.timeline.standing import ParticipantState

OVER = ("occurred", "missed", "cancelled")
_NEVER = datetime.max.replace(tzinfo=UTC)


StepKind = Literal["move", "book", "occur", "miss", "cancel"]
_STATUSES = {"move": "booked", "book": "booked", "occur": "occurred", "miss": "missed",
             "cancel": "cancelled"}  # fmt: skip
_APPOINTMENTS = ("move", "book")


class WhatIfStep(NamedTuple):
    """One thing to try with one visit.

    Attributes:
        kind: an appointment that is moved or made, a visit that took place, was missed or is
            cancelled.
        visit: by id, number or title.
        to: where the appointment is put, when the visit took place, or when it was due.
        until: when it was over.
        reason: why, as the record says it.
        note: a remark in the record.
    """

    kind: StepKind
    visit: str
    to: Moment | None = None
    until: Moment | None = None
    reason: str | None = None
    note: str | None = None


class Taken(NamedTuple):
    """A step as it was taken; ``closed`` is why nobody is at the site then, if so."""

    step: WhatIfStep
    title: str
    label: str
    closed: str | None


class VisitChange(NamedTuple):
    """A visit before and after the steps; ``None`` where it does not take place, or is hidden.

    Without a date it is a `WaitingVisit`.
    """

    id: str
    title: str
    label: str
    before: DatedVisit | WaitingVisit | None
    after: DatedVisit | WaitingVisit | None

    @property
    def days(self) -> int:
        """By how many days it is later."""
        if not isinstance(self.before, DatedVisit) or not isinstance(self.after, DatedVisit):
            return 0
        return (self.after.start.date() - self.before.start.date()).days

    @property
    def lost_booking(self) -> datetime | None:
        """The appointment that cannot be kept any more."""
        if not isinstance(self.after, DatedVisit) or self.after.booked is None:
            return None
        had = isinstance(self.before, DatedVisit) and self.before.booked
        return None if had else self.after.booked

    @property
    def breaks(self) -> str | None:
        """How it lies outside its windows, if it did not do so before."""
        if not isinstance(self.after, DatedVisit) or self.after.status in OVER:
            return None
        before = self.before.deviation if isinstance(self.before, DatedVisit) else None
        return self.after.deviation if self.after.deviation != before else None

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Gates that it waits for now, and did not before."""
        known = self.before.waiting_for if isinstance(self.before, DatedVisit) else ()
        now = self.after.waiting_for if isinstance(self.after, DatedVisit) else ()
        return tuple(gate for gate in now if gate not in known)


class WhatIf(NamedTuple):
    """All that some steps would change.

    ``changes`` has the visits of the steps first and then the others, each by its later date;
    ``unchanged`` counts the rest. ``kept`` says that no visit to come lies outside a window.
    ``record`` is the participant's record after the steps, and ``written`` what it has been written
    to, ``None`` as long as nothing is.
    """

    before: Timeline
    after: Timeline
    taken: tuple[Taken, ...]
    changes: tuple[VisitChange, ...]
    unchanged: int
    kept: bool
    record: Record
    written: str | None = None


def what_if(
    courses: PlannerCache,
    file: RecordFile,
    steps: Sequence[WhatIfStep],
    *,
    arm: str | None = None,
    start: date | None = None,
    today: date | None = None,
    recording: bool = False,
) -> WhatIf:
    """Sets the plan of a participant beside the one after some steps.

    Args:
        courses: the protocol and the site.
        file: the participant's record; an empty one for a participant yet to begin.
        steps: what to try, each with a visit of its own.
        arm, start, today: as `planner.timeline.participant_state.standing` takes them.
        recording: whether what is recorded already may be corrected.

    Raises:
        PlannerError: a step names no visit, one twice, or one that is over; it puts an appointment
            before today, or what took place after it; or as
            `planner.timeline.participant_state.plan_participant`.
    """
    state = standing(courses, file, arm=arm, start=start, today=today)
    whole = courses.whole(file.record.arm if arm is None else arm)
    steps = _named(steps, file, whole, state, recording=recording)
    tried = _with_steps(file, steps, state, whole)
    there = standing(courses, tried, arm=arm, start=start, today=today)
    there = _held(there, [step.visit for step in steps if step.kind in _APPOINTMENTS])
    answer = _compared(plan_standing(state, file), plan_standing(there, tried), tried.record, steps)
    return answer._replace(taken=tuple(_taken(step, there, whole) for step in steps))


def what_if_recorded(
    courses: PlannerCache, file: RecordFile, record: Record, *, today: date | None = None
) -> WhatIf:
    """Sets the plan of a participant beside the one by another record, such as after a withdrawal.

    Args:
        courses: the protocol and the site.
        file: the record as it is.
        record: as it would be.
        today: as `planner.timeline.participant_state.standing` takes it.

    Raises:
        PlannerError: as `planner.timeline.participant_state.plan_participant`.
    """
    before, after = (
        plan_standing(standing(courses, each, today=today), each)
        for each in (file, file._replace(record=record))
    )
    return _compared(before, after, record, ())


def _compared(
    before: Timeline, after: Timeline, record: Record, steps: Sequence[WhatIfStep]
) -> WhatIf:
    changes, unchanged = _changes(before, after, [step.visit for step in steps])
    kept = not after.forced and not any(
        visit.deviation and visit.status not in OVER for visit in after.visits
    )
    return WhatIf(before, after, (), changes, unchanged, kept, record)


def empty_record(code: str, start: date) -> RecordFile:
    """The record of a participant of whom only the planned date of the anchor visit is known."""
    return RecordFile(argument("start"), Record(participant=code, start=start), ())


def _named(
    steps: Sequence[WhatIfStep],
    file: RecordFile,
    whole: Course,
    state: ParticipantState,
    *,
    recording: bool,
) -> tuple[WhatIfStep, ...]:
    """The steps with the occurrences that they mean."""
    course = state.planner.course
    lines = zip(occurrence_names(file, whole), file.record.visits, strict=True)
    last = {name: actual for name, actual in lines if actual.status != "failed"}
    visits = [*course.visits, *course.undated]
    here_already = {visit.id for visit in visits}
    # What nobody has planned can happen, and then dates what waits for it.
    happening = [
        visit
        for visit in whole.visits
        if visit.visit.unscheduled
        and visit.id not in here_already
        and (state.unblinded or not tells_arm(visit, course.protocol))
    ]
    named_steps: list[WhatIfStep] = []
    for asked in steps:
        step = asked
        option = argument("visit" if recording else step.kind)
        known = visits if step.kind in ("miss", "cancel") else [*visits, *happening]
        visit = visit_named(step.visit, whole.protocol, option)
        name = _occurrence(visit, known, option)
        if any(step.visit == name for step in named_steps):
            raise PlannerError(f"{option}: `{name}` is named twice; try one thing at a time")
        status = last[name].status if name in last else ""
        if not recording and (status in OVER or status == "not-applicable"):
            raise PlannerError(
                f"{option}: `{name}` is recorded as {status}; what has happened cannot be changed"
            )
        if name in state.planner.so_far.not_done:
            raise PlannerError(f"{option}: `{name}` was cancelled by the withdrawal")
        if recording and step.to is None and step.kind in ("occur", "miss"):
            step = step._replace(to=_due(name, state))
        _check_day(step, argument("on") if recording else option, state.today)
        named_steps.append(step._replace(visit=name))
    return tuple(named_steps)


def _check_day(step: WhatIfStep, option: str, today: date | None) -> None:
    """Refuses appointments in the past, and a past that lies in the future."""
    if step.to is None or today is None:
        return
    if step.kind in _APPOINTMENTS and step.to.day < today:
        raise PlannerError(f"{option}: {step.to.day} is before {argument('today')} {today}")
    if step.kind in ("occur", "miss") and step.to.day > today:
        raise PlannerError(
            f"{option}: {step.to.day} is after {argument('today')} {today}; what is to come can be"
            " booked or cancelled"
        )


def _occurrence(name: str, visits: Sequence[Occurrence], option: str) -> str:
    known = [visit.id for visit in visits]
    if name in known:
        return name
    own = [visit.id for visit in visits if visit.visit.id == name]
    if len(own) == 1:
        return own[0]
    if own:
        raise PlannerError(f"{option}: `{name}` occurs {len(own)} times; write {_either(own)}")
    hint = did_you_mean(name, [*known, *(visit.visit.id for visit in visits)], before="; ")
    raise PlannerError(f"{option}: {quoted(name)} is not a visit of this course{hint}")


def _either(names: Sequence[str]) -> str:
    quoted_names = [f"`{name}`" for name in names[:3]]
    return ", ".join(quoted_names) + (", ..." if len(names) > 3 else "")


def _with_steps(
    file: RecordFile, steps: Sequence[WhatIfStep], state: ParticipantState, whole: Course
) -> RecordFile:
    """The record as it would be: the line of each visit replaced, or one more."""
    names = occurrence_names(file, whole)
    lines = list(file.record.visits)
    for step in steps:
        held = [
            at
            for at, name in enumerate(names)
            if name == step.visit and lines[at].status != "failed"
        ]
        if held:
            lines[held[-1]] = _line(step, state, lines[held[-1]])
        else:
            lines.append(_line(step, state, None))
    return file._replace(record=file.record.model_copy(update={"visits": tuple(lines)}))


def _line(step: WhatIfStep, state: ParticipantState, held: Actual | None) -> Actual:
    """What the record says of a visit after a step; a remark that is there stays.

    Raises:
        PlannerError: the visit is over before it starts, or a text is too long.
    """
    start = step.to
    if start is None and step.kind in ("miss", "cancel"):
        start = _due(step.visit, state)
    if start is None and step.kind not in ("miss", "cancel"):
        raise PlannerError(
            f"{argument('on')}: `{step.visit}` has no appointment that would tell the date; give it"
        )
    data: dict[str, Any] = {
        "visit": step.visit if held is None else held.visit,
        "occurrence": None if held is None else held.occurrence,
        "status": _STATUSES[step.kind],
        "start": start,
        "end": step.until,
        "mode": None if held is None or step.kind in ("miss", "cancel") else held.mode,
        "reason": step.reason or (None if held is None else held.reason),
        "note": step.note or (None if held is None else held.note),
    }
    known = {name: value for name, value in data.items() if value is not None}
    try:
        return Actual.model_validate(known)
    except ValidationError as error:
        why = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise PlannerError(f"`{step.visit}`: {why}") from None


def _due(name: str, state: ParticipantState) -> Moment | None:
    """The date of an appointment, which others count from; ``None`` where it has none."""
    entry = state.history.entries.get(name)
    if entry is None or entry.actual.status != "booked":
        return None
    return entry.actual.start


def _held(there: ParticipantState, moved: Collection[str]) -> ParticipantState:
    """Where moved visits stay, whatever their windows."""
    so_far = there.planner.so_far
    held: dict[str, RecordedTimes] = {
        name: so_far.booked[name] for name in moved if name in so_far.booked
    }
    if not held:
        return there
    so_far = so_far._replace(
        fixed={**so_far.fixed, **held},
        booked={name: event for name, event in so_far.booked.items() if name not in held},
    )
    planner = Replanner(there.planner.before, so_far, origin=there.planner.origin)
    return there._replace(planner=planner)


def _taken(step: WhatIfStep, there: ParticipantState, whole: Course) -> Taken:
    planner = there.planner
    closed = None
    if step.to is not None and step.kind in _APPOINTMENTS:
        event = planner.so_far.fixed[step.visit]
        pattern = planner.patterns[planner.index[step.visit]].for_participant(ANYTIME)
        closed = pattern.why_not(event.day) or None
    visit = whole.visit(step.visit)
    return Taken(step, visit.title, label_of(visit, whole.protocol), closed)


def _changes(
    before: Timeline, after: Timeline, named: Sequence[str]
) -> tuple[tuple[VisitChange, ...], int]:
    old = {visit.id: visit for visit in before.listed()}
    new = {visit.id: visit for visit in after.listed()}
    changes, unchanged = [], 0
    for name in dict.fromkeys((*new, *old)):
        visit = new.get(name) or old[name]
        change = VisitChange(name, visit.title, visit.label, old.get(name), new.get(name))
        if name in named or _differs(change):
            changes.append(change)
        else:
            unchanged += 1
    changes.sort(key=lambda change: (change.id not in named, _last_start(change)))
    return tuple(changes), unchanged


def _last_start(change: VisitChange) -> datetime:
    starts = (
        visit.start for visit in (change.before, change.after) if isinstance(visit, DatedVisit)
    )
    return max(starts, default=_NEVER)


def _differs(change: VisitChange) -> bool:
    if not isinstance(change.before, DatedVisit) or not isinstance(change.after, DatedVisit):
        return change.before != change.after
    return any(
        getattr(change.before, name) != getattr(change.after, name)
        for name in (
            "start",
            "status",
            "deviation",
            "booked",
            "provisional",
            "waiting_for",
            "unmet",
        )
    )
