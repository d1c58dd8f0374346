"""Walks a timeline from its entry: which visits there are, in which order, and on what conditions.

A branch that leads further down the default chain skips what lies between; a branch beside the
chain adds its own visits; a branch backwards is a loop, which is walked once.
"""

from typing import NamedTuple

from planner.formats.usdm.model import Branch, Instance, ScheduleTimeline
from planner.formats.usdm.read.import_log import ImportLog, name_of
from planner.formats.usdm.timeline_graph import TimelineGraph
from planner.protocol.document import Path
from planner.protocol.field_types import quoted
from planner.protocol.imported_document import Lost

MAX_REQUIREMENTS = 4
"""Conditions on one visit; further ones are told and not asked."""

MAX_SKIPPED = 1_000_000
"""Visits that all branches skip, counted for each branch; no study comes near it."""

MAX_COMPARED = 200
"""Branches of one chain of which it is told where they cross."""


class Requirement(NamedTuple):
    """A branch of a decision that has to be taken, or (`holds` is false) has not to be."""

    decision: Instance
    branch: Branch
    holds: bool


class ChainVisit(NamedTuple):
    """A visit-to-be, and all that has to be so for it to take place."""

    instance: Instance
    requirements: tuple[Requirement, ...]


def instances_by_id(
    account: ImportLog, timeline: ScheduleTimeline, *, visits: bool = True
) -> dict[str, Instance]:
    """The instances of a timeline; of those that share an id the first.

    ``visits`` says that they are visits, and no lines of a run sheet.
    """
    instances: dict[str, Instance] = {}
    for instance in timeline.instances:
        if instance.id in instances:
            account.mistake(
                f"instance {name_of(instance)} has the id of"
                f" {name_of(instances[instance.id])}, {quoted(instance.id)}; only the first"
                " is read",
                (*instance.path, "id"),
                visits=int(visits and not instance.is_decision),
            )
        else:
            instances[instance.id] = instance
    return instances


def walk(
    account: ImportLog, timeline: ScheduleTimeline, *, visits: bool = True
) -> list[ChainVisit]:
    """The activity instances of a timeline in the order of its default chain, each once.

    ``visits`` is as with `instances_by_id`.
    """
    known = instances_by_id(account, timeline, visits=visits)
    graph = TimelineGraph(timeline)
    if graph.start is None:
        return []
    if graph.entry is None:
        _tell_start(account, timeline, graph.instances[graph.start])
    course = _Course(account, graph, loops=int(visits))
    course.follow()
    stops = course.stops()
    course.tell_crossings()
    if not stops:
        others = [instance for instance in known.values() if not instance.is_decision]
        if others:
            account.reading(
                "the chain from the entry holds no visit; all instances are read in the order in"
                " which they are listed",
                timeline.path,
            )
        return [ChainVisit(instance, ()) for instance in others]
    reached = {stop.instance.id for stop in stops}
    for instance in known.values():
        if not instance.is_decision and instance.id not in reached:
            account.left_out(
                f"instance {name_of(instance)} is not reached from the entry of its timeline"
                f" {name_of(timeline)}; it is left out",
                instance.path,
                "some other instance has to name it as what follows",
                visits=int(visits),
            )
    return stops


def _tell_start(account: ImportLog, timeline: ScheduleTimeline, first: Instance) -> None:
    what = "names no entry" if timeline.entry_id is None else "has an entry that it does not hold"
    account.reading(
        f"timeline {name_of(timeline)} {what}; read as starting with"
        f" {name_of(first)}, which no other instance leads to",
        (*timeline.path, "entryId") if timeline.entry_id else timeline.path,
    )


class _Course:
    """What has to be so for each instance, by the chains of its timeline."""

    def __init__(self, account: ImportLog, graph: TimelineGraph, *, loops: int) -> None:
        """``loops`` is what a loop counts as: 1 where the instances are visits."""
        self.account = account
        self.loops = loops
        self.graph = graph
        self.chains = graph.chains
        self.place = graph.place
        self.needs: dict[int, tuple[Requirement, ...]] = {}
        self.hung: dict[int, list[int]] = {}
        """The chains that hang behind a decision, in the order of its branches."""
        self.begun: dict[Path, int] = {}
        """The chain that a branch begins, by the branch's path."""
        for number, chain in enumerate(self.chains):
            if chain.decision is not None and chain.branch is not None:
                self.hung.setdefault(chain.decision, []).append(number)
                self.begun[chain.branch.path] = number
        self.skipped = 0
        self.jumps: dict[int, list[tuple[int, int, Instance]]] = {}
        """What branches skip of each chain: from where up to where."""

    def follow(self) -> None:
        """Reads the chains in turn, and whatever branches off them."""
        if self.graph.is_unlinked:
            self.account.reading(
                "no instance says which one follows it; they are read in the order in which they"
                " are listed",
                self.graph.timeline.path,
            )
        for number, chain in enumerate(self.chains):
            if chain.decision is None:
                self._begin(number, ())
            for at in chain.nodes:
                instance = self.graph.instances[at]
                for branch in instance.branches if instance.is_decision else ():
                    self._branch(at, branch, number)

    def _begin(self, number: int, needs: tuple[Requirement, ...]) -> None:
        """Reads what follows by default along a chain."""
        chain = self.chains[number]
        for at in chain.nodes:
            self.needs[at] = needs
            instance = self.graph.instances[at]
            if instance.default_id is not None:
                if self.graph.default_of(at) is None:
                    self.account.mistake(
                        f"{name_of(instance)} leads to {quoted(instance.default_id)}, which"
                        " is not an instance of its timeline; the chain ends there",
                        (*instance.path, "defaultConditionId"),
                    )
            elif self.graph.following(at) is not None:
                self.account.reading(
                    f"decision {name_of(instance)} has no default; whoever meets no condition"
                    f" is read as taking the branch of"
                    f" {quoted(instance.branches[0].condition or 'its first condition')}",
                    instance.path,
                )
        if chain.loops_to is not None:
            last = self.graph.instances[chain.nodes[-1]]
            self.account.reading(
                f"{name_of(last)} leads back to"
                f" {name_of(self.graph.instances[chain.loops_to])};"
                " the loop is read as one pass, not as repeating",
                (*last.path, "defaultConditionId"),
                lost=Lost(loops=self.loops),
            )

    def _branch(self, at: int, branch: Branch, chain: int) -> None:
        where: Path = branch.path
        decision = self.graph.instances[at]
        condition = quoted(branch.condition or "a condition without words")
        target = self.graph.target_of(branch.target_id)
        if target is None:
            self.account.left_out(
                f"decision {name_of(decision)}: where {condition} leads is not an instance of its"
                " timeline; whoever takes it is read as leaving, and nothing is planned for them",
                where,
            )
            return
        if decision.default_id is None and branch is decision.branches[0]:
            return
        if branch.target_id == decision.default_id:
            self.account.reading(
                f"decision {name_of(decision)}: {condition} leads where the default leads; it"
                " is read as making no difference",
                where,
            )
            return
        number = self.begun.get(where)
        if number is None:
            self._rejoin(at, branch, chain, target)
            return
        self._begin(number, (*self.needs[at], Requirement(decision, branch, True)))
        joined = self.chains[number].joins
        if joined is not None:
            self._rejoin(at, branch, chain, joined)
            return
        self.account.reading(
            f"decision {name_of(decision)}: the branch of {condition} ends by itself; whoever"
            " takes it is read as leaving the study, and the visits of the default chain are"
            " those of everybody else",
            where,
        )

    def _rejoin(self, at: int, branch: Branch, chain: int, target: int) -> None:
        """What a branch skips that leads, or leads back, to a place on a chain walked before."""
        decision = self.graph.instances[at]
        condition = quoted(branch.condition or "a condition without words")
        own_position = self.place[at][1]
        need = Requirement(decision, branch, False)
        for _ in range(len(self.chains)):
            number, position = self.place[target]
            if number == chain and position > own_position:
                self._skip(chain, own_position + 1, position, need)
                return
            hung_at = None if number == chain else self._hung_at(chain, number)
            if hung_at is not None and position > hung_at:
                self._skip(chain, own_position + 1, len(self.chains[chain].nodes), need)
                return
            if number == chain or hung_at is not None:
                self.account.reading(
                    f"decision {name_of(decision)}: {condition} leads back to"
                    f" {name_of(self.graph.instances[target])}; the loop is read as one"
                    " pass, not as repeating",
                    branch.path,
                    lost=Lost(loops=self.loops),
                )
                return
            self.account.reading(
                f"decision {name_of(decision)}: {condition} leads to"
                f" {name_of(self.graph.instances[target])}, which another branch leads to as"
                " well; it is read as depending on the condition of that one alone",
                branch.path,
            )
            following = self.chains[number].joins
            if following is None:
                return
            target = following

    def _hung_at(self, chain: int, number: int) -> int | None:
        """Where a chain hangs, perhaps by others between them, on the chain of that number."""
        while (parent := self.chains[chain].decision) is not None:
            chain, position = self.place[parent]
            if chain == number:
                return position
        return None

    def _skip(self, chain: int, start: int, end: int, need: Requirement) -> None:
        self.jumps.setdefault(chain, []).append((start, end, need.decision))
        self.skipped += end - start
        if self.skipped > MAX_SKIPPED:
            self.account.left_out(
                f"the branches skip more than {MAX_SKIPPED:,} visits together; this one, of"
                f" {name_of(need.decision)}, is left out",
                need.branch.path,
            )
            return
        for at in self.chains[chain].nodes[start:end]:
            self.needs[at] = (*self.needs[at], need)[: MAX_REQUIREMENTS + 1]

    def tell_crossings(self) -> None:
        """Tells where one branch skips the decision of another that leads further than it."""
        for jumps in self.jumps.values():
            for start, end, decision in jumps[:MAX_COMPARED]:
                for inner, beyond, other in jumps[:MAX_COMPARED]:
                    if start < inner <= end < beyond:
                        self.account.reading(
                            f"decision {name_of(decision)} has a branch that skips decision"
                            f" {name_of(other)}, which leads further; visits behind are read"
                            " as depending on the condition of that one even where it is skipped",
                            other.path,
                        )

    def stops(self) -> list[ChainVisit]:
        """All chains in one order: what hangs behind a decision comes before its default."""
        chain_visits: list[ChainVisit] = []
        begun = [number for number, chain in enumerate(self.chains) if chain.decision is None]
        stack = [(number, 0) for number in reversed(begun)]
        while stack:
            number, position = stack.pop()
            nodes = self.chains[number].nodes
            while position < len(nodes):
                at = nodes[position]
                position += 1
                if not self.graph.instances[at].is_decision:
                    chain_visits.append(self._stop(at))
                elif at in self.hung:
                    stack.append((number, position))
                    stack += [(begun_chain, 0) for begun_chain in reversed(self.hung[at])]
                    break
        return chain_visits

    def _stop(self, at: int) -> ChainVisit:
        instance, needs = self.graph.instances[at], self.needs[at]
        if len(needs) > MAX_REQUIREMENTS:
            self.account.left_out(
                f"{name_of(instance)} depends on more than {MAX_REQUIREMENTS} conditions;"
                " the others are left out",
                instance.path,
            )
        return ChainVisit(instance, needs[:MAX_REQUIREMENTS])
