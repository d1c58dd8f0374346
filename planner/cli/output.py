"""Where words and files go: people read stderr, machines stdout, and files change whole or not."""

import os
import sys

from planner.text import visible_lines


def complain(message: str) -> None:
    """Says on stderr what could not be done; control characters are made visible."""
    print(f"error: {visible_lines(message)}", file=sys.stderr)


def tell(message: str) -> None:
    """Says something to people, on stderr."""
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
    """Whether stdout is a terminal whose user has not asked for plain text."""
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
