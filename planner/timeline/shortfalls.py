"""Costs of visits that lie too near to each other, or too far apart: by how many days or minutes.

What lies ``max(0, g - p)`` short costs half of ``|g - p| + g - p``: a pull between the two visits
and a part of either one's own, which a minimum cut can weigh.
"""

from planner.network.placement import Preference, TargetCost


class Shortfalls:
    """Twice the weighted shortfalls of pairs of visits, as costs.

    Attributes:
        pulls: the parts between two visits.
    """

    def __init__(self) -> None:
        self.pulls: list[TargetCost] = []
        self._own: dict[int, list[int]] = {}

    def add(self, pull: TargetCost, *, is_latest: bool) -> None:
        """Adds what the head lies before the goal, or after it if that is the latest.

        Args:
            pull: of a head to a reference, whose goals are a list; its shift is 0.
            is_latest: whether the head is to lie on the goal or before it, else on it or after it.
        """
        head, tail, weight, position, goal, _ = pull
        assert tail is not None, "a shortfall is between two visits"
        assert not isinstance(goal, int), "a shortfall is between two visits"
        weight = -weight if is_latest else weight
        self.pulls.append(pull)
        self._add(tail, [weight * value for value in goal])
        self._add(head, [-weight * value for value in position])

    @property
    def preferences(self) -> list[Preference]:
        """The parts of one visit's own, the least of each 0."""
        return [
            Preference(at, [cost - min(costs) for cost in costs]) for at, costs in self._own.items()
        ]

    def _add(self, at: int, costs: list[int]) -> None:
        before = self._own.get(at)
        self._own[at] = (
            costs if before is None else [a + b for a, b in zip(before, costs, strict=True)]
        )
