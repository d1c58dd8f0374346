"""Fixed references: none, several, or one that shifts what is counted from it."""

from collections.abc import Iterator

from planner.checks.finding import Finding, Related
from planner.formats.usdm.lint.span import ZERO, read_duration
from planner.formats.usdm.lint.timing_graph import DesignGraph, about
from planner.formats.usdm.lint.timings import source, timing_name
from planner.formats.usdm.model import StudyTiming
from planner.formats.usdm.terms import ENDS, FIXED, term_of

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
        path = source(timeline.path, "timings")
        names = about(*graph.instances[:1]) or ("timings",)
        yield Finding("no-anchor", "warning", message, path, hint, (), names)
    instances = dict.fromkeys(at for _, _, at in graph.fixed if at is not None)
    if len(instances) > 1:
        names_told = ", ".join(graph.name(at) for at in list(instances)[:6])
        first = graph.name(graph.most_counted(instances) or 0)
        second = graph.fixed[1][1]
        message = (
            f"{len(instances)} instances of one timeline are fixed references ({names_told}):"
            f" nothing says how far they lie apart; {first} is read as the anchor"
        )
        yield Finding(
            "several-anchors",
            "warning",
            message,
            source(second.path, "type"),
            "time all but one of them from another instance",
            tuple(
                Related(f"{timing_name(timing)} is another", source(timing.path))
                for _, timing, _ in graph.fixed
                if timing is not second
            ),
            about(*(graph.instances[at] for at in instances)),
        )
    for _, timing, at in graph.fixed:
        yield from _shifting(graph, timing, at)


def _shifting(graph: DesignGraph, timing: StudyTiming, at: int | None) -> Iterator[Finding]:
    name = timing_name(timing) if at is None else graph.name(at)
    names = () if at is None else about(graph.instances[at])
    names = names or (timing.name or timing.id or "timing",)

    def shifts(field: str, flaw: str, hint: str) -> Finding:
        message = f"the fixed reference {name} {flaw}"
        path = source(timing.path, field)
        return Finding("shifting-anchor", "warning", message, path, hint, (), names)

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
