from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check, for_each
from planner.checks.slack_words import written_target
from planner.checks.subject import different_courses
from planner.protocol.course import Course, TimingConstraint


@check(
    "error",
    "a visit with more than one target",
    what="Several timings of one visit each have a `target:`.",
    why="Only one of a visit's timings may have a `target`: a visit has one preferred date.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..2w}}
      - id: endpoint
        after:
          - {visit: baseline, within: 5w..7w, target: 6w}
          - {visit: dosing, within: 4w..6w, target: 5w}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..2w}}
      - id: endpoint
        after:
          - {visit: baseline, within: 5w..7w, target: 6w}
          - {visit: dosing, within: 4w..6w}
""",
)
@for_each(different_courses)
def several_targets(course: Course) -> Iterator[Flag]:
    first: dict[str, TimingConstraint] = {}
    for rule in course.rules:
        if rule.target is None:
            continue
        name = rule.point.visit
        other = first.setdefault(name, rule)
        if other is not rule:
            message = (
                f"`{name}` has two targets: {written_target(other)} from `{other.reference}` and"
                f" {written_target(rule)} from `{rule.reference}`"
            )
            hint = "keep one `target:`; the other timing can keep its `within:`"
            related = [Related("the other target", (*other.path, "target"))]
            about = [course.visit(name)]
            yield Flag((*rule.path, "target"), message, hint, related=related, about=about)
