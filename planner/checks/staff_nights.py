"""Checks of the staff family: who stays for the night, and who is kept out of sessions."""

from collections.abc import Iterator

from planner.checks.entries import plural, visits
from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.dates import format_time
from planner.protocol.expand import visit_kind
from planner.protocol.visit import Visit
from planner.units import MINUTES_A_DAY


@check(
    "staff-through-the-night",
    "warning",
    "the same people from the session to the morning",
    what="A visit with a stay overnight that names its staff, and nobody else for the night: no"
    " change of shift in its run sheet, no other role there, and no role whose name speaks of the"
    " night.",
    why="The participant stays until the morning. As it is written, the people of the session would"
    " be on duty all that time.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        at: "09:00"
        overnight: true
        staff: {therapist: 2}
        after: {visit: baseline, within: 1w}
""",
    good="""\
roles:
  therapist: {count: 2, continuity: participant}
  night-attendant: {}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        at: "09:00"
        overnight: true
        staff: {therapist: 2}
        after: {visit: baseline, within: 1w}
        run_sheet:
          - {id: night, kind: shift-change, at: 8h, staff: night-attendant}
""",
)
def _staff_through_the_night(subject: Subject) -> Iterator[Finding]:
    for path, _, visit in visits(subject):
        present = _there_all_night(subject, visit)
        if present and visit.overnight is not None:
            conventions = subject.protocol.conventions
            begin = conventions.visit_time if visit.at is None else visit.at[0]
            until = visit.overnight.until
            end = conventions.leave_time if until is None else until
            nights = visit.overnight.nights
            hours = round((nights * MINUTES_A_DAY + end - begin) / 60)
            day = "the next day" if nights == 1 else f"{nights} days later"
            message = (
                f"nobody but {plural(present)} is named for `{visit.id}`, from"
                f" {format_time(begin)} until {format_time(end)} {day}: {hours} hours with the"
                " same people"
            )
            hint = "say who stays, as in an item of kind `shift-change` in its run sheet"
            about = (visit.id, *present)
            place = (*path, "overnight")
            yield Finding("staff-through-the-night", "warning", message, place, hint, (), about)


def _there_all_night(subject: Subject, visit: Visit) -> list[str]:
    """The roles of an overnight visit, if as far as it says they stay from start to leaving."""
    if visit.overnight is None or visit.staff is None:
        return []
    present = {role for role, number in visit.staff.roles.items() if number != 0}
    for item in visit.run_sheet.items if visit.run_sheet is not None else ():
        if item.kind == "shift-change":
            return []
        if item.staff is not None and not present.issuperset(item.staff.roles):
            return []
    roles = subject.protocol.roles
    for role in present:
        title = roles[role].title if role in roles else None
        if "night" in f"{role} {title}".lower():
            return []
    return sorted(present)


@check(
    "rater-not-kept-apart",
    "note",
    "a blinded rater whom nothing keeps out of dosing sessions",
    what="In a blinded study with dosing sessions, a blinded role that performs an endpoint, or"
    " something at a visit that is one, and does not name `dosing` under `never_with:`.",
    why="Who sees a session can tell what was given, and then rates it. A file that says so lets"
    " every plan and every change of staff be checked against it.",
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
def _rater_not_kept_apart(subject: Subject) -> Iterator[Finding]:
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
            f"`{name}` is blinded and performs {plural(endpoints)}, but nothing keeps it out of"
            " dosing sessions"
        )
        hint = "add `never_with: [dosing]`, if that is how the study does it"
        where = tuple(Related(f"`{one}`", ("activities", one)) for one in endpoints[:3])
        about = (name, *endpoints)
        path = ("roles", name)
        yield Finding("rater-not-kept-apart", "note", message, path, hint, where, about)
