from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import visits
from planner.checks.staffing import staffings
from planner.checks.subject import Subject


@check(
    "warning",
    "a role with zero people",
    what="A visit or a run sheet item asks for 0 people of a role, or a change of shift does not"
    " say who comes.",
    why="It reads as if the role were present, but the staff schedule has nobody for it.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline, staff: {therapist: 0}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline, staff: {therapist: 1}}
""",
)
def staff_of_nobody(subject: Subject) -> Iterator[Flag]:
    for path, _, visit in visits(subject):
        for staffing, place in staffings(visit, path):
            for name, number in staffing.roles.items():
                if number == 0:
                    message = f"`{visit.id}` asks for 0 of `{name}`"
                    hint = "leave the role out, or say how many"
                    where = (*place, "roles", name)
                    yield Flag(where, message, hint, about=[name, visit.id])
        for n, item in enumerate(visit.run_sheet.items if visit.run_sheet else ()):
            if item.kind == "shift-change" and item.staff is None:
                message = f"the shift change `{item.id}` of `{visit.id}` does not say who comes"
                hint = "add `staff:`"
                where = (*path, "run_sheet", "items", n)
                yield Flag(where, message, hint, about=[item.id, visit.id])
