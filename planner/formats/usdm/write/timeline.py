"""The timelines of a study: the main one, one for each run sheet, one for each unscheduled visit.

In the main one every visit is an instance, with its encounter, its timing and its condition.
"""

from typing import Any, NamedTuple

from planner.formats.usdm.terms import CONTACTS, SETTINGS, VISIT
from planner.formats.usdm.write.json_objects import Object, Objects, chain, lead_on
from planner.formats.usdm.write.order import OrderedVisit, VisitOrder
from planner.formats.usdm.write.timings import (
    PointSpacing,
    anchor_timing,
    best_spacing,
    counted_from,
    timing,
)
from planner.protocol.course import Occurrence, Point
from planner.protocol.document import Path
from planner.protocol.model import Protocol
from planner.protocol.visit import RunSheet, RunSheetItem, Visit
from planner.time.distance import ClockDistance, Window

_ZERO = ClockDistance(0)


class Sheets:
    """The timelines of all run sheets, one for each visit that has one, and their items."""

    def __init__(self, make: Objects, course: VisitOrder, activities: dict[str, str]) -> None:
        self._make = make
        self._activities = activities
        self.timelines: list[Object] = []
        self._of: dict[Path, Object] = {}
        # Names are unique among all instances: an item that shares its id takes its visit's too.
        seen = [visit.occurrence.id for visit in course.visits]
        sheets: dict[Path, tuple[Occurrence, RunSheet]] = {}
        for stop in course.visits:
            visit = stop.occurrence
            sheet = _written(visit).run_sheet
            if sheet is not None and sheet.items:
                sheets.setdefault(visit.path, (visit, sheet))
        seen += [item.id for _, sheet in sheets.values() for item in sheet.items]
        for path, (visit, sheet) in sheets.items():
            self._of[path] = self._timeline(visit, sheet, seen)
            self.timelines.append(self._of[path])

    def timeline_of(self, occurrence: Occurrence) -> str | None:
        """The id of the timeline of a visit's run sheet."""
        timeline = self._of.get(occurrence.path)
        return None if timeline is None else str(timeline["id"])

    def _timeline(self, visit: Occurrence, sheet: RunSheet, seen: list[str]) -> Object:
        make = self._make
        instances = [self._instance(visit, item, seen) for item in sheet.items]
        exit_ = make.make("ScheduleTimelineExit")
        lead_on(instances, exit_)
        return make.named(
            "ScheduleTimeline",
            f"{visit.visit.id}-run-sheet",
            f"Run sheet of {visit.visit.title or visit.visit.id}",
            "The order and times of what is done in the visit.",
            mainTimeline=False,
            entryCondition="The visit starts.",
            entryId=instances[0]["id"],
            exits=[exit_],
            timings=self._timings(sheet, instances),
            instances=instances,
        )

    def _instance(self, visit: Occurrence, item: RunSheetItem, seen: list[str]) -> Object:
        name = item.id if seen.count(item.id) == 1 else f"{visit.visit.id}/{item.id}"
        activity = None if item.activity is None else self._activities.get(item.activity)
        return self._make.named(
            "ScheduledActivityInstance",
            name,
            item.title,
            item.note,
            activityIds=[] if activity is None else [activity],
        )

    def _timings(self, sheet: RunSheet, instances: list[Object]) -> list[Object]:
        make = self._make
        ids: dict[str, Any] = {}
        names: dict[str, str] = {}
        for item, instance in zip(sheet.items, instances, strict=True):
            ids.setdefault(item.id, instance["id"])
            names.setdefault(item.id, instance["name"])
        anchor, start = _anchor(sheet)
        label = "0 minutes" if start == _ZERO else f"{start} from the start of the times"
        timings = [
            anchor_timing(make, ids[anchor.id], f"{names[anchor.id]} (anchor)", label, "PT0M")
        ]
        for item in sheet.items:
            if item is anchor or (item.after is not None and item.after not in ids):
                continue
            spacing = _spacing(item, anchor, start)
            if spacing is None or spacing.reference.visit == item.id:
                continue
            reference = names[spacing.reference.visit]
            item_timing = timing(make, spacing, ids, names[item.id], reference)
            if item_timing is not None:
                timings.append(item_timing)
        return timings


def _written(occurrence: Occurrence) -> Visit:
    """The visit with what all arms have; its course may lack lines of its run sheet."""
    return next(visit for visit in occurrence.epoch.visits if visit.id == occurrence.visit.id)


def _anchor(sheet: RunSheet) -> tuple[RunSheetItem, ClockDistance]:
    """The item all others are counted from, and its own distance from the sheet's 0min."""
    exact = [
        (item, item.at.earliest)
        for item in sheet.items
        if item.at is not None
        and item.at.earliest == item.at.latest
        and isinstance(item.at.earliest, ClockDistance)
    ]
    for item, start in exact:
        if start == _ZERO:
            return item, start
    return exact[0] if exact else (sheet.items[0], _ZERO)


def _spacing(item: RunSheetItem, anchor: RunSheetItem, start: ClockDistance) -> PointSpacing | None:
    point = Point(item.id)
    if item.after is not None:
        return PointSpacing(Point(item.after), point, item.allowed, item.target, False)
    if item.at is None:
        return None
    stated = item.at.earliest if item.at.earliest == item.at.latest else item.target
    window = item.allowed or item.at
    target = None if stated is None else _less(stated, start)
    ends = (_less(window.earliest, start), _less(window.latest, start))
    allowed = None if target is not None and ends == (target, target) else Window(*ends)
    return PointSpacing(Point(anchor.id), point, allowed, target, False)


def _less(end: object, start: ClockDistance) -> ClockDistance | None:
    return end - start if isinstance(end, ClockDistance) else None


class Visits(NamedTuple):
    """The objects that the visits of a protocol are in USDM."""

    instances: dict[str, Object]
    encounters: list[Object]
    conditions: list[Object]


def main_timeline(
    make: Objects,
    protocol: Protocol,
    course: VisitOrder,
    epochs: dict[str, Object],
    activities: dict[str, list[str]],
    sheets: Sheets,
) -> tuple[Object, Visits]:
    """The main timeline and what stands in it.

    Args:
        make: the objects of the study.
        protocol: the protocol.
        course: its visits in one chain.
        epochs: the epochs by id.
        activities: the ids of the activities of each visit.
        sheets: the timelines of run sheets.
    """
    encounters = [_encounter(make, protocol, stop) for stop in course.stops]
    instances: dict[str, Object] = {}
    for stop, encounter in zip(course.stops, encounters, strict=True):
        visit = stop.occurrence
        instances[visit.id] = make.named(
            "ScheduledActivityInstance",
            visit.id,
            encounter["label"],
            visit.visit.note,
            epochId=epochs[stop.epoch]["id"],
            timelineId=sheets.timeline_of(visit),
            activityIds=activities[visit.id],
            encounterId=encounter["id"],
        )
    timings = _timings(make, protocol, course, instances, encounters)
    visits = Visits(instances, chain(encounters), _conditions(make, protocol, course, instances))
    exit_ = make.make("ScheduleTimelineExit")
    chained = list(instances.values())
    lead_on(chained, exit_)
    timeline = make.named(
        "ScheduleTimeline",
        "main",
        "Main timeline",
        "All visits in the order in which they are planned.",
        mainTimeline=True,
        entryCondition="The participant enters the study.",
        entryId=chained[0]["id"],
        exits=[exit_],
        timings=timings,
        instances=chained,
        plannedDuration=make.make(
            "Duration",
            text="From the first visit to the last, as the timings give it.",
            quantity=None,
            durationWillVary=True,
            reasonDurationWillVary="Visits have windows, and some may not take place.",
        ),
    )
    return timeline, visits


def event_timelines(
    make: Objects,
    protocol: Protocol,
    course: VisitOrder,
    activities: dict[str, list[str]],
    sheets: Sheets,
) -> tuple[list[Object], dict[str, Object]]:
    """A timeline for each unscheduled visit, entered on its condition; and their instances."""
    timelines = []
    instances = {}
    for stop in course.events:
        visit = stop.occurrence
        depends = dependence_of(protocol, stop)
        exit_ = make.make("ScheduleTimelineExit")
        instance = make.named(
            "ScheduledActivityInstance",
            visit.id,
            visit.visit.title,
            visit.visit.note,
            timelineId=sheets.timeline_of(visit),
            timelineExitId=exit_["id"],
            activityIds=activities[visit.id],
        )
        instances[visit.id] = instance
        label = "When it happens"
        anchor = anchor_timing(make, instance["id"], f"{visit.id} (event)", label, "P0D")
        timelines.append(
            make.named(
                "ScheduleTimeline",
                f"{visit.id} (event)",
                visit.visit.title,
                "An unscheduled visit.",
                mainTimeline=False,
                entryCondition="The visit becomes due." if depends is None else depends.text,
                entryId=instance["id"],
                exits=[exit_],
                timings=[anchor],
                instances=[instance],
            )
        )
    return timelines, instances


def _encounter(make: Objects, protocol: Protocol, stop: OrderedVisit) -> Object:
    occurrence = stop.occurrence
    visit = occurrence.visit
    gates = [key for key in visit.requires if key in protocol.gates]
    rule = None
    if gates:
        text = "; ".join(protocol.gates[key].title for key in gates)
        name = f"{'+'.join(gates)} @ {occurrence.id}"
        rule = make.named("TransitionRule", name, None, text=text)
    settings = dict.fromkeys(SETTINGS[mode] for mode in visit.modes if mode in SETTINGS)
    contacts = dict.fromkeys(CONTACTS[mode] for mode in visit.modes if mode in CONTACTS)
    notes = [protocol.footnotes[key] for key in visit.footnotes if key in protocol.footnotes]
    return make.named(
        "Encounter",
        occurrence.id,
        visit.title,
        type=make.code(VISIT),
        environmentalSettings=[make.code(term) for term in settings],
        contactModes=[make.code(term) for term in contacts],
        transitionStartRule=rule,
        notes=[make.note(text) for text in notes],
    )


def _timings(
    make: Objects,
    protocol: Protocol,
    course: VisitOrder,
    instances: dict[str, Object],
    encounters: list[Object],
) -> list[Object]:
    ids = {name: instance["id"] for name, instance in instances.items()}
    timings = []
    # A timeline needs one anchor; without the anchor's visit it is the first one.
    anchor = course.anchor if course.anchor in ids else next(iter(ids))
    spacings = {}
    for stop in course.stops:
        best = best_spacing(tuple(rule for rule in stop.rules if rule.reference.visit in ids))
        if best is not None:
            spacings[stop.occurrence.id] = best
    spacings = counted_from(str(anchor), spacings)
    for stop, encounter in zip(course.stops, encounters, strict=True):
        name = stop.occurrence.id
        if name == anchor:
            label = "Day 0" if protocol.day_zero else "Day 1"
            timings.append(anchor_timing(make, ids[name], f"{name} (anchor)", label, "P0D"))
            encounter["scheduledAtId"] = timings[-1]["id"]
        spacing = spacings.get(name)
        if spacing is None:
            continue
        visit_timing = timing(make, spacing, ids, name, spacing.reference.visit)
        if visit_timing is not None:
            timings.append(visit_timing)
            encounter["scheduledAtId"] = encounter["scheduledAtId"] or visit_timing["id"]
    return timings


def _conditions(
    make: Objects, protocol: Protocol, course: VisitOrder, instances: dict[str, Object]
) -> list[Object]:
    """On what visits depend, each condition once with all visits that it is about."""
    visits_of: dict[Dependence, list[Object]] = {}
    for stop in course.stops:
        depends = dependence_of(protocol, stop)
        if depends is not None:
            visits_of.setdefault(depends, []).append(instances[stop.occurrence.id])
    return [
        make.named(
            "Condition",
            depends.key,
            depends.title,
            text=depends.text,
            contextIds=[visit["id"] for visit in visits],
            appliesToIds=list(
                dict.fromkeys(
                    activity_id for visit in visits for activity_id in visit["activityIds"]
                )
            ),
        )
        for depends, visits in visits_of.items()
    ]


class Dependence(NamedTuple):
    """What a visit depends on: a name for it, what is decided, and the condition."""

    key: str
    title: str | None
    text: str


def dependence_of(protocol: Protocol, stop: OrderedVisit) -> Dependence | None:
    """What a visit depends on; ``None`` where everybody has it."""
    visit = stop.occurrence.visit
    parts: list[Dependence] = []
    if visit.when is not None:
        decision = protocol.decisions.get(visit.when)
        condition = None if decision is None else decision.condition or decision.title
        if decision is not None and condition is None and decision.expression is not None:
            condition = str(decision.expression)
        title = None if decision is None else decision.title
        parts.append(Dependence(visit.when, title, condition or visit.when))
    if stop.arms:
        arms = ", ".join(stop.arms)
        text = f"arm in ({arms})" if len(stop.arms) > 1 else f"arm == {arms}"
        parts.append(Dependence(f"arms-{'-'.join(stop.arms)}", "Who has this visit", text))
    if visit.optional:
        parts.append(Dependence("chosen", "Optional", "This visit is chosen for the participant."))
    if not parts:
        return None
    return Dependence(parts[0].key, parts[0].title, "; and ".join(part.text for part in parts))
