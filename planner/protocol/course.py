"""The course: what a protocol asks of one participant, with cycles unrolled and arms chosen.

Every occurrence of every visit has its own id (`dosing-2` is visit `dosing` in cycle 2), and every
rule names the two points it binds and where it stands in the file.
"""

from typing import NamedTuple

from planner.protocol.evidence import Stated
from planner.protocol.model import Epoch, Protocol, Track
from planner.protocol.reading import Path
from planner.protocol.visit import Visit
from planner.units import Distance, Window


class Point(NamedTuple):
    """The start or the end of one occurrence: its id, and ``start`` or ``end``."""

    visit: str
    end: bool = False

    def __str__(self) -> str:
        return f"{self.visit}.end" if self.end else self.visit


class Rule(NamedTuple):
    """A timing or constraint between two points, as signed distances from ``reference``.

    ``name`` is what messages call it (`dosing-2.next`); ``backwards`` says that it was written
    with ``before``, so that the written distances have the other sign.
    """

    name: str
    reference: Point
    point: Point
    window: Window | None
    target: Distance | None
    backwards: bool
    stated: Stated
    path: Path


class Occurrence(NamedTuple):
    """One visit of the course; ``cycle`` counts from 1 and is ``None`` outside cycles."""

    id: str
    kind: str
    title: str
    visit: Visit
    epoch: Epoch
    cycle: int | None
    path: Path


class Flaw(NamedTuple):
    """Something about the file's structure that keeps a part of it out of the course."""

    check: str
    message: str
    path: Path
    hint: str | None = None


class Course(NamedTuple):
    """What a participant of one arm goes through: occurrences in listed order, and all rules."""

    protocol: Protocol
    arm: str | None
    anchor: str | None
    visits: tuple[Occurrence, ...]
    rules: tuple[Rule, ...]
    tracks: tuple[tuple[Track, Point, Point | None], ...]
    flaws: tuple[Flaw, ...]

    def visit(self, occurrence_id: str) -> Occurrence:
        """The occurrence of this id.

        Raises:
            KeyError: the course has none.
        """
        for occurrence in self.visits:
            if occurrence.id == occurrence_id:
                return occurrence
        raise KeyError(occurrence_id)


def bounding_window(rule: Rule, course: Course) -> Window | None:
    """The distances a rule allows: its window, or its target where an unwindowed one is exact."""
    if rule.window is not None or rule.target is None:
        return rule.window
    if course.protocol.conventions.target_without_window == "exact":
        return Window(rule.target, rule.target)
    return None
