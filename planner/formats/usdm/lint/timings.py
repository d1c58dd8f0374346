"""Timings that are missing, go round in circles, contradict each other or say a thing twice.

And fixed references: none, several, or one that shifts what is counted from it.
"""

from collections.abc import Iterator
from typing import NamedTuple

from planner.checks.finding import Finding
from planner.formats.usdm.lint.findings import finding_at
from planner.formats.usdm.lint.span import DAY, ZERO, TimeSpan, read_duration
from planner.formats.usdm.lint.timing_graph import (
    DesignGraph,
    TimingLink,
    about,
    circles,
    is_fixed,
    named,
    quoted,
    round_trip,
)
from planner.formats.usdm.model import StudyTiming
from planner.formats.usdm.terms import AFTER, BEFORE, ENDS, FIXED, TIMING_TYPES, term_of
from planner.network.incremental import GrowingNetwork

MAX_WORK = 2_000_000
"""Limits looked at before the search is given up; no file made for people comes near."""


class Verdict(NamedTuple):
    """What adding timings one by one showed.

    ``conflicts``: sets of timings (their links, the one added last first) that cannot hold
    together. ``agreeing``: further timings of instances that have been placed, which can hold.
    ``finished``: false where the search was given up.
    """

    conflicts: list[list[TimingLink]]
    agreeing: list[TimingLink]
    finished: bool


def contradictions(graph: DesignGraph) -> Verdict:
    """Adds all timings of a timeline one by one, those that place an instance first."""
    placed = graph.placed
    times = [0] * len(graph.instances)
    # Parents stand before their children in `placed`.
    for at, place in placed.items():
        if place.link is not None:
            times[at] = times[place.parent] + place.link.target.least()
    network = GrowingNetwork(times)
    by_number = {link.at: link for link in graph.links}
    placing = [place.link.at for place in placed.values() if place.link is not None]
    conflicts: list[list[TimingLink]] = []
    agreeing: list[TimingLink] = []
    for step, number in enumerate(dict.fromkeys([*placing, *by_number])):
        if network.work > MAX_WORK:
            return Verdict(conflicts, agreeing, finished=False)
        link = by_number[number]
        least, most = link.low.least(), link.high.most()
        against = network.add(link.reference, link.point, least, most, number)
        if against is not None:
            conflicts.append([by_number[rule] for rule in against])
        elif step >= len(placing):
            agreeing.append(link)
    return Verdict(conflicts, agreeing, finished=True)


REFERENCE = "relativeToScheduledInstanceId"


def timing_findings(graph: DesignGraph) -> Iterator[Finding]:
    """What is wrong with the timings of a timeline as a whole."""
    yield from _without_timing(graph)
    yield from _timed_from_itself(graph)
    yield from _cycles(graph)
    yield from _several(graph)


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
        yield finding_at("instance-without-timing", message, instance.path, about(instance), hint)


def _timed_from_itself(graph: DesignGraph) -> Iterator[Finding]:
    for timing in graph.timeline.timings:
        kind = term_of(timing.type, TIMING_TYPES)
        at = graph.target_of(timing.from_id)
        if kind in (AFTER, BEFORE) and at is not None and timing.from_id == timing.to_id:
            message = (
                f"{named(timing)} times {graph.name(at)} from itself, as"
                f" {quoted(kind.decode)}; it is left out"
            )
            hint = (
                f"an anchor is of the type Fixed Reference ({FIXED.code}); else name its reference"
            )
            yield finding_at(
                "timed-from-itself",
                message,
                (*timing.path, REFERENCE),
                graph.about(at),
                hint,
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
            (f"{named(link.timing)}: {distance(link, graph)}", link.timing.path)
            for link in links
            if link is not first
        )
        yield finding_at(
            "timing-cycle",
            message,
            (*first.timing.path, REFERENCE),
            graph.about(*circle.nodes),
            "time one of them from an instance outside the circle, such as the anchor",
            related,
            severity="warning" if holds else "error",
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
        path = (*graph.timeline.path, "timings")
        yield finding_at("contradictory-timings", message, path, ("timings",), severity="note")
    reported: set[int] = set()
    for link in verdict.agreeing:
        if numbers[link.point] > 1 and link.point not in against | reported:
            reported.add(link.point)
            yield _agreement(graph, link)


def _contradiction(graph: DesignGraph, conflict: list[TimingLink]) -> Finding:
    last = conflict[0]
    statements = "; ".join(
        f"{named(link.timing)}: {graph.name(link.point)} {distance(link, graph)}"
        for link in conflict[:6]
    )
    more = f"; and {len(conflict) - 6} more" if len(conflict) > 6 else ""
    message = f"{len(conflict)} timings cannot hold together: {statements}{more}"
    if len(conflict) == 1:
        message = f"{statements} cannot hold, for {graph.name(last.point)} is a fixed reference"
    related = tuple(
        (f"{named(link.timing)}: {distance(link, graph)}", link.timing.path)
        for link in conflict[1:]
    )
    return finding_at(
        "contradictory-timings",
        message,
        (*last.timing.path, "value"),
        graph.about(*(link.point for link in conflict)),
        "keep the timing that the protocol's text has; all of them are read as rules",
        related,
    )


def _agreement(graph: DesignGraph, link: TimingLink) -> Finding:
    others = [other for other in graph.timed[link.point] if other is not link]
    same = [other for other in others if other.reference == link.reference]
    statement = f"{named(link.timing)}, {distance(link, graph)}"
    name = graph.name(link.point)
    if same:
        low = max((link.low, *(timing_link.low for timing_link in same)), key=TimeSpan.middle)
        high = min((link.high, *(timing_link.high for timing_link in same)), key=TimeSpan.middle)
        reference = graph.name(link.reference)
        both = f"{span(low, high)} {reference}" if low != high else f"{side(low)} {reference}"
        message = f"{name} has {len(same) + 1} timings from one reference; all hold {both}"
    elif others:
        first = f"{named(others[0].timing)}, {distance(others[0], graph)}"
        message = (
            f"{name} has {len(others) + 1} timings, which can hold together: {first}; {statement}"
        )
    else:
        message = f"{name} is a fixed reference and has a timing, too: {statement}"
    related = tuple(
        (f"{named(other.timing)}: {distance(other, graph)}", other.timing.path) for other in others
    )
    return finding_at(
        "repeated-timing",
        f"{message}; all of them are read as rules",
        link.timing.path,
        graph.about(link.point),
        "USDM times an instance once; keep one if they are to say the same",
        related,
    )


_START_TO_START = ENDS[False, False]


def anchor_findings(graph: DesignGraph) -> Iterator[Finding]:
    """What is wrong with the anchor of a timeline."""
    timeline = graph.timeline
    if not graph.fixed and timeline.timings:
        message = (
            "no timing of this timeline is a fixed reference: nothing says from where its times"
            " are counted"
        )
        most = graph.most_counted(range(len(graph.instances)))
        if most is not None:
            message += f"; they are read as counting from {graph.name(most)}"
        hint = (
            f"give the instance from which the others are timed a timing of the type {FIXED.code}"
        )
        path = (*timeline.path, "timings")
        names = about(*graph.instances[:1]) or ("timings",)
        yield finding_at("no-anchor", message, path, names, hint)
    instances = dict.fromkeys(at for _, _, at in graph.fixed if at is not None)
    if len(instances) > 1:
        names_told = ", ".join(graph.name(at) for at in list(instances)[:6])
        first = graph.name(graph.most_counted(instances) or 0)
        second = graph.fixed[1][1]
        message = (
            f"{len(instances)} instances of one timeline are fixed references ({names_told}):"
            f" no rule limits how far they lie apart; {first} is read as the anchor"
        )
        yield finding_at(
            "several-anchors",
            message,
            (*second.path, "type"),
            graph.about(*instances),
            "time all but one of them from another instance",
            tuple(
                (f"{named(timing)} is another", timing.path)
                for _, timing, _ in graph.fixed
                if timing is not second
            ),
        )
    for _, timing, at in graph.fixed:
        yield from _shifting(graph, timing, at)


def _shifting(graph: DesignGraph, timing: StudyTiming, at: int | None) -> Iterator[Finding]:
    name = named(timing) if at is None else graph.name(at)
    names = graph.about_timing(timing)

    def shifts(field: str, flaw: str, hint: str) -> Finding:
        message = f"the fixed reference {name} {flaw}"
        path = (*timing.path, field)
        return finding_at("shifting-anchor", message, path, names, hint)

    value = read_duration(timing.value or "")
    if value is not None and value.amount != ZERO:
        sign = "-" if value.negative else ""
        flaw = (
            f"has the value {timing.value}: it shifts the anchor by {sign}{value.amount}, or is the"
            " number of its day; it is read as the number, and all others count from the anchor"
            " itself"
        )
        yield shifts("value", flaw, "write P0D; the number of a day belongs into a label")
    for field, text in (("windowLower", timing.window_lower), ("windowUpper", timing.window_upper)):
        reach = read_duration(text or "")
        if reach is not None and reach.amount != ZERO:
            flaw = (
                f"has a window ({field} {text}): nothing can be counted from an anchor that may"
                " move; it is read without"
            )
            yield shifts(field, flaw, "leave it out, or time the instance from a true anchor")
    side = term_of(timing.relative_to_from, ENDS.values())
    if side not in (None, _START_TO_START):
        flaw = f"is {side.decode}; an anchor is Start to Start, and is read so"
        yield shifts("relativeToFrom", flaw, f"write {_START_TO_START.code}, Start to Start")
    if timing.to_id is not None and timing.from_id is not None and timing.to_id != timing.from_id:
        other = graph.target_of(timing.to_id)
        to = "an instance elsewhere" if other is None else graph.name(other)
        flaw = f"refers to {to}; it is read as the anchor itself"
        hint = "let it refer to itself, or make it a timing of the type After or Before"
        yield shifts("relativeToScheduledInstanceId", flaw, hint)
