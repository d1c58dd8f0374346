"""The number of each visit of a protocol, and the label that every view names a visit by.

Numbers count the visits of all arms together, from 1, in the order of their nominal days: where
targets put them, without a site. A visit has the same number in each arm, whichever optional visits
take place, so that the number tells nothing of a participant.
"""

from collections.abc import Iterable, Iterator, Mapping
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from planner.protocol.course import Course, Occurrence, bounding_window
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.schedule.study_days import lying_days
from planner.time.distance import ClockDistance, Distance

_MAX_KEPT = 16
_kept: dict[int, tuple[Protocol, "VisitIndex"]] = {}
"""By the id of their protocol, which is kept with them: an id is only good while its object
lives."""

Place = tuple[int, int, int, int, int]
"""The nominal day of a visit, and where it is listed."""


class VisitIndex(NamedTuple):
    """All visits of all arms of a protocol.

    Attributes:
        numbers: by occurrence id.
        labels: as `visit_label` writes them, by occurrence id, with the title that the first arm
            which has the visit gives it.
        visits: the id of the visit that each occurrence is of, by occurrence id.
        titles: by title the occurrences that have it in some arm, with the number of their cycle or
            without.
    """

    numbers: Mapping[str, int]
    labels: Mapping[str, str]
    visits: Mapping[str, str]
    titles: Mapping[str, frozenset[str]]


def visit_numbers(protocol: Protocol) -> Mapping[str, int]:
    """The numbers of all visits, by occurrence id; those of one day are numbered as listed.

    They rise with the days in each arm, unless arms have the same visits in different orders. A
    visit that nothing dates has the number after that of the visit listed before it.

    Args:
        protocol: as loaded.

    Raises:
        PlannerError: the cycles make more visits than the planner unrolls.
    """
    return visit_index(protocol).numbers


def visit_index(protocol: Protocol) -> VisitIndex:
    """The visits of all arms, with their numbers as `visit_numbers` gives them.

    Args:
        protocol: as loaded.

    Raises:
        PlannerError: the cycles make more visits than the planner unrolls.
    """
    known = _kept.get(id(protocol))
    if known is None:
        for oldest in list(_kept)[: 1 - _MAX_KEPT]:
            _kept.pop(oldest, None)
        known = _kept[id(protocol)] = (protocol, _indexed(protocol))
    return known[1]


def visit_code(number: int) -> str:
    """The number of a visit as it is written: ``V07``."""
    return f"V{number:02d}"


def visit_label(number: int, title: str) -> str:
    """What every view for staff calls a visit: ``V07 First integration session (1)``."""
    return f"{visit_code(number)} {title}"


def label_of(occurrence: Occurrence, protocol: Protocol) -> str:
    """The label of a visit of any arm, as `visit_label` writes it."""
    return visit_label(visit_numbers(protocol)[occurrence.id], occurrence.title)


def _indexed(protocol: Protocol) -> VisitIndex:
    arms: list[str | None] = [arm.id for arm in protocol.arms] or [None]
    places: dict[str, Place] = {}
    pairs: list[tuple[str, str]] = []
    visits: dict[str, str] = {}
    first_titles: dict[str, str] = {}
    titles: dict[str, set[str]] = {}
    for arm in arms:
        course = expand(protocol, arm)
        own = _places(course)
        pairs += pairwise(_in_order(own, _fixed_pairs(course)))
        places |= {name: min(place, places.get(name, place)) for name, place in own.items()}
        for occurrence in course.visits:
            visits[occurrence.id] = occurrence.visit.id
            first_titles.setdefault(occurrence.id, occurrence.title)
            for title in (occurrence.title, occurrence.visit.title):
                if title:
                    titles.setdefault(title, set()).add(occurrence.id)
    numbers = {name: number for number, name in enumerate(_in_order(places, pairs), start=1)}
    labels = {name: visit_label(number, first_titles[name]) for name, number in numbers.items()}
    return VisitIndex(
        numbers, labels, visits, {title: frozenset(names) for title, names in titles.items()}
    )


def _places(course: Course) -> dict[str, Place]:
    """The place of each visit of an arm; one without a day has that of the visit listed before."""
    days = lying_days(course)
    day = min(days.values(), default=0)
    places: dict[str, Place] = {}
    for visit in course.visits:
        day = days.get(visit.id, day)
        places[visit.id] = (day, *visit.place)
    return places


def _fixed_pairs(course: Course) -> Iterator[tuple[str, str]]:
    """Pairs of visits of which a rule never lets the first one start after the second."""
    for rule in course.all_rules:
        window = bounding_window(rule, course)
        reference, point = rule.reference, rule.point
        if window is None or reference.visit == point.visit:
            continue
        follows = window.earliest is not None and _least(window.earliest) >= 0 and not point.end
        leads = window.latest is not None and _least(-window.latest) >= 0 and not reference.end
        if follows and not leads:
            yield reference.visit, point.visit
        elif leads and not follows:
            yield point.visit, reference.visit


def _least(distance: Distance) -> int:
    """The fewest days of a distance, or its minutes; negative before the reference."""
    return distance.minutes if isinstance(distance, ClockDistance) else distance.day_span[0]


def _in_order(places: Mapping[str, Place], pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The visits by their places, but the first of each pair before the second.

    Where pairs go in a circle, the visit of the earliest place breaks it.
    """
    later: dict[str, list[str]] = {name: [] for name in places}
    waits = dict.fromkeys(places, 0)
    for first, second in pairs:
        later[first].append(second)
        waits[second] += 1
    by_place = sorted(places, key=places.__getitem__)
    free = [(places[name], name) for name in by_place if not waits[name]]
    left = iter(by_place)
    order: dict[str, None] = {}
    while len(order) < len(places):
        name = heappop(free)[1] if free else next(left)
        if name in order:
            continue
        order[name] = None
        for second in later[name]:
            waits[second] -= 1
            if not waits[second]:
                heappush(free, (places[second], second))
    return list(order)
