"""Bounds of variables under monotone limits: the least and the greatest solution.

A variable takes one of its candidates, known by index in ascending order. A limit lets the head
take a certain candidate or a later one, depending on the tail's: solutions are then closed under
minimum and maximum by components (Jeavons and Cooper 1995). So raising lower bounds until nothing
moves ends at the least solution, or shows that there is none; lowering upper bounds ends at the
greatest. Neither needs the other.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import gt
from typing import NamedTuple, Protocol, TypeVar

Item = TypeVar("Item")


class Table(Protocol):
    """What a limit looks up: a non-decreasing number for every candidate."""

    def __len__(self) -> int: ...

    def __getitem__(self, at: int, /) -> int: ...


class Lookup:
    """A table that is looked up and never written down: what lies a distance further on.

    When the tail lies at ``values[k]``, the head takes the first of ``positions`` that is at least
    that and ``shift``. Both are non-decreasing; more may be put at their ends.
    """

    __slots__ = ("positions", "shift", "values")

    def __init__(self, values: Sequence[int], shift: int, positions: Sequence[int]) -> None:
        self.values = values
        self.shift = shift
        self.positions = positions

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, at: int, /) -> int:
        return bisect_left(self.positions, self.values[at] + self.shift)

    def last(self, at: int, high: int) -> int:
        """The last candidate up to ``high`` that lets the head take ``at``; -1 if none does."""
        return bisect_right(self.values, self.positions[at] - self.shift, 0, high + 1) - 1


class Among:
    """A limit of a variable on itself: the first candidate, from one on, that is among some.

    ``values`` are those of the candidates and ``allowed`` the ones that may be taken; both ascend.
    What is added to ``allowed`` or taken from it counts from then on.
    """

    __slots__ = ("allowed", "values")

    def __init__(self, values: Sequence[int], allowed: Sequence[int]) -> None:
        self.values = values
        self.allowed = allowed

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, at: int, /) -> int:
        values, allowed = self.values, self.allowed
        while at < len(values):
            place = bisect_left(allowed, values[at])
            if place == len(allowed):
                return len(values)
            if allowed[place] == values[at]:
                break
            at = bisect_left(values, allowed[place], at)
        return at


class Limit(NamedTuple):
    """When ``tail`` takes candidate ``k``, ``head`` takes ``least[k]`` or a later one.

    ``least`` is non-decreasing, with an entry for every candidate of the tail; the number of the
    head's candidates, or more, stands for "none fits". "At most" is the same from the other end: a
    limit of the head on the tail. ``rule`` is the caller's number for what it came from.
    """

    tail: int
    head: int
    least: Table
    rule: int


class Infeasible(NamedTuple):
    """No solution: the limits of these rules alone leave ``variable`` no candidate.

    These are the rules on one trail of raised bounds; fewer may do (see `minimal_subset`).
    """

    variable: int
    rules: frozenset[int]


class LimitGraph:
    """Limits by what wakes them: the tail when it rises, the head when it falls."""

    __slots__ = ("backward", "forward")

    def __init__(self, count: int, limits: Iterable[Limit]) -> None:
        self.forward: list[list[tuple[int, Table]]] = [[] for _ in range(count)]
        self.backward: list[list[tuple[int, Table]]] = [[] for _ in range(count)]
        for tail, head, least, _ in limits:
            self.forward[tail].append((head, least))
            self.backward[head].append((tail, least))

    def copy(self) -> "LimitGraph":
        """One that can be added to on its own."""
        other = LimitGraph(0, ())
        other.forward = [list(tables) for tables in self.forward]
        other.backward = [list(tables) for tables in self.backward]
        return other

    def extended(self, limits: Iterable[Limit]) -> "LimitGraph":
        """The same limits and some more; this graph stays as it is."""
        other = self.copy()
        for tail, head, least, _ in limits:
            other.add(tail, head, least)
        return other

    def add(self, tail: int, head: int, least: Table) -> None:
        """Adds a limit; ``least`` can be anything that is indexed like the list of one.

        Args:
            tail: a variable, counted from 0.
            head: a variable, counted from 0.
            least: by the tail's candidate the least candidate of the head; ascending.
        """
        self.forward[tail].append((head, least))
        self.backward[head].append((tail, least))

    def rise(self, low: list[int], high: Sequence[int], changed: Iterable[int]) -> bool:
        """Raises ``low`` in place to the least solution above it; false if that passes ``high``.

        After a failure ``low`` is void. Sweeps alternate as in `planner.network.propagation`: one
        takes a whole run of visits, each of which counts from the one before, or after, it.

        Args:
            low: the lower bound of each variable as an index of its candidates.
            high: the upper bounds, included.
            changed: the variables whose lower bounds are new.
        """
        forward = self.forward
        for variable in _swept(waiting := _flags(len(low), changed)):
            at = low[variable]
            for head, least in forward[variable]:
                value = least[at]
                if value > low[head]:
                    if value > high[head]:
                        return False
                    low[head] = value
                    waiting[head] = 1
        return True

    def fall(self, high: list[int], low: Sequence[int], changed: Iterable[int]) -> bool:
        """Lowers ``high`` in place to the greatest solution below it; false if that passes ``low``.

        As `rise`, from the other end.
        """
        backward = self.backward
        for variable in _swept(waiting := _flags(len(high), changed)):
            at = high[variable]
            for tail, least in backward[variable]:
                value = high[tail]
                if least[value] > at:
                    if isinstance(least, Lookup):
                        value = least.last(at, value)
                    else:
                        value = bisect_right(least, at, 0, value) - 1
                    if value < low[tail]:
                        return False
                    high[tail] = value
                    waiting[tail] = 1
        return True

    def narrow(self, low: list[int], high: list[int]) -> bool:
        """Narrows both bounds in place to the extreme solutions; false if there is none."""
        count = len(low)
        if any(map(gt, low, high)) or not self.rise(low, high, range(count)):
            return False
        return self.fall(high, low, range(count))


def _flags(count: int, changed: Iterable[int]) -> bytearray:
    flags = bytearray(count)
    for variable in changed:
        flags[variable] = 1
    return flags


def _swept(waiting: bytearray) -> Iterator[int]:
    """The waiting variables, in ascending and descending sweeps by turns until none waits."""
    at = waiting.find(1)
    while at >= 0:
        while at >= 0:
            waiting[at] = 0
            yield at
            at = waiting.find(1, at + 1)
        at = waiting.rfind(1)
        while at >= 0:
            waiting[at] = 0
            yield at
            at = waiting.rfind(1, 0, at)
        at = waiting.find(1)


def extremes(
    sizes: Sequence[int], limits: Sequence[Limit]
) -> tuple[list[int], list[int]] | Infeasible:
    """The least and the greatest solution as candidate indices, or why there is none.

    At most O(limits x candidates) steps, in practice about one per limit.

    Args:
        sizes: how many candidates each variable has; one of none is infeasible.
        limits: each from the candidate of one variable to the least one of another.
    """
    count = len(sizes)
    first, last = [0] * count, [size - 1 for size in sizes]
    low, high = first[:], last[:]
    if LimitGraph(count, limits).narrow(low, high):
        return low, high
    return trail(first, last, limits)


def trail(first: Sequence[int], last: Sequence[int], limits: Sequence[Limit]) -> Infeasible:
    """Why there is no solution between two bounds (expects that there is none).

    Raises the lower bounds, keeping for each step the limit and the step it rests on.
    """
    count = len(first)
    for variable in range(count):
        if first[variable] > last[variable]:
            return Infeasible(variable, frozenset())
    leaving: list[list[Limit]] = [[] for _ in range(count)]
    for limit in limits:
        leaving[limit.tail].append(limit)
    low, reason = list(first), [-1] * count
    steps: list[tuple[int, int]] = []  # the rule and the earlier step
    queue = list(range(count))
    for variable in queue:  # grows while it is walked
        for _, head, least, rule in leaving[variable]:
            value = least[low[variable]]
            if value > low[head]:
                low[head], before = value, reason[variable]
                reason[head] = len(steps)
                steps.append((rule, before))
                if value > last[head]:
                    rules, step = set(), reason[head]
                    while step >= 0:
                        rule, step = steps[step]
                        rules.add(rule)
                    return Infeasible(head, frozenset(rules))
                queue.append(head)
    raise AssertionError("only asked for limits without a solution")


def minimal_subset(
    items: Sequence[Item], holds_together: Callable[[list[Item]], bool]
) -> list[Item]:
    """Items that do not hold together, though they would without any one of them.

    Expects that leaving items out of what holds leaves something that holds. Keeps the order.
    QuickXplain (Junker 2004): about k log(n / k) questions for k of n items; where there is more
    than one answer it prefers earlier items.

    Args:
        items: all of them together do not hold.
        holds_together: whether some of the items, in their order, do.

    Raises:
        ValueError: all items together hold.
    """
    if not holds_together([]):
        return []
    if holds_together(list(items)):
        raise ValueError("the items hold together: there is nothing to explain")

    def explain(given: list[int], grown: bool, parts: list[int]) -> list[int]:
        """What is needed of ``parts`` on top of ``given``; as deep as parts can be halved."""
        if grown and not holds_together([items[at] for at in sorted(given)]):
            return []
        if len(parts) == 1:
            return parts
        half = len(parts) // 2
        first, second = parts[:half], parts[half:]
        from_second = explain(given + first, bool(first), second)
        return explain(given + from_second, bool(from_second), first) + from_second

    return [items[at] for at in explain([], False, list(range(len(items))))]
