from collections.abc import Iterator, Sequence

from planner.checks.framework import Flag, check
from planner.checks.identifiers import plural
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.model import Cycle, Epoch
from planner.protocol.references import cycle_times


@check(
    "warning",
    "a cycle whose number of repetitions is unclear",
    what="A cycle with both `times:` and `until:`, with `at_most:` but no `until:`, with numbers"
    " by arm that leave out an arm, or with a break after a cycle that never comes.",
    why="The planner uses `until:` with `at_most:` and not `times:`, uses the greatest number"
    " for an arm that is left out, and ignores such a break. The author may have meant"
    " something else.",
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
        if epoch.cycle is not None:
            for key, message in _unclear(epoch, epoch.cycle, epoch.arms or subject.arms):
                path = ("epochs", at, "cycle", *key)
                yield Flag(path, f"`{epoch.id}` {message}", about=[epoch.id])


def _unclear(epoch: Epoch, cycle: Cycle, arms: Sequence[str | None]) -> Iterator[tuple[Path, str]]:
    """What of a cycle is not taken as written: where in it, and what of it."""
    if cycle.until is not None and "times" in cycle.model_fields_set:
        yield ("times",), "has `times:` and `until:`; `times:` is not used"
    if cycle.until is None and cycle.at_most is not None:
        yield ("at_most",), "has `at_most:` without `until:`; it is not used"
    if isinstance(cycle.times, dict) and cycle.until is None:
        missing = [arm for arm in arms if arm is not None and arm not in cycle.times]
        if missing:
            greatest = max(cycle.times.values(), default=1)
            yield ("times",), f"gives no number for arm {plural(missing)}; {greatest} is taken"
    most = max(cycle_times(epoch, arm) for arm in arms)
    for n, pause in enumerate(cycle.breaks):
        if pause.after >= most:
            yield ("breaks", n), f"has a break after cycle {pause.after} of {most}"
