"""One update of calendars: what it knows of the former export, and leaves for the next."""

import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from planner.errors import PlannerError, argument
from planner.formats.ical.updated import named_participants

if TYPE_CHECKING:
    from planner.files import Prepared, PreparedFolder
    from planner.formats.ical import CalendarOptions, Event
    from planner.formats.ical.kept_events import KeptEvents
    from planner.formats.ical.revision import Revised, Revisions
    from planner.formats.ical.state_file import StateWriter
    from planner.formats.ical.update_options import UpdateOptions
    from planner.formats.ical.updated import UpdatedCalendars
    from planner.timeline.cohort_source import Cohort
    from planner.timeline.model import Timeline

_NUMBER = re.compile(r"[^ ]+ (V[0-9]{2,})(?: |$)")
"""The number of a visit in a title, behind the participant's code."""


class CalendarUpdate:
    """One update of calendars: reads the former ones, numbers changes, and leaves a new state.

    Attributes:
        options: the calendar's, with the key that its UIDs are made with.
        events: makes the events.
        revisions: numbers them; ``None`` where one calendar has nothing to go on from, and nobody
            will go on from it.
    """

    def __init__(
        self,
        cohort: "Cohort",
        options: "CalendarOptions",
        update_options: "UpdateOptions",
        of: str,
        stack: ExitStack,
        tell: Callable[[str], None],
    ) -> None:
        """Opens what is remembered; `of` is one of `planner.formats.ical.state_file.SUBJECTS`.

        ``tell`` is called with each thing that the user should know, before any error.

        Raises:
            PlannerError: the state or a former calendar cannot be read, is none, or cannot be gone
                on from.
        """
        from planner.files import Prepared, PreparedFolder
        from planner.formats.ical import Events
        from planner.formats.ical.former import read_former
        from planner.formats.ical.itip import Messages
        from planner.formats.ical.state_file import StateWriter

        self._cohort = cohort
        self._update_options = update_options
        self._former = read_former(update_options, of, options, stack, tell)
        self.options = self._former.options
        self.events = Events(self.options)
        self._state: Prepared | None = None
        self._sink: StateWriter | None = None
        if update_options.state is not None:
            self._state = Prepared(update_options.state)
            stack.callback(self._state.discard)
            self._sink = StateWriter(self._state.file, options.level, of, self._former.key)
        self._messages: Messages | None = None
        self._folder: PreparedFolder | None = None
        if update_options.messages is not None and update_options.attendee is not None:
            self._messages = Messages(self.options, self.events, update_options.attendee)
            self._folder = PreparedFolder(update_options.messages)
            stack.callback(self._folder.discard)
        self.revisions: Revisions | None = None
        if of != "calendar" or self._sink or self._former.memory is not None or cohort.under_way:
            self.revisions = self._revisions(self._sink)
        self._new = self._changed = self._cancelled = self._messages_written = 0
        self._renumbered = 0
        self._first_number = 0

    def _revisions(self, sink: "StateWriter | None") -> "Revisions":
        from planner.formats.ical.revision import NoMemory, Revisions

        return Revisions(
            self.options,
            self.events,
            self._former.memory or NoMemory(),
            sink,
            whole=self._cohort.whole,
            under_way=self._cohort.under_way,
        )

    def timelines(self, timelines: "Iterator[Timeline]") -> "Iterator[Timeline]":
        """Passes timelines on; at their end keeps the events of those who could not be planned."""
        yield from timelines
        self._keep(self.revisions)

    def _keep(self, revisions: "Revisions | None") -> None:
        if revisions is not None:
            for code in self._cohort.unplaced:
                revisions.keep(self._update_options.studies, code)
            if self._cohort.hides_participant:
                revisions.keep_everybody()

    def former_events(self, name: str, uids: Collection[str]) -> "KeptEvents":
        """Events of the former form of a file, as they are.

        Args:
            name: of the file in its set; empty of one calendar.
            uids: of the events.

        Raises:
            PlannerError: they show more or less than this calendar is to show.
        """
        from planner.formats.ical.kept_events import read_kept
        from planner.formats.ical.target import open_plain

        former, output = self._former, self._update_options.output
        if former.memory is not None and former.memory.level is not self.options.level:
            raise PlannerError(
                f"{output}: holds events of participants who cannot be planned now, at another"
                f" level than {argument('level', self.options.level.value)}; leave the level as it"
                " was until they can. Nothing was changed"
            )
        with ExitStack() as stack:
            files = [None if former.target is None else former.target.open(name)]
            if self._update_options.previous is not None:
                files.append(open_plain(self._update_options.previous))
            return read_kept((stack.enter_context(file) for file in files if file), uids)

    def on_change(self, revised: "Revised", timeline: "Timeline | None") -> None:
        """Counts a change and writes the message that it makes necessary."""
        if revised.before is None:
            self._new += 1
            self._first_number = max(self._first_number, revised.event.details.sequence)
        elif revised.event.details.status == "CANCELLED" != revised.before.status:
            self._cancelled += 1
        else:
            self._changed += 1
            numbers = {*map(_number_in, (revised.event.summary, revised.before.summary))}
            self._renumbered += len(numbers - {""}) > 1
        if self._messages is None or self._folder is None:
            return
        message = self._messages.message_about(revised, timeline)
        if message is not None:
            from planner.formats.ical.mail import mail

            if not self._update_options.dated and (timeline is None or timeline.changed is None):
                raise PlannerError(
                    f"{argument('messages')}: a message has the date on which it is written, and"
                    f" nothing says which that is; give it with {argument('stamp', 'DATE')}, or"
                    f" with {argument('today', 'DATE')} beside {argument('actuals')}. Nothing was"
                    " changed"
                )
            self._folder.write(f"{message.name}.ics", message.data)
            self._folder.write(f"{message.name}.eml", mail(message, self._messages))
            self._messages_written += 1

    @property
    def kept_uids(self) -> set[str]:
        """The UIDs of events of the former calendar that stay as they are."""
        kept = {} if self.revisions is None else self.revisions.kept
        return {uid for people in kept.values() for uids in people.values() for uid in uids}

    def expected_events(self) -> "Iterator[Event]":
        """All events once more, from the same memory, to compare with what was written."""
        from planner.formats.ical import calendar_properties
        from planner.formats.ical.writer import Writer

        if self.revisions is None:
            for timeline in self._cohort.timelines():
                yield from self.events.events_of(timeline)
            return
        if self._former.memory is not None:
            self._former.memory.again()
        writer = Writer(calendar_properties(self.options))
        revisions = self._revisions(None)
        for timeline in self._cohort.timelines():
            yield from revisions.revise(timeline, writer).events
        self._keep(revisions)
        for _, revised in revisions.rest(lambda _: writer):
            yield revised.event

    def may_write(self, name: str) -> None:
        """Whether a file of a folder may be written.

        Raises:
            PlannerError: a file of that name is there and was not written here.
        """
        target = self._former.target
        if target is not None and name in target.others and not self._update_options.replace:
            raise PlannerError(
                f"{os.path.join(target.path, name)}: was not written by `planner export`; move it"
                f" away, or add {argument('replace', True)} to lose it. Nothing was changed"
            )

    def put(
        self,
        output: "Prepared | PreparedFolder",
        digests: Mapping[str, str],
        rewritten: Collection[str],
    ) -> None:
        """Puts everything in place.

        Args:
            output: the calendar or the folder.
            digests: the SHA-256 of each file that was written, by its name in the folder.
            rewritten: the names among these of files that are gone on from as a whole.

        Raises:
            PlannerError: participants would be dropped, or a file system refuses.
        """
        from planner.formats.ical.target import put_together

        if not self._update_options.replace:
            self._refuse_to_drop(rewritten)
        if self._sink is not None and self._state is not None and self._former.target is not None:
            self._sink.close(self._former.target.digest(digests))
            self._state.finish()
            if self._former.key is not None and not os.path.lexists(self._state.place):
                os.chmod(self._state.name, 0o600)  # a calendar is passed on, a key is not
        put_together(self._state, output, self._folder)

    def _refuse_to_drop(self, rewritten: Collection[str]) -> None:
        former, output = self._former, self._update_options.output
        if self.revisions is None or former.memory is None or former.target is None:
            return
        if (
            not self.revisions.recognises_any
            and not former.has_state
            and (former.target.holds_any(rewritten) or self._update_options.previous is not None)
        ):
            raise PlannerError(
                f"{output}: the calendar to go on from has none of these participants' events: it"
                " is of another study, or was made with another key; name another output, or add"
                f" {argument('replace', True)} to cancel what it has. Nothing was changed"
            )
        left_out, gone = self.revisions.left_out(rewritten), self.revisions.gone
        if left_out or gone:
            loses = " or ".join(["cancel"] * bool(gone) + ["remove"] * bool(left_out))
            raise PlannerError(
                f"{' or '.join(filter(None, (output, self._update_options.previous)))} contains"
                f" events of {named_participants(left_out | gone)}, not part of this export;"
                f" add {argument('replace', True)} to {loses} them. Nothing was changed"
            )

    def result(
        self, kind: str, calendars: int, events: int, *, verified: bool = False
    ) -> "UpdatedCalendars":
        """What was written, and what of it is different from before."""
        from planner.formats.ical.updated import EventChanges, UpdatedCalendars

        is_first = self._former.memory is None
        starts_anew = is_first and self._cohort.under_way and self._sink is not None
        return UpdatedCalendars(
            self._update_options.output,
            kind,
            calendars,
            events,
            verified,
            None if is_first else EventChanges(self._new, self._changed, self._cancelled),
            self._first_number if starts_anew else None,
            None if self._folder is None else self._messages_written,
            None if self._folder is None else self._folder.folder,
            self._former.met,
            renumbered=self._renumbered,
            kept=_count_kept(self.revisions),
        )


def _number_in(summary: str) -> str:
    """The number of the visit in the title of an event; empty where it has none."""
    match = _NUMBER.match(summary)
    return match[1] if match is not None else ""


def _count_kept(revisions: "Revisions | None") -> dict[str, int]:
    """How many events of each participant stay as they are."""
    counts: Counter[str] = Counter()
    for participants in {} if revisions is None else revisions.kept.values():
        for who, uids in participants.items():
            counts[who] += len(uids)
    return dict(counts)
