"""What of a course lies after the blind is broken, whatever dates are chosen."""

from collections.abc import Iterator
from typing import NamedTuple

from planner.checks.subject import Subject
from planner.checks.visit_order import Order
from planner.protocol.course import Course, Occurrence, Point
from planner.protocol.model import Track
from planner.schedule.build import least_steps
from planner.schedule.slack import effective_windows
from planner.time.distance import CalendarDistance


class Unblinding(NamedTuple):
    """The first visit of kind `unblinding` of a course, and the ids of all that lies after one.

    ``visit`` is ``None`` where the course has none, or where its rules contradict each other.
    """

    visit: Occurrence | None
    after: frozenset[str]

    def precedes(self, course: Course, names: set[str]) -> bool:
        """Whether those of some visits that this course has all lie after it."""
        return all(visit.id in self.after for visit in course.visits if visit.id in names)

    def precedes_track(self, track: Track, start: Point) -> bool:
        """Whether a track that counts from ``start`` begins after it."""
        return start.visit in self.after and (least_steps(track.offset) or 0) >= 0


def unblinding(subject: Subject, course: Course) -> Unblinding:
    """The visit at which the blind of an arm is broken, and the visits after it.

    After it is what starts later in every schedule of the course with all its optional visits; that
    a visit depends on a decision says nothing of when it is. An unblinding that may be left out
    counts only for visits that the same decision leaves out with it.

    Args:
        subject: the protocol.
        course: the course of the arm.
    """
    breaks = [
        visit for visit in course.visits if visit.kind == "unblinding" and not visit.visit.optional
    ]
    if not breaks or not subject.is_consistent(course.arm):
        return Unblinding(None, frozenset())
    order = Order(subject.schedule(course.arm))
    after = {
        other.id
        for visit in breaks
        for other in course.visits
        if visit.visit.when in (None, other.visit.when) and order.comes_before(visit.id, other.id)
    }
    return Unblinding(breaks[0], frozenset(after))


def different_windows(
    subject: Subject, first: Course, second: Course, visits: list[Occurrence]
) -> Iterator[tuple[Occurrence, str]]:
    """Those of some visits for which the rules of one arm leave other days than the other's.

    Their own timings may be the same: a rule of what comes later can reach back to them.
    """
    mine, theirs = (effective_windows(subject.schedule(course.arm)) for course in (first, second))
    for visit in visits:
        in_first, in_second = mine.get(visit.id), theirs.get(visit.id)
        if in_first is None or in_second is None or in_first == in_second:
            continue
        words = [
            f"{_days(window.first)}..{_days(window.last)} in `{course.arm}`"
            for window, course in ((in_first, first), (in_second, second))
        ]
        message = (
            f"`{visit.id}` reveals the arm by the days that all rules leave it after"
            f" `{first.anchor}`: {', '.join(words)}"
        )
        yield visit, message


def _days(number: int | None) -> str:
    return "" if number is None else str(CalendarDistance(0, number))
