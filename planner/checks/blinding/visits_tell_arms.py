from collections.abc import Iterator

from planner.checks.arm_differences import ArmDifference, visible_differences
from planner.checks.framework import Flag, check, for_each


@check(
    "error",
    "visits that reveal the arm of a blinded design",
    what="In a blinded design one arm has visits, cycles or tracks that another does not"
    " have, or a visit differs in its title, duration, overnight stay, mode, time of day,"
    " weekdays, room, staff, activities or run sheet. Where only raters are blinded, only"
    " their visits count. Visits that always come after a visit of kind `unblinding` are not"
    " reported.",
    why="Participants compare their calendars, and staff see them. Any difference between the"
    " arms reveals the arm.",
    bad="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: placebo}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        duration: 8h
        after: {visit: baseline, within: 1w}
        by_arm: {placebo: {duration: 4h}}
""",
    good="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: placebo}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, duration: 8h, after: {visit: baseline, within: 1w}}
""",
)
@for_each(visible_differences)
def visits_tell_arms(difference: ArmDifference) -> Iterator[Flag]:
    if difference.later is None:
        yield difference.flag
