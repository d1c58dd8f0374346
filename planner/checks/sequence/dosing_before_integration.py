from collections.abc import Iterator
from itertools import pairwise

from planner.checks.framework import Flag, check, for_each
from planner.checks.visit_order import Order, first_and_last_occurrences, visit_orders


@check(
    "warning",
    "the next dosing session may come before the first integration session",
    what="The rules allow a schedule without an integration session between two dosing"
    " sessions, although one belongs to the first of them.",
    why="Integration of the first session would then come after the second session.",
    bad="""\
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w}
        next: {visit: previous dosing, within: 1w..3w}
      - {id: integration, after: {visit: dosing, within: 1d..2w}}
""",
    good="""\
epochs:
  - id: screening
    visits:
      - {id: baseline}
  - id: treatment
    cycle: {times: 2}
    visits:
      - id: dosing
        first: {visit: baseline, within: 1w}
        next: {visit: previous dosing, within: 1w..3w}
      - {id: integration, after: {visit: dosing, within: 1d..6d}}
""",
)
@for_each(visit_orders)
def dosing_before_integration(order: Order) -> Iterator[Flag]:
    integrations = order.of_kind("integration")
    if not integrations:
        return
    dosings = order.of_kind("dosing")
    following = {visit.id: later for visit, later in pairwise(dosings)}
    for dosing in first_and_last_occurrences(dosings):
        later = following.get(dosing.id)
        mine = order.first_to_follow(dosing, integrations, 3) if later else []
        if not mine or later is None:
            continue
        if any(order.comes_before(visit.id, later.id) for visit in mine):
            continue
        first = mine[0]
        verb = "comes" if order.comes_before(later.id, first.id) else "may come"
        message = (
            f"`{later.id}` {verb} before `{first.id}`, the first integration after `{dosing.id}`"
        )
        hint = f"give `{later.visit.id}` a timing that counts from the integration session"
        yield Flag(later.path, message, hint, related=[first], about=[later, first])
