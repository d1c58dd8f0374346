"""The trial design datasets, from Python."""

import json
from datetime import date
from pathlib import Path

import pytest

import planner

NAMES = {"ta.json", "ta.xpt", "te.json", "te.xpt", "tv.json", "tv.xpt"}


def test_a_design_is_written_into_a_folder(tmp_path: Path) -> None:
    design = planner.trial_design("mapp1", "2027-05-06")
    planner.write(design, tmp_path / "design")
    written = {path.name: path.read_bytes() for path in (tmp_path / "design").iterdir()}
    assert written == design.files
    assert written.keys() == NAMES
    for name in ("TV", "TA", "TE"):
        data = json.loads(design.files[f"{name.lower()}.json"])
        assert data["datasetJSONCreationDateTime"] == "2027-05-06T00:00:00Z"
        assert len(data["rows"]) == design.rows[name] > 0
    assert any("have no VISITDY" in note for note in design.notes)


def test_the_date_is_the_protocols_own_and_never_the_clock() -> None:
    protocol = planner.load("mapp1").protocol
    for own, stamp in ((date(2026, 3, 4), "2026-03-04"), (None, "2000-01-01")):
        dated = protocol.model_copy(update={"date": own})
        assert planner.trial_design(dated).files == planner.trial_design(dated, stamp).files


def test_a_file_is_no_folder_for_them(tmp_path: Path) -> None:
    (tmp_path / "design").write_bytes(b"")
    with pytest.raises(planner.PlannerError, match="design: is not a folder"):
        planner.write(planner.trial_design("mapp1"), tmp_path / "design")
