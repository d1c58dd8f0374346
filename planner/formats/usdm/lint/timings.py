"""Timings that are missing, go round in circles, contradict each other or say a thing twice."""

from collections.abc import Iterator

from planner.checks.finding import Finding, Related
from planner.formats.usdm.lint.circles import circles
from planner.formats.usdm.lint.contradictions import contradictions
from planner.formats.usdm.lint.span import DAY, ZERO, TimeSpan
from planner.formats.usdm.lint.timing_graph import (
    DesignGraph,
    TimingLink,
    about,
    is_fixed,
    quoted,
    round_trip,
)
from planner.formats.usdm.model import StudyTiming
from planner.formats.usdm.terms import AFTER, BEFORE, FIXED, TIMING_TYPES, term_of
from planner.protocol.document import Path
from planner.protocol.imported_document import SOURCE

REFERENCE = "relativeToScheduledInstanceId"


def timing_findings(graph: DesignGraph) -> Iterator[Finding]:
    """What is wrong with the timings of a timeline as a whole."""
    yield from _without_timing(graph)
    yield from _timed_from_itself(graph)
    yield from _cycles(graph)
    yield from _several(graph)


def source(path: Path, *steps: str | int) -> Path:
    """The path of a part of the source, as findings need it."""
    return (SOURCE, *path, *steps)


def timing_name(timing: StudyTiming) -> str:
    """A timing's name in backticks."""
    return quoted(timing.name or timing.label or timing.id or "without a name")


def distance(link: TimingLink, graph: DesignGraph) -> str:
    """What a timing says: how long after or before what, and its window."""
    reference = graph.name(link.reference)
    if link.low == link.high:
        if link.target == ZERO:
            return f"together with {reference}"
        return f"{side(link.target)} {reference}"
    return f"{span(link.low, link.high)} {reference}"


def side(amount: TimeSpan) -> str:
    """`2 weeks after` or `2 weeks before`, by the sign."""
    return f"{amount} {'before' if amount.most() < 0 else 'after'}"


def span(low: TimeSpan, high: TimeSpan) -> str:
    """From when to when, each side before or after: `11 to 17 days after`."""
    if low.most() < 0 < high.most():
        return f"from {side(low)} to {side(high)}"
    if low.most() < 0:
        return f"{_both(high, low)} before" if high != ZERO else f"up to {side(low)}"
    return f"{_both(low, high)} after" if low != ZERO else f"up to {side(high)}"


def _both(low: TimeSpan, high: TimeSpan) -> str:
    """Two amounts in one unit where one does for both: `28 to 30 days`."""
    if low.months == high.months == 0:
        for size, word in ((7 * DAY, "weeks"), (DAY, "days"), (3600, "hours"), (60, "minutes")):
            if low.seconds % size == high.seconds % size == 0:
                return f"{abs(low.seconds) // size} to {abs(high.seconds) // size} {word}"
    return f"{low} to {high}"


def _without_timing(graph: DesignGraph) -> Iterator[Finding]:
    if not graph.timeline.instances:
        return
    timed = {timing.from_id for timing in graph.timeline.timings}
    for timing in graph.timeline.timings:
        if is_fixed(timing):
            timed.add(timing.to_id)
    for number, instance in enumerate(graph.instances):
        if instance.is_decision or instance.id in timed:
            continue
        place = graph.placed.get(number)
        if place is not None and place.link is not None:
            continue  # what counts from it says when it takes place
        message = (
            f"{graph.name(number)} has no timing: nothing says when it takes"
            " place; it is read as taking place on any day"
        )
        hint = f"give it a timing with `relativeFromScheduledInstanceId: {instance.id[:40]}`"
        yield Finding(
            "instance-without-timing",
            "warning",
            message,
            source(instance.path),
            hint,
            (),
            about(instance),
        )


def _timed_from_itself(graph: DesignGraph) -> Iterator[Finding]:
    for timing in graph.timeline.timings:
        kind = term_of(timing.type, TIMING_TYPES)
        at = graph.target_of(timing.from_id)
        if kind in (AFTER, BEFORE) and at is not None and timing.from_id == timing.to_id:
            message = (
                f"{timing_name(timing)} times {graph.name(at)} from itself, as"
                f" {quoted(kind.decode)}; it is left out"
            )
            hint = (
                f"an anchor is of the type Fixed Reference ({FIXED.code}); else name its reference"
            )
            yield Finding(
                "timed-from-itself",
                "error",
                message,
                source(timing.path, REFERENCE),
                hint,
                (),
                about(graph.instances[at]),
            )


def _cycles(graph: DesignGraph) -> Iterator[Finding]:
    onward = {at: [link.reference for link in links] for at, links in graph.timed.items()}
    for circle in circles(graph.timed, onward):
        links = [graph.timed[at][edge] for at, edge in zip(circle.nodes, circle.edges, strict=True)]
        first = min(links, key=lambda link: link.at)
        low, high = ZERO, ZERO
        for link in links:
            low, high = low.plus(link.low), high.plus(link.high)
        names = round_trip(graph.name(link.point) for link in links)
        holds = low.least() <= 0 <= high.most()
        verdict = "the timings agree, so that one of them is one too many"
        if not holds:
            excess = low if low.least() > 0 else high
            verdict = f"no dates satisfy them, for round the circle they miss by {excess}"
        message = (
            f"{len(links)} instances are timed from each other in a circle, {names}: {verdict}"
        )
        related = tuple(
            Related(
                f"{timing_name(link.timing)}: {distance(link, graph)}", source(link.timing.path)
            )
            for link in links
            if link is not first
        )
        yield Finding(
            "timing-cycle",
            "warning" if holds else "error",
            message,
            source(first.timing.path, REFERENCE),
            "time one of them from an instance outside the circle, such as the anchor",
            related,
            about(*(graph.instances[at] for at in circle.nodes)),
        )


def _several(graph: DesignGraph) -> Iterator[Finding]:
    anchors = {at for _, _, at in graph.fixed}
    numbers = {at: len(links) + (at in anchors) for at, links in graph.timed.items()}
    if all(number == 1 for number in numbers.values()):
        return
    verdict = contradictions(graph)
    against: set[int] = set()
    for conflict in verdict.conflicts:
        points = [link.point for link in conflict]
        if len(set(points)) == len(points) and not any(at in anchors for at in points):
            continue  # each is timed once: a circle, which has a finding of its own
        against.update(points)
        yield _contradiction(graph, conflict)
    if not verdict.finished:
        message = (
            "the timings of this timeline refer to each other in too many ways to say whether all"
            " can hold together"
        )
        path = source(graph.timeline.path, "timings")
        yield Finding("contradictory-timings", "note", message, path, None, (), ("timings",))
    reported: set[int] = set()
    for link in verdict.agreeing:
        if numbers[link.point] > 1 and link.point not in against | reported:
            reported.add(link.point)
            yield _agreement(graph, link)


def _contradiction(graph: DesignGraph, conflict: list[TimingLink]) -> Finding:
    last = conflict[0]
    statements = "; ".join(
        f"{timing_name(link.timing)}: {graph.name(link.point)} {distance(link, graph)}"
        for link in conflict[:6]
    )
    more = f"; and {len(conflict) - 6} more" if len(conflict) > 6 else ""
    message = f"{len(conflict)} timings cannot hold together: {statements}{more}"
    if len(conflict) == 1:
        message = f"{statements} cannot hold, for {graph.name(last.point)} is a fixed reference"
    related = tuple(
        Related(f"{timing_name(link.timing)}: {distance(link, graph)}", source(link.timing.path))
        for link in conflict[1:]
    )
    return Finding(
        "contradictory-timings",
        "error",
        message,
        source(last.timing.path, "value"),
        "keep the timing that the protocol's text has; all of them are read as rules",
        related,
        about(*(graph.instances[link.point] for link in conflict)),
    )


def _agreement(graph: DesignGraph, link: TimingLink) -> Finding:
    others = [other for other in graph.timed[link.point] if other is not link]
    same = [other for other in others if other.reference == link.reference]
    statement = f"{timing_name(link.timing)}, {distance(link, graph)}"
    name = graph.name(link.point)
    if same:
        low = max((link.low, *(timing_link.low for timing_link in same)), key=TimeSpan.middle)
        high = min((link.high, *(timing_link.high for timing_link in same)), key=TimeSpan.middle)
        reference = graph.name(link.reference)
        both = f"{span(low, high)} {reference}" if low != high else f"{side(low)} {reference}"
        message = f"{name} has {len(same) + 1} timings from one reference; all hold {both}"
    elif others:
        first = f"{timing_name(others[0].timing)}, {distance(others[0], graph)}"
        message = (
            f"{name} has {len(others) + 1} timings, which can hold together: {first}; {statement}"
        )
    else:
        message = f"{name} is a fixed reference and has a timing, too: {statement}"
    related = tuple(
        Related(f"{timing_name(other.timing)}: {distance(other, graph)}", source(other.timing.path))
        for other in others
    )
    return Finding(
        "repeated-timing",
        "note",
        f"{message}; all of them are read as rules",
        source(link.timing.path),
        "USDM times an instance once; keep one if they are to say the same",
        related,
        about(graph.instances[link.point]),
    )
