"""Checks of the sequence family: what the plan of one participant leaves open."""

from collections.abc import Iterator

from planner.checks.entries import plural, visits
from planner.checks.finding import Finding
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.words import Count


@check(
    "conditional-visits",
    "note",
    "visits that depend on a decision",
    what="A decision that visits name under `when:`. The finding says how many visits depend on"
    " it, and how many there are and how long the course takes with and without them.",
    why="A plan made before the decision shows one of two courses. Rooms, staff and the participant"
    " have to be ready for both.",
    bad="""\
decisions:
  second-session: {condition: No remission four weeks after the first session}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: dosing-again, when: second-session, after: {visit: dosing, within: 5w..6w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: dosing-again, after: {visit: dosing, within: 5w..6w}}
""",
)
def _conditional_visits(subject: Subject) -> Iterator[Finding]:
    deciding: dict[str, list[Path]] = {}
    for path, _, visit in visits(subject):
        if visit.when in subject.protocol.decisions and not visit.unscheduled:
            deciding.setdefault(visit.when, []).append((*path, "when"))
    if deciding:
        from planner.checks.decided import with_and_without

        for decision, paths in deciding.items():
            told = with_and_without(subject, decision)
            if told is not None:
                message, about = told
                yield Finding("conditional-visits", "note", message, paths[0], None, (), about)


@check(
    "shared-visit",
    "note",
    "a visit of several participants at once",
    what="Visits for several participants at once (`participants: 2`, `participants: 4..6`). One"
    " finding for all visits of one size.",
    why="A plan is made for one participant. Whether the partner or the rest of the group can come"
    " on those days is nowhere in it.",
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
def _shared_visit(subject: Subject) -> Iterator[Finding]:
    shared: dict[Count, list[tuple[str, Path]]] = {}
    for path, _, visit in visits(subject):
        count = visit.participants
        if count is not None and count.most > 1:
            shared.setdefault(count, []).append((visit.id, (*path, "participants")))
    for (least, most), found in shared.items():
        names = tuple(name for name, _ in found)
        size = f"{most}" if least == most else f"{least} to {most}"
        verb = "is" if len(names) == 1 else "are"
        message = (
            f"{plural(names)} {verb} for {size} participants at once: a plan for one does not say"
            " whether the others can come"
        )
        hint = "plan each of them, and compare the dates of these visits"
        yield Finding("shared-visit", "note", message, found[0][1], hint, (), names)
