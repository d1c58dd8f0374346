"""References of a study that lead nowhere, or out of their timeline."""

from collections.abc import Iterator
from typing import NamedTuple

from planner.checks.finding import Finding
from planner.formats.usdm.lint.findings import finding_at
from planner.formats.usdm.lint.timing_graph import DesignGraph, about, is_fixed, named, quoted
from planner.formats.usdm.model import Design, Encounter, Instance, StudyTiming
from planner.protocol.document import Path


class Owner(NamedTuple):
    """A part that refers to others: what messages call it, and the names it is about."""

    whose: str
    path: Path
    names: tuple[str, ...]


class DesignIds:
    """The ids of a design, by what they belong to; the first of several with one id."""

    def __init__(self, design: Design) -> None:
        self.instances: dict[str, tuple[Instance, str]] = {}
        self.timings: dict[str, StudyTiming] = {}
        self.exits: dict[str, str] = {}
        for timeline in design.timelines:
            name = named(timeline)
            for instance in timeline.instances:
                self.instances.setdefault(instance.id, (instance, name))
            for timing in timeline.timings:
                self.timings.setdefault(timing.id, timing)
            for exit_id in timeline.exit_ids:
                self.exits.setdefault(exit_id, name)
        self.of_kind = {
            "a timeline": {timeline.id for timeline in design.timelines},
            "an activity": {activity.id for activity in design.activities},
            "an arm": {arm.id for arm in design.arms},
            "an encounter": {encounter.id for encounter in design.encounters},
            "an epoch": {epoch.id for epoch in design.epochs},
        }

    def unknown(self, owner: Owner, *links: tuple[str, str, str | None]) -> Iterator[Finding]:
        """References to what the design does not have: each field, the kind it names, and an id."""
        for field, kind, id_ in links:
            if id_ is not None and id_ not in self.of_kind[kind]:
                yield _unknown(owner, f"the `{field}`", id_, (field,), kind)

    def unknown_activities(
        self, owner: Owner, role: str, field: str, activity_ids: tuple[str, ...]
    ) -> Iterator[Finding]:
        """Activities in a list that the design does not have."""
        for at, id_ in enumerate(activity_ids):
            if id_ not in self.of_kind["an activity"]:
                yield _unknown(owner, role, id_, (field, at), "an activity")


def timeline_references(graph: DesignGraph, known: DesignIds) -> Iterator[Finding]:
    """References of a timeline, its instances and its timings."""
    timeline = graph.timeline
    names = (timeline.name or timeline.id or "timeline",)
    owner = Owner(f"the timeline {quoted(timeline.called or '?')}", timeline.path, names)
    if timeline.instances and timeline.entry_id is None:
        message = (
            f"{owner.whose} has no entry; it is read as beginning with an instance that none leads"
            " to"
        )
        hint = "write `entryId`, the id of its first instance"
        yield finding_at("unknown-reference", message, timeline.path, names, hint)
    yield from _instance(graph, known, owner, "entryId", timeline.entry_id)
    repeated: dict[str, Instance] = {}
    for number, instance in enumerate(graph.instances):
        yield from _of_instance(graph, known, instance)
        if instance.id and graph.number[instance.id] != number:
            repeated.setdefault(instance.id, instance)
    for instance in repeated.values():
        first = graph.instances[graph.number[instance.id]]
        message = (
            f"{named(instance)} has the id of {named(first)}, {quoted(instance.id)}; what refers to"
            " it is read as meaning the first"
        )
        related = ((f"{named(first)} is here", first.path),)
        path = (*instance.path, "id")
        yield finding_at("repeated-id", message, path, about(instance, first), related=related)
    for timing in timeline.timings:
        owner = Owner(f"the timing {named(timing)}", timing.path, graph.about_timing(timing))
        yield from _instance(graph, known, owner, "relativeFromScheduledInstanceId", timing.from_id)
        if not is_fixed(timing):
            yield from _instance(graph, known, owner, "relativeToScheduledInstanceId", timing.to_id)


def _of_instance(graph: DesignGraph, known: DesignIds, instance: Instance) -> Iterator[Finding]:
    owner = Owner(named(instance), instance.path, about(instance) or ("instance",))
    yield from _instance(graph, known, owner, "defaultConditionId", instance.default_id)
    for branch in instance.branches:
        condition = Owner(f"a condition of {owner.whose}", branch.path, owner.names)
        if branch.target_id is None:
            message = f"{condition.whose} leads nowhere: it has no `conditionTargetId`"
            yield finding_at("unknown-reference", message, branch.path, owner.names)
        yield from _instance(graph, known, condition, "conditionTargetId", branch.target_id)
    exit_id = instance.exit_id
    if exit_id is not None and exit_id not in graph.timeline.exit_ids:
        elsewhere = known.exits.get(exit_id)
        yield _unknown(owner, "the exit", exit_id, ("timelineExitId",), "an exit", elsewhere)
    yield from known.unknown(
        owner,
        ("epochId", "an epoch", instance.epoch_id),
        ("encounterId", "an encounter", instance.encounter_id),
        ("timelineId", "a timeline", instance.timeline_id),
    )
    yield from known.unknown_activities(owner, "an activity", "activityIds", instance.activity_ids)


def _instance(
    graph: DesignGraph, known: DesignIds, owner: Owner, field: str, id_: str | None
) -> Iterator[Finding]:
    if id_ is None or id_ in graph.number:
        return
    elsewhere = known.instances.get(id_)
    if elsewhere is None:
        yield _unknown(owner, f"the `{field}`", id_, (field,), "an instance")
        return
    other, timeline = elsewhere
    message = (
        f"the `{field}` of {owner.whose} is {named(other)}, which is in the timeline {timeline} and"
        " not in this one; it is left out"
    )
    hint = "instances of two timelines meet only through `timelineId`"
    related = ((f"{named(other)} is here", other.path),)
    path = (*owner.path, field)
    yield finding_at("outside-timeline", message, path, owner.names, hint, related)


def _unknown(
    owner: Owner, role: str, id_: str, steps: Path, kind: str, elsewhere: str | None = None
) -> Finding:
    message = f"{role} of {owner.whose} is {quoted(id_)},"
    check = "outside-timeline"
    if elsewhere is not None:
        message += f" {kind} of the timeline {elsewhere} and not of this one; it is left out"
    else:
        message += f" which is the id of nothing that could be {kind}; it is left out"
        check = "unknown-reference"
    return finding_at(check, message, (*owner.path, *steps), owner.names)


def design_references(design: Design, known: DesignIds) -> Iterator[Finding]:
    """References of a design's activities, cells, encounters and epochs."""
    for activity in design.activities:
        name = activity.name or activity.id or "activity"
        owner = Owner(f"the activity {quoted(name)}", activity.path, (name,))
        yield from known.unknown(owner, ("timelineId", "a timeline", activity.timeline_id))
        yield from known.unknown_activities(owner, "a child", "childIds", activity.child_ids)
    for cell in design.cells:
        arm, epoch_of_cell = (
            ("armId", "an arm", cell.arm_id),
            ("epochId", "an epoch", cell.epoch_id),
        )
        yield from known.unknown(Owner("a cell", cell.path, ("cell",)), arm, epoch_of_cell)
    for word, parts in (("encounter", design.encounters), ("epoch", design.epochs)):
        for part in parts:
            name = part.name or part.id or word
            owner = Owner(f"the {word} {quoted(name)}", part.path, (name,))
            kind = f"an {word}"
            yield from known.unknown(
                owner, ("previousId", kind, part.previous_id), ("nextId", kind, part.next_id)
            )
            if isinstance(part, Encounter) and part.scheduled_at_id is not None:
                yield from _scheduled_at(known, part, owner, part.scheduled_at_id)


def _scheduled_at(
    known: DesignIds, encounter: Encounter, owner: Owner, timing_id: str
) -> Iterator[Finding]:
    timing = known.timings.get(timing_id)
    if timing is None:
        yield _unknown(owner, "the `scheduledAtId`", timing_id, ("scheduledAtId",), "a timing")
        return
    timed = known.instances.get(timing.from_id or "")
    if timed is None or timed[0].encounter_id == encounter.id:
        return
    message = (
        f"{owner.whose} is scheduled by {named(timing)}, which times {named(timed[0])}, an"
        " instance of another encounter; the timings of its own instances are followed"
    )
    hint = "name the timing whose `relativeFromScheduledInstanceId` is an instance of the encounter"
    related = ((f"{named(timing)} is here", timing.path),)
    path = (*encounter.path, "scheduledAtId")
    yield finding_at("encounter-timing", message, path, owner.names, hint, related)
