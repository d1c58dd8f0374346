"""A command parses, calls and prints: what it thinks about stands in `planner.api`."""

import ast
from pathlib import Path

import pytest

CLI = Path(__file__).parents[2] / "planner" / "cli"
ALLOWED = {"api", "brevity", "cli", "errors", "text"}
"""The parts of the package that a file of the command line may import."""


def parts(path: Path) -> set[str]:
    """The parts of the package that a file imports, anywhere in it."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        imported |= {name.split(".")[1] for name in names if name.startswith("planner.")}
    return imported


@pytest.mark.parametrize("path", sorted(CLI.glob("*.py")), ids=lambda path: path.name)
def test_a_command_imports_the_public_functions_and_nothing_below_them(path: Path) -> None:
    more = parts(path) - ALLOWED
    assert not more, f"{path.name} imports {', '.join(sorted(more))}"
