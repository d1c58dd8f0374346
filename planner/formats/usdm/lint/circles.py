"""Circles in a graph, found in time proportional to its size."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

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
