"""Where words and files go: people read stderr, machines stdout, and files change whole or not."""

import os
import sys
from collections.abc import Sequence

from planner.text import visible_lines

COLORS = ("auto", "always", "never")


class Screen:
    """What the options for all commands say: whether there are colours, and remarks on stderr."""

    def __init__(self, color: str = "auto", *, quiet: bool = False) -> None:
        self.color = color
        self.quiet = quiet


_screen = Screen()


def use_screen_options(arguments: Sequence[str]) -> list[str]:
    """Takes `--quiet` and `--color` out of a command line, wherever they stand, and heeds them.

    Args:
        arguments: all that follows `planner`; nothing behind `--` is an option.

    Returns:
        What is left.

    Raises:
        PlannerError: there is no such choice of colours.
    """
    global _screen
    _screen = Screen()
    rest = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word in ("-q", "--quiet"):
            _screen.quiet = True
        elif name == "--color":
            from planner.cli.options import read_choice

            _screen.color = read_choice(value if equals else next(words, ""), COLORS, "--color")
        else:
            rest.append(word)
        if word == "--":
            return [*rest, *words]
    return rest


def is_quiet() -> bool:
    """Whether only answers, warnings and errors are wanted."""
    return _screen.quiet


def complain(message: str) -> None:
    """Says on stderr what could not be done; control characters are made visible."""
    print(f"error: {visible_lines(message)}", file=sys.stderr)


def tell(message: str) -> None:
    """Says something to people, on stderr; where they want quiet only warnings."""
    if _screen.quiet and not message.startswith("warning:"):
        return
    print(visible_lines(message), file=sys.stderr)


def write_text(text: str, path: str | None) -> None:
    """Writes to a file, whole or not at all, or to stdout."""
    if path is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
        return
    from planner.api.files import write_whole

    write_whole(path, (text if text.endswith("\n") else text + "\n").encode())


def wants_color() -> bool:
    """Whether `--color` asks for colours, else the environment, else stdout is a terminal."""
    if _screen.color != "auto":
        return _screen.color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def draws_lines() -> bool:
    """Whether stdout's encoding has the letters that bars and boxes are drawn with."""
    try:
        "─━◇●◂▸".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def width(*, piped: int = 100) -> int:
    """Columns of the terminal, never under 40; ``piped`` where there is none."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdigit() and int(asked):
        return max(40, int(asked))
    try:
        return max(40, os.get_terminal_size(sys.stdout.fileno()).columns)
    except (OSError, ValueError):
        return piped
