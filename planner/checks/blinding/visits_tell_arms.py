from collections.abc import Iterator

from planner.checks.arm_differences import ArmDifference, visible_differences
from planner.checks.framework import Flag, check, for_each


@check(
    "error",
    "arms of a blinded design whose visits differ",
    what="In a blinded design one arm has visits, cycles or tracks that another has not, or a"
    " visit differs in its title, duration, overnight stay, mode, time of day, weekdays, room,"
    " staff, activities or run sheet. Where only raters are blinded, only their visits count. What"
    " is sure to come after a visit of kind `unblinding` is left alone.",
    why="Participants compare their calendars, and staff see them. Whatever differs by arm tells"
    " the arm.",
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
