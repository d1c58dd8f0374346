from collections.abc import Iterator, Sequence

from planner.checks.framework import Flag, check, for_each
from planner.checks.identifiers import plural
from planner.checks.subject import different_courses
from planner.protocol.course import Course, Occurrence
from planner.protocol.expand import expand
from planner.schedule.undated import undecided_visits, without_dates


@check(
    "warning",
    "a required visit whose timing depends on an optional visit",
    what="A required visit counts only from visits that are unscheduled, optional or depend"
    " on a decision: without them, no timing connects it to the anchor. Or the anchor itself"
    " is such a visit.",
    why="If the other visit does not take place, this visit has no date. It is listed as"
    " waiting until the unscheduled visit happens or the decision is made.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, optional: true, after: {visit: baseline, within: 1w}}
      - {id: integration, after: {visit: dosing, within: 1d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, optional: true, after: {visit: baseline, within: 1w}}
      - {id: integration, optional: true, after: {visit: dosing, within: 1d}}
""",
)
@for_each(different_courses)
def hangs_on_optional(course: Course) -> Iterator[Flag]:
    anchor = next((visit for visit in course.visits if visit.id == course.anchor), None)
    if anchor is None:
        return
    if anchor.visit.optional or anchor.visit.when or anchor.visit.unscheduled:
        word = "unscheduled" if anchor.visit.unscheduled else "optional"
        message = f"the anchor `{course.anchor}` is {word}; without it nothing has a date"
        yield Flag(("anchor",), message, about=[anchor.id])
        return
    certain = expand(
        course.protocol,
        course.arm,
        with_visits=(),
        left_out=undecided_visits(course, ()),
        unscheduled=False,
    )
    if len(certain.visits) == len(course.visits):
        return
    sure = {visit.id for visit in certain.visits}
    for waiting in without_dates(certain, course).waiting:
        through = [course.visit(name) for name in waiting.references if name not in sure]
        on_events = all(visit.kind == "event" for visit in through)
        if isinstance(waiting.what, Occurrence) and not on_events:
            yield _hanging(waiting.what, through)


def _hanging(root: Occurrence, through: Sequence[Occurrence]) -> Flag:
    """What hangs on visits that need not take place, and how each kind of them is cured."""
    names = plural([visit.id for visit in through])
    first = through[0].visit
    if any(visit.visit.unscheduled for visit in through):
        when = f" and `when: {first.when}`" if first.when else ""
        mark = f"mark `{root.visit.id}` with `unscheduled: true`{when}, too"
        happens = "that happens" if len(through) == 1 else "one of them happens"
        message = f"`{root.id}` counts only from {names}, and has no date until {happens}"
    else:
        if first.when and not any(visit.visit.optional for visit in through):
            mark = f"mark `{root.visit.id}` with `when: {first.when}`, too"
        else:
            mark = f"mark `{root.visit.id}` as optional, too"
        message = (
            f"without optional visits no timing connects `{root.id}` to the anchor: only {names}"
        )
        message += " does" if len(through) == 1 else " do"
    hint = f"{mark}, or count it from another visit as well"
    return Flag(root.path, message, hint, related=through, about=[root])
