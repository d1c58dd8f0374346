"""Writes calendars to files and folders, with or without memory of what they said before."""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

import typer

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.cli.cohort import Cohort
    from planner.cli.remembering import Wanted
    from planner.files import Prepared
    from planner.formats.ical import CalendarOptions, Event, Split
    from planner.timeline.model import Timeline


def write_plainly(
    cohort: "Cohort", options: "CalendarOptions", output: str | None, *, verify: bool
) -> None:
    """One calendar that remembers nothing: to a file, or to stdout."""
    from planner.cli.output import tell
    from planner.files import Prepared
    from planner.formats.ical import write_calendar

    timelines = _some(cohort)
    if output is None:
        write_calendar(timelines, sys.stdout.buffer, options)
        sys.stdout.buffer.flush()
        return
    with ExitStack() as stack:
        out = Prepared(output)
        stack.callback(out.discard)
        events = write_calendar(timelines, out.file, options)
        out.finish()
        if verify:
            _verify(out, _meant(cohort, options))
        out.put()
    tell(f"wrote {output}: {events:,} events" + (", read back and compared" if verify else ""))


def write_split_plainly(
    cohort: "Cohort", by: "Split", options: "CalendarOptions", folder: str
) -> None:
    """One calendar per participant, site, role or room, all put in place together."""
    from planner.cli.output import tell
    from planner.files import PreparedFolder
    from planner.formats.ical import write_split

    with ExitStack() as stack:
        files = PreparedFolder(folder)
        stack.callback(files.discard)
        count = events = 0
        for _, number in write_split(cohort.timelines(), by, options, files.open, files.done):
            count, events = count + 1, events + number
        if not count:
            raise _nothing(cohort, by)
        files.put()
    tell(f"wrote {count:,} calendars with {events:,} events to {folder}")


def write_objects_plainly(cohort: "Cohort", options: "CalendarOptions", folder: str) -> None:
    """One file per event, named by its UID, as a CalDAV server or a vdir stores them."""
    from planner.cli.output import tell
    from planner.files import PreparedFolder
    from planner.formats.ical import calendar_objects

    with ExitStack() as stack:
        files = PreparedFolder(folder)
        stack.callback(files.discard)
        count = 0
        for timeline in cohort.timelines():
            for file_name, content in calendar_objects(timeline, options):
                files.write(file_name, content)
                count += 1
        files.put()
    tell(f"wrote {count:,} calendar objects to {folder}")


def write_revised(
    cohort: "Cohort", options: "CalendarOptions", wanted: "Wanted", *, verify: bool
) -> None:
    """One calendar whose events are numbered by what was said of them before."""
    from planner.cli.remembering import Remembering
    from planner.files import Prepared
    from planner.formats.ical import write_calendar

    with ExitStack() as stack:
        kept = Remembering(cohort, options, wanted, "calendar", stack)
        timelines = _some(cohort)
        out = Prepared(wanted.output)
        stack.callback(out.discard)
        hashed = _Hashed(out.file)
        events = write_calendar(
            kept.followed(timelines),
            hashed,  # type: ignore[arg-type]
            options,
            events=kept.events,
            revisions=kept.revisions,
            noticed=kept.noticed,
        )
        out.finish()
        if verify:
            _verify(out, kept.meant(cohort))
        kept.put(out, hashed.digest())
        read_back = ", read back and compared" if verify else ""
        kept.report(f"wrote {wanted.output}: {events:,} events{read_back}")


def write_split_revised(
    cohort: "Cohort", by: "Split", options: "CalendarOptions", wanted: "Wanted"
) -> None:
    """`write_split_plainly` with one state for the folder; all files are put in place together."""
    from planner.cli.remembering import Remembering
    from planner.files import PreparedFolder
    from planner.formats.ical import write_split

    with ExitStack() as stack:
        kept = Remembering(cohort, options, wanted, by.value, stack)
        folder = PreparedFolder(wanted.output)
        stack.callback(folder.discard)
        count = events = 0
        for _, number in write_split(
            kept.followed(cohort.timelines()),
            by,
            options,
            folder.open,
            folder.done,
            events=kept.events,
            revisions=kept.revisions,
            noticed=kept.noticed,
        ):
            count, events = count + 1, events + number
        if not count:
            raise _nothing(cohort, by)
        kept.put(folder, "-")
        kept.report(f"wrote {count:,} calendars with {events:,} events to {wanted.output}")


def write_objects_revised(cohort: "Cohort", options: "CalendarOptions", wanted: "Wanted") -> None:
    """`write_objects_plainly` with one state for the folder; unchanged objects are left alone."""
    from planner.cli.remembering import Remembering
    from planner.files import PreparedFolder
    from planner.formats.ical.calendar import revised_objects

    with ExitStack() as stack:
        kept = Remembering(cohort, options, wanted, "objects", stack)
        timelines = _some(cohort)
        folder = PreparedFolder(wanted.output)
        stack.callback(folder.discard)
        count = 0
        for name, data in revised_objects(
            kept.followed(timelines),
            options,
            kept.events,
            kept.revisions,
            kept.noticed,
        ):
            folder.write(name, data)
            count += 1
        kept.put(folder, "-")
        kept.report(f"wrote {count:,} calendar objects to {wanted.output}")


class _Hashed:
    """A file that also takes the digest of what is written; all that a calendar asks of one."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._digest.update(data)
        return self._file.write(data)

    def digest(self) -> str:
        return self._digest.hexdigest()


def _some(cohort: "Cohort") -> "Iterator[Timeline]":
    """The timelines, if there is one: a calendar without any event would be none."""
    from planner.cli.output import complain

    timelines = cohort.timelines()
    first = next(timelines, None)
    if first is None:
        if not cohort.unplaced:
            complain("there are no participants: there is nothing to write")
        raise typer.Exit(1)
    return chain((first,), timelines)


def _nothing(cohort: "Cohort", by: "Split") -> typer.Exit:
    from planner.cli.output import complain

    if not cohort.unplaced:
        complain(f"no visit of this protocol names a {by}: there is nothing to write")
    return typer.Exit(1)


def _meant(cohort: "Cohort", options: "CalendarOptions") -> "Iterator[Event]":
    from planner.formats.ical import Events

    events = Events(options)
    return (event for timeline in cohort.timelines() for event in events.of(timeline))


def _verify(written: "Prepared", meant: "Iterator[Event]") -> None:
    from planner.formats.ical import verify as compare

    if not written.name:
        raise PlannerError(f"--verify: {written.path} is no ordinary file that can be read back")
    with open(written.name, "rb") as file:
        for difference in compare(file, meant):
            raise PlannerError(
                f"{written.path}: not kept, since it reads back otherwise: {difference}"
            )
