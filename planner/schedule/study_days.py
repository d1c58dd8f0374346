"""On which study days a visit lies: where targets put it, and what the timings leave it."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from planner.protocol.course import (
    NOT_PUBLISHED,
    Course,
    Occurrence,
    Point,
    TimingConstraint,
    bounding_window,
    without_window,
)
from planner.schedule.aims import aims_of
from planner.schedule.distances import planned_days
from planner.schedule.slack import DayWindow
from planner.time.distance import MINUTES_A_DAY, CalendarDistance, ClockDistance, Distance, Window

Days = tuple[int, int]
"""The fewest and the most days of a distance, both included; a month is not exact."""
_MAX_PASSES = 50
"""Visits are placed in listed order; so often at most what is listed before its reference waits."""


class TargetDay(NamedTuple):
    """Where targets put a visit, in days from the anchor's date.

    ``day`` is where it lies while every visit on the way is where it wants to be, as a plan has it
    (`planner.schedule.aims`). Over the windows of visits without a target it is ``first`` to
    ``last``, both included, ``None`` where a window on the way is open; a month counts with the
    fewest and the most days it can have.
    """

    day: int
    first: int | None
    last: int | None

    @property
    def is_anywhere(self) -> bool:
        """Whether open windows on the way leave any day."""
        return self.first is None and self.last is None


def target_days(course: Course) -> dict[str, TargetDay]:
    """Where the chain of targets puts each visit, by occurrence id; the anchor lies on day 0.

    A visit's own target comes before one that another visit has from it. A target that counts from
    a visit with a window alone counts from all of that window. Visits without a target, those that
    nothing in days ties to the anchor, and those that open windows leave any day are left out.
    """
    places = _Places(course)
    return {
        name: place
        for name, place in places.found.items()
        if name in places.aimed and not place.is_anywhere
    }


def places(course: Course) -> dict[str, TargetDay]:
    """Where every visit lies that timings in days tie to the anchor, with a target or without.

    One without a target lies at the near end of its window, and as far as its window goes.
    """
    return _Places(course).found


def lying_days(course: Course) -> dict[str, int]:
    """About which day each visit has, in days from the anchor's date.

    Where it wants to be, as a plan has it (`planner.schedule.aims`). Visits that no rule in days
    ties are left out.
    """
    if course.anchor is None:
        return {}
    places = _Places(course)
    tied = planned_days(course, course.anchor)
    days = {name: places.wanted.get(name, day) for name, day in tied.items()}
    return {**days, **{name: target_day.day for name, target_day in places.found.items()}}


class _Places:
    """The places of visits, found along targets first, and along windows where these end."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.visits = {visit.id: visit for visit in course.visits}
        self.found: dict[str, TargetDay] = {}
        self.aimed: set[str] = set()
        if course.anchor is None:
            return
        self._ahead: dict[str, list[tuple[TimingConstraint, Days]]] = {}
        self._back: dict[str, list[tuple[TimingConstraint, Days]]] = {}
        self._own: dict[str, list[tuple[TimingConstraint, Window]]] = {}
        self._from: dict[str, list[tuple[TimingConstraint, Window]]] = {}
        for rule in course.rules:
            gap = self._gap(rule)
            window = bounding_window(rule, course)
            if gap is not None:
                self._ahead.setdefault(rule.reference.visit, []).append((rule, gap))
                self._back.setdefault(rule.point.visit, []).append((rule, gap))
            elif window is not None and _is_own(rule):
                self._own.setdefault(rule.point.visit, []).append((rule, window))
                self._from.setdefault(rule.reference.visit, []).append((rule, window))
        self._follow_targets(course.anchor, TargetDay(0, 0, 0))
        for _ in range(_MAX_PASSES):
            if not self._follow_windows():
                break
        self.wanted = self._wanted_days(course.anchor)
        for name, place in self.found.items():
            self.found[name] = _nearest(self.wanted.get(name, place.day), place)

    def _wanted_days(self, anchor: str) -> dict[str, int]:
        """On which day each visit lies while all are where they want to be."""
        steps: dict[str, list[tuple[str, int]]] = {}
        for aim in aims_of(self.course):
            (least, most), nights = _about_days(aim.distance), self._nights(aim.rule)
            reference, there = aim.rule.reference.visit, aim.rule.point.visit
            steps.setdefault(reference, []).append((there, least + nights))
            steps.setdefault(there, []).append((reference, -most - nights))
        days, ahead = {anchor: 0}, [anchor]
        while ahead:
            reference = ahead.pop()
            for there, step in steps.get(reference, ()):
                if there not in days:
                    days[there] = days[reference] + step
                    ahead.append(there)
        return days

    def _follow_targets(self, start: str, place: TargetDay) -> None:
        """Places all that targets lead to; forward first, since a visit's own target counts."""
        self.found[start] = place
        if start == self.course.anchor:
            self.aimed.add(start)
        forward, backward = deque([start]), deque([start])
        while forward or backward:
            is_forward = bool(forward)
            name = forward.popleft() if is_forward else backward.popleft()
            for rule, gap in (self._ahead if is_forward else self._back).get(name, ()):
                there = rule.point.visit if is_forward else rule.reference.visit
                if there not in self.found:
                    step = gap if is_forward else (-gap[1], -gap[0])
                    self.found[there] = _moved(self.found[name], step)
                    self.aimed.add(there)
                    forward.append(there)
                    backward.append(there)

    def _follow_windows(self) -> bool:
        """Places the visits whose windows count from places; whether there were any."""
        before = len(self.found)
        for only_whole in (True, False):
            for visit in self.course.visits:
                if visit.id not in self.found:
                    place = self._in_windows(visit.id, only_whole=only_whole)
                    if place is not None:
                        self._follow_targets(visit.id, place)
            if len(self.found) > before:
                return True
        return False

    def _in_windows(self, name: str, *, only_whole: bool) -> TargetDay | None:
        """What a visit's own windows leave it, else those that others count from it."""
        own = self._own.get(name, ())
        known = [each for each in own if each[0].reference.visit in self.found]
        if own and (len(known) == len(own) or (known and not only_whole)):
            return _between(
                (self.found[rule.reference.visit], self._in_days(rule, window))
                for rule, window in known
            )
        if own or only_whole:
            return None
        others = [each for each in self._from.get(name, ()) if each[0].point.visit in self.found]
        return _between(
            (self.found[rule.point.visit], _turned(self._in_days(rule, window)))
            for rule, window in others
        )

    def _gap(self, rule: TimingConstraint) -> Days | None:
        """Days from the start of the reference to that of the visit, where a target fixes them."""
        distance = rule.target
        window = rule.window
        if distance is None and window is not None and window.earliest == window.latest:
            distance = window.earliest
        if distance is None or not _is_own(rule):
            return None
        days = _whole_days(distance, rule)
        if days is None:
            return None
        moved = self._nights(rule)
        return days[0] + moved, days[1] + moved

    def _in_days(self, rule: TimingConstraint, window: Window) -> DayWindow:
        """A window as days from the start of its reference to that of its visit."""
        moved = self._nights(rule)
        ends = (
            None if end is None else _whole_days(end, rule)
            for end in (window.earliest, window.latest)
        )
        first, last = ends
        return DayWindow(
            None if first is None else first[0] + moved, None if last is None else last[1] + moved
        )

    def _nights(self, rule: TimingConstraint) -> int:
        return _nights(rule.reference, self.visits) - _nights(rule.point, self.visits)


def _is_own(rule: TimingConstraint) -> bool:
    """Whether it is a timing that places one visit from another."""
    return not rule.is_constraint and rule.reference.visit != rule.point.visit


def _moved(place: TargetDay, step: Days) -> TargetDay:
    """A place so many days on; in a place without windows the months alone widen it."""
    first = None if place.first is None else place.first + step[0]
    last = None if place.last is None else place.last + step[1]
    return TargetDay(place.day + step[0], first, last)


def _between(windows: Iterable[tuple[TargetDay, DayWindow]]) -> TargetDay | None:
    """What several windows leave together, each counted from a place.

    Its ``day`` is the first of them that holds. ``None`` for no windows, for such in clock time,
    and for those that contradict each other.
    """
    each = [(place, *window) for place, window in windows]
    earliest = max((at.day + first for at, first, _ in each if first is not None), default=None)
    latest = min((at.day + last for at, _, last in each if last is not None), default=None)
    if earliest is not None and latest is not None and earliest > latest:
        return None
    day = latest if earliest is None else earliest
    if day is None:
        return None
    firsts = [_sum(at.first, first) for at, first, _ in each]
    lasts = [_sum(at.last, last) for at, _, last in each]
    return TargetDay(
        day,
        max((first for first in firsts if first is not None), default=None),
        min((last for last in lasts if last is not None), default=None),
    )


def _nearest(day: int, place: TargetDay) -> TargetDay:
    """The place with the day of its own that is nearest to a day."""
    day = day if place.first is None else max(day, place.first)
    return place._replace(day=day if place.last is None else min(day, place.last))


def _sum(day: int | None, more: int | None) -> int | None:
    return None if day is None or more is None else day + more


def _turned(window: DayWindow) -> DayWindow:
    """The same days seen from the visit back to its reference."""
    first, last = window
    return DayWindow(None if last is None else -last, None if first is None else -first)


def _about_days(distance: Distance) -> Days:
    """The days of a distance; those of clock time rounded."""
    if isinstance(distance, ClockDistance):
        days = round(distance.minutes / MINUTES_A_DAY)
        return days, days
    return distance.day_span


def _whole_days(distance: Distance, rule: TimingConstraint) -> Days | None:
    if isinstance(distance, CalendarDistance):
        return distance.day_span
    if rule.reference.end or rule.point.end or distance.minutes % MINUTES_A_DAY:
        return None
    days = distance.minutes // MINUTES_A_DAY
    return days, days


def _nights(point: Point, visits: dict[str, Occurrence]) -> int:
    stay = visits[point.visit].visit.overnight
    return stay.nights if point.end and stay is not None else 0


def study_day_texts(course: Course, windows: Mapping[str, DayWindow]) -> dict[str, str]:
    """The study days of each visit in words, by occurrence id; see `study_day_text`.

    ``windows`` are the days that stated windows leave, empty where the timings contradict each
    other. Else a visit without a target, whose own window counts from one without a published
    window, has its days around the target of that one.

    Args:
        course: with an anchor.
        windows: by occurrence id, in days from the anchor's date, both ends included.
    """
    return {
        name: study_day_text(
            target, window, day_zero=course.protocol.day_zero, published=is_published
        )
        for name, target, window, is_published in _shown(course, windows)
    }


def only_days(course: Course, windows: Mapping[str, DayWindow]) -> dict[str, int]:
    """The day of each visit of which `study_day_texts` shows one, in days from the anchor's date.

    Where targets put it; without a target, the only day that is left.

    Args:
        course: with an anchor.
        windows: by occurrence id, in days from the anchor's date, both ends included.
    """
    days_by_visit: dict[str, int] = {}
    for name, target, window, is_published in _shown(course, windows):
        days: tuple[int | None, int | None] = (None, None)
        if target is not None and not target.is_anywhere:
            days = (target.first, target.last)
        elif window is not None and is_published:
            days = window
        if days[0] is not None and days[0] == days[1]:
            days_by_visit[name] = days[0]
    return days_by_visit


def _shown(
    course: Course, windows: Mapping[str, DayWindow]
) -> Iterator[tuple[str, TargetDay | None, DayWindow | None, bool]]:
    """Of each visit its id, target, days that are left, and whether its window is published."""
    places = _Places(course)
    unstated = without_window(course)
    for visit in course.visits:
        window, place = windows.get(visit.id), places.found.get(visit.id)
        target = place if visit.id in places.aimed else None
        is_open = window is None or window == DayWindow(None, None)
        has_days = bool(windows) and is_open and visit.id not in unstated
        if target is None and place is not None and has_days:
            window = DayWindow(place.first, place.last)
        yield visit.id, target, window, visit.id not in unstated


def study_day_text(
    target: TargetDay | None, window: DayWindow | None, *, day_zero: bool, published: bool = True
) -> str:
    """Study days as a schedule of activities writes them; empty where nothing is known.

    Such as `15`, `29 ± 7`, `43 (40..57)`, `22..36`, `≥ 100` or `85 (window not published)`: the
    target and around it, or else alone, the days that the timings leave. Both are counted from the
    anchor's date, which is Day 1 with Day -1 before it, or Day 0 with ``day_zero``. A target that
    open windows leave any day is none.

    Args:
        target: in days from the anchor's date; ``None`` for a visit that has none.
        window: in days from the anchor's date, both ends included; ``None`` where it is not known.
        day_zero: whether the anchor's date is Day 0.
        published: false for a window that nobody has published.
    """

    def number(day: int | None) -> int | None:
        return day if day is None or day_zero or day < 0 else day + 1

    first, last = (None, None) if window is None else window
    room = _range(number(first), number(last))
    if target is None or target.is_anywhere:
        return room if published else "; ".join(part for part in (room, NOT_PUBLISHED) if part)
    aim = _range(number(target.first), number(target.last))
    if not published:
        around = "" if room == aim else room
        return f"{aim} ({'; '.join(part for part in (around, NOT_PUBLISHED) if part)})"
    if room in ("", aim):
        return aim
    if first is not None and last is not None and target.first == target.last == target.day:
        crosses_zero = not day_zero and first < 0 <= last
        if target.day - first == last - target.day and not crosses_zero:
            return f"{aim} ± {target.day - first}"
    return f"{aim} ({room})"


def _range(first: int | None, last: int | None) -> str:
    if first is None:
        return "" if last is None else f"≤ {last}"
    if last is None:
        return f"≥ {first}"
    return str(first) if first == last else f"{first}..{last}"
