"""Timelines as iCalendar files."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from planner.formats.ical.options import CalendarOptions
    from planner.timeline.model import Timeline


def export(
    timelines: "Iterable[Timeline] | Timeline", file: BinaryIO, options: "CalendarOptions"
) -> int:
    """Writes timelines as one iCalendar file and returns the number of events; streams.

    Args:
        timelines: as `plan` gives them; one alone is taken, too.
        file: open for writing bytes.
        options: what events tell, and when they last changed.

    Raises:
        PlannerError: a time zone's data cannot be read; or the level is busy and there is no key,
            so that who guesses a participant's code could recognise the events.
    """
    from planner.api.inputs import instance_of
    from planner.errors import PlannerError
    from planner.formats.ical import CalendarOptions, Level, write_calendar
    from planner.timeline.model import Timeline

    instance_of(options, CalendarOptions, "options")
    if options.level is Level.BUSY and options.key is None:
        raise PlannerError(
            "a calendar of level busy needs CalendarOptions(key=...): make one with"
            " secrets.token_bytes(32) and keep it, so that the next export gives the same UIDs"
        )
    plans = [timelines] if isinstance(timelines, Timeline) else timelines
    checked = (instance_of(one, Timeline, "timelines") for one in plans)
    return write_calendar(checked, file, options)
