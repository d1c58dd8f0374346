"""Groups of what is tied together, found from the ties between two of them."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

Member = TypeVar("Member", bound=Hashable)


class Groups(Generic[Member]):
    """Groups that grow together: at first each member is one of its own."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._nearer = {member: member for member in members}

    def __contains__(self, member: object) -> bool:
        return member in self._nearer

    def leader(self, member: Member) -> Member:
        """The member that stands for a whole group, until the next `join`."""
        nearer = self._nearer
        while nearer[member] != member:
            nearer[member] = member = nearer[nearer[member]]
        return member

    def join(self, member: Member, other: Member) -> bool:
        """Makes the groups of two members one; whether they were two before."""
        leader, there = self.leader(member), self.leader(other)
        self._nearer[leader] = there
        return leader != there

    def members(self) -> dict[Member, list[Member]]:
        """Each group by its leader; groups and members in the order in which these were given."""
        groups: dict[Member, list[Member]] = {}
        for member in self._nearer:
            groups.setdefault(self.leader(member), []).append(member)
        return groups
