"""REDCap's list of events: offsets and windows, and what looks like days and is none."""

from pathlib import Path

import pytest
from shared import SAMPLES

import planner
from planner.errors import PlannerError

REDCAP = SAMPLES / "redcap"
HEAD = "event_name,arm_num,day_offset,offset_min,offset_max,unique_event_name,custom_event_label\n"


def rules(tmp_path: Path, rows: str, **choices: object) -> dict[str, str]:
    path = tmp_path / "events.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    imported = planner.import_table(path, **choices)  # type: ignore[arg-type]
    return {
        visit.title or "": "".join(
            f"{one.target} {one.within}" for one in (*visit.after, *visit.before)
        )
        for epoch in imported.protocol.epochs
        for visit in epoch.visits
    }


EVENTS = "Enrolment,1,0,0,0,enrolment_arm_1,\nDose 1,1,7,{0},{1},dose_1_arm_1,First dose\n"


@pytest.mark.parametrize("before", ["2", "-2"])
def test_offset_min_is_so_many_days_before_with_and_without_a_sign(
    before: str, tmp_path: Path
) -> None:
    assert rules(tmp_path, EVENTS.format(before, "3")) == {"Enrolment": "", "Dose 1": "1w -2d/+3d"}


def test_numbers_of_rows_are_no_days_unless_they_are_said_to_be(tmp_path: Path) -> None:
    rows = "A,1,1,0,0,a_arm_1,\nB,1,2,0,0,b_arm_1,\nC,1,3,0,0,c_arm_1,\n"
    with pytest.raises(PlannerError, match="REDCap numbers events so"):
        rules(tmp_path, rows)
    assert rules(tmp_path, rows, anchor="A") == {"A": "", "B": "1d ±0d", "C": "2d ±0d"}


def test_several_arms_are_several_schedules(tmp_path: Path) -> None:
    rows = "A,1,0,0,0,a_arm_1,\nA,2,0,0,0,a_arm_2,\n"
    with pytest.raises(PlannerError, match="`arm_num` has 2 values"):
        rules(tmp_path, rows)


@pytest.mark.skipif(not REDCAP.exists(), reason="no samples of others beside the project")
@pytest.mark.parametrize("name", ["longitudinal_event", "multi_event", "single_event"])
def test_events_without_offsets_have_no_times(name: str) -> None:
    with pytest.raises(PlannerError, match="there are no times in this file"):
        planner.import_table(REDCAP / f"redcapr_{name}.csv")
