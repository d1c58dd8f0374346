"""Time along the width of a picture: where a day lies, where nothing happens, what stands below.

A course of two years whose visits crowd into the first months would be unreadable on an even
scale. So long stretches in which nothing lies are left out and shown as gaps; everywhere else a day
is as wide as any other.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from planner.views.charts import metrics

GAP = 20.0
"""Pixels of a stretch that is left out."""
_LEFT_OUT = 0.35
"""Less than this share of the whole is not worth a gap."""
_APART = 9.0
"""Pixels between two labels at least."""
_STEP = 34.0
"""Pixels between two ticks of a piece at least."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Piece(NamedTuple):
    """An even stretch: from where to where in time, and in pixels."""

    first: float
    last: float
    left: float
    right: float

    @property
    def density(self) -> float:
        """Pixels for each unit of time."""
        return (self.right - self.left) / (self.last - self.first)


class Scale(NamedTuple):
    """Pieces in order; with gaps between them, or next to each other and of different density."""

    pieces: tuple[Piece, ...]

    @property
    def density(self) -> float:
        """Pixels for each unit of time in the first piece."""
        return self.pieces[0].density

    @property
    def left(self) -> float:
        """The first pixel."""
        return self.pieces[0].left

    @property
    def right(self) -> float:
        """The last pixel."""
        return self.pieces[-1].right

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """From and to in pixels of each stretch that is left out."""
        return tuple((a.right, b.left) for a, b in pairwise(self.pieces) if a.right < b.left)

    def x(self, time: float) -> float:
        """The pixel of a time; times inside a gap lie in it, times outside at its ends."""
        at = max(0, bisect_right([piece.first for piece in self.pieces], time) - 1)
        piece = self.pieces[at]
        if time > piece.last and at + 1 < len(self.pieces):
            after = self.pieces[at + 1]
            share = (time - piece.last) / (after.first - piece.last)
            return piece.right + share * (after.left - piece.right)
        inside = min(max(time, piece.first), piece.last)
        return piece.left + (inside - piece.first) * piece.density


def make_scale(
    points: Iterable[float], left: float, right: float, *, least: float, margin: float
) -> Scale:
    """A scale that shows all points, without long stretches that hold none.

    Args:
        points: the times at which something lies; at least one.
        left, right: the pixels that there are.
        least: the shortest stretch worth leaving out.
        margin: how much time is shown around the points.
    """
    times = sorted(set(points))
    whole = times[-1] - times[0] + 2 * margin
    limit = max(least, whole * 0.1) + 2 * margin
    clusters = [[times[0], times[0]]]
    for time in times[1:]:
        if time - clusters[-1][1] > limit:
            clusters.append([time, time])
        clusters[-1][1] = time
    visible = sum(last - first + 2 * margin for first, last in clusters)
    if whole - visible < _LEFT_OUT * whole or GAP * len(clusters) > (right - left) / 2:
        clusters = [[times[0], times[-1]]]
        visible = whole
    density = (right - left - GAP * (len(clusters) - 1)) / visible
    pieces = []
    at = left
    for first, last in clusters:
        end = at + (last - first + 2 * margin) * density
        pieces.append(Piece(first - margin, last + margin, at, end))
        at = end + GAP
    return Scale(tuple(pieces))


def two_speeds(scale: Scale, points: Sequence[float], unit: int) -> Scale:
    """A scale that gives most of its width to the time in which most points lie.

    Seventeen of twenty points take three quarters of the width, and the rest is drawn narrower; the
    same scale where that would not make a difference of two and a half times. The change is at a
    multiple of ``unit``.
    """
    first, last = scale.pieces[0].first, scale.pieces[-1].last
    ranked = sorted(points)
    change = _up(ranked[len(ranked) * 17 // 20] / unit) * unit
    if not first < change < last or (last - first) < 2.5 * (change - first):
        return scale
    middle = scale.left + 0.74 * (scale.right - scale.left)
    return Scale(
        (Piece(first, change, scale.left, middle), Piece(change, last, middle, scale.right))
    )


class Tick(NamedTuple):
    """A place on the axis: its pixel, its label, and a second line of it, often empty."""

    x: float
    label: str
    below: str = ""

    def span(self, size: float) -> tuple[float, float]:
        """From and to in pixels of the label, centred on its place."""
        wide = max(metrics.width(self.label, size), metrics.width(self.below, size))
        return self.x - wide / 2, self.x + wide / 2


def ticks(
    scale: Scale,
    steps: Sequence[int],
    label: Callable[[int], str],
    size: float,
    *,
    bounds: tuple[float, float],
    landmarks: Iterable[int] = (),
    ends: Iterable[int] = (),
    offset: float = 0.0,
) -> list[Tick]:
    """Ticks at the smallest step whose labels have room, and one in each piece where it can be.

    Args:
        scale: where times lie.
        steps: distances between ticks to choose from, the smallest first; counted from 0.
        label: the label of a time.
        size: size of the labels.
        bounds: pixels that no label leaves.
        landmarks: times that a piece without a tick may show instead, the best first.
        ends: times between which ticks stand: one at the last or beyond it, and one at the first
            where it does not touch others.
        offset: how far after its time a tick stands, such as half a day for days.
    """
    landmarks = list(landmarks)
    chosen: list[Tick] = []
    for density in dict.fromkeys(round(piece.density, 9) for piece in scale.pieces):
        alike = Scale(tuple(piece for piece in scale.pieces if round(piece.density, 9) == density))
        ticks: list[Tick] = []
        for step in steps:
            times = list(_multiples(alike, step, offset))
            ticks = [Tick(alike.x(time + offset), label(time)) for time in times]
            if len(ticks) <= 400 and _have_room(ticks, size, alike):
                break
        chosen += ticks
    placed = _placed(chosen, size, bounds)
    for piece in scale.pieces:
        if any(piece.left <= tick.x <= piece.right for tick in placed):
            continue
        for time in landmarks:
            tick = Tick(scale.x(time + offset), label(time))
            if piece.first <= time + offset <= piece.last and _placed(
                [*placed, tick], size, bounds, tick
            ):
                placed.append(tick)
                break
    reached = [Tick(scale.x(time + offset), label(time)) for time in ends]
    return _reaching(sorted(placed), reached, size, bounds)


def date_ticks(
    scale: Scale,
    anchor: date,
    size: float,
    *,
    bounds: tuple[float, float],
    ends: Iterable[int] = (),
) -> list[Tick]:
    """Mondays, firsts of months or of quarters, the year below the first tick and where it changes.

    Times of the scale are days from ``anchor``. ``ends`` as in `ticks`.
    """

    def dated(day: date) -> Tick:
        text = f"{day.day} {MONTHS[day.month - 1]}"
        return Tick(scale.x((day - anchor).days), text)

    chosen: list[Tick] = []
    days: dict[float, date] = {}
    for weeks, months in ((1, 0), (2, 0), (4, 0), (0, 1), (0, 2), (0, 3), (0, 6), (0, 12)):
        dates = list(_dates(scale, anchor, weeks, months))
        chosen = [dated(day) for day in dates]
        days = {tick.x: day for tick, day in zip(chosen, dates, strict=True)}
        if len(chosen) <= 400 and _have_room(chosen, size, scale):
            break
    placed = sorted(_placed(chosen, size, bounds))
    for piece in scale.pieces:
        if not any(piece.left <= tick.x <= piece.right for tick in placed):
            middle = anchor + timedelta(round((piece.first + piece.last) / 2))
            tick = dated(middle)
            if _placed([*placed, tick], size, bounds, tick):
                placed = sorted([*placed, tick])
                days[tick.x] = middle
    reached = {dated(day).x: day for day in (anchor + timedelta(end) for end in ends)}
    days = {**reached, **days}
    placed = _reaching(placed, [dated(day) for day in reached.values()], size, bounds)
    year = None
    ticks = []
    for tick in placed:
        tick_year = days[tick.x].year
        ticks.append(tick._replace(below=str(tick_year) if tick_year != year else ""))
        year = tick_year
    return ticks


def _dates(scale: Scale, anchor: date, weeks: int, months: int) -> Iterable[date]:
    for piece in scale.pieces:
        first = anchor + timedelta(_up(piece.first))
        last = anchor + timedelta(int(piece.last // 1))
        if weeks:
            # Mondays, the same ones in every piece: counted from a fixed Monday.
            number = -(-(first.toordinal() - 1) // (7 * weeks))
            day = date.fromordinal(number * 7 * weeks + 1)
            while day <= last:
                yield day
                day += timedelta(7 * weeks)
        else:
            month = first.year * 12 + first.month - 1
            month += -month % months
            while (day := date(month // 12, month % 12 + 1, 1)) <= last:
                if day >= first:
                    yield day
                month += months


def _multiples(scale: Scale, step: int, offset: float) -> Iterable[int]:
    for piece in scale.pieces:
        first, last = piece.first - offset, piece.last - offset
        yield from range(_up(first / step) * step, int(last // 1) + 1, step)


def _up(value: float) -> int:
    return -int(-value // 1)


def _have_room(chosen: Sequence[Tick], size: float, scale: Scale) -> bool:
    """Whether labels of one piece stand apart; those of different pieces may give way later."""
    for piece in scale.pieces:
        inside = [tick for tick in chosen if piece.left <= tick.x <= piece.right]
        for a, b in pairwise(inside):
            if b.span(size)[0] - a.span(size)[1] < _APART or b.x - a.x < _STEP:
                return False
    return True


def _reaching(
    placed: list[Tick], ends: Sequence[Tick], size: float, bounds: tuple[float, float]
) -> list[Tick]:
    """The ticks, the last of the ends, to which others give way, and the first where it fits."""
    if not ends:
        return placed
    first, last = min(ends), max(ends)
    after = [] if placed and last.x <= placed[-1].x + 1 else [last]
    before = [] if placed and first.x >= placed[0].x - 1 else [first]
    return sorted(_placed([*after, *placed, *before], size, bounds))


def _placed(
    chosen: Sequence[Tick], size: float, bounds: tuple[float, float], wanted: Tick | None = None
) -> list[Tick]:
    """The ticks whose labels fit beside those before; none if ``wanted`` is not among them."""
    kept: list[Tick] = []
    for tick in chosen:
        left, right = tick.span(size)
        if left < bounds[0] or right > bounds[1]:
            continue
        others = [tick.span(size) for tick in kept]
        if all(right + _APART <= a or b + _APART <= left for a, b in others):
            kept.append(tick)
    return [] if wanted is not None and wanted not in kept else kept
