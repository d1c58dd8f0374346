from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import entries, owner
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.model import Constraint
from planner.protocol.references import cycle_times
from planner.protocol.visit import Timing


@check(
    "warning",
    "a timing that is never used",
    what="A timing or constraint that applies to no occurrence in any arm: `next:` at a visit"
    " that does not repeat, `previous` where no such visit is listed earlier, an arm that"
    " lacks one of the two visits, or a timing that every arm replaces.",
    why="It looks like a rule of the schedule and has no effect.",
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
def timing_never_applies(subject: Subject) -> Iterator[Flag]:
    courses = [subject.course(arm) for arm in subject.arms]
    applied = {rule.path for course in courses for rule in course.rules}
    # A flaw stands at the timing's `visit:`, a constraint's at its `from:` or `to:`.
    applied |= {flaw.path[:-1] for course in courses for flaw in course.flaws}
    present = {visit.path for course in courses for visit in course.visits}
    for path, entry in subject.cached(entries):
        if path in applied or not isinstance(entry, (Timing, Constraint)):
            continue
        if isinstance(entry, Constraint):
            name = entry.id or f"{entry.start} to {entry.end}"
            message = f"constraint `{name}` is never used: no arm has both visits"
            yield Flag(path, message, about=[name])
        elif path[:4] in present and not _is_endless(subject, path):
            at = owner(subject, path)
            field = str(path[-2])
            message = f"`{at}.{field}` is never used: {_why_unused(subject, path, entry)}"
            yield Flag(path, message, about=[at])


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
