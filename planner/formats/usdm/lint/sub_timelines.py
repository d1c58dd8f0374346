"""Sub-timelines that take longer than the instance that holds them has time."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from planner.checks.finding import Finding, Related
from planner.formats.usdm.lint.span import DAY, TimeSpan
from planner.formats.usdm.lint.timing_graph import DesignGraph, about, quoted
from planner.formats.usdm.lint.timings import side, source
from planner.formats.usdm.model import Design


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
                yield Finding(
                    "sub-timeline-overruns",
                    "warning",
                    message,
                    source(path),
                    "time the next instance behind the end of the sub-timeline",
                    (Related("the sub-timeline", source(sheet.path)),),
                    about(instance, graph.instances[following]),
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
