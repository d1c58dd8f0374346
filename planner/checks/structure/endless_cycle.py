from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject


@check(
    "error",
    "a cycle without an end",
    what="A cycle ends by a decision (`until:`) and does not say how many there can be at most.",
    why="Nobody can tell how long a participant takes part, and no schedule can be laid out.",
    bad="""\
decisions:
  remission: {condition: MADRS of 10 or less}
epochs:
  - id: treatment
    cycle: {until: remission}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 1w}}
anchor: first baseline
""",
    good="""\
decisions:
  remission: {condition: MADRS of 10 or less}
epochs:
  - id: treatment
    cycle: {until: remission, at_most: 12}
    visits:
      - {id: baseline, next: {visit: previous baseline, within: 1w}}
anchor: first baseline
""",
    misleads=True,
)
def endless_cycle(subject: Subject) -> Iterator[Flag]:
    for at, epoch in enumerate(subject.protocol.epochs):
        cycle = epoch.cycle
        if cycle is not None and cycle.until is not None and cycle.at_most is None:
            message = f"`{epoch.id}` repeats until `{cycle.until}`, without a greatest number"
            yield Flag(("epochs", at, "cycle"), message, "add `at_most:`", about=[epoch.id])
