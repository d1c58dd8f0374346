"""What took place otherwise than the protocol asks: each actual against the window in force then.

In force is what could be known when a visit took place: its rules, counted from the dates on which
the visits that they refer to really were. A rule between two visits is broken by the later one.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple

from planner.protocol.course import TimingConstraint
from planner.protocol.document import Path
from planner.protocol.file import ProtocolFile
from planner.schedule.build import allowed_window, broken_beyond, describe, describe_order
from planner.schedule.visit_numbers import label_of
from planner.time.distance import CalendarDistance, Distance, Window, turned
from planner.time.local import day_of, to_local
from planner.timeline.assemble import tells_arm, written_window
from planner.timeline.availability import ANYTIME
from planner.timeline.between_participants import CohortMember
from planner.timeline.course_planner import PlacedVisit
from planner.timeline.deviation import Outside, last_day_of, outside
from planner.timeline.history import NOT_DONE, RecordedVisit
from planner.timeline.model import DateWindow
from planner.timeline.participant_state import PlannerCache, RecordReading, awaited, reading
from planner.timeline.record import RecordFile
from planner.timeline.remaining_visits import settled
from planner.timeline.reminders import dated_reminders
from planner.timeline.ruled_out import NOTHING, Hindsight, RuledOut
from planner.timeline.undated import Undated, undated_visits

_NO_WINDOW = DateWindow(None, None)


class Deviation(NamedTuple):
    """One thing that is not as the protocol asks.

    Attributes:
        kind: ``early`` or ``late`` for its own window; ``out-of-order`` for a visit that took place
            before what it has to follow; ``wrong-interval`` for any other broken rule between two
            visits; ``missed`` as recorded; ``missing-gate`` for one that took place before a gate
            was passed; ``overdue`` when the last whole day of its window has passed without it.
            ``reminder-late`` and ``reminder-missed`` for what was to be done by a date before or
            after it. Between participants: ``too-soon`` after another one's visit, ``other-date``
            than the cohort's, ``early-review`` for a gate passed before a visit that it is about.
        actual: when it took place or, missed, was due; ``None`` where no date is recorded.
        window: the dates that the rule allowed.
        days: how far outside them; for a rule in hours and minutes ``minutes`` instead; 0 of what
            is not a matter of distance.
        rule: what the protocol asks, in words; ``source`` is where, as ``FILE:LINE``.
        ruled_out: later visits that could be inside their windows before this, and cannot after.
        why: the reasons for that.
        reason: what the record gives as the reason.
    """

    participant: str
    visit: str
    title: str
    label: str
    kind: str
    actual: datetime | None
    window: DateWindow
    days: int
    minutes: int
    rule: str
    source: str
    ruled_out: tuple[str, ...]
    why: tuple[str, ...]
    reason: str | None


class SiteNote(NamedTuple):
    """A visit that took place when the site, or its weekdays, would not have it: no deviation."""

    participant: str
    visit: str
    label: str
    actual: datetime
    text: str


class RecordJudgement(NamedTuple):
    """What there is to say of one record, in the order in which it came about; and what has no
    date, so that it deviates from nothing.

    ``member`` is what the records of other participants are held against; ``None`` where the record
    says no cohort.
    """

    deviations: tuple[Deviation, ...]
    notes: tuple[SiteNote, ...]
    undated: tuple[Undated, ...] = ()
    member: CohortMember | None = None


def judge(
    protocol: ProtocolFile, courses: PlannerCache, file: RecordFile, *, today: date | None = None
) -> RecordJudgement:
    """Holds a participant's record against the protocol.

    Args:
        protocol: where the rules stand.
        courses: the same protocol, at a site.
        file: the record.
        today: with it, what is overdue is told too.

    Raises:
        PlannerError: the record does not belong to this protocol.
    """
    return _Judge(protocol, reading(courses, file), file).judgement(today)


class _Judge:
    """Holds one record against the protocol."""

    def __init__(self, protocol: ProtocolFile, reading: RecordReading, file: RecordFile) -> None:
        self.protocol = protocol
        self.reading = reading
        self.file = file
        self.course = reading.planner.course
        self.zone = reading.planner.site.zone
        so_far = reading.so_far
        self.placed = {name: settled(so_far, name) for name in so_far.fixed}
        self.occurrences = {
            visit.id: visit for visit in (*self.course.visits, *self.course.undated)
        }
        # Who came first: by time, and in the order of the record where that is the same.
        self.order = sorted(
            so_far.fixed, key=lambda name: (so_far.fixed[name].start, self._entry(name).at)
        )
        self.hindsight = Hindsight(reading.planner, so_far.fixed, reading.history.names(*NOT_DONE))
        self.rules: dict[str, list[TimingConstraint]] = {}
        for rule in self.course.all_rules:
            for name in {rule.point.visit, rule.reference.visit}:
                self.rules.setdefault(name, []).append(rule)

    def judgement(self, today: date | None) -> RecordJudgement:
        deviations: list[Deviation] = []
        for at, name in enumerate(self.order):
            at_visit = list(self._of_settled(name))
            if at_visit:
                effect = self._effect(at)
                deviations += [
                    deviation._replace(
                        ruled_out=tuple(dict.fromkeys((*deviation.ruled_out, *effect.visits))),
                        why=effect.why,
                    )
                    for deviation in at_visit
                ]
        deviations += self._missed_without_date()
        deviations += self._reminders(today)
        if today is not None:
            deviations += self._overdue(today)
        return RecordJudgement(
            tuple(deviations),
            tuple(self._notes()),
            undated_visits(self.reading, self.file),
            self._member(),
        )

    def _member(self) -> CohortMember | None:
        """The participant among those of the cohort, with what took place."""
        record = self.file.record
        if record.cohort is None:
            return None
        occurred = frozenset(
            name for name in self.order if self._entry(name).actual.status == "occurred"
        )
        return CohortMember(
            record.participant,
            record.cohort,
            self.course,
            {name: self.placed[name] for name in occurred},
            occurred,
            awaited(self.reading) - self.placed.keys(),
            record.gates,
        )

    def _entry(self, name: str) -> RecordedVisit:
        return self.reading.history.entries[name]

    def _of_settled(self, name: str) -> Iterator[Deviation]:
        """What a visit broke by taking place when it did, or by being missed on its date."""
        entry = self._entry(name)
        if entry.actual.status != "occurred":
            if entry.actual.status == "missed" and not self.occurrences[name].visit.optional:
                yield self._missed(name)
            return
        yield from self._missing_gates(name)
        yield from self._another_date(name)
        turned_round: set[frozenset[str]] = set()
        for rule in self.rules.get(name, ()):
            ends = (rule.reference.visit, rule.point.visit)
            if not all(end in self.placed for end in ends) or ends[0] == ends[1]:
                continue
            if self._entry(rule.point.visit).actual.status != "occurred":
                continue  # what did not take place has kept to nothing
            breach = outside(rule, self.course, *(self.placed[end] for end in ends))
            if breach is not None:
                kind, blamed = self._verdict(breach)
                # That two visits came the other way round, or one not inside the other, is told
                # by the first of their rules.
                is_one = kind == "out-of-order" or rule.is_during
                is_told = is_one and frozenset(ends) in turned_round
                if blamed == name and not is_told:
                    yield self._broken(breach, kind, name)
                if is_one:
                    turned_round.add(frozenset(ends))

    def _verdict(self, breach: Outside) -> tuple[str, str]:
        """What kind of deviation a broken rule is, and of which of its two visits.

        Of two in the wrong order it is the earlier one, which was to follow; else the later one, by
        which the rule came to be broken. What was missed on its date breaks nothing.
        """
        rule = breach.rule
        window = broken_beyond(rule, self.course)
        assert window is not None, "what bounds nothing cannot be broken"
        reference, point = rule.reference.visit, rule.point.visit
        occurred = [end for end in self.order if end in (reference, point)]
        occurred = [end for end in occurred if self._entry(end).actual.status == "occurred"]
        if rule.is_during:
            return "late" if breach.minutes > 0 else "early", point
        if _is_turned_round(rule, window, self.placed):
            return "out-of-order", occurred[0]
        later = occurred[-1]
        own = not rule.backwards and not rule.is_constraint
        if point == later and own:
            return "late" if (breach.days or breach.minutes) > 0 else "early", later
        return "wrong-interval", later

    def _broken(self, breach: Outside, kind: str, name: str) -> Deviation:
        rule = breach.rule
        window = allowed_window(rule, self.course)
        other = rule.reference.visit if rule.point.visit == name else rule.point.visit
        return self._deviation(
            name,
            kind,
            window=_NO_WINDOW if window is None else self._allowed(rule, window, name),
            days=abs(breach.days),
            minutes=abs(breach.minutes),
            rule=describe(rule) if rule.order is None else describe_order(rule),
            path=rule.path,
            ruled_out=(other,) if kind == "out-of-order" else (),
        )

    def _allowed(self, rule: TimingConstraint, window: Window, name: str) -> DateWindow:
        """The dates that a rule allowed one of its visits, by where the other one really was."""
        other = rule.reference.visit if rule.point.visit == name else rule.point.visit
        if other not in self.placed:
            return DateWindow(None, None)
        there = self.placed[other]
        if rule.point.visit != name:
            # Seen from the other end, where a month back need not be a month on.
            window = turned(window)
        point = rule.reference if rule.point.visit != name else rule.point
        from_end = rule.point.end if rule.point.visit != name else rule.reference.end
        shift = self._days_to_start(name) if point.end else 0

        def reached(distance: Distance | None) -> date | None:
            if distance is None:
                return None
            if isinstance(distance, CalendarDistance):
                day = distance.after(date.fromordinal(there.end_day if from_end else there.day))
            else:
                start = there.end if from_end else there.start
                day = day_of(start + distance.minutes, self.zone)
            return date.fromordinal(day.toordinal() - shift)

        return DateWindow(reached(window.earliest), reached(window.latest))

    def _days_to_start(self, name: str) -> int:
        """How many dates after its start a visit ended."""
        return self.placed[name].end_day - self.placed[name].day

    def _missing_gates(self, name: str) -> Iterator[Deviation]:
        occurrence = self.occurrences[name]
        day = date.fromordinal(self.placed[name].day)
        for gate in occurrence.visit.requires:
            passed = self.file.record.gates.get(gate)
            if passed is None or passed > day:
                when = "not recorded as passed" if passed is None else f"passed on {passed}"
                yield self._deviation(
                    name,
                    "missing-gate",
                    days=0 if passed is None else (passed - day).days,
                    rule=f"{name} requires `{gate}`, {when}",
                    path=(*occurrence.path, "requires"),
                )

    def _another_date(self, name: str) -> Iterator[Deviation]:
        """A visit that takes place on one date for everybody, and took place on another."""
        occurrence = self.occurrences[name]
        common = occurrence.visit.date
        if common is None or self.placed[name].day == common.toordinal():
            return
        days = self.placed[name].day - common.toordinal()
        yield self._deviation(
            name,
            "late" if days > 0 else "early",
            window=DateWindow(common, common),
            days=abs(days),
            rule=f"{name} takes place on {common} for everybody",
            path=(*occurrence.path, "date"),
        )

    def _reminders(self, today: date | None) -> Iterator[Deviation]:
        """Required reminders of visits that took place, done late or not at all."""
        occurred = {
            name: placed
            for name, placed in self.placed.items()
            if self._entry(name).actual.status == "occurred"
        }
        places = {reminder.id: at for at, reminder in enumerate(self.protocol.protocol.reminders)}
        of = {entry.id: entry.reminder for entry in self.course.reminders}
        for reminder in dated_reminders(
            self.course,
            self.reading.planner.site,
            occurred,
            done=self.file.record.reminders,
            unblinded=self.reading.unblinded,
        ):
            is_over = of[reminder.id].before is not None or (
                today is not None and today > reminder.day
            )
            late = 0 if reminder.done is None else (reminder.done - reminder.day).days
            if reminder.required and (late > 0 or (reminder.done is None and is_over)):
                when = "not recorded as done" if reminder.done is None else f"done {reminder.done}"
                yield self._deviation(
                    reminder.visit,
                    "reminder-late" if late else "reminder-missed",
                    window=DateWindow(None, reminder.day),
                    days=late,
                    rule=f"{reminder.title}: {reminder.rule}, by {reminder.day}; {when}",
                    path=("reminders", places[of[reminder.id].id]),
                )

    def _missed(self, name: str) -> Deviation:
        rules = [rule for rule in self.rules.get(name, ()) if rule.point.visit == name]
        counted = self._own_rules(name)
        occurrence = self.occurrences[name]
        first = next(iter((*counted, *rules)), None)
        return self._deviation(
            name,
            "missed",
            window=written_window(self.course, counted, self.placed, self.zone),
            rule=f"{name} is part of the course" if first is None else describe(first),
            path=occurrence.path if first is None else first.path,
        )

    def _missed_without_date(self) -> Iterator[Deviation]:
        for name, entry in self.reading.history.entries.items():
            optional = self.occurrences[name].visit.optional
            if entry.actual.status == "missed" and name not in self.placed and not optional:
                yield self._missed(name)

    def _own_rules(self, name: str) -> list[TimingConstraint]:
        """The timings of a visit that count from dated visits."""
        return [
            rule
            for rule in self.rules.get(name, ())
            if rule.point.visit == name
            and not rule.is_constraint
            and rule.reference.visit in self.placed
            and allowed_window(rule, self.course) is not None
        ]

    def _overdue(self, today: date) -> Iterator[Deviation]:
        recorded = self.placed.keys() | self.reading.so_far.not_done
        for occurrence in self.course.visits:
            name = occurrence.id
            if name in recorded or occurrence.visit.optional or name in self.reading.provisional:
                continue
            if occurrence.kind == "event":
                continue  # a date that is counted is nothing that somebody has to do
            if not self.reading.unblinded and tells_arm(occurrence, self.course.protocol):
                continue
            ends = [
                (edge, rule)
                for rule in self._own_rules(name)
                if (edge := self._last_day(rule)) is not None
            ]
            if not ends:
                continue
            last, rule = min(ends, key=lambda end: end[0])
            over = today.toordinal() - last
            if over > 0:
                yield self._deviation(
                    name,
                    "overdue",
                    window=written_window(
                        self.course, self._own_rules(name), self.placed, self.zone
                    ),
                    days=over,
                    rule=describe(rule),
                    path=rule.path,
                )

    def _last_day(self, rule: TimingConstraint) -> int | None:
        return last_day_of(rule, self.course, self.placed[rule.reference.visit], self.zone)

    def _deviation(
        self,
        name: str,
        kind: str,
        *,
        rule: str,
        path: Path,
        window: DateWindow = _NO_WINDOW,
        days: int = 0,
        minutes: int = 0,
        ruled_out: tuple[str, ...] = (),
    ) -> Deviation:
        placed = self.placed.get(name)
        entry = self.reading.history.entries.get(name)
        is_undated = entry is not None and entry.event is None
        return Deviation(
            participant=self.file.record.participant,
            visit=name,
            title=self.occurrences[name].title,
            label=label_of(self.occurrences[name], self.protocol.protocol),
            kind=kind,
            actual=None if placed is None or is_undated else to_local(placed.start, self.zone),
            window=window,
            days=days,
            minutes=minutes,
            rule=rule,
            source=f"{self.protocol.path}:{self.protocol.position(path).line}",
            ruled_out=ruled_out,
            why=(),
            reason=None if entry is None else entry.actual.reason,
        )

    def _effect(self, at: int) -> RuledOut:
        """What the visit at a place in the order made impossible of what was still to come."""
        name = self.order[at]
        withdrawn = self.file.record.withdrawn
        if withdrawn is not None and self.placed[name].day >= withdrawn.toordinal():
            return NOTHING
        return self.hindsight.ruled_out(self.order[:at], name)

    def _notes(self) -> Iterator[SiteNote]:
        """Visits on dates or at times at which the site would not have had them."""
        planner = self.reading.planner
        for name in self.order:
            if self._entry(name).actual.status != "occurred":
                continue
            event = self.reading.so_far.fixed[name]
            # Whether the participant was to be away is no matter of the site.
            pattern = planner.patterns[planner.index[name]].for_participant(ANYTIME)
            text = pattern.why_not(event.day)
            local = to_local(event.start, self.zone)
            minute = local.hour * 60 + local.minute
            if not text and event.timed:
                spans = pattern.start_spans(event.day)
                if not any(first <= minute <= last for first, last in spans):
                    text = f"cannot start at {local:%H:%M}"
            if text:
                label = label_of(self.occurrences[name], self.protocol.protocol)
                yield SiteNote(self.file.record.participant, name, label, local, text)


def _is_turned_round(
    rule: TimingConstraint, window: Window, placed: Mapping[str, PlacedVisit]
) -> bool:
    """Whether a rule says which of two visits comes first, and they came the other way round."""
    reference, point = placed[rule.reference.visit], placed[rule.point.visit]
    if isinstance(window.earliest or window.latest, CalendarDistance):
        before = reference.end_day if rule.reference.end else reference.day
        after = point.end_day if rule.point.end else point.day
    else:
        before = reference.end if rule.reference.end else reference.start
        after = point.end if rule.point.end else point.start
    earliest, latest = window.earliest, window.latest
    follows = earliest is not None and _sign(earliest) >= 0
    precedes = latest is not None and _sign(latest) <= 0
    return (follows and after < before) or (precedes and after > before)


def _sign(distance: Distance) -> int:
    """Whether a distance leads back (-1), nowhere (0) or on (1)."""
    amount = distance.day_span[0] if isinstance(distance, CalendarDistance) else distance.minutes
    return (amount > 0) - (amount < 0)
