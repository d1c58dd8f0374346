"""`planner export --format usdm` and `sdtm`, and what they refuse."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Planner = Callable[..., Any]
FILES = {"ta.json", "ta.xpt", "te.json", "te.xpt", "tv.json", "tv.xpt"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_design_is_six_files_and_what_to_know_of_them_is_told(
    planner: Planner, tmp_path: Path
) -> None:
    result = planner("export", "mapp1", "--format", "sdtm", "-o", str(tmp_path / "design"))
    assert (result.code, result.out) == (0, "")
    assert set(contents(tmp_path / "design")) == FILES
    assert "wrote 6 files" in result.err
    assert "5 visits have no VISITDY" in result.err
    assert "Research and education only" in result.err
    assert "Research and education only" in (tmp_path / "design" / "tv.json").read_text()


def test_the_date_is_the_versions_or_the_one_given_and_never_the_clock(
    planner: Planner, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        planner("export", "mapp1", "--format", "sdtm", "-o", str(tmp_path / name))
        time.sleep(1.05 - time.time() % 1)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")
    planner(
        "export", "mapp1", "--format", "sdtm", "--stamp", "2027-05-06", "-o", str(tmp_path / "c")
    )
    data = json.loads((tmp_path / "c" / "tv.json").read_text())
    assert data["datasetJSONCreationDateTime"] == "2027-05-06T00:00:00Z"
    assert b"06MAY27:00:00:00" in (tmp_path / "c" / "tv.xpt").read_bytes()


def test_datasets_are_replaced_and_other_files_of_the_folder_stay(
    planner: Planner, tmp_path: Path
) -> None:
    (tmp_path / "tv.json").write_text("old")
    (tmp_path / "sv.json").write_text("mine")
    assert planner("export", "mdlsd", "--format", "sdtm", "-o", str(tmp_path)).code == 0
    assert json.loads((tmp_path / "tv.json").read_text())["name"] == "TV"
    assert (tmp_path / "sv.json").read_text() == "mine"
    assert set(contents(tmp_path)) == FILES | {"sv.json"}


def test_where_one_file_cannot_be_written_none_is(planner: Planner, tmp_path: Path) -> None:
    (tmp_path / "te.xpt").mkdir()
    result = planner("export", "mapp1", "--format", "sdtm", "-o", str(tmp_path))
    assert result.code == 2
    assert "te.xpt: is a directory" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["te.xpt"]


@pytest.mark.parametrize("output", ["tv.json", "tv.xpt", "design.xml"])
def test_several_files_need_a_folder(planner: Planner, tmp_path: Path, output: str) -> None:
    result = planner("export", "mapp1", "--format", "sdtm", "-o", str(tmp_path / output))
    assert result.code == 2
    assert "name a folder" in result.err
    assert not list(tmp_path.iterdir())
    result = planner("export", "mapp1", "--format", "sdtm")
    assert result.code == 2
    assert "name a folder with -o" in result.err


def test_a_file_in_place_of_the_folder_is_left_alone(planner: Planner, tmp_path: Path) -> None:
    place = tmp_path / "design"
    place.write_text("mine")
    result = planner("export", "mapp1", "--format", "sdtm", "-o", str(place))
    assert (result.code, place.read_text()) == (2, "mine")
    assert "is not a folder" in result.err


@pytest.mark.parametrize("wanted", ["usdm", "sdtm"])
def test_options_of_calendars_are_refused_in_one_message(
    planner: Planner, tmp_path: Path, wanted: str
) -> None:
    place = str(tmp_path / "out")
    options = ("--start", "2027-01-11", "--site", "s.yaml", "--level", "coded", "--no-tracks",
               "--participants", "c.csv", "--records", "r", "--verify")  # fmt: skip
    result = planner("export", "mapp1", "--format", wanted, "-o", place, *options)
    assert result.code == 2
    for option in options:
        if option.startswith("--"):
            assert option in result.err
    assert f"--format {wanted}" in result.err
    assert len(result.err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_usdm_has_no_date_to_be_given(planner: Planner) -> None:
    result = planner("export", "mapp1", "--format", "usdm", "--stamp", "2027-01-11")
    assert result.code == 2
    assert "--stamp" in result.err


@pytest.mark.parametrize(
    ("name", "wanted"), [("study.json", "--format usdm"), ("tv.xpt", "--format sdtm")]
)
def test_a_suffix_of_another_format_names_the_option(
    planner: Planner, tmp_path: Path, name: str, wanted: str
) -> None:
    result = planner("export", "mapp1", "--start", "2027-01-11", "-o", str(tmp_path / name))
    assert result.code == 2
    assert wanted in result.err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", [".csv", ".png", ".xlsx", ".pdf"])
@pytest.mark.parametrize("asked", [(), ("--format", "ical")])
def test_a_suffix_of_no_calendar_is_refused_for_what_was_asked(
    planner: Planner, tmp_path: Path, suffix: str, asked: tuple[str, ...]
) -> None:
    place = str(tmp_path / f"p{suffix}")
    result = planner("export", "mapp1", "--start", "2027-01-11", "-o", place, *asked)
    assert (result.code, list(tmp_path.iterdir())) == (2, [])
    assert ("--format says ical" in result.err) == bool(asked)
    assert (f"this command writes no {suffix} file" in result.err) != bool(asked)
    assert "name a .ics file" in result.err


@pytest.mark.parametrize(("typed", "meant"), [("sdt", "sdtm"), ("usmd", "usdm"), ("icla", "ical")])
def test_an_unknown_format_is_told_with_the_nearest_one(
    planner: Planner, typed: str, meant: str
) -> None:
    result = planner("export", "mapp1", "--format", typed)
    assert result.code == 2
    assert f"did you mean `{meant}`" in result.err


@pytest.mark.parametrize("name", ["p.ics", "p.ical", "p.ICS"])
def test_a_calendars_suffix_means_a_calendar(planner: Planner, tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    result = planner("export", "mdlsd", "--start", "2027-01-11", "--no-state", "-o", str(place))
    assert result.code == 0, result.err
    assert place.read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_calendar_without_a_participant_is_still_refused(planner: Planner) -> None:
    result = planner("export", "mapp1")
    assert result.code == 2
    assert "give --start" in result.err


def test_usdm_is_one_json_file_or_stdout(planner: Planner, tmp_path: Path) -> None:
    place = tmp_path / "study.json"
    result = planner("export", "mapp1", "--format", "usdm", "-o", str(place))
    assert result.code == 0, result.err
    assert "study" in json.loads(place.read_text(encoding="utf-8"))
    shown = planner("export", "mapp1", "--format", "usdm")
    assert shown.out == place.read_text(encoding="utf-8")


def test_the_help_says_that_the_design_shows_its_arms(planner: Planner) -> None:
    result = planner("export", "--help")
    assert result.code == 0
    assert "shows how the arms differ" in " ".join(result.out.split())
