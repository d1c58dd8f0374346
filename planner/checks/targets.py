"""On which days targets put the visits of a course, and whether a target lies in a window."""

from planner.protocol.course import Course, TimingConstraint
from planner.schedule.build import least_steps, most_steps
from planner.time.distance import CalendarDistance, Distance


def aim(rule: TimingConstraint) -> int | None:
    """The number of days at which a rule aims: its target, or its window where that is one day.

    Args:
        rule: a rule of a course.

    Returns:
        Negative before the reference; ``None`` without a target, for months and business days,
        which are no fixed number of days, for clock time, and for the ends of visits.
    """
    distance = rule.target
    if distance is None and rule.window is not None and rule.window.earliest == rule.window.latest:
        distance = rule.window.earliest
    if rule.point.end or rule.reference.end or not isinstance(distance, CalendarDistance):
        return None
    return distance.days if distance.is_fixed else None


Steps = dict[str, list[tuple[str, int]]]
"""From each visit to those that targets lead to, or that lead to it: their ids and the days."""


def target_steps(course: Course) -> Steps:
    """The targets of a course, in both directions."""
    steps: Steps = {}
    for rule in course.rules:
        days = aim(rule)
        if days is not None:
            visit, other = rule.reference.visit, rule.point.visit
            steps.setdefault(visit, []).append((other, days))
            steps.setdefault(other, []).append((visit, -days))
    return steps


def target_days(steps: Steps, start: str) -> dict[str, int]:
    """Days from the occurrence ``start`` to each visit that targets lead to, itself at 0."""
    days_to = {start: 0}
    queue = [start]
    for visit in queue:
        for other, days in steps.get(visit, ()):
            if other not in days_to:
                days_to[other] = days_to[visit] + days
                queue.append(other)
    return days_to


def written_span(rule: TimingConstraint) -> tuple[int | None, int | None]:
    """The ends of a rule's window in days or minutes, the widest that its months allow."""
    if rule.window is None:
        return None, None
    return least_steps(rule.window.earliest), most_steps(rule.window.latest)


def misses(target: Distance | None, span: tuple[int | None, int | None]) -> bool:
    """Whether a target lies outside a span, however long its months are.

    Args:
        target: ``None`` misses nothing.
        span: both ends in days, or in minutes for a target in clock time; included, ``None``
            is open.
    """
    if target is None:
        return False
    minimum, maximum = least_steps(target), most_steps(target)
    assert minimum is not None
    assert maximum is not None
    earliest, latest = span
    return (earliest is not None and maximum < earliest) or (
        latest is not None and minimum > latest
    )
