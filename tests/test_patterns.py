"""Regular expressions mean the same in every Python that `pyproject.toml` allows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PLANNER = Path(__file__).parent.parent / "planner"


def patterns(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of whatever is written in a call of `re`."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and isinstance(call.func.value, ast.Name)
            and call.func.value.id == "re"
        ):
            for part in ast.walk(call):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.lineno, part.value


def test_only_single_letters_are_matched_once_and_for_all() -> None:
    """Python before 3.11.5, as in Debian 12, reads a group of this kind wrongly."""
    once = re.compile(r"\)(?:[*+?]|\{[\d,]+\})\+|\(\?>")
    seen = [
        (path.name, line, text)
        for path in sorted(PLANNER.rglob("*.py"))
        for line, text in patterns(path)
    ]
    assert any("*+" in text for _, _, text in seen)
    assert not [found for found in seen if once.search(found[2])]
