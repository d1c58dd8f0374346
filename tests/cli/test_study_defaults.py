"""`planner.toml`: what commands take from it, what they say of it, and what overrides it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from planner.cli.app import application
from planner.cli.study_defaults import _PARAMETERS, _UNLESS

Planner = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"
DEFAULTS = """\
protocols = "mapp1"
site = "site.yaml"
records = "records"
level = "busy"

[files]
calendar = "visits.ics"
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a study's defaults, which is the working folder."""
    monkeypatch.delenv("PLANNER_CONFIG")
    monkeypatch.chdir(tmp_path)
    shutil.copy(EXAMPLES / "site-everyday.yaml", tmp_path / "site.yaml")
    shutil.copytree(EXAMPLES / "records", tmp_path / "records")
    (tmp_path / "planner.toml").write_text(DEFAULTS)
    return tmp_path


def test_every_parameter_that_has_a_default_is_one_of_its_command() -> None:
    commands = get_command(application()).commands  # type: ignore[attr-defined]
    for command, parameters in _PARAMETERS.items():
        names = {param.name for param in commands[command].params}
        assert parameters.keys() <= names, command
    for (command, parameter), others in _UNLESS.items():
        assert parameter in _PARAMETERS[command]
        assert others <= {param.name for param in commands[command].params}


def test_a_command_takes_what_it_is_not_given_and_says_so_in_one_line(
    planner: Planner, study: Path
) -> None:
    result = planner("timeline", "--start", "2027-01-11")
    assert result.code == 0
    assert result.err == "planner.toml: PROTOCOL mapp1, --site site.yaml\n"
    given = planner(
        "timeline", "mapp1", "--start", "2027-01-11", "--site", str(study / "site.yaml")
    )
    assert given.out == result.out
    assert given.err == ""


def test_it_holds_in_folders_below_and_for_folders_of_records(
    planner: Planner, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (study / "below").mkdir()
    monkeypatch.chdir(study / "below")
    result = planner("due", "--today", "2027-02-01", "--format", "json")
    assert "dosing-1" in result.out
    assert "../records" in result.err
    assert len(result.err.splitlines()) == 1


def test_options_and_arguments_come_first(planner: Planner, study: Path) -> None:
    result = planner("timeline", "psilodep-1", "--start", "2027-01-11")
    assert "psilodep-1" in result.out
    assert result.err == "planner.toml: --site site.yaml\n"


def test_one_participant_is_not_exported_with_the_records_of_everybody(
    planner: Planner, study: Path
) -> None:
    alone = planner("export", "--start", "2027-01-11", "--participant", "P0009")
    assert alone.code == 0
    assert "--records" not in alone.err
    text = (study / "visits.ics").read_text()
    assert "Study visit" in text
    assert "P0009" not in text
    design = planner("export", "--format", "usdm")
    assert design.code == 0
    assert design.err == "planner.toml: PROTOCOL mapp1\n"
    assert "usdmVersion" in design.out


@pytest.mark.parametrize("where", ["option", "variable", "empty option", "empty variable"])
def test_another_file_or_none_can_be_named(
    planner: Planner, study: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (study / "other.toml").write_text('protocols = "psilodep-1"\n')
    named = "" if "empty" in where else "other.toml"
    arguments = ("--config", named) if "option" in where else ()
    if "variable" in where:
        monkeypatch.setenv("PLANNER_CONFIG", named)
    result = planner("show", *arguments)
    assert result.code == (0 if named else 2)
    said = "other.toml: PROTOCOL psilodep-1\n" if named else "PROTOCOL"
    assert said in result.err
    assert "mapp1" not in result.err


def test_of_several_protocols_one_has_to_be_named(planner: Planner, study: Path) -> None:
    (study / "planner.toml").write_text('protocols = ["mapp1", "psilodep-1"]\n')
    result = planner("show")
    assert result.code == 2
    assert "planner.toml:1:13: `protocols` names 2 (mapp1, psilodep-1), and" in result.err
    assert result.err.rstrip().endswith("name it: planner show mapp1")
    assert planner("show", "psilodep-1").code == 0
    checked = planner("validate", "--format", "json")
    assert len(json.loads(checked.out)["files"]) == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('language = "xx"', "planner.toml:1:12: `language`: a language of de, en, es, fr is"),
        ('language = "de-at"', "planner.toml:1:12: `language`: a language of de, en, es, fr is"),
        ('site = "study.yaml"', "planner.toml:1:8: `site`: `study.yaml` is a protocol, not a site"),
    ],
)
def test_a_default_that_no_command_can_use_is_refused_with_its_place(
    planner: Planner, study: Path, line: str, message: str
) -> None:
    shutil.copy(EXAMPLES / "two-sessions.yaml", study / "study.yaml")
    (study / "planner.toml").write_text(line + "\n")
    result = planner("show", "mapp1")
    assert planner("show").code == 2
    checked = planner("validate", "planner.toml")
    assert checked.code == 2
    assert message.replace(": `", ": error[format] `", 1) in checked.out
    assert message in planner("show").err
    assert result.code == 0


def test_a_broken_file_stops_the_command_and_no_page_of_help(planner: Planner, study: Path) -> None:
    (study / "planner.toml").write_text("sites = 1\n")
    result = planner("show")
    assert result.code == 2
    assert "planner.toml:1:1: unknown key `sites` (did you mean `site`?)" in result.err
    assert planner("show", "--help").code == 0
    assert planner("list").code == 0


def test_config_shows_what_holds_and_why(planner: Planner, study: Path) -> None:
    shown = planner("config")
    assert shown.code == 0
    assert shown.out.startswith("planner.toml: found from this folder upwards\n")
    rows = {line.split()[0]: line.split() for line in shown.out.splitlines()[3:]}
    assert rows["site"][1:3] == ["site.yaml", "planner.toml:2"]
    assert rows["files.calendar"][1:3] == ["visits.ics", "planner.toml:7"]
    assert rows["language"][1:3] == ["en", "default"]
    data = json.loads(planner("config", "--format", "json").out)
    assert data["file"] == "planner.toml"
    assert {one["key"]: one["line"] for one in data["settings"]}["level"] == 4
    assert json.loads(planner("config", "--config", "", "--format", "json").out)["file"] is None
