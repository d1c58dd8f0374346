"""Many participants' records held against their protocols: deviations, who is due, amendments."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from planner.errors import AnswerNo, PlannerError

if TYPE_CHECKING:
    from datetime import date

    from planner.api.inputs import DateSource, ProtocolSource, RecordSource, SiteSource, StrPath
    from planner.formats.sdtm import SubjectRecord, SubjectVisits
    from planner.timeline.record import RecordFile
    from planner.timeline.replay import Replay
    from planner.views.amendment import AmendmentReport
    from planner.views.deviations import DeviationReport
    from planner.views.due import DueList
    from planner.views.week import WeekPlan


class Watch:
    """What a caller does while records are read; this one does nothing."""

    def paths(self, paths: list[str]) -> Iterable[str]:
        """Is given the files; those it gives back are read, such as a bar of progress does."""
        return paths

    def read(self, record: "RecordFile") -> None:
        """Is told of each record that has been read from a file."""

    def left_out(self, whose: str, why: str) -> None:
        """Is told of each record that is left out: its participant, or its path, and why."""


class ReadableRecords:
    """The records of files and folders, one at a time; what is wrong with one stops no other.

    ``count`` are those that were taken into account.
    """

    def __init__(self, records: object, watch: Watch) -> None:
        from planner.api.inputs import record_sources
        from planner.timeline.record_files import RecordFiles

        self._files = RecordFiles(
            record_sources(records),
            around=watch.paths,
            on_read=watch.read,
            on_left_out=watch.left_out,
        )
        self._refused: list[tuple[RecordFile, AnswerNo]] = []
        self.count = 0

    def __iter__(self) -> "Iterator[RecordFile]":
        """All that can be read.

        Raises:
            AnswerNo: the answer is no for each of them: the protocol itself is wrong.
        """
        yield from self._files
        if self._refused and not self.count:
            raise self._refused[0][1]
        for record, error in self._refused:
            self._files.leave_out_record(record, error)

    @contextmanager
    def taking(self, record: "RecordFile") -> Iterator[None]:
        """Counts the record if all goes well, else leaves it out and goes on."""
        try:
            yield
        except AnswerNo as error:
            self._refused.append((record, error))
        except PlannerError as error:
            self._files.leave_out_record(record, error)
        else:
            self.count += 1

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """Those that were not, each with why: by participant, or by path where that is unknown."""
        return list(self._files.left_out.items())


def deviations(
    protocol: "ProtocolSource",
    records: "RecordSource | Iterable[RecordSource]",
    *,
    site: "SiteSource | None" = None,
    today: "DateSource | None" = None,
    anyway: bool = False,
    watch: Watch | None = None,
) -> "DeviationReport":
    """What took place against the windows in force when it did: by how much, by which rule.

    Early, late, out of order, wrong interval, missed, missing gate, overdue, and what each made
    impossible. A record that does not fit is left out, with why, and stops no other.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        records: paths of records or of folders of them, or `Record`s; one of these, or several.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        today: also tells what is overdue on this date.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.
        watch: is told of records while they are read.

    Raises:
        Contradiction: the protocol's rules contradict each other.
        PlannerError: the protocol or the site cannot be loaded, or a folder has no record.
    """
    from planner.api.inputs import file_of, optional_date
    from planner.api.prepared import prepared_calendar, prepared_courses
    from planner.timeline.cohort_deviations import Cohorts, between_deviations
    from planner.timeline.deviations import Deviation, SiteNote, judge
    from planner.timeline.undated import Undated
    from planner.views.deviations import DeviationReport

    day = optional_date(today, "today")
    file = file_of(protocol)
    courses = prepared_courses(file.protocol, prepared_calendar(site), anyway=anyway)
    broken: list[Deviation] = []
    notes: list[SiteNote] = []
    undated: list[Undated] = []
    files = ReadableRecords(records, watch or Watch())
    cohorts = Cohorts(file.protocol)
    codes: list[str] = []
    for record in files:
        with files.taking(record):
            judgement = judge(file, courses, record, today=day)
            broken += judgement.deviations
            notes += judgement.notes
            undated += judgement.undated
            codes.append(record.record.participant)
            cohorts.add(record, judgement.member)
    between = list(between_deviations(file, cohorts.members, courses.site.zone))
    if between:
        place = {code: at for at, code in enumerate(codes)}
        broken = sorted([*broken, *between], key=lambda deviation: place[deviation.participant])
    return DeviationReport(
        file.protocol.id, files.count, broken, notes, undated, files.left_out,
        cohorts.unchecked(files.left_out),
    )  # fmt: skip


def due(
    records: "RecordSource | Iterable[RecordSource]",
    first: "DateSource",
    last: "DateSource",
    *,
    protocols: "Iterable[ProtocolSource]" = (),
    site: "SiteSource | None" = None,
    today: "DateSource | None" = None,
    without: "Iterable[tuple[DateSource, DateSource]]" = (),
    anyway: bool = False,
    watch: Watch | None = None,
) -> "DueList":
    """Who is due between two dates, when, and how many days of the window are left.

    Most urgent first; with ``without`` also what would break if nobody were there on those dates.

    Args:
        records: paths of records or of folders of them, or `Record`s; one of these, or several.
        first: the first date.
        last: the last date, included.
        protocols: that of records that name none, and those that records name by an id which the
            library does not have.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        today: nothing is planned before it, and days left count from it; ``first`` when ``None``.
        without: first and last dates of absences, both included.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.
        watch: is told of records while they are read.

    Raises:
        Contradiction: the rules of a protocol contradict each other.
        PlannerError: a range is upside down; a protocol or the site cannot be loaded.
    """
    from planner.api.inputs import date_of, optional_date
    from planner.api.prepared import prepared_calendar
    from planner.api.record_protocols import RecordProtocols
    from planner.timeline.absence import AbsenceEffect, Days, closed_on, effects
    from planner.timeline.cohort_deviations import Cohorts
    from planner.timeline.due import DueRange, DueVisit, due_visits, most_urgent_first, participant
    from planner.timeline.due_between import cohort_member, with_others
    from planner.timeline.due_reminders import DueReminder, due_reminders
    from planner.timeline.remaining_visits import Outlooks
    from planner.timeline.undated import Undated
    from planner.views.due import DueList

    begin, end = date_of(first, "first"), date_of(last, "last")
    if end < begin:
        raise PlannerError(f"last: {end} is before first {begin}")
    asked = DueRange(begin, end, optional_date(today, "today") or begin)
    absences = [
        Days(date_of(leaving, "without"), date_of(last_away, "without"))
        for leaving, last_away in without
    ]
    for absence in absences:
        if absence.last < absence.first:
            raise PlannerError(f"without: {absence.last} is before {absence.first}")
    watching = watch or Watch()
    place = prepared_calendar(site)
    base = Outlooks(asked.today.toordinal())
    away = Outlooks(asked.today.toordinal(), closed_on(place, absences)) if absences else None
    known = RecordProtocols(protocols, place, anyway=anyway)
    files = ReadableRecords(records, watching)
    visits: list[DueVisit] = []
    reminders: list[DueReminder] = []
    broken: list[AbsenceEffect] = []
    undated: list[Undated] = []
    done = 0
    cohorts: dict[str, Cohorts] = {}
    for record in files:
        with files.taking(record):
            courses = known.courses(record, asked.today)
            under_way = participant(courses, record, base, asked.today)
            if courses.protocol.between_participants:
                own = cohorts.setdefault(courses.protocol.id, Cohorts(courses.protocol))
                own.add(record, cohort_member(courses, record, under_way, base, asked.today))
            if under_way is None:
                done += 1
                continue
            ahead = due_visits(under_way, base, asked)
            reminders += due_reminders(under_way, base, asked)
            if away is not None:
                broken += effects(under_way, base, away, absences)
            visits += ahead
            undated += under_way.undated
    broken.sort(key=lambda effect: (not effect.lost, effect.planned, effect.participant))
    unchecked: list[str] = []
    for own in cohorts.values():
        visits = list(with_others(visits, own.protocol, own.members, place.zone, asked.today))
        unchecked += own.unchecked(files.left_out)
    urgent = most_urgent_first(visits)
    reminders.sort(key=lambda reminder: (reminder.day, reminder.participant))
    return DueList(
        asked,
        files.count,
        done,
        urgent,
        absences,
        broken,
        undated,
        files.left_out,
        unchecked,
        reminders,
    )


def monday_of(day: "date") -> "date":
    """The Monday of a date's week."""
    from planner.timeline.week import monday_of

    return monday_of(day)


def week(
    records: "RecordSource | Iterable[RecordSource]",
    first: "DateSource",
    *,
    protocols: "Iterable[ProtocolSource]" = (),
    site: "SiteSource | None" = None,
    today: "DateSource | None" = None,
    anyway: bool = False,
    watch: Watch | None = None,
) -> "WeekPlan":
    """Seven days of a site over all protocols: visits, rooms, roles, and where they clash.

    Rooms and people are counted, not assigned: a clash is a time at which visits need more of a
    kind of room, or more people of a role, than the site lists, or a visit on a closed day.

    Args:
        records: paths of records or of folders of them, or `Record`s; one of these, or several.
        first: the first of the seven days.
        protocols: that of records that name none, and those that records name by an id which the
            library does not have.
        site: path of a site file, or a `Site`; without one every day is open, in UTC, and nothing
            clashes.
        today: nothing is planned before it; ``first`` when ``None``.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.
        watch: is told of records while they are read.

    Raises:
        Contradiction: the rules of a protocol contradict each other.
        PlannerError: a protocol or the site cannot be loaded.
    """
    from collections import Counter
    from datetime import datetime, timedelta

    from planner.api.inputs import date_of, optional_date
    from planner.api.prepared import prepared_calendar
    from planner.api.record_protocols import RecordProtocols
    from planner.site.model import Interval
    from planner.timeline.participant_state import plan_standing, standing
    from planner.timeline.shared_plans import SharedPlans
    from planner.timeline.week import (
        DAYS,
        WeekVisit,
        find_clashes,
        hides_visits,
        moved_away,
        week_visits,
    )
    from planner.views.week import WeekDay, WeekPlan

    begin = date_of(first, "first")
    now = optional_date(today, "today") or begin
    place = prepared_calendar(site)
    known = RecordProtocols(protocols, place, anyway=anyway)
    files = ReadableRecords(records, watch or Watch())
    shared = SharedPlans(now)
    visits: list[WeekVisit] = []
    appointments: list[tuple[str, str, str, datetime, datetime]] = []
    hidden: set[str] = set()
    for record in files:
        with files.taking(record):
            courses = known.courses(record, now)
            where = standing(courses, record, today=now)
            timeline = plan_standing(where, record, shared, explained=False)
            places = {
                visit.id: place.place(visit.visit.facility, visit.visit.room)
                for visit in where.planner.course.visits
                if visit.visit.mode != "home"
            }
            visits += week_visits(timeline, places, begin)
            appointments += [
                (timeline.participant, timeline.protocol_id, visit.label, visit.booked, visit.start)
                for visit in moved_away(timeline, begin)
                if visit.booked is not None
            ]
            if hides_visits(courses.protocol) and not where.unblinded:
                hidden.add(courses.protocol.id)
    visits.sort(key=lambda visit: (visit.start, visit.protocol, visit.participant))
    available = Counter[tuple[str, str]]()
    for room in place.site.rooms:
        available["room", room.kind] += room.capacity
    available.update({("role", role): number for role, number in place.site.staff.items()})
    days = [begin + timedelta(days=number) for number in range(DAYS)]
    return WeekPlan(
        place.title,
        tuple(
            WeekDay(
                day,
                ", ".join(str(Interval(*stretch)) for stretch in place.hours(day)),
                place.why_closed(day),
            )
            for day in days
        ),
        tuple(visits),
        tuple(find_clashes(visits, available, begin)),
        dict(available),
        tuple(appointments),
        tuple(sorted(hidden)),
        files.count,
        files.left_out,
    )


def amend(
    old: "ProtocolSource",
    new: "ProtocolSource",
    records: "RecordSource | Iterable[RecordSource]",
    *,
    start: "DateSource | None" = None,
    today: "DateSource | None" = None,
    site: "SiteSource | None" = None,
    anyway: bool = False,
    around: "Callable[[Sequence[RecordFile]], Iterable[RecordFile]]" = iter,
    watch: Watch | None = None,
) -> "AmendmentReport":
    """What a new version means for each participant under way, with the plan by it.

    Unaffected, moved, newly required, no longer required, already too late, or in need of a
    decision. No record is changed: ``people`` tells of each whether the new version can hold, and
    `amended_records` gives the records in which that stands. A record that cannot be read is left
    out, with why, and stops no other.

    Args:
        old: the version so far: a path, an id of the library, a loaded file or a `Protocol`.
        new: the new version.
        records: paths of records or of folders of them, or `Record`s; one of these, or several.
        start: the first date on which the new version holds; ``today`` when ``None``, else the date
            in the new file.
        today: the first date on which what has not happened can take place.
        site: path of a site file, or a `Site`; without one every day is open, in UTC.
        anyway: whether visits that nothing ties to the anchor are left without a date, not refused.
        around: is given the records while they are judged, such as a bar of progress.
        watch: is told of records while they are read.

    Raises:
        PlannerError: nobody says from when it holds; these are two protocols; or a folder has no
            record.
    """
    from planner.api.inputs import file_of, optional_date
    from planner.api.prepared import prepared_calendar, prepared_courses
    from planner.protocol.difference import difference
    from planner.timeline.amendment import Amendment
    from planner.views.amendment import AmendmentReport

    before, after = file_of(old), file_of(new)
    day = optional_date(today, "today")
    holds_from = optional_date(start, "start") or day or after.protocol.date
    if holds_from is None:
        raise PlannerError("start: name the first date on which the new version holds")
    place = prepared_calendar(site)
    amendment = Amendment(
        prepared_courses(before.protocol, place, anyway=anyway),
        prepared_courses(after.protocol, place, anyway=anyway),
        difference(before, after),
        holds_from,
        day,
    )
    readable = ReadableRecords(records, watch or Watch())
    files = list(readable)
    people = [amendment.amend(file) for file in around(files)]
    versions = before.protocol.version, after.protocol.version
    return AmendmentReport(
        after.protocol.id, *versions, holds_from, day, people, files, readable.left_out
    )


def replay(
    protocol: "ProtocolSource",
    dataset: "StrPath | SubjectVisits",
    *,
    dm: "StrPath | None" = None,
    visits: "StrPath | None" = None,
    around: "Callable[[Iterable[SubjectRecord]], Iterable[SubjectRecord]]" = iter,
) -> "Replay":
    """How many recorded visits of a study lie inside, before and after their windows.

    All subjects with a baseline, all scheduled visits after it that have a window with both ends;
    under both day conventions: days after the baseline, and day numbers with the baseline as Day 1.

    Args:
        protocol: a path, an id of the library, a loaded file or a `Protocol`.
        dataset: an SDTM dataset of visits, or what `read_subjects` gives.
        dm: the demographics beside it.
        visits: a CSV file that pairs the dataset's names with the protocol's visits.
        around: is given the subjects while they are counted, such as a bar of progress.

    Raises:
        PlannerError: a file cannot be read, or the protocol cannot be loaded.
    """
    from planner.api.inputs import protocol_of
    from planner.api.records import read_subjects
    from planner.formats.sdtm import SubjectVisits
    from planner.timeline.replay import Replayer

    given = protocol_of(protocol)
    if not isinstance(dataset, SubjectVisits):
        dataset = read_subjects(dataset, protocol=given, dm=dm, visits=visits)
    counts = Replayer(given)
    for subject in around(dataset.subjects()):
        counts.add(subject.record, subject.baseline)
    return counts.result(dataset.planned_days)
