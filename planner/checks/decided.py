"""A course with and without the visits that depend on a decision."""

from planner.checks.entries import plural
from planner.checks.proof import length_words
from planner.checks.registry import Subject
from planner.network.windows import is_consistent
from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.schedule.build import build_schedule
from planner.schedule.windows import course_length
from planner.units import CalendarDistance


def with_and_without(subject: Subject, decision: str) -> tuple[str, tuple[str, ...]] | None:
    """What a decision changes, in the first arm that has visits which depend on it, in words.

    With it come the ids that this is about. ``None`` where no arm has such a visit.
    """
    for arm in subject.arms:
        course = subject.course(arm)
        names = tuple(one.id for one in course.visits if one.visit.when == decision)
        if not names:
            continue
        with_it = _size(subject, arm, ())
        without = _size(subject, arm, names)
        visits = f"{len(names)} visit" if len(names) == 1 else f"{len(names)} visits"
        where = f" in arm `{arm}`" if len(subject.arms) > 1 else ""
        message = (
            f"`{decision}` decides{where} on {visits}, {plural(names, 3)}: {with_it} with them,"
            f" {without} without"
        )
        if len(names) == 1:
            message = message.replace("with them", "with it")
        written = dict.fromkeys(course.visit(name).visit.id for name in names)
        return message, (decision, *dict.fromkeys((*names, *written)))
    return None


def _size(subject: Subject, arm: str | None, left_out: tuple[str, ...]) -> str:
    """How many visits the course has and how long it takes; no length where rules contradict."""
    schedule = subject.schedule(arm)
    if left_out:
        schedule = build_schedule(
            expand(subject.protocol, arm, without_visits=left_out, unscheduled=False)
        )
    number = len(schedule.course.visits)
    words = f"{number} visit" if number == 1 else f"{number} visits"
    if schedule.course.anchor is None or not is_consistent(schedule.network):
        return words
    length = course_length(schedule)
    text = f"{words} in {length_words(*length)}"
    aimed = _aimed(schedule.course, schedule.course.anchor)
    # Targets that lead to a part of the visits only tell less than the rules prove.
    if length[1] is None and aimed is not None and aimed[0] >= (length[0] or 0):
        text += f" (on target {length_words(*aimed)})"
    return text


def _aimed(course: Course, anchor: str) -> tuple[int, int] | None:
    """Days between the first and the last visit that targets lead to, least and most."""
    steps: dict[str, list[tuple[str, CalendarDistance]]] = {}
    for rule in course.rules:
        if isinstance(rule.target, CalendarDistance):
            here, there = rule.reference.visit, rule.point.visit
            steps.setdefault(here, []).append((there, rule.target))
            steps.setdefault(there, []).append((here, -rule.target))
    found = {anchor: CalendarDistance(0, 0)}
    queue = [anchor]
    for here in queue:
        for there, step in steps.get(here, ()):
            if there not in found:
                found[there] = found[here] + step
                queue.append(there)
    first = min((one.day_span for one in found.values()), key=lambda span: span[0])
    last = max((one.day_span for one in found.values()), key=lambda span: span[1])
    return (last[0] - first[1], last[1] - first[0]) if len(found) > 1 else None
