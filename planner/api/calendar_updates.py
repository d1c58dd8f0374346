"""Calendars of participants that are written anew: an update of what was written there before."""

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace as replaced
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, BinaryIO, Literal, TypeVar, cast

from planner.api.inputs import file_of
from planner.errors import PlannerError, argument, os_reason
from planner.formats.ical.options import CalendarOptions as CalendarOptions
from planner.formats.ical.options import Level as Level
from planner.formats.ical.options import Rendering as Rendering

if TYPE_CHECKING:
    from planner.api.inputs import DateSource, ProtocolSource, RecordSource, SiteSource, StrPath
    from planner.formats.ical.split import Split
    from planner.formats.ical.updated import UpdatedCalendars
    from planner.protocol.file import ProtocolFile
    from planner.protocol.model import Protocol
    from planner.site.calendar import SiteCalendar
    from planner.timeline.cohort_source import Cohort
    from planner.timeline.course_planner import CoursePlanner
    from planner.timeline.participant import Participant, UnreadLine
    from planner.timeline.participant_state import PlannerCache
    from planner.timeline.record import RecordFile

Thing = TypeVar("Thing")
SplitBy = Literal["participant", "site", "role", "room"]
SPLITS: tuple[SplitBy, ...] = ("participant", "site", "role", "room")
"""What calendars can be split by."""


class UpdateWatch:
    """What a caller does while calendars are updated; this one does nothing of its own."""

    def load(self, protocol: "ProtocolSource") -> "ProtocolFile":
        """Loads the protocol, once it is known that what was asked for goes together."""
        return file_of(protocol)

    def participants(self, participants: "Iterable[Thing]") -> "Iterable[Thing]":
        """Is given the participants one by one; passes them on, such as a bar of progress does."""
        return participants

    def read(self, record: "RecordFile") -> None:
        """Is told of each record that has been read from a file."""

    def complain(self, participant: str, why: str) -> None:
        """Is told of each participant who has no plan, or one that breaks a window, and why."""

    def note(self, text: str) -> None:
        """Is told of each thing to know of former exports, before any error."""


def update_calendar(
    protocol: "ProtocolSource",
    output: "StrPath | BinaryIO",
    start: "DateSource | None" = None,
    *,
    participant: str | None = None,
    participants: "StrPath | None" = None,
    actuals: "RecordSource | None" = None,
    today: "DateSource | None" = None,
    at: "Mapping[str, DateSource] | None" = None,
    arm: str | None = None,
    site: "SiteSource | None" = None,
    with_visits: Collection[str] | None = None,
    without_visits: Collection[str] = (),
    options: CalendarOptions | None = None,
    stamp: "DateSource | None" = None,
    key_file: "StrPath | None" = None,
    split: SplitBy | None = None,
    verify: bool = False,
    state: "StrPath | None" = None,
    keep_state: bool = True,
    previous: "StrPath | None" = None,
    replace: bool = False,
    messages: "StrPath | None" = None,
    attendee: str | None = None,
    language: str | None = None,
    anyway: bool = False,
    watch: UpdateWatch | None = None,
) -> "UpdatedCalendars":
    """Writes the calendar of one participant or of many; a second call updates it.

    A state file beside the calendar keeps identities and revisions of its events: an update changes
    events that have changed, and cancels those that are gone. If it is lost, the calendar itself is
    gone on from. Everything is put in place whole or not at all, one run at a time::

        planner.update_calendar("mapp1", "P0001.ics", actuals="P0001.csv", today="2027-02-03")

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        output: the calendar, or the folder where calendars are split or one per event. A binary
            file that is open for writing takes one calendar, and remembers nothing.
        start: date of the anchor visit of one participant, as `datetime.date` or ISO text.
        participant: the code of that participant, `P0001` by default.
        participants: path of a CSV file with the columns code, start and perhaps arm.
        actuals: of participants under way: path of a record, or of a folder of everybody's, or a
            `Record`.
        today: the first date on which what has not happened can take place; only with records.
        at: dates that visits (by occurrence id) are fixed on; not with records.
        arm: an arm's id; the record's own or the first one by default.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        with_visits: ids of the optional visits that take place; all of them, but no unscheduled
            ones, when ``None``.
        without_visits: ids of optional and conditional visits left out.
        options: how events look and what they tell; as `CalendarOptions()` when ``None``.
        stamp: date on which the plan last changed; that of ``options``, of the records or of the
            protocol's version when ``None``.
        key_file: path of a file with a secret of 16 to 4096 bytes, which makes UIDs of guessed
            codes unrecognisable; at level busy the state keeps one when ``None``.
        split: one calendar per `participant`, `site`, `role` or `room`, in the folder.
        verify: whether the calendar is read back and compared before it is kept.
        state: path of the state file; the output's with ``.state`` after it when ``None``.
        keep_state: whether there is one.
        previous: path of a further calendar to go on from, such as a copy that somebody has kept.
        replace: whether events of participants who are not among these may be cancelled or removed.
        messages: folder for a message (``.ics`` and ``.eml``) about each change; none is sent.
        attendee: whom messages are for: an address that names nobody, such as
            ``mailto:p0001@study.invalid``.
        language: of a calendar of level `participant`: one of `handout_languages`, perhaps with a
            region as in ``en-US``; English when ``None``.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.
        watch: is told of what happens meanwhile.

    Returns:
        What was written and what of it has changed; who has no plan, and why.

    Raises:
        planner.errors.AnswerNo: there are no participants, or nothing to write.
        PlannerError: arguments exclude each other, something cannot be read or planned, the former
            export cannot be gone on from, or a file system refuses; nothing was changed.
    """
    from planner.api.inputs import (
        dates_of,
        names_of,
        one_of,
        optional_date,
        optional_text,
        path_text,
    )
    from planner.api.prepared import prepared_calendar, prepared_courses, prepared_planner
    from planner.formats.ical.files import update_calendars
    from planner.formats.ical.split import Split
    from planner.formats.ical.update_options import read_update_options

    watch = watch or UpdateWatch()
    first, now = optional_date(start, "start"), optional_date(today, "today")
    day = optional_date(stamp, "stamp")
    fixed = dates_of(at, "at")
    chosen = None if with_visits is None else names_of(with_visits, "with_visits")
    left_out = names_of(without_visits, "without_visits")
    code = optional_text(participant, "participant", "a code such as `P0001`")
    arm = optional_text(arm, "arm", "the id of an arm")
    by = None if split is None else Split(one_of(split, SPLITS, "split"))
    is_path = isinstance(output, (str, os.PathLike)) or not hasattr(output, "write")
    stream = None if is_path else cast("BinaryIO", output)
    place = None if stream is not None else path_text(output, "output")
    options = options or CalendarOptions()
    people = _optional_path(participants, "participants")
    _refuse_contradictions(
        first, people, actuals is not None, now, code, arm, has_fixed=bool(fixed)
    )
    _refuse_places(place, by, options.rendering, verify=verify)
    file = watch.load(protocol)
    is_stamped = day is not None or options.stamp != CalendarOptions().stamp
    if day is not None or not is_stamped:
        options = replaced(options, stamp=stamp_of(file.protocol, day))
    if key_file is not None:
        options = replaced(options, key=_read_key(path_text(key_file, "key_file")))
    update_options = read_update_options(
        place,
        _optional_path(state, "state"),
        _optional_path(previous, "previous"),
        _optional_path(messages, "messages"),
        attendee,
        file.protocol.identities,
        keep_state=keep_state,
        into_folder=by is not None or options.rendering is Rendering.CALDAV,
        replace=replace,
        dated=is_stamped or now is not None,
    )
    calendar = prepared_calendar(site)
    if language is not None and options.level is not Level.PARTICIPANT:
        raise PlannerError(
            f"{argument('language')}: only a calendar of level `participant` has words in languages"
        )
    if options.level in (Level.STAFF, Level.PARTICIPANT):
        options = _with_place(options, file.protocol, calendar, language or "en", watch)
    cohort: Cohort
    if actuals is not None:
        courses = prepared_courses(file.protocol, calendar, chosen, left_out, anyway=anyway)
        cohort = _recorded(courses, actuals, watch, arm, first, now, is_stamped=is_stamped)
    else:

        def planner_of(arm: str | None) -> "CoursePlanner":
            return prepared_planner(
                file.protocol, calendar, arm, chosen, left_out, fixed, anyway=anyway
            )

        cohort = _planned(planner_of, people, first, code, arm, watch)
    if options.level is Level.PARTICIPANT and cohort.whole and split != "participant":
        raise PlannerError(
            f"{argument('level', 'participant')}: such a calendar does not say whose it is;"
            f" write one for each participant with {argument('split', 'participant')}"
        )
    return update_calendars(
        cohort, options, update_options, watch.note, by=by, verify=verify, stream=stream
    )


def _with_place(
    options: CalendarOptions,
    protocol: "Protocol",
    calendar: "SiteCalendar",
    language: str,
    watch: UpdateWatch,
) -> CalendarOptions:
    """The options with the site's address, and with the words that participants read.

    Raises:
        PlannerError: there is no such language, or Babel is not installed.
    """
    from planner.views.pages.site_address import place_of

    place = place_of(calendar.site, protocol)
    if calendar.is_named and not options.address:
        lines = (*filter(None, [place.title]), *place.address)
        options = replaced(options, address=", ".join(lines))
        for text, word in place.withheld:
            watch.note(f"left out, because `{word}` reveals what the study is about: {text}")
    if options.level is not Level.PARTICIPANT:
        return options
    from planner.views.pages.calendar_words import CalendarWords
    from planner.views.pages.translations import words

    return replaced(options, words=CalendarWords(protocol, place, words(language)))


def stamp_of(protocol: "Protocol", day: date | None) -> datetime:
    """When a plan last changed: never the clock, or every export would look like an update.

    Args:
        protocol: whose version has a date, or none.
        day: the date that is given; that of the version when ``None``.
    """
    return datetime.combine(day or protocol.date or date(2000, 1, 1), time(), UTC)


def _refuse_contradictions(
    start: date | None,
    participants: str | None,
    has_records: bool,
    today: date | None,
    code: str | None,
    arm: str | None,
    *,
    has_fixed: bool,
) -> None:
    """Refuses arguments that say of whom the calendar is in two ways, or in none.

    Raises:
        PlannerError: names them.
    """
    if has_records:
        for name, is_given in (
            ("participants", bool(participants)),
            ("participant", bool(code)),
            ("at", has_fixed),
        ):
            if is_given:
                raise PlannerError(
                    f"{argument(name)}: the record of {argument('actuals')} gives that"
                    f" already; leave it out"
                )
    elif today is not None:
        raise PlannerError(
            f"{argument('today')}: has no effect without a record; give one with"
            f" {argument('actuals')}"
        )
    elif (start is None) == (participants is None):
        raise PlannerError(
            f"give {argument('start')} for one participant, {argument('participants')} for many, or"
            f" {argument('actuals')} for records"
        )
    if participants is not None and (code is not None or arm is not None):
        raise PlannerError(
            f"{argument('participants')} names codes and arms; leave {argument('participant')} and"
            f" {argument('arm')} out"
        )


def _refuse_places(
    output: str | None, by: "Split | None", rendering: Rendering, *, verify: bool
) -> None:
    """Refuses an output that cannot take what is to be written.

    Raises:
        PlannerError: names what does not go together.
    """
    is_caldav = rendering is Rendering.CALDAV
    into_folder = by is not None or is_caldav
    if output is None and (verify or into_folder):
        raise PlannerError(
            f"{argument('verify')}, {argument('split')} and {argument('rendering', 'caldav')} need"
            f" {argument('output')}"
        )
    if verify and into_folder:
        raise PlannerError(
            f"{argument('verify')} compares one calendar; leave {argument('split')} and caldav out"
        )
    if by is not None and is_caldav:
        raise PlannerError(f"CalDAV objects are one event each; leave {argument('split')} out")


def _recorded(
    courses: "PlannerCache",
    actuals: "RecordSource",
    watch: UpdateWatch,
    arm: str | None,
    start: date | None,
    today: date | None,
    *,
    is_stamped: bool,
) -> "Cohort":
    """Participants under way; records of a folder are read one at a time, as often as needed."""
    from planner.api.inputs import path_text, record_of
    from planner.timeline.cohort_source import Recorded
    from planner.timeline.record import Record, RecordFile
    from planner.timeline.record_files import RecordFiles
    from planner.timeline.record_reading import read_record, record_paths

    sources: list[str | RecordFile]
    is_folder = False
    if isinstance(actuals, (Record, RecordFile)):
        sources = [record_of(actuals, "actuals")]
    else:
        path = path_text(actuals, "actuals", "a path or a Record")
        is_folder = os.path.isdir(path)
        if is_folder:
            sources = [*record_paths(path)]
        else:
            record = read_record(path)
            watch.read(record)
            sources = [record]
    return Recorded(
        courses,
        RecordFiles(sources, on_read=watch.read),
        around=watch.participants,
        complain=watch.complain,
        whole=is_folder,
        arm=arm,
        start=start,
        today=today,
        stamped=is_stamped,
    )


def _planned(
    planner_of: "Callable[[str | None], CoursePlanner]",
    participants: str | None,
    start: date | None,
    code: str | None,
    arm: str | None,
    watch: UpdateWatch,
) -> "Cohort":
    """Participants of whom nothing is recorded: those of a file, or one."""
    from planner.timeline.cohort_source import Planned
    from planner.timeline.participant import Participant, new_code, read_cohort

    def people(leave_out: "Callable[[UnreadLine], None]") -> "Iterator[Participant]":
        if participants is not None:
            yield from read_cohort(participants, leave_out)
        elif start is not None:
            yield Participant(new_code(code or "P0001"), arm, start)

    return Planned(
        planner_of,
        lambda leave_out: iter(watch.participants(people(leave_out))),
        watch.complain,
        whole=participants is not None,
    )


def _optional_path(path: object, name: str) -> str | None:
    from planner.api.inputs import path_text

    return None if path is None else path_text(path, name)


def _read_key(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            key = file.read(4097).strip()
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}") from None
    if not 16 <= len(key) <= 4096:
        raise PlannerError(f"{path}: a secret has 16 to 4096 bytes, this file has {len(key)}")
    return key
