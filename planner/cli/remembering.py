"""What an export knows of the former one, and leaves for the next."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import PlannerError

if TYPE_CHECKING:
    from planner.cli.cohort import Cohort
    from planner.files import Prepared, PreparedFolder
    from planner.formats.ical import CalendarOptions, Event
    from planner.formats.ical.revision import Revised, Revisions
    from planner.formats.ical.state import State, StateWriter
    from planner.timeline.model import Timeline


class Wanted(NamedTuple):
    """What an export is to remember and to tell.

    ``state`` is the state file's path, ``previous`` that of a former calendar; ``messages`` the
    folder for scheduling messages to ``attendee``; ``study`` the study's id.
    """

    output: str
    state: str | None
    previous: str | None
    messages: str | None
    attendee: str | None
    study: str


def read_wanted(
    output: str | None,
    state: str | None,
    previous: str | None,
    itip: str | None,
    attendee: str | None,
    study: str,
    *,
    no_state: bool,
    into_folder: bool,
) -> Wanted | None:
    """What the options ask to remember and to tell; ``None`` where it is nothing.

    Raises:
        PlannerError: options that exclude each other, or one without that which it needs.
    """
    if (itip is None) != (attendee is None):
        raise PlannerError("--itip and --attendee need each other: a message is for somebody")
    if output is None:
        if state is not None or previous is not None or itip is not None:
            raise PlannerError("--state, --previous and --itip need -o")
        return None
    if no_state and (state is not None or itip is not None):
        raise PlannerError("--no-state remembers nothing; leave --state and --itip out")
    if previous is not None and into_folder:
        raise PlannerError("--previous is one calendar; leave --split and caldav out")
    if state is None and not no_state and previous is None:
        state = (output.rstrip("/" + os.sep) or output) + ".state"
    if state is None and previous is None:
        return None
    for option, path in (("--state", state), ("--itip", itip)):
        if path is not None and os.path.abspath(path) == os.path.abspath(output):
            raise PlannerError(f"{option}: {path} is the output itself")
    if state is not None and previous is not None and os.path.lexists(state):
        raise PlannerError(
            f"{state}: is there already; leave --previous out, or name a new --state"
        )
    return Wanted(output, state, previous, itip, attendee, study)


class Remembering:
    """What one export knows of the former one, and leaves for the next."""

    def __init__(
        self,
        cohort: "Cohort",
        options: "CalendarOptions",
        wanted: Wanted,
        of: str,
        stack: ExitStack,
    ) -> None:
        """Opens what is remembered; `of` is one of `planner.formats.ical.state.SUBJECTS`.

        Raises:
            PlannerError: the state or the former calendar cannot be read, or is none.
        """
        from planner.cli.keeping import open_plain, open_state
        from planner.files import Prepared
        from planner.formats.ical import Events
        from planner.formats.ical.itip import Messages
        from planner.formats.ical.previous import Previous
        from planner.formats.ical.state import StateWriter

        self.events = Events(options)
        self._options = options
        self._cohort = cohort
        self._study = wanted.study
        self._memory: State | Previous | None = None
        if wanted.previous is not None:
            file = stack.enter_context(open_plain(wanted.previous))
            self._memory = Previous(wanted.previous, file)
        elif wanted.state is not None:
            self._memory = open_state(wanted.state, wanted.output, of, stack)
        self._state: Prepared | None = None
        self._sink: StateWriter | None = None
        if wanted.state is not None:
            self._state = Prepared(wanted.state)
            stack.callback(self._state.discard)
            self._sink = StateWriter(self._state.file, options.level, of)
        self._messages: Messages | None = None
        self._folder: PreparedFolder | None = None
        if wanted.messages is not None and wanted.attendee is not None:
            self._messages = Messages(options, self.events, wanted.attendee)
            self._folder = self._message_folder(wanted.messages, stack)
        self.revisions = self._revisions(self._sink)
        self._new = self._changed = self._cancelled = self._told = 0

    def _revisions(self, sink: "StateWriter | None") -> "Revisions":
        from planner.formats.ical.revision import Nothing, Revisions

        memory = self._memory or Nothing()
        return Revisions(self._options, self.events, memory, sink, whole=self._cohort.whole)

    @staticmethod
    def _message_folder(path: str, stack: ExitStack) -> "PreparedFolder":
        from planner.files import PreparedFolder

        folder = PreparedFolder(path)
        stack.callback(folder.discard)
        return folder

    def followed(self, timelines: "Iterator[Timeline]") -> "Iterator[Timeline]":
        """The timelines; afterwards those without one are known, and what they had is kept."""
        yield from timelines
        self._keep(self.revisions)

    def _keep(self, revisions: "Revisions") -> None:
        for code in self._cohort.unplaced:
            revisions.keep(self._study, code)

    def noticed(self, revised: "Revised", timeline: "Timeline | None") -> None:
        """Counts a change and writes the message that it makes necessary."""
        if revised.before is None:
            self._new += 1
        elif revised.event.details.status == "CANCELLED" != revised.before.status:
            self._cancelled += 1
        else:
            self._changed += 1
        if self._messages is None or self._folder is None:
            return
        message = self._messages.of(revised, timeline)
        if message is not None:
            from planner.formats.ical.mail import mail

            self._folder.write(f"{message.name}.ics", message.data)
            self._folder.write(f"{message.name}.eml", mail(message, self._messages))
            self._told += 1

    def meant(self, cohort: "Cohort") -> "Iterator[Event]":
        """All events once more, from the same memory, to compare with what was written."""
        from planner.formats.ical import calendar_properties
        from planner.formats.ical.writer import Writer

        if self._memory is not None:
            self._memory.again()
        writer = Writer(calendar_properties(self._options))
        revisions = self._revisions(None)
        for timeline in cohort.timelines():
            for one in revisions.of(timeline, self.events.of(timeline), writer):
                yield one.event
        self._keep(revisions)
        for _, one in revisions.rest(lambda _: writer):
            yield one.event

    def put(self, output: "Prepared | PreparedFolder", digest: str) -> None:
        """Puts everything in place; `digest` is that of the calendar, ``-`` of a folder."""
        from planner.cli.keeping import put_together

        if self._sink is not None and self._state is not None:
            self._sink.close(digest)
            self._state.finish()
        put_together(self._state, output, self._folder)

    def report(self, wrote: str) -> None:
        """Says what was written and what of it is different from before."""
        from planner.cli.output import tell

        if self._memory is not None:
            wrote += (
                f"; {self._new:,} new, {self._changed:,} changed, {self._cancelled:,} cancelled"
            )
        if self._folder is not None:
            wrote += f"; messages in {self._folder.folder}: {self._told:,}"
        tell(wrote)
        if self.revisions.left_out:
            tell(
                "left out here, not cancelled: participants of whom the former calendar told, in"
                f" number {self.revisions.left_out:,}"
            )
