from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import different_courses
from planner.checks.window_readings import both_readings
from planner.protocol.course import Course, TimingConstraint
from planner.protocol.visit import Timing
from planner.time.distance import CalendarDistance, Window

_EXAMPLE_TARGET = CalendarDistance(0, 28)


@check(
    "warning",
    "a window around the reference that may be meant around the target",
    what="A window that begins before the reference and ends after it, by another number of days,"
    " and whose target is not a day of the reference: a published `+7/-1` that is written as"
    " `within: -1d..7d`. A window is counted from the reference; around a target it is written"
    " `-1d/+7d` or `±3d`.",
    why="The visit may take place weeks before it is meant to, and on no day that it is meant for.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: -1d..7d, target: 7d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: -1d/+7d, target: 7d}}
""",
)
@for_each(different_courses)
def window_around_reference(course: Course) -> Iterator[Flag]:
    for rule in course.rules:
        stated = rule.stated
        if not isinstance(stated, Timing) or stated.every is not None:
            continue
        if not isinstance(stated.within, Window) or not _may_be_around_target(rule):
            continue
        example = -_EXAMPLE_TARGET if rule.backwards else _EXAMPLE_TARGET
        hint = both_readings(rule, example if rule.target is None else rule.target)
        if rule.target is None:
            hint = f"{hint}, of a `target: {_EXAMPLE_TARGET}`"
        message = f"`{rule.name}`: the window {stated.within} is around `{rule.reference}`"
        message += (
            ", and there is no target"
            if rule.target is None
            else f", and not around the target {stated.target}"
        )
        about = [course.visit(rule.point.visit)]
        yield Flag((*rule.path, "within"), message, hint, about=about)


def _may_be_around_target(rule: TimingConstraint) -> bool:
    """Whether the window, which has days on both sides of the reference, may be one of a target."""
    assert rule.window is not None
    earliest, latest, target = rule.window.earliest, rule.window.latest, rule.target
    if not isinstance(earliest, CalendarDistance) or not isinstance(latest, CalendarDistance):
        return False
    before, after = earliest.day_span[1], latest.day_span[0]
    if not before < 0 < after:
        return False
    if target is None:
        return -before != after
    if not isinstance(target, CalendarDistance) or target == CalendarDistance(0, 0):
        return False
    least, most = target.day_span
    is_middle = least - before == after - least
    return not is_middle and before <= least and most <= after and _one_side(before, after, least)


def _one_side(before: int, after: int, target: int) -> bool:
    """Whether the window has no day of the reference where it is counted from the target."""
    return target + before > 0 or target + after < 0
