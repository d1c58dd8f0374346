"""Rules between the candidates of two visits: windows as limits, and how far off one lies."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from planner.network.arc_consistency import Limit
from planner.protocol.course import Point, TimingConstraint
from planner.time.distance import ClockDistance, Distance, Window
from planner.timeline.candidates import Candidates, Way


def window_limits(
    rule: TimingConstraint,
    window: Window,
    tail: int,
    head: int,
    candidates: Sequence[Candidates],
    number: int,
) -> list[Limit]:
    """The lower side as a limit on the placed visit, the upper one as a limit on its reference."""
    reference, placed = candidates[tail], candidates[head]
    limits = []
    clock = isinstance(window.earliest or window.latest, ClockDistance)
    if clock:
        positions = placed.ends if rule.point.end else placed.starts
    else:
        positions = placed.end_days if rule.point.end else placed.days
    if window.earliest is not None:
        least = shifted(reference, rule.reference, window.earliest)
        limits.append(Limit(tail, head, [bisect_left(positions, value) for value in least], number))
    if window.latest is not None:
        most = shifted(reference, rule.reference, window.latest)
        limits.append(Limit(head, tail, [bisect_left(most, value) for value in positions], number))
    return limits


def shifted(candidates: Candidates, point: Point, distance: Distance) -> list[int]:
    """Where each candidate of a reference puts what lies ``distance`` from it.

    Ordinals of dates for a calendar distance, instants for a clock distance.
    """
    if isinstance(distance, ClockDistance):
        instants = candidates.ends if point.end else candidates.starts
        return [instant + distance.minutes for instant in instants]
    days = candidates.end_days if point.end else candidates.days
    if not distance.months:
        return [day + distance.days for day in days]
    return [distance.after(date.fromordinal(day)).toordinal() for day in days]


def reached(way: Way, point: Point, distance: Distance) -> int:
    """Where a visit puts what lies ``distance`` from it; as `shifted` for one way to hold it."""
    if isinstance(distance, ClockDistance):
        return (way.end if point.end else way.start) + distance.minutes
    day = way.end_day if point.end else way.day
    if not distance.months:
        return day + distance.days
    return distance.after(date.fromordinal(day)).toordinal()


def distance_off(rule: TimingConstraint, distance: Distance, reference: Way, placed: Way) -> int:
    """How many days, or for a clock distance minutes, a visit lies off a distance."""
    if isinstance(distance, ClockDistance):
        lies = placed.end if rule.point.end else placed.start
    else:
        lies = placed.end_day if rule.point.end else placed.day
    return abs(lies - reached(reference, rule.reference, distance))
