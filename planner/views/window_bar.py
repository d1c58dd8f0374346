"""A visit's window as a bar of a few letters: what is allowed, what is left of it, target, date."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from planner.text import counted
from planner.timeline.model import DatedVisit


class Letters(NamedTuple):
    """What a bar is drawn with; every part has a letter of its own, whatever the colours."""

    allowed: str
    left: str
    target: str
    planned: str
    earlier: str
    later: str


LINES = Letters("─", "━", "◇", "●", "◂", "▸")
PLAIN = Letters("-", "=", "+", "o", "<", ">")
"""For terminals and files whose encoding has no others."""

LEGEND = (
    "window bar: {allowed} visit window, {left} its part that all rules together leave,"
    " {target} target, {planned} date, {earlier} {later} goes on or date outside; all on"
    " one scale: a character is {days}"
)


def legend(letters: Letters, step: int) -> str:
    """What the letters mean, in one line.

    Args:
        letters: what bars are drawn with.
        step: how many days a letter is.
    """
    return LEGEND.format(**letters._asdict(), days=counted(step, "day"))


def bar_lengths(visits: Sequence[DatedVisit], width: int) -> tuple[dict[str, int], int]:
    """How many letters the bar of each visit has, on one scale, so that windows can be compared.

    Args:
        visits: those of one timeline.
        width: letters of the longest bar, at least 3.

    Returns:
        the letters by visit's id, at most ``width``; and how many days a letter is, at least 1.
    """
    spans = {visit.id: _Span.of_visit(visit) for visit in visits}
    step = max((_rounded_up(span.days, width - span.arrows) for span in spans.values()), default=1)
    lengths = {name: span.arrows + _rounded_up(span.days, step) for name, span in spans.items()}
    return lengths, step


def _rounded_up(number: int, by: int) -> int:
    return -(-number // by)


class _Span(NamedTuple):
    """How many days a bar shows, and how many of its ends are arrows."""

    days: int
    arrows: int

    @classmethod
    def of_visit(cls, visit: DatedVisit) -> "_Span":
        day, (first, last) = visit.start.date(), (visit.window.earliest, visit.window.latest)
        if first is None and last is None:
            return cls(1, 0)
        begin = min(day, first or last or day)
        end = max(day, last or first or day)
        arrows = (first is None or day < first) + (last is None or day > last)
        return cls((end - begin).days + 1, arrows)


def window_bar(visit: DatedVisit, width: int, letters: Letters) -> str:
    """The window from its first to its last date, in exactly ``width`` letters.

    A side that is open ends in an arrow, and so does the side beyond which the date lies. A window
    of one date is that date alone, in the middle; so is a visit without a window.

    Args:
        visit: with a date.
        width: 1 or more, and one more for each end that is an arrow (see `bar_lengths`).
        letters: `LINES`, or `PLAIN` for ASCII.
    """
    day = visit.start.date()
    first, last = visit.window.earliest, visit.window.latest
    if (first is None and last is None) or (first == last == day):
        return letters.planned.center(width)
    scale = _Scale(first, last, day, width)
    cells = [letters.allowed] * width
    left = visit.effective_window
    if left.earliest is not None and left.latest is not None:
        begin, end = scale.position_of(left.earliest), scale.position_of(left.latest)
        cells[begin : end + 1] = [letters.left] * (end + 1 - begin)
    if first is None or day < first:
        cells[0] = letters.earlier
    if last is None or day > last:
        cells[-1] = letters.later
    if visit.target is not None and visit.target != day:
        cells[scale.position_of(visit.target)] = letters.target
    cells[scale.position_of(day)] = letters.planned
    return "".join(cells)


class _Scale:
    """Where the dates between two ends stand; an open or overrun side has its letter to itself."""

    def __init__(self, first: date | None, last: date | None, day: date, width: int) -> None:
        opens_before = first is None or day < first
        opens_after = last is None or day > last
        self.is_open_before = first is None
        self.low = 1 if opens_before else 0
        self.high = width - 2 if opens_after else width - 1
        self.first = min(day, first or last or day)
        self.last = max(day, last or first or day)

    def position_of(self, day: date) -> int:
        """The position of a date, kept between the ends."""
        span = (self.last - self.first).days
        if not span:
            return self.high if self.is_open_before else self.low
        part = (min(max(day, self.first), self.last) - self.first).days
        return self.low + round(part * (self.high - self.low) / span)
