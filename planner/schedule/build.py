"""Turns a course into a temporal network: a node per start and end, a bound per written rule.

Instants are minutes, 1,440 to a day (without dates there are no clock changes); calendar distances
bind the days of two instants, clock distances the instants themselves (DOMAIN 2.1). A month is the
interval of lengths that it can have (DOMAIN 2.5).
"""

from typing import NamedTuple

from planner.network.temporal import Network
from planner.protocol.course import NOT_PUBLISHED, Course, Occurrence, Point, TimingConstraint
from planner.protocol.course import allowed_window as allowed_window
from planner.protocol.course import bounding_window as bounding_window
from planner.protocol.course import broken_beyond as broken_beyond
from planner.protocol.course import start_timings as start_timings
from planner.protocol.course import states_window as states_window
from planner.protocol.course import without_window as without_window
from planner.protocol.document import Path
from planner.time.date import format_time
from planner.time.distance import (
    MINUTES_A_DAY,
    CalendarDistance,
    ClockDistance,
    Distance,
    Window,
    turned,
)

IMPLIED = -1
"""Rule number of what nobody writes: a visit does not end before it starts."""


class RuleSource(NamedTuple):
    """What a rule number of the network stands for: something written in the file.

    ``kind`` is ``timing``, ``duration``, ``overnight`` or ``at``; ``path`` is its place in the
    file; ``rule`` is the timing, constraint or rule of listed order where it is one.
    """

    kind: str
    name: str
    text: str
    path: Path
    rule: TimingConstraint | None


class Schedule(NamedTuple):
    """A course and its network; rule numbers index ``statements``, nodes are found by point."""

    course: Course
    network: Network
    nodes: dict[Point, int]
    points: tuple[Point, ...]
    statements: tuple[RuleSource, ...]

    @property
    def anchor(self) -> int | None:
        """The node that days are counted from, ``None`` where the protocol's anchor is missing."""
        name = self.course.anchor
        return None if name is None else self.nodes[Point(name)]


def build_schedule(
    course: Course, *, only: frozenset[int] | None = None, slack: int = 0
) -> Schedule:
    """The network of a course.

    Args:
        course: the course; rules whose visits it lacks are already left out of it.
        only: numbers of the statements that hold; all when ``None``. The numbering is the same
            for every choice, so that a conflict found in one network can be tried in another.
        slack: minutes by which every distance in clock time may be shorter or longer: days on
            which clocks change have more or less than the network's 1,440.
    """
    return _Builder(course, only, slack).schedule()


class _Builder:
    def __init__(self, course: Course, only: frozenset[int] | None, slack: int) -> None:
        self.course = course
        self.only = only
        self.slack = slack
        self.network = Network(MINUTES_A_DAY)
        self.nodes: dict[Point, int] = {}
        self.statements: list[RuleSource] = []

    def schedule(self) -> Schedule:
        for occurrence in self.course.visits:
            self._add_visit(occurrence)
        for rule in self.course.all_rules:
            self._add_rule(rule)
        points = tuple(self.nodes)
        return Schedule(self.course, self.network, self.nodes, points, tuple(self.statements))

    def _state(self, statement: RuleSource) -> int | None:
        """The number of a statement; ``None`` when it is not to hold."""
        number = len(self.statements)
        self.statements.append(statement)
        return number if self.only is None or number in self.only else None

    def _add_node(self, point: Point, phase: tuple[int, int] | None, rule: int | None) -> None:
        if rule is None:
            phase = None
        self.nodes[point] = self.network.add_node(phase, rule)

    def _add_visit(self, occurrence: Occurrence) -> None:
        visit = occurrence.visit
        start, end = Point(occurrence.id), Point(occurrence.id, end=True)
        number = None
        if visit.at is not None:
            text = f"{occurrence.id} starts at {_times(visit.at)}"
            path = (*occurrence.path, "at")
            number = self._state(RuleSource("at", f"{occurrence.id}.at", text, path, None))
        self._add_node(start, visit.at, number)
        if visit.overnight is None and visit.duration is None:
            self._add_node(end, None, None)
            self._bound(start, end, Window(ClockDistance(0), None), None)
            return
        stay = visit.overnight
        number = None
        leave = None
        if stay is not None:
            until = (
                self.course.protocol.conventions.leave_time if stay.until is None else stay.until
            )
            leave = (until, until)
            nights = "the next day" if stay.nights == 1 else f"{stay.nights} days later"
            text = f"{occurrence.id} ends at {format_time(until)} {nights}"
            path = (*occurrence.path, "overnight")
            statement = RuleSource("overnight", f"{occurrence.id}.overnight", text, path, None)
            number = self._state(statement)
        self._add_node(end, leave, number)
        if stay is not None and number is not None:
            nights_long = CalendarDistance(0, stay.nights)
            self._bound(start, end, Window(nights_long, nights_long), number)
        if visit.duration is not None:
            length = visit.duration.value
            text = f"{occurrence.id} takes {length}"
            path = (*occurrence.path, "duration")
            statement = RuleSource("duration", f"{occurrence.id}.duration", text, path, None)
            number = self._state(statement)
            # A stay lasts at least as long as the session at its beginning.
            window = Window(length.earliest, None) if stay is not None else length
            if number is not None:
                self._bound(start, end, window, number)

    def _add_rule(self, rule: TimingConstraint) -> None:
        window = bounding_window(rule, self.course)
        number = self._state(RuleSource("timing", rule.name, describe(rule), rule.path, rule))
        if window is not None and number is not None:
            self._bound(rule.reference, rule.point, window, number)

    def _bound(self, tail: Point, head: Point, window: Window, number: int | None) -> None:
        rule = IMPLIED if number is None else number
        earliest, latest = window.earliest, window.latest
        coarse = isinstance(earliest or latest, CalendarDistance)
        least, most = least_steps(earliest), most_steps(latest)
        if self.slack and not coarse:
            least = None if least is None else least - self.slack
            most = None if most is None else most + self.slack
        self.network.add_bound(
            self.nodes[tail],
            self.nodes[head],
            least,
            most,
            coarse=coarse,
            rule=rule,
        )


def least_steps(distance: Distance | None) -> int | None:
    """The fewest days or minutes a distance can be; ``None`` for an open end."""
    if distance is None:
        return None
    return distance.minutes if isinstance(distance, ClockDistance) else distance.day_span[0]


def most_steps(distance: Distance | None) -> int | None:
    """The most days or minutes a distance can be; ``None`` for an open end."""
    if distance is None:
        return None
    return distance.minutes if isinstance(distance, ClockDistance) else distance.day_span[1]


def describe(rule: TimingConstraint) -> str:
    """A rule in words: `dosing-2 must be 3w..5w after dosing-1`, `visit-3 must be after visit-2`.

    A target without a window is no duty: `visit-3 should be 2w after visit-2`.
    """
    if rule.is_listed_order:
        return describe_order(rule)
    if rule.is_during:
        return f"{rule.point.visit} takes place {describe_distance(rule)}"
    verb = "should be" if rule.window is None and rule.target is not None else "must be"
    return f"{rule.point} {verb} {describe_distance(rule)}"


def describe_distance(rule: TimingConstraint) -> str:
    """How far from its reference a rule puts its point: `3w..5w after dosing-1, target 4w`."""
    if rule.is_listed_order:
        return f"no earlier than {rule.reference}, listed before it"
    if rule.is_during:
        return f"during {rule.reference.visit}"
    window, target = rule.window, rule.target
    if rule.backwards:
        target = None if target is None else -target
        window = None if window is None else turned(window)
    distance = target if window is None else window
    side = "before" if rule.backwards else "after"
    aim = f", target {target}" if window is not None and target is not None else ""
    unpublished = f", {NOT_PUBLISHED}" if rule.order is not None else ""
    far = side if distance is None else f"{distance} {side}"
    return f"{far} {rule.reference}{aim}{unpublished}"


def describe_order(rule: TimingConstraint) -> str:
    """What a rule without a published window says of the order: `visit-3 comes after visit-2`."""
    if rule.is_listed_order:
        return f"{rule.point} comes {describe_distance(rule)}"
    side = "before" if rule.order is not None and rule.order.earliest is None else "after"
    return f"{rule.point} comes {side} {rule.reference}"


def _times(span: tuple[int, int]) -> str:
    first, last = (format_time(minute) for minute in span)
    return first if first == last else f"{first}-{last}"
