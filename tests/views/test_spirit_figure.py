"""The layout of the SPIRIT figure: periods, time points, blocks, and everything exactly once."""

import re

import pytest
from example_protocol import example_file

from planner.formats.load import load_protocol
from planner.protocol.expand import expand
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.schedule.visit_numbers import visit_index
from planner.views.spirit_figure import spirit_figure
from planner.views.tables.grid import Grid, width_of

MARKS = "¹²³⁴⁵⁶⁷⁸⁹⁰,"
STUDY = """\
design: [{design}]
{more}
anchor: baseline
activities:
  consent: {{title: Informed consent}}
  scale: {{title: The scale, endpoint: primary}}
  blood: {{title: Blood sample}}
  unused: {{title: Never done}}
epochs:
  - id: screening
    visits:
      - {{id: screening, title: Screening, activities: [consent, blood],
         before: {{visit: baseline, within: 1w..2w, target: 1w}}}}
      - {{id: baseline, title: {baseline}, activities: [scale]}}
  - id: treatment
    visits:
      - {{id: dosing, title: Dosing, after: {{visit: baseline, target: 2w, within: ±3d}}}}
      - {{id: early-end, title: Early end, unscheduled: true}}
      - {{id: closing, title: Closing, activities: [scale],
         after: {{visit: dosing, target: 1w, within: ±1d}}}}
"""


def figure(
    design: str = "open-label, single-group", more: str = "", baseline: str = "Baseline"
) -> Grid:
    return spirit_figure(
        example_file(STUDY.format(design=design, more=more, baseline=baseline)).protocol
    )


def columns(grid: Grid) -> list[tuple[str, ...]]:
    return list(zip(*(head[1:] for head in grid.heads), strict=True))


def row(grid: Grid, label: str) -> list[str]:
    (line,) = [line for line in grid.lines if line.cells[0].rstrip(MARKS) == label]
    return list(line.cells[1:])


def test_an_open_study_of_one_group_has_no_allocation() -> None:
    grid = figure()
    assert columns(grid) == [
        ("Enrolment", "-t2", "V01 Screening"),
        ("Enrolment", "-t1", "V02 Baseline"),
        ("Treatment", "0", "V03 Dosing"),
        ("Close-out", "t1", "V05 Closing"),
        ("Without a date", "", "V04 Early end"),
    ]
    assert not any("llocation" in cell for line in grid.lines for cell in line.cells)
    assert any(note.startswith("Nobody is allocated") for note in grid.notes)


def test_an_allocation_that_no_visit_names_stands_before_the_first_session() -> None:
    grid = figure("double-blind, parallel")
    assert columns(grid)[2:4] == [
        ("Allocation", "0", "at no visit of the file"),
        ("Post-allocation", "t1", "V03 Dosing"),
    ]
    assert row(grid, "Allocation") == ["", "", "X", "", "", ""]
    assert any(note.startswith("No visit of the file is named") for note in grid.notes)


def test_nothing_that_only_some_arms_have_stands_before_the_allocation() -> None:
    grid = spirit_figure(load_protocol("jhu-mdd").protocol)
    periods = dict(zip(grid.heads[2], grid.heads[0], strict=True))
    assert periods["V02 Enrolment and baseline"] == "Enrolment"
    assert all(
        periods[f"V0{n} Week {w} of waiting¹,²"] == "Post-allocation" for n, w in ((3, 5), (4, 8))
    )


@pytest.mark.parametrize(
    ("title", "is_it"),
    [
        ("Randomisation", True),
        ("Baseline and allocation", True),
        ("1 week after randomization", False),
    ],
)
def test_a_visit_that_is_named_as_the_allocation_is_time_point_0(title: str, is_it: bool) -> None:
    grid = figure("double-blind, parallel", baseline=title)
    assert (("Allocation", "0", f"V02 {title}") in columns(grid)) == is_it


def test_each_arm_has_a_row_with_its_sessions_and_what_one_arm_has_is_marked() -> None:
    arms = "arms: [{id: early, title: At once}, {id: late, title: Later}]"
    file = STUDY.format(design="open-label, wait-list", more=arms, baseline="Baseline")
    only = file.replace("{id: closing,", "{id: closing, arms: late,")
    grid = spirit_figure(example_file(only).protocol)
    assert row(grid, "At once")[3] == "◆"
    assert row(grid, "Later")[3] == "◆"
    assert any(note.endswith(" Only in late.") for note in grid.notes)


def test_the_blocks_hold_what_enrols_first_and_outcomes_apart() -> None:
    lines = [line.cells[0] for line in figure().lines]
    assert lines == [
        "ENROLMENT", "Screening visit", "Informed consent", "INTERVENTIONS", "Intervention",
        "ASSESSMENTS: baseline", "Blood sample",
        "ASSESSMENTS: outcomes", "The scale (primary endpoint)",
    ]  # fmt: skip


def test_the_legend_tells_the_day_and_the_window_of_each_time_point() -> None:
    notes = figure().notes
    assert "-t1: V02, Day 1; the anchor." in notes
    assert "0: V03, Day 15 ± 3, week 2; 2w ±3d after V02." in notes
    assert "The file names no activity for eligibility." in notes


@pytest.mark.parametrize("name", library_ids())
def test_every_visit_and_activity_of_the_library_is_in_it_once(name: str) -> None:
    protocol = load_protocol(name).protocol
    grid = spirit_figure(protocol)
    index = visit_index(protocol)
    visits = [head.rstrip(MARKS) for head in grid.heads[2][1:] if head[0] == "V"]
    assert sorted(visits) == sorted(label.rstrip(MARKS) for label in index.labels.values())
    labels = [re.sub(r" \(\w+ endpoint\)$", "", line.cells[0].rstrip(MARKS)) for line in grid.lines]
    left_over = next((note for note in grid.notes if note.startswith("In the file, but")), "")
    for key, activity in protocol.activities.items():
        title = activity.title or key
        assert labels.count(title) + (title in left_over) == 1, title
    assert {len(line.cells) for line in grid.lines if line.kind == "row"} == {width_of(grid)}


@pytest.mark.parametrize("name", library_ids())
def test_what_an_activity_has_in_the_figure_it_has_in_the_file(name: str) -> None:
    protocol = load_protocol(name).protocol
    grid = spirit_figure(protocol)
    codes = [head.partition(" ")[0] for head in grid.heads[2]]
    for key, activity in protocol.activities.items():
        lines = [
            line
            for line in grid.lines
            if re.sub(r" \(\w+ endpoint\)$", "", line.cells[0].rstrip(MARKS))
            == (activity.title or key)
        ]
        marked = {
            codes[at] for line in lines for at, cell in enumerate(line.cells) if cell[:1] == "X"
        }
        assert marked == visits_with(protocol, key)


def visits_with(protocol: Protocol, key: str) -> set[str]:
    numbers = visit_index(protocol).numbers
    codes = set()
    for arm in [arm.id for arm in protocol.arms] or [None]:
        for occurrence in expand(protocol, arm).visits:
            visit = occurrence.visit
            items = visit.run_sheet.items if visit.run_sheet else ()
            if key in visit.activities or any(item.activity == key for item in items):
                codes.add(f"V{numbers[occurrence.id]:02d}")
    return codes
