from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import visits
from planner.checks.staffing import staffings
from planner.checks.subject import Subject
from planner.protocol.expand import visit_kind
from planner.protocol.visit import Staffing


@check(
    "warning",
    "a dosing session without staff",
    what="A dosing session that names no staff, neither for the visit nor in its run sheet.",
    why="A participant under the influence is not left alone, and no staff can be scheduled."
    " A study whose doses are taken at home and alone can give this reason in `ignore:`.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, staff: therapist, after: {visit: baseline, within: 1w}}
""",
)
def dosing_without_staff(subject: Subject) -> Iterator[Flag]:
    for path, epoch, visit in visits(subject):
        if visit_kind(visit, epoch) != "dosing":
            continue
        if any(_is_anyone(staffing) for staffing, _ in staffings(visit, path)):
            continue
        message = f"no staff at the dosing session `{visit.id}`"
        hint = "add `staff:`, or give the reason in `ignore:`"
        yield Flag(path, message, hint, about=[visit.id])


def _is_anyone(staffing: Staffing) -> bool:
    return any(number != 0 for number in staffing.roles.values())
