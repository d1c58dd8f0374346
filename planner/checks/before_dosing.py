"""What must come before the first dosing session of every participant."""

from collections.abc import Iterator

from planner.checks.framework import Flag
from planner.checks.visit_order import Order


def not_before_dosing(order: Order, kind: str, words: str) -> Iterator[Flag]:
    """The first dosing session, where no visit of a kind is sure to come before it.

    Args:
        order: of one arm.
        kind: the kind of visits that must come before.
        words: what messages call it.
    """
    dosings = order.of_kind("dosing")
    if not dosings:
        return
    first, visits = dosings[0], order.of_kind(kind)
    if any(order.comes_before(visit.id, first.id) for visit in visits):
        return
    message = f"no {words} comes before `{first.id}`"
    hint: str | None = (
        f"add one (if its id does not say so, with `kind: {kind}`), or give the reason in `ignore:`"
    )
    if visits:
        message = f"no {words} is certain before `{first.id}`: `{visits[0].id}` may come later"
        hint = None
    yield Flag(
        first.path,
        message,
        hint,
        related=visits[:1],
        about=(first, *visits[:1]),
        once=(first.path, message),
    )
