"""Checks of the structure family: what timings count from, and what hangs on the anchor."""

from collections.abc import Collection, Iterator, Sequence

from planner.checks.entries import entries, owner, plural
from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.checks.ties import circle, is_own_reference, timings_of
from planner.protocol.course import Course, Occurrence, Rule
from planner.protocol.document import Path
from planner.protocol.expand import expand
from planner.protocol.model import Constraint
from planner.protocol.references import cycle_times
from planner.protocol.visit import RunSheetItem, Timing
from planner.schedule.undated import adrift, undecided_visits, without_dates


@check(
    "unknown-visit",
    "error",
    "a reference to a visit that is not there",
    what="A timing, constraint, track or the anchor names a visit that the file does not have,"
    " or one of several occurrences without saying which.",
    why="The distance would count from nothing, and the planner would have to guess.",
    bad="constraints:\n  - {from: prep-2, to: dosing, within: 1d..}\n",
    good="constraints:\n  - {from: prep-1, to: dosing, within: 1d..}\n",
    misleads=True,
)
def _unknown_visit(subject: Subject) -> Iterator[Finding]:
    found: dict[tuple[Path, str, str | None], list[str | None]] = {}
    for arm in subject.arms:
        for flaw in subject.course(arm).flaws:
            if flaw.check == "unknown-visit":
                found.setdefault((flaw.path, flaw.message, flaw.hint), []).append(arm)
    reported: set[Path] = set()
    for (path, message, hint), arms in found.items():
        if path not in reported:
            reported.add(path)
            where = "" if len(arms) == len(subject.arms) else f" (arm {plural(_named(arms))})"
            about = (owner(subject, path),)
            yield Finding("unknown-visit", "error", message + where, path, hint, (), about)


def _named(arms: Collection[str | None]) -> list[str]:
    return [arm for arm in arms if arm is not None]


@check(
    "timing-never-applies",
    "warning",
    "a timing that binds nothing",
    what="A timing or constraint that holds for no occurrence in any arm: `next:` at a visit that"
    " does not repeat, `previous` where no such visit is listed earlier, an arm that lacks one of"
    " the two visits, or a timing that every arm replaces.",
    why="Whoever wrote it thinks that it holds. It does not.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 1w..2w}
        next: {visit: previous dosing, within: 3w..5w}
""",
    good="""\
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w..2w}
        next: {visit: previous dosing, within: 3w..5w}
""",
)
def _timing_never_applies(subject: Subject) -> Iterator[Finding]:
    courses = [subject.course(arm) for arm in subject.arms]
    applied = {rule.path for course in courses for rule in course.rules}
    # A flaw stands at the timing's `visit:`, a constraint's at its `from:` or `to:`.
    applied |= {flaw.path[:-1] for course in courses for flaw in course.flaws}
    present = {visit.path for course in courses for visit in course.visits}
    for path, entry in subject.once(entries):
        if path in applied or not isinstance(entry, (Timing, Constraint)):
            continue
        if isinstance(entry, Constraint):
            name = entry.id or f"{entry.start} to {entry.end}"
            message = f"constraint `{name}` binds nothing: no arm has both visits"
            yield Finding("timing-never-applies", "warning", message, path, about=(name,))
        elif path[:4] in present and not _is_endless(subject, path):
            at = owner(subject, path)
            field = str(path[-2])
            message = f"`{at}.{field}` binds nothing: {_why_unused(subject, path, entry)}"
            yield Finding("timing-never-applies", "warning", message, path, about=(at,))


def _is_endless(subject: Subject, path: Path) -> bool:
    cycle = subject.protocol.epochs[int(path[1])].cycle
    return cycle is not None and cycle.until is not None and cycle.at_most is None


def _why_unused(subject: Subject, path: Path, timing: Timing) -> str:
    epoch = subject.protocol.epochs[int(path[1])]
    visit = epoch.visits[int(path[3])]
    field = str(path[-2])
    if field == "next" and max(cycle_times(epoch, arm) for arm in subject.arms) < 2:
        return f"`{visit.id}` does not repeat; write `after:`"
    replaced = all(arm is not None and arm in visit.by_arm for arm in subject.arms)
    if replaced and "by_arm" not in path and not timing.arms:
        return "every arm replaces it"
    if timing.visit.which in ("previous", "next"):
        side = "before" if timing.visit.which == "previous" else "after"
        return f"no `{timing.visit.visit}` is listed {side} `{visit.id}`"
    return f"no arm that has it also has `{timing.visit}`"


@check(
    "reference-loop",
    "error",
    "visits that count only from each other",
    what="A visit that counts from itself, visits that count from each other in a circle which"
    " nothing ties to the anchor, or items of a run sheet that follow each other in a circle.",
    why="Such a circle has no place in time: none of its dates follows from the anchor's.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-1, before: {visit: prep-2, within: 1w}}
      - {id: prep-2, after: {visit: prep-1, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-1, after: {visit: baseline, within: 3d..1w}}
      - {id: prep-2, after: {visit: prep-1, within: 1w}}
""",
    misleads=True,
)
def _reference_loop(subject: Subject) -> Iterator[Finding]:
    reported: set[Path] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        for rule in course.rules:
            if is_own_reference(rule) and rule.path not in reported:
                reported.add(rule.path)
                name = rule.point.visit
                message = f"`{rule.name}` counts `{name}` from itself"
                cycle = course.visit(name).cycle
                hint = f"did you mean `previous {course.visit(name).visit.id}`?" if cycle else None
                about = (name, course.visit(name).visit.id)
                yield Finding("reference-loop", "error", message, rule.path, hint, (), about)
        for group in adrift(course):
            loop = circle(course, group)
            if loop and loop[0].path not in reported:
                reported.update(rule.path for rule in loop)
                yield _loop(course, loop)
    for path, entry in subject.once(entries):
        if isinstance(entry, RunSheetItem) and path not in reported and entry.after:
            sheet = subject.protocol.epochs[int(path[1])].visits[int(path[3])].run_sheet
            after = {item.id: item.after for item in sheet.items} if sheet else {}
            names = _follow(entry.id, after)
            if names and names[0] == entry.id and min(names) == entry.id:
                message = f"run sheet items {plural(names)} count from each other"
                at = owner(subject, path)
                yield Finding("reference-loop", "error", message, path, about=(entry.id, at))


def _follow(name: str, after: dict[str, str | None]) -> list[str]:
    """The items from one that counts from another, back to it; empty where it is no circle."""
    names: list[str] = []
    here: str | None = name
    while here is not None and here not in names:
        names.append(here)
        here = after.get(here)
    return names if here == name else []


def _loop(course: Course, rules: list[Rule]) -> Finding:
    names = [rule.point.visit for rule in rules]
    message = f"{plural(names)} count from each other, and not from the anchor `{course.anchor}`"
    related = tuple(Related(f"`{rule.name}`", rule.path) for rule in rules[1:])
    return Finding("reference-loop", "error", message, rules[0].path, None, related, tuple(names))


@check(
    "unreachable-visit",
    "error",
    "a visit that nothing ties to the anchor",
    what="No timing and no constraint leads from a visit to the anchor, in either direction and"
    " through any number of other visits. An unscheduled visit needs none: it has its date when it"
    " happens.",
    why="The visit has no place in the schedule: it could lie years before or after the rest, so"
    " nothing dates it.",
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
def _unreachable_visit(subject: Subject) -> Iterator[Finding]:
    reported: set[Path] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        for group in adrift(course):
            root = _root(course, group)
            if root is None or root.path in reported:
                continue
            reported.add(root.path)
            message = f"nothing ties `{root.id}` to the anchor `{course.anchor}`"
            others = [name for name in group if name != root.id]
            if others:
                verb = "hangs" if len(others) == 1 else "hang"
                message += f"; {plural(others)} {verb} on it"
            field = "`next:`" if (root.cycle or 1) > 1 else "`after:` or `before:`"
            hint = f"give `{root.visit.id}` a timing with {field}"
            about = (root.id, root.visit.id)
            yield Finding("unreachable-visit", "error", message, root.path, hint, (), about)


def _root(course: Course, group: list[str]) -> Occurrence | None:
    """The first visit of a group that counts from no other; none where a loop is the reason."""
    if circle(course, group):
        return None
    alone = [name for name, rules in timings_of(course, group).items() if not rules]
    own = {rule.point.visit for rule in course.rules if is_own_reference(rule)}
    return None if alone[0] in own else course.visit(alone[0])


@check(
    "hangs-on-optional",
    "warning",
    "a visit that only an optional visit ties to the anchor",
    what="A visit takes place in any case, but its timings count only from visits that are"
    " unscheduled, optional or depend on a decision, so that without them nothing ties it to the"
    " anchor; or the anchor itself is one of these.",
    why="When the other visit is left out, this one has no place in the schedule. Until an"
    " unscheduled visit or the one of an open decision has happened, it is listed as waiting for"
    " that, without a date.",
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
def _hangs_on_optional(subject: Subject) -> Iterator[Finding]:
    reported: set[Path] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        anchor = next((one for one in course.visits if one.id == course.anchor), None)
        if anchor is None:
            continue
        if anchor.visit.optional or anchor.visit.when or anchor.visit.unscheduled:
            word = "unscheduled" if anchor.visit.unscheduled else "optional"
            message = f"the anchor `{course.anchor}` is {word}; without it nothing has a date"
            path: Path = ("anchor",)
            yield Finding("hangs-on-optional", "warning", message, path, about=(anchor.id,))
            return
        certain = expand(
            subject.protocol,
            arm,
            with_visits=(),
            left_out=undecided_visits(course, ()),
            unscheduled=False,
        )
        if len(certain.visits) == len(course.visits):
            continue
        sure = {one.id for one in certain.visits}
        for waiting in without_dates(certain, course).waiting:
            through = [course.visit(name) for name in waiting.references if name not in sure]
            root = waiting.what
            if isinstance(root, Occurrence) and through and root.path not in reported:
                reported.add(root.path)
                yield _hanging(root, through)


def _hanging(root: Occurrence, through: Sequence[Occurrence]) -> Finding:
    """What hangs on visits that need not take place, and how each kind of them is cured."""
    names = plural([one.id for one in through])
    first = through[0].visit
    if any(one.visit.unscheduled for one in through):
        when = f" and `when: {first.when}`" if first.when else ""
        mark = f"mark `{root.visit.id}` with `unscheduled: true`{when}, too"
        happens = "that happens" if len(through) == 1 else "one of them happens"
        message = f"`{root.id}` counts only from {names}, and has no date until {happens}"
    else:
        if first.when and not any(one.visit.optional for one in through):
            mark = f"mark `{root.visit.id}` with `when: {first.when}`, too"
        else:
            mark = f"mark `{root.visit.id}` as optional, too"
        message = f"without optional visits nothing ties `{root.id}` to the anchor: only {names}"
        message += " ties it" if len(through) == 1 else " tie it"
    hint = f"{mark}, or count it from another visit as well"
    about = (root.id, root.visit.id)
    related = tuple(Related(f"`{one.id}`", one.path) for one in through)
    return Finding("hangs-on-optional", "warning", message, root.path, hint, related, about)


@check(
    "several-targets",
    "error",
    "a visit with more than one target",
    what="Several timings of one visit each have a `target:`.",
    why="A visit can be preferred on one day only; of the timings that hold together, one at most"
    " says which.",
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
def _several_targets(subject: Subject) -> Iterator[Finding]:
    reported: set[Path] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        first: dict[str, Rule] = {}
        for rule in course.rules:
            if rule.target is None:
                continue
            name = rule.point.visit
            other = first.setdefault(name, rule)
            if other is not rule and rule.path not in reported:
                reported.add(rule.path)
                message = (
                    f"`{name}` has two targets: {_target(other)} from `{other.reference}` and"
                    f" {_target(rule)} from `{rule.reference}`"
                )
                hint = "keep one `target:`; the other timing can keep its `within:`"
                related = (Related("the other target", (*other.path, "target")),)
                about = (name, course.visit(name).visit.id)
                path = (*rule.path, "target")
                yield Finding("several-targets", "error", message, path, hint, related, about)


def _target(rule: Rule) -> str:
    target = rule.target
    return str(-target if rule.backwards and target is not None else target)
