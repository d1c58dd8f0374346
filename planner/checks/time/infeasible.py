from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.checks.finding import Related
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.course import Course, Point
from planner.protocol.document import Path
from planner.schedule.build import RuleSource

if TYPE_CHECKING:
    from planner.schedule.conflicts import Clash


@check(
    "error",
    "rules that contradict each other",
    what="No dates satisfy all of these rules. The finding names a smallest set of such rules"
    " (without any one of them, the others can be kept), shows the arithmetic, and lists the"
    " smallest changes: any one of them resolves the contradiction.",
    why="No participant can follow the protocol without a deviation.",
    bad="""\
constraints:
  - {id: early-dosing, from: baseline, to: dosing, within: ..2d}
""",
    good="""\
constraints:
  - {id: early-dosing, from: baseline, to: dosing, within: ..2w}
""",
)
def infeasible(subject: Subject) -> Iterator[Flag]:
    schedules = [
        subject.schedule(arm) for arm in subject.different_arms() if not subject.is_consistent(arm)
    ]
    if not schedules:
        return
    # How rules contradict each other is a long question, and few files have to ask it.
    from planner.schedule.conflicts import find_clashes

    clashes: dict[frozenset[Path], tuple[Course, Clash]] = {}
    for schedule in schedules:
        for clash in find_clashes(schedule):
            paths = frozenset(statement.path for statement in clash.statements)
            clashes.setdefault(paths, (schedule.course, clash))
    for course, clash in clashes.values():
        alike = [f"`{arm}`" for arm in subject.arms if _has(subject, arm, clash)]
        where = "" if len(alike) == len(subject.arms) else f" (arm {', '.join(alike)})"
        yield _contradiction(subject, course, clash, where)


def _has(subject: Subject, arm: str | None, clash: "Clash") -> bool:
    statements = subject.schedule(arm).statements
    return all(statement in statements for statement in clash.statements)


def _contradiction(subject: Subject, course: Course, clash: "Clash", where: str) -> Flag:
    in_order = sorted(clash.statements, key=lambda statement: subject.file.position(statement.path))
    number = len(in_order)
    if number == 1:
        head = f"`{in_order[0].name}` contradicts itself"
    else:
        head = f"these {number} rules contradict each other"
    if len(clash.relaxations) > 1:
        hint = f"any one of: {'; '.join(clash.relaxations)}"
    else:
        hint = clash.relaxations[0] if clash.relaxations else "no single change is enough"
    return Flag(
        in_order[-1].path,
        f"{head}{where}: {clash.arithmetic}",
        hint,
        related=[Related(f"`{rule.name}`: {rule.text}", rule.path) for rule in in_order],
        about=[course.visit(point.visit) for rule in in_order for point in _points(rule)],
    )


def _points(statement: RuleSource) -> tuple[Point, ...]:
    if statement.rule is not None:
        return statement.rule.reference, statement.rule.point
    return (Point(statement.name.rpartition(".")[0]),)
