"""Which visits follow which: workflows, groups, arms and branchings made into one graph."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from planner.errors import argument
from planner.formats.odm.elements import Element
from planner.formats.odm.graph import Edge, EventGraph, graph_of
from planner.formats.odm.study import OdmStudy, events_of, members

_MAX_PAIRS = 20_000
_Decided = tuple[Element | None, str | None, bool]
_UNDECIDED: _Decided = (None, None, False)


class Flow(NamedTuple):
    """The visits in order, and what the workflow says about each.

    ``arms`` are the OIDs of the arms that have a visit (none: all), ``when`` the choices it depends
    on (any of them), ``gates`` conditions that must hold before it. ``ends`` gives, for the OID of
    a transition, the visits it leads from and to. ``start`` is the first visit of the workflow.
    """

    visits: tuple[str, ...]
    start: str | None
    arms: dict[str, tuple[str, ...]]
    when: dict[str, tuple[Edge, ...]]
    gates: dict[str, tuple[tuple[str, Element], ...]]
    ends: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    transitions: tuple[Element, ...]
    graph: EventGraph


def flow_of(study: OdmStudy, chosen: str | None) -> Flow:
    """The flow through the workflow of an OID, or through those that the study refers to."""
    return _Builder(study).flow(chosen)


class _Builder:
    """The graph as far as it has been built."""

    def __init__(self, study: OdmStudy) -> None:
        self.study = study
        self.edges: list[Edge] = []
        self.made: dict[str, tuple[list[str], list[str]]] = {}
        self.open: set[str] = set()
        self.transitions: dict[str, Element] = {}
        self.branchings: set[str] = set()
        self.unknown: set[str] = set()
        self.forwards: dict[str, list[str]] = {}
        self.backwards: dict[str, list[str]] = {}

    def flow(self, chosen: str | None) -> Flow:
        study = self.study
        starts: list[str] = []
        arms_of_starts: list[tuple[str, str]] = []
        for workflow, arm in self.chosen_workflows(chosen):
            entries, _ = self.composite(workflow)
            starts += [entry for entry in entries if entry not in starts]
            if arm is not None:
                arms_of_starts += [(entry, arm) for entry in entries]
        graph = graph_of(starts, self.edges)
        for edge in graph.loops:
            at = study.version if edge.transition is None else edge.transition
            message = (
                f"the workflow comes back to {study.title(edge.target)}: read as one pass;"
                " the number of repetitions is not stated"
            )
            study.say("left-out", message, at, loops=1)
        for edge in graph.edges:
            if edge.source not in study.events:
                self.forwards.setdefault(edge.source, []).append(edge.target)
            if edge.target not in study.events:
                self.backwards.setdefault(edge.target, []).append(edge.source)
        self.tell_forks(graph)
        visits = [node for node in graph.order if node in study.events]
        reached = set(visits)
        missing = [oid for oid in study.events if oid not in reached and not self.is_common(oid)]
        if missing and self.transitions:
            names = ", ".join(study.title(oid) for oid in missing[:5])
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            message = f"not in the workflow: {names}{more}; listed after it"
            study.say("reading", message, study.events[missing[0]])
        return Flow(
            visits=(*visits, *missing),
            start=next((visit for visit in visits), None) if self.transitions else None,
            arms=self.arms(graph, arms_of_starts),
            when=self.conditions(graph, visits, starts),
            gates=self.gates(graph),
            ends=self.ends(graph),
            transitions=tuple(self.transitions.values()),
            graph=graph,
        )

    def is_common(self, oid: str) -> bool:
        """Whether it is a place for forms of any time, such as adverse events, and no visit."""
        event = self.study.events[oid]
        if event.get("Type") != "Common":
            return False
        if any(oid in timing.attributes.values() for timing in self.study.timings):
            return False
        message = f"{self.study.title(oid)} is common to all visits: it has no time of its own"
        self.study.say("left-out", message, event)
        return True

    def chosen_workflows(self, chosen: str | None) -> list[tuple[str, str | None]]:
        """The workflows to read, each with the arm it is of."""
        study = self.study
        if chosen is not None:
            return [(chosen, None)]
        of_arms: list[tuple[str, str | None]] = []
        for oid, arm in study.arms.items():
            workflow = self.referred(arm)
            if workflow is not None:
                of_arms.append((workflow, oid))
        structure = None if study.protocol is None else study.protocol.first("StudyStructure")
        for holder in (study.protocol, structure):
            main = None if holder is None else self.referred(holder)
            if main is not None:
                return [(main, None)]
        if of_arms:
            return of_arms
        inner = {self.referred(group) for group in study.groups.values()}
        outer = [oid for oid in study.workflows if oid not in inner]
        if len(outer) > 1:
            others = ", ".join(f"`{oid}`" for oid in outer[1:6])
            message = f"the study's workflow is not stated: the first is read, not {others}"
            hint = f"`{argument('workflow', 'OID')}` takes another"
            study.say("reading", message, study.workflows[outer[0]], hint)
        return [(oid, None) for oid in outer[:1]]

    def referred(self, holder: Element) -> str | None:
        reference = holder.first("WorkflowRef")
        oid = None if reference is None else reference.get("WorkflowOID")
        if reference is not None and oid not in self.study.workflows:
            self.dangling(oid, reference)
            return None
        return oid

    def dangling(self, oid: str | None, element: Element) -> None:
        if oid not in self.unknown:
            self.unknown.add(oid or "")
            self.study.say("mistake", f"refers to `{oid or ''}`, which is not defined", element)

    def composite(self, oid: str) -> tuple[list[str], list[str]]:
        """The nodes with which something begins and ends; its own steps become edges."""
        study = self.study
        if oid in study.events or oid in self.branchings:
            return [oid], [oid]
        if oid in self.made:
            return self.made[oid]
        if oid in self.open:
            study.say("mistake", f"`{oid}` holds itself", study.version)
            return [], []
        if len(self.open) > 50:
            study.say("mistake", f"`{oid}` is nested too deep and not read", study.version)
            return [], []
        self.open.add(oid)
        if oid in study.workflows:
            made = self.workflow(study.workflows[oid])
        elif oid in study.groups:
            made = self.group(study.groups[oid])
        elif oid in study.arms:
            made = self.arm(oid, study.arms[oid])
        elif oid in study.epochs:
            groups = [key for key, group in study.groups.items() if group.get("EpochOID") == oid]
            made = self.chain(groups)
        else:
            made = [oid], [oid]  # a node that is no visit, such as the start of a drawing
        self.open.discard(oid)
        self.made[oid] = made
        return made

    def arm(self, oid: str, arm: Element) -> tuple[list[str], list[str]]:
        workflow = self.referred(arm)
        if workflow is None:
            return [oid], [oid]
        entries, exits = self.composite(workflow)
        self.edges += [Edge(oid, entry) for entry in entries]
        return [oid], exits or [oid]

    def group(self, group: Element) -> tuple[list[str], list[str]]:
        workflow = self.referred(group)
        if workflow is not None:
            return self.composite(workflow)
        return self.chain([oid for oid, _ in members(self.study, group)])

    def chain(self, oids: list[str]) -> tuple[list[str], list[str]]:
        first: list[str] = []
        last: list[str] = []
        for oid in oids:
            entries, exits = self.composite(oid)
            self.edges += [Edge(exit_, other) for exit_ in last for other in entries]
            first = first or entries
            last = exits or last
        return first, last

    def workflow(self, workflow: Element) -> tuple[list[str], list[str]]:
        study = self.study
        for branching in workflow.all("Branching"):
            oid = branching.get("OID")
            if oid is not None:
                self.branchings.add(oid)
        decided = self.decided(workflow)
        own: dict[str, Element] = {}
        for transition in workflow.all("Transition"):
            oid = transition.get("OID") or transition.origin.text
            if oid in self.transitions:
                study.say("mistake", f"a second Transition `{oid}`: the first counts", transition)
                continue
            own[oid] = self.transitions[oid] = transition
        for oid, transition in own.items():
            source, target = transition.get("SourceOID"), transition.get("TargetOID")
            if source is None or target is None:
                study.say("mistake", "the transition lacks its source or its target", transition)
                continue
            for end in (source, target):
                if not self.is_known(end):
                    self.dangling(end, transition)
            decision, condition, is_default = decided.get(oid, _UNDECIDED)
            allocates = decision is not None and self.allocates(decision, own)
            for source_exit in self.composite(source)[1]:
                for other in self.composite(target)[0]:
                    edge = Edge(
                        source_exit, other, transition, decision, condition, is_default, allocates
                    )
                    self.edges.append(edge)
        start = workflow.first("WorkflowStart")
        entry = None if start is None else start.get("StartOID")
        if start is not None and entry is not None and not self.is_known(entry):
            self.dangling(entry, start)
        exits = []
        for last in workflow.all("WorkflowEnd"):
            way_out = last.get("EndOID")
            if way_out is not None and not self.is_known(way_out):
                self.dangling(way_out, last)
            elif way_out is not None:
                exits += self.composite(way_out)[1]
        if entry is None:
            targets = {transition.get("TargetOID") for transition in own.values()}
            sources = [transition.get("SourceOID") or "" for transition in own.values()]
            entry = next((source for source in sources if source not in targets), None)
            study.say("mistake", "the workflow has no WorkflowStart", workflow)
        return ([] if entry is None else self.composite(entry)[0]), exits

    def is_known(self, oid: str) -> bool:
        study = self.study
        kinds = (study.events, study.groups, study.arms, study.epochs, study.workflows)
        return oid in self.branchings or any(oid in kind for kind in kinds)

    def allocates(self, branching: Element, own: dict[str, Element]) -> bool:
        """Whether all that is decided is the arm."""
        targets = [
            own[oid].get("TargetOID")
            for step in branching.all("TargetTransition", "DefaultTransition")
            if (oid := step.get("TargetTransitionOID")) in own
        ]
        return bool(targets) and all(target in self.study.arms for target in targets)

    def decided(self, workflow: Element) -> dict[str, _Decided]:
        """By the OID of a transition: what decides about it, on which condition, or by default."""
        known = {transition.get("OID") for transition in workflow.all("Transition")}
        decisions: dict[str, _Decided] = {}
        for branching in workflow.all("Branching"):
            for step in branching.all("TargetTransition", "DefaultTransition"):
                oid = step.get("TargetTransitionOID")
                if oid is None or oid not in known:
                    self.dangling(oid, step)
                    continue
                condition = step.get("ConditionOID")
                if condition is not None and condition not in self.study.conditions:
                    self.dangling(condition, step)
                decisions.setdefault(oid, (branching, condition, step.name == "DefaultTransition"))
        return decisions

    def tell_forks(self, graph: EventGraph) -> None:
        """A fork without a Branching could be either kind."""
        forks: dict[tuple[str, int], list[Edge]] = {}
        for edge in graph.edges:
            if edge.branching is None and edge.transition is not None:
                workflow = id(edge.transition.steps[0])
                forks.setdefault((edge.source, workflow), []).append(edge)
        for (source, _), edges in forks.items():
            if len({id(edge.transition) for edge in edges}) > 1 and edges[0].transition is not None:
                message = (
                    f"{len(edges)} transitions leave {self.study.title(source)} without a"
                    " Branching: read as all of them taken; it can also be a choice"
                )
                self.study.say("reading", message, edges[1].transition or edges[0].transition)

    def arms(
        self, graph: EventGraph, of_starts: list[tuple[str, str]]
    ) -> dict[str, tuple[str, ...]]:
        study = self.study
        arms_of_visits: dict[str, list[str]] = {}
        roots = [*of_starts, *((oid, oid) for oid in study.arms if oid in graph.bits)]
        # The workflows of two arms may begin with the same visit and part after it.
        own = {oid: self.alone(arm) for oid, arm in study.arms.items()}
        of_one = frozenset[str]().union(*own.values())
        for visit in study.events:
            if visit in of_one:
                arms_of_visits[visit] = [arm for arm, visits in own.items() if visit in visits]
                continue
            having = [arm for root, arm in roots if graph.reaches(root, visit)]
            arms_of_visits[visit] = [arm for arm in study.arms if arm in having]
        for group in study.groups.values():
            arm_oid = group.get("ArmOID")
            if arm_oid is None:
                continue
            if arm_oid not in study.arms:
                self.dangling(arm_oid, group)
                continue
            for visit in events_of(study, group):
                if arm_oid not in arms_of_visits[visit]:
                    arms_of_visits[visit].append(arm_oid)
        every = len(study.arms)
        return {
            visit: tuple(arms) for visit, arms in arms_of_visits.items() if 0 < len(arms) < every
        }

    def alone(self, arm: Element) -> frozenset[str]:
        """The visits of an arm's own workflow."""
        workflow = self.referred(arm)
        if workflow is None:
            return frozenset()
        builder = _Builder(self.study)
        builder.unknown = self.unknown
        entries, _ = builder.composite(workflow)
        return frozenset(graph_of(entries, builder.edges).order)

    def conditions(
        self, graph: EventGraph, visits: list[str], starts: list[str]
    ) -> dict[str, tuple[Edge, ...]]:
        choices_of_visits = {}
        for visit in visits:
            leading = [start for start in starts if graph.reaches(start, visit)]
            if all(graph.is_certain(start, visit) for start in leading):
                continue
            choices = graph.choices_before(visit)
            if choices:
                choices_of_visits[visit] = tuple(choices)
        return choices_of_visits

    def gates(self, graph: EventGraph) -> dict[str, tuple[tuple[str, Element], ...]]:
        gates_of_visits: dict[str, list[tuple[str, Element]]] = {}
        for edge in graph.edges:
            if edge.transition is None:
                continue
            for name in ("StartConditionOID", "EndConditionOID"):
                condition = edge.transition.get(name)
                if condition is None:
                    continue
                if condition not in self.study.conditions:
                    self.dangling(condition, edge.transition)
                    continue
                for visit in self.across(edge.target, forwards=True):
                    gates = gates_of_visits.setdefault(visit, [])
                    if all(condition != known for known, _ in gates):
                        gates.append((condition, edge.transition))
        return {visit: tuple(gates) for visit, gates in gates_of_visits.items()}

    def ends(self, graph: EventGraph) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        ends_of_transitions: dict[str, tuple[list[str], list[str]]] = {}
        of_transition = {id(transition): oid for oid, transition in self.transitions.items()}
        pairs = 0
        for edge in graph.edges:
            if edge.transition is None:
                continue
            before = self.across(edge.source, forwards=False)
            after = self.across(edge.target, forwards=True)
            pairs += len(before) * len(after)
            if pairs > _MAX_PAIRS:
                self.study.say("left-out", "too many transitions meet here", edge.transition)
                break
            sources, targets = ends_of_transitions.setdefault(
                of_transition[id(edge.transition)], ([], [])
            )
            sources += [visit for visit in before if visit not in sources]
            targets += [visit for visit in after if visit not in targets]
        return {
            oid: (tuple(sources_of_it), tuple(other))
            for oid, (sources_of_it, other) in ends_of_transitions.items()
        }

    def across(self, node: str, *, forwards: bool) -> list[str]:
        """The visits next to a node, itself if it is one, seen through what is none."""
        neighbours = self.forwards if forwards else self.backwards
        visits: list[str] = []
        seen = {node}
        waiting = [node]
        while waiting:
            nearest = waiting.pop(0)
            if nearest in self.study.events:
                visits.append(nearest)
                continue
            for other in neighbours.get(nearest, []):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return visits


class Untimed(NamedTuple):
    """A step of the workflow that no timing is about: from which visit it leads, in OIDs."""

    source: str
    transition: Element


class ListedOrder:
    """Which visits follow the one listed before them; to be asked in the order of the file."""

    def __init__(
        self, study: OdmStudy, flow: Flow, untimed: Mapping[str, Sequence[Untimed]]
    ) -> None:
        self._study = study
        self._flow = flow
        self._untimed = untimed
        self._listed: list[str] = []
        self._follows: dict[str, set[str]] = {}

    def add(self, oid: str) -> tuple[Element, ...]:
        """Lists the next visit.

        Returns:
            The transitions to it, where by the workflow it takes place after the visit listed
            before it, in every arm that has both; else none. What a transition says and the list
            does not is told as left out.
        """
        steps = self._untimed.get(oid, ())
        before = self._before(oid) if steps else set()
        if self._is_scheduled(oid):
            self._listed.append(oid)
        if before and all(self._flow.graph.reaches(earlier, oid) for earlier in before):
            self._follows[oid] = before
        behind = self._behind(oid)
        for source, transition in steps:
            if source not in behind:
                study = self._study
                message = (
                    f"{study.title(oid)} comes after {study.title(source)}, not directly as listed:"
                    " a protocol file has only the order of its list"
                )
                study.say("left-out", message, transition)
        return tuple(step.transition for step in steps) if oid in self._follows else ()

    def _before(self, oid: str) -> set[str]:
        """The visit listed before one, in each arm that has it."""
        preceding: set[str] = set()
        for arm in self._arms(oid):
            before = (visit for visit in reversed(self._listed) if arm in self._arms(visit))
            preceding.update(visit for visit in [next(before, None)] if visit is not None)
        return preceding if self._is_scheduled(oid) else set()

    def _arms(self, oid: str) -> Sequence[str]:
        return self._flow.arms.get(oid) or tuple(self._study.arms) or ("",)

    def _is_scheduled(self, oid: str) -> bool:
        return self._study.events[oid].get("Type") != "Unscheduled"

    def _behind(self, oid: str) -> set[str]:
        """The visits that one takes place after, by what is listed."""
        earlier: set[str] = set()
        waiting = [oid]
        while waiting:
            more = self._follows.get(waiting.pop(), set()) - earlier
            earlier |= more
            waiting += more
        return earlier
