"""Writes calendars to files and folders, numbered by what they said before."""

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from planner.errors import AnswerNo, PlannerError, argument
from planner.files import is_special
from planner.formats.ical.options import Rendering
from planner.formats.ical.updated import UpdatedCalendars

if TYPE_CHECKING:
    from planner.files import Prepared
    from planner.formats.ical import CalendarOptions, Event, Split
    from planner.formats.ical.update_options import UpdateOptions
    from planner.timeline.cohort_source import Cohort
    from planner.timeline.model import Timeline


Tell: TypeAlias = Callable[[str], None]
"""Called with each thing that the user should know: what was written, and what to know of that."""


def update_calendars(
    cohort: "Cohort",
    options: "CalendarOptions",
    update_options: "UpdateOptions",
    tell: Tell,
    *,
    by: "Split | None" = None,
    verify: bool = False,
    stream: BinaryIO | None = None,
) -> UpdatedCalendars:
    """Writes what a cohort's calendars say now, while nobody else writes there.

    Args:
        cohort: whose timelines.
        options: of the calendars; a CalDAV rendering is one calendar per event.
        update_options: where they go, what they go on from, what is to be remembered and sent.
        tell: is told of each thing that the user should know, before any error.
        by: what calendars are split by; one calendar of all when ``None``.
        verify: whether one calendar is read back and compared before it is kept.
        stream: where one calendar goes that has no output.

    Raises:
        AnswerNo: there are no participants, or nothing to write.
        PlannerError: they cannot be written, or one reads back otherwise; nothing was changed.
    """
    from planner.files.locking import locked

    output = update_options.output
    kept = (
        path for path in (output, update_options.state) if path is not None and not is_special(path)
    )
    with locked(kept, tell):
        if output is not None and by is not None:
            result = write_set(cohort, by, options, update_options, output, tell)
        elif output is not None and options.rendering is Rendering.CALDAV:
            result = write_objects(cohort, options, update_options, output, tell)
        else:
            result = write_one(cohort, options, update_options, tell, verify=verify, stream=stream)
    return result._replace(
        unplaced=cohort.unplaced, forced=cohort.forced, undated=tuple(cohort.undated())
    )


def write_one(
    cohort: "Cohort",
    options: "CalendarOptions",
    update_options: "UpdateOptions",
    tell: Tell,
    *,
    verify: bool,
    stream: BinaryIO | None = None,
) -> UpdatedCalendars:
    """One calendar: to a file, or to an open one; none where no participant could be placed.

    Args:
        cohort: whose timelines are written.
        options: of the calendar.
        update_options: where it goes (stdout without an output) and what it is numbered against.
        tell: is given each warning and report as a sentence.
        verify: reads the file back before it is put in place; not for stdout.

    Raises:
        AnswerNo: there are no participants.
        PlannerError: it cannot be written, or reads back otherwise.
    """
    from planner.files import Prepared
    from planner.formats.ical import write_calendar
    from planner.formats.ical.update import CalendarUpdate

    output = update_options.output
    with ExitStack() as stack:
        update = CalendarUpdate(cohort, options, update_options, "calendar", stack, tell)
        some = _some(cohort)
        if some is None:
            return UpdatedCalendars(output, "calendar")
        timelines = update.timelines(some)
        prepared = None if output is None else Prepared(output)
        if prepared is not None:
            stack.callback(prepared.discard)
        file = stream if prepared is None else prepared.file
        assert file is not None, "without an output there is a stream"
        hashed = _Hashed(file)
        events = write_calendar(
            timelines,
            hashed,  # type: ignore[arg-type]
            update.options,
            events=update.events,
            revisions=update.revisions,
            on_change=update.on_change,
            former=update.former_events,
        )
        if prepared is None:
            file.flush()
            return update.result("calendar", 1, events)
        prepared.finish()
        if verify:
            _verify(prepared, update.expected_events(), update.kept_uids)
        update.put(prepared, {"": hashed.digest()}, [""])
        return update.result("calendar", 1, events, verified=verify)


def write_set(
    cohort: "Cohort",
    by: "Split",
    options: "CalendarOptions",
    update_options: "UpdateOptions",
    folder: str,
    tell: Tell,
) -> UpdatedCalendars:
    """One calendar per participant, site, role or room, all of them put in place together.

    Args:
        cohort: whose timelines are written.
        by: what each calendar is of.
        options: of each calendar.
        update_options: what they are numbered against.
        folder: where they go; made where it is missing.
        tell: is given each warning and report as a sentence.

    Raises:
        AnswerNo: there is nothing to write.
        PlannerError: they cannot be written.
    """
    from planner.files import PreparedFolder
    from planner.formats.ical import write_split
    from planner.formats.ical.update import CalendarUpdate

    with ExitStack() as stack:
        update = CalendarUpdate(cohort, options, update_options, by.value, stack, tell)
        prepared = PreparedFolder(folder)
        stack.callback(prepared.discard)
        hashed: dict[str, _Hashed] = {}
        digests: dict[str, str] = {}

        def close_unfinished() -> None:
            for unfinished in hashed.values():
                with contextlib.suppress(OSError):
                    unfinished.file.close()

        stack.callback(close_unfinished)

        def opened(name: str) -> BinaryIO:
            update.may_write(name)
            hashed[name] = _Hashed(prepared.open(name))
            return hashed[name]  # type: ignore[return-value]

        def done(name: str, _: BinaryIO) -> None:
            finished = hashed.pop(name)
            digests[name] = finished.digest()
            prepared.done(name, finished.file)

        events = 0
        for _, number in write_split(
            update.timelines(cohort.timelines()),
            by,
            update.options,
            opened,
            done,
            events=update.events,
            revisions=update.revisions,
            on_change=update.on_change,
            former=update.former_events,
        ):
            events += number
        if not digests:
            if cohort.unplaced:
                return UpdatedCalendars(folder, by.value)
            raise AnswerNo(f"no visit of this protocol names a {by}: there is nothing to write")
        update.put(prepared, digests, digests)
        return update.result(by.value, len(digests), events)


def write_objects(
    cohort: "Cohort",
    options: "CalendarOptions",
    update_options: "UpdateOptions",
    folder: str,
    tell: Tell,
) -> UpdatedCalendars:
    """One file per event, named by its UID, as a CalDAV server or a vdir stores them.

    Objects that have not changed are left alone, and so are those of others.

    Args:
        cohort: whose timelines are written.
        options: of each object.
        update_options: what they are numbered against.
        folder: made where it is missing.
        tell: is given each warning and report as a sentence.

    Raises:
        AnswerNo: there are no participants.
        PlannerError: they cannot be written.
    """
    from planner.files import PreparedFolder
    from planner.formats.ical.calendar import revised_objects
    from planner.formats.ical.update import CalendarUpdate

    with ExitStack() as stack:
        update = CalendarUpdate(cohort, options, update_options, "objects", stack, tell)
        some = _some(cohort)
        if some is None:
            return UpdatedCalendars(folder, "objects")
        timelines = update.timelines(some)
        prepared = PreparedFolder(folder)
        stack.callback(prepared.discard)
        digests: dict[str, str] = {}
        assert update.revisions is not None, "only one calendar may be without them"
        for name, data in revised_objects(
            timelines, update.options, update.events, update.revisions, update.on_change
        ):
            update.may_write(name)
            prepared.write(name, data)
            digests[name] = hashlib.sha256(data).hexdigest()
        update.put(prepared, digests, ())
        return update.result("objects", len(digests), len(digests))


class _Hashed:
    """A file that also takes the digest of what is written; all that a calendar asks of one."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return self.file.write(data)

    def digest(self) -> str:
        return self._digest.hexdigest()


def _some(cohort: "Cohort") -> "Iterator[Timeline] | None":
    """The timelines, if there is one: a calendar without any event would be none."""
    timelines = cohort.timelines()
    first = next(timelines, None)
    if first is not None:
        return chain((first,), timelines)
    if not cohort.unplaced:
        raise AnswerNo("there are no participants: there is nothing to write")
    return None


def _verify(written: "Prepared", events: "Iterator[Event]", kept: Collection[str]) -> None:
    from planner.formats.ical import verify as compare

    if not written.name:
        raise PlannerError(
            f"{argument('verify')}: {written.path} is not an ordinary file that can be read back"
        )
    with open(written.name, "rb") as file:
        for difference in compare(file, events, kept):
            raise PlannerError(
                f"{written.path}: not kept, since it reads back otherwise: {difference}"
            )
