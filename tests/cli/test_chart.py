"""`planner chart`: what is drawn, what is refused, and what the exit code says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("vl_convert")

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
COLLISION = str(ROOT / "examples" / "collision.yaml")
BERLIN = str(ROOT / "examples" / "site-everyday.yaml")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("suffix", "begins"),
    [
        ("svg", b"<svg"),
        ("png", b"\x89PNG"),
        ("pdf", b"%PDF"),
        ("html", b"<!DOCTYPE html>"),
        ("SVG", b"<svg"),
    ],
)
def test_the_suffix_says_the_format(
    planner: Planner, tmp_path: Path, suffix: str, begins: bytes
) -> None:
    path = tmp_path / f"course.{suffix}"
    assert planner("chart", "mdlsd", "-o", str(path)) == (0, "", "")
    assert path.read_bytes().startswith(begins)


def test_dates_a_day_and_a_network_are_drawn(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "chart.svg"
    dated = ("chart", "mapp1", "--start", "2027-01-11", "--site", BERLIN, "-o", str(path))
    assert planner(*dated).code == 0
    assert "Mon 11 Jan 2027" in path.read_text()
    assert planner(*dated, "--kind", "day", "--visit", "dosing-2").code == 0
    assert "Dosing session (2): the plan of the day" in path.read_text()
    assert planner("chart", "mapp1", "--kind", "network", "-o", str(path)).code == 0
    assert "3w (17d..25d) after V06 Dosing session (1)" in path.read_text()


def test_a_conflict_is_drawn_and_the_answer_is_no(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "network.svg"
    result = planner("chart", COLLISION, "--kind", "network", "-o", str(path))
    assert result.code == 1
    assert "These 6 rules contradict each other" in result.err
    assert "rules that contradict each other" in path.read_text()


def test_a_plan_that_does_not_exist_is_not_drawn(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "course.svg"
    result = planner("chart", COLLISION, "--start", "2027-01-11", "-o", str(path))
    assert result.code == 1
    assert "cannot be carried out" in result.err
    assert not path.exists()


def test_a_record_outside_its_windows_is_drawn_and_the_answer_is_no(
    planner: Planner, tmp_path: Path
) -> None:
    record = tmp_path / "P0007.csv"
    record.write_text(
        "visit,occurrence,status,start\n"
        "baseline,,occurred,2027-01-11\ndosing,1,occurred,2027-01-27T09:00\n"
    )
    path = tmp_path / "course.svg"
    arguments = ("chart", "mapp1", "--records", str(record), "-o", str(path))
    result = planner(*arguments, "--today", "2027-03-31")
    assert result.code == 1
    assert "no plan keeps all windows" in result.err
    assert "overdue" in path.read_text()


def test_compare_is_a_word_of_its_own_and_a_file_of_that_name_a_path(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "chart.svg"
    assert planner("chart", "compare", "mapp1", "comp001", "-o", str(path)).code == 0
    assert "The courses of 2 trials" in path.read_text()
    (tmp_path / "compare").mkdir()
    (tmp_path / "compare" / "compare.yaml").write_text(
        (ROOT / "protocols" / "mdlsd.yaml").read_text()
    )
    monkeypatch.chdir(tmp_path / "compare")
    assert planner("chart", "./compare.yaml", "-o", str(path)).code == 0
    assert "The courses of" not in path.read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mapp1", "-o", "x.gif"), "name a .svg, .png, .pdf or .html file"),
        (("mapp1", "-o", "svg"), "name a .svg"),
        (("mapp1", "mapp2", "-o", "x.svg"), "planner chart compare mapp1 mapp2"),
        (("compare", "-o", "x.svg"), "name the protocols to compare"),
        (("compare", "mapp1", "--arm", "placebo", "-o", "x.svg"), "--arm: has no effect"),
        (("mapp1", "--kind", "netwerk", "-o", "x.svg"), "did you mean `network`?"),
        (("mapp1", "--theme", "drak", "-o", "x.svg"), "did you mean `dark`?"),
        (("mapp1", "--visit", "dosing", "-o", "x.svg"), "has no effect without --kind day"),
        (("mapp1", "--site", "s.yaml", "-o", "x.svg"), "add --start DATE"),
        (("mapp1", "--start", "2027-01-11", "--today", "2027-02-01", "-o", "x.svg"), "--records"),
        (("mapp1", "--kind", "network", "--start", "2027-01-11", "-o", "x.svg"), "no dates"),
        (("mapp1", "--width", "100", "-o", "x.svg"), "320 to 2000 pixels"),
        (("mapp1", "--arm", "nobody", "-o", "x.svg"), "has no arm `nobody`"),
        (("mapp", "-o", "x.svg"), "mapp"),
        (("mapp1", "-o", "no/such/folder/x.svg"), "no such file or directory"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_one_line(
    planner: Planner,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = planner("chart", *arguments)
    assert result.code == 2
    assert message in result.err
    assert not list(tmp_path.iterdir())


def test_a_visit_without_a_run_sheet_is_no(planner: Planner, tmp_path: Path) -> None:
    path = str(tmp_path / "x.svg")
    result = planner("chart", "mapp1", "--kind", "day", "--visit", "baseline", "-o", path)
    assert result.code == 1
    assert "has no run sheet" in result.err


def test_a_schema_is_drawn_as_a_figure_of_a_paper(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "schema.svg"
    figure = ("--width-mm", "174", "--no-title", "--no-footer")
    result = planner("chart", "mapp1", "--kind", "schema", *figure, "-o", str(path))
    assert result == (0, "", "")
    drawn = path.read_text()
    assert 'width="174mm"' in drawn
    assert ">Placebo with identical therapy</text>" in drawn
    assert ">mapp1, version 1</text>" not in drawn


def test_a_schema_has_no_dates(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "schema.svg"
    dated = ("--kind", "schema", "--start", "2027-01-11")
    result = planner("chart", "mapp1", *dated, "-o", str(path))
    assert result.code == 2
    assert "--start: a schema has no dates" in result.err
    assert not path.exists()
