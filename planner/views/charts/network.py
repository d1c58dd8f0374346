"""The network of a protocol as plain rows: its visits in time, and the rules between them.

Every rule is told from the earlier visit to the later one, in the words of the file. In a protocol
that cannot be carried out the rules of one minimal conflict are marked: a smallest set that cannot
hold together.
"""

from typing import NamedTuple

from planner.notice import NOTICE
from planner.protocol.course import NOT_PUBLISHED, Course, Occurrence, TimingConstraint
from planner.protocol.expand import epoch_kind
from planner.protocol.model import Protocol, Track
from planner.schedule.build import RuleSource, allowed_window, build_schedule, describe
from planner.schedule.conflicts import Clash, find_clashes
from planner.schedule.study_days import lying_days
from planner.schedule.visit_numbers import label_of
from planner.time.distance import Distance, Window, turned
from planner.views.charts.course import HIDDEN, shown_course, study_day, undated_notes
from planner.views.timing_words import window_text


class Arc(NamedTuple):
    """A rule: from the earlier visit to the later one (`Node` numbers), and what it allows.

    ``clock`` is for rules in hours and minutes; ``within`` for rules inside one visit, and what a
    visit itself says (how long it takes, when it starts), where both ends are the same node.
    ``conflict`` marks the rules of the minimal conflict. ``rule`` is the rule as a sentence.
    """

    earlier: int
    later: int
    text: str
    clock: bool
    conflict: bool
    rule: str


class Node(NamedTuple):
    """A visit: about on which day it lies (counted from the anchor), and whether that is known."""

    id: str
    title: str
    kind: str
    epoch_kind: str | None
    day: int
    placed: bool
    conflict: bool


class NetworkTable(NamedTuple):
    """A network as its chart shows it; nodes by time, arcs by the node they lead to.

    ``conflict`` are sentences about the minimal conflict, empty where the rules can all hold.
    """

    title: str
    about: tuple[str, ...]
    day_zero: bool
    nodes: tuple[Node, ...]
    arcs: tuple[Arc, ...]
    conflict: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def feasible(self) -> bool:
        """Whether all rules can hold together."""
        return not self.conflict


def network_table(
    protocol: Protocol, arm: str | None = None, *, with_untied: bool = False
) -> NetworkTable:
    """The network of one arm; ``with_untied`` as in `planner.views.charts.course.shown_course`.

    Raises:
        PlannerError: there is no such arm, references lead nowhere, or it is too long to draw.
    """
    course, hides = shown_course(protocol, arm, with_untied=with_untied)
    schedule = build_schedule(course)
    clashes = find_clashes(schedule, limit=3)
    guilty = set(clashes[0].statements) if clashes else set()
    guilty_rules = {statement.rule for statement in guilty if statement.rule is not None}
    nodes = _nodes(course, guilty)
    numbers = {node.id: number for number, node in enumerate(nodes)}
    drawn = [*course.rules, *(rule for rule in course.order if rule in guilty_rules)]
    arcs = [_arc(rule, course, nodes, numbers, guilty_rules) for rule in drawn]
    for statement in guilty:
        if statement.rule is None:
            at = numbers[statement.name.rpartition(".")[0]]
            arcs.append(Arc(at, at, statement.text.partition(" ")[2], True, True, statement.text))
    arcs.sort(key=lambda arc: (arc.later, -arc.earlier, arc.text))
    number = 0 if protocol.day_zero else 1
    anchor = "nothing"
    if course.anchor is not None:
        anchor = label_of(course.visit(course.anchor), protocol)
    placed = (
        f"Study days: {anchor} is Day {number}. Visits lie where every target is met, and at the"
        " near end of windows without one; a rule is written at the later of its two visits."
    )
    notes = [placed]
    if course.order:
        notes.append("The listed order of visits is not drawn.")
    notes += undated_notes(course, Occurrence, Track)
    if hides:
        notes.append(f"Blinded: {HIDDEN}.")
    names_arm = course.arm is not None and not protocol.is_blinded
    about = f"{protocol.id}, version {protocol.version}" + (
        f", arm {course.arm}" if names_arm else ""
    )
    return NetworkTable(
        title=protocol.title,
        about=(about,),
        day_zero=protocol.day_zero,
        nodes=tuple(nodes),
        arcs=tuple(arcs),
        conflict=_told(clashes),
        notes=(*notes, NOTICE),
    )


def node_day(table: NetworkTable, node: Node) -> str:
    """The study day of a node in words."""
    if not node.placed:
        return "no day"
    return f"about Day {study_day(node.day, day_zero=table.day_zero)}"


def _nodes(course: Course, guilty: set[RuleSource]) -> list[Node]:
    lies = lying_days(course)
    named = {
        name
        for statement in guilty
        for name in (
            (statement.rule.reference.visit, statement.rule.point.visit)
            if statement.rule is not None
            else (statement.name.rpartition(".")[0],)
        )
    }
    nodes = []
    day = 0
    for visit in course.visits:
        known_day = lies.get(visit.id)
        day = day if known_day is None else known_day
        label = label_of(visit, course.protocol)
        nodes.append(_node(visit, label, day, known_day is not None, visit.id in named))
    order = {visit.id: at for at, visit in enumerate(course.visits)}
    return sorted(nodes, key=lambda node: (node.day, order[node.id]))


def _node(visit: Occurrence, label: str, day: int, placed: bool, conflict: bool) -> Node:
    return Node(visit.id, label, visit.kind, epoch_kind(visit.epoch), day, placed, conflict)


def _arc(
    rule: TimingConstraint,
    course: Course,
    nodes: list[Node],
    numbers: dict[str, int],
    guilty: set[TimingConstraint],
) -> Arc:
    start, end = numbers[rule.reference.visit], numbers[rule.point.visit]
    forward = start <= end
    window = allowed_window(rule, course)
    target = rule.target
    is_clock = _is_clock(rule)
    if not forward:
        window = None if window is None else turned(window)
        target = None if target is None else -target
    distance = "" if window is None and target is None else f"{_distance_text(window, target)} "
    other = rule.reference if forward else rule.point
    point = rule.point if forward else rule.reference
    ends = "its end " if point.end else ""
    after = "the end of " if other.end else ""
    title = nodes[min(start, end)].title
    unpublished = f", {NOT_PUBLISHED}" if rule.order is not None and target is not None else ""
    words = f"{ends}{distance}after {after}{title}{unpublished}"
    return Arc(min(start, end), max(start, end), words, is_clock, rule in guilty, describe(rule))


def _is_clock(rule: TimingConstraint) -> bool:
    from planner.time.distance import ClockDistance

    window = rule.window
    parts = (rule.target, *((window.earliest, window.latest) if window is not None else ()))
    return any(isinstance(part, ClockDistance) for part in parts)


def _distance_text(window: Window | None, target: Distance | None) -> str:
    if window is None:
        return f"about {target}"
    written = window_text(window)
    return f"{target} ({written})" if target is not None and str(target) != written else written


def _told(clashes: list[Clash]) -> tuple[str, ...]:
    if not clashes:
        return ()
    first, *others = clashes
    rules = len(first.statements)
    lines = [
        f"These {rules} rules contradict each other, though any {rules - 1} of them can:"
        f" {first.arithmetic}."
        if rules > 1
        else f"This rule cannot hold: {first.arithmetic}."
    ]
    if first.relaxations:
        lines.append(f"Any one of these changes resolves it: {'; '.join(first.relaxations)}")
    if others:
        number = f"{len(others)} more" if len(others) < 2 else "2 or more others"
        lines.append(f"There is also {number}; `planner validate` lists all of them.")
    return tuple(lines)
