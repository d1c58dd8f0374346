"""Windows that are open or longer than 60 days: only those that a text states, and few.

In the first version of the library 71 % of visits had one, because a window that nobody published
was written as one without an end. `window: not-published` says that now.
"""

from collections.abc import Iterator

from planner.formats.load import load_protocol
from planner.protocol.expand import expand
from planner.protocol.library import library_ids
from planner.protocol.model import Constraint
from planner.protocol.visit import Timing
from planner.time.distance import ClockDistance, Distance, Window

LONGEST = 60
STATED = {
    ("aud-psi", "closing-4", "0d..12w"),
    ("comp005", "dosing-b", "6w..26w"),
    ("comp005", "dosing-c", "26w..52w"),
    ("jhu-smoking", "integration-11", "0d..15w"),
    ("jhu-smoking-rct", "therapy-8", "0d..13w"),
    ("mp-4", "long-term-follow-up", "1y.."),
}
"""Lengths of parts and courses, and a follow-up after a year or more: a text states them."""
STATED_ELSEWHERE = {
    ("mdma-mdd-norway", "v5", "2w..11w"),
    ("mp-1", "long-term-follow-up", "1y.."),
}
"""A length of a phase that is verified, its ends read so; and what a retracted paper states."""


def days(distance: Distance) -> float:
    if isinstance(distance, ClockDistance):
        return distance.minutes / 1440
    return distance.days + 365.25 / 12 * distance.months


def is_wide(window: Window) -> bool:
    if window.earliest is None or window.latest is None:
        return True
    return days(window.latest) - days(window.earliest) > LONGEST


def visits_and_wide_windows() -> Iterator[tuple[tuple[str, str], set[tuple[str, str | None]]]]:
    """Each visit of each protocol, and its wide windows with their grades in any arm."""
    for name in library_ids():
        protocol = load_protocol(name).protocol
        wide: dict[str, set[tuple[str, str | None]]] = {}
        for arm in [arm.id for arm in protocol.arms] or [None]:
            course = expand(protocol, arm)
            for visit in course.visits:
                wide.setdefault(visit.id, set())
            for rule in course.rules:
                stated, window = rule.stated, rule.window
                if isinstance(stated, Timing | Constraint) and window and is_wide(window):
                    wide[rule.point.visit].add((str(window), stated.grade))
        for visit_id, windows in wide.items():
            yield (name, visit_id), windows


def test_no_window_is_open_or_long_but_those_that_are_named_here() -> None:
    seen = dict(visits_and_wide_windows())
    named = {(*where, window) for where, windows in seen.items() for window, _ in windows}
    assert named == STATED | STATED_ELSEWHERE
    grades = {(*where, window): grade for where, all_ in seen.items() for window, grade in all_}
    assert {grades[one] for one in STATED} == {"verified"}
    assert {grades[one] for one in STATED_ELSEWHERE} == {"assumed", "retracted"}


def test_fewer_than_two_in_a_hundred_visits_have_such_a_window() -> None:
    seen = list(visits_and_wide_windows())
    share = sum(bool(windows) for _, windows in seen) / len(seen)
    assert len(seen) > 600
    assert 0 < share < 0.02
