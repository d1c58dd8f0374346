"""Timelines as iCalendar files, and calendar files of anybody checked and compared."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.api.inputs import StrPath
    from planner.formats.ical.changes import CalendarChanges
    from planner.formats.ical.conformance.report import CalendarReport
    from planner.formats.ical.conformance.rules import CalendarRule
    from planner.formats.ical.options import CalendarOptions
    from planner.timeline.model import Timeline


CalendarUse = Literal["file", "published", "caldav"]
PROFILES: tuple[CalendarUse, ...] = ("file", "published", "caldav")
"""What a calendar file can be for."""


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
    from planner.formats.ical import CalendarOptions, Level, write_calendar
    from planner.timeline.model import Timeline

    instance_of(options, CalendarOptions, "options")
    if options.level is Level.BUSY and options.key is None:
        raise PlannerError(
            "a calendar of level busy needs CalendarOptions(key=...): make one with"
            " secrets.token_bytes(32) and keep it, so that the next export gives the same UIDs"
        )
    plans = [timelines] if isinstance(timelines, Timeline) else timelines
    checked = (instance_of(plan, Timeline, "timelines") for plan in plans)
    return write_calendar(checked, file, options)


class CalendarDifference(NamedTuple):
    """What changes from one calendar file to another, and what the two are called."""

    changes: "CalendarChanges"
    old: str
    new: str


def calendar_rules() -> "list[CalendarRule]":
    """The rules by which `check_calendar` judges, with their clauses."""
    from planner.formats.ical.conformance.rules import RULES

    return list(RULES.values())


def check_calendar(path: "StrPath", profile: CalendarUse = "file") -> "CalendarReport":
    """What is wrong with a calendar file by the iCalendar standards, line by line.

    Args:
        path: a file by anyone; ``-`` is standard input. One that cannot be read is reported so.
        profile: what it is for: anything, a feed (METHOD:PUBLISH), or a stored object.

    Raises:
        PlannerError: there is no such profile.
    """
    from planner.api.inputs import one_of, path_text
    from planner.formats.ical.conformance.calendar import Profile
    from planner.formats.ical.conformance.report import report_calendar

    chosen = Profile(one_of(profile, [known.value for known in Profile], "profile"))
    return report_calendar(path_text(path, "path"), chosen)


def diff_calendars(old: "StrPath", new: "StrPath") -> CalendarDifference:
    """What a subscriber sees change between two calendar files.

    Events are matched by UID and RECURRENCE-ID.

    Raises:
        PlannerError: one of them cannot be read, or holds no calendar.
    """
    from planner.api.inputs import path_text
    from planner.formats.ical.changes import compare
    from planner.formats.ical.conformance.report import read_bytes

    names = path_text(old, "old"), path_text(new, "new")
    files = []
    for name in names:
        data = read_bytes(name)
        if isinstance(data, str):
            raise PlannerError(f"{name}: {data}")
        files.append(data)
    return CalendarDifference(compare(files[0], files[1]), *names)
