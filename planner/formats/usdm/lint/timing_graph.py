"""A timeline with its timings, and where they put each instance.

Instances and timings go by their number in the timeline. Every walk here visits a node once, so
that timelines with circles end, and long ones take time in proportion to their length.
"""

from collections import Counter, deque
from collections.abc import Container, Hashable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from planner.formats.usdm.lint.span import ZERO, TimeSpan, read_duration
from planner.formats.usdm.model import (
    Design,
    Encounter,
    Instance,
    ScheduleTimeline,
    StudyPart,
    StudyTiming,
)
from planner.formats.usdm.terms import BEFORE, FIXED, TIMING_TYPES, term_of
from planner.formats.usdm.timeline_graph import Chain, TimelineGraph
from planner.protocol.document import Path

Node = TypeVar("Node", bound=Hashable)
MAX_CIRCLES = 50
"""Circles told of one graph; a file with more has one cause for most of them."""


class Circle(NamedTuple, Generic[Node]):
    """The nodes of a circle in its direction, and which edge leads on from each."""

    nodes: tuple[Node, ...]
    edges: tuple[int, ...]


def circles(starts: Iterable[Node], onward: Mapping[Node, Sequence[Node]]) -> list[Circle[Node]]:
    """A circle for each edge that leads back to where a walk came from, the first ones.

    ``onward`` are the edges of each node in the order in which they are walked. No circle is found
    only where there is none.
    """
    known_circles: list[Circle[Node]] = []
    done: set[Node] = set()
    for start in starts:
        if start in done:
            continue
        way, taken, place = [start], [0], {start: 0}
        while way:
            # The last edge of `taken` is the one on which the walk is.
            edges = onward.get(way[-1], ())
            if taken[-1] == len(edges):
                done.add(way[-1])
                del place[way.pop()]
                taken.pop()
                if taken:
                    taken[-1] += 1
                continue
            target = edges[taken[-1]]
            if target in place:
                if len(known_circles) < MAX_CIRCLES:
                    begin = place[target]
                    known_circles.append(Circle(tuple(way[begin:]), tuple(taken[begin:])))
                taken[-1] += 1
            elif target in done:
                taken[-1] += 1
            else:
                place[target] = len(way)
                way.append(target)
                taken.append(0)
    return known_circles


MAX_NAME_LENGTH = 60


class TimingLink(NamedTuple):
    """A timing that can be followed: ``point`` lies ``target`` after ``reference``.

    ``target`` is below zero for `Before`; the window is ``low`` to ``high`` after the reference,
    both included. ``at`` is the timing's number in the timeline.
    """

    at: int
    timing: StudyTiming
    point: int
    reference: int
    target: TimeSpan
    low: TimeSpan
    high: TimeSpan


class PlacedInstance(NamedTuple):
    """Where an instance lies, counted from the root of its tree of timings.

    ``low`` and ``high`` add the windows up, ``link`` leads to ``parent``; a root has neither.
    ``jump`` is an ancestor that makes the way up short.
    """

    root: int
    parent: int
    jump: int
    depth: int
    link: TimingLink | None
    target: TimeSpan
    low: TimeSpan
    high: TimeSpan


class DesignGraph(TimelineGraph):
    """One timeline of a design, its parts made when they are asked for."""

    def __init__(self, design: Design, timeline: ScheduleTimeline) -> None:
        super().__init__(timeline)
        self.design = design

    def name(self, at: int) -> str:
        """An instance's name in backticks."""
        return named(self.instances[at])

    def about(self, *numbers: int) -> tuple[str, ...]:
        """The names of instances by which findings are about them."""
        return about(*(self.instances[at] for at in numbers))

    def about_timing(self, timing: StudyTiming) -> tuple[str, ...]:
        """The name of the instance that a timing is of; its own where there is none."""
        at = self.target_of(timing.from_id)
        names = () if at is None else self.about(at)
        return names or (timing.name or timing.id or "timing",)

    @cached_property
    def _encounters(self) -> dict[str, tuple[Encounter, int]]:
        """Each encounter with the first instance that has it."""
        by_id = {encounter.id: encounter for encounter in reversed(self.design.encounters)}
        encounters: dict[str, tuple[Encounter, int]] = {}
        for at, instance in enumerate(self.instances):
            if instance.encounter_id in by_id and instance.encounter_id is not None:
                encounters.setdefault(instance.encounter_id, (by_id[instance.encounter_id], at))
        return encounters

    def encounter_of(self, at: int) -> Encounter | None:
        """The encounter of an instance, where no instance before has the same one."""
        encounter, first = self._encounters.get(self.instances[at].encounter_id or "", (None, -1))
        return encounter if first == at else None

    @cached_property
    def fixed(self) -> list[tuple[int, StudyTiming, int | None]]:
        """The fixed references: number, timing, and the instance that is fixed."""
        return [
            (at, timing, self.target_of(timing.from_id))
            for at, timing in enumerate(self.timeline.timings)
            if is_fixed(timing)
        ]

    def most_counted(self, candidates: Iterable[int]) -> int | None:
        """The one from which the most timings count, as the import chooses an anchor."""
        counted = Counter(link.reference for link in self.links)
        return max(candidates, key=lambda at: counted[at], default=None)

    @cached_property
    def links(self) -> list[TimingLink]:
        """The timings that can be followed."""
        timing_links = []
        for at, timing in enumerate(self.timeline.timings):
            kind = term_of(timing.type, TIMING_TYPES)
            point, reference = self.target_of(timing.from_id), self.target_of(timing.to_id)
            if is_fixed(timing) or point is None or reference is None or point == reference:
                continue
            value = read_duration(timing.value or "")
            if value is None:
                continue
            # As the import reads it: a sign says `before`, and a second one does not turn it.
            length = value.amount.magnitude()
            target = length.negated() if kind == BEFORE or value.negative else length
            low = target.minus(_reach(timing.window_lower).magnitude())
            high = target.plus(_reach(timing.window_upper))
            if low.middle() <= high.middle():
                timing_links.append(TimingLink(at, timing, point, reference, target, low, high))
        return timing_links

    @cached_property
    def timed(self) -> dict[int, list[TimingLink]]:
        """The timings of each instance that has some."""
        links_of: dict[int, list[TimingLink]] = {}
        for link in self.links:
            links_of.setdefault(link.point, []).append(link)
        return links_of

    @cached_property
    def placed(self) -> dict[int, PlacedInstance]:
        """Where each instance lies that has a timing or is the reference of one.

        Fixed references are roots first, then references without a timing, then, where a circle
        has neither, its first instance. An instance is placed by the first timing that leads to
        what has been placed; its other timings from the same reference narrow its window. One
        that only such an instance counts from lies as far the other way.
        """
        counted: dict[int, list[TimingLink]] = {}
        for link in self.links:
            counted.setdefault(link.reference, []).append(link)
        placed: dict[int, PlacedInstance] = {}
        anchors = dict.fromkeys(at for _, _, at in self.fixed if at is not None)
        floating = [at for at in counted if at not in self.timed]
        for root in (*anchors, *floating, *self.timed):
            if root in placed:
                continue
            placed[root] = PlacedInstance(root, root, root, 0, None, ZERO, ZERO, ZERO)
            self._grow(root, placed, counted, anchors)
        return placed

    def _grow(
        self,
        root: int,
        placed: dict[int, PlacedInstance],
        counted: dict[int, list[TimingLink]],
        anchors: Container[int],
    ) -> None:
        """Places all that is timed from a root; then what its timed instances count from."""
        waiting, upward = deque((root,)), deque((root,))
        while waiting or upward:
            if waiting:
                reference = waiting.popleft()
                for link in counted.get(reference, ()):
                    if link.point not in placed and link.point not in anchors:
                        placed[link.point] = self._place(link, placed)
                        waiting.append(link.point)
                        upward.append(link.point)
                continue
            for link in self.timed.get(upward.popleft(), ()):
                if link.reference not in placed and link.reference not in anchors:
                    placed[link.reference] = self._place(_turned(link), placed)
                    waiting.append(link.reference)
                    upward.append(link.reference)

    def _place(self, link: TimingLink, placed: dict[int, PlacedInstance]) -> PlacedInstance:
        parent = placed[link.reference]
        jump = placed[parent.jump]
        further = placed[jump.jump]
        short = parent.depth - jump.depth == jump.depth - further.depth
        low, high = link.low, link.high
        for other in self.timed.get(link.point, ()):
            if other.reference == link.reference:
                low = max(low, other.low, key=TimeSpan.middle)
                high = min(high, other.high, key=TimeSpan.middle)
        return PlacedInstance(
            parent.root,
            link.reference,
            jump.jump if short else link.reference,
            parent.depth + 1,
            link,
            parent.target.plus(link.target),
            parent.low.plus(low),
            parent.high.plus(high),
        )

    def meeting(self, first: int, second: int) -> int:
        """The instance on which both of two in one tree depend in the end."""
        placed = self.placed
        while placed[first].depth != placed[second].depth:
            if placed[first].depth < placed[second].depth:
                first, second = second, first
            jump, wanted = placed[first].jump, placed[second].depth
            first = jump if placed[jump].depth >= wanted else placed[first].parent
        while first != second:
            if placed[first].jump != placed[second].jump:
                first, second = placed[first].jump, placed[second].jump
            else:
                first, second = placed[first].parent, placed[second].parent
        return first

    def apart(self, first_at: int, second_at: int) -> tuple[TimeSpan, TimeSpan]:
        """From when to when the other may lie after the one, by the windows between them."""
        placed = self.placed
        common = placed[self.meeting(first_at, second_at)]
        first, second = placed[first_at], placed[second_at]
        least = second.low.minus(common.low).minus(first.high.minus(common.high))
        most = second.high.minus(common.high).minus(first.low.minus(common.low))
        return least, most

    @cached_property
    def onward(self) -> list[list[tuple[int, bool, Path]]]:
        """From each instance: where its default (first) and its branches lead.

        Each with whether it is a branch, and the path of the field.
        """
        edges_from: list[list[tuple[int, bool, Path]]] = []
        for instance in self.instances:
            edges = []
            target = self.target_of(instance.default_id)
            if target is not None:
                edges.append((target, False, (*instance.path, "defaultConditionId")))
            for branch in instance.branches:
                target = self.target_of(branch.target_id)
                if target is not None:
                    edges.append((target, True, (*branch.path, "conditionTargetId")))
            edges_from.append(edges)
        return edges_from

    @cached_property
    def ways(self) -> list[list[int]]:
        """The chains as they are gone, with what is before and behind those of branches.

        The way of a branch begins with what precedes the decision and ends with the instance at
        which it joins the decision's chain; one that leads back does not come before that.
        """
        ways: list[list[int]] = []
        for chain in self.chains:
            before, behind = self._preceding(chain), []
            if chain.decision is not None and chain.joins is not None:
                place = self.place[chain.joins]
                decided = self.place[chain.decision]
                behind = [chain.joins] if place[0] == decided[0] and place > decided else []
            ways.append([*before, *chain.nodes, *behind])
        return ways

    def _preceding(self, chain: Chain) -> list[int]:
        """The last instance on the way to a chain that is no decision, if there is one."""
        while chain.decision is not None:
            number, position = self.place[chain.decision]
            chain = self.chains[number]
            for at in reversed(chain.nodes[:position]):
                if not self.instances[at].is_decision:
                    return [at]
        return []


def _turned(link: TimingLink) -> TimingLink:
    """The same statement, of the reference."""
    return link._replace(
        point=link.reference,
        reference=link.point,
        target=link.target.negated(),
        low=link.high.negated(),
        high=link.low.negated(),
    )


def is_fixed(timing: StudyTiming) -> bool:
    """Whether a timing is a fixed reference; one without a type that counts from itself is."""
    kind = term_of(timing.type, TIMING_TYPES)
    itself = timing.from_id is not None and timing.from_id == timing.to_id
    return kind == FIXED or (kind is None and itself)


def _reach(text: str | None) -> TimeSpan:
    """How far a side of a window reaches; a missing one, or one that cannot be read, not at all."""
    read = read_duration(text) if text is not None else None
    return ZERO if read is None else read.amount


def named(part: StudyPart) -> str:
    """The name, label or id of a part in backticks, cut where it is long."""
    return quoted(part.called or "without a name")


def quoted(text: str) -> str:
    """A text of the file in backticks, cut where it is long."""
    shortened = text if len(text) <= MAX_NAME_LENGTH else f"{text[: MAX_NAME_LENGTH - 1]}…"
    return f"`{shortened}`"


def about(*instances: Instance | None) -> tuple[str, ...]:
    """The names by which findings are about instances."""
    names = (instance.called for instance in instances if instance is not None)
    return tuple(dict.fromkeys(name for name in names if name))


def round_trip(names: Iterable[str]) -> str:
    """A circle in words; the middle of a long one is left out."""
    steps = list(names)
    if len(steps) > 8:
        steps = [*steps[:4], f"({len(steps) - 7} more)", *steps[-3:]]
    return " → ".join([*steps, steps[0]])
