"""Every command and every figure of the README: run, and as it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[tuple[str, str]]:
    """(mark, text) of each code block; the mark is the comment line right above it, or empty."""
    pattern = rf"(?:<!-- (\w+) -->\n)?```{language}\n(.*?)```"
    return [(mark or "", text) for mark, text in re.findall(pattern, README, re.DOTALL)]


def planner_commands() -> list[tuple[str, int]]:
    """Each command with the exit code that its line's comment says, else 0."""
    found = []
    for _, text in blocks("sh"):
        for line in text.replace("\\\n", " ").split("\n"):
            for part in line.split("&&"):
                command, _, remark = part.strip().removeprefix(".venv/bin/").partition("#")
                if command.startswith("planner "):
                    code = re.search(r"exit code (\d)", remark)
                    found.append((re.sub(r"\s+", " ", command), int(code[1]) if code else 0))
    return list(dict.fromkeys(found))


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like a fresh clone, where commands may write."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / "examples").symlink_to(ROOT / "examples")
    return folder


def run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from planner.cli import main; main()", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_every_command_does_what_the_readme_says(clone: Path) -> None:
    commands = planner_commands()
    assert len(commands) >= 15
    for command, expected in commands:
        done = run(shlex.split(command)[1:], clone)
        assert done.returncode == expected, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
    for written in ("my-study.yaml", "p0001.ics", "mdlsd.ics", "all.ics", "calendars"):
        assert (clone / written).exists(), f"no {written}"


def test_the_two_set_up_commands_are_there() -> None:
    marks = {mark: text for mark, text in blocks("sh") if mark}
    assert set(marks) == {"main", "tests"}
    assert "pip install" in marks["main"]
    assert "pytest" in marks["tests"]


def test_the_python_example_runs(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone)
    for _, text in blocks("python"):
        exec(compile(text, "README.md", "exec"), {})
    assert (clone / "p0001.ics").stat().st_size > 1000


def test_the_yaml_example_is_of_the_format() -> None:
    from planner.protocol.visit import Visit
    from planner.protocol.yaml_reading import compose_yaml

    for _, text in blocks("yaml"):
        data, _, problems = compose_yaml("README.md", text)
        assert not problems
        assert isinstance(data, list)
        for visit in data:
            Visit.model_validate(visit)


def test_every_file_the_readme_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_table_of_figures_comes_from_the_benchmarks() -> None:
    table = README.partition("<!-- figures -->")[2].partition("<!-- /figures -->")[0]
    rows = [line for line in table.strip().split("\n") if line.startswith("| ")]
    assert len(rows) > 8
    for word in ("planner --help", "networkx", "placement", "100,000 participants", "icalendar"):
        assert word in table
