"""Encounters, epochs and sub-timelines against the chain that uses them."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from planner.checks.finding import Finding
from planner.formats.usdm.lint.findings import finding_at
from planner.formats.usdm.lint.span import DAY, TimeSpan
from planner.formats.usdm.lint.timing_graph import (
    DesignGraph,
    about,
    circles,
    named,
    quoted,
    round_trip,
)
from planner.formats.usdm.lint.timings import side
from planner.formats.usdm.model import Design, Encounter, StudyEpoch
from planner.protocol.document import Path


class _Stage(NamedTuple):
    """An encounter or an epoch, and what is before and after it."""

    name: str
    previous: str | None
    following: str | None
    path: Path


def linked_findings(design: Design, graphs: Sequence[DesignGraph]) -> Iterator[Finding]:
    """What is wrong with the order of encounters and epochs, and with the set of timelines."""
    mains = [graph for graph in graphs if graph.timeline.is_main] or list(graphs[:1])
    encounters, epochs = _stages(design.encounters), _stages(design.epochs)
    yield from _broken_links(encounters, "encounter")
    yield from _broken_links(epochs, "epoch")
    for graph in mains:
        yield from _order(graph, encounters, "encounter", "encounterId")
        yield from _order(graph, epochs, "epoch", "epochId")
    yield from _timelines(design, graphs)


def _stages(parts: Sequence[Encounter] | Sequence[StudyEpoch]) -> dict[str, _Stage]:
    return {
        part.id: _Stage(part.called, part.previous_id, part.next_id, part.path)
        for part in parts
        if part.id
    }


def _broken_links(stages: Mapping[str, _Stage], what: str) -> Iterator[Finding]:
    """Places where what comes next does not name what came before it."""
    for id_here, stage in stages.items():
        for field, back, id_ in (
            ("nextId", "previousId", stage.following),
            ("previousId", "nextId", stage.previous),
        ):
            other = stages.get(id_ or "")
            if other is None:
                continue
            answer = other.previous if field == "nextId" else other.following
            if answer == id_here or (field == "previousId" and answer is not None):
                continue  # of two that disagree, the one that names what comes next is told
            answering = stages.get(answer or "")
            named_ = "nothing" if answering is None else quoted(answering.name)
            message = (
                f"the {what} {quoted(stage.name)} has {quoted(other.name)} as its `{field}`, which"
                f" has {named_} as its `{back}`; the default chain is followed"
            )
            related = ((f"{quoted(other.name)} is here", other.path),)
            path = (*stage.path, field)
            names = (stage.name, other.name)
            yield finding_at("broken-links", message, path, names, related=related)
    onward = {
        stage: [linked_stage.following]
        for stage, linked_stage in stages.items()
        if linked_stage.following is not None and linked_stage.following in stages
    }
    for circle in circles(stages, onward):
        around = tuple(stages[id_].name for id_ in circle.nodes)
        message = (
            f"the {what}s follow each other in a circle:"
            f" {round_trip(quoted(name) for name in around)}; the default chain is followed"
        )
        path = (*stages[circle.nodes[-1]].path, "nextId")
        yield finding_at("broken-links", message, path, around)


def _order(
    graph: DesignGraph, stages: Mapping[str, _Stage], what: str, field: str
) -> Iterator[Finding]:
    """Instances whose encounter or epoch comes before that of an earlier one in the chain."""
    rank = _ranks(stages)
    chain = graph.chains[0].nodes if graph.chains else ()
    visited: list[tuple[int, str]] = []
    for at in chain:
        instance = graph.instances[at]
        id_ = instance.encounter_id if what == "encounter" else instance.epoch_id
        if id_ in stages and id_ is not None and not instance.is_decision:
            visited.append((at, id_))
    seen: dict[str, int] = {}
    previous: tuple[int, str] | None = None
    furthest: tuple[int, str] | None = None
    for at, id_ in visited:
        if previous is not None and previous[1] != id_:
            stage, before = stages[id_], stages[previous[1]]
            path = (*graph.instances[at].path, field)
            names = (*graph.about(at), stage.name)
            belonging = f"{graph.name(at)} belongs to the {what} {quoted(stage.name)}"
            message = None
            if id_ in seen:
                message = (
                    f"{belonging} again, after {graph.name(previous[0])} of {quoted(before.name)}"
                )
            elif furthest is not None and rank.get(id_, 0) < rank.get(furthest[1], 0):
                behind = quoted(stages[furthest[1]].name)
                message = (
                    f"{belonging}, which comes before {behind} by the {what}s' own order, but"
                    f" follows {graph.name(furthest[0])} of {behind} in the chain"
                )
            if message is not None:
                related = ((f"the {what} {quoted(stage.name)}", stage.path),)
                hint = f"name the {what} of this place in the chain, or correct their links"
                yield finding_at(
                    f"{what}-order",
                    f"{message}; the chain is followed",
                    path,
                    names,
                    hint,
                    related,
                    severity="warning",
                )
        seen.setdefault(id_, at)
        previous = (at, id_)
        if furthest is None or rank.get(id_, 0) >= rank.get(furthest[1], 0):
            furthest = previous


def _ranks(stages: Mapping[str, _Stage]) -> dict[str, int]:
    """The place of each stage in their own order; none where they are not linked."""
    ranks: dict[str, int] = {}
    starts = [id_ for id_, stage in stages.items() if stage.previous not in stages]
    if len(starts) != 1:
        return ranks
    step: str | None = starts[0]
    while step is not None and step in stages and step not in ranks:
        ranks[step] = len(ranks)
        step = stages[step].following
    return ranks if len(ranks) == len(stages) else {}


def _timelines(design: Design, graphs: Sequence[DesignGraph]) -> Iterator[Finding]:
    if not graphs:
        return
    timelines = [graph.timeline for graph in graphs]
    mains = [timeline for timeline in timelines if timeline.is_main]
    if len(mains) != 1:
        last = (mains or timelines)[-1]
        message = (
            "no timeline of the design is its main one"
            if not mains
            else f"{len(mains)} timelines of one design are its main one"
        )
        message += f"; {named((mains or timelines)[0])} is read as such"
        names = (last.name or last.id or "timeline",)
        yield finding_at(
            "main-timeline",
            message,
            (*last.path, "mainTimeline"),
            names,
            "set `mainTimeline` for one of them",
        )
    by_id = {timeline.id: timeline for timeline in reversed(timelines)}
    used: dict[str, list[tuple[str, Path]]] = {}
    activities = {activity.id: activity for activity in design.activities}
    for timeline in timelines:
        uses = used.setdefault(timeline.id, [])
        for instance in timeline.instances:
            if instance.timeline_id in by_id:
                uses.append((instance.timeline_id or "", (*instance.path, "timelineId")))
            for id_ in instance.activity_ids:
                activity = activities.get(id_)
                if activity is not None and activity.timeline_id in by_id:
                    uses.append((activity.timeline_id or "", (*activity.path, "timelineId")))
    onward = {id_: [target for target, _ in uses] for id_, uses in used.items()}
    for circle in circles(onward, onward):
        paths = [used[id_][edge][1] for id_, edge in zip(circle.nodes, circle.edges, strict=True)]
        message = (
            "timelines hold each other as sub-timelines in a circle:"
            f" {round_trip(named(by_id[id_]) for id_ in circle.nodes)}; the last of them is read"
            " without what it holds"
        )
        around = tuple(by_id[id_].name or id_ for id_ in circle.nodes)
        yield finding_at("sub-timeline-loop", message, paths[-1], around)
    held = {target for targets in onward.values() for target in targets}
    for timeline in timelines:
        if timeline.is_main or timeline.id in held or timeline.entry_condition or len(mains) != 1:
            continue
        message = (
            f"the timeline {named(timeline)} is not the main one, nothing refers to it, and it has"
            " no `entryCondition`: nothing says when it begins"
        )
        names = (timeline.name or timeline.id or "timeline",)
        path = timeline.path
        hint = "name it as the `timelineId` of an instance or an activity, or say what begins it"
        yield finding_at("unused-timeline", message, path, names, hint)


def inside_findings(design: Design, graphs: Sequence[DesignGraph]) -> Iterator[Finding]:
    """Sub-timelines of a design against the instances that hold them."""
    extents = {graph.timeline.id: _extent(graph) for graph in graphs}
    by_id = {graph.timeline.id: graph.timeline for graph in graphs}
    activities = {activity.id: activity for activity in design.activities}
    for graph in graphs:
        for chain in graph.ways:
            for at, following in pairwise(chain):
                instance = graph.instances[at]
                held = [instance.timeline_id or ""]
                for id_ in instance.activity_ids:
                    activity = activities.get(id_)
                    held.append((activity.timeline_id if activity is not None else None) or "")
                longest = max(held, key=lambda id_: extents.get(id_, 0))
                extent = extents.get(longest, 0)
                room = _room(graph, at, following) if extent else None
                if room is None or extent <= room[1]:
                    continue
                sheet = by_id[longest]
                message = (
                    f"{graph.name(at)} holds the timeline {quoted(sheet.name or sheet.id)}, which"
                    f" takes {TimeSpan(0, extent)}, but {graph.name(following)}, the next in the"
                    f" chain, is timed"
                    f" {side(room[0]) if room[1] else 'together with'} {graph.name(at)}; both are"
                    " read as timed"
                )
                link = graph.placed[following].link
                path = instance.path if link is None else (*link.timing.path, "value")
                yield finding_at(
                    "sub-timeline-overruns",
                    message,
                    path,
                    about(instance, graph.instances[following]),
                    "time the next instance behind the end of the sub-timeline",
                    (("the sub-timeline", sheet.path),),
                )


def _extent(graph: DesignGraph) -> int:
    """The seconds from what a timeline counts from to its last instance, by the targets."""
    return max((place.target.least() for place in graph.placed.values()), default=0)


def _room(graph: DesignGraph, at: int, following: int) -> tuple[TimeSpan, int] | None:
    """From an instance to the next by their targets, and the most seconds that can be.

    Where the next is timed in days, the whole of its day counts.
    """
    placed = graph.placed
    if at not in placed or following not in placed or placed[at].root != placed[following].root:
        return None
    lag = placed[following].target.minus(placed[at].target)
    in_days = any(
        link is not None and "T" not in (link.timing.value or "").upper()
        for link in (placed[at].link, placed[following].link)
    )
    return None if lag.most() < 0 else (lag, lag.most() + (DAY if in_days else 0))
