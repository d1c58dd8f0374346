from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.identifiers import plural
from planner.checks.reference_graph import is_own_reference, reference_cycle, timings_of
from planner.checks.subject import different_courses
from planner.protocol.course import Course, Occurrence
from planner.schedule.undated import unanchored_groups


@check(
    "error",
    "a visit that no timing connects to the anchor",
    what="No timing and no constraint leads from a visit to the anchor, in either direction"
    " and through any number of other visits. An unscheduled visit needs none: it has a date"
    " when it happens.",
    why="The visit has no date: it could be years before or after the others.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-1}
      - {id: dosing, after: {visit: prep-1, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-1, after: {visit: baseline, within: 3d..1w}}
      - {id: dosing, after: {visit: prep-1, within: 1w}}
""",
    misleads=True,
)
@for_each(different_courses)
def unreachable_visit(course: Course) -> Iterator[Flag]:
    for group in unanchored_groups(course):
        root = _root(course, group)
        if root is None:
            continue
        message = f"no timing connects `{root.id}` to the anchor `{course.anchor}`"
        others = [name for name in group if name != root.id]
        if others:
            verb = "depends" if len(others) == 1 else "depend"
            message += f"; {plural(others)} {verb} on it"
        field = "`next:`" if (root.cycle or 1) > 1 else "`after:` or `before:`"
        hint = f"give `{root.visit.id}` a timing with {field}"
        yield Flag(root.path, message, hint, about=[root])


def _root(course: Course, group: list[str]) -> Occurrence | None:
    """The first visit of a group that counts from no other; none where a loop is the reason."""
    if reference_cycle(course, group):
        return None
    alone = [name for name, rules in timings_of(course, group).items() if not rules]
    own = {rule.point.visit for rule in course.rules if is_own_reference(rule)}
    return None if alone[0] in own else course.visit(alone[0])
