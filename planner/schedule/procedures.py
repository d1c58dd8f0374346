"""What is done with a participant, visit by visit: each procedure, how often, how long, by whom.

Sessions (preparation, dosing, integration) are procedures of their visits' length and staff;
activities have the minutes and people of the run-sheet items that carry them out. What the file
does not say is not filled in.
"""

from collections.abc import Iterator
from typing import NamedTuple

from planner.protocol.course import Occurrence
from planner.protocol.expand import expand
from planner.protocol.model import Protocol
from planner.protocol.visit import RunSheetItem
from planner.schedule.build import least_steps, most_steps
from planner.schedule.burden import Range, people_by_role, staff_of
from planner.schedule.trips import conditions
from planner.schedule.visit_numbers import visit_numbers
from planner.time.distance import Window

SESSIONS = {
    "preparation": "Preparation session",
    "dosing": "Dosing session",
    "integration": "Integration session",
}


class Procedure(NamedTuple):
    """One procedure at one visit.

    ``minutes`` is how long it takes once, ``None`` where the file does not say. ``role`` is empty
    where it does not say who does it, else ``people`` is how many of them. ``times`` is how often
    it is done at this visit, least and most. ``arms`` are those that have it there, empty where all
    have it.
    """

    activity: str
    title: str
    visit: Occurrence
    number: int
    minutes: Range | None
    role: str
    people: int
    times: Range
    arms: tuple[str, ...]


def procedures(protocol: Protocol) -> list[Procedure]:
    """The procedures of all arms, in the order of the visits and, at a visit, of the file.

    Args:
        protocol: as loaded.

    Raises:
        PlannerError: the cycles make more visits than the planner unrolls.
    """
    numbers = visit_numbers(protocol)
    merged: dict[tuple[object, ...], Procedure] = {}
    arms: list[str | None] = [arm.id for arm in protocol.arms] or [None]
    for arm in arms:
        for visit in expand(protocol, arm).visits:
            if visit.kind == "event":
                continue
            for procedure in _at(visit, numbers[visit.id], protocol):
                key = (visit.id, *procedure[3:8], procedure.activity)
                own = (arm,) if arm is not None else ()
                before = merged[key].arms if key in merged else ()
                merged[key] = procedure._replace(arms=(*before, *own))
    everybody = tuple(arm.id for arm in protocol.arms)
    procedures = [
        procedure._replace(arms=() if procedure.arms == everybody else procedure.arms)
        for procedure in merged.values()
    ]
    return sorted(procedures, key=lambda procedure: procedure.number)


def _at(visit: Occurrence, number: int, protocol: Protocol) -> Iterator[Procedure]:
    once = Range(0 if conditions(visit) or visit.visit.unscheduled else 1, 1)
    if visit.kind in SESSIONS:
        stated = visit.visit.duration
        minutes = None if stated is None else _minutes(stated.value)
        for role, people in (staff_of(visit.visit, protocol) or {"": 0}).items():
            title = SESSIONS[visit.kind]
            yield Procedure(visit.kind, title, visit, number, minutes, role, people, once, ())
    items = visit.visit.run_sheet.items if visit.visit.run_sheet is not None else ()
    carried = [item.activity for item in items if item.activity is not None]
    for key in dict.fromkeys((*visit.visit.activities, *carried)):
        own = [item for item in items if item.activity == key]
        for minutes, people_of, times in _carried_out(own, once, protocol):
            activity = protocol.activities.get(key)
            title = key if activity is None or not activity.title else activity.title
            by = activity.by if activity is not None and activity.by is not None else ""
            for role, people in (people_of or {by: 1 if by else 0}).items():
                yield Procedure(key, title, visit, number, minutes, role, people, times, ())


def _carried_out(
    items: list[RunSheetItem], once: Range, protocol: Protocol
) -> Iterator[tuple[Range | None, dict[str, int], Range]]:
    """Length, people and number of what items carry out; one without items is done once."""
    if not items:
        yield None, {}, once
        return
    totals: dict[tuple[Range | None, tuple[tuple[str, int], ...]], Range] = {}
    for item in items:
        minutes = None if item.duration is None else _minutes(item.duration)
        people = {} if item.staff is None else people_by_role(item.staff, protocol)
        least = 0 if item.optional or item.when is not None else item.times * once.least
        key = minutes, tuple(people.items())
        totals[key] = totals.get(key, Range(0, 0)).plus(Range(least, item.times))
    for (minutes, people_of), times in totals.items():
        yield minutes, dict(people_of), times


def _minutes(length: Window) -> Range:
    return Range(least_steps(length.earliest) or 0, most_steps(length.latest))
