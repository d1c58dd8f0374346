from collections.abc import Iterator

from planner.checks.arm_differences import ArmDifference, different_timings, visible_differences
from planner.checks.finding import Related
from planner.checks.framework import Flag, check
from planner.checks.identifiers import plural, visits
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.expand import visit_kind


@check(
    "note",
    "arms of a blinded design that differ after unblinding",
    what="A blinded design whose arms have different visits, tracks or timings only after a"
    " visit of kind `unblinding`. What comes after it, whatever dates are chosen, is not"
    " reported by `visits-tell-arms` and `windows-tell-arms`.",
    why="A calendar made before that day must end there: later visits would reveal the arm.",
    bad="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: comparator}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: unblinding, after: {visit: dosing, within: 4w}}
      - {id: open-dosing, arms: comparator, after: {visit: unblinding, within: 1w..2w}}
""",
    good="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: comparator}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
      - {id: unblinding, after: {visit: dosing, within: 4w}}
      - {id: open-dosing, after: {visit: unblinding, within: 1w..2w}}
""",
)
def arms_part_at_unblinding(subject: Subject) -> Iterator[Flag]:
    protocol = subject.protocol
    if not protocol.is_blinded or not any(
        visit_kind(visit, epoch) == "unblinding" for _, epoch, visit in visits(subject)
    ):
        return
    differences = [*visible_differences(subject), *different_timings(subject)]
    if any(difference.later is None for difference in differences):
        return
    by_visit: dict[Path, list[ArmDifference]] = {}
    for difference in differences:
        if difference.later is not None:
            by_visit.setdefault(difference.later.path, []).append(difference)
    for path, differences in by_visit.items():
        name = differences[0].later.id if differences[0].later is not None else ""
        first = plural(dict.fromkeys(difference.about[0] for difference in differences), 3)
        message = (
            f"after `{name}` the arms differ, as in {first}:"
            " a calendar made before it must end with it"
        )
        hint = "plan the time after it once the arm is known"
        related = [Related(difference.message, difference.path) for difference in differences[:5]]
        about = [name, *(each for difference in differences for each in difference.about)]
        yield Flag(path, message, hint, related=related, about=about)
