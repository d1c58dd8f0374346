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
from planner.schedule.visit_numbers import visit_numbers


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
    """The visits of all arms by occurrence id: VISITNUM 7 is V07 of every view."""
    titles: dict[str, str | None] = {}
    for arm in arms:
        for occurrence in arm.course.visits:
            titles.setdefault(occurrence.id, occurrence.title)
    numbers = visit_numbers(arms[0].course.protocol)
    names = names_of({occurrence_id: titles[occurrence_id] for occurrence_id in numbers}, writer)
    return {
        occurrence_id: PlannedVisit(occurrence_id, number, names[occurrence_id].upper())
        for occurrence_id, number in numbers.items()
    }


def study_id(protocol: Protocol) -> str:
    """STUDYID: the first registry number, else the id in capitals."""
    number = ascii_text(protocol.registry[0]) if protocol.registry else None
    return number if number and len(number) <= 40 else protocol.id.upper()
