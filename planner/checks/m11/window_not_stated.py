from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.stated_windows import planned_visits, stated_rules
from planner.checks.subject import different_courses
from planner.protocol.course import Course


@check(
    "warning",
    "a visit for which no window is stated",
    what="A planned visit other than the anchor with no allowed distances in the file: neither its"
    " own timings nor a constraint has `within:`. A target alone is none, and `window:"
    " not-published` says that no text has one.",
    why="ICH M11, section 1.3, asks for the allowable window of every visit.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, target: 2w, window: not-published}}
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
def window_not_stated(course: Course) -> Iterator[Flag]:
    stated = stated_rules(course)
    timings = course.timings()
    for visit in planned_visits(course):
        if visit.id in stated:
            continue
        rules = timings[visit.id]
        says = "no text states one" if any(rule.order is not None for rule in rules) else ""
        if not says:
            says = "it has a target alone" if rules else "it has no timing"
        message = f"`{visit.id}` has no stated window: {says}"
        hint = "state the allowed distances, such as `within: ±3d`"
        yield Flag(visit.path, message, hint, about=[visit])
