"""When a record last learnt something: the date that a calendar's changes are stamped with."""

from datetime import date

from planner.timeline.record import Record

_PAST = ("occurred", "missed", "unscheduled", "failed")


def newest_date(record: Record) -> date | None:
    """The newest date of what a record says has happened; ``None`` where nothing has.

    Bookings and planned dates lie ahead and do not count, nor do cancelled visits, whose date may.
    """
    dates = [
        max(moment.day for moment in (actual.start, actual.end) if moment is not None)
        for actual in record.visits
        if actual.status in _PAST and actual.start is not None
    ]
    dates += record.gates.values()
    dates += record.reminders.values()
    if record.withdrawn is not None:
        dates.append(record.withdrawn)
    return max(dates, default=None)
