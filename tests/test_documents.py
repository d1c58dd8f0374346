"""Every command, example and link of every document: run, and as it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for folder in (".", "planner", "protocols", "examples", "tests", "tests/benchmarks")
    for path in sorted((ROOT / folder).glob("*.md"))
    if path.name != "CHANGELOG.md"
}
README = DOCUMENTS["README.md"]
every_document = pytest.mark.parametrize("name", DOCUMENTS)


def blocks(text: str, language: str) -> list[tuple[str, str]]:
    """(mark, text) of each code block; the mark is the comment line right above it, or empty."""
    pattern = rf"(?:<!-- (\w+) -->\n)?```{language}\n(.*?)```"
    return [(mark or "", block) for mark, block in re.findall(pattern, text, re.DOTALL)]


def planner_commands(text: str) -> list[tuple[str, int]]:
    """Each command with the exit code that its line's comment says, else 0."""
    commands = []
    for _, block in blocks(text, "sh"):
        for line in block.replace("\\\n", " ").split("\n"):
            for part in line.split("&&"):
                command, _, remark = part.strip().removeprefix(".venv/bin/").partition("#")
                if command.startswith("planner "):
                    code = re.search(r"exit code (\d)", remark)
                    commands.append((re.sub(r"\s+", " ", command), int(code[1]) if code else 0))
    return list(dict.fromkeys(commands))


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder like a fresh clone, where commands may write."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


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
@pytest.mark.parametrize("name", [name for name in DOCUMENTS if planner_commands(DOCUMENTS[name])])
def test_every_command_does_what_the_document_says(name: str, clone: Path) -> None:
    for command, expected in planner_commands(DOCUMENTS[name]):
        done = run(shlex.split(command)[1:], clone)
        assert done.returncode == expected, f"{command}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        for written in re.findall(r" -o (\S+)", command):
            assert (clone / written).exists(), f"{command}: no {written}"


def test_the_two_set_up_commands_are_there() -> None:
    marks = {mark: text for mark, text in blocks(README, "sh") if mark}
    assert set(marks) == {"main", "tests"}
    assert "pip install" in marks["main"]
    assert "pytest" in marks["tests"]


@every_document
def test_the_python_examples_run(name: str, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone)
    names: dict[str, object] = {}
    for _, text in blocks(DOCUMENTS[name], "python"):
        exec(compile(text, name, "exec"), names)


def test_the_yaml_example_is_of_the_format() -> None:
    from planner.protocol.visit import Visit
    from planner.protocol.yaml_reading import compose_yaml

    for _, text in blocks(README, "yaml"):
        data, _, problems = compose_yaml("README.md", text)
        assert not problems
        assert isinstance(data, list)
        for visit in data:
            Visit.model_validate(visit)


@every_document
def test_every_file_a_document_links_to_is_there(name: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", DOCUMENTS[name]):
        assert ((ROOT / name).parent / target).exists(), target


def test_the_table_of_figures_comes_from_the_benchmarks() -> None:
    table = (
        DOCUMENTS["tests/benchmarks/README.md"]
        .partition("<!-- figures -->")[2]
        .partition("<!-- /figures -->")[0]
    )
    rows = [line for line in table.strip().split("\n") if line.startswith("| ")]
    assert len(rows) > 8
    for word in ("planner --help", "networkx", "placement", "100,000 participants", "icalendar"):
        assert word in table
