"""Writes calendars to files and folders, with or without memory of what they said before."""

import hashlib
import os
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
    from planner.formats.ical import CalendarOptions, Event, Split
    from planner.timeline.model import Timeline


def write_plainly(
    cohort: "Cohort", options: "CalendarOptions", output: str | None, *, verify: bool
) -> None:
    """One calendar that remembers nothing: to a file, or to stdout."""
    from planner.cli.output import replacing, tell
    from planner.formats.ical import write_calendar

    timelines = _some(cohort)
    if output is None:
        write_calendar(timelines, sys.stdout.buffer, options)
        sys.stdout.buffer.flush()
        return
    with replacing(output) as file:
        events = write_calendar(timelines, file, options)
        if verify:
            file.flush()
            _verify(file.name, _meant(cohort, options), output)
    tell(f"wrote {output}: {events:,} events" + (", read back and compared" if verify else ""))


def write_split_plainly(
    cohort: "Cohort", by: "Split", options: "CalendarOptions", folder: str
) -> None:
    """One calendar per participant, site, role or room, each replaced as a whole."""
    from planner.cli.output import replacing, tell
    from planner.formats.ical import write_split

    _make_folder(folder)
    open_files: dict[str, ExitStack] = {}
    with ExitStack() as unfinished:

        def opened(file_name: str) -> BinaryIO:
            stack = unfinished.enter_context(ExitStack())
            open_files[file_name] = stack
            return stack.enter_context(replacing(os.path.join(folder, file_name)))

        def done(file_name: str, _: BinaryIO) -> None:
            open_files.pop(file_name).close()

        count = events = 0
        for _, number in write_split(cohort.timelines(), by, options, opened, done):
            count, events = count + 1, events + number
    if not count:
        raise _nothing(cohort, by)
    tell(f"wrote {count:,} calendars with {events:,} events to {folder}")


def write_objects_plainly(cohort: "Cohort", options: "CalendarOptions", folder: str) -> None:
    """One file per event, named by its UID, as a CalDAV server or a vdir stores them."""
    from planner.cli.output import replacing, tell
    from planner.formats.ical import calendar_objects

    _make_folder(folder)
    count = 0
    for timeline in cohort.timelines():
        for file_name, content in calendar_objects(timeline, options):
            with replacing(os.path.join(folder, file_name)) as file:
                file.write(content)
            count += 1
    tell(f"wrote {count:,} calendar objects to {folder}")


def write_revised(
    cohort: "Cohort", options: "CalendarOptions", wanted: "Wanted", *, verify: bool
) -> None:
    """One calendar whose events are numbered by what was said of them before."""
    from planner.cli.keeping import Prepared
    from planner.cli.remembering import Remembering
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
            _verify(out.name, kept.meant(cohort), wanted.output)
        kept.put(out, hashed.digest())
        read_back = ", read back and compared" if verify else ""
        kept.report(f"wrote {wanted.output}: {events:,} events{read_back}")


def write_split_revised(
    cohort: "Cohort", by: "Split", options: "CalendarOptions", wanted: "Wanted"
) -> None:
    """`write_split_plainly` with one state for the folder; all files are put in place together."""
    from planner.cli.keeping import PreparedFolder
    from planner.cli.remembering import Remembering
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
    from planner.cli.keeping import PreparedFolder
    from planner.cli.remembering import Remembering
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


def _verify(written: str, meant: "Iterator[Event]", output: str) -> None:
    from planner.formats.ical import verify as compare

    with open(written, "rb") as file:
        for difference in compare(file, meant):
            raise PlannerError(f"{output}: not kept, since it reads back otherwise: {difference}")


def _make_folder(folder: str) -> None:
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        raise PlannerError(f"{folder}: {(error.strerror or 'cannot be made').lower()}") from None
