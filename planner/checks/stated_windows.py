"""The windows that a file states for its visits, apart from bare targets and from order."""

from planner.protocol.course import Course, Occurrence, TimingConstraint


def stated_rules(course: Course) -> dict[str, list[TimingConstraint]]:
    """The rules with a written window by the visit that they place, or that counts from it.

    A constraint states a window for both of its visits. A target alone states none, however exact.

    Args:
        course: any.
    """
    by_visit: dict[str, list[TimingConstraint]] = {}
    for rule in course.rules:
        if rule.window is None or rule.point.visit == rule.reference.visit:
            continue
        by_visit.setdefault(rule.point.visit, []).append(rule)
        if rule.is_constraint:
            by_visit.setdefault(rule.reference.visit, []).append(rule)
    return by_visit


def planned_visits(course: Course) -> list[Occurrence]:
    """The visits that need a window: all but the anchor, events, and what nobody plans.

    Args:
        course: any.
    """
    return [
        visit
        for visit in course.visits
        if visit.id != course.anchor and visit.kind != "event" and not visit.visit.unscheduled
    ]
