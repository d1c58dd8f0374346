"""Walks a timeline from its entry: which visits there are, in which order, and on what conditions.

The default chain is what happens when no condition holds. A branch that leads further down the
chain skips what lies between; a branch beside the chain adds its own visits; a branch backwards
is a loop, which is walked once. However a file is knotted, each instance is met once.
"""

from typing import NamedTuple

from planner.protocol.document import Path
from planner.protocol.imported import Lost
from planner.protocol.markers import spoken
from planner.protocol.usdm.account import Account
from planner.protocol.usdm.study import Branch, Instance, Timeline

MOST_REQUIREMENTS = 4
"""Conditions on one visit; further ones are told and not asked."""

MOST_SKIPPED = 1_000_000
"""Visits that all branches skip, counted for each branch; no study comes near it."""

MOST_COMPARED = 200
"""Branches of one chain of which it is told where they cross."""


class Requirement(NamedTuple):
    """A branch of a decision that has to be taken, or (`holds` is false) has not to be."""

    decision: Instance
    branch: Branch
    holds: bool


class Stop(NamedTuple):
    """A visit-to-be, and all that has to be so for it to take place."""

    instance: Instance
    requirements: tuple[Requirement, ...]


def instance_name(instance: Instance) -> str:
    """What messages call an instance."""
    return spoken(instance.name or instance.label or instance.id or "?")


def instances_by_id(
    account: Account, timeline: Timeline, *, visits: bool = True
) -> dict[str, Instance]:
    """The instances of a timeline; of those that share an id the first.

    ``visits`` says that they are visits, and no lines of a run sheet.
    """
    found: dict[str, Instance] = {}
    for instance in timeline.instances:
        if instance.id in found:
            account.mistake(
                f"instance {instance_name(instance)} has the id of"
                f" {instance_name(found[instance.id])}, {spoken(instance.id)}; only the first is"
                " read",
                (*instance.path, "id"),
                visits=int(visits and not instance.is_decision),
            )
        else:
            found[instance.id] = instance
    return found


def walk(account: Account, timeline: Timeline, *, visits: bool = True) -> list[Stop]:
    """The activity instances of a timeline in the order of its default chain, each once.

    ``visits`` is as with `instances_by_id`.
    """
    known = instances_by_id(account, timeline, visits=visits)
    entry = _entry(account, timeline, known)
    if entry is None:
        return []
    chains = _Chains(account, known, loops=int(visits))
    chains.follow(entry, ())
    if len(known) > 1 and not any(one.default_id or one.branches for one in known.values()):
        account.reading(
            "no instance says which one follows it; they are read in the order in which they are"
            " listed",
            timeline.path,
        )
        for one in known.values():
            chains.follow(one, ())
    stops = chains.stops()
    chains.tell_crossings()
    if not stops:
        others = [one for one in known.values() if not one.is_decision]
        if others:
            account.reading(
                "the chain from the entry holds no visit; all instances are read in the order in"
                " which they are listed",
                timeline.path,
            )
        return [Stop(one, ()) for one in others]
    reached = {stop.instance.id for stop in stops}
    for one in known.values():
        if not one.is_decision and one.id not in reached:
            account.left_out(
                f"instance {instance_name(one)} is not reached from the entry of its timeline"
                f" {_timeline_name(timeline)}; it is left out",
                one.path,
                "some other instance has to name it as what follows",
                visits=int(visits),
            )
    return stops


def _timeline_name(timeline: Timeline) -> str:
    return spoken(timeline.name or timeline.label or timeline.id or "?")


def _entry(account: Account, timeline: Timeline, known: dict[str, Instance]) -> Instance | None:
    found = None if timeline.entry_id is None else known.get(timeline.entry_id)
    if found is not None or not known:
        return found
    followers = {one.default_id for one in known.values()}
    followers |= {branch.target_id for one in known.values() for branch in one.branches}
    first = next((one for one in known.values() if one.id not in followers), None)
    first = first or next(iter(known.values()))
    what = "names no entry" if timeline.entry_id is None else "has an entry that it does not hold"
    account.reading(
        f"timeline {_timeline_name(timeline)} {what}; read as starting with"
        f" {instance_name(first)}, which no other instance leads to",
        (*timeline.path, "entryId") if timeline.entry_id else timeline.path,
    )
    return first


class _Chains:
    """Chains of instances: the default chain, and those that branches lead to, hung behind it."""

    def __init__(self, account: Account, known: dict[str, Instance], *, loops: int) -> None:
        """``loops`` is what a loop counts as: 1 where the instances are visits."""
        self.account = account
        self.loops = loops
        self.known = known
        self.chains: list[list[str]] = []
        self.place: dict[str, tuple[int, int]] = {}
        self.needs: dict[str, tuple[Requirement, ...]] = {}
        self.hung: dict[str, list[int]] = {}
        """The chains that hang behind a decision, in the order of its branches."""
        self.parents: list[str | None] = []
        self.joins: list[str | None] = []
        """Where each chain leads back into another one."""
        self.tops: list[int] = []
        self.skipped = 0
        self.jumps: dict[int, list[tuple[int, int, Instance]]] = {}
        """What branches skip of each chain: from where up to where."""

    def follow(self, entry: Instance, needs: tuple[Requirement, ...]) -> None:
        """Walks a chain and whatever branches off it."""
        if entry.id in self.place:
            return
        self.tops.append(len(self.chains))
        self._chain(entry, needs, None)
        at = len(self.chains) - 1
        while at < len(self.chains):
            for identity in list(self.chains[at]):
                instance = self.known[identity]
                if instance.is_decision:
                    self._branches(instance, at)
            at += 1

    def _chain(
        self, entry: Instance, needs: tuple[Requirement, ...], parent: str | None
    ) -> str | None:
        """Walks defaults until a known instance, which is returned, or the end."""
        chain: list[str] = []
        number = len(self.chains)
        self.chains.append(chain)
        self.parents.append(parent)
        self.joins.append(None)
        current = entry
        while True:
            self.place[current.id] = (number, len(chain))
            self.needs[current.id] = needs
            chain.append(current.id)
            following = self._target(current, self._default(current), "defaultConditionId")
            if following is None:
                return None
            if following.id in self.place:
                if parent is None or self.place[following.id][0] == number:
                    self.account.reading(
                        f"{instance_name(current)} leads back to {instance_name(following)};"
                        " the loop is read as one pass, not as repeating",
                        (*current.path, "defaultConditionId"),
                        lost=Lost(loops=self.loops),
                    )
                    return None
                self.joins[number] = following.id
                return following.id
            current = following

    def _default(self, instance: Instance) -> str | None:
        """What follows by default; of a decision that does not say it, where its first leads."""
        if instance.default_id is not None or not instance.branches:
            return instance.default_id
        first = instance.branches[0]
        if first.target_id is None or first.target_id not in self.known:
            return None
        self.account.reading(
            f"decision {instance_name(instance)} has no default; whoever meets no condition is"
            f" read as taking the branch of {spoken(first.condition or 'its first condition')}",
            instance.path,
        )
        return first.target_id

    def _target(self, instance: Instance, target: str | None, key: str) -> Instance | None:
        if target is None:
            return None
        found = self.known.get(target)
        if found is None:
            self.account.mistake(
                f"{instance_name(instance)} leads to {spoken(target)}, which is no instance of its"
                " timeline; the chain ends there",
                (*instance.path, key),
            )
        return found

    def _branches(self, decision: Instance, chain: int) -> None:
        for branch in decision.branches:
            self._branch(decision, branch, chain)

    def _branch(self, decision: Instance, branch: Branch, chain: int) -> None:
        where: Path = branch.path
        said = spoken(branch.condition or "a condition without words")
        target = None if branch.target_id is None else self.known.get(branch.target_id)
        if target is None:
            self.account.left_out(
                f"decision {instance_name(decision)}: where {said} leads is no instance of its"
                " timeline; whoever takes it is read as leaving, and nothing is planned for them",
                where,
            )
            return
        if decision.default_id is None and branch is decision.branches[0]:
            return
        if target.id == decision.default_id:
            self.account.reading(
                f"decision {instance_name(decision)}: {said} leads where the default leads; it is"
                " read as making no difference",
                where,
            )
            return
        if target.id in self.place:
            self._rejoin(decision, branch, chain, target.id)
            return
        needs = (*self.needs[decision.id], Requirement(decision, branch, True))
        self.hung.setdefault(decision.id, []).append(len(self.chains))
        joined = self._chain(target, needs, decision.id)
        if joined is not None:
            self._rejoin(decision, branch, chain, joined)
            return
        self.account.reading(
            f"decision {instance_name(decision)}: the branch of {said} ends by itself; whoever"
            " takes it is read as leaving the study, and the visits of the default chain are"
            " those of everybody else",
            where,
        )

    def _rejoin(self, decision: Instance, branch: Branch, chain: int, target: str) -> None:
        """What a branch skips that leads, or leads back, to a place on a chain walked before."""
        said = spoken(branch.condition or "a condition without words")
        here = self.place[decision.id][1]
        need = Requirement(decision, branch, False)
        for _ in range(len(self.chains)):
            number, position = self.place[target]
            if number == chain and position > here:
                self._skip(chain, here + 1, position, need)
                return
            if number != chain and self._lies_ahead(chain, number, position):
                self._skip(chain, here + 1, len(self.chains[chain]), need)
                return
            if number == chain or self._hangs_on(chain, number):
                self.account.reading(
                    f"decision {instance_name(decision)}: {said} leads back to"
                    f" {instance_name(self.known[target])}; the loop is read as one pass, not as"
                    " repeating",
                    branch.path,
                    lost=Lost(loops=self.loops),
                )
                return
            self.account.reading(
                f"decision {instance_name(decision)}: {said} leads to"
                f" {instance_name(self.known[target])}, which another branch leads to as well; it"
                " is read as depending on the condition of that one alone",
                branch.path,
            )
            following = self.joins[number]
            if following is None:
                return
            target = following

    def _lies_ahead(self, chain: int, number: int, position: int) -> bool:
        """Whether a place lies further down a chain that this one hangs on."""
        hung_at = self._hung_at(chain, number)
        return hung_at is not None and position > hung_at

    def _hangs_on(self, chain: int, number: int) -> bool:
        return self._hung_at(chain, number) is not None

    def _hung_at(self, chain: int, number: int) -> int | None:
        """Where a chain hangs, perhaps by others between them, on the chain of that number."""
        while (parent := self.parents[chain]) is not None:
            chain, position = self.place[parent]
            if chain == number:
                return position
        return None

    def _skip(self, chain: int, start: int, end: int, need: Requirement) -> None:
        self.jumps.setdefault(chain, []).append((start, end, need.decision))
        self.skipped += end - start
        if self.skipped > MOST_SKIPPED:
            self.account.left_out(
                f"the branches skip more than {MOST_SKIPPED:,} visits together; this one, of"
                f" {instance_name(need.decision)}, is left out",
                need.branch.path,
            )
            return
        for identity in self.chains[chain][start:end]:
            self.needs[identity] = (*self.needs[identity], need)[: MOST_REQUIREMENTS + 1]

    def tell_crossings(self) -> None:
        """Tells where one branch skips the decision of another that leads further than it."""
        for jumps in self.jumps.values():
            for start, end, decision in jumps[:MOST_COMPARED]:
                for inner, beyond, other in jumps[:MOST_COMPARED]:
                    if start < inner <= end < beyond:
                        self.account.reading(
                            f"decision {instance_name(decision)} has a branch that skips decision"
                            f" {instance_name(other)}, which leads further; visits behind are read"
                            " as depending on the condition of that one even where it is skipped",
                            other.path,
                        )

    def stops(self) -> list[Stop]:
        """All chains in one order: what hangs behind a decision comes before its default."""
        found: list[Stop] = []
        stack = [(number, 0) for number in reversed(self.tops)]
        while stack:
            number, position = stack.pop()
            chain = self.chains[number]
            while position < len(chain):
                instance = self.known[chain[position]]
                position += 1
                if instance.is_decision:
                    hung = self.hung.get(instance.id, [])
                    if hung:
                        stack.append((number, position))
                        stack += [(one, 0) for one in reversed(hung)]
                        break
                    continue
                found.append(self._stop(instance))
        return found

    def _stop(self, instance: Instance) -> Stop:
        needs = self.needs[instance.id]
        if len(needs) > MOST_REQUIREMENTS:
            self.account.left_out(
                f"{instance_name(instance)} depends on more than {MOST_REQUIREMENTS} conditions;"
                " the others are left out",
                instance.path,
            )
        return Stop(instance, needs[:MOST_REQUIREMENTS])
