"""Every help page: whole sentences at any width, words instead of types, examples that run."""

import re
import shlex
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from planner.cli.app import PANELS, application
from planner.cli.examples import EXAMPLES, examples_of

Planner = Callable[..., Any]
ROOT = Path(__file__).parents[2]
ANSWERS_NO = ("diff", "deviations", "amend", "ical diff", "validate examples/collision.yaml")
"""What the examples begin with that end with exit code 1: the answer is no."""


def pages(group: Any = None, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every command and group below `planner`, by its path."""
    for name, command in (group or get_command(application())).commands.items():
        yield f"{path} {name}".strip(), command
        if hasattr(command, "commands"):
            yield from pages(command, f"{path} {name}".strip())


PAGES = dict(pages())
every_page = pytest.mark.parametrize("path", PAGES)
every_width = pytest.mark.parametrize("width", [60, 80, 120])


def page(planner: Planner, path: str, width: int, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", str(width))
    result = planner(*path.split(), "--help")
    assert result.code == 0
    return str(result.out)


@every_width
def test_no_summary_is_cut(planner: Planner, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    for group in ("", "import", "ical"):
        text = page(planner, group, width, monkeypatch)
        assert max(map(len, text.partition("to begin with")[0].splitlines())) <= width or group
        joined = re.sub(r"\s+", " ", text)
        for path, command in PAGES.items():
            if path.rpartition(" ")[0] == group:
                summary = re.sub(r"\s+", " ", command.help.partition("\n\n")[0])
                assert summary in joined
                assert "..." not in summary


@every_width
@every_page
def test_a_page_fits_its_width_and_shows_words_and_examples(
    planner: Planner, monkeypatch: pytest.MonkeyPatch, path: str, width: int
) -> None:
    text, _, examples = page(planner, path, width, monkeypatch).partition("\nExamples:\n")
    assert max(map(len, text.splitlines())) <= width
    assert not re.search(r"<\w+|\bTEXT\b.*\bINTEGER\b", text)
    assert [line.strip() for line in examples.splitlines()] == examples_of(path) != []


@every_page
def test_a_summary_is_one_sentence_that_begins_with_a_verb(path: str) -> None:
    summary = " ".join(PAGES[path].help.partition("\n\n")[0].split())
    assert summary.endswith(".")
    assert ". " not in summary
    verbs = (
        "Check", "Clear", "Compare", "Count", "Draw", "Explain", "Export", "Import", "Keep", "List",
        "Print", "Schedule", "Show", "Sum up", "Write",
    )  # fmt: skip
    assert summary.startswith(tuple(f"{verb} " for verb in verbs))


@every_page
def test_options_and_arguments_are_called_by_words(path: str) -> None:
    for parameter in PAGES[path].params:
        if not getattr(parameter, "is_flag", False):
            assert parameter.metavar, parameter.name
            assert parameter.help, parameter.name


def test_an_option_means_the_same_in_all_commands() -> None:
    values: dict[str, set[str]] = {}
    for command in PAGES.values():
        for parameter in command.params:
            for option in parameter.opts:
                values.setdefault(option, set()).add(parameter.metavar)
    assert values["--start"] == {"DATE"}
    assert values["--without"] == {"VISIT"}
    assert values["--away"] == {"DATE..DATE"}
    several = {option: words for option, words in values.items() if len(words) > 1}
    several = {option: words for option, words in several.items() if option.startswith("-")}
    assert several == {
        "-o": {"FILE", "FOLDER"},
        "--output": {"FILE", "FOLDER"},
        "--records": {"RECORD", "RECORDS", "FILE"},  # of the command new: the sheet to write
        "--at": {"VISIT=DATE", "HH:MM"},  # a visit on a date, or the visit of a run sheet at a time
        "--site": {"FILE", None},  # of the command new: write such a file
        "--config": {"FILE", None},
        "--from": {"DATE", "PROTOCOL"},  # since a date, or a new protocol after a published one
    }


def test_the_panels_are_shown_in_their_order(planner: Planner) -> None:
    text = planner("--help").out
    places = [text.index(f"\n{panel}:\n") for panel in PANELS]
    assert places == sorted(places)
    assert [text.index(line) for line in examples_of("")] > places


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the examples find what they read."""
    place = tmp_path_factory.mktemp("study")
    (place / "examples").symlink_to(ROOT / "examples")
    return place


@pytest.mark.slow
def test_every_example_runs(
    planner: Planner, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr("planner.cli.clock.now", lambda: datetime(2027, 2, 2, 12, tzinfo=UTC))
    assert planner("export", "mapp1", "--start", "2027-01-18", "-o", "moved.ics").code == 0
    made_first = ("planner export", "planner new")
    lines = dict.fromkeys([*examples_of(""), *EXAMPLES.strip().splitlines()])
    for line in sorted(lines, key=lambda line: not line.startswith(made_first)):
        result = planner(*shlex.split(line)[1:])
        says_no = line.startswith(tuple(f"planner {begin} " for begin in ANSWERS_NO))
        assert result.code == int(says_no), f"{line}\n{result.err}"
        for written in re.findall(r" -o (\S+)", line):
            assert (folder / written).exists(), line
