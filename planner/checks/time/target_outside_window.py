from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.identifiers import visits
from planner.checks.slack_words import written_target
from planner.checks.subject import Subject, different_courses
from planner.checks.targets import misses, written_span
from planner.checks.window_readings import both_readings
from planner.protocol.course import Course
from planner.schedule.build import least_steps, most_steps
from planner.schedule.run_sheet import contradictions
from planner.time.distance import turned


@check(
    "error",
    "a target outside its own window",
    what="A timing, or an item of a run sheet, whose `target:` (or exact `at:`) is outside its"
    " own `within:`; or an item that states its time twice, by an exact `at:` and a `target:`.",
    why="The same line forbids its preferred date; one of the two is wrong.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..2w, target: 3w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..3w, target: 2w}}
""",
)
def target_outside_window(subject: Subject) -> Iterator[Flag]:
    yield from _in_timings(subject)
    yield from _in_run_sheets(subject)


@for_each(different_courses)
def _in_timings(course: Course) -> Iterator[Flag]:
    for rule in course.rules:
        if misses(rule.target, written_span(rule)):
            assert rule.window is not None, "nothing is outside no window"
            window = turned(rule.window) if rule.backwards else rule.window
            target = written_target(rule)
            message = f"`{rule.name}`: the target {target} is outside its window {window}"
            about = [course.visit(rule.point.visit)]
            yield Flag(
                (*rule.path, "target"), message, both_readings(rule, rule.target), about=about
            )


def _in_run_sheets(subject: Subject) -> Iterator[Flag]:
    for path, _, visit in visits(subject):
        items = () if visit.run_sheet is None else visit.run_sheet.items
        for position, item in enumerate(items):
            place = (*path, "run_sheet", "items", position)
            about = [item.id, visit.id]
            clashes = list(contradictions(item))
            for field, message in clashes:
                yield Flag((*place, field), f"`{item.id}`: {message}", about=about)
            allowed = item.allowed or item.at
            if allowed is None or item.target is None or clashes:
                continue
            if misses(item.target, (least_steps(allowed.earliest), most_steps(allowed.latest))):
                message = f"`{item.id}`: the target {item.target} is outside its window {allowed}"
                yield Flag((*place, "target"), message, about=about)
