"""Unscheduled visits: an adverse event or an early end has no planned date until it happens."""

from datetime import date
from pathlib import Path

import pytest

import planner
from planner.formats.load import load_protocol
from planner.protocol.file import ProtocolFile

PROTOCOL = """
format: 1
id: small
title: Small
version: "1"
status: illustrative
design: open-label
anchor: dosing
decisions:
  harmed: {condition: The participant suffers an adverse event.}
  ended: {condition: The participant ends the study early., expression: withdrawn}
epochs:
  - id: treatment
    visits:
      - {id: dosing}
      - {id: week-2, after: {visit: dosing, target: 2w, within: ±3d}}
      - {id: week-4, after: {visit: dosing, target: 4w, within: ±3d}}
      - {id: harm, when: harmed, unscheduled: true, after: {visit: dosing, within: 0d..}}
      - id: early-end
        kind: termination
        when: ended
        unscheduled: true
        after: {visit: dosing, within: 0d..}
      - {id: extra, unscheduled: true, after: {visit: dosing, within: 0d..}}
"""
RECORD = """
participant: P0001
start: 2027-01-11
visits:
  - {visit: dosing, status: occurred, start: 2027-01-11}
"""
PLANNED = ["dosing", "week-2", "week-4"]


@pytest.fixture
def small(tmp_path: Path) -> ProtocolFile:
    path = tmp_path / "small.yaml"
    path.write_text(PROTOCOL, encoding="utf-8")
    return load_protocol(str(path))


def visits(
    small: ProtocolFile, *, record: str | None = None, with_visits: list[str] | None = None
) -> list[str]:
    """The visits of a plan on 21 January: from a start date, or going on from a record."""
    if record is None:
        timeline = planner.plan(small, date(2027, 1, 11), with_visits=with_visits)
    else:
        path = Path(small.path).parent / "P0001.yaml"
        path.write_text(record, encoding="utf-8")
        timeline = planner.plan(
            small, actuals=str(path), today=date(2027, 1, 21), with_visits=with_visits
        )
    return [visit.id for visit in timeline.visits]


def test_nobody_plans_them(small: ProtocolFile) -> None:
    assert visits(small) == PLANNED
    assert visits(small, record=RECORD) == PLANNED


def test_they_are_planned_when_named(small: ProtocolFile) -> None:
    assert set(visits(small, with_visits=["harm"])) == {*PLANNED, "harm"}
    assert set(visits(small, record=RECORD, with_visits=["extra"])) == {*PLANNED, "extra"}


def test_one_is_due_when_its_condition_has_come_true(small: ProtocolFile) -> None:
    happened = RECORD + "facts: {harmed: true}\n"
    assert set(visits(small, record=happened)) == {*PLANNED, "harm"}
    assert visits(small, record=RECORD + "facts: {harmed: false}\n") == PLANNED


def test_early_termination_comes_with_the_withdrawal(small: ProtocolFile) -> None:
    path = Path(small.path).parent / "P0001.yaml"
    path.write_text(RECORD + "withdrawn: 2027-01-20\n", encoding="utf-8")
    timeline = planner.plan(small, actuals=str(path), today=date(2027, 1, 21))
    status = {visit.id: visit.status for visit in timeline.visits}
    assert status["early-end"] == "due"
    assert status["week-2"] == status["week-4"] == "cancelled"
    assert "harm" not in status


def test_what_is_recorded_stands_without_a_condition(small: ProtocolFile) -> None:
    recorded = RECORD + "  - {visit: extra, status: occurred, start: 2027-01-14}\n"
    assert set(visits(small, record=recorded)) == {*PLANNED, "extra"}


def test_they_count_neither_in_the_proof_nor_in_the_burden(small: ProtocolFile) -> None:
    from planner.checks.proof import prove
    from planner.checks.subject import Subject

    assert prove(Subject(small)) == "feasible; 3 visits; 3.6-4.4 weeks"
    (burden,) = planner.burden(small)
    assert burden.total.visits.most == 3


def test_the_schedule_of_activities_has_them_marked(small: ProtocolFile) -> None:
    from planner.views.schedule_of_activities import schedule_of_activities

    text = str(schedule_of_activities(small.protocol))
    assert "unscheduled" in text
    assert "if harmed" in text


def test_an_open_window_of_one_is_no_finding(small: ProtocolFile) -> None:
    found = {finding.check for finding in planner.check(small)}
    assert not found & {"open-window", "overlapping-visits", "conditional-visits"}
