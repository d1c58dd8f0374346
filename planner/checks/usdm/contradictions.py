"""Which timings cannot hold together, exactly over their windows.

Every timing is two limits on the distance of two instances. They are added one timing after the
other to limits that hold, with the times that satisfy them at hand (Cotton and Maler 2006): a
timing that no times satisfy closes a circle of limits, and its timings are the conflict.
"""

from heapq import heappop, heappush
from typing import NamedTuple

from planner.checks.usdm.graph import Graph, Link

MOST_WORK = 2_000_000
"""Limits looked at before the search is given up; no file made for people comes near."""


class Verdict(NamedTuple):
    """What adding timings one by one showed.

    ``conflicts``: sets of timings (their links, the one added last first) that cannot hold
    together. ``agreeing``: further timings of instances that have been placed, which can hold.
    ``finished``: false where the search was given up.
    """

    conflicts: list[list[Link]]
    agreeing: list[Link]
    finished: bool


class _Limit(NamedTuple):
    """``target`` lies at most ``seconds`` after where it comes from."""

    target: int
    seconds: int
    link: Link


class _Times:
    """Times that satisfy the limits so far."""

    def __init__(self) -> None:
        self.at: dict[int, int] = {}
        self.limits: dict[int, list[_Limit]] = {}
        self.work = 0

    def add(self, link: Link) -> None:
        for source, limit in _limits(link):
            self.limits.setdefault(source, []).append(limit)

    def adjust(self, source: int, new: _Limit) -> list[Link] | None:
        """Makes the times satisfy a new limit, too; else the timings against it."""
        late = self.at[source] + new.seconds - self.at[new.target]
        if late >= 0:
            return None
        # How much earlier each instance has to be, the most urgent one first.
        waiting = [(late, new.target)]
        urgent = {new.target: late}
        cause: dict[int, tuple[int, _Limit]] = {new.target: (source, new)}
        moved: dict[int, int] = {}
        while waiting:
            change, here = heappop(waiting)
            if here in moved or change != urgent[here]:
                continue
            if here == source:
                return _against(cause, source, new)
            moved[here] = self.at[here] + change
            for limit in self.limits.get(here, ()):
                self.work += 1
                target = limit.target
                change = moved[here] + limit.seconds - self.at[target]
                if target not in moved and change < urgent.get(target, 0):
                    urgent[target] = change
                    cause[target] = (here, limit)
                    heappush(waiting, (change, target))
        self.at.update(moved)
        return None


def _limits(link: Link) -> tuple[tuple[int, _Limit], tuple[int, _Limit]]:
    return (
        (link.reference, _Limit(link.point, link.high.most(), link)),
        (link.point, _Limit(link.reference, -link.low.least(), link)),
    )


def _against(cause: dict[int, tuple[int, _Limit]], source: int, new: _Limit) -> list[Link]:
    """The timings of the circle that the new limit closes, that of the new one first."""
    found = {new.link.at: new.link}
    here = source
    while True:
        here, limit = cause[here]
        found.setdefault(limit.link.at, limit.link)
        if limit is new:
            return list(found.values())


def contradictions(graph: Graph) -> Verdict:
    """Adds all timings of a timeline one by one."""
    times = _Times()
    placed = graph.placed
    # Parents stand before their children in `placed`.
    tree: set[int] = set()
    for at, place in placed.items():
        if place.link is None:
            times.at[at] = 0
        else:
            times.at[at] = times.at[place.parent] + place.link.target.least()
            tree.add(place.link.at)
            times.add(place.link)
    conflicts: list[list[Link]] = []
    agreeing: list[Link] = []
    # In the tree a statement may have been turned round.
    as_written = {link.at: link for link in graph.links}
    for link in graph.links:
        if link.at in tree:
            continue
        if times.work > MOST_WORK:
            return Verdict(conflicts, agreeing, finished=False)
        against = None
        for source, limit in _limits(link):
            against = against or times.adjust(source, limit)
        if against is None:
            times.add(link)
            agreeing.append(link)
        else:
            conflicts.append([as_written[one.at] for one in against])
    return Verdict(conflicts, agreeing, finished=True)
