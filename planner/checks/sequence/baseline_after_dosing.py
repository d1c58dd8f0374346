from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.visit_order import Order, visit_orders


@check(
    "warning",
    "a baseline that may fall after the first dosing",
    what="A visit of the kind `baseline` that the rules allow after the first dosing session.",
    why="It would no longer measure the state before treatment, from which every change is"
    " counted.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: consent}
      - {id: baseline, after: {visit: consent, within: 1w..2w}}
      - {id: dosing, after: {visit: consent, within: 10d..3w}}
anchor: consent
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: consent}
      - {id: baseline, after: {visit: consent, within: 1w..2w}}
      - {id: dosing, after: {visit: baseline, within: 3d..1w}}
anchor: consent
""",
)
@for_each(visit_orders)
def baseline_after_dosing(order: Order) -> Iterator[Flag]:
    dosings = order.of_kind("dosing")
    for visit in order.of_kind("baseline") if dosings else ():
        first = dosings[0]
        if (visit.cycle or 1) > 1 or order.comes_before(visit.id, first.id):
            continue
        if order.comes_before(first.id, visit.id):
            message = f"baseline `{visit.id}` comes after the first dosing session `{first.id}`"
        else:
            message = f"baseline `{visit.id}` may come as late as `{first.id}` or later"
        hint = f"add `before: {{visit: {first.visit.id}, within: 1d..}}`"
        yield Flag(
            visit.path,
            message,
            hint,
            related=[first],
            about=[visit, first],
            once=(visit.path, message),
        )
