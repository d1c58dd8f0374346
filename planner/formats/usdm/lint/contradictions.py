"""Which timings of a timeline cannot hold together, exactly over their windows."""

from typing import NamedTuple

from planner.formats.usdm.lint.timing_graph import DesignGraph, TimingLink
from planner.network.incremental import GrowingNetwork

MAX_WORK = 2_000_000
"""Limits looked at before the search is given up; no file made for people comes near."""


class Verdict(NamedTuple):
    """What adding timings one by one showed.

    ``conflicts``: sets of timings (their links, the one added last first) that cannot hold
    together. ``agreeing``: further timings of instances that have been placed, which can hold.
    ``finished``: false where the search was given up.
    """

    conflicts: list[list[TimingLink]]
    agreeing: list[TimingLink]
    finished: bool


def contradictions(graph: DesignGraph) -> Verdict:
    """Adds all timings of a timeline one by one, those that place an instance first."""
    placed = graph.placed
    times = [0] * len(graph.instances)
    # Parents stand before their children in `placed`.
    for at, place in placed.items():
        if place.link is not None:
            times[at] = times[place.parent] + place.link.target.least()
    network = GrowingNetwork(times)
    by_number = {link.at: link for link in graph.links}
    placing = [place.link.at for place in placed.values() if place.link is not None]
    conflicts: list[list[TimingLink]] = []
    agreeing: list[TimingLink] = []
    for step, number in enumerate(dict.fromkeys([*placing, *by_number])):
        if network.work > MAX_WORK:
            return Verdict(conflicts, agreeing, finished=False)
        link = by_number[number]
        least, most = link.low.least(), link.high.most()
        against = network.add(link.reference, link.point, least, most, number)
        if against is not None:
            conflicts.append([by_number[rule] for rule in against])
        elif step >= len(placing):
            agreeing.append(link)
    return Verdict(conflicts, agreeing, finished=True)
