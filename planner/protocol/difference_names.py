"""Which visits and epochs of two versions are the same, where one of them has another id."""

from collections.abc import Iterator, Mapping

from planner.protocol.course import Course
from planner.protocol.expand import visit_kind
from planner.protocol.model import Epoch, Protocol
from planner.protocol.visit import Visit


def epoch_names(old: Protocol, new: Protocol) -> dict[str, str]:
    """The epochs of an earlier version that are still there in a later one.

    Args:
        old: the earlier version.
        new: the later version.

    Returns:
        New ids by old ids. An epoch with another id is the same if it holds most of the visits.
    """
    new_ids = {epoch.id for epoch in new.epochs}
    names = {epoch.id: epoch.id for epoch in old.epochs if epoch.id in new_ids}
    for epoch in old.epochs:
        if epoch.id in names:
            continue
        own = {visit.id for visit in epoch.visits}
        free = [epoch for epoch in new.epochs if epoch.id not in names.values()]
        best = max(free, key=lambda epoch: len(own & {v.id for v in epoch.visits}), default=None)
        if best is not None and own & {visit.id for visit in best.visits}:
            names[epoch.id] = best.id
    return names


def visit_names(old: Protocol, new: Protocol, epochs: Mapping[str, str]) -> dict[str, str]:
    """New ids, by the old ones, of visits that seem to have only another id.

    Such a visit is in the same epoch, of the same kind (as written, or as its id tells), and has
    the same title, or else the same definition but for the names in it, or else study days count
    from both.
    """
    was, now = dict(_visits(old)), dict(_visits(new))
    gone = {name: entry for name, entry in was.items() if name not in now}
    come = {name: entry for name, entry in now.items() if name not in was}
    names: dict[str, str] = {}
    for wants_title, wants_definition in ((True, True), (True, False), (False, True)):
        for name, (epoch, visit) in gone.items():
            if name in names:
                continue
            for other, (new_epoch, candidate) in come.items():
                if other in names.values() or epochs.get(epoch.id) != new_epoch.id:
                    continue
                kinds = visit_kind(visit, epoch), visit_kind(candidate, new_epoch)
                if visit.kind != candidate.kind and kinds[0] != kinds[1]:
                    continue
                if wants_title and (visit.title is None or visit.title != candidate.title):
                    continue
                are_anchors = name == old.anchor.visit and other == new.anchor.visit
                if wants_definition and not are_anchors and not _defined_alike(visit, candidate):
                    continue
                names[name] = other
                break
    return names


def occurrence_names(old: Course, new: Course, visits: Mapping[str, str]) -> dict[str, str]:
    """The occurrences of visits that have another id in a later version.

    Args:
        old: the course by the earlier version.
        new: the course by the later version.
        visits: new ids of visits by their old ids.

    Returns:
        New ids of occurrences by their old ids, of those that both courses have.
    """
    known = {visit.id for visit in new.visits}
    names = {}
    for visit in old.visits:
        if visit.visit.id in visits:
            number = "" if visit.cycle is None else f"-{visit.cycle}"
            name = f"{visits[visit.visit.id]}{number}"
            if name in known:
                names[visit.id] = name
    return names


def _visits(protocol: Protocol) -> Iterator[tuple[str, tuple[Epoch, Visit]]]:
    for epoch in protocol.epochs:
        for visit in epoch.visits:
            yield visit.id, (epoch, visit)


def _defined_alike(visit: Visit, other: Visit) -> bool:
    """Whether two visits have the same definition; without any timing that says too little."""
    timings = _timings(visit)
    return bool(timings) and timings == _timings(other) and _plain(visit) == _plain(other)


def _plain(visit: Visit) -> tuple[object, ...]:
    stay = visit.overnight
    return (
        visit.modes,
        None if visit.duration is None else visit.duration.value,
        None if stay is None else (stay.nights, stay.until),
        visit.optional,
        visit.when,
        visit.at,
        visit.arms,
        visit.activities,
    )


def _timings(visit: Visit) -> list[tuple[object, ...]]:
    return [
        (
            field, timing.visit.which, timing.visit.point, timing.within, timing.target,
            timing.every, timing.until, timing.of, timing.arms,
        )
        for field in ("after", "before", "first", "next")
        for timing in getattr(visit, field)
    ]  # fmt: skip
