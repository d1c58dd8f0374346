"""Checks of the time family: contradictions, and targets out of reach."""

from collections.abc import Iterator

from planner.checks.entries import visits
from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.rooms import about, because, left_of_rules, shown, shown_target, side
from planner.checks.subject import Subject
from planner.protocol.course import Point, Rule
from planner.protocol.document import Path
from planner.schedule.build import Schedule, Statement, least_steps, most_steps, turned
from planner.schedule.conflicts import Clash, find_clashes
from planner.schedule.run_sheet import contradictions
from planner.schedule.windows import limiting_statements
from planner.units import Distance


@check(
    "infeasible",
    "error",
    "rules that cannot all hold",
    what="Rules that contradict each other: no dates whatever satisfy all of them. The finding"
    " names a smallest set of such rules (any all but one of them can hold), writes out the"
    " arithmetic, and lists the smallest changes, any one of which makes them hold together.",
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
def _infeasible(subject: Subject) -> Iterator[Finding]:
    told: set[frozenset[Path]] = set()
    for arm in subject.different_arms():
        if subject.is_consistent(arm):
            continue
        schedule = subject.schedule(arm)
        for clash in find_clashes(schedule):
            paths = frozenset(one.path for one in clash.statements)
            if paths not in told:
                told.add(paths)
                alike = [one for one in subject.arms if _has(subject, one, clash)]
                where = "" if len(alike) == len(subject.arms) else f" (arm {_listed(alike)})"
                yield _contradiction(subject, schedule, clash, where)


def _has(subject: Subject, arm: str | None, clash: Clash) -> bool:
    statements = subject.schedule(arm).statements
    return all(one in statements for one in clash.statements)


def _listed(arms: list[str | None]) -> str:
    return ", ".join(f"`{arm}`" for arm in arms)


def _contradiction(subject: Subject, schedule: Schedule, clash: Clash, where: str) -> Finding:
    in_order = sorted(clash.statements, key=lambda one: subject.file.position(one.path))
    number = len(in_order)
    if number == 1:
        head = f"`{in_order[0].name}` contradicts itself"
    else:
        head = f"these {number} rules cannot all hold"
    if len(clash.relaxations) > 1:
        hint = f"any one of: {'; '.join(clash.relaxations)}"
    else:
        hint = clash.relaxations[0] if clash.relaxations else "no single change is enough"
    names = [point.visit for one in in_order for point in _points(one)]
    return Finding(
        "infeasible",
        "error",
        f"{head}{where}: {clash.arithmetic}",
        in_order[-1].path,
        hint,
        tuple(Related(f"`{one.name}`: {one.text}", one.path) for one in in_order),
        about(schedule.course, *names),
    )


def _points(statement: Statement) -> tuple[Point, ...]:
    if statement.rule is not None:
        return statement.rule.reference, statement.rule.point
    return (Point(statement.name.rpartition(".")[0]),)


@check(
    "target-outside-window",
    "error",
    "a target outside its own window",
    what="A timing, or an item of a run sheet, whose `target:` (or exact `at:`) lies outside its"
    " own `within:`; or an item that states its time twice, by an exact `at:` and a `target:`.",
    why="The preferred date is one that the same line forbids; one of the two is a slip.",
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
def _target_outside_window(subject: Subject) -> Iterator[Finding]:
    told: set[Path] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        for rule in course.rules:
            if rule.path not in told and _misses(rule.target, _span_of(rule)):
                told.add(rule.path)
                assert rule.window is not None, "nothing lies outside no window"
                window = turned(rule.window) if rule.backwards else rule.window
                message = (
                    f"`{rule.name}`: the target {shown_target(rule)} lies outside its window"
                    f" {window}"
                )
                path, names = (*rule.path, "target"), about(course, rule.point.visit)
                yield Finding("target-outside-window", "error", message, path, about=names)

    for path, _, visit in visits(subject):
        items = () if visit.run_sheet is None else visit.run_sheet.items
        for position, item in enumerate(items):
            for field, message in contradictions(item):
                at = (*path, "run_sheet", "items", position, field)
                message = f"`{item.id}`: {message}"
                yield Finding(
                    "target-outside-window", "error", message, at, about=(item.id, visit.id)
                )
            allowed = item.within or item.at
            if allowed is None or item.target is None or any(contradictions(item)):
                continue
            if _misses(item.target, (least_steps(allowed.earliest), most_steps(allowed.latest))):
                message = f"`{item.id}`: the target {item.target} lies outside its window {allowed}"
                at = (*path, "run_sheet", "items", position, "target")
                names = (item.id, visit.id)
                yield Finding("target-outside-window", "error", message, at, about=names)


def _span_of(rule: Rule) -> tuple[int | None, int | None]:
    if rule.window is None:
        return None, None
    return least_steps(rule.window.earliest), most_steps(rule.window.latest)


def _misses(target: Distance | None, span: tuple[int | None, int | None]) -> bool:
    """Whether a target, however long its months are, lies outside a span of days or minutes."""
    if target is None:
        return False
    least, most = least_steps(target), most_steps(target)
    assert least is not None
    assert most is not None
    first, last = span
    return (first is not None and most < first) or (last is not None and least > last)


@check(
    "target-unreachable",
    "warning",
    "a target that no schedule can reach",
    what="A target that lies inside its own window, but outside what all rules together leave of"
    " it. The finding names the rules that keep it out of reach.",
    why="Every single participant misses the preferred date, and a plan can only come near it.",
    bad="""\
constraints:
  - {id: short-study, from: dosing, to: endpoint, within: ..32d}
""",
    good="""\
constraints:
  - {id: short-study, from: dosing, to: endpoint, within: ..5w}
""",
)
def _target_unreachable(subject: Subject) -> Iterator[Finding]:
    told: set[Path] = set()
    for schedule, left in subject.once(left_of_rules):
        for room in left:
            rule = room.rule
            if rule.path in told or _misses(rule.target, _span_of(rule)):
                continue
            if _misses(rule.target, room.left):
                told.add(rule.path)
                first = room.left[0]
                early = first is not None and (most_steps(rule.target) or 0) < first
                reasons = limiting_statements(schedule, room, late=not early)
                message = (
                    f"`{rule.point}` can never be {shown_target(rule)} {side(rule)}, its target:"
                    f" all rules together leave {shown(room, room.left)}"
                )
                path = (*rule.path, "target")
                names = about(schedule.course, rule.point.visit)
                related = because(reasons)
                hint = f"aim inside {shown(room, room.left)}, or relax a rule that keeps it away"
                yield Finding("target-unreachable", "warning", message, path, hint, related, names)
