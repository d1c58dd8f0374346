"""The instants at which each visit of a course could start, at a site, on given dates.

A closed day never moves a window: it only takes candidates away (DOMAIN 2.7). A visit whose time
of day is free has one candidate a day, at the preferred time, unless a clock distance ties it to
another visit: then every minute that can matter is a candidate.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from copy import copy
from datetime import date
from functools import partial
from math import gcd
from typing import NamedTuple

from planner.protocol.course import Course, Occurrence
from planner.protocol.fields import WEEKDAYS
from planner.site.calendar import SiteCalendar
from planner.time.date import format_time
from planner.time.distance import MINUTES_A_DAY, ClockDistance
from planner.time.local import (
    SkippedLocalTime,
    changes_clock,
    day_of,
    first_instant,
    to_instant,
)
from planner.timeline.availability import ANYTIME, AWAY, Availability, unmet

_QUARTER = 15
"""By multiples of so many minutes the clocks of two zones differ."""

FOR_EVERYBODY = " for everybody"
"""How sentences end that name the one date of a visit in all plans."""


class Candidates(NamedTuple):
    """Possible starts of one visit, ascending; all lists run in parallel.

    ``starts`` and ``ends`` are instants (UTC minutes since 1970), ``days`` and ``end_days`` the
    ordinals of their local dates, ``off`` the minutes between the start and the preferred time.
    """

    starts: list[int]
    days: list[int]
    ends: list[int]
    end_days: list[int]
    off: list[int]

    def way(self, at: int) -> "Way":
        """The way to hold the visit at a candidate."""
        return Way(self.starts[at], self.days[at], self.ends[at], self.end_days[at], self.off[at])


class Way(NamedTuple):
    """One way to hold a visit: as in ``Candidates``."""

    start: int
    day: int
    end: int
    end_day: int
    off: int


class Bounded(NamedTuple):
    """Those of some candidates that are from the ``low``-th to the ``high``-th, maybe none."""

    columns: Candidates
    low: int
    high: int

    def within(self, first: int, last: int) -> "Bounded":
        """Those on the days from ordinal ``first`` to ``last``, both included."""
        days = self.columns.days
        return Bounded(
            self.columns,
            max(self.low, bisect_left(days, first)),
            min(self.high, bisect_right(days, last) - 1),
        )

    def alone(self) -> Candidates:
        """A copy of just these."""
        return Candidates(*(column[self.low : self.high + 1] for column in self.columns))


def whole(columns: Candidates) -> Bounded:
    """All of some candidates."""
    return Bounded(columns, 0, len(columns.starts) - 1)


def columns_of(ways: Sequence[tuple[int, int, int, int, int]]) -> Candidates:
    """Ways in ascending order as columns."""
    if not ways:
        return Candidates([], [], [], [], [])
    return Candidates(*(list(column) for column in zip(*ways, strict=True)))


class _Days:
    """The ways on all days of a stretch, in columns; the stretch grows with what is asked."""

    def __init__(self, find: Callable[[int], list[Way]]) -> None:
        self.find = find
        self.first = 0
        self.last = -1
        self.columns = Candidates([], [], [], [], [])

    def covering(self, first: int, last: int) -> Candidates:
        """All ways on a stretch that has all days from ordinal ``first`` to ``last``.

        Not a copy: what is asked later may put more ways at its end, and moves none.
        """
        if last < first:
            return Candidates([], [], [], [], [])
        if self.last < self.first:
            self.first, self.last = first, first - 1
        if first < self.first:
            before = self._column(range(first, self.first))
            self.columns = Candidates(
                *(new + old for new, old in zip(before, self.columns, strict=True))
            )
            self.first = first
        if last > self.last:
            for old, new in zip(
                self.columns, self._column(range(self.last + 1, last + 1)), strict=True
            ):
                old += new
            self.last = last
        return self.columns

    def between(self, first: int, last: int) -> Candidates:
        """All ways on the days from ordinal ``first`` to ``last``, both included."""
        columns = self.covering(first, last)
        start, end = bisect_left(columns.days, first), bisect_right(columns.days, last)
        return Candidates(*(column[start:end] for column in columns))

    def _column(self, days: range) -> Candidates:
        return columns_of([way for day in days for way in self.find(day)])


class VisitPattern:
    """What decides on which days, and when, a visit can start at a site; remembers each day."""

    def __init__(
        self, occurrence: Occurrence, course: Course, site: SiteCalendar, *, tied: bool
    ) -> None:
        visit = occurrence.visit
        conventions = course.protocol.conventions
        self.occurrence = occurrence
        self.site = site.place(visit.facility, visit.room)
        self.minutes = planned_minutes(occurrence)
        self.at = visit.at
        self.preferred = conventions.visit_time if visit.at is None else visit.at[0]
        self.nights = 0 if visit.overnight is None else visit.overnight.nights
        until = None if visit.overnight is None else visit.overnight.until
        self.leave = conventions.leave_time if until is None else until
        self.at_home = visit.mode == "home" or occurrence.kind == "event"
        self.is_call = visit.mode in ("phone", "video")
        self.available = ANYTIME
        self.date = None if visit.date is None else visit.date.toordinal()
        self.weekdays = frozenset(WEEKDAYS.index(day) for day in visit.weekdays)
        self.has_clock_links = tied and (visit.at is None or visit.at[0] != visit.at[1])
        self.grid = 1
        self.offsets: tuple[int, ...] = (0,)
        self._remember()

    def _remember(self) -> None:
        self._days = _Days(self._find)
        self._days_if_open = _Days(partial(self._find, closures=False))
        self._days_anyhow = _Days(partial(self._find, anyhow=True))

    def share(self, same: "dict[tuple[object, ...], VisitPattern]") -> None:
        """Uses the memory of a visit that can take place on the same days at the same times."""
        key = (
            self.minutes, self.at, self.preferred, self.nights, self.leave, self.at_home,
            self.date, self.weekdays, self.has_clock_links, self.grid, self.site, self.available,
            self.is_call,
        )  # fmt: skip
        first = same.setdefault(key, self)
        self._days, self._days_if_open = first._days, first._days_if_open
        self._days_anyhow = first._days_anyhow

    def for_participant(self, available: Availability) -> "VisitPattern":
        """The same visit for a participant who is away on some dates, or would rather have others.

        An event takes place whenever it does.
        """
        if available == self.available or self.occurrence.kind == "event":
            return self
        other = copy(self)
        other.available = available
        other._remember()
        return other

    def unmet(self, start: int, day: int, end_day: int) -> tuple[str, ...]:
        """What of the participant's availability a place of the visit does not keep, in words.

        Args:
            start: the instant at which it starts.
            day: the ordinal of its date.
            end_day: of that on which it ends.
        """
        zone = self.site.zone
        return unmet(self.available, start, day, end_day, zone, is_call=self.is_call)

    def preferred_on(self, day: int) -> int:
        """The minute of a day (ordinal) at which the visit is wanted, by the site's clock."""
        if self.available is ANYTIME:
            return self.preferred
        zone = self.site.zone
        return self.available.wanted(day, self.preferred, zone, is_call=self.is_call)

    @property
    def times_in_use(self) -> tuple[int, ...]:
        """Minutes that times of day and lengths of the visit are multiples of."""
        times = (self.minutes, self.preferred, *(self.at or ()), *(self.available.times or ()))
        if self.nights:
            times = (*times, self.leave)
        return times if self.available.zone is None else (*times, _QUARTER)

    @property
    def shared(self) -> int:
        """A number that visits with the same memory have in common."""
        return id(self._days)

    def with_offsets(self, offsets: tuple[int, ...]) -> "VisitPattern":
        """The same visit with minutes that lie these many behind those of the grid, too.

        What really took place did so on any minute. What counts from it by the clock lies whole
        steps of the grid from that minute, or else is bound by something on the grid itself.
        """
        if not self.has_clock_links or not offsets:
            return self
        other = copy(self)
        other.offsets = (0, *offsets)
        other._remember()
        return other

    def on(
        self, day: int, grid: int, offsets: Iterable[int], *, closures: bool = True
    ) -> Candidates:
        """All ways to hold the visit on a day (ordinal) at the minutes of a grid.

        Args:
            day: the ordinal of the date.
            grid: minutes from one start to the next.
            offsets: by how many minutes further starts lie behind those of the grid.
            closures: whether the site's opening hours count.
        """
        offsets = {*offsets, *self.offsets, 0}
        return columns_of(self._ways(day, self.start_spans(day, closures=closures), grid, offsets))

    def covering(
        self, first: int, last: int, *, closures: bool = True, anyhow: bool = False
    ) -> Bounded:
        """All ways of `between`, or if so wished of `anyhow`, as a part of what others use, too."""
        days = self._days if closures else self._days_if_open
        columns = (self._days_anyhow if anyhow else days).covering(first, last)
        return Bounded(
            columns, bisect_left(columns.days, first), bisect_right(columns.days, last) - 1
        )

    def between(self, first: int, last: int, *, closures: bool = True) -> Candidates:
        """All ways to hold the visit from ordinal ``first`` to ``last``, both included.

        Args:
            first: a date as an ordinal.
            last: a date as an ordinal; none lies before the first.
            closures: false for the days on which the visit could be if the site were always open.
        """
        return (self._days if closures else self._days_if_open).between(first, last)

    def anyhow(self, first: int, last: int) -> Candidates:
        """As `between`, as if nothing took days from the visit.

        Neither closed days and opening hours do, nor its weekdays, nor a time that a clock skips.
        """
        return self._days_anyhow.between(first, last)

    def why_not(self, day: int) -> str:
        """Why the visit cannot take place on a day; empty when it can."""
        if self.between(day, day).days:
            return ""
        local = date.fromordinal(day)
        if self.date not in (None, day):
            return f"takes place on {date.fromordinal(self.date):%a %Y-%m-%d}{FOR_EVERYBODY}"
        if self.weekdays and local.weekday() not in self.weekdays:
            return f"{WEEKDAYS[local.weekday()].capitalize()} is not among its weekdays"
        skipped = self._skipped(day)
        if self.at_home and (skipped or self._is_away(day)):
            return skipped or AWAY
        closed = self.site.why_closed(local)
        if closed:
            return closed
        if self._is_away(day):
            return AWAY
        if self.nights and not self.site.overnight:
            return "the site has no overnight stays"
        if skipped:
            return skipped
        hours = self.opening_hours(day)
        if self.at is not None and self.at[0] == self.at[1]:
            return f"does not fit at {format_time(self.at[0])} into the opening hours {hours}"
        if self.minutes and not self.nights:
            length = ClockDistance(self.minutes)
            return f"takes {length} and does not fit into the opening hours {hours}"
        return f"does not fit into the opening hours {hours}"

    def _is_away(self, day: int) -> bool:
        return self.available.is_away(day, day + self.nights)

    def opening_hours(self, day: int) -> str:
        """The opening hours of a day (ordinal) as text; empty for a visit at home."""
        if self.at_home:
            return ""
        hours = self.site.hours(date.fromordinal(day))
        return ", ".join(f"{format_time(a)}-{_clock(b)}" for a, b in hours)

    def _skipped(self, day: int) -> str:
        """Which of the visit's times of day the clock skips then, if it can have no other."""
        starts = [self._skip(day, minute) for minute in self.at or ()]
        if self.at is not None and all(starts):
            return starts[0]
        return self._skip(day + self.nights, self.leave) if self.nights else ""

    def _skip(self, day: int, minute: int) -> str:
        try:
            to_instant(date.fromordinal(day), minute, self.site.zone)
        except SkippedLocalTime as skipped:
            return str(skipped)
        return ""

    def start_spans(
        self, day: int, *, closures: bool = True, weekdays: bool = True
    ) -> list[tuple[int, int]]:
        """Local minutes of the day at which the visit may start, as closed intervals.

        Args:
            day: a date as an ordinal.
            closures: false as if the site were always open, and the participant always there.
            weekdays: false as if the protocol allowed all days of the week, and any date.
        """
        local = date.fromordinal(day)
        if weekdays and self.date not in (None, day):
            return []
        if weekdays and self.weekdays and local.weekday() not in self.weekdays:
            return []
        if closures and self.available.away and self._is_away(day):
            return []
        if self.at_home or not closures:
            spans = [(0, MINUTES_A_DAY - 1)]
        else:
            spans = list(self.site.starts(local, self.minutes, self.nights > 0))
        if self.at is None:
            return spans
        first, last = self.at
        return [(max(a, first), min(b, last)) for a, b in spans if max(a, first) <= min(b, last)]

    def _find(self, day: int, *, closures: bool = True, anyhow: bool = False) -> list[Way]:
        spans = self.start_spans(day, closures=closures and not anyhow, weekdays=not anyhow)
        if not spans:
            return []
        if self.has_clock_links:
            return self._ways(day, spans, self.grid, self.offsets, anyhow=anyhow)
        preferred = self.preferred_on(day)
        nearest = min(
            (min(max(preferred, a), b) for a, b in spans),
            key=lambda minute: (abs(minute - preferred), minute),
        )
        way = self._way(day, nearest, anyhow=anyhow)
        return [] if way is None else [way]

    def _ways(
        self,
        day: int,
        spans: list[tuple[int, int]],
        grid: int,
        offsets: Iterable[int],
        *,
        anyhow: bool = False,
    ) -> list[Way]:
        """The ways at the minutes of the spans that lie on a grid or some minutes behind it."""
        minutes = {
            minute
            for a, b in spans
            for offset in offsets
            for minute in range(a + (offset - a) % grid, b + 1, grid)
        }
        minutes |= {end for span in spans for end in span}
        local, zone = date.fromordinal(day), self.site.zone
        ways: set[Way] = set()
        if not self.nights and not changes_clock(local, zone):
            # All that lies within one such day is so many minutes after its midnight.
            midnight, preferred = to_instant(local, 0, zone), self.preferred_on(day)
            for minute in [at for at in minutes if at + self.minutes < MINUTES_A_DAY]:
                start, off = midnight + minute, abs(minute - preferred)
                ways.add(Way(start, day, start + self.minutes, day, off))
                minutes.discard(minute)
        others = (self._way(day, minute, anyhow=anyhow) for minute in minutes)
        return sorted(ways.union(way for way in others if way is not None))

    def _way(self, day: int, minute: int, *, anyhow: bool) -> Way | None:
        zone = self.site.zone
        instant = first_instant if anyhow else to_instant
        try:
            start = instant(date.fromordinal(day), minute, zone)
            if self.nights:
                end_day = day + self.nights
                end = instant(date.fromordinal(end_day), self.leave, zone)
            else:
                end = start + self.minutes
                end_day = day
                if minute + self.minutes >= MINUTES_A_DAY:
                    end_day = day_of(end, zone).toordinal()
        except SkippedLocalTime:
            return None
        if end < start + self.minutes:
            return None
        return Way(start, day, end, end_day, abs(minute - self.preferred_on(day)))


def _clock(minute: int) -> str:
    return "24:00" if minute == MINUTES_A_DAY else format_time(minute)


def planned_minutes(occurrence: Occurrence) -> int:
    """How long a visit is planned for: its longest written duration, 0 where none is written."""
    duration = occurrence.visit.duration
    if duration is None or not isinstance(duration.value.latest, ClockDistance):
        return 0
    return duration.value.latest.minutes


def visit_patterns(course: Course, site: SiteCalendar) -> list[VisitPattern]:
    """One pattern per occurrence, in order; visits tied by clock distances share a grid.

    Difference constraints whose bounds are multiples of a grid have a solution on that grid if
    they have one at all, so the candidates lose nothing (Dechter, Meiri and Pearl 1991).
    """
    tied: set[str] = set()
    steps = [30]
    for rule in course.rules:
        ends = [rule.target]
        if rule.window is not None:
            ends += [rule.window.earliest, rule.window.latest]
        clock = [end.minutes for end in ends if isinstance(end, ClockDistance)]
        if clock and rule.reference.visit != rule.point.visit:
            tied |= {rule.reference.visit, rule.point.visit}
            steps += clock
    patterns = [
        VisitPattern(occurrence, course, site, tied=occurrence.id in tied)
        for occurrence in course.visits
    ]
    bound = [pattern for pattern in patterns if pattern.occurrence.id in tied]
    if any(pattern.has_clock_links for pattern in bound):
        for pattern in bound:
            steps += [pattern.minutes, pattern.leave, *(pattern.at or ())]
        grid = gcd(*steps, *site.minutes_in_use())
        for pattern in bound:
            pattern.grid = grid
    for pattern in patterns:
        pattern.share(site.patterns)
    return patterns
