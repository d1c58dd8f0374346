"""The run sheet inside a visit as a network of minutes: planned times and the room around them."""

from collections.abc import Iterator
from typing import NamedTuple

from planner.network.conflict import conflict
from planner.network.temporal import Network
from planner.network.windows import earliest, latest
from planner.protocol.visit import RunSheet, RunSheetItem, Visit
from planner.time.distance import ClockDistance, Distance, Window


class SheetTime(NamedTuple):
    """One line of the sheet, in minutes from the visit's start.

    ``earliest`` and ``latest`` are what all items together allow, ``None`` where open; ``id`` tells
    the repetitions of one item apart (`vitals-2`).
    """

    id: str
    item: RunSheetItem
    repetition: int
    planned: int
    earliest: int | None
    latest: int | None


class SheetFault(NamedTuple):
    """An item that cannot be placed: its position in the sheet and what is wrong."""

    position: int
    message: str


def sheet_faults(sheet: RunSheet) -> list[SheetFault]:
    """Items that repeat an id, count from an unknown item, or contradict each other."""
    faults = []
    seen: dict[str, int] = {}
    for index, item in enumerate(sheet.items):
        if item.id in seen:
            faults.append(SheetFault(index, f"item `{item.id}` occurs twice"))
        seen.setdefault(item.id, index)
    for index, item in enumerate(sheet.items):
        if item.after is not None and item.after not in seen:
            faults.append(SheetFault(index, f"there is no item `{item.after}`"))
        for _, message in contradictions(item):
            faults.append(SheetFault(index, f"`{item.id}`: {message}"))
    if not faults:
        contradiction = conflict(_network(sheet)[0])
        if contradiction is not None:
            names = ", ".join(f"`{sheet.items[rule].id}`" for rule in contradiction.rules)
            alone = len(contradiction.rules) == 1
            message = f"{names} contradicts itself" if alone else f"{names} contradict each other"
            faults.append(SheetFault(contradiction.rules[-1], message))
    return faults


def contradictions(item: RunSheetItem) -> Iterator[tuple[str, str]]:
    """What contradicts the `at:` of an item: the field, and what is wrong with it.

    An exact `at:` may have a window of its own (`within:`, from the sheet's 0min, both ends
    included); a window in `at:` may have a target.
    """
    if item.at is None:
        return
    stated = item.at.earliest if item.at.earliest == item.at.latest else None
    if stated is None:
        if item.within is not None:
            yield "within", f"two windows, `at: {item.at}` and `within: {item.within}`"
        return
    if item.within is not None:
        least, most = _minutes(item.within.earliest), _minutes(item.within.latest)
        minute = _minutes(stated)
        assert minute is not None, "`at:` is a clock distance"
        if (least is not None and minute < least) or (most is not None and minute > most):
            yield "at", f"`at: {stated}` lies outside its own window {item.within}"
    if item.target is not None:
        yield "target", f"`target: {item.target}` beside an exact `at: {stated}`; keep one of them"


def sheet_times(visit: Visit) -> list[SheetTime]:
    """The times of a visit's run sheet, earliest first; empty without a sheet or with faults.

    Each item in listed order takes the minute nearest its target that the items before it leave;
    in a simple temporal network such a choice can always be completed (Dechter et al. 1991).
    """
    sheet = visit.run_sheet
    if sheet is None or sheet_faults(sheet):
        return []
    network, nodes = _network(sheet)
    low, high = earliest(network, 0), latest(network, 0)
    planned: list[int] = []
    for node, (item, repetition) in enumerate(nodes, start=1):
        least, most = earliest(network, 0)[node], latest(network, 0)[node]
        minute = _preferred(sheet, item, repetition, nodes, planned, least, most)
        if least is not None:
            minute = max(minute, least)
        if most is not None:
            minute = min(minute, most)
        network.add_bound(0, node, minute, minute, rule=-1)
        planned.append(minute)
    times = [
        SheetTime(
            f"{item.id}-{repetition}" if item.times > 1 else item.id,
            item,
            repetition,
            planned[at],
            low[at + 1],
            high[at + 1],
        )
        for at, (item, repetition) in enumerate(nodes)
    ]
    return sorted(times, key=lambda time: time.planned)


def _zero(sheet: RunSheet) -> int:
    return 0 if sheet.zero is None else sheet.zero.minutes


def _network(sheet: RunSheet) -> tuple[Network, list[tuple[RunSheetItem, int]]]:
    """Node 0 is the visit's start, the others the items and their repetitions in listed order."""
    network = Network()
    network.add_node()
    nodes: list[tuple[RunSheetItem, int]] = []
    first: dict[str, int] = {}
    for item in sheet.items:
        first.setdefault(item.id, len(nodes) + 1)
        for repetition in range(1, item.times + 1):
            network.add_node()
            nodes.append((item, repetition))
    zero = _zero(sheet)
    for index, item in enumerate(sheet.items):
        node = first[item.id]
        if item.at is not None:
            stated = item.at if item.within is None else item.within
            least, most = _minutes(stated.earliest), _minutes(stated.latest)
            network.add_bound(0, node, _plus(least, zero), _plus(most, zero), rule=index)
        elif item.after in first:
            window = item.within
            if window is None:
                window = Window(item.target, item.target)
            least, most = _minutes(window.earliest), _minutes(window.latest)
            network.add_bound(first[item.after], node, least, most, rule=index)
        for repetition in range(1, item.times):
            assert item.every is not None
            step = item.every.minutes
            network.add_bound(node + repetition - 1, node + repetition, step, step, rule=index)
    return network, nodes


def _preferred(
    sheet: RunSheet,
    item: RunSheetItem,
    repetition: int,
    nodes: list[tuple[RunSheetItem, int]],
    planned: list[int],
    least: int | None,
    most: int | None,
) -> int:
    if item.at is not None and item.within is not None:
        stated = _minutes(item.at.earliest)
        assert stated is not None, "two windows are a fault"
        return _zero(sheet) + stated + (repetition - 1) * (item.every.minutes if item.every else 0)
    if item.target is not None:
        if item.after is None:
            return _zero(sheet) + item.target.minutes
        for at, (reference, occurrence) in enumerate(nodes[: len(planned)]):
            if reference.id == item.after and occurrence == 1:
                return planned[at] + item.target.minutes
    if least is not None:
        return least
    return 0 if most is None else most


def _minutes(distance: Distance | None) -> int | None:
    return distance.minutes if isinstance(distance, ClockDistance) else None


def _plus(value: int | None, more: int) -> int | None:
    return None if value is None else value + more
