"""The run sheet inside a visit: planned minutes, and the room around them.

Each line counts from the visit's start or from one other line, so that lines form a tree. There
what all lines together allow one of them follows on the way from what has its minute already.
"""

from collections.abc import Iterator
from typing import NamedTuple

from planner.protocol.visit import RunSheet, RunSheetItem, Visit
from planner.time.distance import ClockDistance, Distance, Window

_Span = tuple[int | None, int | None]
"""The first and the last minute from the visit's start, ``None`` for an open end."""


class SheetTime(NamedTuple):
    """One line of the sheet, in minutes from the visit's start.

    ``position`` is that of its item in the sheet, from 0. ``earliest`` and ``latest`` are what all
    items together allow, ``None`` where open; ``id`` tells the repetitions of one item apart
    (`vitals-2`).
    """

    id: str
    item: RunSheetItem
    position: int
    repetition: int
    planned: int
    earliest: int | None
    latest: int | None


class SheetFault(NamedTuple):
    """An item that cannot be placed: its position in the sheet and what is wrong."""

    position: int
    message: str


def sheet_faults(sheet: RunSheet) -> list[SheetFault]:
    """Items that repeat an id, count from an unknown item, contradict themselves, or each other."""
    faults = []
    seen: dict[str, int] = {}
    for index, item in enumerate(sheet.items):
        if item.id in seen:
            faults.append(SheetFault(index, f"item `{item.id}` is used twice"))
        seen.setdefault(item.id, index)
    for index, item in enumerate(sheet.items):
        if item.after is not None and item.after not in seen:
            faults.append(SheetFault(index, f"there is no item `{item.after}`"))
        for _, message in contradictions(item):
            faults.append(SheetFault(index, f"`{item.id}`: {message}"))
    return faults or list(_circles(sheet))


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
    if item.allowed is not None:
        least, most = _minutes(item.allowed.earliest), _minutes(item.allowed.latest)
        minute = _minutes(stated)
        assert minute is not None, "`at:` is a clock distance"
        if (least is not None and minute < least) or (most is not None and minute > most):
            yield "at", f"`at: {stated}` is outside its own window {item.within}"
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
    lines = _lines(sheet)
    plan = _Plan(lines)
    for at, line in enumerate(lines):
        least, most = plan.span(at)
        minute = _preferred(sheet, line, plan.minutes)
        if minute is None:
            minute = least if least is not None else 0 if most is None else most
        if least is not None:
            minute = max(minute, least)
        if most is not None:
            minute = min(minute, most)
        plan.take(at, minute)
    times = [
        SheetTime(
            f"{line.item.id}-{line.repetition}" if line.item.times > 1 else line.item.id,
            line.item,
            line.position,
            line.repetition,
            plan.minutes[at],
            *span,
        )
        for at, (line, span) in enumerate(zip(lines, _spans(lines), strict=True))
    ]
    return sorted(times, key=lambda time: time.planned)


class _Line(NamedTuple):
    """A repetition of an item, and what it counts from.

    ``reference`` is the number of another line, ``None`` for the visit's start; ``least`` and
    ``most`` are the minutes from there, ``None`` for an open end.
    """

    item: RunSheetItem
    position: int
    repetition: int
    reference: int | None
    least: int | None
    most: int | None

    def after(self, span: _Span) -> _Span:
        """Where it can lie after a line that lies there."""
        return _sum(span[0], self.least), _sum(span[1], self.most)

    def before(self, span: _Span) -> _Span:
        """Where the line that it counts from can lie while it lies there itself."""
        least, most = span
        return (
            None if least is None or self.most is None else least - self.most,
            None if most is None or self.least is None else most - self.least,
        )


class _Plan:
    """The minutes that lines have taken, and what these leave the lines that they count from."""

    def __init__(self, lines: list[_Line]) -> None:
        self.minutes: dict[int, int] = {}
        self._lines = lines
        self._left: list[_Span] = [(None, None)] * len(lines)

    def span(self, at: int) -> _Span:
        """The first and the last minute that the lines with a minute leave a line."""
        way, reference = [at], self._lines[at].reference
        while reference is not None and reference not in self.minutes:
            way.append(reference)
            reference = self._lines[reference].reference
        start = 0 if reference is None else self.minutes[reference]
        span: _Span = (start, start)
        for step in reversed(way):
            span = _both(self._lines[step].after(span), self._left[step])
        return span

    def take(self, at: int, minute: int) -> None:
        """Gives a line its minute."""
        self.minutes[at] = minute
        span: _Span = (minute, minute)
        reference = self._lines[at].reference
        while reference is not None and reference not in self.minutes:
            span = _both(self._left[reference], self._lines[at].before(span))
            if span == self._left[reference]:
                break
            self._left[reference] = span
            at, reference = reference, self._lines[reference].reference


def _lines(sheet: RunSheet) -> list[_Line]:
    """The items and their repetitions in listed order."""
    first: dict[str, int] = {}
    count = 0
    for item in sheet.items:
        first[item.id] = count
        count += item.times
    zero = 0 if sheet.zero is None else sheet.zero.minutes
    lines: list[_Line] = []
    for position, item in enumerate(sheet.items):
        least, most = _distances(item)
        if item.after is None:
            lines.append(_Line(item, position, 1, None, _sum(least, zero), _sum(most, zero)))
        else:
            lines.append(_Line(item, position, 1, first[item.after], least, most))
        for repetition in range(2, item.times + 1):
            assert item.every is not None, "what is repeated says how often"
            ends = _minutes(item.every.earliest), _minutes(item.every.latest)
            lines.append(_Line(item, position, repetition, len(lines) - 1, *ends))
    return lines


def _distances(item: RunSheetItem) -> _Span:
    """The fewest and the most minutes from what an item counts from."""
    window = item.allowed or item.at or Window(item.target, item.target)
    return _minutes(window.earliest), _minutes(window.latest)


def _spans(lines: list[_Line]) -> list[_Span]:
    """The first and the last minute that all lines together allow each of them."""
    known: dict[int, _Span] = {}
    for at in range(len(lines)):
        way: list[int] = []
        step: int | None = at
        while step is not None and step not in known:
            way.append(step)
            step = lines[step].reference
        span = (0, 0) if step is None else known[step]
        for step in reversed(way):
            known[step] = span = lines[step].after(span)
    return [known[at] for at in range(len(lines))]


def _circles(sheet: RunSheet) -> Iterator[SheetFault]:
    """Items that count from each other, and so from nothing else."""
    position = {item.id: index for index, item in enumerate(sheet.items)}
    seen: set[int] = set()
    for start in range(len(sheet.items)):
        way: list[int] = []
        at: int | None = start
        while at is not None and at not in seen:
            seen.add(at)
            way.append(at)
            after = sheet.items[at].after
            at = None if after is None else position[after]
        if at in way:
            yield _circle(sheet, sorted(way[way.index(at) :]))


def _circle(sheet: RunSheet, circle: list[int]) -> SheetFault:
    names = ", ".join(f"`{sheet.items[at].id}`" for at in circle)
    round_trip: _Span = (0, 0)
    for at in circle:
        least, most = _distances(sheet.items[at])
        round_trip = _sum(round_trip[0], least), _sum(round_trip[1], most)
    least, most = round_trip
    alone = len(circle) == 1
    if (least is not None and least > 0) or (most is not None and most < 0):
        message = f"{names} contradicts itself" if alone else f"{names} contradict each other"
    else:
        verb, other = ("counts", "itself") if alone else ("count", "each other")
        message = f"{names} {verb} from {other}, and so from no minute of the sheet"
    return SheetFault(circle[-1], message)


def _preferred(sheet: RunSheet, line: _Line, minutes: dict[int, int]) -> int | None:
    """The minute that a line wants, ``None`` without a target, or with one from a later line."""
    item = line.item
    zero = 0 if sheet.zero is None else sheet.zero.minutes
    if line.repetition > 1:
        return None
    if item.at is not None and item.within is not None:
        return _sum(_minutes(item.at.earliest), zero)
    if item.target is None:
        return None
    start = zero if line.reference is None else minutes.get(line.reference)
    return _sum(start, item.target.minutes)


def _minutes(distance: Distance | None) -> int | None:
    return distance.minutes if isinstance(distance, ClockDistance) else None


def _sum(first: int | None, second: int | None) -> int | None:
    return None if first is None or second is None else first + second


def _both(first: _Span, second: _Span) -> _Span:
    """What lies in both of two spans."""
    least = [end for end in (first[0], second[0]) if end is not None]
    most = [end for end in (first[1], second[1]) if end is not None]
    return max(least, default=None), min(most, default=None)
