"""A timeline as a graph: where each instance leads, and the chains in which it is walked.

The default chain is what happens when no condition holds. A branch that leads to what has not been
walked begins a chain of its own, hung behind its decision. However a file is knotted, each
instance is in one chain, so that timelines with circles end.
"""

from functools import cached_property
from typing import NamedTuple

from planner.formats.usdm.model import Branch, ScheduleTimeline


class Chain(NamedTuple):
    """Instances that follow each other by default, as numbers.

    ``decision`` and ``branch`` are what leads to it, ``None`` for a chain that begins by itself.
    ``joins`` is where it leads into a chain walked before, ``loops_to`` where into itself.
    """

    nodes: tuple[int, ...]
    decision: int | None
    branch: Branch | None
    joins: int | None
    loops_to: int | None


class TimelineGraph:
    """The instances of one timeline by their numbers in it; its parts are made when asked for."""

    def __init__(self, timeline: ScheduleTimeline) -> None:
        self.timeline = timeline
        self.instances = timeline.instances
        self.number: dict[str, int] = {}
        """Each id's instance, the first of those that share it."""
        for at, instance in enumerate(timeline.instances):
            self.number.setdefault(instance.id, at)

    def target_of(self, id_: str | None) -> int | None:
        """The number of the instance with this id in this timeline."""
        return self.number.get(id_) if id_ else None

    @cached_property
    def entry(self) -> int | None:
        """Where the timeline begins, ``None`` where its entry is none of its instances."""
        return self.target_of(self.timeline.entry_id)

    @cached_property
    def start(self) -> int | None:
        """The entry; without one the first instance that no other leads to, or the first of all."""
        if self.entry is not None or not self.number:
            return self.entry
        known = [self.instances[at] for at in self.number.values()]
        followers = {instance.default_id for instance in known}
        followers |= {branch.target_id for instance in known for branch in instance.branches}
        return next(
            (self.number[instance.id] for instance in known if instance.id not in followers),
            self.number[known[0].id],
        )

    @cached_property
    def is_unlinked(self) -> bool:
        """Whether there are several instances, and none says what follows it."""
        known = [self.instances[at] for at in self.number.values()]
        return len(known) > 1 and not any(
            instance.default_id or instance.branches for instance in known
        )

    def default_of(self, at: int) -> int | None:
        """The next instance by default."""
        return self.target_of(self.instances[at].default_id)

    def following(self, at: int) -> int | None:
        """What follows by default; of a decision without default, where its first branch leads."""
        instance = self.instances[at]
        if instance.default_id is None and instance.branches:
            return self.target_of(instance.branches[0].target_id)
        return self.default_of(at)

    @cached_property
    def chains(self) -> list[Chain]:
        """The default chain from the start, then that of each branch, nearer decisions first.

        Unlinked instances are a chain each, the start first.
        """
        starts = [] if self.start is None else [self.start]
        if self.is_unlinked:
            starts += self.number.values()
        walked: set[int] = set()
        chains = [self._chain(start, None, None, walked) for start in dict.fromkeys(starts)]
        for chain in chains:  # more of them while branches are found
            for at in chain.nodes:
                instance = self.instances[at]
                for branch in instance.branches if instance.is_decision else ():
                    target = self.target_of(branch.target_id)
                    if target is not None and target not in walked:
                        chains.append(self._chain(target, at, branch, walked))
        return chains

    @cached_property
    def place(self) -> dict[int, tuple[int, int]]:
        """The chain of each instance that is reached, and its place in it."""
        return {
            at: (number, position)
            for number, chain in enumerate(self.chains)
            for position, at in enumerate(chain.nodes)
        }

    def _chain(
        self, at: int, decision: int | None, branch: Branch | None, walked: set[int]
    ) -> Chain:
        """Walks from an instance until one that has been walked, or the end."""
        nodes: dict[int, None] = {}
        step: int | None = at
        while step is not None and step not in walked:
            walked.add(step)
            nodes[step] = None
            step = self.following(step)
        joins, loops_to = (None, step) if step in nodes else (step, None)
        return Chain(tuple(nodes), decision, branch, joins, loops_to)
