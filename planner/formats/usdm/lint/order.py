"""The order of the chain against the order in time, and windows that reach into each other."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from planner.checks.finding import Finding
from planner.formats.usdm.lint.findings import finding_at
from planner.formats.usdm.lint.span import ZERO, TimeSpan
from planner.formats.usdm.lint.timing_graph import DesignGraph, TimingLink, named
from planner.formats.usdm.lint.timings import side, span
from planner.protocol.document import Path


def order_findings(graph: DesignGraph) -> Iterator[Finding]:
    """What is wrong with the order of a timeline's instances in time."""
    placed = graph.placed
    reported: set[int] = set()
    pairs: set[tuple[int, int]] = set()
    for chain in graph.ways:
        by_root: dict[int, list[int]] = {}
        for at in chain:
            if at in placed:
                by_root.setdefault(placed[at].root, []).append(at)
        for series in by_root.values():
            kept, heads = _judge(graph, series)
            for position in heads:
                if series[position] not in reported:
                    finding = _inverted(graph, series, kept, position)
                    if finding is not None:
                        reported.add(series[position])
                        yield finding
            in_turn = [(series[first], series[second]) for first, second in pairwise(kept)]
            for pair in (*in_turn, *pairwise(series)):
                if pair not in pairs:
                    pairs.add(pair)
                    yield from _overlap(graph, *pair)


def _judge(graph: DesignGraph, series: list[int]) -> tuple[list[int], list[int]]:
    """The positions of a series that are in order, and those of the others to be told.

    What the times count from is taken for right, unless its own place explains more than all the
    others' do. What moved together with its reference is not told.
    """
    placed = graph.placed
    values = [placed[at].target.middle() for at in series]
    kept = in_order(values)
    if len(kept) == len(series):
        return kept, []
    candidates = []
    root = placed[series[0]].root
    if root in series:
        anchor = series.index(root)
        right = [
            at for at, value in enumerate(values) if (value >= 0 if at > anchor else value <= 0)
        ]
        beside = [values[at] for at in right]
        candidates += [
            [right[at] for at in positions] for positions in (in_order(beside), _late(beside))
        ]
    candidates += [kept, _late(values)]
    judged = [(candidate, _heads(graph, series, candidate)) for candidate in candidates]
    return min(judged, key=lambda candidate_and_heads: len(candidate_and_heads[1]))


def _late(values: list[float]) -> list[int]:
    """The same as `in_order`, late positions preferred."""
    last = len(values) - 1
    return [last - at for at in reversed(in_order([-value for value in reversed(values)]))]


def _heads(graph: DesignGraph, series: list[int], kept: list[int]) -> list[int]:
    placed = graph.placed
    right = set(kept)
    wrong = {series[at]: at for at in range(len(series)) if at not in right}
    heads = []
    for at, position in wrong.items():
        parent = placed[at].parent
        lag = placed[at].target.minus(placed[parent].target).middle()
        before = wrong.get(parent)
        together = before is not None and before != position
        if not (together and (lag >= 0 if (before or 0) < position else lag <= 0)):
            heads.append(position)
    return heads


def in_order(values: list[float]) -> list[int]:
    """The positions of a longest part of the values that never falls, early ones preferred."""
    ends: list[float] = []
    before = []  # length of the longest part that ends at each position
    for value in values:
        length = bisect_right(ends, value)
        ends[length : length + 1] = [value]
        before.append(length + 1)
    ends = []
    behind = []
    for value in reversed(values):
        length = bisect_right(ends, -value)
        ends[length : length + 1] = [-value]
        behind.append(length + 1)
    behind.reverse()
    longest = max(before, default=0)
    kept: list[int] = []
    for at, value in enumerate(values):
        fits = not kept or value >= values[kept[-1]]
        if before[at] == len(kept) + 1 and before[at] + behind[at] == longest + 1 and fits:
            kept.append(at)
    return kept


def _inverted(
    graph: DesignGraph, series: list[int], kept: list[int], position: int
) -> Finding | None:
    """An instance whose target lies on the wrong side of one that is in order."""
    placed = graph.placed
    misplaced = series[position]
    worst: tuple[TimeSpan, int, bool] | None = None
    for other in kept:
        earlier, later = (other, position) if other < position else (position, other)
        lag = placed[series[later]].target.minus(placed[series[earlier]].target)
        if lag.most() < 0 and (worst is None or lag.middle() < worst[0].middle()):
            worst = (lag, other, other < position)
    if worst is None:
        return None
    lag, other, follows = worst
    neighbour = series[other]
    name, beside = graph.name(misplaced), graph.name(neighbour)
    root = graph.name(placed[misplaced].root)
    sides = (placed[misplaced].target, placed[neighbour].target)
    here_at, beside_at = (_from_root(side, root) for side in sides)
    message = (
        f"{name} comes {'after' if follows else 'before'} {beside} in the chain, but is timed"
        f" {lag} {'before' if follows else 'after'} it: {here_at}, against {beside_at};"
        " the timings are followed, not the chain"
    )
    link = placed[misplaced].link or placed[neighbour].link
    path = graph.instances[misplaced].path if link is None else (*link.timing.path, "value")
    beside_link = placed[neighbour].link
    beside_path = graph.instances[neighbour].path
    if beside_link is not None and beside_link is not link:
        beside_path = (*beside_link.timing.path, "value")
    return finding_at(
        "order-inverted",
        message,
        path,
        graph.about(misplaced, neighbour),
        "correct the timing, or the place in the chain of default conditions",
        ((f"{beside} is timed here", beside_path),),
    )


def _from_root(amount: TimeSpan, root: str) -> str:
    return f"at {root} itself" if amount == ZERO else f"{side(amount)} {root}"


def _overlap(graph: DesignGraph, first: int, second: int) -> Iterator[Finding]:
    """Neighbours in the chain of which, within their windows, the second can come first."""
    placed = graph.placed
    least = max(
        (graph.apart(first, second)[0], *_between(graph, first, second)), key=TimeSpan.middle
    )
    if least.most() >= 0:
        return
    common = graph.meeting(first, second)
    first_words, second_words = (_told(graph, at, common) for at in (first, second))
    wide = max((first, second), key=lambda at: _width(graph, at, common))
    narrow = second if wide == first else first
    wide_link, narrow_link = placed[wide].link, placed[narrow].link
    relation = (
        f"{first_words}, and {second_words}; {graph.name(second)} follows in the chain, and can"
        f" come up to {least} before {graph.name(first)}"
    )
    if _width(graph, wide, common) and _within(graph, narrow, wide, common):
        check_id = "window-swallows"
        held = f"the window of {graph.name(narrow)}" if _width(graph, narrow, common) else ""
        message = f"the window of {graph.name(wide)} holds {held or graph.name(narrow)}: {relation}"
    elif placed[second].target.minus(placed[first].target).most() < 0:
        return  # told as a wrong order
    else:
        check_id = "windows-overlap"
        message = f"the windows overlap of {relation}"
    if wide_link is None:
        wide_link = narrow_link
    assert wide_link is not None  # two roots are in two trees
    side_of = _reaching(wide_link, wide == first)
    related: tuple[tuple[str, Path], ...] = ()
    if narrow_link is not None and narrow_link is not wide_link:
        words = f"{named(narrow_link.timing)} times {graph.name(narrow)}"
        related = ((words, narrow_link.timing.path),)
    yield finding_at(
        check_id,
        f"{message}. Both are read as written",
        (*wide_link.timing.path, side_of),
        graph.about(first, second),
        "narrow one of the windows, or say with a further rule how far the two are to lie apart",
        related,
        severity="warning",
    )


def _between(graph: DesignGraph, first: int, second: int) -> Iterator[TimeSpan]:
    """How far at least the second lies after the first by timings of one from the other."""
    for link in graph.timed.get(second, ()):
        if link.reference == first:
            yield link.low
    for link in graph.timed.get(first, ()):
        if link.reference == second:
            yield link.high.negated()


def _reaching(link: TimingLink, is_first: bool) -> str:
    """The side of a window that reaches towards its neighbour in the chain."""
    wanted, other = ("windowUpper", "windowLower") if is_first else ("windowLower", "windowUpper")
    reach = {
        "windowLower": link.target.minus(link.low),
        "windowUpper": link.high.minus(link.target),
    }
    return wanted if reach[wanted] != ZERO or reach[other] == ZERO else other


def _span_from(graph: DesignGraph, at: int, common: int) -> tuple[TimeSpan, TimeSpan]:
    placed = graph.placed
    return (
        placed[at].low.minus(placed[common].low),
        placed[at].high.minus(placed[common].high),
    )


def _width(graph: DesignGraph, at: int, common: int) -> float:
    low, high = _span_from(graph, at, common)
    return high.minus(low).middle()


def _within(graph: DesignGraph, narrow: int, wide: int, common: int) -> bool:
    (low, high), (least, most) = (_span_from(graph, at, common) for at in (narrow, wide))
    return low.minus(least).least() >= 0 and most.minus(high).least() >= 0


def _told(graph: DesignGraph, at: int, common: int) -> str:
    """When an instance can take place: `X` 12 to 16 days after `Y`."""
    low, high = _span_from(graph, at, common)
    name, reference = graph.name(at), graph.name(common)
    if at == common:
        return name
    if low == high:
        return (
            f"{name} together with {reference}"
            if low == ZERO
            else f"{name} {side(low)} {reference}"
        )
    return f"{name} {span(low, high)} {reference}"
