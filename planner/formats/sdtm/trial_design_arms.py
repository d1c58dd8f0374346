"""The arms of a protocol as SDTM names them, and the visits of all arms in one numbering."""

from typing import NamedTuple

from planner.formats.sdtm.trial_design_text import (
    MAX_ARMCD_LENGTH,
    TextWriter,
    ascii_text,
    codes_of,
    names_of,
)
from planner.protocol.course import Course
from planner.protocol.expand import expand
from planner.protocol.model import Protocol


class ArmCourse(NamedTuple):
    """One arm: its ARMCD and ARM, and what a participant of it goes through.

    ``id`` is ``None`` where the protocol has no arms.
    """

    id: str | None
    code: str
    name: str
    course: Course


class PlannedVisit(NamedTuple):
    """A visit of any arm: its VISITNUM, which counts from 1, and its VISIT."""

    id: str
    number: int
    name: str


def arm_courses(protocol: Protocol, writer: TextWriter) -> tuple[ArmCourse, ...]:
    """The arms in the order of the file; ARM is the title, never the label with its amounts.

    A protocol without arms has one for everybody, as SDTM wants.

    Raises:
        PlannerError: the cycles make too many visits.
    """
    if not protocol.arms:
        return (ArmCourse(None, "ALL", "All participants", expand(protocol)),)
    names = names_of({arm.id: arm.title for arm in protocol.arms}, writer)
    codes = codes_of(names, MAX_ARMCD_LENGTH, str.upper)
    return tuple(
        ArmCourse(arm.id, codes[arm.id], names[arm.id], expand(protocol, arm.id))
        for arm in protocol.arms
    )


def planned_visits(arms: tuple[ArmCourse, ...], writer: TextWriter) -> dict[str, PlannedVisit]:
    """The visits of all arms by occurrence id, in the order of the file.

    Where all arms have the same visits, VISITNUM 7 is V07 of the schedule of activities.
    """
    titles: dict[str, str | None] = {}
    places: dict[str, tuple[int, int, int, int]] = {}
    for arm in arms:
        for occurrence in arm.course.visits:
            titles.setdefault(occurrence.id, occurrence.title)
            places.setdefault(occurrence.id, occurrence.place)
    ordered = sorted(titles, key=lambda occurrence_id: places[occurrence_id])
    names = names_of({occurrence_id: titles[occurrence_id] for occurrence_id in ordered}, writer)
    return {
        occurrence_id: PlannedVisit(occurrence_id, number, names[occurrence_id].upper())
        for number, occurrence_id in enumerate(ordered, start=1)
    }


def study_id(protocol: Protocol) -> str:
    """STUDYID: the first registry number, else the id in capitals."""
    number = ascii_text(protocol.registry[0]) if protocol.registry else None
    return number if number and len(number) <= 40 else protocol.id.upper()
