"""The run sheet of one visit as a grid: minutes, clock times, who is there, what is sure."""

from datetime import date, datetime
from typing import NamedTuple

from planner.errors import AnswerNo, PlannerError, argument, did_you_mean
from planner.notice import NOTICE
from planner.protocol.course import Course, Occurrence
from planner.protocol.expand import expand
from planner.protocol.fields import WEEKDAYS
from planner.protocol.model import Protocol
from planner.protocol.visit import RunSheetItem, Staffing
from planner.schedule.named_visits import visit_named
from planner.schedule.run_sheet import SheetTime, sheet_faults, sheet_times
from planner.schedule.visit_numbers import label_of
from planner.site.calendar import SiteCalendar
from planner.time.date import format_time
from planner.time.distance import MINUTES_A_DAY, ClockDistance
from planner.time.local import SkippedLocalTime, to_instant, to_local
from planner.views.footnotes import Footnotes
from planner.views.tables.grid import Grid, Line


class NoRunSheet(AnswerNo):
    """The visit has none, or one that cannot be kept; or it cannot be on that day."""


class Clock(NamedTuple):
    """When a visit starts: a minute of the day, or an instant at a site on a date."""

    minute: int
    day: date | None = None
    instant: int | None = None
    site: SiteCalendar | None = None

    def local(self, minutes: int) -> datetime | None:
        """What clocks at the site show so many minutes after the start; ``None`` without one."""
        if self.instant is None or self.site is None:
            return None
        return to_local(self.instant + minutes, self.site.zone)


def run_sheet_grid(
    protocol: Protocol,
    visit: str,
    arm: str | None = None,
    *,
    start: int | None = None,
    day: date | None = None,
    site: SiteCalendar | None = None,
) -> Grid:
    """The minute-by-minute plan of one visit.

    Times stand as clock times where the start is known: by ``start``, else by the visit's own time
    of day. On a date at a site they are that day's, right across a clock change: then each time
    carries its offset from UTC.

    Args:
        protocol: as loaded.
        visit: a visit or one of its occurrences (`dosing`, `dosing-2`, `V12`), as
            `planner.schedule.named_visits.visit_named` reads it.
        arm: an arm's id; the first one when ``None``.
        start: minute of the day at which the visit starts.
        day: the date; needs ``site``.
        site: the site's calendar.

    Raises:
        NoRunSheet: the visit has no run sheet or one that contradicts itself, or the site cannot
            hold the visit on that date at that time.
        PlannerError: there is no such visit or arm, or the start is unknown although a date is
            given, or clocks skip it.
    """
    course = expand(protocol, arm)
    visit = visit_named(visit, protocol)
    occurrence = find_occurrence(course, visit)
    times = kept_times(course, occurrence)
    at = occurrence.visit.at
    minute = start if start is not None else None if at is None else at[0]
    clock = None if minute is None else Clock(minute)
    if day is not None and site is not None:
        if minute is None:
            raise PlannerError(
                f"`{occurrence.id}` has no time of day; give {argument('start', 'HH:MM')}"
            )
        clock = _clock_on(occurrence, minute, day, site)
    footnotes = Footnotes(protocol)
    table = _Table(protocol, occurrence, times, clock, footnotes)
    heads, lines = table.drawn()  # which collects the footnotes
    arms = _of_arm(course, occurrence)
    notes = (*arms, *footnotes.texts(), *_notes(table, start), NOTICE)
    labels = 1 if clock is None else 2
    return Grid(_title(protocol, occurrence, visit, clock), (heads,), lines, notes, labels)


def _of_arm(course: Course, occurrence: Occurrence) -> list[str]:
    """Of which arm the sheet is, where another arm has another one; no word of it if blinded."""
    protocol = course.protocol
    others = [
        arm.id
        for arm in ([] if protocol.hides_plans else protocol.arms)
        for same in expand(protocol, arm.id).visits
        if same.id == occurrence.id and same.visit.run_sheet != occurrence.visit.run_sheet
    ]
    if not others:
        return []
    another = "has another one" if len(others) == 1 else "have others"
    return [f"The sheet of arm {course.arm}; {', '.join(others)} {another}."]


def find_occurrence(course: Course, name: str) -> Occurrence:
    """The occurrence that a name means, or the first one of the visit that it means.

    Args:
        course: of any arm.
        name: as `planner.schedule.named_visits.visit_named` reads it.

    Raises:
        PlannerError: there is none; names the nearest.
    """
    protocol = course.protocol
    name = visit_named(name, protocol)
    for visit in course.visits:
        if name in (visit.id, visit.visit.id):
            return visit
    written = {visit.id for epoch in protocol.epochs for visit in epoch.visits}
    if name in written:
        arms = [arm.id for arm in protocol.arms if _has(expand(protocol, arm.id), name)]
        hint = (
            f"; it is in {', '.join(f'`{arm}`' for arm in arms)}: give {argument('arm')}"
            if arms
            else ""
        )
        raise PlannerError(f"`{protocol.id}` has `{name}` in another arm only{hint}")
    known = [*(visit.id for visit in course.visits), *(visit.visit.id for visit in course.visits)]
    hint = (
        did_you_mean(name, list(dict.fromkeys(known)), before="; ") or f"; {_with_sheets(course)}"
    )
    raise PlannerError(f"`{protocol.id}` has no visit `{name[:60]}`{hint}")


def _has(course: Course, name: str) -> bool:
    return any(visit.visit.id == name for visit in course.visits)


def _with_sheets(course: Course) -> str:
    ids = dict.fromkeys(
        visit.visit.id for visit in course.visits if visit.visit.run_sheet is not None
    )
    if not ids:
        return "no visit of this course has a run sheet"
    return f"run sheets are written for {', '.join(f'`{visit_id}`' for visit_id in ids)}"


def kept_times(course: Course, occurrence: Occurrence) -> list[SheetTime]:
    """The times of a visit's run sheet.

    Args:
        course: whose visits with run sheets the error names.
        occurrence: of that course.

    Raises:
        NoRunSheet: it has none, or one that contradicts itself.
    """
    sheet = occurrence.visit.run_sheet
    if sheet is None:
        raise NoRunSheet(f"`{occurrence.id}` has no run sheet; {_with_sheets(course)}")
    faults = sheet_faults(sheet)
    if faults:
        raise NoRunSheet(
            f"the run sheet of `{occurrence.id}` cannot be kept: {faults[0].message};"
            " `planner validate` shows where"
        )
    return sheet_times(occurrence.visit)


def _clock_on(occurrence: Occurrence, minute: int, day: date, site: SiteCalendar) -> Clock:
    visit = occurrence.visit
    site = site.place(visit.facility, visit.room)
    when = f"{day:%a} {day}"
    closed = site.why_closed(day)
    if closed is not None:
        raise NoRunSheet(f"{site.title} cannot hold `{occurrence.id}` on {when}: {closed}")
    weekday = WEEKDAYS[day.weekday()]
    if visit.weekdays and weekday not in visit.weekdays:
        allowed = ", ".join(weekday.capitalize() for weekday in visit.weekdays)
        raise NoRunSheet(f"`{occurrence.id}` takes place on {allowed} only; {when} is none of them")
    instant = to_instant(day, minute, site.zone)  # a skipped time says so itself
    length = visit.duration.value.latest if visit.duration is not None else None
    minutes = length.minutes if isinstance(length, ClockDistance) else None
    overnight = visit.overnight is not None
    if overnight and not site.overnight:
        raise NoRunSheet(f"{site.title} has no overnight stays, which `{occurrence.id}` needs")
    starts = site.starts(day, minutes, overnight)
    if not any(first <= minute <= last for first, last in starts):
        opened = ", ".join(f"{_hour(first)}-{_hour(last)}" for first, last in site.hours(day))
        takes = f" and takes {length}" if length is not None and not overnight else ""
        raise NoRunSheet(
            f"{site.title} cannot hold `{occurrence.id}` on {when}: it starts at"
            f" {format_time(minute)}{takes}, and the site is open {opened}"
        )
    return Clock(minute, day, instant, site)


def _hour(minute: int) -> str:
    return "24:00" if minute == MINUTES_A_DAY else format_time(minute)


def _title(protocol: Protocol, occurrence: Occurrence, name: str, clock: Clock | None) -> str:
    title = occurrence.visit.title or occurrence.visit.id
    if name == occurrence.id:
        title = label_of(occurrence, protocol)
    when = ""
    if clock is not None and clock.day is not None and clock.site is not None:
        when = f", {clock.day:%a} {clock.day} at {clock.site.title} ({clock.site.zone.key})"
    return f"{title}: run sheet ({protocol.id}, version {protocol.version}){when}"


class _Table:
    """The lines of one sheet, with the columns that its facts fill."""

    def __init__(
        self,
        protocol: Protocol,
        occurrence: Occurrence,
        times: list[SheetTime],
        clock: Clock | None,
        footnotes: Footnotes,
    ) -> None:
        self.protocol = protocol
        self.occurrence = occurrence
        self.times = times
        self.clock = clock
        self.footnotes = footnotes
        sheet = occurrence.visit.run_sheet
        self.zero = 0 if sheet is None or sheet.zero is None else sheet.zero.minutes
        minutes = [
            minute for time in times for minute in (time.planned, time.earliest, time.latest)
        ]
        offsets = {
            local.utcoffset()
            for minute in (0, *minutes)
            if minute is not None
            and clock is not None
            and (local := clock.local(minute)) is not None
        }
        self.changes_clock = len(offsets) > 1

    def drawn(self) -> tuple[tuple[str, ...], tuple[Line, ...]]:
        """The header row and the lines, with those columns that have something in them."""
        present = self._present()
        columns: list[tuple[str, list[str]]] = [
            ("Time", [self.shown(time.planned) for time in self.times] if self.clock else []),
            ("From zero", [_elapsed(time.planned - self.zero) for time in self.times]),
            ("Slack", [self._slack(time) for time in self.times]),
            ("What", [self._what(time) for time in self.times]),
            ("Takes", [self._takes(time.item) for time in self.times]),
            ("Activity", [self._activity(time.item) for time in self.times]),
            ("Who", present),
            ("Grade", [time.item.grade or "" for time in self.times]),
        ]
        filled = [(head, cells) for head, cells in columns if any(cells)]
        heads = tuple(head for head, _ in filled)
        rows = zip(*(cells for _, cells in filled), strict=True)
        return heads, tuple(Line(row) for row in rows)

    def shown(self, minutes: int, *, with_offset: bool = True) -> str:
        """A time so many minutes after the start: `09:30`, `06:30 +1`, `03:30 +1 UTC+02:00`."""
        assert self.clock is not None
        local = self.clock.local(minutes)
        if local is None or self.clock.day is None:
            days, minute = divmod(self.clock.minute + minutes, MINUTES_A_DAY)
            return format_time(minute) + (f" {days:+d}" if days else "")
        days = (local.date() - self.clock.day).days
        offset = f" UTC{local.isoformat()[-6:]}" if self.changes_clock and with_offset else ""
        return f"{local:%H:%M}" + (f" {days:+d}" if days else "") + offset

    def _slack(self, time: SheetTime) -> str:
        if time.earliest == time.latest:
            return "fixed"
        first, last = (self._bound(time, minutes) for minutes in (time.earliest, time.latest))
        if first is None:
            return "" if last is None else f"≤ {last}"
        return f"≥ {first}" if last is None else f"{first}..{last}"

    def _bound(self, time: SheetTime, minutes: int | None) -> str | None:
        """An end of the slack; its offset from UTC only where it is not that of the time itself."""
        if minutes is None:
            return None
        if self.clock is None:
            return _elapsed(minutes - self.zero)
        moment, there = self.clock.local(time.planned), self.clock.local(minutes)
        alike = moment is None or there is None or moment.utcoffset() == there.utcoffset()
        return self.shown(minutes, with_offset=not alike)

    def _what(self, time: SheetTime) -> str:
        item = time.item
        title = item.title or item.id
        if item.times > 1:
            title += f" ({time.repetition} of {item.times})"
        if item.optional and "optional" not in title.lower():
            title += " (optional)"
        if item.when is not None:
            decision = self.protocol.decisions.get(item.when)
            title += f" (only if {(decision and decision.title) or item.when})"
        note = [] if item.note is None else [item.note.strip()]
        return title + self.footnotes.mark(note)

    def _takes(self, item: RunSheetItem) -> str:
        return "" if item.duration is None else str(item.duration)

    def _activity(self, item: RunSheetItem) -> str:
        if item.activity is None:
            return ""
        activity = self.protocol.activities.get(item.activity)
        return activity.title if activity is not None and activity.title else item.activity

    def _present(self) -> list[str]:
        """Who does each line: those named for it, else those who are there since the last shift."""
        staff = self.occurrence.visit.staff
        cells = []
        for time in self.times:
            item = time.item
            if item.kind == "shift-change" and item.staff is not None:
                staff = item.staff
                cells.append(f"from now on: {self._people(staff)}")
                continue
            activity = self.protocol.activities.get(item.activity or "")
            if item.staff is None and activity is not None and activity.by is not None:
                cells.append(self._role(activity.by))
                continue
            cells.append(self._people(item.staff or staff))
        return cells

    def _people(self, staff: Staffing | None) -> str:
        return "" if staff is None else ", ".join(people(self.protocol, staff).values())

    def _role(self, role: str) -> str:
        return role_title(self.protocol, role)


def people(protocol: Protocol, staff: Staffing) -> dict[str, str]:
    """By role who is present, and how many where they are several: `Therapist × 2`.

    Args:
        protocol: says how many there are of a role where the visit does not.
        staff: of a visit or of an item of its run sheet.
    """
    titles = {}
    for role, number in staff.roles.items():
        known = protocol.roles.get(role)
        count = number if number is not None else known.count if known is not None else 1
        titles[role] = role_title(protocol, role) + (f" × {count}" if count != 1 else "")
    return titles


def role_title(protocol: Protocol, role: str) -> str:
    """What people call a role; its key where the file does not say."""
    known = protocol.roles.get(role)
    return known.title if known is not None and known.title else role


def _elapsed(minutes: int) -> str:
    """Minutes as hours and minutes with a sign: `-0:30`, `0:00`, `+1:20`."""
    sign = "-" if minutes < 0 else "+" if minutes else ""
    return f"{sign}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"


def _notes(table: _Table, start: int | None) -> list[str]:
    visit, clock = table.occurrence.visit, table.clock
    notes = [_length(table)] if visit.duration is not None or visit.overnight is not None else []
    if clock is None:
        notes.append(
            "No time of day is written for this visit;"
            f" {argument('start', 'HH:MM')} gives clock times."
        )
    elif visit.at is not None:
        first, last = (format_time(minute) for minute in visit.at)
        if first != last:
            notes.append(f"It may start from {first} to {last}; times count from {_start(clock)}.")
        elif start is not None and start != visit.at[0]:
            notes.append(f"The file has it start at {first}.")
    if clock is not None and table.changes_clock:
        notes.append(
            "The clocks change between these times: each stands with its offset from UTC, and the"
            " minutes between them are elapsed time."
        )
    counted = "Slack: what all items together allow"
    if any(time.latest is None or time.earliest is None for time in table.times):
        counted += "; ≥ and ≤ are open"
    notes.append(f"From zero: hours and minutes from the sheet's 0min. {counted}.")
    if visit.overnight is not None or (
        clock is not None and any(" +" in table.shown(time.planned) for time in table.times)
    ):
        notes.append("+1: the next day.")
    if clock is not None and clock.site is not None:
        notes.append("; ".join(clock.site.conventions()) + ".")
    if visit.when or visit.optional:
        words = "conditional" if visit.when else "optional"
        notes.append(f"The visit itself is {words}.")
    return notes


def _start(clock: Clock) -> str:
    return format_time(clock.minute)


def _length(table: _Table) -> str:
    """How long the visit takes and when the participant leaves."""
    visit, clock = table.occurrence.visit, table.clock
    parts = []
    if visit.duration is not None:
        length = visit.duration.value
        until = ""
        if clock is not None and isinstance(length.latest, ClockDistance):
            until = f", until {table.shown(length.latest.minutes)}"
            if length.earliest != length.latest:
                until += " at the latest"
        parts.append(f"The session takes {length}{until}")
    if visit.overnight is not None:
        nights = visit.overnight.nights
        stay = "one night" if nights == 1 else f"{nights} nights"
        leave = visit.overnight.until
        if leave is None:
            leave = table.protocol.conventions.leave_time
        after = f"{format_time(leave)} +{nights}{_leaving(table, leave)}"
        parts.append(f"the stay is {stay}, until {after}")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _leaving(table: _Table, leave: int) -> str:
    """What follows when lines of the sheet lie after the hour of leaving on that very day."""
    clock, stay = table.clock, table.occurrence.visit.overnight
    if clock is None or clock.day is None or clock.instant is None or clock.site is None:
        return ""
    assert stay is not None
    try:
        end = to_instant(clock.day, leave + stay.nights * MINUTES_A_DAY, clock.site.zone)
    except SkippedLocalTime as skipped:
        return f" (which clocks skip: {skipped})"
    late = [time for time in table.times if clock.instant + time.planned > end]
    return f", before `{late[0].id}` of the sheet" if late else ""
