"""One placement problem: where visits can lie, and the limits of the rules between them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from planner.network.arc_consistency import Among, Limit, LimitGraph
from planner.timeline.candidates import Candidates
from planner.timeline.minutes import Circumstances


class DaySpan(NamedTuple):
    """Days from the anchor between which a visit can lie; ``open`` ends were cut to a horizon."""

    first: int
    last: int
    open_first: bool
    open_last: bool


class PlacementProblem(NamedTuple):
    """One placement problem; all lists are by position of the visit.

    Attributes:
        candidates: the ways to hold each visit; other problems may have the same ones.
        low, high: the first and the last candidate that is of this problem.
        limits: what the rules that hold leave.
        graph: the limits by what wakes them.
        spans: the days from the anchor that the bounds are made from.
        circumstances: what else holds of the visits.
    """

    candidates: Sequence[Candidates]
    low: Sequence[int]
    high: Sequence[int]
    limits: Sequence[Limit]
    graph: LimitGraph
    spans: Sequence[DaySpan]
    circumstances: Circumstances

    def within(self, allowed: Mapping[int, Sequence[int]]) -> "PlacementProblem":
        """The problem with visits that can only be on some days: what others leave of a site.

        Args:
            allowed: by position of the visit the ordinals of dates on which it may start,
                ascending; visits that are missing may on any.
        """
        if not allowed:
            return self
        limits = limits_to_days(self.candidates, allowed)
        return self._replace(limits=[*self.limits, *limits], graph=self.graph.extended(limits))

    def has_room(self) -> bool:
        """Whether each visit has a candidate, whatever the rules between them say."""
        return all(low <= high for low, high in zip(self.low, self.high, strict=True))

    def extremes(self) -> tuple[list[int], list[int]] | None:
        """The least and the greatest solution as candidates, wherever visits overlap, if any."""
        low, high = list(self.low), list(self.high)
        return (low, high) if self.graph.narrow(low, high) else None


def limits_to_days(
    candidates: Sequence[Candidates], allowed: Mapping[int, Sequence[int]]
) -> list[Limit]:
    """What allowed days leave of each visit, as a limit of the visit on itself.

    Args:
        candidates: of all visits, by position.
        allowed: see `PlacementProblem.within`.
    """
    return [Limit(at, at, Among(candidates[at].days, days), -1) for at, days in allowed.items()]
