"""The categories of events, which tell the level of a calendar, and titles of cancelled ones."""

from planner.formats.ical.options import CalendarOptions, Level

OF_PARTICIPANTS = {"Study visit": "Appointment", "Study task": "Task"}
"""What the categories of visits and tasks are called in calendars for participants."""
_OF_OTHERS = {name: category for category, name in OF_PARTICIPANTS.items()}


def category_at(level: Level, category: str) -> str:
    """What a category is called at a level.

    Args:
        level: of the calendar that is written.
        category: as any level calls it.
    """
    category = _OF_OTHERS.get(category, category)
    return OF_PARTICIPANTS.get(category, category) if level is Level.PARTICIPANT else category


def cancelled_title(title: str, options: CalendarOptions) -> str:
    """The title of an event that is cancelled: not every reader shows its status.

    Args:
        title: of the event while it takes place.
        options: of the calendar.
    """
    if options.level is Level.PARTICIPANT and options.words is not None:
        return options.words.cancelled(title)
    return f"{title} (cancelled)"
