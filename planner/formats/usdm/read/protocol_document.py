"""The native reading: the document that the fields of a study give, attributes of ours aside.

An adverse event or an early termination has its own timeline with an entry condition, to which
nothing leads. Its visits depend on that condition and can be on any day; they stand behind all
others, with the timings that they have among themselves.
"""

from dataclasses import replace

from planner.errors import argument
from planner.formats.usdm.model import (
    Branch,
    Design,
    Instance,
    ScheduleTimeline,
    Study,
    StudyVersion,
)
from planner.formats.usdm.read.activities import DesignActivities
from planner.formats.usdm.read.chain import ChainVisit, Requirement, walk
from planner.formats.usdm.read.decisions import Decisions
from planner.formats.usdm.read.footnotes import GateFootnotes
from planner.formats.usdm.read.import_log import ImportLog, Names, short_line, without_markup
from planner.formats.usdm.read.run_sheets import RunSheets
from planner.formats.usdm.read.study_identity import identity, read_arms
from planner.formats.usdm.read.timings import timed
from planner.formats.usdm.read.visits import (
    Encounters,
    Epochs,
    Visit,
    add_timings,
    encounters,
    in_order,
    visit_note,
    visit_of,
)
from planner.formats.usdm.terms import is_event, is_termination
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import Lost, json_path

KEYS = (
    "format", "id", "title", "version", "date", "status", "registry", "identity", "design",
    "blinded", "substance", "condition", "anchor", "source", "grade", "conventions", "sources",
    "activities", "arms", "decisions", "gates", "footnotes", "epochs",
)  # fmt: skip
"""The order in which the keys of a protocol are written."""


def native_document(
    account: ImportLog,
    study: Study,
    version: StudyVersion,
    design: Design,
    main: ScheduleTimeline,
    *,
    with_events: bool,
    targets: str,
) -> dict[str, object]:
    """The protocol that one timeline of a design makes, as plain data.

    Args:
        account: takes places and remarks.
        study, version, design: the timeline is of this design.
        main: the timeline whose instances become the visits; has at least one that is no decision.
        with_events: whether timelines that are entered on a condition are added.
        targets: `exact` or `preferred`, what a target without a window is.
    """
    data = identity(account, study, version, design)
    if not account.is_own:
        number = study.usdm_version or "of an unknown version"
        title = short_line(f"{study.name or study.label or data['id']}, USDM {number}")
        data["source"] = "usdm"
        data["grade"] = "verified"
        data["sources"] = {"usdm": {"kind": "protocol-paper", "read": "full-text", "title": title}}
    if targets == "preferred":
        data["conventions"] = {"target_without_window": "preferred"}
    schedule = _Schedule(account, version, design, main, exact=targets == "exact")
    schedule.add_main()
    if with_events:
        schedule.add_events()
    data |= schedule.finished()
    ordered = {key: data[key] for key in KEYS if key in data}
    return account.place_again(data, ordered)


class _Schedule:
    """The epochs of a protocol and all that their visits refer to, while they are made."""

    def __init__(
        self,
        account: ImportLog,
        version: StudyVersion,
        design: Design,
        main: ScheduleTimeline,
        *,
        exact: bool,
    ) -> None:
        self.account = account
        self.exact = exact
        self.version = version
        self.design = design
        self.main = main
        self.arms, arm_ids = read_arms(account, design)
        self.activities = DesignActivities(account, design)
        self.timelines = timelines_by_id(account, design)
        self.events = event_timelines(account, design, main, self.activities)
        self.sheets = RunSheets(
            account,
            self.timelines,
            self.activities,
            frozenset(timeline.id for timeline in self.events),
        )
        self.decisions = Decisions(account, design.arms, arm_ids)
        self.footnotes = GateFootnotes(account)
        self.epochs = Epochs(account, design, arm_ids)
        self.names = Names()
        self.visits: dict[str, Visit] = {}
        self.anchor = ""
        self.met = encounters(design, [])
        self.stops: list[ChainVisit] = []
        self.of_events: set[str | None] = set()
        """The encounters of visits that are read of events."""

    def add_main(self) -> None:
        """Adds the visits of the timeline that is read."""
        stops = walk(self.account, self.main)
        timings = timed(self.account, self.main, stops)
        met = encounters(self.design, stops)
        ids = self._ids(stops)
        self.anchor = ids[timings.anchor]
        ends = dict(met.shared)
        starts: set[str] = set()
        for stop in stops:
            instance = stop.instance
            visit = self._visit(stop, ids[instance.id], met)
            when = self.decisions.key_of(stop.requirements)
            if when is not None:
                visit["when"] = when
            self._add_rules(visit, instance, met, starts, ends)
            add_timings(self.account, visit, instance, timings, ids, exact=self.exact)
            self._finish(visit, instance, met)
            self.epochs.add(instance, visit)
        self.met, self.stops = met, stops

    def add_events(self) -> None:
        """Adds the visits of timelines that are entered on a condition, each in its own epoch."""
        for timeline in self.events:
            stops = walk(self.account, timeline)
            if not stops:
                continue
            timings = timed(self.account, timeline, stops)
            met = encounters(self.design, stops)
            ids = self._ids(stops)
            first = stops[0].instance
            named = quoted(timeline.called)
            entry = Requirement(
                replace(first, name=timeline.name or timeline.label, label=timeline.label),
                Branch(timeline.entry_condition, None, (*timeline.path, "entryCondition")),
                True,
            )
            self.account.reading(
                f"timeline {named} is entered when {quoted(timeline.entry_condition)}; its visits"
                f" are read as possible on any day from `{self.anchor}` on, not as planned ones",
                timeline.path,
                expected=True,
                lost=Lost(unplanned=len(stops)),
            )
            epoch = self.epochs.begin(
                timeline.name or timeline.label, short_line(timeline.label), "follow-up", first
            )
            self.account.place(epoch, timeline.path)
            for stop in stops:
                instance = stop.instance
                self.of_events.add(instance.encounter_id)
                visit = self._visit(stop, ids[instance.id], met)
                if is_termination(timeline.name, timeline.label, timeline.entry_condition):
                    visit["kind"] = "termination"
                visit["when"] = self.decisions.key_of((entry, *stop.requirements))
                visit["unscheduled"] = True
                add_timings(self.account, visit, instance, timings, ids, exact=self.exact)
                if instance.id == timings.anchor or instance.id in timings.fixed:
                    self._from_anchor(visit, timeline)
                self._finish(visit, instance, met)
                self.epochs.visits.append(visit)

    def _from_anchor(self, visit: Visit, timeline: ScheduleTimeline) -> None:
        rule: Visit = {"visit": self.anchor, "within": "0d.."}
        self.account.add_source(
            rule,
            f"entry condition of {without_markup(timeline.name or timeline.id) or 'a timeline'} at"
            f" {json_path(timeline.path)}",
        )
        own = visit.get("after")
        visit["after"] = [rule, *(own if isinstance(own, list) else [own])] if own else rule
        self.account.place(rule, timeline.path)

    def _ids(self, stops: list[ChainVisit]) -> dict[str, str]:
        return {
            stop.instance.id: self.names.take(
                stop.instance.name, stop.instance.label, otherwise="visit"
            )
            for stop in stops
        }

    def _visit(self, stop: ChainVisit, name: str, met: Encounters) -> Visit:
        visit = visit_of(self.account, stop.instance, name, met, self.activities)
        sheet = self.sheets.run_sheet_of(stop.instance)
        if sheet is not None:
            visit["run_sheet"] = sheet
        self.visits.setdefault(stop.instance.id, visit)
        return visit

    def _add_rules(
        self,
        visit: Visit,
        instance: Instance,
        met: Encounters,
        starts: set[str],
        ends: dict[str, int],
    ) -> None:
        """The rules of an encounter: to start its first visit, at the end of its last."""
        encounter = None if instance.encounter_id is None else met.known.get(instance.encounter_id)
        if encounter is None:
            return
        if encounter.start_rule is not None and encounter.id not in starts:
            gate = self.footnotes.gate(encounter.start_rule)
            if gate is not None:
                visit["requires"] = [gate]
        starts.add(encounter.id)
        ends[encounter.id] -= 1
        if not ends[encounter.id]:
            notes = self.footnotes.of_encounter(encounter)
            if notes:
                visit["footnotes"] = list(dict.fromkeys(notes))

    def _finish(self, visit: Visit, instance: Instance, met: Encounters) -> None:
        self.account.add_source(visit, visit_note(instance, met))
        in_order(visit)

    def _tell_encounters(self) -> None:
        met, stops = self.met, self.stops
        of_timing = {timing.id: timing for timing in self.main.timings}
        encounter_of = {stop.instance.id: stop.instance.encounter_id for stop in stops}
        # Of an instance that is no line of a run sheet it is read, or has been counted with it.
        anywhere = {
            instance.encounter_id
            for timeline in self.design.timelines
            if timeline.id not in self.sheets.used
            for instance in timeline.instances
        }
        for encounter in met.known.values():
            name = quoted(encounter.called)
            if encounter.id in self.of_events and encounter.id not in met.shared:
                continue
            if encounter.id not in met.shared:
                self.account.left_out(
                    f"encounter {name} is that of no visit on this timeline",
                    encounter.path,
                    visits=int(encounter.id not in anywhere),
                )
                continue
            if encounter.scheduled_at_id is None:
                continue
            where = (*encounter.path, "scheduledAtId")
            timing = of_timing.get(encounter.scheduled_at_id)
            if timing is None:
                self.account.left_out(
                    f"encounter {name} is scheduled at {quoted(encounter.scheduled_at_id)}, which"
                    " is not a timing of its timeline",
                    where,
                )
            elif encounter_of.get(timing.from_id or "") != encounter.id:
                self.account.reading(
                    f"encounter {name} is scheduled at {quoted(timing.name or timing.id)}, which"
                    " times an instance of another encounter; its visits are read by the timings"
                    " of their instances, not by that one",
                    where,
                )

    def finished(self) -> dict[str, object]:
        """What the schedule adds to the protocol."""
        self._tell_encounters()
        used = {instance.epoch_id for instance in self.main.instances}
        for epoch in self.design.epochs:
            if epoch.id not in used:
                self.account.left_out(
                    f"epoch {quoted(epoch.name or epoch.id)} has no visit on this timeline",
                    epoch.path,
                )
        for timeline in self.design.timelines:
            self._tell_unused(timeline)
        conditions = (*self.version.conditions, *self.design.conditions)
        self.footnotes.conditions(conditions, self.visits, self.activities)
        self.footnotes.of_activities(self.activities)
        for visit in self.visits.values():
            in_order(visit)
        parts: dict[str, object] = {
            "anchor": self.anchor,
            "activities": self.activities.entries,
            "arms": self.arms,
            "decisions": self.decisions.entries,
            "gates": self.footnotes.gates,
            "footnotes": self.footnotes.finished(),
            "epochs": self.epochs.entries,
        }
        return {key: part for key, part in parts.items() if part}

    def _tell_unused(self, timeline: ScheduleTimeline) -> None:
        if timeline is self.main or timeline.is_main or timeline in self.events:
            return
        if timeline.id not in self.sheets.used and self._is_referred_to(timeline):
            self.account.left_out(
                f"timeline {quoted(timeline.name or timeline.id)} belongs to an activity or an"
                " instance that no visit has",
                timeline.path,
                f"`{argument('timeline')}` reads it as a protocol of its own",
                visits=sum(instance.encounter_id is not None for instance in timeline.instances),
            )

    def _is_referred_to(self, timeline: ScheduleTimeline) -> bool:
        return any(
            activity.timeline_id == timeline.id for activity in self.activities.known.values()
        ) or any(
            instance.timeline_id == timeline.id
            for other in self.design.timelines
            for instance in other.instances
        )


def timelines_by_id(account: ImportLog, design: Design) -> dict[str, ScheduleTimeline]:
    """The timelines of a design; of those that share an id the first."""
    timelines: dict[str, ScheduleTimeline] = {}
    for timeline in design.timelines:
        if timeline.id in timelines:
            account.mistake(
                f"two timelines have the id {quoted(timeline.id)}; only the first is used",
                timeline.path,
            )
        timelines.setdefault(timeline.id, timeline)
    return timelines


def event_timelines(
    account: ImportLog, design: Design, main: ScheduleTimeline, activities: DesignActivities
) -> list[ScheduleTimeline]:
    """The timelines that are entered on a condition instead of from another timeline.

    One that only activities refer to is one of them if its words speak of an event: in CDISC's
    pilot the activity `Check adverse events` refers to the timeline of adverse events.
    """
    entered = {
        instance.timeline_id
        for timeline in design.timelines
        for instance in timeline.instances
        if instance.timeline_id is not None
    }
    referring: dict[str, str] = {}
    for activity in activities.known.values():
        if activity.timeline_id is not None:
            referring.setdefault(activity.timeline_id, activity.name or activity.id)
    timelines = []
    for timeline in design.timelines:
        if timeline is main or timeline.is_main or timeline.id in entered or timeline.id == main.id:
            continue
        if not any(not instance.is_decision for instance in timeline.instances):
            continue
        named = timeline.called
        if timeline.id not in referring:
            if timeline.entry_condition is not None:
                timelines.append(timeline)
            else:
                account.left_out(
                    f"timeline {quoted(named)} is neither referred to nor entered on a condition",
                    timeline.path,
                    f"`{argument('timeline')}` reads it as a protocol of its own",
                    visits=sum(not instance.is_decision for instance in timeline.instances),
                )
        elif is_event(timeline.entry_condition):
            account.reading(
                f"timeline {quoted(named)} is entered when {quoted(timeline.entry_condition)}; read"
                f" as visits on that condition, not as a run sheet of each visit with the activity"
                f" {quoted(referring[timeline.id])}",
                timeline.path,
            )
            timelines.append(timeline)
    return timelines
