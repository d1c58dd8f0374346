"""The file beside a calendar that remembers what it last said, so that changes can be counted.

Text, one line an event, in blocks of one participant each. It tells no more than the calendar at
its level does: UIDs, revision numbers, dates, statuses, a digest of the event's bytes and its
summary. Whose a block is it tells by two UIDs, made as those of events are.

    planner calendar state 1
    level coded
    of calendar
    participant 0fc2... study 8a01... file plan 77d0...
      5b0e... 2 2027-02-01T00:00:00Z CONFIRMED 2027-01-11T08:00:00Z 2027-01-11T10:00:00Z - visit 1f2e3d4c5b6a7988 P0001 V01
    calendar 3fd8...
    end 57 e01b...

The digest behind ``plan`` is of all events that were planned, as written for the first time: where
it is the same at the next export, that has nothing to compare event by event, and the participant's
lines stay as they are. Where it is missing nothing is known of the plan.

The last two lines hold the SHA-256 of what it belongs to (see `planner.formats.ical.target`; ``-`` where
that is not known) and that of the lines above, which tells a file that was cut off or edited;
``of`` says what it is the state of: a ``calendar``, single ``objects``, or calendars by
participant, site, role or room. A line ``key`` may follow it, with the secret that UIDs were made
with where none was given: who has that line can recognise the events of guessed codes. Reading
builds an index of the blocks, about 300 bytes a participant; their lines are read when the
participant's turn comes.
"""  # noqa: E501 - the line of an event is as long as that

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import BinaryIO

from planner.errors import PlannerError, argument
from planner.formats.ical.categories import OF_PARTICIPANTS
from planner.formats.ical.event import Recurrence
from planner.formats.ical.identity import is_keyed
from planner.formats.ical.options import Level
from planner.formats.ical.revision import (
    MAX_REVISIONS,
    UNKNOWN,
    BlockKey,
    KeptBlock,
    Remembered,
    code_of,
)
from planner.formats.ical.text import escape
from planner.limits import MAX_LINE, MAX_PARTICIPANTS, MAX_VALUES, too_long, too_many

_TITLE = "planner calendar state 1"
_UID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_INSTANT = f"{_DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}Z"
_PARTICIPANT = re.compile(
    f"participant ({_UID}|-) study ({_UID}|-) file(?: ([A-Za-z0-9_-]{{1,80}}[.]ics))?"
    "(?: plan ([0-9a-f]{32}))?".encode()
)
_REVISION = re.compile(f"^  {_UID} ([0-9]{{1,10}}) ({_INSTANT}) ".encode(), re.MULTILINE)
_NEXT_HEAD = re.compile(rb"\n(?! {2}).")
_PIECE = 1 << 20
_ENTRY = re.compile(
    rf"  ({_UID}) ([0-9]{{1,10}}) ({_INSTANT}) (TENTATIVE|CONFIRMED|CANCELLED)"
    rf" ({_INSTANT}|{_DAY}) ({_INSTANT}|{_DAY}|-) (-|[0-9]{{1,6}}d x [0-9]{{1,6}})"
    r" (visit|window|item|task|reminder|appointment|home-task) ([0-9a-f]{16})(?: (.*))?",
    re.DOTALL,
)
_CATEGORIES = {
    "visit": "Study visit",
    "window": "Study window",
    "item": "Run sheet",
    "task": "Study task",
    "reminder": "Reminder",
    "appointment": OF_PARTICIPANTS["Study visit"],
    "home-task": OF_PARTICIPANTS["Study task"],
}
_SLUGS = {category: slug for slug, category in _CATEGORIES.items()}
SUBJECTS = ("calendar", "objects", "participant", "site", "role", "room")
"""What a state can be of: one calendar, single objects, or calendars by one of the others."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class StateError(PlannerError):
    """A file that is no state of a calendar, or not a whole one."""


class State:
    """A state file that is open for reading; its blocks are taken one participant at a time.

    Attributes:
        path: the file's.
        level: how much it says.
        of: one of `SUBJECTS`.
        calendar: the digest of what it belongs to.
        key: the secret that it keeps for UIDs, if any.
    """

    def __init__(self, path: str, file: BinaryIO) -> None:
        """Reads the index of a file that stays open as long as this is used.

        Raises:
            StateError: it is no state file, or not whole, or was edited.
        """
        self.path = path
        self._file = file
        self._index: dict[BlockKey, tuple[int, int, bytes]] = {}
        self.calendar = self.of = ""
        self.key: bytes | None = None
        self.level = self._read()
        nobodys = [owner for owner in self._index if owner.participant == UNKNOWN]
        self._strays = {owner.file: self._block(*self._index.pop(owner)[:2]) for owner in nobodys}
        self._people = {(owner.study, owner.participant) for owner in self._index}
        self.again()

    @property
    def studies(self) -> frozenset[str]:
        """UIDs of the studies of which it holds participants."""
        return frozenset(study for study, _ in self._people)

    @property
    def keyed(self) -> bool | None:
        """See `planner.formats.ical.revision.Memory`."""
        if self.key is not None:
            return True
        uids = [participant for _, participant in self._people]
        uids += [uid for strays in self._strays.values() for uid in strays]
        return any(map(is_keyed, uids)) if uids else None

    def again(self) -> None:
        """See `planner.formats.ical.revision.Memory`."""
        self._left = dict(self._index)
        self._left_strays = {file: dict(strays) for file, strays in self._strays.items()}

    def knows(self, owner: BlockKey, uids: Collection[str]) -> bool:
        """See `planner.formats.ical.revision.Memory`."""
        if (owner.study, owner.participant) in self._people:
            return True
        return any(not strays.keys().isdisjoint(uids) for strays in self._strays.values())

    def take(self, owner: BlockKey, uids: Collection[str], code: str) -> dict[str, Remembered]:
        """See `planner.formats.ical.revision.Memory`."""
        place = self._left.pop(owner, None)
        entries = {} if place is None else self._block(*place[:2])
        strays = self._left_strays.get(owner.file, {})
        own = [
            uid
            for uid, entry in strays.items()
            if uid in uids or self.of == "participant" or code_of(entry) == code
        ]
        return entries | {uid: strays.pop(uid) for uid in own}

    def unchanged(self, owner: BlockKey, digest: str, count: int) -> KeptBlock | None:
        """See `planner.formats.ical.revision.Memory`."""
        place = self._left.get(owner)
        if place is None or place[2] != digest.encode() or self._left_strays.get(owner.file):
            return None
        begin, end, _ = place
        self._file.seek(begin)
        lines = self._file.read(end - begin)
        written = _REVISION.findall(lines)
        read = {
            (number, changed): (int(number), _read_instant(changed.decode()))
            for number, changed in set(written)
        }
        revisions = [read[revision] for revision in written]
        if not len(revisions) == count == lines.count(b"\n"):
            return None
        del self._left[owner]
        return KeptBlock(lines, revisions)

    def rest(self) -> Iterator[tuple[BlockKey, dict[str, Remembered]]]:
        """See `planner.formats.ical.revision.Memory`."""
        for owner, place in self._left.items():
            yield owner, self._block(*place[:2])
        for file, strays in self._left_strays.items():
            if strays:
                yield BlockKey(UNKNOWN, UNKNOWN, file), dict(strays)

    def _refuse(self, number: int, message: str) -> StateError:
        return StateError(
            f"{self.path}:{number}: {message}; restore it, or go on with"
            f" {argument('previous', 'CALENDAR')}, or remove it to number anew"
        )

    def _read(self) -> Level:
        """The level of the state; fills the index."""
        whole = hashlib.sha256()
        place = number = entries = 0
        parts = self._parts()

        def part() -> bytes:
            """The next line, or lines of events, with what ends it."""
            nonlocal place, number
            data = next(parts, b"")
            number += max(1, data.count(b"\n"))
            if not data.endswith(b"\n"):
                message = "this is not a whole state of a calendar"
                if len(data) > MAX_LINE:
                    message += f": {too_long(MAX_LINE, 'the line', 'bytes')}"
                raise self._refuse(number, message)
            place += len(data)
            return data

        def line() -> bytes:
            data = part()
            whole.update(data)
            return data[:-1]

        def known(data: bytes, pattern: str) -> str:
            match = re.fullmatch(pattern.encode(), data)
            if match is None:
                raise self._refuse(number, "this is not a state of a calendar")
            return match[match.lastindex or 0].decode()

        known(line(), _TITLE)
        level = Level(known(line(), f"level ({'|'.join(Level)})"))
        self.of = known(line(), f"of ({'|'.join(SUBJECTS)})")
        data = line()
        if data.startswith(b"key "):
            self.key = bytes.fromhex(known(data, "key ((?:[0-9a-f]{2}){16,64})"))
            data = line()
        while (match := _PARTICIPANT.fullmatch(data)) is not None:
            participant, study, file, digest = match.groups(b"")
            owner = BlockKey(study.decode(), participant.decode(), file.decode())
            if owner in self._index or bool(file) != (self.of not in SUBJECTS[:2]):
                raise self._refuse(number, "this block has no place here")
            if len(self._index) >= MAX_PARTICIPANTS:
                raise self._refuse(number, too_many(MAX_PARTICIPANTS, "participants"))
            begun, before = place, entries
            while (data := part()).startswith(b"  "):
                whole.update(data)
                entries += data.count(b"\n")
                if entries - before > MAX_VALUES:
                    raise self._refuse(number, too_many(MAX_VALUES, "events of one participant"))
            self._index[owner] = (begun, place - len(data), digest)
            whole.update(data)
            data = data[:-1]
        self.calendar = known(data, "calendar ([0-9a-f]{64}|-)")
        last_line = f"end {entries} {whole.hexdigest()}\n".encode()
        if part() != last_line or next(parts, b""):
            raise self._refuse(number, "this state was cut off or edited")
        return level

    def _parts(self) -> Iterator[bytes]:
        """The file's lines: those of events as many at a time as follow each other, all others
        one by one. The last part may end without the end of a line."""
        self._file.seek(0)
        rest = b""
        while piece := self._file.read(_PIECE):
            data = rest + piece
            at, end = 0, data.rfind(b"\n") + 1
            while at < end:
                if data.startswith(b"  ", at):
                    head = _NEXT_HEAD.search(data, at, end)
                    stop = end if head is None else head.start() + 1
                else:
                    stop = data.index(b"\n", at) + 1
                yield data[at:stop]
                at = stop
            rest = data[end:]
            if len(rest) > MAX_LINE:
                break
        if rest:
            yield rest

    def _block(self, begin: int, end: int) -> dict[str, Remembered]:
        self._file.seek(begin)
        data = self._file.read(end - begin)
        entries_by_uid: dict[str, Remembered] = {}
        for line in data.split(b"\n")[:-1]:
            try:
                entry = _read_entry(line.decode())
            except (ValueError, OverflowError):
                self._file.seek(0)
                number = self._file.read(begin).count(b"\n") + len(entries_by_uid) + 1
                raise self._refuse(number, "this is not a line of an event") from None
            if entry.uid in entries_by_uid:
                raise StateError(f"{self.path}: event {entry.uid} stands twice")
            entries_by_uid[entry.uid] = entry
        return entries_by_uid


class StateWriter:
    """Writes a state file, block after block; nothing is kept in memory."""

    def __init__(self, out: BinaryIO, level: Level, of: str, key: bytes | None = None) -> None:
        """Begins a state; `key` is the secret that it is to keep."""
        self._out = out
        self._whole = hashlib.sha256()
        self._entries = 0
        kept = "" if key is None else f"key {key.hex()}\n"
        self._write(f"{_TITLE}\nlevel {level}\nof {of}\n{kept}")

    def add(self, owner: BlockKey, entries: Iterable[Remembered], digest: str = "") -> None:
        """See `planner.formats.ical.revision.Sink`."""
        lines = [_entry_line(entry) for entry in entries]
        if lines:
            self._block(owner, digest, len(lines), "".join(lines).encode())

    def keep(self, owner: BlockKey, block: KeptBlock, digest: str) -> None:
        """See `planner.formats.ical.revision.Sink`."""
        self._block(owner, digest, len(block.revisions), block.lines)

    def _block(self, owner: BlockKey, digest: str, count: int, lines: bytes) -> None:
        self._entries += count
        file = f" {owner.file}" if owner.file else ""
        plan = f" plan {digest}" if digest else ""
        self._write(f"participant {owner.participant} study {owner.study} file{file}{plan}\n")
        self._write(lines)

    def close(self, calendar: str) -> None:
        """Writes the end; `calendar` is the digest of what it belongs to, or ``-``."""
        self._write(f"calendar {calendar}\n")
        self._out.write(f"end {self._entries} {self._whole.hexdigest()}\n".encode())

    def _write(self, text: str | bytes) -> None:
        data = text.encode() if isinstance(text, str) else text
        self._whole.update(data)
        self._out.write(data)


def _entry_line(entry: Remembered) -> str:
    every = entry.recurrence
    repeat = "-" if every is None else f"{every.every_days}d x {every.count}"
    end = "-" if entry.end is None else _moment_text(entry.end)
    summary = f" {escape(entry.summary)}" if entry.summary else ""
    return (
        f"  {entry.uid} {entry.sequence} {_moment_text(entry.changed)} {entry.status}"
        f" {_moment_text(entry.start)} {end} {repeat} {_SLUGS[entry.category]} {entry.digest}"
        f"{summary}\n"
    )


@lru_cache(maxsize=8192)
def _moment_text(moment: date) -> str:
    if isinstance(moment, datetime):
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z".rjust(20, "0")
    return moment.isoformat()


def _read_entry(line: str) -> Remembered:
    match = _ENTRY.fullmatch(line)
    if match is None:
        raise ValueError(line)
    uid, number, changed, status, start, end, repeat, slug, digest, summary = match.groups()
    recurrence = None
    if repeat != "-":
        every, _, count = repeat.partition("d x ")
        recurrence = Recurrence(int(every), int(count))
    entry = Remembered(
        uid,
        int(number),
        _read_instant(changed),
        status,
        _read_moment(start),
        None if end == "-" else _read_moment(end),
        recurrence,
        _CATEGORIES[slug],
        digest,
        _ESCAPED.sub(lambda match: "\n" if match[1] == "n" else match[1], summary or ""),
    )
    return validated(entry)


def validated(entry: Remembered) -> Remembered:
    """The entry, if a calendar can have said that of an event.

    Raises:
        ValueError: it cannot.
    """
    start, end = entry.start, entry.end
    for moment in (start, end, entry.changed):
        if moment is not None and not 1900 <= moment.year <= 9000:
            raise ValueError("no such year")
    if end is not None and (isinstance(start, datetime) != isinstance(end, datetime)):
        raise ValueError("a date and an instant")
    if end is not None and not start < end:
        raise ValueError("ends before it starts")
    if entry.sequence > MAX_REVISIONS:
        raise ValueError("revised too often")
    if entry.recurrence is not None and not (
        entry.recurrence.every_days > 0 and entry.recurrence.count > 1
    ):
        raise ValueError("no repetition")
    return entry


@lru_cache(maxsize=8192)
def _read_moment(text: str) -> date:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def _read_instant(text: str) -> datetime:
    moment = _read_moment(text)
    assert isinstance(moment, datetime), "an instant has a time"
    return moment
