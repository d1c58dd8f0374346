"""One word for one thing, by the code's own names.

What still breaks a rule is listed beside it, and a list only ever gets shorter: an entry that is
no longer needed fails, too.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PLANNER = Path(__file__).parent.parent / "planner"
FILES = sorted(PLANNER.rglob("*.py"))
Function = ast.FunctionDef | ast.AsyncFunctionDef

FILLERS = frozenset(["one", "found", "told", "said", "here", "meant", "spoken", "shown", "listed"])
"""Words that a variable is not called, since they do not say what it holds."""

SHARED_MODULE_NAMES = {
    # The writer of calendars and their conformance check share no code.
    "formats/ical": {"calendar", "identity", "itip"},
    # USDM is read, written and examined; the pages of checks are named like the checks' files.
    "formats/usdm": {"chain", "fields", "order", "study", "timings"},
}
"""Names of modules that stand in two folders of one package."""

LIMIT_PREFIXES = ("MOST", "LONGEST", "DEEPEST", "LARGEST", "WIDEST", "GREATEST", "HIGHEST")
BARE_WORDS = frozenset({"of", "at", "by"})


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def package(path: Path) -> str:
    """The package of a file, with its folder where one holds a standard or a kind of view."""
    steps = path.relative_to(PLANNER).with_suffix("").parts
    return "/".join(steps[: 2 if steps[0] == "formats" and len(steps) > 2 else 1])


def assigned_names(path: Path) -> Iterator[tuple[str, int]]:
    """Parameters; targets of assignments, loops, `with`, `except`, `case` and comprehensions."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, node.lineno


def classes() -> dict[str, list[str]]:
    """The places of the public classes by name."""
    places = defaultdict(list)
    for path in FILES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(f"{path}:{node.lineno}")
    return places


def test_no_public_class_name_stands_twice() -> None:
    twice = {name: places for name, places in classes().items() if len(places) > 1}
    assert not twice


def test_no_module_name_stands_twice_in_a_package() -> None:
    count = Counter((package(path), path.stem) for path in FILES if path.stem != "__init__")
    twice: dict[str, set[str]] = defaultdict(set)
    for (room, name), times in count.items():
        if times > 1:
            twice[room].add(name)
    assert twice == SHARED_MODULE_NAMES


@pytest.mark.parametrize("room", sorted({package(path) for path in FILES}))
def test_variables_are_named_by_what_they_hold(room: str) -> None:
    places = [
        f"{path}:{line}: {name}"
        for path in FILES
        if package(path) == room
        for name, line in assigned_names(path)
        if name in FILLERS
    ]
    assert not places, "\n".join(places)


def test_limits_are_called_max() -> None:
    others = [
        f"{path}:{line}: {name}"
        for path in FILES
        for name, line in assigned_names(path)
        if name.isupper() and name.lstrip("_").split("_")[0] in LIMIT_PREFIXES
    ]
    assert not others


def test_no_function_is_called_by_a_preposition_alone() -> None:
    bare = [
        f"{path}:{node.lineno}: {node.name}"
        for path in FILES
        for node in ast.walk(tree(path))
        if isinstance(node, Function) and node.name in BARE_WORDS
    ]
    assert not bare


def test_a_name_is_seen_wherever_it_is_assigned(tmp_path: Path) -> None:
    path = tmp_path / "names.py"
    path.write_text(
        "def f(a, *b, c=0, **d):\n"
        "    e = (g := 1)\n"
        "    for h, (i, *j) in []: k: int = 0; l += 1\n"
        "    with open(a) as m, n as (o, p): pass\n"
        "    try: import q as r\n"
        "    except OSError as s: t.u = w[x] = 0\n"
        "    [y for y in a]; {z: 0 for z in a}; lambda v: v\n"
        "    match a:\n"
        "        case [A, *B] as C: pass\n"
    )
    expected = set("abcdeghijklmoprsyzvABC")
    assert {name for name, _ in assigned_names(path)} == expected
