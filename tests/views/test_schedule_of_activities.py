"""The schedule of activities: what stands in it, what is marked, and what it never tells."""

import pytest
from example_protocol import example_file

from planner.errors import PlannerError
from planner.formats.load import load_protocol
from planner.notice import NOTICE
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.views.schedule_of_activities import schedule_of_activities
from planner.views.tables.grid import Grid, width_of

STUDY = """\
anchor: baseline
activities:
  scale: {{title: The scale, endpoint: primary, footnotes: [remark]}}
  vitals: {{title: Blood pressure}}
  unused: {{title: Never done}}
footnotes:
  remark: A remark on the scale.
gates:
  cleared: {{title: Cleared to begin}}
decisions:
  relapse: {{title: Relapse, condition: The scale rises again.}}
epochs:
  - id: screening
    visits:
      - {{id: baseline, title: Baseline, requires: [cleared], activities: [scale]}}
  - id: treatment
    visits:
      - id: dosing
        title: Dosing
        duration: 8h
        overnight: true
        {dosing}
        after: {{visit: baseline, target: 2w, within: ±3d}}
        run_sheet:
          - {{id: before, at: 0min, activity: vitals}}
          - {{id: after, title: Once more, at: 2h, activity: {extra}, optional: true}}
      - {{id: again, title: Again, when: relapse, after: {{visit: dosing, within: 3w..}}}}
      - {{id: call, title: Call, mode: phone, optional: true, after: {{visit: dosing, target: 1d}}}}
{rest}
"""


def study(*, dosing: str = "at: '09:00'", extra: str = "vitals", rest: str = "") -> Protocol:
    return example_file(STUDY.format(dosing=dosing, extra=extra, rest=rest)).protocol


def row(grid: Grid, label: str) -> list[str]:
    """The cells of the header row or line of a label."""
    for cells in (*grid.heads, *(line.cells for line in grid.lines)):
        if cells[0].rstrip("¹²³⁴⁵⁶⁷⁸⁹⁰,") == label:
            return list(cells[1:])
    raise AssertionError(f"no row {label}")


def test_visits_stand_under_their_epochs_with_study_days_and_windows() -> None:
    grid = schedule_of_activities(study())
    assert grid.heads[0] == ("", "Screening", "Treatment", "Treatment", "Treatment")
    assert row(grid, "Visit") == ["V01", "V02", "V04", "V03"]
    assert grid.heads[2][2:] == ("Dosing", "Again", "Call")
    assert row(grid, "Study day") == ["1", "15 ± 3", "≥ 33", "16 ± 3"]
    assert row(grid, "Window") == ["anchor", "2w ±3d after V01", "≥ 3w after V02", "1d after V02"]
    assert row(grid, "Contact") == ["clinic", "clinic", "clinic", "phone"]
    assert row(grid, "Takes") == ["", "8h + 1 night", "", ""]


def test_what_the_run_sheet_carries_out_is_done_at_the_visit() -> None:
    assert row(schedule_of_activities(study()), "Blood pressure") == ["", "X", "", ""]


def test_what_only_an_optional_item_carries_out_is_marked() -> None:
    grid = schedule_of_activities(study(extra="scale"))
    (cell,) = [cell for cell in row(grid, "The scale (primary endpoint)")[1:] if cell]
    note = next(note for note in grid.notes if note.startswith(cell.removeprefix("X")))
    assert "optional item takes place: Once more" in note


def test_optional_and_conditional_visits_are_marked_with_their_condition() -> None:
    grid = schedule_of_activities(study())
    cells = row(grid, "Takes place")
    assert cells[:2] == ["", ""]
    assert cells[2].startswith("if relapse")
    assert cells[3] == "optional"
    assert any("Relapse: The scale rises again." in note for note in grid.notes)


def test_footnotes_stand_below_under_the_marks_that_name_them() -> None:
    grid = schedule_of_activities(study())
    label = next(line.cells[0] for line in grid.lines if line.cells[0].startswith("The scale"))
    assert any(note == f"{label[-1]} A remark on the scale." for note in grid.notes)
    assert any(note.endswith("Only after: Cleared to begin.") for note in grid.notes)


def test_what_is_assumed_is_said() -> None:
    visit = "      - {id: x, after: {visit: call, within: 1d, grade: assumed}}"
    grid = schedule_of_activities(study(rest=visit))
    (mark,) = {cell[-1] for cell in row(grid, "Window") if cell.startswith("1d after V03")}
    assert any(note.startswith(f"{mark} Assumption by the file's author") for note in grid.notes)


def test_an_activity_of_the_file_that_no_visit_has_is_named_below() -> None:
    assert any("not at a visit of this schedule: Never done" in note
               for note in schedule_of_activities(study()).notes)  # fmt: skip


def test_a_track_runs_from_its_first_visit_to_its_last() -> None:
    track = "tracks:\n  - {id: diary, title: Diary, from: baseline, until: call}"
    grid = schedule_of_activities(study(rest=track))
    assert row(grid, "Diary: daily from V01 to V03") == ["├──", "───", "", "──┤"]


def test_a_track_of_some_days_ends_where_they_end() -> None:
    track = "tracks:\n  - {id: diary, title: Diary, from: baseline, every: 1w, times: 3}"
    grid = schedule_of_activities(study(rest=track))
    assert row(grid, "Diary: weekly, 3 times from V01") == ["├──", "──┤", "", ""]


def test_a_constraint_between_two_visits_stands_below() -> None:
    rule = "constraints:\n  - {from: baseline, to: again, within: 5w..9w}"
    grid = schedule_of_activities(study(rest=rule))
    assert "Further rules: V04 must be 5w..9w after V01." in grid.notes


def test_contradictions_leave_the_targets_and_are_said() -> None:
    rule = "constraints:\n  - {from: baseline, to: dosing, within: 5w..9w}"
    grid = schedule_of_activities(study(rest=rule))
    assert row(grid, "Study day")[1] == "15"
    assert any("the timings contradict each other" in note for note in grid.notes)


def test_contradictions_leave_no_day_to_a_visit_without_a_target() -> None:
    visits = """\
  - id: follow-up
    visits:
      - {id: never, after: [{visit: baseline, within: ..0d}, {visit: baseline, within: 1d..3d}]}
      - {id: last, after: [{visit: baseline, within: 1d..2d}, {visit: baseline, within: ..1d}]}
"""
    days = row(schedule_of_activities(study(rest=visits)), "Study day")
    assert days[-2:] == ["", ""]


def test_arms_with_one_schedule_get_one_table_that_names_neither() -> None:
    protocol = load_protocol("mapp1").protocol
    first = schedule_of_activities(protocol, "mdma-at")
    assert first == schedule_of_activities(protocol, "placebo") == schedule_of_activities(protocol)
    assert "placebo" not in str(first).lower()
    assert "The schedule is the same for all arms." in first.notes


def test_an_arm_is_named_where_its_schedule_truly_differs() -> None:
    protocol = load_protocol("mp-4").protocol
    grids = {arm.id: schedule_of_activities(protocol, arm.id) for arm in protocol.arms}
    assert len({grid.lines for grid in grids.values()}) > 1
    for arm, grid in grids.items():
        assert grid.title.endswith(f", arm {arm}")


def test_an_unknown_arm_is_refused() -> None:
    with pytest.raises(PlannerError, match="has no arm `x`"):
        schedule_of_activities(load_protocol("mapp1").protocol, "x")


WITHOUT_WINDOWS = """\
anchor: a
{order}
epochs:
  - id: all
    visits:
      - {{id: a}}
      - {{id: b, after: {{visit: a, within: 2w..3w}}}}
      - {{id: c, after: {{visit: b, target: 8w, window: not-published}}}}
      - {{id: d, after: {{visit: c, within: 1d..2d}}}}
      - {{id: e, after: {{visit: c, window: not-published}}}}
      - {{id: f, after: {{visit: a, within: 6mo..}}}}
"""


@pytest.mark.parametrize("order", ["order: listed", ""])
def test_a_window_that_nobody_published_an_open_one_and_order_are_told_apart(order: str) -> None:
    grid = schedule_of_activities(example_file(WITHOUT_WINDOWS.format(order=order)).protocol)
    assert row(grid, "Study day") == [
        "1",
        "15..22",
        "71..78 (window not published)",
        "72..80",
        "window not published",
        "≥ 182",
    ]
    assert row(grid, "Window") == [
        "anchor",
        "2w..3w after V01",
        "8w after V02",
        "1d..2d after V03",
        "after V03",
        "≥ 6mo after V01",
    ]
    assert ("The visits take place in this order." in grid.notes) == bool(order)
    assert (
        "Where no window was published, the target is a preference and only the order is required."
        in grid.notes
    )


def test_a_part_that_follows_in_listed_order_is_named() -> None:
    text = WITHOUT_WINDOWS.format(order="").replace("id: c,", "id: c, order: listed,")
    grid = schedule_of_activities(example_file(text).protocol)
    assert "In this order: V02, V03." in grid.notes


@pytest.mark.parametrize("name", library_ids())
def test_every_library_protocol_has_a_whole_schedule_of_activities(name: str) -> None:
    protocol = load_protocol(name).protocol
    for arm in [one.id for one in protocol.arms] or [None]:
        grid = schedule_of_activities(protocol, arm)
        columns = width_of(grid)
        assert {len(head) for head in grid.heads} == {columns}
        assert {len(line.cells) for line in grid.lines if line.kind == "row"} <= {columns}
        assert grid.notes[-1] == NOTICE
        for at, day in enumerate(row(grid, "Study day")):
            assert day or row(grid, "Takes place")[at].startswith("unscheduled")
        labels = [one.label for one in protocol.arms if one.label]
        assert not any(label in str(grid) for label in labels)


def test_a_track_that_begins_later_is_not_beside_the_visit_that_it_counts_from() -> None:
    track = "tracks:\n  - {id: diary, title: Diary, from: baseline, offset: 14d, until: call}"
    grid = schedule_of_activities(study(rest=track))
    (cells,) = [line.cells[1:] for line in grid.lines if line.cells[0].startswith("Diary")]
    assert cells == ("", "├──", "", "──┤")
