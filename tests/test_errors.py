"""One spelling of the question after a misspelt word, and of what the operating system refuses."""

import errno
import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import did_you_mean, os_reason

PLANNER = Path(__file__).parent.parent / "planner"


@pytest.mark.parametrize(
    ("word", "question"),
    [
        ("dosng", "did you mean `dosing`?"),
        ("dosing", "did you mean `dosing`?"),
        ("baselin", "did you mean `base\\nline`?"),
        ("xyz", ""),
        ("", ""),
        ("dosing" * 14, ""),
        ("x" * 99, f"did you mean `{'x' * 99}`?"),
    ],
)
def test_the_nearest_word_is_asked_for(word: str, question: str) -> None:
    allowed = {"screening": 1, "dosing": 2, "base\nline": 3, "x" * 99: 4}
    assert did_you_mean(word, allowed) == question
    asked = f"; {question}" if question else ""
    assert did_you_mean(word, (name for name in allowed), before="; ") == asked


def test_a_spelling_stands_for_another_word_and_may_have_to_be_more_alike() -> None:
    codes = {"germany": "DE"}
    assert did_you_mean("germny", codes, spelled=codes) == "did you mean `DE`?"
    assert did_you_mean("german", ["germane"], likeness=0.95) == ""


@given(st.text(), st.lists(st.text(), max_size=5))
def test_what_is_asked_for_is_one_of_the_words_on_one_line(word: str, allowed: list[str]) -> None:
    question = did_you_mean(word, allowed)
    assert not question or question[14:-2] in [one.replace("\n", "\\n") for one in allowed]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.EACCES, os.strerror(errno.EACCES), "x"), "permission denied"),
        (OSError("Not a gzipped file"), "not a gzipped file"),
        (OSError(), "refused by the system"),
    ],
)
def test_the_system_has_a_reason_in_small_letters(error: OSError, reason: str) -> None:
    assert os_reason(error) == reason


def test_nothing_else_asks_or_reads_the_reason_of_the_system() -> None:
    for path in PLANNER.rglob("*.py"):
        if path.name != "errors.py":
            text = path.read_text(encoding="utf-8")
            # `previous dosing` is no misspelt word but another reference.
            text = text.replace("did you mean `previous {", "")
            assert not re.search(r"strerror|difflib|did you mean `\{", text), path
