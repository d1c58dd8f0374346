"""What notebooks show: tables and charts, escaped, and of a blinded study no arm."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import planner
from planner.notice import NOTICE

EXAMPLES = Path(__file__).parents[2] / "examples"
HOSTILE = "<script>alert(1)</script>&"


def pieces(html: str) -> ET.Element:
    """A piece of HTML as a tree: it is closed, and nothing in it is read as something else."""
    return ET.fromstring(f"<body>{re.sub('&nbsp;', ' ', html)}</body>")


def hostile(tmp_path: Path) -> planner.ProtocolFile:
    path = tmp_path / "hostile.yaml"
    text = (EXAMPLES / "collision.yaml").read_text(encoding="utf-8")
    path.write_text(re.sub("(?m)^title: .*$", f"title: '{HOSTILE}'", text), encoding="utf-8")
    return planner.load(path)


def test_a_grid_is_a_table() -> None:
    grid = planner.activities("mapp1")
    table = pieces(str(grid._repr_html_())).find(".//table")
    assert table is not None
    assert len(table.findall(".//tbody/tr")) == len(grid.lines)


def test_a_timeline_is_a_table_with_a_line_for_each_visit() -> None:
    timeline = planner.plan("mapp1", "2027-01-11")
    html = str(timeline._repr_html_())
    assert len(pieces(html).findall(".//tbody/tr")) == len(timeline.visits)
    assert "2027-01-11" in html
    assert NOTICE in html


def test_a_timeline_is_a_chart_of_its_dates() -> None:
    timeline = planner.plan("mapp1", "2027-01-11")
    svg = str(timeline._repr_svg_())
    assert ET.fromstring(svg).tag.endswith("svg")
    for visit in timeline.visits:
        assert visit.title in svg
    assert "2027" in svg
    assert NOTICE in svg


def test_findings_are_a_table_and_still_a_list() -> None:
    findings = planner.check(EXAMPLES / "collision.yaml")
    assert isinstance(findings, list)
    assert len(pieces(str(findings._repr_html_())).findall(".//tbody/tr")) == len(findings) > 0
    none = planner.check("mapp1", select=["unknown-id"])
    assert "No findings" in str(none._repr_html_())


def test_a_protocol_is_its_schedule_and_its_chart() -> None:
    file = planner.load("mapp1")
    assert pieces(str(file._repr_html_())).find(".//table") is not None
    assert ET.fromstring(str(file._repr_svg_())).tag.endswith("svg")
    assert str(file._repr_svg_()).encode() == planner.chart(file)


def test_text_of_a_file_is_escaped(tmp_path: Path) -> None:
    file = hostile(tmp_path)
    shown = [file._repr_html_(), file._repr_svg_(), planner.check(file)._repr_html_()]
    assert any("&lt;script&gt;" in str(one) for one in shown)
    for one in shown:
        assert "<script" not in str(one)


def blinded(tmp_path: Path, second_arm: str) -> Path:
    path = tmp_path / "blinded.yaml"
    path.write_text(
        f"""\
format: 1
id: small
title: Small
version: "1"
status: illustrative
design: [double-blind, parallel]
anchor: start
sources: {{d: {{kind: general-knowledge, title: Made up, read: secondary}}}}
source: d
grade: assumed
arms: [{{id: arm-verum}}, {{id: arm-placebo}}]
epochs:
  - id: treatment
    visits:
      - {{id: start}}
      - {{id: week-2, after: {{visit: start, target: 2w, within: ±1d}}{second_arm}}}
""",
        encoding="utf-8",
    )
    return path


def test_a_blinded_study_whose_arms_differ_shows_none_of_them(tmp_path: Path) -> None:
    file = planner.load(blinded(tmp_path, ", arms: [arm-verum]"))
    html = str(file._repr_html_())
    assert "blinded" in html
    assert "arm-verum" not in html
    assert "week-2" not in html
    assert file._repr_svg_() is None


@pytest.mark.parametrize("arm", ["arm-verum", "arm-placebo"])
def test_nothing_that_is_shown_of_a_plan_tells_its_arm(tmp_path: Path, arm: str) -> None:
    path = blinded(tmp_path, "")
    timeline = planner.plan(path, "2027-01-11", arm=arm)
    assert "Small" in str(timeline._repr_svg_())
    for shown in (
        timeline._repr_html_(),
        timeline._repr_svg_(),
        repr(timeline),
        planner.load(path)._repr_html_(),
    ):
        assert arm not in str(shown)


def test_a_grid_that_nobody_asked_the_public_functions_for_shows_its_repr() -> None:
    code = "from planner.views.tables.grid import Grid\nprint(Grid('t', (), (), ())._repr_html_())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "None"
