from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import plural, visits
from planner.checks.subject import Subject
from planner.protocol.visit import Visit
from planner.time.date import format_time
from planner.time.distance import MINUTES_A_DAY


@check(
    "warning",
    "the same staff from the session to the next morning",
    what="A visit with a stay overnight that names its staff, and nobody else for the night:"
    " no change of shift in its run sheet, no other role there, and no role whose name is"
    " about the night.",
    why="The participant stays until the morning. As written, the staff of the session would"
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
def staff_through_the_night(subject: Subject) -> Iterator[Flag]:
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
                f"{plural(present)} {'is' if len(present) == 1 else 'are'} the only staff for"
                f" `{visit.id}`, from"
                f" {format_time(begin)} until {format_time(end)} {day}: {hours} hours with the"
                " same people"
            )
            hint = "say who stays, as in an item of kind `shift-change` in its run sheet"
            place = (*path, "overnight")
            yield Flag(place, message, hint, about=[visit.id, *present])


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
