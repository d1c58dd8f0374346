"""Which anchor dates can be carried out, and what is in the way of the others."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from planner.timeline.course_planner import CoursePlanner, NotProven
from planner.timeline.explain import explain, sentences


class AnchorDate(NamedTuple):
    """One date of the range: whether the whole course can start there, and if not, why.

    Where days are too full for that to be found out, it does not fit and the reason says so.
    ``closed``: not even the anchor visit itself could take place on that date.
    """

    date: date
    fits: bool
    closed: bool
    reasons: tuple[str, ...]


def anchor_dates(planner: CoursePlanner, first: date, last: date) -> Iterator[AnchorDate]:
    """Judges every date from ``first`` to ``last``, both included, one after the other.

    One propagation a date, and for each date on which nothing fits the minimal explanation.

    Args:
        planner: of the course at a site.
        first: a date.
        last: a date; nothing is judged where it lies before the first.
    """
    course = planner.course
    assert course.anchor is not None, "checked before planning"
    pattern = planner.patterns[planner.index[course.anchor]]
    day = first
    while day <= last:
        closed = pattern.why_not(day.toordinal())
        if closed:
            reasons: tuple[str, ...] = (f"`{course.anchor}`: {closed}",)
            yield AnchorDate(day, fits=False, closed=True, reasons=reasons)
        else:
            try:
                fits = planner.fits(day)
                reasons = () if fits else tuple(sentences(explain(planner, day)))
            except NotProven as unknown:
                fits, reasons = False, (str(unknown),)
            yield AnchorDate(day, fits=fits, closed=False, reasons=reasons)
        day += timedelta(days=1)
