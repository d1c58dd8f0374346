"""Schedules of activities as matrices: the days of their columns, and what is done when."""

from pathlib import Path

import pytest
from shared import SAMPLES

import planner
from planner.errors import PlannerError
from planner.protocol.visit import Visit

BREAST_CANCER = SAMPLES / "tables" / "soaworkbench_breast_cancer.csv"


def visits(imported: object) -> dict[str, Visit]:
    return {
        visit.id: visit
        for epoch in imported.protocol.epochs  # type: ignore[attr-defined]
        for visit in epoch.visits
    }


def rule(visit: Visit) -> str:
    for way, timings in (("after", visit.after), ("before", visit.before)):
        for timing in timings:
            return f"{way} {timing.visit} {timing.target} {timing.within}"
    return "unscheduled" if visit.unscheduled else "anchor"


@pytest.mark.skipif(not BREAST_CANCER.exists(), reason="no samples of others beside the project")
def test_a_published_matrix_has_the_days_of_its_headings() -> None:
    """Read from the file's first row by hand."""
    imported = planner.import_table(BREAST_CANCER)
    baseline = "baseline-day-1"
    assert {key: rule(visit) for key, visit in visits(imported).items()} == {
        "screening": f"before {baseline} None 1d..4w",
        "baseline-day-1": "anchor",
        "day-8": f"after {baseline} 1w None",
        "day-15": f"after {baseline} 2w None",
        "cycle-2-day-1": "unscheduled",
        "cycle-3-day-1": "unscheduled",
        "each-cycle-day-1": "unscheduled",
        "week-6": f"after {baseline} 6w ±1w",
        "week-12": f"after {baseline} 12w ±1w",
        "week-18": f"after {baseline} 18w ±1w",
        "end-of-treatment": "unscheduled",
        "safety-fu": "unscheduled",
        "survival-fu": "unscheduled",
    }
    assert imported.lost.unplanned == 6
    assert visits(imported)["week-18"].activities == ("imaging-ct-mri-per-recist-1-1",)
    of_text = {
        one.message.split("`")[1]: one for one in imported.remarks if "no mark" in one.message
    }
    assert of_text["If indicated"].origin.text == "F9"
    assert of_text["Every 2 cycles"].message.endswith("H17, F18, H18, H27")


def read(tmp_path: Path, text: str, **choices: object) -> dict[str, Visit]:
    path = tmp_path / "soa.csv"
    path.write_text(text, encoding="utf-8")
    return visits(planner.import_table(path, **choices))  # type: ignore[arg-type]


def test_rows_of_days_windows_and_epochs(tmp_path: Path) -> None:
    text = (
        "Phase,Screening,Treatment,Treatment\n"
        "Visit,V1,V2,V3\n"
        "Study Day,0,14,28\n"
        "Visit window (days),,±3,-1/+7\n"
        "Consent,X,,\n"
        "Vital signs,X,x,X\n"
        "* taken twice\n"
    )
    found = read(tmp_path, text)
    assert {key: rule(visit) for key, visit in found.items()} == {
        "v1": "anchor",
        "v2": "after v1 2w ±3d",
        "v3": "after v1 4w -1d/+7d",
    }
    assert found["v1"].activities == ("consent", "vital-signs")
    imported = planner.import_table(tmp_path / "soa.csv")
    assert [epoch.title for epoch in imported.protocol.epochs] == ["Screening", "Treatment"]
    assert [one.message for one in imported.remarks if one.kind == "left-out"] == [
        "neither an activity nor its visits: `* taken twice`"
    ]


def test_days_before_day_1_are_asked_for_in_a_matrix(tmp_path: Path) -> None:
    text = "Activity,Day -7,Day 1,Day 8\nScale,X,X,X\n"
    with pytest.raises(PlannerError, match="7 or 8 days apart"):
        read(tmp_path, text)
    assert rule(read(tmp_path, text, day_zero=False)["day-7"]) == "before day-1 1w None"


def test_marks_in_a_column_without_a_heading_are_told(tmp_path: Path) -> None:
    path = tmp_path / "soa.csv"
    path.write_text("Activity,Day 1,Day 8\nScale,X,X,X\n", encoding="utf-8")
    imported = planner.import_table(path)
    assert [one.origin.text for one in imported.remarks if one.kind == "mistake"] == ["D2"]


def test_a_window_that_counts_from_another_visit_is_refused(tmp_path: Path) -> None:
    text = "Visit,V1,V2\nStudy day,1,8\nWindow,anchor,1w after V1\nScale,X,X\n"
    with pytest.raises(PlannerError, match="counts from another visit"):
        read(tmp_path, text)
