"""Which reminders of a participant under way are due: dated by the visits as they are planned."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from planner.schedule.visit_numbers import label_of
from planner.timeline.assemble import tells_arm
from planner.timeline.dated_reminder import DatedReminder
from planner.timeline.due import DueParticipant, DueRange
from planner.timeline.participant_state import RecordReading
from planner.timeline.record import RecordFile
from planner.timeline.remaining_visits import Outlooks, settled
from planner.timeline.reminders import dated_reminders


class DueReminder(NamedTuple):
    """Something that is no visit and to be done by a date.

    Attributes:
        visit: the occurrence that it counts from; ``label`` is what views call that.
        day: the last date on which it is in time.
        status: ``planned``; ``due`` on that date; ``overdue`` after it.
        days_left: dates from today to that date, both included; negative: days since it passed.
        role: that does it; ``None`` where the protocol names none.
    """

    participant: str
    protocol: str
    reminder: str
    title: str
    visit: str
    label: str
    day: date
    status: str
    days_left: int
    required: bool
    role: str | None


def due_reminders(
    participant: DueParticipant, outlooks: Outlooks, stretch: DueRange
) -> list[DueReminder]:
    """The reminders that are not done and whose date lies in the stretch or has passed.

    One whose date has passed before the stretch is told where it is required, or the visit that it
    prepares has not taken place.

    Args:
        participant: under way.
        outlooks: of all participants.
        stretch: the dates that are asked about.
    """
    planner, asked = participant.reading.planner, participant.asked
    if not planner.course.reminders:
        return []
    placed = {name: settled(asked.so_far, name) for name in asked.so_far.fixed}
    if participant.live:
        placed |= outlooks.ahead(planner, asked, participant.rest).placed
    dated = dated_reminders(
        planner.course,
        planner.site,
        placed,
        done=participant.file.record.reminders,
        unblinded=participant.reading.unblinded,
    )
    return list(_due(participant.reading, participant.file, dated, stretch))


def _due(
    reading: RecordReading, file: RecordFile, reminders: Iterator[DatedReminder], stretch: DueRange
) -> Iterator[DueReminder]:
    course = reading.planner.course
    for reminder in reminders:
        occurrence = course.visit(reminder.visit)
        is_void = reminder.visit in reading.so_far.not_done
        is_hidden = not reading.unblinded and tells_arm(occurrence, course.protocol)
        if reminder.done is not None or is_void or is_hidden or reminder.day > stretch.last:
            continue
        is_over = reminder.day < stretch.today
        lies_ahead = reminder.visit not in reading.so_far.fixed
        if not (reminder.day >= stretch.first or (is_over and (reminder.required or lies_ahead))):
            continue
        status = "overdue" if is_over else "due" if reminder.day == stretch.today else "planned"
        left = (reminder.day - stretch.today).days
        yield DueReminder(
            file.record.participant,
            course.protocol.id,
            reminder.id,
            reminder.title,
            reminder.visit,
            label_of(occurrence, course.protocol),
            reminder.day,
            status,
            left if is_over else left + 1,
            reminder.required,
            reminder.role,
        )
