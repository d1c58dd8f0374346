"""Writes calendars to files and folders, numbered by what they said before."""

import contextlib
import hashlib
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

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
    wanted: "UpdateOptions",
    tell: Tell,
    *,
    verify: bool,
) -> None:
    """One calendar: to a file, or to stdout; none where no participant could be placed.

    Raises:
        AnswerNo: there are no participants.
        PlannerError: it cannot be written, or reads back otherwise.
    """
    from planner.files import Prepared
    from planner.formats.ical import write_calendar
    from planner.formats.ical.update import Remembering

    output = wanted.output
    with ExitStack() as stack:
        kept = Remembering(cohort, options, wanted, "calendar", stack, tell)
        some = _some(cohort)
        if some is None:
            return
        timelines = kept.followed(some)
        prepared = None if output is None else Prepared(output)
        file = sys.stdout.buffer if prepared is None else prepared.file
        if prepared is not None:
            stack.callback(prepared.discard)
        hashed = _Hashed(file)
        events = write_calendar(
            timelines,
            hashed,  # type: ignore[arg-type]
            kept.options,
            events=kept.events,
            revisions=kept.revisions,
            noticed=kept.noticed,
        )
        if prepared is None or output is None:
            sys.stdout.buffer.flush()
            return
        prepared.finish()
        if verify:
            _verify(prepared, kept.meant())
        kept.put(prepared, {"": hashed.digest()}, [""])
        read_back = ", read back and compared" if verify else ""
        kept.report(f"wrote {output}: {_counted(events, 'event')}{read_back}")


def write_set(
    cohort: "Cohort",
    by: "Split",
    options: "CalendarOptions",
    wanted: "UpdateOptions",
    folder: str,
    tell: Tell,
) -> None:
    """One calendar per participant, site, role or room, all of them put in place together.

    Raises:
        AnswerNo: there is nothing to write.
        PlannerError: they cannot be written.
    """
    from planner.files import PreparedFolder
    from planner.formats.ical import write_split
    from planner.formats.ical.update import Remembering

    with ExitStack() as stack:
        kept = Remembering(cohort, options, wanted, by.value, stack, tell)
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
            kept.may_write(name)
            hashed[name] = _Hashed(prepared.open(name))
            return hashed[name]  # type: ignore[return-value]

        def done(name: str, _: BinaryIO) -> None:
            finished = hashed.pop(name)
            digests[name] = finished.digest()
            prepared.done(name, finished.file)

        events = 0
        for _, number in write_split(
            kept.followed(cohort.timelines()),
            by,
            kept.options,
            opened,
            done,
            events=kept.events,
            revisions=kept.revisions,
            noticed=kept.noticed,
        ):
            events += number
        if not digests:
            if cohort.unplaced:
                return
            raise AnswerNo(f"no visit of this protocol names a {by}: there is nothing to write")
        kept.put(prepared, digests, digests)
        wrote = f"{_counted(len(digests), 'calendar')} with {_counted(events, 'event')}"
        kept.report(f"wrote {wrote} to {folder}")


def write_objects(
    cohort: "Cohort", options: "CalendarOptions", wanted: "UpdateOptions", folder: str, tell: Tell
) -> None:
    """One file per event, named by its UID, as a CalDAV server or a vdir stores them.

    Objects that have not changed are left alone, and so are those of others.

    Raises:
        AnswerNo: there are no participants.
        PlannerError: they cannot be written.
    """
    from planner.files import PreparedFolder
    from planner.formats.ical.calendar import revised_objects
    from planner.formats.ical.update import Remembering

    with ExitStack() as stack:
        kept = Remembering(cohort, options, wanted, "objects", stack, tell)
        some = _some(cohort)
        if some is None:
            return
        timelines = kept.followed(some)
        prepared = PreparedFolder(folder)
        stack.callback(prepared.discard)
        digests: dict[str, str] = {}
        assert kept.revisions is not None, "only one calendar may be without them"
        for name, data in revised_objects(
            timelines, kept.options, kept.events, kept.revisions, kept.noticed
        ):
            kept.may_write(name)
            prepared.write(name, data)
            digests[name] = hashlib.sha256(data).hexdigest()
        kept.put(prepared, digests, ())
        kept.report(f"wrote {_counted(len(digests), 'calendar object')} to {folder}")


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
        raise PlannerError(f"--verify: {written.path} is no ordinary file that can be read back")
    with open(written.name, "rb") as file:
        for difference in compare(file, events):
            raise PlannerError(
                f"{written.path}: not kept, since it reads back otherwise: {difference}"
            )


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
