from collections.abc import Iterator

from planner.checks.before_dosing import not_before_dosing
from planner.checks.framework import Flag, check, for_each
from planner.checks.session_design import has_session_design
from planner.checks.visit_order import Order, visit_orders


@check(
    "warning",
    "dosing without preparation before it",
    what="Before the first dosing session no visit of the kind `preparation` is sure to come. It is"
    " asked of protocols with integration, with dosing visits that are called sessions, or with a"
    " role such as a therapist.",
    why="Participants should know the staff and the plan before a session with strong"
    " effects. A study without it can give the reason in `ignore:`.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, title: Dosing session, after: {visit: baseline, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-1, after: {visit: baseline, within: 3d}}
      - {id: dosing, title: Dosing session, after: {visit: baseline, within: 1w}}
""",
)
@for_each(visit_orders)
def dosing_without_preparation(order: Order) -> Iterator[Flag]:
    if has_session_design(order.course.protocol):
        yield from not_before_dosing(order, "preparation", "preparation session")
