"""Two memories of the same events as one: per event the larger number counts.

A state that is not of the calendar beside it may be the older of the two (restored from a backup),
or the newer one (a crash, a calendar that was put back), for each event another. So neither is
believed as a whole: SEQUENCE and DTSTAMP go on from the larger of both, and what an event said is
what the later of the two says.
"""

from collections.abc import Collection, Iterator

from planner.formats.ical.options import Level
from planner.formats.ical.revision import BlockKey, Memory, Remembered, scheduling_key

_NO_DIGEST = "0" * 16


class United:
    """A memory that knows owners, such as a state, with that of a calendar, which does not."""

    def __init__(self, state: Memory, calendar: Memory, met: dict[str, str]) -> None:
        """Unites two memories.

        Args:
            state: the one that knows owners.
            calendar: the other one.
            met: takes by UID the summaries of events of which there are two versions with one
                number: they were changed in two copies, and nobody can tell which is newer.
                Whatever is written of them now has a number above both.
        """
        self._state, self._calendar, self._met = state, calendar, met
        self.level: Level | None = state.level if state.level is calendar.level else None
        self.keyed = calendar.keyed if state.keyed is None else state.keyed

    def again(self) -> None:
        """See `planner.formats.ical.revision.Memory`."""
        self._state.again()
        self._calendar.again()

    def knows(self, owner: BlockKey, uids: Collection[str]) -> bool:
        """See `planner.formats.ical.revision.Memory`."""
        return self._state.knows(owner, uids) or self._calendar.knows(owner, uids)

    def take(self, owner: BlockKey, uids: Collection[str], code: str) -> dict[str, Remembered]:
        """See `planner.formats.ical.revision.Memory`."""
        return self._with_calendar(owner, self._state.take(owner, uids, code), uids, code)

    def rest(self) -> Iterator[tuple[BlockKey, dict[str, Remembered]]]:
        """See `planner.formats.ical.revision.Memory`."""
        for owner, entries in self._state.rest():
            yield owner, self._with_calendar(owner, entries, (), "")
        yield from self._calendar.rest()

    def _with_calendar(
        self, owner: BlockKey, entries: dict[str, Remembered], uids: Collection[str], code: str
    ) -> dict[str, Remembered]:
        in_calendar = self._calendar.take(owner, {*uids, *entries}, code)
        for uid, entry in in_calendar.items():
            entries[uid] = self._later(entries[uid], entry) if uid in entries else entry
        return entries

    def _later(self, remembered: Remembered, other: Remembered) -> Remembered:
        low, high = sorted((remembered, other), key=lambda entry: (entry.sequence, entry.changed))
        changed = max(low.changed, high.changed)
        if (
            low.sequence == high.sequence
            and low.digest != high.digest
            and (low.changed == high.changed or scheduling_key(low) != scheduling_key(high))
        ):
            self._met[high.uid] = high.summary or low.summary
            high = high._replace(sequence=high.sequence + 1, digest=_NO_DIGEST)
        return high._replace(changed=changed)
