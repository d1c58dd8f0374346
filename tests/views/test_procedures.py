"""Procedures by visits: what is counted, what is left unstated, and sums that agree with burden."""

import pytest
from example_protocol import example_file

from planner.formats.load import load_protocol
from planner.notice import NOTICE
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.schedule.burden import Range, burdens
from planner.schedule.procedures import SESSIONS, procedures
from planner.views.procedures import procedure_totals, procedures_grid, procedures_table
from planner.views.tables.grid import Grid

STUDY = """\
roles: {therapist: {title: Therapist, count: 2}, nurse: {title: Nurse}}
activities:
  scale: {title: The scale, by: nurse}
  blood: {title: Blood sample}
arms: [{id: one}, {id: two}]
epochs:
  - id: treatment
    visits:
      - {id: baseline, activities: [scale]}
      - id: dosing
        duration: 6h..8h
        staff: {therapist: 2}
        after: {visit: baseline, within: 1w}
        run_sheet:
          - {id: dose, at: 0min}
          - {id: sample, at: 1h, every: 1h, times: 3, duration: 5min, activity: blood, staff: nurse}
          - {id: late, at: 6h, duration: 5min, activity: blood, staff: nurse, optional: true}
      - {id: call, mode: phone, optional: true, activities: [scale],
         after: {visit: dosing, within: 1w}}
      - {id: extra, arms: [two], activities: [blood], after: {visit: dosing, within: 2w}}
"""


def study() -> Protocol:
    return example_file(STUDY).protocol


def rows(grid: Grid) -> dict[str, tuple[str, ...]]:
    return {line.cells[0]: line.cells[1:] for line in grid.lines}


def test_sessions_have_the_length_and_the_people_of_their_visits() -> None:
    grid = procedures_grid(study(), procedures(study()))
    assert rows(grid)["Dosing session; Therapist × 2; 360..480 min"] == ("", "1", "", "")


def test_activities_have_the_minutes_and_people_of_the_run_sheet_and_its_number() -> None:
    grid = procedures_grid(study(), procedures(study()))
    assert rows(grid)["Blood sample; Nurse; 5 min"] == ("", "3..4", "", "")
    assert rows(grid)["The scale; Nurse; unstated"] == ("1", "", "0..1", "")
    assert rows(grid)["Blood sample (only in two); unstated"] == ("", "", "", "1")


def test_the_table_for_programs_has_a_line_for_each_and_leaves_empty_what_nobody_states() -> None:
    grid = procedures_table(study(), procedures(study()))
    lines = [dict(zip(grid.heads[0], line.cells, strict=True)) for line in grid.lines]
    (blood,) = [one for one in lines if one["activity"] == "blood" and one["visit"] == "dosing"]
    assert (blood["role"], blood["people"]) == ("nurse", "1")
    assert [blood[key] for key in ("minutes_least", "minutes_most")] == ["5", "5"]
    assert [blood[key] for key in ("times_least", "times_most")] == ["3", "4"]
    (extra,) = [one for one in lines if one["visit"] == "extra"]
    assert [extra[key] for key in ("arms", "role", "people", "minutes_least")] == [
        "two",
        "",
        "",
        "",
    ]


def test_totals_tell_where_and_never_what_is_routine() -> None:
    grid = procedure_totals(study(), procedures(study()))
    assert rows(grid)["The scale"] == ("1..2", "", "unstated", "Nurse", "at the site, by phone")
    assert rows(grid)["Blood sample"] == ("3..4", "", "5", "Nurse", "at the site")
    assert grid.notes[-1] == NOTICE


@pytest.mark.parametrize("name", library_ids())
def test_hours_of_sessions_are_those_that_burden_has(name: str) -> None:
    """For each role and arm: minutes of sessions here and in the sums of `burden`."""
    protocol = load_protocol(name).protocol
    everything = procedures(protocol)
    for burden in burdens(protocol):
        arm = burden.arms[0] if burden.arms else None
        own = [
            each
            for each in everything
            if each.activity in SESSIONS
            and (not each.arms or arm in each.arms)
            and not each.visit.visit.unscheduled
        ]
        assert {each.role for each in own} - {""} <= {role.role for role in burden.total.roles}
        for role in burden.total.roles:
            total = Range()
            for each in own:
                if each.role == role.role and each.minutes is not None:
                    most = (each.minutes.most or 0) * each.people
                    least = each.minutes.least * each.people * each.times.least
                    total = total.plus(Range(least, most))
            assert total.least <= role.together.least
            assert (total.most or 0) <= (role.together.most or 0)
