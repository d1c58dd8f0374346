"""Checks of the staff family: who is present, and who must not be."""

from collections.abc import Iterator

from planner.checks.entries import plural, visits
from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.expand import visit_kind
from planner.protocol.visit import Staffing, Visit


def _staffings(visit: Visit, path: Path) -> Iterator[tuple[Staffing, Path]]:
    """Who is present at a visit and at the items of its run sheet, each with its place."""
    if visit.staff is not None:
        yield visit.staff, (*path, "staff")
    if visit.run_sheet is not None:
        for n, item in enumerate(visit.run_sheet.items):
            if item.staff is not None:
                yield item.staff, (*path, "run_sheet", "items", n, "staff")


def _activities(visit: Visit, path: Path) -> Iterator[tuple[str, Path]]:
    for n, activity in enumerate(visit.activities):
        yield activity, (*path, "activities", n)
    if visit.run_sheet is not None:
        for n, item in enumerate(visit.run_sheet.items):
            if item.activity is not None:
                yield item.activity, (*path, "run_sheet", "items", n, "activity")


@check(
    "dosing-without-staff",
    "warning",
    "dosing with nobody present",
    what="A dosing session that names no staff, neither for the visit nor in its run sheet.",
    why="A participant under the influence is not left alone, and no staff can be planned. A study"
    " whose doses are taken at home and alone can say so in `ignore:`.",
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
def _dosing_without_staff(subject: Subject) -> Iterator[Finding]:
    for path, epoch, visit in visits(subject):
        if visit_kind(visit, epoch) != "dosing":
            continue
        if any(_is_anyone(staffing) for staffing, _ in _staffings(visit, path)):
            continue
        message = f"nobody is present at the dosing session `{visit.id}`"
        hint = "add `staff:`, or say in `ignore:` why nobody needs to be there"
        yield Finding("dosing-without-staff", "warning", message, path, hint, (), (visit.id,))


def _is_anyone(staffing: Staffing) -> bool:
    return any(number != 0 for number in staffing.roles.values())


@check(
    "role-never-with",
    "error",
    "a role at a visit where it must never be",
    what="A role is present at a visit of a kind that its `never_with:` names: as staff, through"
    " an activity that it performs, or in the run sheet.",
    why="A rater who sits in a therapy session learns what the ratings must not know: the file"
    " contradicts itself, and following it would break the blinding.",
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
def _role_never_with(subject: Subject) -> Iterator[Finding]:
    roles, known = subject.protocol.roles, subject.protocol.activities
    barred = {name: role.never_with for name, role in roles.items() if role.never_with}
    for path, epoch, visit in visits(subject) if barred else ():
        kind = visit_kind(visit, epoch)
        found: list[tuple[str, str, Path]] = []
        for staffing, place in _staffings(visit, path):
            for role, number in staffing.roles.items():
                if number != 0:
                    found.append((role, "is present at", (*place, "roles", role)))
        for name, place in _activities(visit, path):
            role_by = known[name].by if name in known else None
            if role_by is not None:
                found.append((role_by, f"performs `{name}` at", place))
        for role, does, place in found:
            if kind in barred.get(role, ()):
                kinds = ", ".join(barred[role])
                message = f"`{role}` {does} `{visit.id}` ({kind}), but is never with {kinds}"
                related = (Related(f"`{role}`", ("roles", role, "never_with")),)
                about = (role, visit.id)
                yield Finding("role-never-with", "error", message, place, None, related, about)


@check(
    "continuity-against-numbers",
    "error",
    "the same people, but more of them",
    what="A role of which the same people accompany a participant throughout"
    " (`continuity: participant`), and a visit that asks for another number than the role's"
    " `count:`. More is an error; fewer is a note, because it is not said which of them come.",
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
def _continuity_against_numbers(subject: Subject) -> Iterator[Finding]:
    roles = subject.protocol.roles
    for path, _, visit in visits(subject):
        for staffing, place in _staffings(visit, path):
            for name, number in staffing.roles.items():
                role = roles.get(name)
                if role is None or role.continuity == "none" or number in (None, 0, role.count):
                    continue
                count = role.count
                people = f"the same {count} `{name}`" if count > 1 else f"the same `{name}`"
                message = f"{people} throughout, but `{visit.id}` asks for {number}"
                if number is not None and number < count:
                    message += "; which of them is not said"
                yield Finding(
                    "continuity-against-numbers",
                    "error" if number is not None and number > count else "note",
                    message,
                    (*place, "roles", name),
                    None,
                    (Related(f"`{name}`", ("roles", name)),),
                    (name, visit.id),
                )


@check(
    "staff-of-nobody",
    "warning",
    "a role of which nobody comes",
    what="A visit or a run sheet item asks for 0 people of a role, or a change of shift does not"
    " say who comes.",
    why="It reads as if the role were present, and in the staff's plan nobody is.",
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
def _staff_of_nobody(subject: Subject) -> Iterator[Finding]:
    for path, _, visit in visits(subject):
        for staffing, place in _staffings(visit, path):
            for name, number in staffing.roles.items():
                if number == 0:
                    message = f"`{visit.id}` asks for 0 of `{name}`"
                    hint = "leave the role out, or say how many"
                    where = (*place, "roles", name)
                    about = (name, visit.id)
                    yield Finding("staff-of-nobody", "warning", message, where, hint, (), about)
        for n, item in enumerate(visit.run_sheet.items if visit.run_sheet else ()):
            if item.kind == "shift-change" and item.staff is None:
                message = f"the shift change `{item.id}` of `{visit.id}` does not say who comes"
                hint = "add `staff:`"
                where = (*path, "run_sheet", "items", n)
                about = (item.id, visit.id)
                yield Finding("staff-of-nobody", "warning", message, where, hint, (), about)


@check(
    "performer-absent",
    "warning",
    "an activity whose performer is not there",
    what="A visit names its staff and an activity, but the role that performs the activity (`by:`)"
    " is not among the staff of the visit or of its run sheet.",
    why="In the staff's plan nobody would come to do it.",
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
def _performer_absent(subject: Subject) -> Iterator[Finding]:
    roles, known = subject.protocol.roles, subject.protocol.activities
    for path, epoch, visit in visits(subject):
        present = {role for staffing, _ in _staffings(visit, path) for role in staffing.roles}
        reported: set[str] = set()
        for name, place in _activities(visit, path) if present else ():
            role = known[name].by if name in known else None
            if role is None or role in present or name in reported:
                continue
            if role in roles and visit_kind(visit, epoch) in roles[role].never_with:
                continue  # That it must not be there at all is `role-never-with`.
            reported.add(name)
            message = f"`{role}` performs `{name}` and is not among the staff of `{visit.id}`"
            hint = f"it names {plural(sorted(present))}"
            about = (visit.id, name, role)
            yield Finding("performer-absent", "warning", message, place, hint, (), about)
