"""The workflow as a graph without loops: what follows what, what is certain, what depends.

Nodes are OIDs of study events, branchings, and of groups, epochs, arms and workflows made into what
they hold. Nothing here calls itself, so a chain of thousands of visits is as good as one of three.
"""

from typing import NamedTuple

from planner.formats.odm.elements import Element


class Edge(NamedTuple):
    """One step of a workflow. ``branching`` is what decides whether it is taken, if anything does.

    ``implied`` steps have no Transition: members of a group, the way into a workflow.
    """

    source: str
    target: str
    transition: Element | None = None
    branching: Element | None = None
    condition: str | None = None
    is_default: bool = False
    allocates: bool = False

    @property
    def is_choice(self) -> bool:
        """Whether it is taken only under a condition."""
        if self.branching is None or self.allocates:
            return False
        return self.branching.get("Type") != "Parallel" or self.condition is not None


class EventGraph(NamedTuple):
    """``order`` holds every node after all that lead to it; ``loops`` are the edges left out."""

    order: tuple[str, ...]
    edges: tuple[Edge, ...]
    choices: tuple[Edge, ...]
    loops: tuple[Edge, ...]
    reach: dict[str, int]
    certain: dict[str, int]
    bits: dict[str, int]

    def reaches(self, node: str, other: str) -> bool:
        """Whether there is a way from one node to the other, or they are the same."""
        return other in self.bits and bool(self.reach.get(node, 0) >> self.bits[other] & 1)

    def is_certain(self, node: str, other: str) -> bool:
        """Whether every way from the one node leads through the other."""
        return other in self.bits and bool(self.certain.get(node, 0) >> self.bits[other] & 1)

    def choices_before(self, node: str) -> list[Edge]:
        """The choices after which the node is certain; only the first where they follow another."""
        if node not in self.bits:
            return []
        bit = self.bits[node]
        leading = [edge for edge in self.choices if self.certain[edge.target] >> bit & 1]
        after = 0
        for edge in leading:
            after |= self.reach[edge.target]
        return [edge for edge in leading if not after >> self.bits[edge.source] & 1]


def graph_of(starts: list[str], edges: list[Edge]) -> EventGraph:
    """The graph that can be reached from the starts; edges that come back are left out."""
    outgoing: dict[str, list[Edge]] = {}
    for edge in edges:
        outgoing.setdefault(edge.source, []).append(edge)
    finished: list[str] = []
    state: dict[str, bool] = {}
    loops: list[Edge] = []
    # Children backwards, so that the reversed order of leaving has the first branch first.
    for start in reversed(starts):
        stack: list[tuple[str, int]] = [(start, 0)]
        while stack:
            node, at = stack.pop()
            if at == 0:
                if node in state:
                    continue
                state[node] = True
            following = outgoing.get(node, [])
            if at == len(following):
                state[node] = False
                finished.append(node)
                continue
            stack.append((node, at + 1))
            edge = following[len(following) - 1 - at]
            if edge.target not in state:
                stack.append((edge.target, 0))
            elif state[edge.target]:
                loops.append(edge)
    left_out = {id(edge) for edge in loops}
    kept = tuple(edge for edge in edges if edge.source in state and id(edge) not in left_out)
    bits = {node: at for at, node in enumerate(finished)}
    reach: dict[str, int] = {}
    certain: dict[str, int] = {}
    for node in finished:
        following = [edge for edge in outgoing.get(node, []) if id(edge) not in left_out]
        reach[node] = certain[node] = 1 << bits[node]
        for edge in following:
            reach[node] |= reach[edge.target]
        certain[node] |= _certain_after(following, certain)
    choices = tuple(edge for edge in kept if edge.is_choice)
    return EventGraph(tuple(reversed(finished)), kept, choices, tuple(loops), reach, certain, bits)


def _certain_after(following: list[Edge], certain: dict[str, int]) -> int:
    """What comes whatever is chosen: all of what is always taken, the common of what excludes."""
    certain_nodes = 0
    exclusive: dict[int, list[int]] = {}
    for edge in following:
        if not edge.is_choice:
            certain_nodes |= certain[edge.target]
        elif edge.branching is not None and edge.branching.get("Type") != "Parallel":
            exclusive.setdefault(id(edge.branching), []).append(certain[edge.target])
    for sets in exclusive.values():
        common = sets[0]
        for other_set in sets[1:]:
            common &= other_set
        if len(sets) > 1:
            certain_nodes |= common
    return certain_nodes
