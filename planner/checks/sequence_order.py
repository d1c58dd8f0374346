"""Checks of the sequence family about visits at the same time and the order of the list."""

from collections.abc import Iterator

from planner.checks.finding import Finding, Related
from planner.checks.framework import check
from planner.checks.order import Order, few, orders, warning
from planner.checks.subject import Subject
from planner.protocol.course import Occurrence
from planner.protocol.document import Path
from planner.schedule.one_place import is_anywhere, pairs_inside


@check(
    "overlapping-visits",
    "warning",
    "visits that may be at the same time",
    what="Two visits of one participant that some schedule has at the same time. A visit that"
    " does not say how long it takes counts as a moment; none runs past midnight, unless its time"
    " of day or a night says so. Of each visit the next one that it may overlap is named. Left"
    " alone are visits already found out of order, a visit at home without a duration, an"
    " integration session and the night before it, which have their own checks, and a visit that is"
    " declared to be inside another one by rules that put it after that one's start and before its"
    " end, as in `after: {visit: stay, within: 2h..}` with `before: {visit: stay.end, within:"
    " 1h..}`.",
    why="Nobody can be at two visits at once. A plan keeps them apart, one after another as listed,"
    " and takes another date where a day is too full. Days that coincide are no overlap where times"
    " of day keep the visits apart.",
    bad="""\
epochs:
  - id: screening
    visits:
      - {id: consent, duration: 1h, before: {visit: baseline, within: 0d..1w}}
      - {id: baseline, duration: 2h}
""",
    good="""\
epochs:
  - id: screening
    visits:
      - {id: consent, duration: 1h, at: "09:00", before: {visit: baseline, within: 0d..1w}}
      - {id: baseline, duration: 2h, at: "10:00"}
""",
)
def _overlapping_visits(subject: Subject) -> Iterator[Finding]:
    reported: set[tuple[Path, Path]] = set()
    for order in subject.once(orders):
        visits = order.in_time(list(order.course.visits))
        position = {visit.id: at for at, visit in enumerate(visits)}
        inside = pairs_inside(order.course, order.bounds())
        for visit in few(visits):
            at = position[visit.id]
            # Visits far apart in the earliest schedule are as a rule apart in all of them.
            for other in visits[at + 1 : at + 5]:
                pair = (min(visit.path, other.path), max(visit.path, other.path))
                if pair in reported:
                    break
                if _may_share_time(visit, other) or _is_told(subject, visit, other):
                    continue
                if {visit.id, other.id} in inside or _is_in_order(order, visit, other):
                    continue
                if order.may_overlap(visit, other):
                    reported.add(pair)
                    message = f"`{visit.id}` and `{other.id}` may be at the same time"
                    hint = f"set `at:` for both, or count one from `{visit.id}.end`"
                    yield warning("overlapping-visits", message, other, [visit], hint)
                    break


def _is_in_order(order: Order, visit: Occurrence, other: Occurrence) -> bool:
    """Whether order puts one of the two before the other, also where they share a date."""
    return order.in_turn(visit.id, other.id) or order.in_turn(other.id, visit.id)


def _is_told(subject: Subject, visit: Occurrence, other: Occurrence) -> bool:
    """Whether these two were found to be out of order: that they may meet is the same fault."""
    return any({visit.id, other.id} <= set(found.about) for found in subject.found)


def _may_share_time(visit: Occurrence, other: Occurrence) -> bool:
    if visit.visit.overnight is not None and other.kind == "integration":
        return True
    if visit.visit.unscheduled or other.visit.unscheduled:
        return True
    return is_anywhere(visit) or is_anywhere(other)


@check(
    "listed-order",
    "warning",
    "a listed order that the timings contradict",
    what="Of two visits of one epoch, or of two whole epochs, the one listed later comes first in"
    " every schedule. Epochs may interleave.",
    why="`previous`, `next`, `first` and `last` follow the listed order, and so do people who read"
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
def _listed_order(subject: Subject) -> Iterator[Finding]:
    reported: set[Path] = set()
    for order in subject.once(orders):
        epochs: dict[str, list[Occurrence]] = {}
        cycles: dict[tuple[str, int | None], list[Occurrence]] = {}
        for visit in order.course.visits:
            epochs.setdefault(visit.epoch.id, []).append(visit)
            cycles.setdefault((visit.epoch.id, visit.cycle), []).append(visit)
        for listed in cycles.values():
            for later, earlier in _inversions(order, listed):
                if later.path not in reported:
                    reported.add(later.path)
                    message = f"`{later.id}` is listed after `{earlier.id}` and comes before it"
                    yield warning("listed-order", message, later, [earlier])
        yield from _epochs_listed_too_late(order, list(epochs.values()), reported)


def _inversions(order: Order, listed: list[Occurrence]) -> Iterator[tuple[Occurrence, Occurrence]]:
    """Visits that come before the one that is the last in time of those listed before them."""
    last: Occurrence | None = None
    for visit in listed:
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


def _epochs_listed_too_late(
    order: Order, epochs: list[list[Occurrence]], reported: set[Path]
) -> Iterator[Finding]:
    def soonest(visit: Occurrence) -> float:
        minute = order.soonest(visit.id)
        return float("-inf") if minute is None else minute

    def latest(visit: Occurrence) -> float:
        minute = order.latest(visit.id)
        return float("inf") if minute is None else minute

    for at, later in enumerate(epochs):
        for earlier in epochs[:at]:
            last, first = max(later, key=latest), min(earlier, key=soonest)
            path: Path = last.path[:2]
            if (
                path not in reported
                and max(map(soonest, later)) < soonest(first)
                and latest(last) < min(map(latest, earlier))
                and order.comes_before(last.id, first.id)
            ):
                reported.add(path)
                name, other = last.epoch.id, first.epoch.id
                message = f"epoch `{name}` is listed after `{other}` and lies before it"
                related = (Related(f"epoch `{other}`", first.path[:2]),)
                about = (name, other)
                yield Finding("listed-order", "warning", message, path, None, related, about)
