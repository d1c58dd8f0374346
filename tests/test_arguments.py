"""Messages write arguments as the caller does: in Python's words, or as options of a command."""

import pytest

from planner.arguments import Spelling, argument, spelled
from planner.cli.option_spelling import OptionSpelling


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
