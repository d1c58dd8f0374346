from collections.abc import Iterator

from planner.checks.before_dosing import not_before_dosing
from planner.checks.framework import Flag, check, for_each
from planner.checks.visit_order import Order, visit_orders


@check(
    "warning",
    "dosing without screening before it",
    what="Before the first dosing session no visit of the kind `screening` is sure to come.",
    why="Eligibility is checked before anything is given. A study whose screening is not part"
    " of its schedule can give this reason in `ignore:`.",
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
      - {id: screening, before: {visit: baseline, within: 1w..4w}}
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w}}
""",
)
@for_each(visit_orders)
def dosing_without_screening(order: Order) -> Iterator[Flag]:
    yield from not_before_dosing(order, "screening", "screening")
