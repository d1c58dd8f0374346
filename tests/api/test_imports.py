"""Studies of other standards as protocol files, from Python."""

import io
import sys
from pathlib import Path

import pytest

import planner

ROOT = Path(__file__).parents[2]
ODM = ROOT / "examples" / "two-visits.xml"


@pytest.fixture
def usdm(tmp_path: Path) -> Path:
    """A study that the project itself has written."""
    path = tmp_path / "mapp1.json"
    planner.write(planner.load("mapp1"), path)
    return path


def test_a_usdm_study_becomes_a_protocol_file(usdm: Path, tmp_path: Path) -> None:
    study = planner.import_usdm(usdm)
    assert study.protocol == planner.load("mapp1").protocol
    assert (study.remarks, study.lost.visits) == ((), 0)
    planner.write(study, tmp_path / "mapp1.yaml")
    assert (tmp_path / "mapp1.yaml").read_text(encoding="utf-8") == study.text
    assert planner.load(tmp_path / "mapp1.yaml").protocol == study.protocol


def test_an_odm_study_says_what_it_lost_with_the_place() -> None:
    study = planner.import_odm(ODM)
    assert study.protocol == planner.load(ODM).protocol
    left_out = [remark for remark in study.remarks if remark.kind == "left-out"]
    assert len(left_out) == 2
    *lines, summary = planner.render(study, "text").split("\n")
    for remark, line in zip(study.remarks, lines, strict=True):
        place = remark.origin.position
        assert line.startswith(f"{ODM}:{place.line}:{place.column}: {remark.kind}: ")
        assert remark.origin.text in line
    assert summary.startswith("3 visits, 2 rules; 2 unsupported items left out;")
    for remark in left_out:
        assert " ".join(remark.message.split()) in " ".join(study.text.replace("# ", "").split())


def test_the_readings_are_chosen_by_argument() -> None:
    assert "within: 0d..4w" in planner.import_odm(ODM, targets="ceiling").text
    with pytest.raises(planner.PlannerError, match=r"^targets: `exat` is none .* mean `exact`\?"):
        planner.import_odm(ODM, targets="exat")  # type: ignore[arg-type]
    with pytest.raises(planner.PlannerError, match=r"there is no workflow `WF\.X`"):
        planner.import_odm(ODM, workflow="WF.X")


def test_what_a_study_does_not_have_is_no_choice(usdm: Path) -> None:
    with pytest.raises(planner.PlannerError, match="there is no design 2"):
        planner.import_usdm(usdm, design=2)
    with pytest.raises(planner.PlannerError, match=r"^targets: `ceiling` is none of"):
        planner.import_usdm(usdm, targets="ceiling")  # type: ignore[arg-type]


def test_standard_input_is_called_so(usdm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(usdm.read_bytes()), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stream)
    assert planner.import_usdm("-").text.startswith(
        "# Made by `planner import usdm` from standard input."
    )


def test_an_import_is_drawn_as_text_or_yaml() -> None:
    with pytest.raises(planner.PlannerError, match="`csv` is none of yaml, text"):
        planner.render(planner.import_odm(ODM), "csv")
