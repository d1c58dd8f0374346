"""One calendar per participant, site, role or room: what goes where, and safe file names."""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import BinaryIO, NamedTuple

from planner.formats.ical.calendar import CalendarFile, Former, OnChange, keep_former
from planner.formats.ical.events import Events
from planner.formats.ical.options import CalendarOptions
from planner.formats.ical.privacy import neutral_id, neutral_staff
from planner.formats.ical.revision import Revisions
from planner.timeline.model import DatedItem, DatedVisit, Timeline


class Split(StrEnum):
    """What each calendar of a set is about."""

    PARTICIPANT = "participant"
    SITE = "site"
    ROLE = "role"
    ROOM = "room"


class CalendarPart(NamedTuple):
    """One calendar of a set: its key, and the timeline with only what belongs to it.

    ``key`` is a participant's code or the id of a site, role or room.
    """

    key: str
    timeline: Timeline


def parts(timeline: Timeline, by: Split) -> list[CalendarPart]:
    """What of a timeline goes into which calendar, by key in order.

    A role's calendar has the visits and the items of run sheets that name the role (items that name
    nobody go with their visit), and the reminders that name it; a room's has the visits in that
    kind of room. Neither has tracks, as nobody there needs a diary, nor unscheduled visits, of
    which neither is recorded. A visit without staff or room is in no such calendar. Keys tell
    nothing of what the study is about: roles that only a telling part keeps apart
    (`mdma-therapist`) share a calendar.

    Args:
        timeline: of one participant.
        by: what each calendar is of; a key is a participant's code, or the id of a site, role or
            room.
    """
    telling = timeline.telling
    match by:
        case Split.PARTICIPANT:
            return [CalendarPart(timeline.participant, timeline)]
        case Split.SITE:
            return [CalendarPart(neutral_id(timeline.site_id, telling, "site"), timeline)]
        case Split.ROLE:
            roles = {role for visit in timeline.visits for role in _roles(visit, telling)}
            role_of = {
                reminder.role: neutral_id(reminder.role, telling, "role")
                for reminder in timeline.reminders
                if reminder.role is not None
            }
            roles.update(role_of.values())
            return [
                CalendarPart(
                    role,
                    replace(
                        timeline,
                        tracks=(),
                        unscheduled=(),
                        reminders=tuple(
                            reminder
                            for reminder in timeline.reminders
                            if reminder.role is not None and role_of[reminder.role] == role
                        ),
                        visits=tuple(
                            _for_role(visit, role, telling)
                            for visit in timeline.visits
                            if role in _roles(visit, telling)
                        ),
                    ),
                )
                for role in sorted(roles)
            ]
        case Split.ROOM:
            room_of = {
                visit.room: neutral_id(visit.room, telling, "room")
                for visit in timeline.visits
                if visit.room is not None
            }
            return [
                CalendarPart(
                    room,
                    replace(
                        timeline,
                        tracks=(),
                        unscheduled=(),
                        reminders=(),
                        visits=tuple(
                            visit
                            for visit in timeline.visits
                            if visit.room is not None and room_of[visit.room] == room
                        ),
                    ),
                )
                for room in sorted(set(room_of.values()))
            ]


def _named(staff: tuple[tuple[str, int], ...], telling: frozenset[str]) -> set[str]:
    return {role for role, count in neutral_staff(staff, telling) if count}


def _roles(visit: DatedVisit, telling: frozenset[str]) -> set[str]:
    items = (_named(item.staff, telling) for item in visit.run_sheet)
    return _named(visit.staff, telling).union(*items)


def _for_role(visit: DatedVisit, role: str, telling: frozenset[str]) -> DatedVisit:
    def concerns(item: DatedItem) -> bool:
        return not item.staff or role in _named(item.staff, telling)

    if all(map(concerns, visit.run_sheet)):
        return visit
    return replace(visit, run_sheet=tuple(filter(concerns, visit.run_sheet)))


# Names that Windows keeps for devices, with any suffix.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def file_name(key: str, by: Split) -> str:
    """The name of a part's file: different keys have different names, on every file system.

    Only ASCII letters, digits, ``-`` and ``_`` remain of a key, at most 48. A key that is not
    already in that form, in lower case (a participant's code: in capitals), is told apart by eight
    digits of its hash.

    Args:
        key: of a part, as `parts` names it: any text.
        by: what the part is of; all but participants' files begin with its name.
    """
    stem = re.sub(r"[^A-Za-z0-9]+", lambda run: "_" if run[0] == "_" else "-", key).strip("-_")[:48]
    stem = stem.upper() if by is Split.PARTICIPANT else stem.lower()
    if stem != key or _RESERVED.fullmatch(stem):
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        stem = f"{stem}-{digest}" if stem else digest
    return f"{stem}.ics" if by is Split.PARTICIPANT else f"{by.value}-{stem}.ics"


_OBJECT = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OF_PARTICIPANT = re.compile("[^a-z]+(-[0-9a-f]{8})?|[0-9a-f]{8}")


def subject_of(name: str) -> str:
    """What a calendar of a folder is of, by the name that it was given there.

    One of `planner.formats.ical.state_file.SUBJECTS`; ``calendar`` of any other name.
    """
    stem = name.removesuffix(".ics")
    if _OBJECT.fullmatch(stem):
        return "objects"
    if _OF_PARTICIPANT.fullmatch(stem):
        return "participant"
    by = stem.partition("-")[0]
    return by if by in (Split.SITE, Split.ROLE, Split.ROOM) and by != stem else "calendar"


def write_split(
    timelines: Iterable[Timeline],
    by: Split,
    options: CalendarOptions,
    opened: Callable[[str], BinaryIO],
    done: Callable[[str, BinaryIO], None],
    *,
    events: Events | None = None,
    revisions: Revisions | None = None,
    on_change: OnChange | None = None,
    former: Former | None = None,
) -> Iterator[tuple[str, int]]:
    """Writes one calendar per part, and yields each one's file name and number of events.

    ``opened(name)`` opens a file when its first event comes, ``done(name, file)`` takes it back
    once it is complete: where atomic replacement has its place. Participants' files are completed
    one by one, as each participant has one timeline; those of sites, roles and rooms at the end, so
    there may be as many open at once as there are sites, roles or rooms.

    With `revisions` as `write_calendar` has them; a visit that goes from one file to another is
    cancelled in the one and new in the other.

    Args:
        timelines: one per participant; taken one at a time.
        by: what each calendar is of.
        options: of each of the calendars.
        opened: opens a file of this name, in no folder.
        done: is given the name and the complete file, which is still open.
        events: makes the events; new ones by `options` when ``None``.
        revisions: made with the same `events`; ``None`` numbers no change.
        on_change: is given each event that has changed, with its timeline (``None`` for one of a
            participant who has none any more).
        former: gives the events that `revisions` keeps as they are in a file that is written.
    """
    files: dict[str, tuple[BinaryIO, CalendarFile]] = {}
    events = Events(options) if events is None else events

    def file_of(name: str, title: str = "") -> CalendarFile:
        if name not in files:
            out = opened(name)
            made = CalendarFile(
                out, options, events, title, revisions=revisions, on_change=on_change, file=name
            )
            files[name] = (out, made)
        return files[name][1]

    for timeline in timelines:
        for part in parts(timeline, by):
            name = file_name(part.key, by)
            file_of(name, part.key).add(part.timeline)
            if by is Split.PARTICIPANT:
                yield _completed(name, *files.pop(name), done)
    if revisions is not None:
        for name, revised in revisions.rest(lambda name: file_of(name).writer()):
            file_of(name).write(revised)
            if by is Split.PARTICIPANT:
                for other in [other for other in files if other != name]:
                    yield _completed(other, *files.pop(other), done)
    for name in sorted(files):
        keep_former(files[name][1], name, revisions, former)
        yield _completed(name, *files[name], done)


def _completed(
    name: str, out: BinaryIO, file: CalendarFile, done: Callable[[str, BinaryIO], None]
) -> tuple[str, int]:
    file.close()
    done(name, out)
    return name, file.count
