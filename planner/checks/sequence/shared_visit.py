from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import plural, visits
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.fields import Count


@check(
    "note",
    "a visit of several participants together",
    what="Visits for several participants together (`participants: 2`, `participants: 4..6`)."
    " One finding for all visits of one size.",
    why="A plan is made for one participant. It does not show whether the partner or the rest"
    " of the group can come on those dates.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-group, participants: 4..6, after: {visit: baseline, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-alone, participants: 1, after: {visit: baseline, within: 1w}}
""",
)
def shared_visit(subject: Subject) -> Iterator[Flag]:
    shared: dict[Count, list[tuple[str, Path]]] = {}
    for path, _, visit in visits(subject):
        count = visit.participants
        if count is not None and count.maximum > 1:
            shared.setdefault(count, []).append((visit.id, (*path, "participants")))
    for (minimum, maximum), sharing in shared.items():
        names = tuple(name for name, _ in sharing)
        size = f"{maximum}" if minimum == maximum else f"{minimum} to {maximum}"
        verb = "is" if len(names) == 1 else "are"
        message = (
            f"{plural(names)} {verb} for {size} participants at once: a plan for one does not say"
            " whether the others can come"
        )
        hint = "plan each of them, and compare the dates of these visits"
        yield Flag(sharing[0][1], message, hint, about=names)
