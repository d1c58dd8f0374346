"""Recorded visits held against their windows, over many participants, under both day conventions.

Schedules count days from the baseline's date (`2w` is 14 days after it); data sets number study
days, mostly with the baseline as Day 1 and no day 0, where "Day 14" is 13 days after it. Texts mix
the two, so each visit is counted under both.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from planner.protocol.course import Course, TimingConstraint
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.build import allowed_window
from planner.schedule.visit_numbers import visit_label, visit_numbers
from planner.time.distance import CalendarDistance, Window
from planner.timeline.business_days import without_site
from planner.timeline.record import Actual, Record


class WindowCount(NamedTuple):
    """How many visits lie inside, before and after their windows."""

    inside: int = 0
    before: int = 0
    after: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.inside + self.before + self.after

    def __add__(self, other: object) -> "WindowCount":
        """The counts of both, place by place."""
        if not isinstance(other, WindowCount):
            return NotImplemented
        return WindowCount(*(mine + two for mine, two in zip(self, other, strict=True)))


class VisitCount(NamedTuple):
    """One visit of the protocol: its windows and how many lie where.

    ``by_distance`` counts the file's distances from the reference; ``by_day_number`` reads them as
    study-day numbers, ``shift`` days from that (0 where both say the same, else mostly -1).
    ``target`` and ``window`` are those of its first rule, in the file's sense.
    """

    visit: str
    title: str
    label: str
    reference: str
    target: CalendarDistance | None
    window: Window
    shift: int
    by_distance: WindowCount
    by_day_number: WindowCount


class Replay(NamedTuple):
    """All counts: visits in the protocol's order, their sums, and what was not counted, and why.

    ``subjects`` have a baseline and at least one visit that was counted.
    """

    protocol: str
    visits: tuple[VisitCount, ...]
    by_distance: WindowCount
    by_day_number: WindowCount
    subjects: int
    not_counted: Mapping[str, int]


class _Aim(NamedTuple):
    rule: TimingConstraint
    window: Window
    is_anchored: bool


NOT_COUNTED = {
    "subjects": ("subject without a baseline", "subjects without a baseline"),
    "theirs": ("visit of theirs", "visits of theirs"),
    "unscheduled": ("unscheduled visit", "unscheduled visits"),
    "before": ("visit not after the baseline", "visits not after the baseline"),
    "no_window": ("visit without a window", "visits without a window"),
    "no_date": ("visit without a whole date", "visits without a whole date"),
    "not_held": ("visit that did not take place", "visits that did not take place"),
    "again": ("visit recorded again", "visits recorded again"),
    "no_reference": (
        "visit whose reference has no date",
        "visits whose reference has no date",
    ),
}
"""Why something was not counted: what one and what several are called, in the order told."""


class Replayer:
    """Counts record after record; `result` says what came of it.

    A visit is counted where it stands behind the anchor in the protocol, took place on a known
    date, and has a window with both ends in calendar days.
    """

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self._courses: dict[str | None, Course] = {}
        self._aims: dict[str | None, dict[str, tuple[_Aim, ...]]] = {}
        self._distances: dict[str, Counter[tuple[int, ...]]] = {}
        self._first: dict[str, _Aim] = {}
        self._titles: dict[str, str] = {}
        self._not_counted: Counter[str] = Counter()
        self._subjects = 0
        arms: list[str | None] = [arm.id for arm in protocol.arms]
        for arm in arms or [None]:
            self._aims_of(arm)

    def add(self, record: Record, baseline: date | None) -> None:
        """Counts one participant.

        Args:
            record: whose visits are named as the protocol's occurrences are.
            baseline: the date of the anchor; ``None`` where there is none.
        """
        skipped = self._not_counted
        if baseline is None:
            skipped["subjects"] += 1
            skipped["theirs"] += len(record.visits)
            return
        arm = record.arm if record.arm is not None else next(iter(self._aims))
        aims = self._aims_of(arm)
        course = self._courses[arm]
        order = {visit.id: at for at, visit in enumerate(course.visits)}
        anchor = course.anchor or ""
        last: dict[str, Actual] = {}
        for actual in record.visits:
            if actual.status == "unscheduled" or actual.name not in order:
                skipped["unscheduled"] += 1
                continue
            if actual.name in last:
                skipped["again"] += 1
            last[actual.name] = actual
        counted = False
        for name, actual in last.items():
            if order[name] <= order.get(anchor, -1):
                skipped["before"] += 1
            elif actual.status in ("missed", "cancelled", "not-applicable", "booked"):
                skipped["not_held"] += 1
            elif actual.start is None or actual.status == "planned":
                skipped["no_date"] += 1
            elif name not in aims:
                skipped["no_window"] += 1
            else:
                counted |= self._count(name, actual, aims[name], last, baseline, anchor)
        self._subjects += counted

    def _count(
        self,
        name: str,
        actual: Actual,
        aims: tuple[_Aim, ...],
        last: Mapping[str, Actual],
        baseline: date,
        anchor: str,
    ) -> bool:
        """Notes how far a visit lies from each of its references."""
        distances = []
        for aim in aims:
            reference = aim.rule.reference
            day = baseline
            if reference.visit != anchor or reference.end:
                other = last.get(reference.visit)
                moment = None
                if other is not None and other.status == "occurred":
                    moment = (other.end or other.start) if reference.end else other.start
                if moment is None and reference.visit != anchor:
                    self._not_counted["no_reference"] += 1
                    return False
                day = baseline if moment is None else moment.day
            point = (actual.end or actual.start) if aim.rule.point.end else actual.start
            assert point is not None, "a visit without a date is not counted"
            # Months depend on the date, so that the ends are what is kept, in days from it.
            first, final = aim.window.earliest, aim.window.latest
            assert isinstance(first, CalendarDistance), "only these are counted"
            assert isinstance(final, CalendarDistance), "only these are counted"
            distances += [
                (point.day - day).days,
                (first.after(day) - day).days,
                (final.after(day) - day).days,
            ]
        self._distances.setdefault(name, Counter())[tuple(distances)] += 1
        return True

    def _aims_of(self, arm: str | None) -> dict[str, tuple[_Aim, ...]]:
        """The windows of each visit behind the anchor in an arm's course."""
        if arm in self._aims:
            return self._aims[arm]
        course = self._courses[arm] = without_site(expand(self.protocol, arm))
        by_visit: dict[str, list[_Aim]] = {}
        behind = False
        for visit in course.visits:
            if behind:
                by_visit[visit.id] = []
            self._titles.setdefault(visit.id, visit.title)
            behind = behind or visit.id == course.anchor
        for rule in course.rules:
            name = rule.point.visit
            window = allowed_window(rule, course)
            if (
                name in by_visit
                and rule.reference.visit != name
                and not rule.backwards
                and window is not None
                and isinstance(window.earliest, CalendarDistance)
                and isinstance(window.latest, CalendarDistance)
            ):
                by_visit[name].append(_Aim(rule, window, rule.reference.visit == course.anchor))
        self._aims[arm] = {name: tuple(aims) for name, aims in by_visit.items() if aims}
        for name, aims in self._aims[arm].items():
            self._first.setdefault(name, aims[0])
        return self._aims[arm]

    def result(self, planned_days: Mapping[str, int] | None = None) -> Replay:
        """The counts of all records so far.

        Args:
            planned_days: study-day numbers that the data give to visits (VISITDY), the anchor's
                among them; a visit without one is taken for the day of its target's number.
        """
        numbers = planned_days or {}
        labels = visit_numbers(self.protocol)
        visits = []
        for name, title in self._titles.items():
            if name not in self._first:
                continue
            aim = self._first[name]
            shift = self._shift(name, aim, numbers)
            by_distance = by_number = WindowCount()
            for distances, many in self._distances.get(name, Counter()).items():
                by_distance = _add(by_distance, _side(distances, 0), many)
                by_number = _add(by_number, _side(distances, shift), many)
            target = aim.rule.target
            visits.append(
                VisitCount(
                    name,
                    title,
                    visit_label(labels[name], title),
                    str(aim.rule.reference),
                    target if isinstance(target, CalendarDistance) else None,
                    aim.window,
                    shift,
                    by_distance,
                    by_number,
                )
            )
        return Replay(
            self.protocol.id,
            tuple(visits),
            sum((count.by_distance for count in visits), WindowCount()),
            sum((count.by_day_number for count in visits), WindowCount()),
            self._subjects,
            {why: self._not_counted[why] for why in NOT_COUNTED if self._not_counted[why]},
        )

    def _shift(self, name: str, aim: _Aim, numbers: Mapping[str, int]) -> int:
        """By how many days a window moves when its target is read as a study-day number."""
        target = aim.rule.target
        if not aim.is_anchored:
            return 0
        if not isinstance(target, CalendarDistance) or not target.is_fixed:
            return -1
        anchor = numbers.get(aim.rule.reference.visit, 1)
        number = numbers.get(name, target.days)
        return _position(number, anchor) - _position(anchor, anchor) - target.days


def _position(number: int, anchor: int) -> int:
    """Where a study day lies on a line of days; there is no day 0 unless the anchor is it."""
    return number - 1 if anchor != 0 and number > 0 else number


def _side(distances: tuple[int, ...], shift: int) -> int:
    """0 inside all windows, -1 before, 1 after the one that is missed by most."""
    worst = 0
    for at in range(0, len(distances), 3):
        day, first, last = distances[at : at + 3]
        far = min(0, day - first - shift) + max(0, day - last - shift)
        if abs(far) > abs(worst):
            worst = far
    return (worst > 0) - (worst < 0)


def _add(count: WindowCount, side: int, many: int) -> WindowCount:
    if side == 0:
        return count._replace(inside=count.inside + many)
    if side < 0:
        return count._replace(before=count.before + many)
    return count._replace(after=count.after + many)
