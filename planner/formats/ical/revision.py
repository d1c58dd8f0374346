"""How events change from one export to the next: SEQUENCE, DTSTAMP and what becomes of the dropped.

An event has changed if any of its bytes has, but for the three properties that say so. SEQUENCE
grows by one when its start, end, repetition or status differs (RFC 5545 3.8.7.4, RFC 5546 2.1.4)
and never falls; DTSTAMP and LAST-MODIFIED move with every change, to the stamp of the export or, if
that is no later than the former one, on from there: never to the time of the clock. By how many
seconds past it, up to an hour, depends on the event, so that two changes of the same event on the
same date, by two people who each have a copy, have two stamps. An event that has not changed keeps
all three properties, and so its bytes.

Where nothing is remembered of participants under way, earlier exports may have been forgotten.
Their events begin at the number of days from 2000-01-01 to the date on which the record last
changed: no forgotten SEQUENCE is above that, unless an event changed more than once a day.

An event that is no longer planned stays, as STATUS:CANCELLED, until a year after its end. Then it
leaves the calendar; its number is remembered for good, lest it begin anew.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple, Protocol

from planner.errors import PlannerError
from planner.formats.ical.categories import OF_PARTICIPANTS, cancelled_title, category_at
from planner.formats.ical.event import Details, Event, Recurrence
from planner.formats.ical.events import Events, stamp_of
from planner.formats.ical.identity import event_name
from planner.formats.ical.options import CalendarOptions, Level
from planner.formats.ical.writer import Writer, instant_text
from planner.timeline.model import Timeline

KEPT_CANCELLED = timedelta(days=366)
"""How long after its end a dropped event stays in the calendar."""
MAX_REVISIONS = 2**31 - 1
"""The largest SEQUENCE: an INTEGER of RFC 5545 3.3.8."""
_SECOND, _APART = timedelta(seconds=1), 3600
_DAY_ZERO = date(2000, 1, 1)
_STAMPS = re.compile(rb"(?:DTSTAMP|LAST-MODIFIED|SEQUENCE):[^\r\n]*\r\n")
_BUSY_SUMMARY = {
    "Study window": "Study visit window",
    "Study task": "Study task",
    "Reminder": "Study task",
}
_BUSY_TITLES = ("Study visit", *_BUSY_SUMMARY.values())
BUSY_SUMMARIES = frozenset({*_BUSY_TITLES, *(f"{title} (cancelled)" for title in _BUSY_TITLES), ""})
"""All that summaries say at level busy; empty where one may not be told."""


class Remembered(NamedTuple):
    """What a calendar last said of one event, and nothing that it did not say.

    ``start`` and ``end`` are dates or instants in UTC; ``digest`` is of the event's bytes without
    the properties that count its changes. ``summary`` is empty where it may not be told any more.
    """

    uid: str
    sequence: int
    changed: datetime
    status: str
    start: date
    end: date | None
    recurrence: Recurrence | None
    category: str
    digest: str
    summary: str


class KeptBlock(NamedTuple):
    """What was remembered of a participant and still holds.

    ``lines`` are as they stand in the state file; ``revisions`` are each event's SEQUENCE and when
    it last changed, in the order of the events.
    """

    lines: bytes
    revisions: Sequence[tuple[int, datetime]]


class BlockKey(NamedTuple):
    """Whose events they are, in which file of a set: two UIDs, as unreadable as those of events.

    ``file`` is empty where there is one file only. ``UNKNOWN`` stands for a study or participant
    of which a calendar alone does not tell.
    """

    study: str
    participant: str
    file: str = ""


UNKNOWN = "-"


WriterOf = Callable[[str], Writer]
"""Gives the writer of a file of the set, which is asked for only if something is to be written."""


class Memory(Protocol):
    """What the former export said: a state file, or the former calendar itself."""

    @property
    def level(self) -> Level | None:
        """How much it says; ``None`` where its parts differ."""

    @property
    def keyed(self) -> bool | None:
        """Whether its UIDs were made with a key; ``None`` where it has none."""

    def knows(self, owner: BlockKey, uids: Collection[str]) -> bool:
        """Whether it holds a participant under that study, whose events may be ``uids``.

        Args:
            owner: study and participant, and which file of a set.
            uids: of the events that the participant has now.
        """

    def take(self, owner: BlockKey, uids: Collection[str], code: str) -> dict[str, Remembered]:
        """What is remembered of a participant, by UID, once.

        Args:
            owner: whose, and in which file.
            uids: known to be theirs.
            code: the participant's.
        """

    def unchanged(self, owner: BlockKey, digest: str, count: int) -> "KeptBlock | None":
        """What is remembered of a participant of whom nothing has changed; it is taken with that.

        Args:
            owner: whose, and in which file.
            digest: of all events that the participant has now, by `plan_digest`.
            count: how many these are.

        Returns:
            ``None`` where anything else is remembered, or nothing.
        """

    def rest(self) -> Iterator[tuple[BlockKey, dict[str, Remembered]]]:
        """What nobody has taken, in the order of the former export; to be asked once."""

    def again(self) -> None:
        """Forgets what has been taken."""


class Sink(Protocol):
    """Where what is to be remembered goes."""

    def add(self, owner: BlockKey, entries: Iterable[Remembered], digest: str = "") -> None:
        """Takes all that is remembered of one participant.

        Args:
            owner: study and participant, and which file of a set.
            entries: of all their events, cancelled ones too, each UID once.
            digest: of the events that are planned, by `plan_digest`; empty where none are.
        """

    def keep(self, owner: BlockKey, block: "KeptBlock", digest: str) -> None:
        """Takes what was remembered before, as it was."""


class NoMemory:
    """The memory of a first export."""

    level = None
    keyed = None

    def knows(self, owner: BlockKey, uids: Collection[str]) -> bool:  # noqa: ARG002
        """Nobody is known."""
        return False

    def take(self, owner: BlockKey, uids: Collection[str], code: str) -> dict[str, Remembered]:  # noqa: ARG002
        """Nothing."""
        return {}

    def unchanged(self, owner: BlockKey, digest: str, count: int) -> KeptBlock | None:  # noqa: ARG002
        """Nothing."""
        return None

    def rest(self) -> Iterator[tuple[BlockKey, dict[str, Remembered]]]:
        """Nothing."""
        return iter(())

    def again(self) -> None:
        """Does nothing, as nothing can be taken."""


class Revised(NamedTuple):
    """An event as it is written now, its bytes, and what was remembered of it.

    ``changed`` is false where nothing but what it says now was said before.
    """

    event: Event
    data: bytes
    before: Remembered | None
    changed: bool


class RevisedEvents(NamedTuple):
    """The events of a timeline, and those that it no longer has, with the bytes of each."""

    events: list[Event]
    data: list[bytes]
    changed: list[Revised]


def without_revision(data: bytes) -> bytes:
    """A VEVENT's bytes without DTSTAMP, LAST-MODIFIED and SEQUENCE.

    Only whole lines of their own are taken: a folded line goes on with a space.
    """
    return b"".join(line for line in data.splitlines(keepends=True) if not _STAMPS.fullmatch(line))


def digest(data: bytes) -> str:
    """Sixteen digits that two different events do not share by accident."""
    return hashlib.sha256(data).hexdigest()[:16]


def plan_digest(texts: Iterable[str], stamp: datetime) -> str:
    """Of all events of a plan, as they would be written for the first time: 32 digits.

    Args:
        texts: of the events, in their order.
        stamp: of all of them; when that is, makes no difference.
    """
    return hashlib.sha256("".join(texts).replace(stamps(stamp), "").encode()).hexdigest()[:32]


def stamps(moment: datetime) -> str:
    """The two lines on when an event last changed."""
    return f"DTSTAMP:{(text := instant_text(moment))}\r\nLAST-MODIFIED:{text}\r\n"


def revise(
    event: Event, data: bytes, before: Remembered | None, first: int = 0
) -> tuple[Event, bytes, Remembered, bool]:
    """An event with the revision that its past gives it.

    Args:
        event: as it would be written for the first time; its stamp is that of this export.
        data: its bytes, by `planner.formats.ical.writer`.
        before: what was remembered of it.
        first: the SEQUENCE of an event of which nothing is remembered.

    Returns:
        The event and its bytes as they are to be written, what to remember of it, and whether it
        has changed.

    Raises:
        PlannerError: it has been revised as often as a calendar can count.
    """
    # The writer puts the two stamps behind the summary, each of a fixed length: in UTC.
    begin = data.index(b"\r\nDTSTAMP:") + 2
    end = begin + 58
    count = data.index(b"\r\nSEQUENCE:", end) + 2
    after = data.index(b"\r\n", count) + 2
    same = digest(data[:begin] + data[end:count] + data[after:])
    details = event.details
    sequence, stamp, changed = first, details.stamp, True
    now = _entry(event, sequence, stamp, same)
    if before is not None:
        sequence, stamp, changed = before.sequence, before.changed, before.digest != same
        if changed:
            sequence += scheduling_key(now) != scheduling_key(before)
            apart = timedelta(seconds=int(same, 16) % _APART)
            stamp = max(details.stamp, stamp + _SECOND) + apart
        if sequence > MAX_REVISIONS:
            raise PlannerError(f"event {event.uid} has been revised more often than can be counted")
    if (sequence, stamp) != (details.sequence, details.stamp):
        number = f"SEQUENCE:{sequence}\r\n".encode()
        data = data[:begin] + stamps(stamp).encode() + data[end:count] + number + data[after:]
        event = event._replace(details=details._replace(stamp=stamp, sequence=sequence))
        now = now._replace(sequence=sequence, changed=stamp)
    return event, data, now, changed


def _entry(event: Event, sequence: int, stamp: datetime, same: str) -> Remembered:
    details = event.details
    return Remembered(
        event.uid,
        sequence,
        stamp,
        details.status,
        _in_utc(details.start),
        None if details.end is None else _in_utc(details.end),
        details.recurrence,
        details.category,
        same,
        event.summary,
    )


def scheduling_key(entry: Remembered) -> tuple[object, ...]:
    """What SEQUENCE counts the changes of."""
    return (entry.start, entry.end, entry.recurrence, entry.status)


def _in_utc(moment: date) -> date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment


def cancelled(
    entry: Remembered, stamp: datetime, options: CalendarOptions, *, same_level: bool
) -> Event:
    """The event that a dropped one becomes: its time and its name, in UTC, and no more.

    Args:
        entry: what was remembered of it.
        stamp: of this export.
        options: of this calendar, with how much it says.
        same_level: whether what is remembered was said at the same level.
    """
    title = entry.summary if same_level else ""
    is_new = not title or entry.status != "CANCELLED"
    if options.level is Level.PARTICIPANT and options.words is not None:
        title = title or options.words.visit
    title = title or _BUSY_SUMMARY.get(entry.category, "Study visit")
    secrecy = "CONFIDENTIAL" if options.level is Level.STAFF else "PRIVATE"
    return Event(
        entry.uid,
        cancelled_title(title, options) if is_new else title,
        Details(
            stamp,
            entry.start,
            entry.end,
            "CANCELLED",
            opaque=False,
            classification=secrecy,
            category=category_at(options.level, entry.category),
            recurrence=entry.recurrence,
        ),
    )


class Revisions:
    """Numbers the changes of many timelines against what is remembered, one after another.

    Memory does not grow with the participants beyond what `Memory` takes.

    Attributes:
        recognises_any: whether anything was remembered of any of the timelines so far.
        gone: the participants whose events `rest` has cancelled, since this export is of everybody
            and not of them: by their codes, or by UIDs where nothing tells those.
        kept: by file and participant, as ``gone`` names them, the UIDs of the events that stay as
            they are, since `keep` says so; complete after `rest`.
    """

    def __init__(
        self,
        options: CalendarOptions,
        events: Events,
        memory: Memory,
        sink: Sink | None = None,
        *,
        whole: bool,
        under_way: bool = False,
    ) -> None:
        """Begin an export.

        Args:
            options: of the calendar.
            events: what makes the events, for its UIDs.
            memory: what was said before.
            sink: takes what is said now; ``None`` where nothing is to be remembered.
            whole: whether the timelines are of all participants, so that the events of any other
                one in the same study are cancelled; else those are remembered and left out.
            under_way: whether the timelines are of participants with records, of whom there may
                have been exports before.
        """
        self._options = options
        self._events = events
        self._memory = memory
        self._sink = sink
        self._whole = whole
        self._same_level = memory.level is options.level
        self._is_first = isinstance(memory, NoMemory)
        self._starts_high = self._is_first and under_way
        self._studies: dict[str, str] = {}
        self._kept: dict[str, str] = {}
        self._keeps_everybody = False
        self._seen: set[str] = set()
        self._left: dict[str, set[str]] = {}
        self.gone: set[str] = set()
        self.kept: dict[str, dict[str, set[str]]] = {}
        self.recognises_any = False

    def revise(self, timeline: Timeline, writer: Writer, file: str = "") -> RevisedEvents:
        """The events of one timeline, revised, and those that it no longer has.

        They keep the name of the study under which the participant's events began. Of a plan that
        is as it was no event is compared: all of them are what they were.

        Args:
            timeline: of a participant of whom there has been none in this export.
            writer: renders the events, and those that are cancelled.
            file: which of a set they go to; empty where there is one file.
        """
        timeline, events = self._as_begun(timeline)
        code, names = timeline.participant, (timeline.study_id, *timeline.former_ids)
        owners = [self._owner(name, code, file) for name in names]
        self._seen.update((code, *(owner.participant for owner in owners)))
        stamp = stamp_of(timeline, self._options)
        texts = writer.each(events)
        plan = plan_digest(texts, stamp)
        kept = None
        if self._same_level and len(owners) == 1:
            kept = self._memory.unchanged(owners[0], plan, len(events))
        if kept is not None:
            self.recognises_any = True
            if self._sink is not None:
                self._sink.keep(owners[0], kept, plan)
            return _kept(events, texts, kept.revisions)
        uids = {event.uid for event in events} | set(self._tracks(timeline))
        former: dict[str, Remembered] = {}
        for owner in owners:
            former |= self._memory.take(owner, uids, code)
        self.recognises_any = self.recognises_any or bool(former)
        first = 0
        if self._starts_high:
            first = max(0, ((timeline.changed or stamp.date()) - _DAY_ZERO).days)
        entries: list[Remembered] = []
        all_revised = [
            _revised(event, text.encode(), former.pop(event.uid, None), entries, first)
            for event, text in zip(events, texts, strict=True)
        ]
        all_revised += self._dropped(former, stamp, lambda _: writer, file, entries)
        if self._sink is not None:
            self._sink.add(owners[0], entries, plan)
        return RevisedEvents(
            [revised.event for revised in all_revised],
            [revised.data for revised in all_revised],
            [revised for revised in all_revised if revised.changed],
        )

    def keep(self, studies: Sequence[str], participant: str) -> None:
        """Says that a participant is among all, though there is no timeline for them now.

        Args:
            studies: all that calendars may know the study by.
            participant: the code.
        """
        owners = (self._owner(name, participant, "") for name in studies)
        keys = (participant, *(owner.participant for owner in owners))
        self._kept.update(dict.fromkeys(keys, participant))

    def keep_everybody(self) -> None:
        """Says that anybody of the study may be among all, since not all could be read."""
        self._keeps_everybody = True

    def rest(self, writer_of: WriterOf) -> Iterator[tuple[str, Revised]]:
        """The dropped events of participants that are no longer there, each with its file.

        What belongs to others than those of this export is remembered as it is; `left_out` tells
        of it.
        """
        for owner, former in self._memory.rest():
            entries: list[Remembered] = []
            for key, own in _by_participant(owner, former).items():
                who = next(filter(None, (code_of(entry) for entry in own.values())), key)
                if self._is_cancelled(owner, key, own):
                    if key not in self._seen and not _all_cancelled(own):
                        self.gone.add(who)
                    stamp = self._options.stamp
                    for revised in self._dropped(own, stamp, writer_of, owner.file, entries):
                        yield owner.file, revised
                elif self._is_kept(owner, key):
                    self.recognises_any = True
                    people = self.kept.setdefault(owner.file, {})
                    people.setdefault(self._kept.get(key, who), set()).update(own)
                    entries += own.values()
                else:
                    self._left.setdefault(owner.file, set()).add(who)
                    entries += [self._without_summary(entry) for entry in own.values()]
            if self._sink is not None:
                self._sink.add(owner, entries)

    def left_out(self, files: Iterable[str]) -> set[str]:
        """The participants in the former form of these files and not in the new one, as `gone`."""
        return set().union(*(self._left.get(file, ()) for file in files))

    def _as_begun(self, timeline: Timeline) -> tuple[Timeline, list[Event]]:
        """The timeline with the study's name that memory has its participant under, and events."""
        names = (timeline.study_id, *timeline.former_ids)
        if len(names) == 1 or self._is_first:
            return timeline, self._events.events_of(timeline)
        for name in names:
            others = tuple(other for other in names if other != name)
            begun = replace(timeline, study_id=name, former_ids=others)
            events = self._events.events_of(begun)
            owner = self._owner(name, timeline.participant, "")
            if self._memory.knows(owner, {event.uid for event in events}):
                return begun, events
        return timeline, self._events.events_of(timeline)

    def _is_cancelled(self, owner: BlockKey, key: str, former: dict[str, Remembered]) -> bool:
        """Whether this export says that there is nothing of theirs any more."""
        if key in self._seen or self._is_kept(owner, key):
            return key in self._seen
        if owner.participant == UNKNOWN and _all_cancelled(former):
            return True  # nothing ties a dropped event to others, and it stays what it is
        return self._whole and self._is_of_study(owner)

    def _is_kept(self, owner: BlockKey, key: str) -> bool:
        """Whether events are, or may be, of a participant without a timeline."""
        if key in self._kept:
            return True
        is_anybody = self._keeps_everybody or (key == UNKNOWN and bool(self._kept))
        return is_anybody and self._whole and self._is_of_study(owner)

    def _is_of_study(self, owner: BlockKey) -> bool:
        return owner.study in (UNKNOWN, *self._studies.values())

    def _owner(self, study: str, participant: str, file: str) -> BlockKey:
        identities = self._events.identities(study)
        if study not in self._studies:
            self._studies[study] = identities.uid_of("", "", None, "study")
        return BlockKey(
            self._studies[study], identities.uid_of(participant, "", None, "participant"), file
        )

    def _tracks(self, timeline: Timeline) -> list[str]:
        """UIDs of tracks, which no other event names, though they may be left out this time."""
        names = [event_name(track.id, None, "track") for track in timeline.tracks]
        return self._events.identities(timeline.study_id).of_all(timeline.participant, names)

    def _dropped(
        self,
        former: dict[str, Remembered],
        stamp: datetime,
        writer_of: WriterOf,
        file: str,
        entries: list[Remembered],
    ) -> Iterator[Revised]:
        for entry in former.values():
            over = entry.end or entry.start
            day = over.date() if isinstance(over, datetime) else over
            if entry.status == "CANCELLED" and day + KEPT_CANCELLED < stamp.date():
                entries.append(self._without_summary(entry))
                continue
            event = cancelled(entry, stamp, self._options, same_level=self._same_level)
            yield _revised(event, writer_of(file).events([event]), entry, entries)

    def _without_summary(self, entry: Remembered) -> Remembered:
        """An entry without what was said at another level of privacy."""
        return entry if self._same_level else entry._replace(summary="")


def _revised(
    event: Event,
    data: bytes,
    before: Remembered | None,
    entries: list[Remembered],
    first: int = 0,
) -> Revised:
    event, data, entry, changed = revise(event, data, before, first)
    entries.append(entry)
    return Revised(event, data, before, changed)


def _kept(
    events: Sequence[Event], texts: Sequence[str], revisions: Sequence[tuple[int, datetime]]
) -> RevisedEvents:
    """Events that have not changed, with the revisions that they had."""
    kept: list[Event] = []
    data: list[bytes] = []
    for event, text, (sequence, changed) in zip(events, texts, revisions, strict=True):
        details = event.details
        if (sequence, changed) != (details.sequence, details.stamp):
            number = f"\r\nSEQUENCE:{details.sequence}\r\n"
            text = text.replace(stamps(details.stamp), stamps(changed), 1)
            text = text.replace(number, f"\r\nSEQUENCE:{sequence}\r\n", 1)
            event = event._replace(details=details._replace(sequence=sequence, stamp=changed))
        kept.append(event)
        data.append(text.encode())
    return RevisedEvents(kept, data, [])


def _by_participant(
    owner: BlockKey, former: dict[str, Remembered]
) -> dict[str, dict[str, Remembered]]:
    """The events of each participant: by the owner, else by the code that summaries begin with."""
    if owner.participant != UNKNOWN:
        return {owner.participant: former}
    entries: dict[str, dict[str, Remembered]] = {}
    for uid, entry in former.items():
        entries.setdefault(code_of(entry) or UNKNOWN, {})[uid] = entry
    return entries


def _all_cancelled(former: dict[str, Remembered]) -> bool:
    return all(entry.status == "CANCELLED" for entry in former.values())


def code_of(entry: Remembered) -> str:
    """The participant's code that an event's summary begins with; empty where it tells none."""
    if entry.summary in BUSY_SUMMARIES or entry.category in OF_PARTICIPANTS.values():
        return ""
    return entry.summary.partition(" ")[0]
