from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import feasible_schedules
from planner.protocol.course import TimingConstraint
from planner.schedule.build import Schedule
from planner.schedule.slack import effective_windows


@check(
    "note",
    "a visit without a first or last date",
    what="A visit whose timings together leave one side open: no rule limits how late, or how"
    " early, it may be, counted from the anchor.",
    why="Without a last date a visit is never missed, and nobody knows when participation ends.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 2w..}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 2w..4w}}
""",
)
@for_each(feasible_schedules)
def open_window(schedule: Schedule) -> Iterator[Flag]:
    course = schedule.course
    windows = effective_windows(schedule)
    timings: dict[str, list[TimingConstraint]] = {}
    for rule in course.rules:
        if rule.window is not None:
            timings.setdefault(rule.point.visit, []).append(rule)
    for occurrence in course.visits:
        window = windows.get(occurrence.id)
        if window is None or None not in window:
            continue
        if occurrence.visit.unscheduled:  # it becomes due whenever something happens
            continue
        rules = timings.get(occurrence.id, [])
        sides = [
            word
            for word, end in (("early", 0), ("late", 1))
            if window[end] is None
            # Where the reference is open itself, the finding is there.
            and all(windows[rule.reference.visit][end] is not None for rule in rules)
        ]
        if rules and len(sides) == 1:
            message = f"no rule limits how {sides[0]} `{occurrence.id}` may be"
            yield Flag(rules[0].path, message, about=[occurrence], once=occurrence.path)
