from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check
from planner.checks.identifiers import visits
from planner.checks.staffing import activities_of, staffings
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.expand import visit_kind
from planner.protocol.model import Protocol
from planner.protocol.visit import Visit


@check(
    "error",
    "a role at a visit that it must not attend",
    what="A role is present at a visit of a kind that its `never_with:` names: as staff, through"
    " an activity that it performs, or in the run sheet.",
    why="A rater who attends a therapy session learns what must not influence the ratings."
    " The file contradicts itself, and following it would break the blinding.",
    bad="""\
roles:
  therapist: {count: 2}
  rater: {blinded: true, never_with: [dosing]}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, staff: {therapist: 2, rater: 1}, after: {visit: baseline, within: 1w}}
""",
    good="""\
roles:
  therapist: {count: 2}
  rater: {blinded: true, never_with: [dosing]}
epochs:
  - id: treatment
    visits:
      - {id: baseline, staff: rater}
      - {id: dosing, staff: {therapist: 2}, after: {visit: baseline, within: 1w}}
""",
)
def role_never_with(subject: Subject) -> Iterator[Flag]:
    roles = subject.protocol.roles
    barred = {name: role.never_with for name, role in roles.items() if role.never_with}
    for path, epoch, visit in visits(subject) if barred else ():
        kind = visit_kind(visit, epoch)
        for role, does, place in _present(subject.protocol, visit, path):
            if kind in barred.get(role, ()):
                kinds = ", ".join(barred[role])
                message = f"`{role}` {does} `{visit.id}` ({kind}), but is never with {kinds}"
                related = [Related(f"`{role}`", ("roles", role, "never_with"))]
                yield Flag(place, message, related=related, about=[role, visit.id])


def _present(protocol: Protocol, visit: Visit, path: Path) -> Iterator[tuple[str, str, Path]]:
    """The roles at a visit: as what each is there, and the place that says so."""
    for staffing, place in staffings(visit, path):
        for role, number in staffing.roles.items():
            if number != 0:
                yield role, "is present at", (*place, "roles", role)
    for name, place in activities_of(visit, path):
        activity = protocol.activities.get(name)
        if activity is not None and activity.by is not None:
            yield activity.by, f"performs `{name}` at", place
