from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check
from planner.checks.identifiers import plural, visits
from planner.checks.subject import Subject
from planner.protocol.expand import visit_kind


@check(
    "note",
    "a blinded rater who may attend dosing sessions",
    what="In a blinded study with dosing sessions, a blinded role that performs an endpoint,"
    " or an activity at an endpoint visit, and does not name `dosing` under `never_with:`.",
    why="A rater who sees a session can recognise what was given. With the rule in the file,"
    " every plan and every change of staff can be checked against it.",
    bad="""\
design: double-blind
blinded: [participant, rater]
roles:
  therapist: {count: 2, continuity: participant}
  rater: {blinded: true}
activities:
  scale: {by: rater, endpoint: primary}
""",
    good="""\
design: double-blind
blinded: [participant, rater]
roles:
  therapist: {count: 2, continuity: participant}
  rater: {blinded: true, never_with: [preparation, dosing, integration]}
activities:
  scale: {by: rater, endpoint: primary}
""",
)
def rater_not_kept_apart(subject: Subject) -> Iterator[Flag]:
    protocol = subject.protocol
    if not protocol.is_blinded:
        return
    at_endpoints = {
        name
        for _, _, visit in visits(subject)
        if visit.endpoint is not None
        for name in visit.activities
    }
    rated: dict[str, list[str]] = {}
    for name, activity in protocol.activities.items():
        if activity.by is not None and (activity.endpoint is not None or name in at_endpoints):
            rated.setdefault(activity.by, []).append(name)
    for name, endpoints in rated.items():
        role = protocol.roles.get(name)
        if role is None or not role.blinded or "dosing" in role.never_with:
            continue
        if not any(visit_kind(visit, epoch) == "dosing" for _, epoch, visit in visits(subject)):
            return
        message = (
            f"`{name}` is blinded and performs {plural(endpoints)}, but no rule keeps it out of"
            " dosing sessions"
        )
        hint = "add `never_with: [dosing]`, if that is how the study does it"
        where = tuple(Related(f"`{name}`", ("activities", name)) for name in endpoints[:3])
        path = ("roles", name)
        yield Flag(path, message, hint, related=where, about=[name, *endpoints])
