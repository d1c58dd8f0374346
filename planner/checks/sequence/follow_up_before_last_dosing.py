from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.visit_order import Order, visit_orders


@check(
    "warning",
    "follow-up before the last dosing",
    what="A visit of the kind `follow-up` that may come before the last dosing session. Where that"
    " session is optional or depends on a decision, the last one that takes place in any case"
    " counts.",
    why="It would measure a treatment that is still going on. An assessment between sessions"
    " is of the kind `assessment`.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..6w}}
      - {id: month-1, kind: follow-up, after: {visit: baseline, within: 4w..6w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..6w}}
      - {id: month-1, kind: follow-up, after: {visit: dosing, within: 4w..6w}}
""",
)
@for_each(visit_orders)
def follow_up_before_last_dosing(order: Order) -> Iterator[Flag]:
    dosings, visits = order.of_kind("dosing"), order.of_kind("follow-up")
    if not dosings or not visits:
        return
    sure = [visit for visit in dosings if not (visit.visit.optional or visit.visit.when)]
    last = (sure or dosings)[-1]
    after = {visit.id for visit in order.sure_to_follow(last, visits)}
    for visit in visits:
        if visit.id in after:
            continue
        verb = "comes" if order.comes_before(visit.id, last.id) else "may come"
        message = f"follow-up `{visit.id}` {verb} before the last dosing session `{last.id}`"
        hint = f"give it a timing after `last {last.visit.id}`, or another `kind:`"
        yield Flag(visit.path, message, hint, related=[last], about=[visit, last])
