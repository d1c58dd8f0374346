"""The one chain of visits that USDM's main timeline is: all arms' visits in the order planned."""

from collections import Counter
from typing import NamedTuple

from planner.protocol.course import Course, Occurrence, TimingConstraint
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.distances import planned_days
from planner.time.distance import CalendarDistance

_MAX_PASSES = 50
"""Rules that contradict each other would push visits on for ever."""


class OrderedVisit(NamedTuple):
    """One visit of the chain.

    ``arms`` are those that have it, empty where all do; ``epoch`` is the one that it stands in
    here, which is another than its own where epochs interleave; ``rules`` are those that time it,
    in the first arm that has it.
    """

    occurrence: Occurrence
    arms: tuple[str, ...]
    epoch: str
    rules: tuple[TimingConstraint, ...]


class VisitOrder(NamedTuple):
    """The visits in the order planned, the epochs they stand in, and the anchor's occurrence.

    ``events`` are the unscheduled visits, which have no place in the order.
    """

    stops: tuple[OrderedVisit, ...]
    epochs: tuple[str, ...]
    anchor: str | None
    events: tuple[OrderedVisit, ...]

    @property
    def visits(self) -> tuple[OrderedVisit, ...]:
        """All visits, the unscheduled ones last."""
        return self.stops + self.events


def chain_of(protocol: Protocol) -> VisitOrder:
    """The chain of a protocol's visits; cycles are unrolled.

    Raises:
        PlannerError: the cycles make more visits than the planner unrolls.
    """
    arms: list[str | None] = [arm.id for arm in protocol.arms] or [None]
    courses = [expand(protocol, arm) for arm in arms]
    occurrences: dict[str, tuple[Occurrence, tuple[TimingConstraint, ...]]] = {}
    days: dict[str, int] = {}
    having: dict[str, list[str]] = {}
    for course in courses:
        rules = _own_rules(course)
        in_course = _days(course)
        for visit in course.visits:
            occurrences.setdefault(visit.id, (visit, tuple(rules.get(visit.id, ()))))
            days.setdefault(visit.id, in_course[visit.id])
            if course.arm is not None:
                having.setdefault(visit.id, []).append(course.arm)
    anchor = next((course.anchor for course in courses if course.anchor is not None), None)
    ordered = sorted(occurrences, key=lambda name: (days[name], occurrences[name][0].place))
    events = [name for name in ordered if occurrences[name][0].visit.unscheduled and name != anchor]
    planned = [name for name in ordered if name not in {*events}]
    own = [occurrences[name][0].epoch.id for name in planned]
    epochs = _in_a_row(own)

    def stop(name: str, epoch: str) -> OrderedVisit:
        occurrence, rules_of_it = occurrences[name]
        some = having.get(name, [])
        arms_of_it = () if len(some) == len(protocol.arms) else tuple(some)
        return OrderedVisit(occurrence, arms_of_it, epoch, rules_of_it)

    return VisitOrder(
        tuple(map(stop, planned, _standing(own, epochs))),
        epochs,
        anchor,
        tuple(stop(name, occurrences[name][0].epoch.id) for name in events),
    )


def _own_rules(course: Course) -> dict[str, list[TimingConstraint]]:
    rules: dict[str, list[TimingConstraint]] = {}
    for rule in course.rules:
        if rule.path[0] == "epochs" and rule.reference.visit != rule.point.visit:
            rules.setdefault(rule.point.visit, []).append(rule)
    return rules


def _days(course: Course) -> dict[str, int]:
    """The day each visit is planned on; one that nothing times lies with the one listed before.

    One that is planned so far before another is as late as its target lets it be, and what follows
    it is later by as much.
    """
    known = {} if course.anchor is None else planned_days(course, course.anchor)
    rules = [
        rule for rule in course.all_rules if {rule.reference.visit, rule.point.visit} <= {*known}
    ]
    for _ in range(_MAX_PASSES):
        before = dict(known)
        for rule in reversed(rules):
            visit_id, reference = rule.point.visit, rule.reference.visit
            if rule.backwards and isinstance(rule.target, CalendarDistance):
                known[visit_id] = max(known[visit_id], known[reference] + rule.target.day_span[1])
        for rule in rules:
            earlier, later, apart = _apart(rule)
            known[later] = max(known[later], known[earlier] + apart)
        if known == before:
            break
    day = min(known.values(), default=0)
    days = {}
    for visit in course.visits:
        day = known.get(visit.id, day)
        days[visit.id] = day
    return days


def _apart(rule: TimingConstraint) -> tuple[str, str, int]:
    """The earlier and the later visit of a rule as written, and the days between them at least."""
    visit_id, reference = rule.point.visit, rule.reference.visit
    window = rule.window
    if window is None and rule.target is None:
        window = rule.order
    if rule.backwards:
        end = rule.target if window is None else window.latest
        days = -end.day_span[1] if isinstance(end, CalendarDistance) else 0
        return (visit_id, reference, days) if days >= 0 else (visit_id, visit_id, 0)
    end = rule.target if window is None else window.earliest
    days = end.day_span[0] if isinstance(end, CalendarDistance) else 0
    return (reference, visit_id, days) if days >= 0 else (visit_id, visit_id, 0)


def _in_a_row(own: list[str]) -> tuple[str, ...]:
    """The epochs that can follow each other: of those that interleave, the smaller ones go."""
    sizes = Counter(own)
    kept = list(own)
    while True:
        runs = [epoch for at, epoch in enumerate(kept) if not at or kept[at - 1] != epoch]
        twice = [epoch for epoch, count in Counter(runs).items() if count > 1]
        if not twice:
            return tuple(runs)
        first = runs.index(twice[0])
        last = len(runs) - 1 - runs[::-1].index(twice[0])
        smallest = min(dict.fromkeys(runs[first : last + 1]), key=lambda epoch: sizes[epoch])
        kept = [epoch for epoch in kept if epoch != smallest]


def _standing(own: list[str], epochs: tuple[str, ...]) -> list[str]:
    """The epoch that each visit stands in: its own, else that of the visit before it."""
    current = epochs[0] if epochs else ""
    standing = []
    for epoch in own:
        current = epoch if epoch in epochs else current
        standing.append(current)
    return standing
