"""Messages write arguments as the caller does: in Python's words, or as options of a command."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Planner

from planner.cli.option_spelling import OptionSpelling
from planner.errors import Spelling, argument, spelled


def test_arguments_are_written_as_in_python_unless_somebody_says_otherwise() -> None:
    assert argument("start") == "start"
    assert argument("start", "DATE") == "start=DATE"
    assert argument("replace", True) == "replace=True"


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("start", None, "--start"),
        ("start", "DATE", "--start DATE"),
        ("key_file", None, "--key-file"),
        ("output", None, "-o"),
        ("messages", None, "--itip"),
        ("replace", True, "--replace"),
        ("keep_state", False, "--no-state"),
    ],
)
def test_the_command_line_writes_options(name: str, value: str | bool | None, text: str) -> None:
    with spelled(OptionSpelling()):
        assert argument(name, value) == text


def test_a_spelling_ends_with_what_it_was_for_also_after_an_error() -> None:
    with spelled(OptionSpelling()):
        with pytest.raises(ValueError, match="no"), spelled(Spelling()):
            raise ValueError(argument("no"))
        assert argument("no") == "--no"
    assert argument("no") == "no"


PLANNER = Path(__file__).parents[1] / "planner"
OPTION = re.compile(r"(?<![-\w(])--[a-z]")
"""How an option begins; `var(--ink)` is a style sheet's."""


OTHERWISE = {"html.py", "configuration.py"}
"""A style sheet, and what shows the defaults of the command line."""


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file but for what describes its code, with their lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    described = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in described:
            yield node.lineno, str(node.value)


def test_no_text_below_the_command_line_names_an_option() -> None:
    named = [
        f"{path.relative_to(PLANNER)}:{line}: {text}"
        for path in sorted(PLANNER.rglob("*.py"))
        if path.parent.name not in ("cli", "config") and path.name not in OTHERWISE
        if "starter" not in path.name  # what `planner new` writes tells what to run next
        for line, text in texts(path)
        if OPTION.search(text)
    ]
    assert not named, "\n".join(named)
    assert any(OPTION.search(text) for _, text in texts(PLANNER / "cli" / "exporting.py"))


def test_a_message_from_far_below_names_the_option_that_was_given(planner: Planner) -> None:
    tried = ("whatif", "mapp1", "--start", "2027-01-11", "--today", "2027-01-12")
    assert planner(*tried, "--miss", "nobody").err.startswith(
        "error: --miss: `nobody` is not a visit"
    )
    assert planner(*tried, "--move", "dosing-1=2027-01-11").err == (
        "error: --move: 2027-01-11 is before --today 2027-01-12\n"
    )
