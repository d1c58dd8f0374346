"""A user's script, and a script with mistakes, under the type checkers that users have."""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import planner

FOLDER = Path(__file__).parent
SCRIPT = FOLDER / "user_script.py"
MISTAKES = """\
import planner

timeline = planner.plan("mapp1", "2027-01-11")
planner.plan(5, "2027-01-11")
planner.plan("mapp1", "2027-01-11", sites="site.yaml")
timeline.visits[0].status == "plannned"
timeline.visits[0].kind == "dossing"
timeline.visits[0].mode == "telephone"
planner.plann("mapp1")
"""


def mypy(path: Path, folder: Path) -> set[int]:
    """The lines of which mypy says something."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-pretty", "--config-file", "",
         "--cache-dir", str(folder / "mypy"), str(path)],
        capture_output=True, text=True, cwd=FOLDER.parents[1],
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error: " in line}


def pyright(path: Path, folder: Path) -> set[int]:
    """The lines of which pyright, in the mode that editors use, says something."""
    (folder / "pyrightconfig.json").write_text(
        json.dumps({"typeCheckingMode": "standard", "reportUnnecessaryComparison": "error"})
    )
    done = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable,
         "--project", str(folder), str(path)],
        capture_output=True, text=True, cwd=FOLDER.parents[1],
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = json.loads(done.stdout)["generalDiagnostics"]
    return {one["range"]["start"]["line"] + 1 for one in found if one["severity"] == "error"}


Checker = Callable[[Path, Path], set[int]]
CHECKERS = pytest.mark.parametrize("checker", [mypy, pyright])


@CHECKERS
@pytest.mark.slow
def test_a_users_script_has_the_types_it_says(checker: Checker, tmp_path: Path) -> None:
    script = shutil.copy(SCRIPT, tmp_path / "script.py")
    assert checker(Path(script), tmp_path) == set()


@CHECKERS
@pytest.mark.slow
def test_mistakes_are_seen_where_they_are(checker: Checker, tmp_path: Path) -> None:
    script = tmp_path / "mistakes.py"
    script.write_text(MISTAKES, encoding="utf-8")
    assert checker(script, tmp_path) == {4, 5, 6, 7, 8, 9}


def test_the_script_uses_every_public_name() -> None:
    used = {
        node.attr
        for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "planner"
    }
    assert used == set(planner.__all__)
