"""A plain network that grows by one bound at a time and says what a new bound contradicts.

Times that satisfy all bounds so far are kept at hand, and a new bound moves only those that it
has to (Cotton and Maler 2006). A bound that no times satisfy closes a circle of bounds.
"""

from heapq import heappop, heappush
from typing import NamedTuple


class _Limit(NamedTuple):
    """The time of ``head`` is at most that of where the limit begins plus ``most``."""

    head: int
    most: int
    rule: int


class GrowingNetwork:
    """Bounds between time points that can all hold, and times at which they do.

    ``work`` counts the limits that were looked at: for a caller who has to give up some time.
    """

    def __init__(self, times: list[int]) -> None:
        """Begin with time points at these times, and no bounds."""
        self.work = 0
        self._times = times[:]
        self._limits: list[list[_Limit]] = [[] for _ in times]

    def add(self, tail: int, head: int, least: int, most: int, rule: int) -> list[int] | None:
        """Adds ``least <= head - tail <= most`` if it can hold with the bounds so far.

        Returns:
            None if it was added. Else the rules of a circle that cannot hold together while all
            but any one of them can: this one first, then those against it; it is left out.

        Args:
            tail: a time point, from which it is counted.
            head: a time point.
            least: in the unit of the times, included.
            most: the same; less than `least` is a bound that nothing keeps.
            rule: a number that stands for it in answers; several bounds may have the same.
        """
        upper, lower = _Limit(head, most, rule), _Limit(tail, -least, rule)
        for source, limit in ((tail, upper), (head, lower)):
            against = self._adjust(source, limit)
            if against is not None:
                return against
        self._limits[tail].append(upper)
        self._limits[head].append(lower)
        return None

    def _adjust(self, source: int, new: _Limit) -> list[int] | None:
        """Makes the times satisfy a new limit, too; else the rules against it."""
        late = self._times[source] + new.most - self._times[new.head]
        if late >= 0:
            return None
        # How much earlier each time has to be, the most urgent one first.
        waiting = [(late, new.head)]
        urgent = {new.head: late}
        cause: dict[int, tuple[int, _Limit]] = {new.head: (source, new)}
        moved: dict[int, int] = {}
        while waiting:
            change, node = heappop(waiting)
            if node in moved or change != urgent[node]:
                continue
            if node == source:
                return _circle(cause, source, new)
            moved[node] = self._times[node] + change
            for limit in self._limits[node]:
                self.work += 1
                change = moved[node] + limit.most - self._times[limit.head]
                if limit.head not in moved and change < urgent.get(limit.head, 0):
                    urgent[limit.head] = change
                    cause[limit.head] = (node, limit)
                    heappush(waiting, (change, limit.head))
        for node, time in moved.items():
            self._times[node] = time
        return None


def _circle(cause: dict[int, tuple[int, _Limit]], source: int, new: _Limit) -> list[int]:
    """The rules of the circle that the new limit closes, that of the new one first."""
    rules = {new.rule: None}
    node = source
    while True:
        node, limit = cause[node]
        rules[limit.rule] = None
        if limit is new:
            return list(rules)
