"""The schema of a trial as plain rows: its phases in order, and its arms side by side.

In a study that hides plans all arms have the same visits on the same days: what only some of them
have is not shown, as in a course. Where the rest still differs, one arm is drawn, without a name.
"""

import re
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from planner.network.windows import is_consistent
from planner.notice import NOTICE
from planner.protocol.course import Course, Occurrence
from planner.protocol.expand import epoch_kind
from planner.protocol.model import Protocol
from planner.schedule.build import build_schedule
from planner.schedule.study_days import lying_days
from planner.schedule.visit_numbers import label_of
from planner.views.charts.course import (
    HIDDEN,
    about_protocol,
    in_order,
    shown_course,
    study_day,
    undated_notes,
)
from planner.views.charts.visit_signs import visit_group

_PLACED = (
    "Not to scale. Visits are drawn on their targets, and at the near end of windows without one."
)


class SchemaVisit(NamedTuple):
    """A visit of the schema: its group, the lanes that have it, and its study day in each.

    A day is ``None`` where no rule in days ties the visit.
    """

    id: str
    title: str
    group: str
    epoch: str
    epoch_kind: str | None
    days: dict[int, int | None]


class SchemaPhase(NamedTuple):
    """Visits of one epoch that follow each other."""

    title: str
    kind: str | None
    visits: tuple[SchemaVisit, ...]


class SchemaTable(NamedTuple):
    """A trial as its schema shows it.

    ``lanes`` are the names of the arms drawn, one empty name where there is nothing to tell apart.
    They are one line up to the phase ``parting``, and stand apart from there on; ``ratio`` is the
    allocation, such as `1:1`, where the file has it. ``consistent`` is false where the rules of an
    arm contradict each other.
    """

    title: str
    about: tuple[str, ...]
    lanes: tuple[str, ...]
    parting: int
    ratio: str
    phases: tuple[SchemaPhase, ...]
    day_zero: bool
    consistent: bool
    notes: tuple[str, ...]

    def when(self, visit: SchemaVisit) -> str:
        """The study days of a visit: one, or those of the arms with a slash between them."""
        days = dict.fromkeys(day for day in visit.days.values() if day is not None)
        return "/".join(str(study_day(day, day_zero=self.day_zero)) for day in days)


def schema_table(
    protocol: Protocol, arm: str | None = None, *, with_untied: bool = False
) -> SchemaTable:
    """The schema of all arms, or of one; ``with_untied`` as in `shown_course`.

    Raises:
        PlannerError: as `planner.views.charts.course.shown_course`.
    """
    chosen = [each for each in protocol.arms if arm in (None, each.id)]
    names = [each.id for each in chosen] if arm is None and chosen else [arm]
    titles = tuple(each.title or each.id for each in chosen)
    courses = [shown_course(protocol, name, with_untied=with_untied) for name in names]
    lanes = [_days(course) for course, _ in courses]
    notes = [_PLACED]
    if protocol.hides_plans and any(lane != lanes[0] for lane in lanes):
        del courses[1:], lanes[1:]
        notes.append("Blinded: the arms differ in their days; those of one arm are drawn.")
    if any(hides for _, hides in courses):
        notes.append(f"Blinded: {HIDDEN}.")
    consistent = all(is_consistent(build_schedule(course).network) for course, _ in courses)
    if not consistent:
        notes.insert(0, "The rules contradict each other: see the network chart.")
    phases = _phases([course for course, _ in courses], lanes)
    if _overlaps(phases):
        notes.append("Epochs that overlap in time are drawn one after the other.")
    several = len(lanes) > 1
    parting = _parting(phases, len(lanes)) if several else len(phases)
    if several:
        notes.append(
            "The arms are drawn separately from their first dosing session or difference on;"
            " the time of allocation is not shown."
        )
    course = courses[0][0]
    anchor = label_of(course.visit(course.anchor), protocol) if course.anchor is not None else ""
    zero = "Day 0" if protocol.day_zero else "Day 1, the day before it Day -1"
    notes += [f"Study days: {anchor} is {zero}.", *undated_notes(course, Occurrence), NOTICE]
    shown_arm = None if protocol.is_blinded or several or not protocol.arms else course.arm
    about = [about_protocol(protocol, shown_arm), ", ".join(protocol.design)]
    if protocol.allocation is not None:
        about[1] += f"; allocation {protocol.allocation}"
    ratio = re.match(r"\d+(?::\d+)+(?!\S)|\d+(?::\d+)+(?=[,;])", protocol.allocation or "")
    return SchemaTable(
        title=protocol.title,
        about=tuple(about),
        lanes=titles if several else ("",),
        parting=parting,
        ratio=ratio[0] if ratio is not None and ratio[0].count(":") == len(lanes) - 1 else "",
        phases=phases,
        day_zero=protocol.day_zero,
        consistent=consistent,
        notes=tuple(notes),
    )


def _days(course: Course) -> dict[str, int | None]:
    """The day of each visit, in days from the anchor's date, by occurrence id."""
    lies = lying_days(course)
    return {visit.id: lies.get(visit.id) for visit in course.visits}


def _phases(
    courses: Sequence[Course], lanes: Sequence[dict[str, int | None]]
) -> tuple[SchemaPhase, ...]:
    occurrences = {visit.id: visit for course in reversed(courses) for visit in course.visits}
    visit_ids = dict.fromkeys(visit.id for course in courses for visit in course.visits)
    visits = [
        SchemaVisit(
            name,
            label_of(visit, courses[0].protocol),
            visit_group(visit),
            visit.epoch.title or visit.epoch.id,
            epoch_kind(visit.epoch),
            {lane: days[name] for lane, days in enumerate(lanes) if name in days},
        )
        for name in visit_ids
        for visit in (occurrences[name],)
    ]
    visits.sort(key=_when)
    return tuple(
        SchemaPhase(f"{title[:1].upper()}{title[1:]}", inside[0].epoch_kind, inside)
        for title, group in groupby(in_order(visits), lambda visit: visit.epoch)
        for inside in (tuple(group),)
    )


def _when(visit: SchemaVisit) -> tuple[bool, int]:
    """By the latest arm, so that what only some arms have comes before what waits for it there."""
    days = [day for day in visit.days.values() if day is not None]
    return not days, max(days, default=0)


def _overlaps(phases: Sequence[SchemaPhase]) -> bool:
    """Whether some arm has a visit after one that lies later."""
    latest: dict[int, int] = {}
    for phase in phases:
        for visit in phase.visits:
            for lane, day in visit.days.items():
                if day is not None:
                    if day < latest.get(lane, day):
                        return True
                    latest[lane] = day
    return False


def _parting(phases: Sequence[SchemaPhase], lanes: int) -> int:
    """The first phase in which the arms differ: by what is given, by a visit or by its day."""
    for number, phase in enumerate(phases):
        for visit in phase.visits:
            is_shared = len(visit.days) == lanes and len(set(visit.days.values())) == 1
            if visit.group == "dosing" or not is_shared:
                return number
    return len(phases)
