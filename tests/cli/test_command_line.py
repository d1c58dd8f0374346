"""What holds for the command line as a whole: help, completion, versions, documents."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer import Context
from typer.main import get_command

from planner.cli import clock
from planner.cli.app import application

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
COMMANDS = sorted(get_command(application()).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(planner: Planner, command: str) -> None:
    result = planner(command, "--help")
    assert result.code == 0
    assert f"planner {command}" in result.out
    assert len(result.out.split("\n")[2].strip()) > 20


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_a_document(command: str) -> None:
    texts = [(ROOT / name).read_text() for name in ("README.md", "examples/README.md")]
    assert any(f"planner {command}" in text for text in texts)


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_help_names_all_commands(planner: Planner, arguments: tuple[str, ...]) -> None:
    result = planner(*arguments)
    for command in COMMANDS:
        assert f"  {command} " in result.out + result.err


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("planner val", "validate"),
        ("planner show psilodep-1", "psilodep-1"),
        ("planner export --sp", "--split"),
        ("planner timeline mapp1 --arm m", "mdma-at"),
        ("planner timeline mapp1 --with dosing-2 --without scr", "screening"),
        ("planner whatif mapp1 --move dosing-3", "dosing-3="),
        ("planner runsheet mapp1 dosing-2", "dosing-2"),
        ("planner chart mapp1 --visit dosing-1", "dosing-1"),
        ("planner chart mapp1 --kind sch", "schema"),
        ("planner chart mapp1 --theme d", "dark"),
        ("planner explain infeas", "infeasible"),
        ("planner rules --family blind", "blinding"),
        ("planner validate mapp1 --ignore blinding", "blinding"),
        ("planner validate mapp1 --format s", "sarif"),
        ("planner export mapp1 --format u", "usdm"),
        ("planner export mapp1 --level st", "staff"),
        ("planner export mapp1 --rendering ca", "caldav"),
        ("planner export mapp1 --split rol", "role"),
        ("planner handout mapp1 --language d", "de"),
        ("planner ical check x.ics --profile pub", "published"),
        ("planner import odm x.xml --targets ceil", "ceiling"),
        ("planner timeline mapp9 --arm m", None),
    ],
)
def test_the_shell_completes_commands_options_and_values(typed: str, completed: str | None) -> None:
    environment = {
        **os.environ,
        "_PLANNER_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", "from planner.cli import run; run()"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == [completed] * (completed is not None)
    assert done.stderr == ""


def test_the_version_names_what_a_bug_report_needs(planner: Planner) -> None:
    out = planner("--version").out
    for name in ("planner", "Python", "pydantic", "typer", "rich", "icalendar", "PyYAML", "tzdata",
                 "holidays", "time zones by tzdata 20"):  # fmt: skip
        assert name in out


def test_the_version_has_a_short_option(planner: Planner) -> None:
    assert planner("-V").out == planner("--version").out != ""


def test_a_page_of_summaries_is_that_of_the_whole_application(planner: Planner) -> None:
    shown = planner("--help").out.split()
    whole = get_command(application())
    context = Context(whole, info_name="planner", **whole.context_settings)
    assert sorted(shown) == sorted(whole.get_help(context).split())


@pytest.mark.parametrize("place", [0, 1, 6])
def test_quiet_leaves_out_remarks_and_keeps_warnings_and_errors(
    planner: Planner, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = str(ROOT / "examples" / "records")
    command = ["due", "--records", records, "--protocol", "mapp1", "--format=json"]
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 2, 2, 12, tzinfo=UTC))
    said = planner(*command)
    quiet = planner(*command[:place], "--quiet", *command[place:])
    assert "today is" in said.err
    assert (quiet.code, quiet.out, quiet.err) == (said.code, said.out, "")
    warned = planner("-q", "due", records, "--protocol", "mapp1")
    assert warned.err.startswith("warning: planner due: RECORDS is now written")
    assert len(warned.err.splitlines()) == 1
    assert planner("-q", "show", "mapp9").err.startswith("error: ")


@pytest.mark.parametrize("before", [True, False])
def test_colours_are_asked_for_before_or_after_the_command(
    planner: Planner, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    def listed(*options: str) -> str:
        return str(planner(*options, "list").out if before else planner("list", *options).out)

    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in listed()
    assert "\x1b[" in listed("--color", "always")
    assert "\x1b[" in listed("--color=always")
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in listed("--color", "auto")
    assert "\x1b[" not in listed("--color", "never")
    assert "\x1b[" in listed()


@pytest.mark.parametrize("options", [("--color", "blue"), ("--color=",), ("--color",)])
def test_another_choice_of_colours_is_refused(planner: Planner, options: tuple[str, ...]) -> None:
    result = planner("list", *options)
    assert result.code == 2
    assert "is none of auto, always, never" in result.err


def test_the_schema_is_json(planner: Planner) -> None:
    schema = json.loads(planner("schema").out)
    assert schema["$schema"].startswith("https://json-schema.org/")


def test_a_starter_validates_and_can_be_planned(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert planner("new", "my-study").code == 0
    checked = planner("validate", "my-study.yaml")
    assert checked.code == 0
    assert "feasible" in checked.out
    assert planner("timeline", "my-study.yaml", "--start", "2027-01-11").code == 0
    first = (tmp_path / "my-study.yaml").read_bytes()
    for output in ((), ("-o", "my-study.yaml")):
        again = planner("new", "my-study", *output)
        assert again.code == 2
        assert "already exists" in again.err
        assert (tmp_path / "my-study.yaml").read_bytes() == first
        assert planner("new", "my-study", *output, "--replace").code == 0
        assert (tmp_path / "my-study.yaml").read_bytes() != first
        (tmp_path / "my-study.yaml").write_bytes(first)


def test_two_new_protocols_have_two_identities(planner: Planner) -> None:
    starters = [planner("new", "my-study", "-o", "-").out.splitlines() for _ in range(2)]
    assert [one == other for one, other in zip(*starters, strict=True)].count(False) == 1


def test_the_library_is_listed_and_shown_with_its_sources(planner: Planner) -> None:
    listed = planner("list").out
    for protocol_id in ("mapp1", "psilodep-1", "mdlsd"):
        assert protocol_id in listed
    shown = planner("show", "mapp1").out
    for word in ("NCT03537014", "10.1038/s41591-021-01336-3", "assumed", "2024-08-09", "Sources"):
        assert word in shown


def test_what_a_file_holds_cannot_drive_the_terminal(planner: Planner, tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text('title: "\\e[2J[bold red]x[/]"\n')
    result = planner("validate", str(path))
    assert result.code == 2
    assert "\x1b" not in result.out


def test_markup_in_a_title_is_shown_as_written(planner: Planner, tmp_path: Path) -> None:
    text = (ROOT / "protocols" / "psilodep-1.yaml").read_text()
    path = tmp_path / "x.yaml"
    path.write_text(text.replace("title: Screening", 'title: "[bold]x[/bold]"'))
    assert "[bold]x[/bold]" in planner("timeline", str(path), "--start", "2027-01-12").out


def test_a_protocol_is_read_from_standard_input() -> None:
    text = (ROOT / "protocols" / "mapp1.yaml").read_text()
    done = subprocess.run(
        [sys.executable, "-c", "from planner.cli import run; run()", "validate", "-"],
        input=text,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "feasible" in done.stdout


@pytest.mark.parametrize("output", ["text", "json", "sarif", "github"])
def test_findings_come_in_every_format_with_the_same_exit_code(
    planner: Planner, output: str
) -> None:
    path = str(ROOT / "examples" / "collision.yaml")
    result = planner("validate", path, "--format", output)
    assert result.code == 1
    assert "infeasible" in result.out
    if output in ("json", "sarif"):
        json.loads(result.out)


def test_checks_can_be_selected_and_ignored(planner: Planner) -> None:
    path = str(ROOT / "examples" / "collision.yaml")
    assert planner("validate", path, "--ignore", "infeasible").code == 0
    assert planner("validate", path, "--ignore", "time").code == 0
    assert planner("validate", path, "--select", "structure,scope").code == 0
    assert planner("validate", path, "--select", "infeasible").code == 1


def test_a_terminal_without_the_letters_shows_their_codes(tmp_path: Path) -> None:
    text = (ROOT / "protocols" / "psilodep-1.yaml").read_text()
    path = tmp_path / "x.yaml"
    path.write_text(text.replace("title: Screening", 'title: "Dépistage"'), encoding="utf-8")
    command = [sys.executable, "-c", "from planner.cli import run; run()", "timeline", str(path)]
    done = subprocess.run(
        [*command, "--start", "2027-01-12"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "D\\xe9pistage" in done.stdout


def test_an_application_of_one_command_is_the_same_command() -> None:
    whole = get_command(application())
    for name in COMMANDS:
        alone = get_command(application(name))
        assert list(alone.commands) == [name]  # type: ignore[attr-defined]
        wanted = whole.commands[name]  # type: ignore[attr-defined]
        found = alone.commands[name]  # type: ignore[attr-defined]
        assert [one.name for one in found.params] == [one.name for one in wanted.params]
