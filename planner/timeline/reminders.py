"""Reminders by their dates: what staff have to do by when, counted from where visits lie."""

from collections.abc import Iterator, Mapping
from datetime import date

from planner.protocol.course import Course
from planner.site.calendar import SiteCalendar
from planner.timeline.course_planner import PlacedVisit
from planner.timeline.dated_reminder import DatedReminder


def dated_reminders(
    course: Course,
    site: SiteCalendar,
    placed: Mapping[str, PlacedVisit],
    *,
    done: Mapping[str, date],
    unblinded: bool,
) -> Iterator[DatedReminder]:
    """The reminders whose visits have a date, in the order of the file.

    Args:
        course: of one arm; a reminder is in it for each visit that it counts from.
        site: whose business days count; Mondays to Fridays where it stands in for none.
        placed: where the visits lie, by occurrence id.
        done: the dates of a record on which reminders were done, by id.
        unblinded: false keeps back what only some arms of a blinded study have.
    """
    for reminder_id, title, reminder, point in course.reminders:
        if point.visit not in placed:
            continue
        if course.protocol.hides_plans and reminder.arms and not unblinded:
            continue
        there = placed[point.visit]
        distance = reminder.distance
        if distance.business_days and site.is_named:
            distance = distance.counted_at(site.business_days)
        yield DatedReminder(
            reminder_id,
            title,
            distance.after(date.fromordinal(there.end_day if point.end else there.day)),
            point.visit,
            str(reminder),
            reminder.required,
            reminder.role,
            done.get(reminder_id),
        )
