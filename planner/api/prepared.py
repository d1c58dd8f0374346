"""Prepared courses: one plan after another of the same protocol, arm and site shares them.

To expand a course and to propagate its rules takes longer than to place its visits. What is kept
belongs to one thread, since a planner remembers what it has worked out. Protocols are told apart by
identity, sites by what they say: a site file that was changed between two plans is another site.
"""

import threading
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar

from planner.api.inputs import site_of
from planner.site.calendar import SiteCalendar
from planner.timeline.participant_state import PlannerCache
from planner.timeline.plan import course_planner

if TYPE_CHECKING:
    from planner.protocol.model import Protocol
    from planner.timeline.course_planner import CoursePlanner

MAX_KEPT = 4
"""Planners, records' courses and sites kept by each thread: the latest used."""

Names = tuple[str, ...]
Thing = TypeVar("Thing")


class _Same(Generic[Thing]):
    """A key that is equal to that of the same object alone, and keeps it alive."""

    __slots__ = ("thing",)

    def __init__(self, thing: Thing) -> None:
        self.thing = thing

    def __hash__(self) -> int:
        return id(self.thing)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.thing is other.thing


class _Kept(threading.local):
    """What a thread has prepared."""

    def __init__(self) -> None:
        self.calendars: list[SiteCalendar] = []
        self.planner = lru_cache(MAX_KEPT)(_planner)
        self.courses = lru_cache(MAX_KEPT)(_courses)


def prepared_calendar(site: object) -> SiteCalendar:
    """The opening hours of a site, as `planner.api.inputs.calendar_of`."""
    asked = site_of(site)
    kept = _kept.calendars
    calendar = next((calendar for calendar in kept if calendar.site == asked), None)
    if calendar is None:
        calendar = SiteCalendar(asked)
    else:
        kept.remove(calendar)
    kept.append(calendar)
    del kept[:-MAX_KEPT]
    return calendar


def prepared_planner(
    protocol: "Protocol",
    site: SiteCalendar,
    arm: str | None = None,
    with_visits: Names | None = None,
    without_visits: Names = (),
    at: dict[str, date] | None = None,
    *,
    unblinded: bool = False,
    anyway: bool = False,
) -> "CoursePlanner":
    """The planner of a course; arguments and errors as of `course_planner`.

    ``anyway``: visits that nothing ties to the anchor are listed without a date, not refused.
    """
    fixed = tuple((at or {}).items())
    return _kept.planner(
        _Same(protocol), _Same(site), arm, with_visits, without_visits, fixed, unblinded, anyway
    )


def prepared_courses(
    protocol: "Protocol",
    site: SiteCalendar,
    with_visits: Names | None = None,
    without_visits: Names = (),
    *,
    anyway: bool = False,
) -> PlannerCache:
    """The courses of a protocol for participants under way; arguments as of `PlannerCache`."""
    return _kept.courses(_Same(protocol), _Same(site), with_visits, without_visits, anyway)


def _planner(
    protocol: "_Same[Protocol]",
    site: _Same[SiteCalendar],
    arm: str | None,
    with_visits: Names | None,
    without_visits: Names,
    at: tuple[tuple[str, date], ...],
    unblinded: bool,
    anyway: bool,
) -> "CoursePlanner":
    return course_planner(
        protocol.thing,
        site.thing,
        arm=arm,
        with_visits=with_visits,
        without_visits=without_visits,
        at=dict(at),
        unblinded=unblinded,
        with_untied=anyway,
    )


def _courses(
    protocol: "_Same[Protocol]",
    site: _Same[SiteCalendar],
    with_visits: Names | None,
    without_visits: Names,
    anyway: bool,
) -> PlannerCache:
    return PlannerCache(
        protocol.thing,
        site.thing,
        with_visits=with_visits,
        without_visits=without_visits,
        with_untied=anyway,
    )


_kept = _Kept()
