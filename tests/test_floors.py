"""What may import what, by the code's own imports; and starting up imports nothing heavy."""

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PLANNER = ROOT / "planner"
FLOORS = {
    "brevity": 0, "display": 0, "errors": 0, "limits": 0, "notice": 0, "version": 0, "text": 0,
    "time": 1, "files": 1, "network": 1,
    "protocol": 2,
    "schedule": 3, "site": 3, "config": 3,
    "checks": 4, "timeline": 4,
    "formats": 5, "store": 5,
    "views": 6,
    "api": 7,
    "cli": 8,
    "__main__": 9,
}  # fmt: skip
"""The floor of each package and of each file beside them; one imports only from lower ones."""


def name_of(path: Path) -> str:
    """The module that a file is; a package is its `__init__.py`."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in sorted(PLANNER.rglob("*.py"))}


@cache
def imports(module: str) -> dict[str, int]:
    """The planner's modules that one imports, anywhere in it, and the line of each.

    At the top, within a function and for the type checker only: all three count.
    """
    found = {}
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            # What is imported from a module need not be a module itself.
            for one in (name, name.rpartition(".")[0]):
                if one in MODULES:
                    found[one] = node.lineno
                    break
    return found


def part_of(module: str) -> str | None:
    """The package, or the file beside the packages; None for the public API above them."""
    return module.split(".")[1] if "." in module else None


@pytest.mark.parametrize("module", sorted(MODULES.keys() - {"planner"}))
def test_a_file_imports_only_from_lower_floors(module: str) -> None:
    part = part_of(module)
    assert part in FLOORS, f"{module} is on no floor"
    for other, line in imports(module).items():
        above = part_of(other)
        # A package's own files may import each other; other packages stand strictly below.
        assert above == part or (above is not None and FLOORS[above] < FLOORS[part]), (
            f"{MODULES[module]}:{line}: {part} stands on floor {FLOORS[part]} and imports {other}"
        )


def circles(graph: Mapping[str, Mapping[str, int]]) -> Iterator[list[str]]:
    """A shortest way from a module back to itself, of each module that has one."""
    for start in graph:
        came_from: dict[str, str] = {}
        reached = [start]
        for one in reached:  # grows while it is walked: breadth first
            for other in graph[one]:
                if other not in came_from:
                    came_from[other] = one
                    reached.append(other)
        if start in came_from:
            way = [start, came_from[start]]
            while way[-1] != start:
                way.append(came_from[way[-1]])
            yield way[::-1]


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: imports(module) for module in MODULES}
    shortest = min(circles(graph), key=len, default=[])
    told = "\n".join(
        f"{MODULES[one].relative_to(ROOT)}:{graph[one][other]}: {one} imports {other}"
        for one, other in pairwise(shortest)
    )
    assert not shortest, f"a circle of imports:\n{told}"


def test_a_circle_is_told_by_its_steps() -> None:
    graph: dict[str, dict[str, int]] = {"a": {"b": 1, "c": 2}, "b": {"c": 3}, "c": {"b": 4}}
    assert list(circles(graph)) == [["b", "c", "b"], ["c", "b", "c"]]
    assert list(circles({"a": {"b": 1}, "b": {}})) == []


def standard_of(module: str) -> str | None:
    """The folder of `formats` that a module is in; None for the files beside the folders."""
    steps = module.split(".")
    if steps[1:2] != ["formats"] or len(steps) < 3:
        return None
    return steps[2] if (PLANNER / "formats" / steps[2]).is_dir() else None


def test_outside_formats_do_not_know_each_other() -> None:
    assert {standard_of(module) for module in MODULES} >= {"ical", "sdtm", "usdm"}
    for module in MODULES:
        for other, line in imports(module).items():
            assert None in (standard_of(module), standard_of(other)) or (
                standard_of(module) == standard_of(other)
            ), f"{MODULES[module]}:{line}: imports {other}"


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
        "planner.protocol.timing_text", "planner.formats.usdm.write", "planner.formats.usdm.model",
    )  # fmt: skip
    for heavy in heavy_ones:
        assert heavy not in loaded
