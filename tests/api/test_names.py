"""The public names: each is there, typed as it is loaded, and costs nothing until it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import planner
from tests.api.public_functions import TARGET, page

SOURCE = Path(planner.__file__).read_text(encoding="utf-8")


def for_type_checkers() -> dict[str, str]:
    """What a type checker sees: the module of each name."""
    (block,) = (
        node
        for node in ast.parse(SOURCE).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    return {
        alias.name: str(node.module)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_a_type_checker_sees_each_name_where_it_is_loaded_from() -> None:
    loaded = {name: f"planner.{module}" for name, module in planner._MODULE_OF.items()}
    assert for_type_checkers() == loaded
    assert {*loaded, "__version__"} == set(planner.__all__)


@pytest.mark.parametrize("name", planner.__all__)
def test_each_name_is_there_and_says_what_it_is(name: str) -> None:
    value = getattr(planner, name)
    assert name in dir(planner)
    assert isinstance(value, str) or (callable(value) and value.__doc__)


def test_a_misspelt_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="no attribute 'plann'"):
        planner.plann  # type: ignore[attr-defined]  # noqa: B018


def test_to_import_the_package_imports_nothing_of_it() -> None:
    code = "import sys, planner; print(*sorted(m for m in sys.modules if m.startswith('planner')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["planner", "planner.version"]


def test_the_package_runs_as_the_command_line() -> None:
    command = [sys.executable, "-m", "planner", "explain", "unknown-id"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("unknown-id: ")


def test_the_page_of_the_package_lists_the_functions_of_today() -> None:
    text = TARGET.read_text(encoding="utf-8")
    assert text == page(text), "run python tests/api/public_functions.py"
