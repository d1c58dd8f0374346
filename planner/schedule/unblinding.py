"""What of a blinded course lies behind its unblinding, where the arms part."""

from planner.network.windows import distance, is_consistent
from planner.protocol.course import Course, Point
from planner.protocol.model import Protocol
from planner.schedule.build import build_schedule


def arms_part(protocol: Protocol) -> bool:
    """Whether some visits exist in some arms only, or differ between arms."""
    if len(protocol.arms) < 2:
        return False
    return any(
        epoch.arms
        or (epoch.cycle is not None and not isinstance(epoch.cycle.times, int))
        or any(visit.arms or visit.by_arm or _timed_by_arm(visit) for visit in epoch.visits)
        for epoch in protocol.epochs
    )


def _timed_by_arm(visit: object) -> bool:
    fields = ("after", "before", "first", "next")
    return any(timing.arms for field in fields for timing in getattr(visit, field))


def after_unblinding(course: Course) -> frozenset[str]:
    """The visits that can only follow the first unblinding visit, or that count from such ones.

    Empty for a protocol that blinds nobody, has no unblinding visit, or whose arms do not part.
    Two arms that look alike up to the unblinding have the same course without these visits.
    """
    protocol = course.protocol
    unblinding = next((visit.id for visit in course.visits if visit.kind == "unblinding"), None)
    if unblinding is None or not protocol.hides_plans or not arms_part(protocol):
        return frozenset()
    schedule = build_schedule(course)
    behind = {visit.id for visit in course.visits if visit.visit.arms or visit.epoch.arms}
    if is_consistent(schedule.network):
        start = schedule.nodes[Point(unblinding)]
        for visit in course.visits:
            least = distance(schedule.network, start, schedule.nodes[Point(visit.id)])[0]
            if least is not None and least >= 0:
                behind.add(visit.id)
    grows = True
    while grows:
        counting = {
            rule.point.visit
            for rule in course.rules
            if rule.reference.visit in behind and not rule.backwards
        }
        grows = not counting <= behind
        behind |= counting
    return frozenset(behind - {unblinding})
