from collections.abc import Iterator

from planner.checks.before_dosing import not_before_dosing
from planner.checks.framework import Flag, check, for_each
from planner.checks.visit_order import Order, visit_orders


@check(
    "warning",
    "dosing without preparation before it",
    what="Before the first dosing session no visit of the kind `preparation` is sure to come.",
    why="Participants should know the staff and the plan before a session with strong"
    " effects. A study of the drug alone can give this reason in `ignore:`.",
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
      - {id: prep-1, after: {visit: baseline, within: 3d}}
      - {id: dosing, after: {visit: baseline, within: 1w}}
""",
)
@for_each(visit_orders)
def dosing_without_preparation(order: Order) -> Iterator[Flag]:
    yield from not_before_dosing(order, "preparation", "preparation session")
