from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.checks.visit_order import Order, first_and_last_occurrences, visit_orders
from planner.protocol.course import Occurrence
from planner.protocol.document import Path
from planner.schedule.one_place import is_anywhere, pairs_inside

_OUT_OF_ORDER = (
    "baseline-after-dosing",
    "dosing-before-integration",
    "dosing-without-preparation",
    "dosing-without-screening",
    "follow-up-before-last-dosing",
    "integration-before-dosing",
)
"""Checks, run before this one, whose findings name two visits of which one should come first."""


@check(
    "warning",
    "visits that may overlap in time",
    what="Two visits of one participant that the rules allow at the same time. A visit"
    " without a duration counts as a moment; no visit runs past midnight unless its time of"
    " day or a night says so. For each visit the finding names the next one that it may"
    " overlap. Not reported: visits that another finding calls out of order, a visit at home"
    " without a duration, an integration session and the night before it (they have their own"
    " checks), and a visit that takes place inside another one by rules that put it after"
    " that one's start and before its end, as in `after: {visit: stay, within: 2h..}`"
    " with `before: {visit: stay.end, within: 1h..}`.",
    why="Nobody can be at two visits at once. A plan keeps them apart, one after another as"
    " listed, and uses another date where a day is too full. Visits on one date do not"
    " overlap where their times of day keep them apart.",
    bad="""\
epochs:
  - id: screening
    visits:
      - {id: consent, duration: 1h, before: {visit: baseline, within: 0d..1w}}
      - {id: baseline, duration: 2h}
""",
    good="""\
epochs:
  - id: screening
    visits:
      - {id: consent, duration: 1h, at: "09:00", before: {visit: baseline, within: 0d..1w}}
      - {id: baseline, duration: 2h, at: "10:00"}
""",
)
def overlapping_visits(subject: Subject) -> Iterator[Flag]:
    reported: set[tuple[Path, Path]] = set()
    # That two visits may meet which are found to be out of order is the same fault.
    out_of_order = [
        set(finding.about) for finding in subject.found if finding.check in _OUT_OF_ORDER
    ]
    for order in visit_orders(subject):
        visits = order.in_time(list(order.course.visits))
        position = {visit.id: at for at, visit in enumerate(visits)}
        inside = pairs_inside(order.course, order.bounds())
        for visit in first_and_last_occurrences(visits):
            at = position[visit.id]
            # Visits far apart in the earliest schedule are as a rule apart in all of them.
            for other in visits[at + 1 : at + 5]:
                pair = (min(visit.path, other.path), max(visit.path, other.path))
                if pair in reported:
                    break
                if _may_share_time(visit, other):
                    continue
                if any({visit.id, other.id} <= names for names in out_of_order):
                    continue
                if {visit.id, other.id} in inside or _is_in_order(order, visit, other):
                    continue
                if order.may_overlap(visit, other):
                    reported.add(pair)
                    message = f"`{visit.id}` and `{other.id}` may overlap in time"
                    hint = f"set `at:` for both, or count one from `{visit.id}.end`"
                    if visit.visit.overnight is not None:
                        hint += f"; a visit inside the stay says `during: {visit.visit.id}`"
                    yield Flag(other.path, message, hint, related=[visit], about=[other, visit])
                    break


def _is_in_order(order: Order, visit: Occurrence, other: Occurrence) -> bool:
    """Whether order puts one of the two before the other, also where they share a date."""
    return order.in_turn(visit.id, other.id) or order.in_turn(other.id, visit.id)


def _may_share_time(visit: Occurrence, other: Occurrence) -> bool:
    if visit.visit.overnight is not None and other.kind == "integration":
        return True
    if visit.visit.unscheduled or other.visit.unscheduled:
        return True
    if visit.visit.date is not None or other.visit.date is not None:
        return True  # where a calendar date lies, only a plan can say
    return is_anywhere(visit) or is_anywhere(other)
