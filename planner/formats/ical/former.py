"""What an export goes on from: a state, the calendars that are there, a copy of them."""

import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import NamedTuple

from planner.errors import PlannerError, argument
from planner.files import is_special
from planner.formats.ical import CalendarOptions, Level
from planner.formats.ical.identity import Identities
from planner.formats.ical.previous import Previous
from planner.formats.ical.revision import (
    BlockKey,
    KeptBlock,
    Memory,
    Remembered,
    scheduling_key,
)
from planner.formats.ical.state_file import State
from planner.formats.ical.target import Target, open_plain, open_state
from planner.formats.ical.update_options import UpdateOptions

_NO_DIGEST = "0" * 16


class Former(NamedTuple):
    """What is known of former exports.

    Attributes:
        target: what lies where the export goes; ``None`` where nothing can, as on stdout.
        memory: what was said there, or in a copy of it; ``None`` where nothing is known.
        has_state: whether a state tells whose events they are.
        key: the secret that the state keeps, or is to keep from now on.
        options: the calendar's, with the key that its UIDs are made with.
        met: by UID the summaries of events of which two versions with one number were met.
    """

    target: Target | None
    memory: Memory | None
    has_state: bool
    key: bytes | None
    options: CalendarOptions
    met: dict[str, str]


def read_former(
    update_options: UpdateOptions,
    of: str,
    options: CalendarOptions,
    stack: ExitStack,
    tell: Callable[[str], None],
) -> Former:
    """All that is known of former exports.

    Args:
        update_options: where the export goes, and what it is to go on from.
        of: which kind of output it is: one of `planner.formats.ical.state_file.SUBJECTS`.
        options: of the calendar.
        stack: keeps files open.
        tell: called with each thing that the user should know.

    Raises:
        PlannerError: something cannot be read, or this export cannot go on from it.
    """
    state = None if update_options.state is None else open_state(update_options.state, of, stack)
    target = memory = None
    met: dict[str, str] = {}
    if update_options.output is not None and not is_special(update_options.output):
        target = Target(update_options.output, of)
        memory = _memory(update_options, state, target, met, tell)
    refusal = _key_refusal(update_options, options, state, memory)
    if refusal is not None:
        if not update_options.replace:
            raise PlannerError(
                f"{update_options.output}: {refusal}, name another output, or add"
                f" {argument('replace', True)} to begin anew. Nothing was changed"
            )
        state = memory = None
    key = _key_to_keep(update_options, options, state, memory, tell)
    if key is not None:
        options = replace(options, key=key)
    if state is not None and state.studies and not update_options.replace:
        _check_study(update_options, options, state)
    return Former(target, memory, state is not None, key, options, met)


def _memory(
    update_options: UpdateOptions,
    state: State | None,
    target: Target,
    met: dict[str, str],
    tell: Callable[[str], None],
) -> Memory | None:
    """What the state, the calendars that are there and a further one say together."""
    memory: Memory | None = state
    if not target.is_empty and (state is None or state.calendar != target.digest()):
        try:
            calendar = target.read()
        except PlannerError as error:
            if not update_options.replace:
                raise PlannerError(
                    f"{error}. Nothing was changed: name another output, or add"
                    f" {argument('replace', True)} to lose what is there"
                ) from None
        else:
            memory = calendar if state is None else United(state, calendar, met)
            if state is not None:
                tell(
                    f"{target.path}: was not written together with {update_options.state}; the"
                    " later revision of each event counts"
                )
            elif update_options.state is not None:
                tell(f"{target.path}: has no state beside it; its own revisions count")
    if update_options.previous is not None:
        with open_plain(update_options.previous) as file:
            former = Previous([("", update_options.previous, file)])
        memory = former if memory is None else United(memory, former, met)
    return memory


def _key_refusal(
    update_options: UpdateOptions,
    options: CalendarOptions,
    state: State | None,
    memory: Memory | None,
) -> str | None:
    """Why the events that are there would all be there twice, and what cures that."""
    kept = None if state is None else state.key
    keyed = None if memory is None else memory.keyed
    if options.key is not None and kept not in (None, options.key):
        return (
            f"its events were made with the key in {update_options.state}, and with another one"
            f" they would be there twice; leave {argument('key_file')} out"
        )
    if options.key is not None and keyed is False:
        return (
            "its events were made without a key, and with one they would be there twice; leave"
            f" {argument('key_file')} out"
        )
    if options.key is None and kept is None and keyed:
        return (
            "its events were made with a key that is not here, and without it they would be there"
            f" twice; restore the state file that keeps it, give it with {argument('key_file')}"
        )
    return None


def _key_to_keep(
    update_options: UpdateOptions,
    options: CalendarOptions,
    state: State | None,
    memory: Memory | None,
    tell: Callable[[str], None],
) -> bytes | None:
    """The secret that the state keeps, or a new one where it is to keep one.

    Raises:
        PlannerError: the events need a key, and nothing can keep one.
    """
    if options.key is not None:
        return None
    if state is not None and state.key is not None:
        return state.key
    if options.level is not Level.BUSY:
        return None
    if memory is not None and memory.keyed is False:
        tell(
            f"warning: {update_options.output}: its events were made without a key, so who guesses"
            " a participant's code can recognise them; those of a new calendar would have one"
        )
        return None
    if update_options.state is None:
        raise PlannerError(
            f"{argument('level', 'busy')}: without a key, who guesses a participant's code could"
            f" recognise the events; give a file with a secret with {argument('key_file')}, or"
            f" write to a file with {argument('output')} and let its state file keep a key"
        )
    return secrets.token_bytes(32)


def _check_study(update_options: UpdateOptions, options: CalendarOptions, state: State) -> None:
    names = {
        Identities(study, options.key).uid_of("", "", None, "study")
        for study in update_options.studies
    }
    if names.isdisjoint(state.studies):
        raise PlannerError(
            f"{state.path}: is of another study, or of events that were made with another key; name"
            f" another output, or add {argument('replace', True)} to write this study there."
            " Nothing was changed"
        )


class United:
    """A memory that knows owners, such as a state, with that of a calendar, which does not.

    A state that is not of the calendar beside it may be the older of the two (restored from a
    backup), or the newer one (a crash, a calendar that was put back), for each event another. So
    neither is believed as a whole: SEQUENCE and DTSTAMP go on from the larger of both, and what an
    event said is what the later of the two says.
    """

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

    def unchanged(self, owner: BlockKey, digest: str, count: int) -> KeptBlock | None:  # noqa: ARG002
        """Nothing: only a state alone tells it."""
        return None

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
