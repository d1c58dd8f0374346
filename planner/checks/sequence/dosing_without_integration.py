from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.session_design import has_session_design
from planner.checks.visit_order import Order, first_and_last_occurrences, visit_orders


@check(
    "warning",
    "dosing without integration after it",
    what="After a dosing session no visit of the kind `integration` is sure to come. It is asked of"
    " protocols with preparation, with dosing visits that are called sessions, or with a role such"
    " as a therapist.",
    why="Participants need time and support to work through a session. A study"
    " without it can give the reason in `ignore:`.",
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
      - {id: dosing, title: Dosing session, after: {visit: baseline, within: 1w}}
      - {id: integration, after: {visit: dosing, within: 1d}}
""",
)
@for_each(visit_orders)
def dosing_without_integration(order: Order) -> Iterator[Flag]:
    if not has_session_design(order.course.protocol):
        return
    integrations = order.of_kind("integration")
    dosings = order.of_kind("dosing")
    for dosing in first_and_last_occurrences(dosings) if integrations else dosings[:1]:
        if order.first_to_follow(dosing, integrations, 1):
            continue
        message = f"an integration session after `{dosing.id}` is not certain"
        if not integrations:
            more = f" or the {len(dosings) - 1} after it" if len(dosings) > 1 else ""
            message = f"no integration session comes after `{dosing.id}`{more}"
        hint = "add one (if its id does not say so, with `kind: integration`), or give the"
        hint += " reason in `ignore:`"
        yield Flag(dosing.path, message, hint, about=[dosing])
