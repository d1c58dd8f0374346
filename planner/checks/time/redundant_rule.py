from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject, feasible_schedules
from planner.network.windows import is_redundant
from planner.protocol.course import Course, TimingConstraint
from planner.protocol.document import Path
from planner.protocol.expand import expand
from planner.schedule.build import Schedule, build_schedule


@check(
    "note",
    "a rule that changes nothing",
    what="A timing or constraint without a target whose window follows from the other rules, in"
    " every arm and with or without the optional visits.",
    why="It looks like a limit and has no effect. Often one of its numbers is wrong.",
    bad="""\
constraints:
  - {id: rest, from: dosing, to: endpoint, within: 1w..}
""",
    good="""\
constraints:
  - {id: rest, from: dosing, to: endpoint, within: 33d..}
""",
)
def redundant_rule(subject: Subject) -> Iterator[Flag]:
    schedules = feasible_schedules(subject)
    if len(schedules) < len(subject.different_arms()):
        return
    for schedule in schedules[:]:
        visits = schedule.course.visits
        if any(
            visit.visit.optional or visit.visit.when or visit.visit.unscheduled for visit in visits
        ):
            least = expand(subject.protocol, schedule.course.arm, with_visits=())
            schedules.append(build_schedule(least))
    needed: set[Path] = set()
    idle: dict[Path, tuple[Course, TimingConstraint]] = {}
    for schedule in schedules:
        _sort_out(schedule, needed, idle)
    for path, (course, rule) in idle.items():
        if path not in needed:
            occurrence = course.visit(rule.point.visit)
            # All occurrences of the line are meant, so it goes by its visit's name.
            name = occurrence.visit.id + rule.name.removeprefix(occurrence.id)
            name = rule.name if path[0] == "constraints" else name
            message = f"`{name}` changes nothing: the other rules already require it"
            hint = "leave it out, or check its numbers"
            yield Flag(path, message, hint, about=[course.visit(rule.reference.visit), occurrence])


def _sort_out(
    schedule: Schedule, needed: set[Path], idle: dict[Path, tuple[Course, TimingConstraint]]
) -> None:
    """Marks the lines that change something in a course, and those of which no rule does.

    Of lines that say the same, the last one changes nothing.
    """
    network = schedule.network
    lines: dict[Path, list[int]] = {}
    for number, statement in enumerate(schedule.statements):
        rule = statement.rule
        if rule is None or rule.target is not None or rule.order is not None or rule.is_during:
            continue
        if rule.path not in needed:
            lines.setdefault(rule.path, []).append(number)
    left_out: set[int] = set()
    for path, numbers in reversed(lines.items()):
        # The cheap question first: most lines are needed, and one needed rule of a line is enough.
        if all(is_redundant(network, number, left_out=left_out) for number in numbers) and (
            len(numbers) == 1 or is_redundant(network, *numbers, left_out=left_out)
        ):
            left_out.update(numbers)
            rule = schedule.statements[numbers[0]].rule
            assert rule is not None
            idle.setdefault(path, (schedule.course, rule))
        else:
            needed.add(path)
