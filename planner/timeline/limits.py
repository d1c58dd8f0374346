"""Rules between the candidates of two visits: windows as limits, and how far off one lies."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import overload

from planner.network.arc_consistency import Limit, Lookup
from planner.protocol.course import Point, TimingConstraint
from planner.time.distance import CalendarDistance, ClockDistance, Distance, Window
from planner.timeline.candidates import Candidates, Way


class Mapped(Sequence[int]):
    """What a non-decreasing function makes of non-decreasing numbers, each when it is asked for."""

    __slots__ = ("of", "values")

    def __init__(self, values: Sequence[int], of: Callable[[int], int]) -> None:
        self.values = values
        self.of = of

    def __len__(self) -> int:
        return len(self.values)

    @overload
    def __getitem__(self, at: int) -> int: ...

    @overload
    def __getitem__(self, at: slice) -> list[int]: ...

    def __getitem__(self, at: int | slice) -> int | list[int]:
        if isinstance(at, slice):
            return list(map(self.of, self.values[at]))
        return self.of(self.values[at])


def window_limits(
    rule: TimingConstraint,
    window: Window,
    tail: int,
    head: int,
    candidates: Sequence[Candidates],
    number: int,
) -> list[Limit]:
    """The lower side as a limit on the placed visit, the upper one as a limit on its reference.

    Args:
        rule: between a reference and the visit that is placed from it.
        window: what the rule allows, counted from the reference; both ends included.
        tail: the number of the reference among the candidates.
        head: the number of the placed visit among them.
        candidates: of each visit, ascending.
        number: of the rule, which the limits carry.
    """
    reference = candidates[tail]
    positions = positions_of(candidates[head], rule.point, window.earliest or window.latest)
    limits = []
    if window.earliest is not None:
        values, shift = led(reference, rule.reference, window.earliest)
        limits.append(Limit(tail, head, Lookup(values, shift, positions), number))
    if window.latest is not None:
        values, shift = led(reference, rule.reference, window.latest)
        limits.append(Limit(head, tail, Lookup(positions, -shift, values), number))
    return limits


def positions_of(candidates: Candidates, point: Point, distance: Distance | None) -> list[int]:
    """Where a point lies: on which days (ordinals), or at which instants for a clock distance."""
    if isinstance(distance, ClockDistance):
        return candidates.ends if point.end else candidates.starts
    return candidates.end_days if point.end else candidates.days


def led(candidates: Candidates, point: Point, distance: Distance) -> tuple[Sequence[int], int]:
    """Where each candidate of a reference puts what lies ``distance`` from it.

    As numbers, to each of which the second value is to be added: ordinals of dates for a calendar
    distance, instants for a clock distance.
    """
    positions = positions_of(candidates, point, distance)
    if isinstance(distance, ClockDistance):
        return positions, distance.minutes
    if distance.is_fixed:
        return positions, distance.days
    return Mapped(positions, partial(_after, distance)), 0


def _after(distance: CalendarDistance, day: int) -> int:
    return distance.after(date.fromordinal(day)).toordinal()


def shifted(candidates: Candidates, point: Point, distance: Distance) -> list[int]:
    """As `led`, in one list.

    Args:
        candidates: of the reference.
        point: the start or the end of it, from which the distance is counted.
        distance: in calendar days and months, or in minutes; negative ones lie before.
    """
    values, shift = led(candidates, point, distance)
    return [value + shift for value in values]


def reached(way: Way, point: Point, distance: Distance) -> int:
    """Where a visit puts what lies ``distance`` from it; as `shifted` for one way to hold it."""
    if isinstance(distance, ClockDistance):
        return (way.end if point.end else way.start) + distance.minutes
    day = way.end_day if point.end else way.day
    return day + distance.days if distance.is_fixed else _after(distance, day)


def distance_off(rule: TimingConstraint, distance: Distance, reference: Way, placed: Way) -> int:
    """How many days, or for a clock distance minutes, a visit lies off a distance.

    Args:
        rule: says which points of the two visits it counts between.
        distance: in calendar days and months, or in minutes of elapsed time.
        reference: how the visit is held from which it is counted.
        placed: how the visit is held whose place is asked for.
    """
    if isinstance(distance, ClockDistance):
        lies = placed.end if rule.point.end else placed.start
    else:
        lies = placed.end_day if rule.point.end else placed.day
    return abs(lies - reached(reference, rule.reference, distance))
