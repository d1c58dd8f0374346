"""The run sheet of a visit: minutes, clock times of a real day, who is there, what is refused."""

from datetime import date
from pathlib import Path

import pytest
from example_protocol import example_file
from timeline.courses import protocol as small_protocol

from planner.errors import PlannerError
from planner.formats.load import load_protocol
from planner.notice import NOTICE
from planner.protocol.library import library_ids
from planner.protocol.model import Protocol
from planner.site.calendar import SiteCalendar
from planner.site.load import load_site
from planner.views.run_sheet import NoRunSheet, run_sheet_grid
from planner.views.tables.grid import Grid

ROOT = Path(__file__).parents[2]
STUDY = """\
anchor: dosing
roles:
  therapist: {{title: Therapist, count: 2}}
  attendant: {{title: Night attendant}}
  rater: {{title: Rater}}
activities:
  scale: {{title: The scale, by: rater}}
epochs:
  - id: treatment
    visits:
      - id: dosing
        title: Dosing
        {visit}
        staff: [therapist]
        run_sheet:
          zero: 1h
          items:
            - {{id: arrival, title: Arrival, at: -1h, duration: 20min, grade: assumed}}
            - {{id: start, title: Start, at: 0min, note: As published.}}
            - id: more
              title: Something more
              after: start
              within: 90min..2h
              optional: true
            - {{id: asked, title: Asked, at: 3h, activity: scale}}
            - {{id: shift, title: Change, at: 7h, kind: shift-change, staff: [attendant]}}
            - {{id: round, title: Round, at: 8h, every: 3h, times: 3}}
      - {{id: call, after: {{visit: dosing, target: 1d}}}}
"""


def study(visit: str = "duration: 8h") -> Protocol:
    return example_file(STUDY.format(visit=visit)).protocol


def column(grid: Grid, head: str) -> list[str]:
    at = grid.heads[0].index(head)
    return [line.cells[at] for line in grid.lines]


def site(tmp_path: Path, text: str = "") -> SiteCalendar:
    path = tmp_path / "site.yaml"
    path.write_text(
        "format: 1\nid: here\ntitle: Here\ntimezone: Europe/Berlin\novernight: true\n"
        "hours: {monday: 08:00-18:00, friday: 08:00-18:00, saturday: 00:00-24:00,"
        " sunday: 00:00-24:00}\n" + text,
        encoding="utf-8",
    )
    return SiteCalendar(load_site(str(path)))


def test_without_a_known_start_there_are_only_distances() -> None:
    grid = run_sheet_grid(study(), "dosing")
    assert "Time" not in grid.heads[0]
    assert column(grid, "From zero")[:3] == ["-1:00", "0:00", "+1:30"]
    assert column(grid, "Slack")[:3] == ["fixed", "fixed", "+1:30..+2:00"]
    assert grid.notes[-1] == NOTICE


def test_the_visits_own_hour_gives_clock_times() -> None:
    grid = run_sheet_grid(study("at: '09:00'"), "dosing")
    assert column(grid, "Time")[:3] == ["09:00", "10:00", "11:30"]
    assert column(grid, "Slack")[2] == "11:30..12:00"


def test_another_start_moves_all_and_is_said() -> None:
    grid = run_sheet_grid(study("at: '09:00'"), "dosing", start=14 * 60)
    assert column(grid, "Time")[-1] == "05:00 +1"
    assert "The file has it start at 09:00." in grid.notes


def test_optional_items_and_notes_are_marked() -> None:
    grid = run_sheet_grid(study(), "dosing")
    assert column(grid, "What")[1:3] == ["Start¹", "Something more (optional)"]
    assert grid.notes[0] == "¹ As published."


def test_who_is_there_changes_with_the_shift() -> None:
    assert column(run_sheet_grid(study(), "dosing"), "Who") == [
        "Therapist × 2",
        "Therapist × 2",
        "Therapist × 2",
        "Rater",
        "from now on: Night attendant",
        "Night attendant",
        "Night attendant",
        "Night attendant",
    ]


def test_what_is_repeated_is_counted() -> None:
    assert column(run_sheet_grid(study(), "dosing"), "What")[-1] == "Round (3 of 3)"


def test_columns_without_anything_in_them_are_left_out() -> None:
    assert "Takes" in run_sheet_grid(study(), "dosing").heads[0]
    assert "Takes" not in run_sheet_grid(load_protocol("mapp1").protocol, "dosing").heads[0]


def test_on_a_plain_day_the_times_carry_no_offset(tmp_path: Path) -> None:
    here = site(tmp_path)
    grid = run_sheet_grid(
        study("overnight: true"), "dosing", start=540, day=date(2027, 1, 11), site=here
    )
    assert column(grid, "Time")[-1] == "00:00 +1"
    assert "Mon 2027-01-11 at Here (Europe/Berlin)" in grid.title


@pytest.mark.parametrize(
    ("day", "times"),
    [
        # Clocks go from 02:00 to 03:00 on 2027-03-28 and from 03:00 to 02:00 on 2027-10-31.
        (date(2027, 3, 27), ["00:00 +1 UTC+01:00", "04:00 +1 UTC+02:00", "07:00 +1 UTC+02:00"]),
        (date(2027, 10, 30), ["00:00 +1 UTC+02:00", "02:00 +1 UTC+01:00", "05:00 +1 UTC+01:00"]),
    ],
)
def test_elapsed_minutes_are_right_across_a_clock_change(
    tmp_path: Path, day: date, times: list[str]
) -> None:
    grid = run_sheet_grid(
        study("overnight: true"), "dosing", start=15 * 60, day=day, site=site(tmp_path)
    )
    assert column(grid, "Time")[-3:] == times
    assert column(grid, "From zero")[-3:] == ["+8:00", "+11:00", "+14:00"]
    assert any("The clocks change" in note for note in grid.notes)


def test_a_local_time_that_clocks_skip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="02:30 does not exist in Europe/Berlin"):
        run_sheet_grid(study(), "dosing", start=150, day=date(2027, 3, 28), site=site(tmp_path))


@pytest.mark.parametrize(
    ("visit", "start", "day", "reason"),
    [
        ("duration: 8h", 540, date(2027, 1, 12), "closed on Tuesdays"),
        ("duration: 8h", 540, date(2027, 1, 15), "closure: inventory"),
        ("duration: 8h", 660, date(2027, 1, 11), "starts at 11:00 and takes 8h.*08:00-18:00"),
        ("weekdays: friday", 540, date(2027, 1, 11), "on Friday only; Mon 2027-01-11"),
    ],
)
def test_a_day_that_cannot_hold_the_visit_is_refused_with_its_reason(
    tmp_path: Path, visit: str, start: int, day: date, reason: str
) -> None:
    calendar = site(tmp_path, "closures: [{from: 2027-01-15, reason: inventory}]\n")
    with pytest.raises(NoRunSheet, match=reason):
        run_sheet_grid(study(visit), "dosing", start=start, day=day, site=calendar)


def test_a_site_without_nights_holds_no_stay(tmp_path: Path) -> None:
    calendar = site(tmp_path)
    calendar.overnight = False
    with pytest.raises(NoRunSheet, match="has no overnight stays"):
        run_sheet_grid(
            study("overnight: true"), "dosing", start=540, day=date(2027, 1, 11), site=calendar
        )


def test_a_date_needs_an_hour(tmp_path: Path) -> None:
    with pytest.raises(PlannerError, match="give start=HH:MM"):
        run_sheet_grid(study(), "dosing", day=date(2027, 1, 11), site=site(tmp_path))


def test_an_occurrence_of_a_cycle_has_its_own_title() -> None:
    protocol = load_protocol("mapp1").protocol
    assert run_sheet_grid(protocol, "dosing-2").title.startswith(
        "V11 Dosing session (2): run sheet"
    )
    assert run_sheet_grid(protocol, "dosing").title.startswith("Dosing session: run sheet")
    assert run_sheet_grid(protocol, "dosing-2").lines == run_sheet_grid(protocol, "dosing").lines


def test_a_visit_without_a_run_sheet_says_which_have_one() -> None:
    with pytest.raises(NoRunSheet, match=r"`call` has no run sheet; .* for `dosing`"):
        run_sheet_grid(study(), "call")


def test_an_unknown_visit_gets_the_nearest_word() -> None:
    with pytest.raises(PlannerError, match="has no visit `dosng`; did you mean `dosing`"):
        run_sheet_grid(study(), "dosng")


def test_items_that_contradict_each_other_make_no_run_sheet() -> None:
    text = STUDY.format(visit="duration: 8h").replace("{id: asked,", "{id: shift,")
    with pytest.raises(NoRunSheet, match="cannot be kept: item `shift` is used twice"):
        run_sheet_grid(example_file(text).protocol, "dosing")


@pytest.mark.parametrize("name", library_ids())
def test_run_sheets_of_the_library_name_no_arm_of_a_blinded_study(name: str) -> None:
    protocol = load_protocol(name).protocol
    ids = [arm.id for arm in protocol.arms] or [None]
    for epoch in protocol.epochs:
        for visit in epoch.visits:
            if visit.run_sheet is None or visit.arms or epoch.arms or visit.by_arm:
                continue
            grids = [run_sheet_grid(protocol, visit.id, arm, start=540) for arm in ids]
            assert all(grid == grids[0] for grid in grids)
            assert len(grids[0].lines) >= len(visit.run_sheet.items)


@pytest.mark.parametrize("blinded", [False, True])
def test_a_sheet_that_another_arm_has_otherwise_says_whose_it_is_unless_blinded(
    blinded: bool,
) -> None:
    sheet = [{"id": "drug", "at": "0min"}, {"id": "sample", "at": "2h", "arms": "high"}]
    study = small_protocol(
        [{"id": "v0", "duration": "8h", "at": "09:00", "run_sheet": sheet}],
        arms=[{"id": "low"}, {"id": "high"}],
        design="double-blind" if blinded else "open-label",
        blinded="participant" if blinded else [],
    )
    for arm, other in (("low", "high"), ("high", "low")):
        grid = run_sheet_grid(study, "v0", arm)
        said = f"The sheet of arm {arm}; {other} has another one."
        assert (said in grid.notes) is not blinded
        assert ("sample" in str(grid.lines)) is (arm == "high")
