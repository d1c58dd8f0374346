"""The visits of a participant under way that have no date, and what each of them waits for."""

from typing import NamedTuple

from planner.protocol.course import Occurrence
from planner.schedule.undated import not_behind, why_undated
from planner.schedule.visit_numbers import label_of
from planner.timeline.assemble import tells_arm
from planner.timeline.history import NOT_DONE
from planner.timeline.participant_state import RecordReading
from planner.timeline.record import RecordFile


class Undated(NamedTuple):
    """One visit of one participant without a date.

    ``waiting_for`` are the visits that it counts from, any one of which dates it; ``why`` is the
    reason in words.
    """

    participant: str
    protocol: str
    visit: str
    title: str
    label: str
    waiting_for: tuple[str, ...]
    why: str


def undated_visits(reading: RecordReading, file: RecordFile) -> tuple[Undated, ...]:
    """The visits to come that have no date, in the order of the course; none that tells an arm."""
    course = reading.planner.course
    hidden = set()
    if not reading.unblinded:
        every = (*course.visits, *course.undated)
        hidden = {visit.id for visit in every if tells_arm(visit, course.protocol)}
    over = reading.so_far.not_done | reading.history.names(*NOT_DONE)
    return tuple(
        Undated(
            file.record.participant,
            course.protocol.id,
            waiting.what.id,
            waiting.what.title,
            label_of(waiting.what, course.protocol),
            waiting.references,
            why_undated(waiting),
        )
        for waiting in not_behind(course.waiting, hidden)
        if isinstance(waiting.what, Occurrence) and waiting.what.id not in over
    )
