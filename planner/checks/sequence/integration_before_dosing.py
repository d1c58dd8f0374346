from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.visit_order import Order, first_and_last_occurrences, visit_orders


@check(
    "warning",
    "integration before any dosing",
    what="An integration session that the rules allow before every dosing session.",
    why="There would be no session to integrate yet.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..2w}}
      - {id: integration, after: {visit: baseline, within: 10d..3w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..2w}}
      - {id: integration, after: {visit: dosing, within: 1d..1w}}
""",
)
@for_each(visit_orders)
def integration_before_dosing(order: Order) -> Iterator[Flag]:
    dosings = list(first_and_last_occurrences(order.of_kind("dosing")))
    for visit in first_and_last_occurrences(order.of_kind("integration")) if dosings else ():
        # The nearest of those before it first: it is the quickest to tell.
        if any(order.comes_before(dosing.id, visit.id) for dosing in reversed(dosings)):
            continue
        first = dosings[0]
        verb = "comes" if order.comes_before(visit.id, first.id) else "may come"
        message = f"`{visit.id}` {verb} before the first dosing session `{first.id}`"
        hint = f"count it from the session, as in `after: {{visit: {first.visit.id}, ...}}`"
        yield Flag(visit.path, message, hint, related=[first], about=[visit, first])
