from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.slack_words import (
    side,
    written_target,
)
from planner.checks.subject import different_courses
from planner.protocol.course import Course, Occurrence, TimingConstraint


@check(
    "warning",
    "a visit without a window",
    what="A visit other than the anchor whose timings give a target and no allowed distances,"
    " and that no other rule limits. ICH M11 asks for a window on every visit. The finding"
    " says which of two readings the file declares by `target_without_window`: `exact` (that"
    " day only) or `preferred` (other days are allowed). `window: not-published` says that no"
    " text states one, which is an answer in all files but those of the status `draft`;"
    " without a target, too, only the order of the visit is known.",
    why="Sites read it both ways: as a date that a weekend turns into a protocol deviation,"
    " or as a preference.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, target: 2w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, target: 2w, within: ±3d}}
""",
)
@for_each(different_courses)
def no_window(course: Course) -> Iterator[Flag]:
    aims: dict[str, TimingConstraint] = {}
    bounded = {course.anchor}
    for rule in course.rules:
        if rule.window is not None:
            bounded |= {rule.reference.visit, rule.point.visit}
        elif rule.target is not None or rule.point.visit not in aims:
            aims[rule.point.visit] = rule
    for occurrence in course.visits:
        aim = aims.get(occurrence.id)
        if occurrence.id in bounded or aim is None or occurrence.kind == "event":
            continue
        words = _words(course, occurrence, aim)
        if words is not None:
            message, hint = words
            path, once = aim.path, occurrence.path
            yield Flag(path, message, hint, about=[occurrence], once=once)


def _words(
    course: Course, occurrence: Occurrence, rule: TimingConstraint
) -> tuple[str, str] | None:
    """The message and the hint; ``None`` where the file says that no text has a window."""
    name = f"`{occurrence.id}`"
    hint = "write the allowed distances, such as `within: {}`; ICH M11 asks for them"
    if rule.order is None:
        target = f"{written_target(rule)} {side(rule)}"
        exact, preferred = "an exact date", "a preference"
        word = course.protocol.conventions.target_without_window
        read, other = (exact, preferred) if word == "exact" else (preferred, exact)
        message = f"{name} has no window: its target, {target}, is read as {read}"
        message += f" (`target_without_window: {word}`), not as {other}"
        return message, hint.format("±1d")
    if rule.target is None:
        message = f"no timing for {name}, only that it is {side(rule)}"
        return message, "give a `target:`, graded `assumed` where no text has one"
    if course.protocol.status == "draft":
        message = f"{name} has no window: `not-published` says what a publication leaves out, and"
        return f"{message} this protocol is a draft", hint.format("±3d")
    return None
