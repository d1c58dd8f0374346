from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject


@check(
    "error",
    "a cycle without an end",
    what="A cycle that ends by a decision (`until:`) without a maximum number of repetitions.",
    why="The length of participation would be unknown, and no schedule could be made.",
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
            message = f"`{epoch.id}` repeats until `{cycle.until}`, without a maximum number"
            yield Flag(("epochs", at, "cycle"), message, "add `at_most:`", about=[epoch.id])
