"""On which days the targets of a course put its visits, where nothing moves off target."""

from planner.protocol.course import Course, Rule
from planner.units import CalendarDistance


def aim(rule: Rule) -> int | None:
    """The days of a rule's target, or of its window where that is one day; ``None`` without.

    Months have no fixed number of days, so they aim at none. Ends of visits are not placed.
    """
    distance = rule.target
    if distance is None and rule.window is not None and rule.window.earliest == rule.window.latest:
        distance = rule.window.earliest
    if rule.point.end or rule.reference.end or not isinstance(distance, CalendarDistance):
        return None
    return None if distance.months else distance.days


def target_days(course: Course, start: str) -> dict[str, int]:
    """Days from the occurrence ``start`` to each visit that targets lead to, itself at 0."""
    steps: dict[str, list[tuple[str, int]]] = {}
    for rule in course.rules:
        days = aim(rule)
        if days is not None:
            here, there = rule.reference.visit, rule.point.visit
            steps.setdefault(here, []).append((there, days))
            steps.setdefault(there, []).append((here, -days))
    found = {start: 0}
    queue = [start]
    for here in queue:
        for there, days in steps.get(here, ()):
            if there not in found:
                found[there] = found[here] + days
                queue.append(there)
    return found
