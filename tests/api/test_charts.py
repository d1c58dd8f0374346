"""Pictures of schedules, from Python."""

import sys
from pathlib import Path

import pytest
from small_protocol import HEAD

import planner

CONTRADICTION = """\
epochs:
  - id: treatment
    visits:
      - {id: start}
      - {id: first, after: {visit: start, within: 10d..12d}}
      - {id: second, after: [{visit: start, within: 1d..5d}, {visit: first, within: 1d..}]}
"""
UNTIED = """\
epochs:
  - id: treatment
    visits:
      - {id: start}
      - {id: lone}
"""


def protocol(tmp_path: Path, text: str) -> planner.ProtocolFile:
    path = tmp_path / "protocol.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return planner.load(path)


def test_a_picture_is_the_content_of_a_file_and_says_that_nothing_is_wrong(tmp_path: Path) -> None:
    picture = planner.chart("mapp1")
    assert picture.startswith(b"<svg")
    assert picture.trouble == ""
    planner.write(picture, tmp_path / "course.svg")
    assert (tmp_path / "course.svg").read_bytes() == picture


def test_a_network_says_that_its_rules_contradict_each_other(tmp_path: Path) -> None:
    picture = planner.chart(protocol(tmp_path, CONTRADICTION), "network")
    assert "These 3 rules contradict each other" in picture.trouble


def test_visits_without_a_tie_are_drawn_only_when_asked_for(tmp_path: Path) -> None:
    file = protocol(tmp_path, UNTIED)
    with pytest.raises(planner.PlannerError, match="lone"):
        planner.chart(file)
    with pytest.raises(planner.PlannerError, match="lone"):
        planner.chart_comparison([file])
    for picture in (
        planner.chart(file, anyway=True),
        planner.chart_comparison([file], anyway=True),
    ):
        assert picture.trouble == ""
        assert b"lone" in picture


def test_a_format_is_refused_before_a_protocol_is_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(planner.PlannerError, match=r"^output_format: `gif` is none of svg, png"):
        planner.chart("nowhere.yaml", output_format="gif")  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(planner.PlannerError, match="need vl-convert, which is not installed"):
        planner.chart_comparison(["nowhere.yaml"], output_format="png")
