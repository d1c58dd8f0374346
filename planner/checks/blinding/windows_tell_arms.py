from collections.abc import Iterator

from planner.checks.arm_differences import ArmDifference, different_timings
from planner.checks.framework import Flag, check, for_each


@check(
    "error",
    "timings that reveal the arm of a blinded design",
    what="In a blinded design a visit has other timings or constraints in one arm than in"
    " another: another window, another target or another reference. Where only raters are"
    " blinded, only the visits that they attend count. Visits that always come after a visit"
    " of kind `unblinding` are not reported, unless they change the window of a visit before it.",
    why="A date that only one arm allows reveals the arm, and so does a window shown in a"
    " calendar.",
    bad="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: placebo}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 1w..3w}
        by_arm: {placebo: {after: {visit: baseline, within: 1w..2w}}}
""",
    good="""\
design: double-blind
blinded: participant
arms: [{id: active}, {id: placebo}]
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..3w}}
""",
)
@for_each(different_timings)
def windows_tell_arms(difference: ArmDifference) -> Iterator[Flag]:
    if difference.later is None:
        yield difference.flag
