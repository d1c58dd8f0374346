"""Writes calendars to files and folders, numbered by what they said before."""

import contextlib
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from planner.arguments import argument
from planner.errors import AnswerNo, PlannerError

if TYPE_CHECKING:
    from planner.files import Prepared
    from planner.formats.ical import CalendarOptions, Event, Split
    from planner.formats.ical.update_options import UpdateOptions
    from planner.timeline.cohort_source import Cohort
    from planner.timeline.model import Timeline


Tell: TypeAlias = Callable[[str], None]
"""Called with each thing that the user should know: what was written, and what to know of that."""


def write_one(
    cohort: "Cohort",
    options: "CalendarOptions",
    update_options: "UpdateOptions",
    tell: Tell,
    *,
    verify: bool,
) -> None:
    """One calendar: to a file, or to stdout; none where no participant could be placed.

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
            return
        timelines = update.timelines(some)
        prepared = None if output is None else Prepared(output)
        file = sys.stdout.buffer if prepared is None else prepared.file
        if prepared is not None:
            stack.callback(prepared.discard)
        hashed = _Hashed(file)
        events = write_calendar(
            timelines,
            hashed,  # type: ignore[arg-type]
            update.options,
            events=update.events,
            revisions=update.revisions,
            on_change=update.on_change,
        )
        if prepared is None or output is None:
            sys.stdout.buffer.flush()
            return
        prepared.finish()
        if verify:
            _verify(prepared, update.expected_events())
        update.put(prepared, {"": hashed.digest()}, [""])
        read_back = ", read back and compared" if verify else ""
        update.report(f"wrote {output}: {_counted(events, 'event')}{read_back}")


def write_set(
    cohort: "Cohort",
    by: "Split",
    options: "CalendarOptions",
    update_options: "UpdateOptions",
    folder: str,
    tell: Tell,
) -> None:
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
        ):
            events += number
        if not digests:
            if cohort.unplaced:
                return
            raise AnswerNo(f"no visit of this protocol names a {by}: there is nothing to write")
        update.put(prepared, digests, digests)
        wrote = f"{_counted(len(digests), 'calendar')} with {_counted(events, 'event')}"
        update.report(f"wrote {wrote} to {folder}")


def write_objects(
    cohort: "Cohort",
    options: "CalendarOptions",
    update_options: "UpdateOptions",
    folder: str,
    tell: Tell,
) -> None:
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
            return
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
        update.report(f"wrote {_counted(len(digests), 'calendar object')} to {folder}")


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


def _verify(written: "Prepared", events: "Iterator[Event]") -> None:
    from planner.formats.ical import verify as compare

    if not written.name:
        raise PlannerError(
            f"{argument('verify')}: {written.path} is no ordinary file that can be read back"
        )
    with open(written.name, "rb") as file:
        for difference in compare(file, events):
            raise PlannerError(
                f"{written.path}: not kept, since it reads back otherwise: {difference}"
            )


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
