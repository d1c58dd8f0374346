"""What an update of calendars has written, and what of it is different from before."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from planner.errors import argument
from planner.text import counted

_MAX_NAMED = 5
"""So many events, or participants, are named in a sentence."""
_NO_CODE = re.compile("-|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What stands for a participant whose code no summary tells: an UID, or nothing."""


class EventChanges(NamedTuple):
    """How many events are new, changed and cancelled since the former export."""

    new: int
    changed: int
    cancelled: int


class UpdatedCalendars(NamedTuple):
    """What an update of calendars has written, and what of it is different from before.

    Attributes:
        output: the calendar or the folder; ``None`` where it was written to an open file.
        kind: `calendar`, `objects` (one per event), or what calendars were split by, such as
            `role`.
        calendars: how many were written; 0 where nobody could be planned, and nothing was changed.
        events: how many there are in them.
        verified: whether the calendar was read back and compared.
        changes: since the former export; ``None`` where none is known.
        renumbered: of how many changed events the title has another number of the visit.
        first_revision: the number that the events of participants under way begin with, in days
            since 2000-01-01, where no former export is known to go on from; else ``None``.
        messages: how many messages were written; ``None`` where none were asked for.
        message_folder: where they are.
        conflicts: by UID the summary of each event of which two versions with the same revision
            were met, as after changes in two copies; nobody can tell which is newer.
        unplaced: by participant why there is no plan, or by place what cannot be read.
        kept: by participant how many events stay as they were, since there is no plan or, where it
            is not known whose record cannot be read, there may be none; a UID or `-` stands for a
            participant whose code nothing tells.
        forced: by participant why the plan breaks a window: none keeps all.
        undated: a line for each visit and track that has no event since it has no date, and why.
    """

    output: str | None
    kind: str
    calendars: int = 0
    events: int = 0
    verified: bool = False
    changes: EventChanges | None = None
    first_revision: int | None = None
    messages: int | None = None
    message_folder: str | None = None
    conflicts: dict[str, str] = {}  # noqa: RUF012 (nobody changes it)
    unplaced: dict[str, str] = {}  # noqa: RUF012
    forced: dict[str, str] = {}  # noqa: RUF012
    undated: tuple[str, ...] = ()
    renumbered: int = 0
    kept: dict[str, int] = {}  # noqa: RUF012

    def sentences(self) -> Iterator[str]:
        """What was written, what of it is different from before, and what to know of that."""
        if self.output is None or not self.calendars:
            return
        wrote = self._wrote()
        if self.changes is not None:
            new, changed, cancelled = self.changes
            wrote += f"; {new:,} new, {changed:,} changed, {cancelled:,} cancelled"
        if self.messages is not None:
            wrote += f"; messages in {self.message_folder}: {self.messages:,}"
        yield wrote
        if self.kept:
            events = counted(sum(self.kept.values()), "event")
            yield f"kept as they were: {events} of {named_participants(self.kept)}"
        if self.renumbered:
            yield (
                f"{counted(self.renumbered, 'event')} changed the number of the visit in"
                " the title: visits of all arms are numbered in the order of their targets; each"
                " event is still that of the same visit"
            )
        if self.first_revision is not None:
            yield (
                "no earlier export is known here, so revisions start anew, at"
                f" {self.first_revision:,} (days since 2000-01-01): who has an earlier copy sees"
                " every event as changed (one that changed more than once a day may stay as it"
                " was there), and keeps what has been dropped since;"
                f" {argument('previous', 'OLD.ics')} goes on from such a copy"
            )
        if self.conflicts:
            number = len(self.conflicts)
            which = ", ".join(sorted(set(self.conflicts.values()))[:_MAX_NAMED])
            yield (
                f"warning: {self.output}: two versions with the same revision of {number:,}"
                f" event{'s' * (number != 1)} ({which}), as after changes in two copies; nobody"
                " can tell which is newer, and what was written now is a revision above both"
            )

    def _wrote(self) -> str:
        events = counted(self.events, "event")
        if self.kind == "calendar":
            read_back = ", read back and compared" if self.verified else ""
            return f"wrote {self.output}: {events}{read_back}"
        if self.kind == "objects":
            return f"wrote {counted(self.calendars, 'calendar object')} to {self.output}"
        return f"wrote {counted(self.calendars, 'calendar')} with {events} to {self.output}"


def named_participants(participants: Collection[str]) -> str:
    """Participants by their codes, where these are known, and how many others there are."""
    named = sorted(
        participant for participant in participants if not _NO_CODE.fullmatch(participant)
    )[:_MAX_NAMED]
    rest = len(participants) - len(named)
    if rest and named:
        return f"{', '.join(named)} and {rest:,} more"
    if rest:
        return f"{rest:,} participant{'s' * (rest != 1)} whom no summary names"
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
