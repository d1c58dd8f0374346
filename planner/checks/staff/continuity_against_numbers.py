from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check
from planner.checks.identifiers import visits
from planner.checks.staffing import staffings
from planner.checks.subject import Subject


@check(
    "error",
    "a role with fixed people, but more of them at a visit",
    what="A role whose people stay the same for a participant throughout (`continuity:"
    " participant`), and a visit that asks for another number than the role's `count:`. More"
    " is an error; fewer is a note, because the file does not say which of them come.",
    why="Two people who stay the same throughout cannot be three at one visit.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, staff: {therapist: 3}, after: {visit: baseline, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, staff: {therapist: 2}, after: {visit: baseline, within: 1w}}
""",
)
def continuity_against_numbers(subject: Subject) -> Iterator[Flag]:
    roles = subject.protocol.roles
    for path, _, visit in visits(subject):
        for staffing, place in staffings(visit, path):
            for name, number in staffing.roles.items():
                role = roles.get(name)
                if role is None or role.continuity == "none" or number in (None, 0, role.count):
                    continue
                count = role.count
                people = f"the same {count} `{name}`" if count > 1 else f"the same `{name}`"
                message = f"{people} throughout, but `{visit.id}` asks for {number}"
                if number is not None and number < count:
                    message += "; the file does not say which of them"
                yield Flag(
                    (*place, "roles", name),
                    message,
                    related=(Related(f"`{name}`", ("roles", name)),),
                    about=[name, visit.id],
                    severity="error" if number is not None and number > count else "note",
                )
