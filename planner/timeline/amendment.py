"""What a new version of a protocol means for a participant under way, from the date it holds.

The plan by the old version and that by the new one are set side by side. What has taken place was
under the old version and stays; so does what is planned before the new one holds.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Literal, NamedTuple

from planner.errors import PlannerError
from planner.protocol.change import Difference
from planner.timeline.history import RecordedTimes
from planner.timeline.model import DatedVisit, Timeline, WaitingVisit
from planner.timeline.participant_state import PlannerCache, plan_standing, standing
from planner.timeline.record import RecordFile, version_on
from planner.timeline.record_matching import Matched, match_record
from planner.timeline.replanning import Replanner
from planner.timeline.shared_plans import SharedPlans
from planner.timeline.standing import ParticipantState

Outcome = Literal[
    "needs a decision", "already too late", "newly required", "moved", "no longer required",
    "unaffected",
]  # fmt: skip
OUTCOMES: tuple[Outcome, ...] = (
    "needs a decision", "already too late", "newly required", "moved", "no longer required",
    "unaffected",
)  # fmt: skip
"""From what has to be looked at first to what needs no look."""
_OVER = ("occurred", "missed", "cancelled")
_ASKS = ("activity-added", "mode-changed", "run-sheet-item-added", "overnight-added")
"""Kinds of changes that ask something new at a visit whose date they need not move."""


class AmendmentEffect(NamedTuple):
    """What becomes of one visit (or track) that lies ahead.

    ``before`` and ``after`` are when it starts by the old and by the new version, ``None`` where
    that has no such visit; ``unaffected`` ones are told, too, so that all effects are the plan.
    """

    visit: str
    outcome: Outcome
    before: datetime | None
    after: datetime | None
    why: str
    label: str


class Amended(NamedTuple):
    """What a new version means for one participant.

    Attributes:
        outcome: the first in `OUTCOMES` of all effects and decisions.
        decisions: what somebody has to decide, in sentences.
        unreadable: the record does not fit the new version until that is decided.
        effects: of the visits ahead, in the order of the new plan; what is dropped comes last.
        timeline: the plan by the new version; its ``forced`` says if it breaks windows. ``None``
            where there is none, or another version holds anyway.
        forced_before: no plan by the old version keeps all windows either.
        holds: the date from which the record says that the new version holds already.
    """

    participant: str
    path: str
    outcome: Outcome
    decisions: tuple[str, ...]
    unreadable: bool
    effects: tuple[AmendmentEffect, ...]
    timeline: Timeline | None
    forced_before: bool
    holds: date | None


class Amendment:
    """Two versions of a protocol at one site, and from when the new one holds.

    Args:
        old: the version so far.
        new: the new version.
        found: what changes from one to the other.
        start: the first date on which the new version holds.
        today: the first date on which what is not settled can take place; ``start`` if ``None``.

    Raises:
        PlannerError: these are two protocols, or one of them cannot be planned.
    """

    def __init__(
        self,
        old: PlannerCache,
        new: PlannerCache,
        difference: Difference,
        start: date,
        today: date | None,
    ) -> None:
        if old.protocol.id != new.protocol.id:
            raise PlannerError(
                f"`{new.protocol.id}` is not a version of `{old.protocol.id}` but another protocol;"
                " the versions of one have the same `id:`"
            )
        self.old = old
        self.new = new
        self.found = difference
        self.start = start
        self.today = start if today is None else today
        self._shared = SharedPlans(self.today)
        for courses in (old, new):
            arms: list[str | None] = [arm.id for arm in courses.protocol.arms]
            for arm in arms or [None]:
                courses.planner(arm, frozenset(), unblinded=True)

    def amend(self, file: RecordFile) -> Amended:
        """What the new version means for one participant."""
        held = next(
            (
                version
                for version in file.record.versions
                if version.version == self.new.protocol.version
            ),
            None,
        )
        if held is not None and self.old.protocol.version != self.new.protocol.version:
            return _amended(file, holds=held.start)
        against = self._other_version(file)
        if against is not None:
            return _amended(file, decisions=(against,), unreadable=True)
        try:
            matched = match_record(file, self.old, self.new, self.found)
            before = standing(self.old, matched.old, today=self.today)
            old_plan = plan_standing(before, matched.old, self._shared, explained=False)
        except PlannerError as error:
            return _amended(file, decisions=(_without_path(error, file),), unreadable=True)
        try:
            timeline, kept = self._new_plan(matched, old_plan, is_dated=before.anchor is not None)
        except PlannerError as error:
            decisions = (*matched.decisions, _without_path(error, file))
            return _amended(file, decisions=decisions, unreadable=True)
        effects = tuple(self._effects(matched, old_plan, timeline, kept))
        return _amended(
            file,
            decisions=matched.decisions,
            unreadable=bool(matched.decisions),
            effects=effects,
            timeline=timeline,
            forced_before=bool(old_plan.forced),
        )

    def _other_version(self, file: RecordFile) -> str | None:
        """Why the record says that this amendment is not the next one for it."""
        old, versions = self.old.protocol.version, file.record.versions
        later = next((version for version in versions if version.start > self.start), None)
        if later is not None:
            return (
                f"the record gives that already; leave it out version `{later.version}` holds"
                f" from {later.start} on,"
                f" which is after {self.start}"
            )
        current = version_on(file.record, self.start)
        if current is not None and current.version != old:
            return (
                f"the record gives that already; leave it out version `{current.version}`"
                f" holds now, not `{old}`"
            )
        return None

    def _new_plan(
        self, matched: Matched, old_plan: Timeline, *, is_dated: bool
    ) -> tuple[Timeline, frozenset[str]]:
        """The plan by the new version, and the visits that stay since they come before it holds.

        ``is_dated`` says that the anchor visit has a date, recorded or planned by the record.
        """
        names = matched.occurrences
        dates = {names.get(visit.id, visit.id): visit.start.date() for visit in old_plan.visits}
        anchor = self.new.whole(matched.new.record.arm).anchor
        file = matched.new
        if names.get(old_plan.anchor_visit, old_plan.anchor_visit) != anchor:
            # The planned date in the record is that of another visit.
            file = file._replace(record=file.record.model_copy(update={"start": None}))
        start = dates.get(anchor) if is_dated and anchor is not None else None
        where = standing(self.new, file, start=start, today=self.today)
        where, kept = self._kept_before(where, old_plan, names)
        timeline = plan_standing(where, file, self._shared)
        if where.today == self.today:
            return timeline, kept
        before = {names.get(visit.id, visit.id): visit for visit in old_plan.visits}
        visits = tuple(
            replace(visit, status=before[visit.id].status, deviation=before[visit.id].deviation)
            if visit.id in kept
            else visit
            for visit in timeline.visits
        )
        forced = tuple(
            reason.replace("today is ", "nothing is rescheduled before ")
            for reason in timeline.forced
        )
        return replace(timeline, visits=visits, forced=forced, today=self.today), kept

    def _kept_before(
        self, where: ParticipantState, old_plan: Timeline, names: Mapping[str, str]
    ) -> tuple[ParticipantState, frozenset[str]]:
        """The standing with what the old version still plans before the new one holds."""
        if self.start <= self.today:
            return where, frozenset()
        so_far = where.planner.so_far
        settled = dict(so_far.fixed)
        kept = set()
        for visit in old_plan.visits:
            name = names.get(visit.id, visit.id)
            is_early = visit.status not in _OVER and visit.start.date() < self.start
            if is_early and name in where.planner.index and name not in settled:
                settled[name] = _event(visit)
                kept.add(name)
        so_far = so_far._replace(
            fixed=settled,
            booked={name: event for name, event in so_far.booked.items() if name not in kept},
            today=self.start.toordinal(),
        )
        planner = Replanner(where.planner.before, so_far, origin=where.planner.origin)
        return where._replace(planner=planner, today=self.start), frozenset(kept)

    def _effects(
        self, matched: Matched, old_plan: Timeline, new_plan: Timeline, kept: frozenset[str]
    ) -> "list[AmendmentEffect]":
        names = matched.occurrences
        before = {
            names.get(visit.id, visit.id): visit
            for visit in old_plan.listed()
            if visit.status not in _OVER
        }
        asked = self._asked(new_plan.arm)
        effects = [
            AmendmentEffect(
                visit.id,
                "unaffected",
                _start(before[visit.id]),
                _start(visit),
                f"takes place before {self.start}, by the old version",
                visit.label,
            )
            if visit.id in kept
            else _effect(visit, before.get(visit.id), asked, is_forced=not old_plan.forced)
            for visit in new_plan.listed()
            if visit.status not in _OVER and not _is_unrecorded(visit)
        ]
        tracks = {track.id for track in old_plan.tracks}
        effects += [
            AmendmentEffect(
                track.id, "newly required", None, track.start, f"{track.kind} is new", track.title
            )
            for track in new_plan.tracks
            if track.id not in tracks
        ]
        now = {visit.id for visit in new_plan.listed()}
        for name, visit in before.items():
            if name not in now and not _is_unrecorded(visit):
                why = "not in the new version"
                if visit.status == "booked":
                    why += ": the appointment is to be cancelled"
                effects.append(
                    AmendmentEffect(
                        visit.id, "no longer required", _start(visit), None, why, visit.label
                    )
                )
        return effects

    def _asked(self, arm: str | None) -> dict[str, list[str]]:
        """What is asked in addition at visits of an arm, by occurrence."""
        visits: dict[str, list[str]] = {}
        # What is asked in one arm only would tell the arm.
        known = () if self.new.protocol.hides_plans else (arm,)
        for change in self.found.changes_in("schedule"):
            if change.kind in _ASKS and (not change.arms or set(known) & set(change.arms)):
                for name in change.ids:
                    visits.setdefault(name, []).append(change.text)
        course = self.new.whole(arm)
        return {
            visit.id: visits[visit.visit.id] for visit in course.visits if visit.visit.id in visits
        }


Planned = DatedVisit | WaitingVisit


def _start(visit: Planned | None) -> datetime | None:
    """When a visit starts; ``None`` of one without a date."""
    return visit.start if isinstance(visit, DatedVisit) else None


def _is_unrecorded(visit: Planned) -> bool:
    return isinstance(visit, DatedVisit) and visit.unrecorded


def _effect(
    now: Planned, was: Planned | None, asked: Mapping[str, list[str]], *, is_forced: bool
) -> AmendmentEffect:
    """What becomes of one visit; ``is_forced`` says that the amendment alone breaks the plan."""
    if isinstance(now, WaitingVisit):
        if was is None:
            why = f"not in the old version; {now.why}"
            return AmendmentEffect(now.id, "newly required", None, None, why, now.label)
        is_same = isinstance(was, WaitingVisit)
        return AmendmentEffect(
            now.id, "unaffected" if is_same else "moved", _start(was), None, now.why, now.label
        )
    if isinstance(was, WaitingVisit):
        return AmendmentEffect(now.id, "moved", None, now.start, "has a date now", now.label)
    before = _start(was)

    def effect(outcome: Outcome, why: str) -> AmendmentEffect:
        return AmendmentEffect(now.id, outcome, before, now.start, why, now.label)

    is_outside = now.deviation is not None and (was is None or was.deviation is None)
    is_over = now.status == "overdue" and (was is None or was.status != "overdue")
    if now.deviation is not None and (is_over or (is_outside and is_forced)):
        return effect("already too late", now.deviation)
    if now.provisional and (was is None or not was.provisional):
        decides = now.conditional or "the number of cycles"
        return effect("needs a decision", f"only if `{decides}`, which is not recorded")
    gates = set(now.waiting_for) - set(() if was is None else was.waiting_for)
    reasons = [f"gate `{gate}` is to be passed first" for gate in now.gates if gate in gates]
    if was is None:
        return effect("newly required", "; ".join(["not in the old version", *reasons]))
    reasons += asked.get(now.id, [])
    moves = _moves(was, now)
    if is_outside and now.deviation is not None:
        moves.append(now.deviation)
    if reasons:
        return effect("newly required", "; ".join([*reasons, *moves]))
    return effect("moved", "; ".join(moves)) if moves else effect("unaffected", "")


def _moves(was: DatedVisit, now: DatedVisit) -> list[str]:
    if was.start != now.start:
        return ["the appointment must move"] if now.booked is not None else ["rescheduled"]
    if was.end != now.end and now.end is not None:
        return [f"lasts until {now.end:%Y-%m-%d %H:%M}"]
    return []


def _event(visit: DatedVisit) -> RecordedTimes:
    end = visit.start if visit.end is None else visit.end
    return RecordedTimes(
        int(visit.start.timestamp()) // 60,
        visit.start.toordinal(),
        int(end.timestamp()) // 60,
        end.toordinal(),
        timed=True,
    )


def _without_path(error: PlannerError, file: RecordFile) -> str:
    return str(error).removeprefix(f"{file.path}: ")


def _amended(
    file: RecordFile,
    *,
    decisions: tuple[str, ...] = (),
    unreadable: bool = False,
    effects: tuple[AmendmentEffect, ...] = (),
    timeline: Timeline | None = None,
    forced_before: bool = False,
    holds: date | None = None,
) -> Amended:
    met = {effect.outcome for effect in effects}
    if decisions:
        met.add("needs a decision")
    outcome: Outcome = next((outcome for outcome in OUTCOMES if outcome in met), "unaffected")
    return Amended(
        file.record.participant,
        file.path,
        outcome,
        decisions,
        unreadable,
        effects,
        timeline,
        forced_before,
        holds,
    )
