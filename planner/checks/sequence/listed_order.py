from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check, for_each
from planner.checks.visit_order import Order, visit_orders
from planner.protocol.course import Occurrence


@check(
    "warning",
    "a listed order that the timings contradict",
    what="Two visits of one epoch, or two whole epochs, where the one listed later comes"
    " first in every schedule. Epochs may interleave.",
    why="`previous`, `next`, `first` and `last` follow the listed order, and so do readers of"
    " the file.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 2w}}
      - {id: prep-1, before: {visit: dosing, within: 1w}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: prep-1, before: {visit: dosing, within: 1w}}
      - {id: dosing, after: {visit: baseline, within: 2w}}
""",
)
@for_each(visit_orders)
def listed_order(order: Order) -> Iterator[Flag]:
    epochs: dict[str, list[Occurrence]] = {}
    cycles: dict[tuple[str, int | None], list[Occurrence]] = {}
    for visit in order.course.visits:
        epochs.setdefault(visit.epoch.id, []).append(visit)
        cycles.setdefault((visit.epoch.id, visit.cycle), []).append(visit)
    for cycle_visits in cycles.values():
        for later, earlier in _inversions(order, cycle_visits):
            message = f"`{later.id}` is listed after `{earlier.id}` and comes before it"
            yield Flag(later.path, message, related=[earlier], about=[later, earlier])
    yield from _epochs_listed_too_late(order, list(epochs.values()))


def _inversions(order: Order, visits: list[Occurrence]) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Visits that come before the one that is the last in time of those listed before them."""
    last: Occurrence | None = None
    for visit in visits:
        if last is not None and _is_sooner(order, visit, last):
            if order.comes_before(visit.id, last.id):
                yield visit, last
        elif order.soonest(visit.id) is not None:
            last = visit


def _is_sooner(order: Order, visit: Occurrence, other: Occurrence) -> bool:
    """Whether a visit is sooner in the earliest and in the latest schedule: quick to tell."""
    soonest, other_soonest = order.soonest(visit.id), order.soonest(other.id)
    latest, other_latest = order.latest(visit.id), order.latest(other.id)
    if other_soonest is None or latest is None:
        return False
    return (soonest is None or soonest < other_soonest) and (
        other_latest is None or latest < other_latest
    )


def _epochs_listed_too_late(order: Order, epochs: list[list[Occurrence]]) -> Iterator[Flag]:
    def soonest(visit: Occurrence) -> float:
        minute = order.soonest(visit.id)
        return float("-inf") if minute is None else minute

    def latest(visit: Occurrence) -> float:
        minute = order.latest(visit.id)
        return float("inf") if minute is None else minute

    for at, later in enumerate(epochs):
        for earlier in epochs[:at]:
            last, first = max(later, key=latest), min(earlier, key=soonest)
            if (
                max(map(soonest, later)) < soonest(first)
                and latest(last) < min(map(latest, earlier))
                and order.comes_before(last.id, first.id)
            ):
                name, other = last.epoch.id, first.epoch.id
                message = f"epoch `{name}` is listed after `{other}` and comes before it"
                related = [Related(f"epoch `{other}`", first.path[:2])]
                yield Flag(last.path[:2], message, related=related, about=[name, other])
