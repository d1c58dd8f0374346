"""Where each visit of a course wants to lie: on its target, or at the near end of its window.

A visit with a target wants the target. One without wants the near end of its window at the same
price per day (DOMAIN 2.12): the distance nearest its reference, so the first day of `1w..4w`, the
last of `4w..1w` before, and the reference itself where the window holds it.

Of several timings without a target the first one says which end is near, and another one that
bounds the visit further on takes its place: `6w..26w` after one visit and `1d..` after another is
the later of the two starts. Which one that is, is told once by the course as written, every visit
where it wants to be, so that no plan makes it another one. That a visit follows the one listed
before it is such a bound, too; where nothing else is said of a visit, it wants to follow at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from planner.network.groups import Groups
from planner.protocol.course import Course, Occurrence, TimingConstraint, bounding_window
from planner.time.distance import MINUTES_A_DAY, CalendarDistance, ClockDistance, Distance, Window


class Aim(NamedTuple):
    """The distance from its reference at which a rule's visit wants to lie.

    ``is_target``: it is written as the target; else it is an end of a window, and of one in clock
    time its date counts, since the time of day is the visit's own preference.
    """

    rule: TimingConstraint
    distance: Distance
    is_target: bool


Bound = tuple[TimingConstraint, Window]


class AimedStart(NamedTuple):
    """So many minutes after the start of the visit that a chain of aims begins with."""

    root: str
    minute: int


def aims_of(course: Course) -> tuple[Aim, ...]:
    """The aims of a course: every target; a near end for each visit without one.

    Visits that would float, because nothing that wants anything ties them to the anchor, want the
    near end of the first rule that does: another visit's timing, a constraint, or the listed order.
    """
    rules = [rule for rule in course.all_rules if rule.reference.visit != rule.point.visit]
    targets = [Aim(rule, rule.target, True) for rule in rules if rule.target is not None]
    aimed = {aim.rule.point.visit for aim in targets}
    bounds: list[Bound] = []
    own: dict[str, list[Bound]] = {}
    for rule in rules:
        window = bounding_window(rule, course)
        if window is None:
            continue
        bounds.append((rule, window))
        name = rule.point.visit
        if name in own and rule.is_listed_order:
            own[name].append((rule, window))
        elif name not in aimed and not rule.is_listed_order and not rule.is_constraint:
            own.setdefault(name, []).append((rule, window))
    written = AsWritten(course, targets, own)
    aims = [*targets, *(written.near_aim(aim) for aim in own.values())]
    return (*aims, *_ties(course, aims, bounds))


def target_weight(course: Course, occurrence: Occurrence) -> int:
    """What a day off target costs at this visit.

    Args:
        course: whose protocol has weights for kinds of visits; 1 where nothing states another.
        occurrence: whose own weight goes before that of its kind.
    """
    if occurrence.visit.weight is not None:
        return occurrence.visit.weight
    for kind, weight in course.protocol.conventions.weights.items():
        if kind == occurrence.kind:
            return weight
    return 1


def near_end(window: Window) -> Distance:
    """The distance of a window that is nearest to its reference."""
    earliest, latest = window.earliest, window.latest
    if earliest is not None and _minutes(earliest) > 0:
        return earliest
    if latest is not None and _minutes(latest) < 0:
        return latest
    is_clock = isinstance(earliest or latest, ClockDistance)
    return ClockDistance(0) if is_clock else CalendarDistance(0, 0)


class AsWritten:
    """The course with every visit where it wants to be, whatever the site: which ends are near."""

    def __init__(
        self, course: Course, targets: Sequence[Aim], own: Mapping[str, Sequence[Bound]]
    ) -> None:
        self._own = own
        self._target = {aim.rule.point.visit: aim for aim in targets}
        self._nights = {
            visit.id: visit.visit.overnight.nights
            for visit in course.visits
            if visit.visit.overnight is not None
        }
        self._places: dict[str, AimedStart] = {}
        for occurrence in course.visits:
            self._place(occurrence.id)

    def near_aim(self, bounds: Sequence[Bound]) -> Aim:
        """The near end of the first timing, or the bound of another one that lies beyond it."""
        rule, window = bounds[0]
        aim = Aim(rule, near_end(window), is_target=False)
        place = self._led(aim)
        for is_latest in (True, False):
            for rule, window in bounds[1:]:
                end = window.latest if is_latest else window.earliest
                if end is None or place is None:
                    continue
                beyond = Aim(rule, end, is_target=False)
                there = self._led(beyond)
                if there is None or there.root != place.root:
                    continue
                if there < place if is_latest else there > place:
                    aim, place = beyond, there
        return aim

    def _place(self, visit: str) -> None:
        """Places a visit after all that it counts from; what counts in circles begins a chain."""
        opened: set[str] = set()
        stack = [visit]
        while stack:
            name = stack[-1]
            before = self._references(name) - self._places.keys() - opened
            if name not in self._places and before:
                opened.add(name)
                stack += sorted(before)
                continue
            stack.pop()
            if name not in self._places:
                self._places[name] = self._wanted(name) or AimedStart(name, 0)

    def _references(self, name: str) -> set[str]:
        if name in self._target:
            return {self._target[name].rule.reference.visit}
        return {rule.reference.visit for rule, _ in self._own.get(name, ())}

    def _wanted(self, name: str) -> AimedStart | None:
        if name in self._target:
            return self._led(self._target[name])
        bounds = [
            bound for bound in self._own.get(name, ()) if bound[0].reference.visit in self._places
        ]
        return self._led(self.near_aim(bounds)) if bounds else None

    def _led(self, aim: Aim) -> AimedStart | None:
        """Where an aim leads from its reference; a stay ends its nights later than it starts."""
        reference, point = aim.rule.reference, aim.rule.point
        place = self._places.get(reference.visit)
        if place is None:
            return None
        nights = self._nights.get(reference.visit, 0) if reference.end else 0
        nights -= self._nights.get(point.visit, 0) if point.end else 0
        return AimedStart(
            place.root, place.minute + nights * MINUTES_A_DAY + _minutes(aim.distance)
        )


def _minutes(distance: Distance) -> int:
    """A distance in minutes; a month has its mean length."""
    if isinstance(distance, ClockDistance):
        return distance.minutes
    return sum(distance.day_span) * MINUTES_A_DAY // 2


def _ties(course: Course, aims: Sequence[Aim], bounds: Sequence[Bound]) -> Iterator[Aim]:
    """Near ends of further rules that tie to the rest what no aim does."""
    groups = Groups(visit.id for visit in course.visits)
    for aim in aims:
        groups.join(aim.rule.point.visit, aim.rule.reference.visit)
    for rule, window in bounds:
        if groups.join(rule.point.visit, rule.reference.visit):
            yield Aim(rule, near_end(window), is_target=False)
