"""The course: what a protocol asks of one participant, with cycles unrolled and arms chosen.

Every occurrence of every visit has its own id (`dosing-2` is visit `dosing` in cycle 2), and every
rule names the two points it binds and where it stands in the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from planner.protocol.document import Path
from planner.protocol.evidence import Stated
from planner.protocol.fields import ListedKind, Mode
from planner.protocol.model import Epoch, Protocol, Track
from planner.protocol.reminder import Reminder
from planner.protocol.visit import Visit, grid_of
from planner.time.distance import CalendarDistance, ClockDistance, Distance, Window

NOT_PUBLISHED = "window not published"
"""What every view says of a visit of which no text states a window."""


class Point(NamedTuple):
    """The start or the end of one occurrence: its id, and ``start`` or ``end``."""

    visit: str
    end: bool = False

    def __str__(self) -> str:
        return f"{self.visit}.end" if self.end else self.visit


class TimingConstraint(NamedTuple):
    """A timing or constraint between two points, as signed distances from ``reference``.

    ``name`` is what messages call it (`dosing-2.next`); ``backwards`` says that it was written
    with ``before``, so that the written distances have the other sign. ``order`` is what order
    alone leaves where no window was published, or of a rule that states nothing but order; it
    bounds what can be planned and is never a window, so that ``window`` is then ``None``.
    """

    name: str
    reference: Point
    point: Point
    window: Window | None
    target: Distance | None
    backwards: bool
    stated: Stated
    path: Path
    order: Window | None = None

    @property
    def is_constraint(self) -> bool:
        """Whether it stands among the protocol's constraints and not at its visit."""
        return self.name.startswith("constraints.")

    @property
    def is_during(self) -> bool:
        """Whether it is one of the rules that keep a visit inside another one."""
        return self.path[-1] == "during"

    @property
    def is_listed_order(self) -> bool:
        """Whether it says nothing but that a visit follows the one listed before it."""
        return self.order is not None and self.path[-1] == "order"


class Occurrence(NamedTuple):
    """One visit of the course.

    ``cycle`` counts from 1 the cycles of its epoch or the points of its grid; ``None`` elsewhere.
    """

    id: str
    kind: ListedKind
    title: str
    visit: Visit
    epoch: Epoch
    cycle: int | None
    path: Path

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Where it is listed: by epoch, cycle, visit, and point of the visit's own grid."""
        _, epoch, _, visit = self.path
        assert isinstance(epoch, int)
        assert isinstance(visit, int)
        number = self.cycle or 0
        return (epoch, number, visit, 0) if self.epoch.cycle else (epoch, 0, visit, number)

    @property
    def ends_by(self) -> str | None:
        """The decision that ends the visit's cycle or grid; ``None`` where none does."""
        if self.epoch.cycle is not None:
            return self.epoch.cycle.until
        grid = grid_of(self.visit)
        return grid.until if grid is not None and isinstance(grid.until, str) else None

    def with_mode(self, mode: Mode | None) -> "Occurrence":
        """The same in a way that is settled; as it is where the mode is ``None``."""
        if mode is None:
            return self
        settled = self.visit.model_copy(update={"mode": mode, "also_by": ()})
        return self._replace(visit=settled)

    def repeats_with(self, other: "Occurrence") -> bool:
        """Whether another occurrence is of the same cycle or grid."""
        if self.epoch.cycle is not None:
            return self.epoch is other.epoch
        return self.path == other.path


class Ending(NamedTuple):
    """The decision that ends a cycle or a grid, and how often that can come round at most."""

    repeats: Epoch | Visit
    decision: str
    at_most: int | None


def endings(visits: Iterable[Occurrence]) -> list[Ending]:
    """Every cycle and grid of these visits that a decision ends, once each.

    Args:
        visits: of one course.
    """
    by_path: dict[Path, Ending] = {}
    for visit in visits:
        if visit.ends_by is None:
            continue
        cycle, grid = visit.epoch.cycle, grid_of(visit.visit)
        if cycle is not None:
            by_path[visit.path[:2]] = Ending(visit.epoch, visit.ends_by, cycle.at_most)
        elif grid is not None:
            by_path[visit.path] = Ending(visit.visit, visit.ends_by, grid.at_most)
    return list(by_path.values())


class VisitReminder(NamedTuple):
    """A reminder of the course, of one visit: of one that repeats there is one each time."""

    id: str
    title: str
    reminder: Reminder
    point: Point


class Flaw(NamedTuple):
    """Something about the file's structure that keeps a part of it out of the course."""

    check: str
    message: str
    path: Path
    hint: str | None = None


class Waiting(NamedTuple):
    """A visit or a track of the course that has no date (see `planner.schedule.undated`).

    ``references`` are the ids of the visits that it counts from, none of which has a date. They are
    empty where nothing ties it to the anchor, and where it does not take place itself. ``never``
    says that none of them takes place any more, or not it itself.
    """

    what: Occurrence | Track
    references: tuple[str, ...]
    never: bool = False

    @property
    def is_untied(self) -> bool:
        """Whether nothing ties it to the anchor; what nobody plans needs no tie."""
        is_planned = isinstance(self.what, Track) or not self.what.visit.unscheduled
        return is_planned and not self.references and not self.never


class Course(NamedTuple):
    """What a participant of one arm goes through: occurrences in listed order, and all rules.

    ``rules`` are the timings and constraints, ``order`` the rules that visits which are listed one
    after another take place in that order.
    ``waiting`` are the visits and tracks without a date, in listed order: they are not among the
    ``visits`` and ``tracks``, and no rule is about them. ``reminders`` may be of any of them.
    """

    protocol: Protocol
    arm: str | None
    anchor: str | None
    visits: tuple[Occurrence, ...]
    rules: tuple[TimingConstraint, ...]
    tracks: tuple[tuple[Track, Point, Point | None], ...]
    flaws: tuple[Flaw, ...]
    order: tuple[TimingConstraint, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    reminders: tuple[VisitReminder, ...] = ()

    @property
    def all_rules(self) -> tuple[TimingConstraint, ...]:
        """Everything that binds two points of the course: timings, constraints, and order."""
        return self.rules + self.order

    @property
    def undated(self) -> tuple[Occurrence, ...]:
        """The visits without a date."""
        return tuple(
            waiting.what for waiting in self.waiting if isinstance(waiting.what, Occurrence)
        )

    def timings(self) -> dict[str, list[TimingConstraint]]:
        """The timings of each visit, by occurrence id; constraints are none."""
        by_visit: dict[str, list[TimingConstraint]] = {visit.id: [] for visit in self.visits}
        for rule in self.rules:
            if not rule.is_constraint:
                by_visit[rule.point.visit].append(rule)
        return by_visit

    def visit(self, occurrence_id: str) -> Occurrence:
        """The occurrence of a visit, by its id.

        Args:
            occurrence_id: the visit's id, with the number of its cycle if any, as ``dosing-2``.

        Raises:
            KeyError: the course has none of this id.
        """
        for occurrence in self.visits:
            if occurrence.id == occurrence_id:
                return occurrence
        raise KeyError(occurrence_id)

    def by_modes(self, modes: Mapping[str, Mode]) -> "Course":
        """The same course with visits that take place in one way that is settled.

        Args:
            modes: by occurrence id.
        """
        waiting = tuple(
            each._replace(what=each.what.with_mode(modes.get(each.what.id)))
            if isinstance(each.what, Occurrence)
            else each
            for each in self.waiting
        )
        visits = tuple(visit.with_mode(modes.get(visit.id)) for visit in self.visits)
        return self._replace(visits=visits, waiting=waiting)


def bounding_window(rule: TimingConstraint, course: Course) -> Window | None:
    """The distances that a rule leaves to a plan: those it allows, or those its order leaves.

    Args:
        rule: a rule of the course.
        course: tells whether a target without a window is exact.

    Returns:
        From the reference to the visit, both ends included; ``None`` where nothing is bounded.
    """
    return rule.order if rule.order is not None else allowed_window(rule, course)


def states_window(rules: Iterable[TimingConstraint], course: Course) -> bool | None:
    """Whether a visit's own timings state a window for its start.

    Args:
        rules: the timings of the visit.
        course: tells whether a target without a window is exact.

    Returns:
        True where one does; False where they give a target or an order and no text says how far
        off it may lie; ``None`` where they say nothing of its start.
    """
    counted = start_timings(rules, course)
    return any(allowed_window(rule, course) for rule in counted) if counted else None


def start_timings(rules: Iterable[TimingConstraint], course: Course) -> list[TimingConstraint]:
    """The timings that say when a visit starts, as far as its window is a matter of them.

    The stay that a visit takes place during is a window of its own only where that is all that is
    known of its date: where the visit's timings state none, the stay is not shown as one.

    Args:
        rules: the timings of the visit.
        course: tells whether a target without a window is exact.
    """
    own = [r for r in rules if not r.point.end and r.reference.visit != r.point.visit]
    timings = [rule for rule in own if not rule.is_during]
    is_published = any(allowed_window(rule, course) for rule in timings)
    return own if is_published or not timings else timings


def target_conventions(course: Course) -> Iterator[str]:
    """Sentences on what targets without a stated window mean, the same in every view.

    Args:
        course: the course that is shown.
    """
    bare = [rule for rule in course.rules if rule.window is None and rule.target is not None]
    reading = {"exact": "exact: that day only", "preferred": "preferred: other days are allowed"}
    unpublished = any(rule.order is not None for rule in course.rules)
    if any(rule.order is None for rule in bare) or not unpublished:
        word = course.protocol.conventions.target_without_window
        yield f"a target without a window is {reading[word]}"
    if unpublished:
        yield (
            "where no window was published, the target is a preference and only the order"
            " is required"
        )


def without_window(course: Course) -> frozenset[str]:
    """The visits with a target or an order for which no window is stated.

    Args:
        course: the course; its anchor, from which days are counted, needs no window.

    Returns:
        Ids of occurrences.
    """
    return frozenset(
        name
        for name, rules in course.timings().items()
        if name != course.anchor and states_window(rules, course) is False
    )


def broken_beyond(rule: TimingConstraint, course: Course) -> Window | None:
    """The distances beyond which a rule is broken: those it allows, or a visit before its turn.

    Order alone is broken by visits the other way round, not by visits on the same date.

    Args:
        rule: a rule of the course.
        course: tells whether a target without a window is exact.

    Returns:
        From the reference to the visit, both ends included; ``None`` where nothing breaks it.
    """
    if rule.order is None:
        return allowed_window(rule, course)
    on_the_spot = CalendarDistance(0, 0)
    if isinstance(rule.order.earliest or rule.order.latest, ClockDistance):
        return rule.order
    if rule.order.earliest is None:
        return Window(None, on_the_spot)
    return Window(on_the_spot, None)


def allowed_window(rule: TimingConstraint, course: Course) -> Window | None:
    """The distances that a rule allows: its window, or its target where the target is exact.

    Args:
        rule: a rule of the course.
        course: tells whether a target without a window is exact.

    Returns:
        From the reference to the visit, both ends included; ``None`` where no window was
        published: order bounds a plan, but allows and forbids no date.
    """
    if rule.window is not None or rule.target is None or rule.order is not None:
        return rule.window
    if course.protocol.conventions.target_without_window == "exact":
        return Window(rule.target, rule.target)
    return None
