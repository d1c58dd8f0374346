"""Where a timeline's chain leads: ends, loops, decisions, instances that nothing leads to."""

from collections.abc import Iterator

from planner.checks.finding import Finding
from planner.formats.usdm.lint.findings import finding_at
from planner.formats.usdm.lint.timing_graph import DesignGraph, about, circles, round_trip


def chain_findings(graph: DesignGraph) -> Iterator[Finding]:
    """What is wrong with the way through a timeline."""
    yield from _endless(graph)
    yield from _decision_loops(graph)
    yield from _ends(graph)
    yield from _decisions(graph)
    yield from _unreached(graph)


def _endless(graph: DesignGraph) -> Iterator[Finding]:
    numbers = range(len(graph.instances))
    onward = {at: [target] for at in numbers if (target := graph.default_of(at)) is not None}
    for circle in circles(_starts(graph), onward):
        last = graph.instances[circle.nodes[-1]]
        names = round_trip(graph.name(at) for at in circle.nodes)
        message = f"the default chain leads round in a circle and never to an exit: {names}"
        if any(graph.instances[at].branches for at in circle.nodes):
            message += "; only the conditions of its decisions lead out"
        yield finding_at(
            "endless-chain",
            f"{message}; each instance is read once, where the chain first comes to it",
            (*last.path, "defaultConditionId"),
            graph.about(*circle.nodes),
            "let the last instance of the circle go on to what follows, or to the exit",
        )


def _starts(graph: DesignGraph) -> list[int]:
    everything = range(len(graph.instances))
    return [*everything] if graph.entry is None else [graph.entry, *everything]


def _decision_loops(graph: DesignGraph) -> Iterator[Finding]:
    onward = {at: [target for target, _, _ in edges] for at, edges in enumerate(graph.onward)}
    for circle in circles(_starts(graph), onward):
        edges = [
            graph.onward[at][edge] for at, edge in zip(circle.nodes, circle.edges, strict=True)
        ]
        branch = next((at for at in reversed(range(len(edges))) if edges[at][1]), None)
        if branch is None:
            continue
        target, _, path = edges[branch]
        decision = circle.nodes[branch]
        at = circle.nodes.index(target)
        names = round_trip(graph.name(node) for node in (*circle.nodes[at:], *circle.nodes[:at]))
        message = (
            f"a condition of the decision {graph.name(decision)} leads back to"
            f" {graph.name(target)}: {names}; how often is not said, so each instance is read once"
        )
        yield finding_at(
            "decision-loop",
            message,
            path,
            graph.about(*circle.nodes),
            "repeat the instances as often as they can take place, or say how often in the protocol"
            " file, as a cycle",
        )


def _ends(graph: DesignGraph) -> Iterator[Finding]:
    for instance in graph.instances:
        if instance.is_decision:
            continue
        if instance.default_id is None and instance.exit_id is None:
            message = (
                f"nothing follows {graph.name(graph.number.get(instance.id, 0))}, neither an"
                " instance nor an exit; it is read as the end of the timeline"
            )
            hint = "write `defaultConditionId`, or `timelineExitId` where the timeline ends"
            yield finding_at("no-way-on", message, instance.path, about(instance), hint)
        elif instance.default_id is not None and instance.exit_id is not None:
            message = (
                f"{graph.name(graph.number.get(instance.id, 0))} has a next instance and an exit;"
                " it is read as going on"
            )
            path = (*instance.path, "timelineExitId")
            hint = "keep one of the two; what depends on a condition is a decision"
            yield finding_at("no-way-on", message, path, about(instance), hint, severity="note")


def _decisions(graph: DesignGraph) -> Iterator[Finding]:
    for number, instance in enumerate(graph.instances):
        if not instance.is_decision:
            continue
        name = graph.name(number)
        if instance.default_id is None:
            message = f"the decision {name} has no default: nothing says what follows otherwise"
            yield finding_at(
                "decision-without-default",
                f"{message}; what its conditions lead to is read as conditional",
                instance.path,
                about(instance),
                "write `defaultConditionId`",
            )
        targets = {branch.target_id for branch in instance.branches} | {instance.default_id} - {
            None
        }
        if not instance.branches:
            message = f"the decision {name} has no conditions"
        elif len(targets) == 1 and (instance.default_id is not None or len(instance.branches) > 1):
            target = graph.target_of(next(iter(targets)))
            leads = "one place" if target is None else graph.name(target)
            message = f"whatever the decision {name} finds, {leads} follows"
        else:
            continue
        related = tuple(
            (branch.condition or "without a condition", branch.path)
            for branch in instance.branches[:10]
        )
        yield finding_at(
            "pointless-decision",
            f"{message}; it is read as deciding nothing",
            instance.branches[0].path if instance.branches else instance.path,
            about(instance),
            "give each condition what follows if it is true",
            related,
        )


def _unreached(graph: DesignGraph) -> Iterator[Finding]:
    if graph.entry is None:
        return
    reached = {graph.entry}
    waiting = [graph.entry]
    while waiting:
        for target, _, _ in graph.onward[waiting.pop()]:
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    entry = graph.name(graph.entry)
    for number, instance in enumerate(graph.instances):
        if number not in reached:
            message = (
                f"nothing leads from the entry {entry} to {graph.name(number)}; it is left out"
            )
            yield finding_at(
                "unreached-instance",
                message,
                instance.path,
                about(instance),
                "name it as the next of another instance, or as what a condition leads to",
            )
