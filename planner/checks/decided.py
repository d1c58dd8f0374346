"""A course with and without the visits that depend on a decision."""

from planner.checks.entries import plural
from planner.checks.proof import length_words
from planner.checks.subject import Subject
from planner.network.windows import is_consistent
from planner.protocol.expand import expand
from planner.schedule.build import build_schedule
from planner.schedule.course_length import course_length


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
    return f"{words} in {length_words(course_length(schedule))}"
