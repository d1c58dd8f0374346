"""The plan inside one visit as plain rows: its run sheet, how long it takes, and who is there.

Times are minutes from the visit's start. They have clock times where the start is known: from the
file, or from a participant's timeline.
"""

from typing import NamedTuple

from planner.notice import NOTICE
from planner.protocol.course import Course, Occurrence
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.protocol.visit import RunSheetItem, Staffing
from planner.schedule.named_visits import visit_named
from planner.schedule.run_sheet import SheetTime
from planner.site.calendar import SiteCalendar
from planner.time.date import format_time
from planner.time.distance import MINUTES_A_DAY, ClockDistance
from planner.time.local import to_instant
from planner.timeline.model import Timeline
from planner.views.charts.course import long_date, shown_visits
from planner.views.run_sheet import (
    Clock,
    NoRunSheet,
    find_occurrence,
    kept_times,
    people,
)
from planner.views.site_words import at_site

Minutes = tuple[int | None, int | None]
"""Earliest and latest minute, both included; ``None`` is open."""


class ItemTime(NamedTuple):
    """One time at which an item is done; ``end`` is ``None`` where no duration is given."""

    planned: int
    room: Minutes
    end: int | None


class DayItem(NamedTuple):
    """A line of the run sheet with all its repetitions; ``when`` is that in words."""

    title: str
    kind: str
    optional: bool
    times: tuple[ItemTime, ...]
    when: str
    who: str


class Presence(NamedTuple):
    """Who is there, and from when to when; stretches are in order and apart."""

    who: str
    stretches: tuple[tuple[int, int], ...]


class DayTable(NamedTuple):
    """The plan inside one visit as its chart shows it.

    ``session`` is how many minutes the session takes at most, ``stay`` when the participant leaves
    after a night; ``None`` where the file does not say or there is none.
    """

    title: str
    about: tuple[str, ...]
    clock: Clock | None
    zero: int
    items: tuple[DayItem, ...]
    session: int | None
    stay: int | None
    staff: tuple[Presence, ...]
    changes: tuple[int, ...]
    notes: tuple[str, ...]

    @property
    def end(self) -> int:
        """The last minute of what is drawn."""
        ends = [time.end or time.planned for item in self.items for time in item.times]
        return max([*ends, self.session or 0, self.stay or 0, 1])

    def shown(self, minute: int) -> str:
        """A time on the clock (`17:00`, `09:00 +1`), or from the run sheet's zero (`+1:20`)."""
        return time_text(minute, self.clock, self.zero)


def day_table(
    protocol: Protocol,
    visit: str | None = None,
    arm: str | None = None,
    *,
    timeline: Timeline | None = None,
    site: SiteCalendar | None = None,
) -> DayTable:
    """The plan inside one visit.

    Args:
        protocol: as loaded.
        visit: as `planner.schedule.named_visits.visit_named` reads it; the first dosing session
            with a run sheet when ``None``, or else the first visit that has one.
        arm: an arm's id; the first one when ``None``, that of the timeline with one.
        timeline: a participant's plan, which dates the visit; needs ``site``.
        site: the site's calendar.

    Raises:
        NoRunSheet: the visit has none, or one that contradicts itself.
        PlannerError: there is no such visit in the course or in the plan.
    """
    visit = None if visit is None else visit_named(visit, protocol)
    if timeline is None:
        course = shown_visits(protocol, arm)[0]
    else:
        _refuse_undated(visit, timeline)
        course = _planned(protocol, timeline)
    occurrence = _first_sheet(course) if visit is None else find_occurrence(course, visit)
    times = kept_times(course, occurrence)
    clock = _clock(occurrence, timeline, site)
    sheet = occurrence.visit.run_sheet
    zero = 0 if sheet is None or sheet.zero is None else sheet.zero.minutes
    session = _session(occurrence)
    stay = _stay(protocol, occurrence, clock)
    last = max([*(time.planned for time in times), session or 0])
    changes = tuple(time.planned for time in times if time.item.kind == "shift-change")
    about = [f"{protocol.title} ({protocol.id}, version {protocol.version})"]
    if timeline is not None and clock is not None and clock.day is not None:
        place = at_site(timeline.site_id, timeline.site_title, timeline.timezone)
        about.append(f"{timeline.participant}, {long_date(clock.day)}{place}")
    notes = ["Boxes: allowed times by all lines of the run sheet together, both ends included."]
    if clock is None:
        notes.append(
            "This visit has no time of day in the file; times count from the sheet's zero."
        )
    elif timeline is None:
        notes.append(f"Clock times for a start at {format_time(clock.minute)}.")
    if stay is not None:
        notes.append("+1: the next day.")
    return DayTable(
        title=f"{occurrence.title}: the plan of the day",
        about=tuple(about),
        clock=clock,
        zero=zero,
        items=_items(protocol, times, clock, zero),
        session=session,
        stay=stay,
        staff=_staff(protocol, occurrence, times, last if stay is None else max(stay, last)),
        changes=changes,
        notes=(*notes, NOTICE),
    )


def time_text(minute: int, clock: Clock | None, zero: int) -> str:
    """A minute on the clock, with the days after the first one; from zero without a clock."""
    if clock is None:
        distance = minute - zero
        sign = "-" if distance < 0 else "+" if distance else ""
        return f"{sign}{abs(distance) // 60}:{abs(distance) % 60:02d}"
    local = clock.local(minute)
    if local is None or clock.day is None:
        days, of_day = divmod(clock.minute + minute, MINUTES_A_DAY)
        return format_time(of_day) + (f" {days:+d}" if days else "")
    days = (local.date() - clock.day).days
    return f"{local:%H:%M}" + (f" {days:+d}" if days else "")


def _refuse_undated(visit: str | None, timeline: Timeline) -> None:
    """Refuses a visit of the plan that has no date."""
    for waiting_visit in timeline.waiting:
        if waiting_visit.id == visit:
            raise NoRunSheet(f"`{waiting_visit.id}` {waiting_visit.why}, so its day has no date")


def _planned(protocol: Protocol, timeline: Timeline) -> Course:
    """The course as far as it is in a participant's plan, which may lie behind the unblinding."""
    planned = {visit.id for visit in timeline.visits}
    whole = expand(protocol, timeline.arm)
    hidden = {visit.id for visit in whole.visits} - planned
    return expand(protocol, timeline.arm, left_out=hidden)


def _first_sheet(course: Course) -> Occurrence:
    sheets = [visit for visit in course.visits if visit.visit.run_sheet is not None]
    if not sheets:
        raise NoRunSheet(f"no visit of `{course.protocol.id}` has a run sheet")
    return next((visit for visit in sheets if visit.kind == "dosing"), sheets[0])


def _clock(
    occurrence: Occurrence, timeline: Timeline | None, site: SiteCalendar | None
) -> Clock | None:
    if timeline is None or site is None:
        at = occurrence.visit.at
        return None if at is None else Clock(at[0])
    dated = next(visit for visit in timeline.visits if visit.id == occurrence.id)
    day = dated.start.date()
    minute = dated.start.hour * 60 + dated.start.minute
    return Clock(minute, day, to_instant(day, minute, site.zone), site)


def _session(occurrence: Occurrence) -> int | None:
    duration = occurrence.visit.duration
    length = None if duration is None else duration.value.latest
    return length.minutes if isinstance(length, ClockDistance) else None


def _stay(protocol: Protocol, occurrence: Occurrence, clock: Clock | None) -> int | None:
    """Minutes to the hour of leaving after a night, by clocks that do not change in it."""
    stay = occurrence.visit.overnight
    if stay is None or clock is None:
        return None
    until = protocol.conventions.leave_time if stay.until is None else stay.until
    minutes = stay.nights * MINUTES_A_DAY + until - clock.minute
    local, begin = clock.local(minutes), clock.local(0)
    if local is not None and begin is not None:
        before, after = begin.utcoffset(), local.utcoffset()
        if before is not None and after is not None:
            minutes -= int((after - before).total_seconds() // 60)
    return minutes


def _items(
    protocol: Protocol, times: list[SheetTime], clock: Clock | None, zero: int
) -> tuple[DayItem, ...]:
    by_item: dict[str, list[SheetTime]] = {}
    for time in times:
        by_item.setdefault(time.item.id, []).append(time)
    day_items = []
    for group in by_item.values():
        item = group[0].item
        length = None if item.duration is None else item.duration.latest
        minutes = length.minutes if isinstance(length, ClockDistance) else None
        day_items.append(
            DayItem(
                title=item.title or item.id,
                kind=item.kind,
                optional=item.optional or item.when is not None,
                times=tuple(
                    ItemTime(
                        time.planned,
                        (time.earliest, time.latest),
                        None if minutes is None else time.planned + minutes,
                    )
                    for time in group
                ),
                when=_when(group, clock, zero),
                who="" if item.staff is None else ", ".join(people(protocol, item.staff).values()),
            )
        )
    return tuple(day_items)


def _when(group: list[SheetTime], clock: Clock | None, zero: int) -> str:
    def text(minute: int) -> str:
        return time_text(minute, clock, zero)

    first, last = group[0], group[-1]
    if len(group) > 1:
        every = f", every {first.item.every}" if first.item.every is not None else ""
        return f"{text(first.planned)} to {text(last.planned)}{every}, {len(group)} times"
    early, late = first.earliest, first.latest
    if early == late:
        return text(first.planned)
    if early is None or late is None:
        bound = "" if early is None and late is None else "from " if late is None else "until "
        end = early if late is None else late
        return f"{text(first.planned)} ({bound}{'' if end is None else text(end)})"
    return f"{text(first.planned)} ({text(early)}..{text(late)})"


def _staff(
    protocol: Protocol, occurrence: Occurrence, times: list[SheetTime], end: int
) -> tuple[Presence, ...]:
    """Each role with its stretches: who stays from shift to shift, and who comes for a line."""
    presences: dict[str, list[tuple[int, int]]] = {}

    def present(staff: Staffing | None, start: int, until: int) -> None:
        if staff is not None and until > start:
            for who in people(protocol, staff).values():
                presences.setdefault(who, []).append((start, until))

    staff, since = occurrence.visit.staff, 0
    for time in times:
        if time.item.kind == "shift-change" and time.item.staff is not None:
            present(staff, since, time.planned)
            staff, since = time.item.staff, time.planned
    present(staff, since, end)
    for time in times:
        if time.item.kind != "shift-change":
            present(time.item.staff, time.planned, time.planned + _minutes_of(time.item))
    return tuple(Presence(who, _joined(stretches)) for who, stretches in presences.items())


def _minutes_of(item: RunSheetItem) -> int:
    """How long a line takes for who does it; a quarter of an hour where nobody says."""
    length = None if item.duration is None else item.duration.latest
    return length.minutes if isinstance(length, ClockDistance) else 15


def _joined(stretches: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)
