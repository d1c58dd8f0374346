"""Which anchor dates can be carried out, and what is in the way of the others."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from planner.errors import PlannerError
from planner.timeline.availability import AWAY
from planner.timeline.course_planner import CoursePlanner, NotProven
from planner.timeline.explain import explain, in_words
from planner.timeline.participant_state import PlannerCache, reading
from planner.timeline.record import RecordFile
from planner.timeline.replanning import Replanner


def own_anchors(courses: PlannerCache, file: RecordFile, arm: str | None = None) -> Replanner:
    """What plans one participant's course from any date of an anchor visit that is still to come.

    Args:
        courses: the protocol and the site.
        file: the record; where it plans the anchor visit, or has it booked, is left open.
        arm: an arm's id; the record's own when ``None``.

    Raises:
        PlannerError: the anchor visit has taken place, or will not; or the record does not belong
            to this protocol.
    """
    record_reading = reading(courses, file, arm=arm)
    so_far, anchor = record_reading.so_far, record_reading.planner.course.anchor
    assert anchor is not None, "courses without an anchor have been refused"
    if anchor in so_far.fixed or anchor in so_far.not_done:
        entry = record_reading.history.entries.get(anchor)
        status = "called off by the withdrawal" if entry is None else entry.actual.status
        raise PlannerError(f"{file.path}: `{anchor}`, from which all days count, is {status}")
    booked = {name: event for name, event in so_far.booked.items() if name != anchor}
    return Replanner(record_reading.planner, so_far._replace(booked=booked))


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
            yield AnchorDate(day, fits=False, closed=closed != AWAY, reasons=reasons)
        else:
            try:
                fits = planner.fits(day)
                reasons = () if fits else in_words(explain(planner, day))
            except NotProven as unknown:
                fits, reasons = False, (str(unknown),)
            yield AnchorDate(day, fits=fits, closed=False, reasons=reasons)
        day += timedelta(days=1)
