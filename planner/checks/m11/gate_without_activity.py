from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.course import Occurrence
from planner.protocol.document import Path
from planner.schedule.visit_numbers import visit_numbers


@check(
    "warning",
    "a gate or a decision that nothing in the table decides",
    what="A gate that a visit requires, or a decision that a visit, a cycle or a grid depends on,"
    " where no visit before has an activity by which it could be decided.",
    why="ICH M11, section 1.3, asks for the tests that decide on eligibility, randomisation or"
    " discontinuation in the schedule of activities.",
    bad="""\
gates:
  eligible: {title: Eligible}
epochs:
  - id: screening
    visits:
      - {id: consent, before: {visit: baseline, within: 1w..4w}}
      - {id: baseline, requires: eligible}
""",
    good="""\
gates:
  eligible: {title: Eligible}
activities:
  criteria: {title: Eligibility criteria}
epochs:
  - id: screening
    visits:
      - {id: consent, activities: [criteria], before: {visit: baseline, within: 1w..4w}}
      - {id: baseline, requires: eligible}
""",
)
def gate_without_activity(subject: Subject) -> Iterator[Flag]:
    numbers = visit_numbers(subject.protocol)
    visits: dict[str, Occurrence] = {}
    for arm in subject.arms:
        for visit in subject.course(arm).visits:
            visits.setdefault(visit.id, visit)
    in_order = sorted(visits.values(), key=lambda visit: numbers[visit.id])
    first_with = next((numbers[v.id] for v in in_order if _has_activity(v)), None)
    known: set[Path] = set()
    for visit in in_order:
        # What decides at a visit itself is done there before it goes on.
        decided = first_with is not None and first_with <= numbers[visit.id]
        for kind, key in _hangs_on(visit):
            path: Path = (kind, key)
            if decided or path in known or key not in getattr(subject.protocol, kind):
                continue
            known.add(path)
            word = kind.removesuffix("s")
            message = f"{word} `{key}` stands before `{visit.id}`, and no activity up to there"
            hint = "list the tests that decide it among the `activities:` of a visit"
            yield Flag(path, f"{message} decides it", hint, [visit], about=[key, visit])


def _has_activity(visit: Occurrence) -> bool:
    items = visit.visit.run_sheet.items if visit.visit.run_sheet else ()
    return bool(visit.visit.activities) or any(item.activity for item in items)


def _hangs_on(visit: Occurrence) -> Iterator[tuple[str, str]]:
    for gate in visit.visit.requires:
        yield "gates", gate
    for decision in (visit.visit.when, visit.ends_by):
        if decision is not None:
            yield "decisions", decision
