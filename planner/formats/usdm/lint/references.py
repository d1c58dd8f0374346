"""References of a study that lead nowhere, or out of their timeline."""

from collections.abc import Iterator

from planner.checks.finding import Finding
from planner.formats.usdm.lint.findings import finding_at
from planner.formats.usdm.lint.timing_graph import DesignGraph, about, is_fixed, named, quoted
from planner.formats.usdm.lint.timings import timing_name
from planner.formats.usdm.model import Design, Instance, StudyTiming
from planner.protocol.document import Path


class DesignIds:
    """The ids of a design, by what they belong to; the first of several with one id."""

    def __init__(self, design: Design) -> None:
        self.instances: dict[str, tuple[Instance, str]] = {}
        self.timings: dict[str, StudyTiming] = {}
        self.exits: dict[str, str] = {}
        for timeline in design.timelines:
            name = quoted(timeline.called or "without a name")
            for instance in timeline.instances:
                self.instances.setdefault(instance.id, (instance, name))
            for timing in timeline.timings:
                self.timings.setdefault(timing.id, timing)
            for exit_id in timeline.exit_ids:
                self.exits.setdefault(exit_id, name)
        self.timelines = {timeline.id for timeline in design.timelines}
        self.epochs = {epoch.id for epoch in design.epochs}
        self.encounters = {encounter.id for encounter in design.encounters}
        self.activities = {activity.id for activity in design.activities}
        self.arms = {arm.id for arm in design.arms}
        self.elements = {element.id for element in design.elements}


def timeline_references(graph: DesignGraph, known: DesignIds) -> Iterator[Finding]:
    """References of a timeline, its instances and its timings."""
    timeline = graph.timeline
    whose = f"the timeline {quoted(timeline.called or '?')}"
    names: tuple[str, ...] = (timeline.name or timeline.id or "timeline",)
    if timeline.instances and timeline.entry_id is None:
        message = (
            f"{whose} has no entry; it is read as beginning with an instance that none leads to"
        )
        hint = "write `entryId`, the id of its first instance"
        yield finding_at("unknown-reference", message, timeline.path, names, hint)
    yield from _instance(graph, known, timeline.entry_id, whose, (*timeline.path, "entryId"), names)
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
        names = graph.about_timing(timing)
        whose = f"the timing {timing_name(timing)}"
        for field, id_ in (
            ("relativeFromScheduledInstanceId", timing.from_id),
            ("relativeToScheduledInstanceId", timing.to_id),
        ):
            if field.startswith("relativeToS") and is_fixed(timing):
                continue
            yield from _instance(graph, known, id_, whose, (*timing.path, field), names)


def _of_instance(graph: DesignGraph, known: DesignIds, instance: Instance) -> Iterator[Finding]:
    name, names = named(instance), about(instance) or ("instance",)
    yield from _instance(
        graph, known, instance.default_id, name, (*instance.path, "defaultConditionId"), names
    )
    for branch in instance.branches:
        whose = f"a condition of {name}"
        path = (*branch.path, "conditionTargetId")
        if branch.target_id is None:
            message = f"{whose} leads nowhere: it has no `conditionTargetId`"
            yield finding_at("unknown-reference", message, branch.path, names)
        yield from _instance(graph, known, branch.target_id, whose, path, names)
    if instance.exit_id is not None and instance.exit_id not in graph.timeline.exit_ids:
        path = (*instance.path, "timelineExitId")
        elsewhere = known.exits.get(instance.exit_id)
        yield _unknown(f"the exit of {name}", instance.exit_id, path, names, elsewhere, "an exit")
    for field, id_, ids, what in (
        ("epochId", instance.epoch_id, known.epochs, "an epoch"),
        ("encounterId", instance.encounter_id, known.encounters, "an encounter"),
        ("timelineId", instance.timeline_id, known.timelines, "a timeline"),
    ):
        if id_ is not None and id_ not in ids:
            yield _unknown(
                f"the `{field}` of {name}", id_, (*instance.path, field), names, None, what
            )
    for at, id_ in enumerate(instance.activity_ids):
        if id_ not in known.activities:
            path = (*instance.path, "activityIds", at)
            yield _unknown(f"an activity of {name}", id_, path, names, None, "an activity")


def _instance(
    graph: DesignGraph,
    known: DesignIds,
    id_: str | None,
    whose: str,
    path: Path,
    names: tuple[str, ...],
) -> Iterator[Finding]:
    if id_ is None or id_ in graph.number:
        return
    whose = f"the `{path[-1]}` of {whose}"
    elsewhere = known.instances.get(id_)
    if elsewhere is None:
        yield _unknown(whose, id_, path, names, None, "an instance")
        return
    other, timeline = elsewhere
    message = (
        f"{whose} is {named(other)}, which is in the timeline {timeline} and not in this one; it is"
        " left out"
    )
    hint = "instances of two timelines meet only through `timelineId`"
    related = ((f"{named(other)} is here", other.path),)
    yield finding_at("outside-timeline", message, path, names, hint, related)


def _unknown(
    whose: str, id_: str, path: Path, names: tuple[str, ...], elsewhere: str | None, what: str
) -> Finding:
    if elsewhere is not None:
        message = (
            f"{whose} is {quoted(id_)}, {what} of the timeline {elsewhere} and not of"
            " this one; it is left out"
        )
        return finding_at("outside-timeline", message, path, names)
    message = (
        f"{whose} is {quoted(id_)}, which is the id of nothing that could be {what}; it is left out"
    )
    return finding_at("unknown-reference", message, path, names)


def design_references(design: Design, known: DesignIds) -> Iterator[Finding]:
    """References of a design's activities, cells, encounters and epochs."""
    for activity in design.activities:
        name = (activity.name or activity.id or "activity",)
        whose = f"the activity {quoted(name[0])}"
        if activity.timeline_id is not None and activity.timeline_id not in known.timelines:
            path = (*activity.path, "timelineId")
            yield _unknown(
                f"the `timelineId` of {whose}", activity.timeline_id, path, name, None, "a timeline"
            )
        for at, id_ in enumerate(activity.child_ids):
            if id_ not in known.activities:
                path = (*activity.path, "childIds", at)
                yield _unknown(f"a child of {whose}", id_, path, name, None, "an activity")
    for cell in design.cells:
        for field, cell_id, ids, what in (
            ("armId", cell.arm_id, known.arms, "an arm"),
            ("epochId", cell.epoch_id, known.epochs, "an epoch"),
        ):
            if cell_id is not None and cell_id not in ids:
                path = (*cell.path, field)
                yield _unknown(f"the `{field}` of a cell", cell_id, path, ("cell",), None, what)
    for encounter in design.encounters:
        name = (encounter.name or encounter.id or "encounter",)
        whose = f"the encounter {quoted(name[0])}"
        for field, link in (("previousId", encounter.previous_id), ("nextId", encounter.next_id)):
            if link is not None and link not in known.encounters:
                path = (*encounter.path, field)
                yield _unknown(f"the `{field}` of {whose}", link, path, name, None, "an encounter")
        yield from _scheduled_at(
            known,
            encounter.scheduled_at_id,
            whose,
            name,
            (*encounter.path, "scheduledAtId"),
            encounter.id,
        )
    for epoch in design.epochs:
        name = (epoch.name or epoch.id or "epoch",)
        for field, link in (("previousId", epoch.previous_id), ("nextId", epoch.next_id)):
            if link is not None and link not in known.epochs:
                path = (*epoch.path, field)
                whose = f"the `{field}` of the epoch {quoted(name[0])}"
                yield _unknown(whose, link, path, name, None, "an epoch")


def _scheduled_at(
    known: DesignIds,
    id_: str | None,
    whose: str,
    names: tuple[str, ...],
    path: Path,
    encounter_id: str,
) -> Iterator[Finding]:
    if id_ is None:
        return
    timing = known.timings.get(id_)
    if timing is None:
        yield _unknown(f"the `scheduledAtId` of {whose}", id_, path, names, None, "a timing")
        return
    timed = known.instances.get(timing.from_id or "")
    if timed is None or timed[0].encounter_id == encounter_id:
        return
    message = (
        f"{whose} is scheduled by {timing_name(timing)}, which times {named(timed[0])}, an instance"
        " of another encounter; the timings of its own instances are followed"
    )
    hint = "name the timing whose `relativeFromScheduledInstanceId` is an instance of the encounter"
    related = ((f"{timing_name(timing)} is here", timing.path),)
    yield finding_at("encounter-timing", message, path, names, hint, related)
