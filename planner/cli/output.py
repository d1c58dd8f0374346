"""Where words and files go: people read stderr, machines stdout, and files change whole or not."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from planner.errors import PlannerError


def complain(message: str) -> None:
    """Says on stderr what could not be done; control characters are made visible."""
    print(f"error: {visible(message)}", file=sys.stderr)


def tell(message: str) -> None:
    """Says something to people, on stderr."""
    print(visible(message), file=sys.stderr)


def visible(text: str) -> str:
    """The text with control characters (but line breaks) replaced, so that no terminal obeys."""
    return "".join(
        letter if letter == "\n" or letter.isprintable() else f"\\x{ord(letter):02x}"
        for letter in text
    )


def write_text(text: str, path: str | None) -> None:
    """Writes to a file, whole or not at all, or to stdout."""
    if path is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
        sys.stdout.flush()
        return
    with replacing(path) as file:
        file.write((text if text.endswith("\n") else text + "\n").encode())


@contextlib.contextmanager
def replacing(path: str) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` when all of it is written; else the old one stays.

    Raises:
        PlannerError: the folder or the disk does not take it.
    """
    if os.path.isdir(path):
        raise PlannerError(f"{path}: is a directory; name a file in it")
    folder = os.path.dirname(os.path.abspath(path))
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".planner-", suffix=".tmp")
        os.close(handle)
        with open(temporary, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode_of(path))
        os.replace(temporary, path)
        temporary = None
    except OSError as error:
        reason = (error.strerror or "cannot be written").lower()
        raise PlannerError(f"{path}: {reason}; nothing was changed") from None
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def mode_of(path: str) -> int:
    """The permissions of the file that is replaced, or those a new file would get."""
    try:
        return os.stat(path).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


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
