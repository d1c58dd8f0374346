from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import plural, visits
from planner.checks.staffing import activities_of, staffings
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.expand import visit_kind


@check(
    "warning",
    "an activity whose performer is not at the visit",
    what="A visit names its staff and an activity, but the role that performs the activity (`by:`)"
    " is not among the staff of the visit or of its run sheet.",
    why="The staff schedule would have nobody to do it.",
    bad="""\
roles:
  therapist: {count: 2}
  rater: {blinded: true}
activities:
  caps: {title: CAPS-5, by: rater}
epochs:
  - id: treatment
    visits:
      - {id: baseline, staff: therapist, activities: [caps]}
""",
    good="""\
roles:
  therapist: {count: 2}
  rater: {blinded: true}
activities:
  caps: {title: CAPS-5, by: rater}
epochs:
  - id: treatment
    visits:
      - {id: baseline, staff: rater, activities: [caps]}
""",
)
def performer_absent(subject: Subject) -> Iterator[Flag]:
    roles, known = subject.protocol.roles, subject.protocol.activities
    for path, epoch, visit in visits(subject):
        present = {role for staffing, _ in staffings(visit, path) for role in staffing.roles}
        first: dict[str, Path] = {}
        for name, place in activities_of(visit, path) if present else ():
            first.setdefault(name, place)
        for name, place in first.items():
            role = known[name].by if name in known else None
            if role is None or role in present:
                continue
            if role in roles and visit_kind(visit, epoch) in roles[role].never_with:
                continue  # That it must not be there at all is `role-never-with`.
            message = f"`{role}` performs `{name}` and is not among the staff of `{visit.id}`"
            hint = f"it names {plural(sorted(present))}"
            yield Flag(place, message, hint, about=[visit.id, name, role])
