"""How fast the network answers, beside networkx's Bellman-Ford.

Run ``python tests/benchmarks/bench_network.py``. Times are medians in milliseconds, the two sides
taking turns in one process. Question: can it be carried out, and what is every visit's effective
window? networkx gets the same bounds in days, which is all that it can express, and answers by one
search for a negative cycle and one search from the anchor in each direction; "in days" is our time
for exactly those bounds, "with times" for the same course with opening hours and bounds in minutes.

Each side is timed twice: from the list of bounds to the answers, and once it has made its own data
structure out of the bounds (our edges by node, networkx's graph and its reverse).
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from copy import copy
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import networkx as nx

sys.path.insert(0, str(Path(__file__).parents[2]))

from planner.network import Network, conflict, earliest, is_consistent, latest
from planner.network.compiled import compiled

DAY = 1440
SIZES = (10, 100, 1_000, 2_000, 10_000)
Graph: TypeAlias = "nx.DiGraph[int]"


class Row(NamedTuple):
    """One size of course; times in ms."""

    visits: int
    bounds: int
    with_times: float
    in_days: float
    networkx: float
    in_days_once_built: float
    networkx_once_built: float

    @property
    def ratio(self) -> float:
        """How many times longer networkx takes from the bounds to the answers."""
        return self.networkx / self.in_days

    @property
    def ratio_once_built(self) -> float:
        """The same, with making the graph left out on both sides."""
        return self.networkx_once_built / self.in_days_once_built


class Shape(NamedTuple):
    """A network that a queue-based Bellman-Ford may be slow on; ours alone, in ms."""

    what: str
    visits: int
    bounds: int
    spent: float


def protocol(visits: int, seed: int = 1) -> tuple[Network, Network]:
    """A course of visits with three constraints each, and the same in whole days only.

    Every visit has a window after the one before, one after an earlier one and one after an even
    earlier one or the anchor; two in three have opening hours, one bound in 20 is in minutes.
    """
    rng = random.Random(seed)
    network, days = Network(DAY), Network()
    hidden: list[int] = []
    date = 0
    for _ in range(visits):
        network.add_node((8 * 60, 17 * 60) if rng.random() < 2 / 3 else None)
        days.add_node()
        hidden.append(date * DAY + rng.randrange(9 * 60, 16 * 60))
        date += rng.randint(1, 14)
    rule = 0
    for visit in range(visits):
        earlier = (visit - 1, visit - rng.randint(2, 12), rng.choice([0, visit - 3]))
        for number, widest in zip(earlier, (3, 7, 14), strict=True):
            reference = max(number, 0)
            below, above = rng.randint(0, widest), rng.randint(0, widest)
            gap = hidden[visit] // DAY - hidden[reference] // DAY
            days.add_bound(reference, visit, gap - below, gap + above, rule=rule)
            coarse = rng.random() >= 1 / 20
            if not coarse:
                gap = hidden[visit] - hidden[reference]
                below, above = below * 300, above * 300
            least, most = gap - below, gap + above
            network.add_bound(reference, visit, least, most, coarse=coarse, rule=rule)
            rule += 1
    return network, days


def chain(visits: int, *, backwards: bool, closed_by: int | None = None) -> Network:
    """One visit a day after the other, listed in order or against it; perhaps too few days."""
    network = Network(DAY)
    order = [network.add_node() for _ in range(visits)]
    if backwards:
        order.reverse()
    for rule, (before, after) in enumerate(pairwise(order)):
        network.add_bound(before, after, 1, 2, coarse=True, rule=rule)
    if closed_by is not None:
        network.add_bound(order[0], order[-1], None, closed_by, coarse=True, rule=visits)
    return network


def graphs_of(network: Network) -> tuple[Graph, Graph]:
    """The distance graph of a plain network and its reverse; of parallel edges the tightest."""
    weights: dict[tuple[int, int], int] = {}
    for tail, head, least, most, _, _ in network.bounds:
        if most is not None and most < weights.get((tail, head), 1 << 60):
            weights[tail, head] = most
        if least is not None and -least < weights.get((head, tail), 1 << 60):
            weights[head, tail] = -least
    graph: Graph = nx.DiGraph()
    graph.add_nodes_from(range(len(network)))
    reverse: Graph = nx.DiGraph()
    reverse.add_nodes_from(range(len(network)))
    graph.add_weighted_edges_from((u, v, weight) for (u, v), weight in weights.items())
    reverse.add_weighted_edges_from((v, u, weight) for (u, v), weight in weights.items())
    return graph, reverse


def windows(network: Network) -> tuple[list[int | None], list[int | None]] | None:
    """All effective windows, or None when the network cannot hold."""
    if not is_consistent(network):
        return None
    return earliest(network, 0), latest(network, 0)


def windows_from_bounds(network: Network) -> tuple[list[int | None], list[int | None]] | None:
    """The same by a network of which nothing has been made yet."""
    return windows(copy(network))


def windows_once_built(network: Network) -> tuple[list[int | None], list[int | None]] | None:
    """The same by a network that has kept its edges by node and nothing else."""
    compiled(network).solution.clear()
    return windows(network)


def networkx_windows(graph: Graph, reverse: Graph) -> tuple[dict[int, int], dict[int, int]] | None:
    """The same by networkx, as shortest paths to and from the anchor."""
    if nx.negative_edge_cycle(graph):
        return None
    return (
        nx.single_source_bellman_ford_path_length(reverse, 0),
        nx.single_source_bellman_ford_path_length(graph, 0),
    )


def explain(network: Network) -> None:
    """The minimal conflict with its relaxations, from nothing but the bounds."""
    assert conflict(copy(network)) is not None


def medians(repetitions: int, *calls: Callable[[], Any]) -> list[float]:
    """The median time of each call in ms, the calls taking turns so that they share the weather."""
    times: list[list[float]] = [[] for _ in calls]
    for _ in range(repetitions):
        for call, spent in zip(calls, times, strict=True):
            start = time.process_time()
            call()
            spent.append((time.process_time() - start) * 1e3)
    return [statistics.median(spent) for spent in times]


def courses(sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Measure courses of these sizes; AssertionError when the two sides disagree."""
    rows = []
    for visits in sizes:
        timed, days = protocol(visits)
        assert windows(timed) is not None, "the hidden schedule satisfies every bound"
        graph, reverse = graphs_of(days)
        ours, theirs = windows(days), networkx_windows(graph, reverse)
        assert ours is not None
        assert theirs is not None
        assert ours[0] == [-theirs[0][visit] for visit in range(visits)]
        assert ours[1] == [theirs[1][visit] for visit in range(visits)]
        repetitions = 5 if visits > 2_000 else 15
        with_times, in_days, networkx = medians(
            repetitions,
            lambda timed=timed: windows_from_bounds(timed),  # type: ignore[misc]
            lambda days=days: windows_from_bounds(days),  # type: ignore[misc]
            lambda days=days: networkx_windows(*graphs_of(days)),  # type: ignore[misc]
        )
        once_built = medians(
            repetitions,
            lambda days=days: windows_once_built(days),  # type: ignore[misc]
            lambda graphs=(graph, reverse): networkx_windows(*graphs),  # type: ignore[misc]
        )
        rows.append(Row(visits, 3 * visits, with_times, in_days, networkx, *once_built))
    return rows


def awkward_shapes() -> list[Shape]:
    """Measure what might go wrong: long chains in either order, and networks that cannot hold."""
    shapes = []

    def measure(what: str, network: Network, ask: Callable[[Network], object]) -> None:
        (spent,) = medians(5, lambda: ask(network))
        shapes.append(Shape(what, len(network), len(network.bounds), spent))

    forwards, backwards = chain(4_000, backwards=False), chain(4_000, backwards=True)
    short = chain(4_000, backwards=True, closed_by=3_990)
    measure("chain, listed first visit first", forwards, windows_from_bounds)
    measure("chain, listed last visit first", backwards, windows_from_bounds)
    measure("chain in 9 days too few: infeasible", short, windows_from_bounds)
    measure("  its minimal conflict, 4,000 rules", short, explain)
    course, _ = protocol(2_000)
    course.add_bound(1_000, 1_003, None, 2, coarse=True, rule=6_000)
    measure("course, 4 visits in 2 days: infeasible", course, windows_from_bounds)
    measure("  its minimal conflict", course, explain)
    return shapes


def run(*, quick: bool = False) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, aim) for the README's table."""
    rows = courses((10, 2_000) if quick else SIZES)
    found = []
    for row in rows:
        what = f"network, {row.visits:,} visits, {row.bounds:,} rules: feasibility and all windows"
        figure = (
            f"{row.with_times:.2f} ms; in days {row.ratio_once_built:.1f} x as fast as Bellman-Ford"
            f" of networkx {nx.__version__} on the same graph ({row.ratio:.1f} x with the making of"
            " the graphs)"
        )
        aim = "50 ms, 5 x" if row.visits == 2_000 else ""
        found.append((what, figure, aim))
    return found


def main() -> None:
    """Print both tables."""
    print("feasibility and all effective windows, median ms")
    print(f"{'':15}|{'from the bounds':^47}|{'graph made before':^28}")
    names = ("visits", "bounds", "with times", "us/bound", "in days", "networkx", "ratio")
    print("{:>7}{:>8}|{:>11}{:>10}{:>9}{:>9}{:>8}|".format(*names), end="")
    print("{:>9}{:>10}{:>9}".format("in days", "networkx", "ratio"))
    for row in courses():
        print(
            f"{row.visits:>7,}{row.bounds:>8,}|{row.with_times:>11.2f}"
            f"{row.with_times * 1e3 / row.bounds:>10.2f}{row.in_days:>9.2f}{row.networkx:>9.2f}"
            f"{row.ratio:>7.1f}x|{row.in_days_once_built:>9.2f}{row.networkx_once_built:>10.2f}"
            f"{row.ratio_once_built:>8.1f}x"
        )
    print()
    print("{:<40}{:>7}{:>8}{:>10}".format("awkward shapes", "visits", "bounds", "ms"))
    for shape in awkward_shapes():
        print(f"{shape.what:<40}{shape.visits:>7,}{shape.bounds:>8,}{shape.spent:>10.2f}")


if __name__ == "__main__":
    main()
