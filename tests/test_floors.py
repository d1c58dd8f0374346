"""A package imports only from the floors below it, and starting up imports nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PLANNER = Path(__file__).parent.parent / "planner"
FLOORS = {
    "errors": 0, "limits": 0, "notice": 0, "version": 0, "dates": 0, "grid": 0,
    "letters": 0, "units": 1, "files": 1, "network": 1,
    "protocol": 2, "schedule": 3, "checks": 4, "site": 4, "timeline": 5, "formats": 6,
    "views": 6, "cli": 7,
}  # fmt: skip


def imported_parts(path: Path) -> set[str]:
    """The parts of the planner that a file imports, anywhere in it."""
    parts = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            steps = name.split(".")
            if steps[0] == "planner" and len(steps) > 1 and steps[1] in FLOORS:
                parts.add(steps[1])
    return parts


@pytest.mark.parametrize("path", sorted(PLANNER.rglob("*.py")), ids=lambda p: str(p.name))
def test_a_file_imports_only_from_lower_floors(path: Path) -> None:
    part = path.relative_to(PLANNER).parts[0].removesuffix(".py")
    if part == "__init__":
        pytest.skip("the public API stands above all floors")
    assert part in FLOORS, f"{path} is on no floor"
    # A package's own files may import each other; other packages stand strictly below.
    too_high = {
        other for other in imported_parts(path) if other != part and FLOORS[other] >= FLOORS[part]
    }
    # Two packages share a floor without knowing each other, but units stands beside the network.
    assert not too_high, f"{path} imports {too_high}"


def test_outside_formats_do_not_know_each_other() -> None:
    folders = [path for path in (PLANNER / "formats").iterdir() if path.is_dir()]
    for folder in folders:
        for path in folder.rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for other in folders:
                assert other == folder or f"planner.formats.{other.name}" not in text


def modules_after(arguments: list[str]) -> set[str]:
    code = f"""
import sys
sys.argv = ['planner', *{arguments!r}]
from planner.cli import main
try:
    main()
except SystemExit:
    pass
sys.stderr.write('\\n'.join(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split("\n"))


def test_help_loads_neither_models_nor_formats() -> None:
    loaded = modules_after(["--help"])
    assert "planner.cli.app" in loaded
    for heavy in ("pydantic.main", "yaml", "rich.console", "icalendar", "planner.protocol.model"):
        assert heavy not in loaded


def test_validate_loads_no_screen_library_and_no_calendar() -> None:
    loaded = modules_after(["validate", "mapp1"])
    assert "planner.protocol.model" in loaded
    heavy_ones = (
        "rich.console", "icalendar", "holidays", "planner.site.calendar", "importlib.metadata",
    )  # fmt: skip
    for heavy in heavy_ones:
        assert heavy not in loaded
