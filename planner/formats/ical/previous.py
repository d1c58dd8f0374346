"""Former calendars of ours as the memory of what they said, where no state tells it."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import BinaryIO, NamedTuple

from planner.errors import PlannerError
from planner.formats.ical.calendar import PRODID
from planner.formats.ical.categories import OF_PARTICIPANTS
from planner.formats.ical.event import Recurrence
from planner.formats.ical.identity import is_keyed
from planner.formats.ical.options import Level
from planner.formats.ical.revision import (
    BUSY_SUMMARIES,
    UNKNOWN,
    BlockKey,
    KeptBlock,
    Remembered,
    code_of,
    digest,
    without_revision,
)
from planner.formats.ical.state_file import validated
from planner.limits import MAX_CALENDAR, MAX_LINE, MAX_ROW, too_large, too_long
from planner.time.zone import known_zone

_LINE = re.compile(rb"([A-Z-]+)((?:;[A-Z-]+=(?:\"[^\"]*\"|[^\":;]*))*):(.*)", re.DOTALL)
_UID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile("([0-9]{8})(?:T([0-9]{6})(Z?))?")
_RULE = re.compile("FREQ=DAILY;COUNT=([0-9]{1,6})(?:;INTERVAL=([0-9]{1,6}))?")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CATEGORIES = (
    "Study visit", "Study window", "Run sheet", "Study task", "Reminder",
    *OF_PARTICIPANTS.values(),
)  # fmt: skip


class _Past(NamedTuple):
    entry: Remembered
    related: tuple[str, ...]


class Previous:
    """What former calendars said, all of it in memory: about a kilobyte an event.

    A calendar does not tell whose its events are. A participant's are those that this export would
    write again, those whose summaries begin with the same code, and all that RELATED-TO ties to
    them: windows and run sheets to their visits, and visits to one another by their timings.
    """

    def __init__(
        self, calendars: Iterable[tuple[str, str, BinaryIO]], *, by_participant: bool = False
    ) -> None:
        """Reads whole calendars.

        Args:
            calendars: of each its name in a set, its path and the file. The name is that of
                `planner.formats.ical.revision.BlockKey`, and is empty of one calendar and of
                objects that hold an event each.
            by_participant: whether each is of one participant.

        Raises:
            PlannerError: one is no calendar that was written here, with the line of what is wrong.
        """
        self._files: dict[str, _File] = {}
        self._by_participant = by_participant
        secret = busy = plain = 0
        for name, path, file in calendars:
            events = self._files.setdefault(name, _File()).events
            for number, data in _components(path, file):
                try:
                    past, is_secret = _read_event(data)
                except (ValueError, KeyError, OverflowError):
                    raise PlannerError(
                        f"{path}:{number}: this event was not written by `planner export`; its"
                        " revision cannot be read"
                    ) from None
                if past.entry.uid in events:
                    raise PlannerError(f"{path}:{number}: event {past.entry.uid} stands twice")
                events[past.entry.uid] = past
                secret += is_secret
                plain += past.entry.category in OF_PARTICIPANTS.values()
                busy += past.entry.summary in BUSY_SUMMARIES
        for remembered in self._files.values():
            remembered.tie()
        self.level = Level.CODED
        if secret or plain or busy:
            self.level = Level.STAFF if secret else Level.PARTICIPANT if plain else Level.BUSY
        self._left: dict[str, dict[str, _Past]] = {}
        self.again()

    @property
    def keyed(self) -> bool | None:
        """See `planner.formats.ical.revision.Memory`."""
        uids = [uid for file in self._files.values() for uid in file.events]
        return any(map(is_keyed, uids)) if uids else None

    def again(self) -> None:
        """See `planner.formats.ical.revision.Memory`."""
        self._left = {name: dict(file.events) for name, file in self._files.items()}

    def knows(self, owner: BlockKey, uids: Collection[str]) -> bool:  # noqa: ARG002
        """See `planner.formats.ical.revision.Memory`."""
        return any(not file.events.keys().isdisjoint(uids) for file in self._files.values())

    def take(self, owner: BlockKey, uids: Collection[str], code: str) -> dict[str, Remembered]:
        """See `planner.formats.ical.revision.Memory`."""
        file, left = self._files.get(owner.file), self._left.get(owner.file, {})
        if file is None:
            return {}
        own = list(left) if self._by_participant else file.own(uids, code)
        return {uid: left.pop(uid).entry for uid in own if uid in left}

    def unchanged(self, owner: BlockKey, digest: str, count: int) -> KeptBlock | None:  # noqa: ARG002
        """Nothing: only a state alone tells it."""
        return None

    def rest(self) -> Iterator[tuple[BlockKey, dict[str, Remembered]]]:
        """See `planner.formats.ical.revision.Memory`."""
        for name, left in self._left.items():
            if left:
                owner = BlockKey(UNKNOWN, UNKNOWN, name)
                yield owner, {uid: past.entry for uid, past in left.items()}


class _File:
    """The events of one file of a set, and what ties them."""

    def __init__(self) -> None:
        self.events: dict[str, _Past] = {}
        self._tied: dict[str, set[str]] = {}
        self._place: dict[str, int] = {}
        self._of_code: dict[str, str] = {}

    def tie(self) -> None:
        """Works out what belongs together, once all events are there."""
        self._place = {uid: place for place, uid in enumerate(self.events)}
        for uid, past in self.events.items():
            others = past.related
            if code := code_of(past.entry):
                others = (*others, self._of_code.setdefault(code, uid))
            for other in others:
                self._tied.setdefault(uid, set()).add(other)
                self._tied.setdefault(other, set()).add(uid)

    def own(self, uids: Collection[str], code: str) -> list[str]:
        """The events of a participant, in the order of the file: all that is tied to any of them.

        Args:
            uids: some of them.
            code: the participant's.
        """
        open_ends = [*uids, *filter(None, [self._of_code.get(code)])]
        own = set(open_ends)
        while open_ends:
            more = self._tied.get(open_ends.pop(), set()) - own
            own |= more
            open_ends += more
        return sorted(own & self._place.keys(), key=self._place.__getitem__)


def _components(path: str, file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The bytes of each VEVENT with the number of its first line."""
    ours = PRODID.encode()
    product = ended = False
    event: list[bytes] | None = None
    begun = number = read = size = 0
    while True:
        line = file.readline(MAX_LINE + 1)
        if not line:
            break
        number += 1
        read += len(line)
        size += len(line)
        if number == 1 and line != b"BEGIN:VCALENDAR\r\n":
            raise PlannerError(f"{path}: this is not a calendar")
        if read > MAX_CALENDAR:
            raise PlannerError(f"{path}: {too_large(MAX_CALENDAR)}")
        if len(line) > MAX_LINE:
            raise PlannerError(f"{path}:{number}: {too_long(MAX_LINE, 'the line', 'bytes')}")
        if not line.endswith(b"\r\n") or ended:
            raise PlannerError(f"{path}:{number}: this is not a calendar that was written here")
        if line == b"BEGIN:VEVENT\r\n":
            if not product or event is not None:
                raise PlannerError(
                    f"{path}: this calendar was not written by `planner export`; its events have"
                    " other identities"
                )
            event, begun, size = [], number, 0
        if event is not None:
            if size > MAX_ROW:
                raise PlannerError(f"{path}:{begun}: {too_long(MAX_ROW, 'the event', 'bytes')}")
            event.append(line)
            if line == b"END:VEVENT\r\n":
                yield begun, b"".join(event)
                event = None
        elif line == b"PRODID:" + ours + b"\r\n":
            product = True
        elif line == b"END:VCALENDAR\r\n":
            ended = True
    if not ended:
        raise PlannerError(f"{path}: this calendar is not whole")
    if not product:
        raise PlannerError(f"{path}: this calendar was not written by `planner export`")


def _read_event(data: bytes) -> tuple[_Past, bool]:
    values: dict[bytes, tuple[bytes, str]] = {}
    related = []
    inner = 0
    for line in data.replace(b"\r\n ", b"").split(b"\r\n")[1:-2]:
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(line)
        name, parameters, value = match[1], match[2], match[3].decode()
        inner += (name == b"BEGIN") - (name == b"END")
        if inner or name == b"END":
            continue
        if name == b"RELATED-TO":
            related.append(value)
        elif name in values:
            raise ValueError("twice")
        else:
            values[name] = (parameters, value)
    uid, status = values[b"UID"][1], values[b"STATUS"][1]
    category = _plain(values[b"CATEGORIES"][1])
    if (
        not _UID.fullmatch(uid)
        or status not in ("TENTATIVE", "CONFIRMED", "CANCELLED")
        or category not in _CATEGORIES
        or not re.fullmatch("[0-9]{1,10}", values[b"SEQUENCE"][1])
    ):
        raise ValueError("none of ours")
    changed = _moment(*values[b"DTSTAMP"])
    if not isinstance(changed, datetime):
        raise ValueError("a stamp is an instant")
    entry = Remembered(
        uid,
        int(values[b"SEQUENCE"][1]),
        changed,
        status,
        _moment(*values[b"DTSTART"]),
        _moment(*values[b"DTEND"]) if b"DTEND" in values else None,
        _recurrence(values[b"RRULE"][1]) if b"RRULE" in values else None,
        category,
        digest(without_revision(data)),
        _plain(values[b"SUMMARY"][1]),
    )
    return _Past(validated(entry), tuple(related)), values[b"CLASS"][1] == "CONFIDENTIAL"


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def _moment(parameters: bytes, text: str) -> date:
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    day = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    if match[2] is None:
        return day
    clock = match[2]
    moment = datetime(  # noqa: DTZ001 - its zone follows
        day.year, day.month, day.day, int(clock[:2]), int(clock[2:4]), int(clock[4:])
    )
    if match[3]:
        return moment.replace(tzinfo=UTC)
    if not parameters.startswith(b";TZID="):
        raise ValueError("a time of no zone")
    zone = known_zone(parameters[6:].decode().strip('"'))
    if zone is None:
        raise ValueError("no such zone")
    return moment.replace(tzinfo=zone).astimezone(UTC)


def _recurrence(text: str) -> Recurrence:
    match = _RULE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return Recurrence(int(match[2] or 1), int(match[1]))
