"""Order as a rule of its own: what follows what, where no text says how far apart the two lie."""

from collections.abc import Iterator, Sequence

from planner.protocol.course import Occurrence, Point, TimingConstraint
from planner.protocol.document import Path
from planner.protocol.evidence import Stated
from planner.protocol.model import Protocol
from planner.time.distance import CalendarDistance, ClockDistance, Distance, Window

_SAME_DAY = CalendarDistance(0, 0)
_NEXT_DAY = CalendarDistance(0, 1)
_SAME_INSTANT = ClockDistance(0)


def listed_order(protocol: Protocol, visits: Sequence[Occurrence]) -> Iterator[TimingConstraint]:
    """The rules that visits take place in listed order, each from the visit listed before it.

    Args:
        protocol: says by `order` at itself, an epoch or a visit where the listed order holds.
        visits: the occurrences of a course, in listed order; those left out are passed over.

    Yields:
        One rule for each visit that has another before it in the order: no earlier date.
    """
    last: Occurrence | None = None
    last_of_epoch: dict[str, Occurrence] = {}
    for occurrence in visits:
        visit, epoch = occurrence.visit, occurrence.epoch
        word = visit.order or epoch.order or protocol.order
        if visit.unscheduled or word == "any":
            continue
        in_epoch = visit.order is None and protocol.order != "listed"
        before = last_of_epoch.get(epoch.id) if in_epoch else last
        last = last_of_epoch[epoch.id] = occurrence
        if word == "listed" and before is not None:
            holder: Stated = protocol
            path: Path = ("order",)
            if visit.order is not None:
                holder, path = visit, (*occurrence.path, "order")
            elif in_epoch:
                holder, path = epoch, (*occurrence.path[:2], "order")
            yield TimingConstraint(
                f"{occurrence.id}.order",
                Point(before.id),
                Point(occurrence.id),
                None,
                None,
                False,
                Stated(source=holder.source, grade=holder.grade),
                path,
                Window(_SAME_DAY, None),
            )


def order_of(target: Distance | None, backwards: bool) -> Window:
    """What order leaves of a timing without a published window, from the reference on.

    Args:
        target: the signed preferred distance from the reference, ``None`` where none is given.
        backwards: whether it was written with ``before``.

    Returns:
        A later date for what comes after the reference, an earlier one for what comes before it;
        its own date only with a target of 0. Of a target in clock time instants.
    """
    if isinstance(target, ClockDistance):
        is_before = target.minutes < 0 or (not target.minutes and backwards)
        return Window(None, _SAME_INSTANT) if is_before else Window(_SAME_INSTANT, None)
    if target == CalendarDistance(0, 0):
        return Window(None, _SAME_DAY) if backwards else Window(_SAME_DAY, None)
    is_before = backwards if target is None else target.day_span[1] < 0
    return Window(None, -_NEXT_DAY) if is_before else Window(_NEXT_DAY, None)
