"""TV, the planned visits: one row for each visit, or for each arm where that matters."""

from collections.abc import Mapping
from typing import NamedTuple

from planner.formats.sdtm.trial_design_arms import ArmCourse, PlannedVisit
from planner.formats.sdtm.trial_design_rules import RuleTexts
from planner.formats.sdtm.trial_design_text import MAX_TEXT_LENGTH, TextWriter
from planner.formats.sdtm.writing import Cell, Column, Dataset
from planner.network.windows import is_consistent
from planner.protocol.course import Course
from planner.schedule.build import build_schedule
from planner.schedule.slack import stated_windows
from planner.schedule.study_days import only_days

COLUMNS = (
    Column("STUDYID", "Study Identifier", key=1),
    Column("DOMAIN", "Domain Abbreviation"),
    Column("VISITNUM", "Visit Number", "float", key=2),
    Column("VISIT", "Visit Name"),
    Column("VISITDY", "Planned Study Day of Visit", "integer"),
    Column("ARMCD", "Planned Arm Code", key=3),
    Column("ARM", "Description of Planned Arm"),
    Column("TVSTRL", "Visit Start Rule"),
    Column("TVENRL", "Visit End Rule"),
)
_MAX_NAME_LENGTH = 40


class _ArmRow(NamedTuple):
    """What one arm's row says of a visit."""

    day: int | None
    start: str
    end: str


def visit_days(course: Course) -> dict[str, int]:
    """The study day of each visit that has exactly one, by occurrence id: VISITDY.

    It is the day that the schedule of activities shows alone: where targets put the visit, or the
    only one that is left. Months have no fixed number of days, so that they give none.
    """
    schedule = build_schedule(course)
    windows = stated_windows(schedule) if is_consistent(schedule.network) else {}
    days = only_days(course, windows)
    day_zero = course.protocol.day_zero
    return {name: day if day_zero or day < 0 else day + 1 for name, day in days.items()}


def trial_visits(
    study: str,
    arms: tuple[ArmCourse, ...],
    visits: Mapping[str, PlannedVisit],
    writer: TextWriter,
) -> Dataset:
    """The dataset, without events, which are no visits.

    ARMCD and ARM stand only where arms differ in having a visit, or in its rules.

    Args:
        study: STUDYID.
        arms: all arms.
        visits: their visits, as `planned_visits` numbers them.
        writer: makes texts fit, and counts.
    """
    rows_of_arms = {arm.code: _told(arm.course, visits) for arm in arms}
    rows: list[tuple[Cell, ...]] = []
    for visit in visits.values():
        by_arm = [rows_of_arms[arm.code].get(visit.id) for arm in arms]
        is_same = len(set(by_arm)) == 1
        for arm, arm_row in zip(arms, by_arm, strict=True):
            if arm_row is None:
                continue
            names = ("", "") if is_same else (arm.code, arm.name)
            rules = (writer.fit(arm_row.start), writer.fit(arm_row.end) if arm_row.end else "")
            rows.append((study, "TV", visit.number, visit.name, arm_row.day, *names, *rules))
            if is_same:
                break
    rows.sort(key=lambda row: (row[2] or 0, str(row[5])))
    return Dataset("TV", "Trial Visits", COLUMNS, tuple(rows))


def _told(course: Course, visits: Mapping[str, PlannedVisit]) -> dict[str, _ArmRow]:
    numbers = {visit.id: f"Visit {visit.number}" for visit in visits.values()}
    names = {
        visit.id: visit.name if len(visit.name) <= _MAX_NAME_LENGTH else numbers[visit.id]
        for visit in visits.values()
    }
    texts, short_texts = RuleTexts(course, names), RuleTexts(course, numbers)
    days = visit_days(course)

    def fitting(text: str, short_text: str) -> str:
        return text if len(text) <= MAX_TEXT_LENGTH else short_text

    return {
        visit.id: _ArmRow(
            days.get(visit.id),
            fitting(texts.start(visit.id), short_texts.start(visit.id)),
            fitting(texts.end(visit.id), short_texts.end(visit.id)),
        )
        for visit in course.visits
        if visit.kind != "event"
    }
