"""What a reference in a timing means: `previous dosing`, `last dosing.end`, `dosing-2`."""

from typing import get_args

from planner.errors import did_you_mean
from planner.protocol.course import Occurrence, Point
from planner.protocol.fields import Reference, VisitKind
from planner.protocol.model import Epoch, Protocol
from planner.protocol.visit import Visit, grid_of

_VISIT_KINDS = frozenset(get_args(VisitKind))


def cycle_times(epoch: Epoch, arm: str | None) -> int:
    """How often the visits of an epoch occur in an arm.

    Args:
        epoch: without a cycle they occur once; a cycle that ends by a decision has its most.
        arm: an arm's id; ``None``, or one that the cycle does not name, takes the longest.
    """
    cycle = epoch.cycle
    if cycle is None:
        return 1
    by_arm = cycle.times if cycle.until is None and isinstance(cycle.times, dict) else {}
    return by_arm[arm] if arm is not None and arm in by_arm else cycle.most


def own_times(visit: Visit) -> int:
    """How often a visit occurs by a grid of its own; once where it has none.

    Args:
        visit: as it is in an arm.
    """
    grid = grid_of(visit)
    return 1 if grid is None else grid.occurrences


class Resolver:
    """Finds the occurrence that a reference means, seen from another occurrence."""

    def __init__(self, occurrences: list[Occurrence], protocol: Protocol) -> None:
        self.occurrences = occurrences
        self.by_id = {visit.id: at for at, visit in enumerate(occurrences)}
        self.by_visit: dict[str, list[int]] = {}
        self.by_kind: dict[str, list[int]] = {}
        for at, occurrence in enumerate(occurrences):
            self.by_visit.setdefault(occurrence.visit.id, []).append(at)
            self.by_kind.setdefault(occurrence.kind, []).append(at)
        self.written: set[str] = set()
        arms: list[str | None] = [*(arm.id for arm in protocol.arms), None]
        for epoch in protocol.epochs:
            times = max(cycle_times(epoch, arm) for arm in arms)
            for visit in epoch.visits:
                self.written.add(visit.id)
                if epoch.cycle:
                    self.written.update(f"{visit.id}-{cycle + 1}" for cycle in range(times))
                grids = [grid_of(visit), *map(grid_of, visit.by_arm.values())]
                for grid in grids:
                    numbers = range(0 if grid is None else grid.occurrences)
                    self.written.update(f"{visit.id}-{number + 1}" for number in numbers)

    def find(self, reference: Reference, at: int | None) -> Point | str | None:
        """The point of a course that a reference such as ``previous dosing.end`` means.

        Args:
            reference: as a timing, a constraint, a track or the anchor has it.
            at: the position of the visit that refers to it, which ``previous`` and ``next`` and the
                ids within a cycle are seen from; ``None`` for what stands outside of visits.

        Returns:
            The point; ``None`` where this course lacks it; a sentence for a reference that is
            unclear or that no course could have.
        """
        end = reference.point == "end"
        name = reference.visit
        if reference.which is None:
            if name in self.by_id:
                return Point(name, end)
            positions = self.by_visit.get(name, [])
            if at is not None:
                visit = self.occurrences[at]
                for position in positions:
                    other = self.occurrences[position]
                    if other.epoch is visit.epoch and other.cycle == visit.cycle:
                        return Point(other.id, end)
                cycles = visit.epoch.cycle is not None
                if cycles and any(visit.id == name for visit in visit.epoch.visits):
                    return None  # left out of this cycle; those of other cycles are not meant
            if len(positions) == 1:
                return Point(self.occurrences[positions[0]].id, end)
            if positions:
                return (
                    f"`{name}` occurs {len(positions)} times; write `first {name}`,"
                    f" `last {name}` or `{self.occurrences[positions[0]].id}`"
                )
            return None if name in self.written else f"there is no visit `{name}`"
        positions = self.by_visit.get(name) or self.by_kind.get(name, [])
        if not positions and name in self.by_id:
            positions = [self.by_id[name]]
        if not positions and name not in self.written and name not in _VISIT_KINDS:
            return f"there is no visit and no kind of visit `{name}`"
        if reference.which == "first":
            chosen = positions[:1]
        elif reference.which == "last":
            chosen = positions[-1:]
        elif at is None:
            return f"`{reference.which}` has a meaning only at a visit"
        elif reference.which == "previous":
            chosen = [position for position in positions if position < at][-1:]
        else:
            chosen = [position for position in positions if position > at][:1]
        return Point(self.occurrences[chosen[0]].id, end) if chosen else None

    def nearest(self, name: str) -> str | None:
        """A question with the visit id most like ``name``, if any is near."""
        if name in self.written:
            return None
        return did_you_mean(name, sorted(self.written)) or None
