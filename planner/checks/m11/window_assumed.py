from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.stated_windows import planned_visits, stated_rules
from planner.checks.subject import different_courses
from planner.protocol.course import Course

_UNREAD = ("assumed", "unverified")


@check(
    "note",
    "a window that no source states",
    what="A visit whose windows are all graded `assumed` or `unverified`: the file's author chose"
    " them, and no text that was read has them.",
    why="The windows that ICH M11 asks for in section 1.3 are those of the protocol; one that"
    " somebody else filled in reads like them.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, target: 2w, within: ±3d, grade: assumed}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, target: 2w, within: ±3d, grade: verified}}
""",
)
@for_each(different_courses)
def window_assumed(course: Course) -> Iterator[Flag]:
    stated = stated_rules(course)
    for visit in planned_visits(course):
        rules = stated.get(visit.id, [])
        if rules and all(rule.stated.grade in _UNREAD for rule in rules):
            grades = " and ".join(sorted({str(rule.stated.grade) for rule in rules}))
            message = f"the window of `{visit.id}` is graded {grades}"
            hint = "name the text that states it, or write `window: not-published`"
            yield Flag(rules[0].path, message, hint, about=[visit], once=visit.path)
