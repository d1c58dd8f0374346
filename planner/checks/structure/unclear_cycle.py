from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import plural
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.references import cycle_times


@check(
    "warning",
    "a cycle whose number of repetitions is unclear",
    what="A cycle with both `times:` and `until:`, with `at_most:` but no `until:`, with numbers"
    " by arm that leave out an arm, or with a break after a cycle that never comes.",
    why="The planner takes `until:` with `at_most:` before `times:`, takes the greatest number for"
    " an arm that is left out and drops such a break. Perhaps something else was meant.",
    bad="""\
epochs:
  - id: treatment
    cycle: {times: 4, at_most: 6}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 1w}}
anchor: first baseline
""",
    good="""\
epochs:
  - id: treatment
    cycle: {times: 4}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 1w}}
anchor: first baseline
""",
)
def unclear_cycle(subject: Subject) -> Iterator[Flag]:
    for at, epoch in enumerate(subject.protocol.epochs):
        cycle, path = epoch.cycle, ("epochs", at, "cycle")
        if cycle is None:
            continue
        written = cycle.model_fields_set
        found: list[tuple[str, Path]] = []
        if cycle.until is not None and "times" in written:
            message = f"`{epoch.id}` has `times:` and `until:`; `times:` is not used"
            found.append((message, (*path, "times")))
        if cycle.until is None and cycle.at_most is not None:
            message = f"`{epoch.id}` has `at_most:` without `until:`; it is not used"
            found.append((message, (*path, "at_most")))
        arms = epoch.arms or subject.arms
        if isinstance(cycle.times, dict) and cycle.until is None:
            missing = [arm for arm in arms if arm is not None and arm not in cycle.times]
            if missing:
                most = max(cycle.times.values(), default=1)
                message = f"`{epoch.id}` gives no number for arm {plural(missing)}; {most} is taken"
                found.append((message, (*path, "times")))
        most = max(cycle_times(epoch, arm) for arm in arms)
        for n, pause in enumerate(cycle.breaks):
            if pause.after >= most:
                message = f"`{epoch.id}` has a break after cycle {pause.after} of {most}"
                found.append((message, (*path, "breaks", n)))
        for message, place in found:
            yield Flag(place, message, about=[epoch.id])
