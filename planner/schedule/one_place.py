"""Which visits of one participant can be at the same time: by what a protocol declares, hardly any.

A person is in one place at a time (DOMAIN 2.13). Left alone are a visit at home of which nobody
says how long it takes, and one that is declared to take place inside another, such as a visit
during a stay: one that rules put after the other's start and before the other's end, or at the
very minute of the other's start. Rules in days put it inside a stay alone: of a visit within one
day they say no more than that the other one is on the same date.
"""

from collections.abc import Collection, Iterable
from itertools import combinations

from planner.protocol.course import Course, Occurrence, TimingConstraint
from planner.time.distance import ClockDistance, Distance, Window

_AT_ONCE = ClockDistance(0)


def is_anywhere(occurrence: Occurrence) -> bool:
    """Whether a visit, or an event, takes place wherever the participant is just then."""
    visit = occurrence.visit
    at_home = visit.mode == "home" or occurrence.kind == "event"
    return at_home and visit.duration is None and visit.overnight is None


def pairs_inside(
    course: Course, bounds: Iterable[tuple[TimingConstraint, Window]]
) -> frozenset[frozenset[str]]:
    """The pairs of visits (occurrence ids) of which one is declared to be inside the other.

    Args:
        course: the visits.
        bounds: the rules that bound the distance between two visits, and what they allow.
    """
    stays = {visit.id for visit in course.visits if visit.visit.overnight is not None}
    after_start: set[tuple[str, str]] = set()
    before_end: set[tuple[str, str]] = set()
    at_once: dict[str, set[str]] = {}
    for rule, window in bounds:
        point, reference = rule.point, rule.reference
        if window.earliest == window.latest == _AT_ONCE and not (point.end or reference.end):
            group = at_once.get(point.visit, {point.visit}) | at_once.get(
                reference.visit, {reference.visit}
            )
            at_once.update(dict.fromkeys(group, group))
        if leads_on(window.earliest):
            if not reference.end and _can_hold(reference.visit, window.earliest, stays):
                after_start.add((point.visit, reference.visit))
            if point.end and _can_hold(point.visit, window.earliest, stays):
                before_end.add((reference.visit, point.visit))
        if window.latest is not None and leads_on(-window.latest):
            if not point.end and _can_hold(point.visit, window.latest, stays):
                after_start.add((reference.visit, point.visit))
            if reference.end and _can_hold(reference.visit, window.latest, stays):
                before_end.add((point.visit, reference.visit))
    together = (frozenset(pair) for group in at_once.values() for pair in combinations(group, 2))
    return frozenset(map(frozenset, after_start & before_end)).union(together)


def _can_hold(visit: str, distance: Distance | None, stays: Collection[str]) -> bool:
    """Whether a distance from a visit's start or to its end can put something inside the visit."""
    return visit in stays or isinstance(distance, ClockDistance)


def leads_on(distance: Distance | None) -> bool:
    """Whether a distance leads to the reference itself or beyond it."""
    if isinstance(distance, ClockDistance):
        return distance.minutes >= 0
    return distance is not None and distance.day_span[0] >= 0
