"""Reads a YAML 1.2 or JSON file into plain data that remembers where everything stood.

Files are hostile until read: size, encoding, nesting, aliases and control characters are bounded
here, once, for every kind of file the planner reads. All scalars but ``null``, ``true`` and
``false`` stay text; the models read numbers and dates where they mean numbers and dates (so
``1.10`` is no number that loses its zero, and ``on`` and ``08:30`` are words).
"""

import os
import sys
from collections.abc import Iterator
from io import BufferedReader, FileIO

from planner.errors import PlannerError, os_reason
from planner.limits import MAX_FILE, MAX_LINE, MAX_STUDY, too_large, too_long
from planner.protocol.document import (
    CONTROL_CHARACTERS,
    Document,
    DocumentError,
    Mark,
    Position,
    Problem,
    position_at,
)
from planner.protocol.file_kinds import SPREADSHEETS, packed_kind, text_encoding


def read_document(path: str) -> Document:
    """A file as plain data, with the place of every part.

    Args:
        path: JSON if the name ends in ``.json``, TOML if in ``.toml``, YAML 1.2 otherwise; ``-`` is
            standard input.

    Raises:
        PlannerError: it cannot be opened.
        DocumentError: it is no text, too large, malformed or a bomb.
    """
    return document_of(path, read_text(path))


def document_of(path: str, text: str) -> Document:
    """A text as plain data, with the place of every part.

    Args:
        path: what messages call it; read as `read_document` reads a file of that name.
        text: the text, with line feeds at the ends of lines.

    Raises:
        DocumentError: it is malformed or a bomb.
    """
    if path.lower().endswith(".json"):
        from planner.protocol.json_reading import compose_json

        data, mark, problems = compose_json(path, text)
    elif path.lower().endswith(".toml"):
        from planner.protocol.toml_reading import compose_toml

        data, mark, problems = compose_toml(path, text)
    else:
        from planner.protocol.yaml_reading import compose_yaml

        data, mark, problems = compose_yaml(path, text)
    lines = text.split("\n")
    if mark.line > len(lines):  # what is not there stands behind the end of the file
        mark = Mark(len(lines), len(lines[-1]) + 1, mark.entries)
    return Document(path, data, mark, lines, tuple(problems))


def read_text(path: str) -> str:
    """The text of a file, with line feeds at the ends of lines and no control characters.

    Args:
        path: the file; ``-`` is standard input.

    Raises:
        PlannerError: it cannot be opened.
        DocumentError: it is no UTF-8 text, too large, or has control characters.
    """
    return _text(path, read_bytes(path))


def largest(path: str) -> int:
    """How many bytes a file may have.

    Args:
        path: ``.json`` and ``.xml`` files, which hold whole studies, may have more than others.
    """
    return MAX_STUDY if path.lower().endswith((".json", ".xml")) else MAX_FILE


def read_bytes(path: str) -> bytes:
    """The bytes of a file (``-`` is standard input); of one that is too large, one too many.

    Raises:
        PlannerError: it cannot be opened.
    """
    if not path:
        raise PlannerError("an empty name names no file")
    try:
        if path == "-":
            if sys.stdin is None:
                raise PlannerError("-: there is no standard input to read")
            return sys.stdin.buffer.read(largest(path) + 1)
        if os.path.isdir(path):
            raise PlannerError(f"{path}: is a directory; name a file in it")
        with open(path, "rb") as file:
            return file.read(largest(path) + 1)
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}") from None
    except ValueError:
        raise PlannerError(f"{path!r}: is not a file name") from None


_MAX_CONTROL_CHARACTERS = 20


def _text(path: str, content: bytes) -> str:
    _refuse_other_than_text(path, content)
    if len(content) > (most := largest(path)):
        raise DocumentError(path, [Problem(too_large(most), Position(1, 1))])
    try:
        text = _one_line_end(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        # The positions of the error count from behind a byte order mark, `error.object` too.
        before = _one_line_end(error.object[: error.start].decode("utf-8"))
        problem = Problem(
            f"the file is not UTF-8 text (byte 0x{error.object[error.start]:02X})",
            position_at(before, len(before)),
            "save it as UTF-8",
        )
        # A line of a text shows which letter it is, one of anything else shows nothing.
        lines = [] if b"\0" in content else _shown_lines(content.decode("utf-8-sig", "replace"))
        raise DocumentError(path, [problem], lines) from None
    problems = []
    for match in CONTROL_CHARACTERS.finditer(text):
        message = f"control character U+{ord(match[0]):04X} in the file"
        problems.append(Problem(message, position_at(text, match.start())))
        if len(problems) == _MAX_CONTROL_CHARACTERS:
            break
    if problems:
        raise DocumentError(path, problems, _shown_lines(text))
    return text


def _refuse_other_than_text(path: str, content: bytes) -> None:
    """Names what is no text, or text in another encoding."""
    kind = packed_kind(content)
    if kind is not None:
        is_table = path.lower().endswith((".csv", ".xls")) or kind in SPREADSHEETS
        hint = "save the sheet as CSV UTF-8" if is_table else "a text file is expected"
        raise DocumentError(path, [Problem(f"this is {kind}, not text", Position(1, 1), hint)])
    encoding = text_encoding(content)
    if encoding is not None:
        problem = Problem(f"the file is {encoding}", Position(1, 1), "save it as UTF-8")
        raise DocumentError(path, [problem])


def read_lines(path: str) -> Iterator[str]:
    """The lines of a text file of any size, one at a time, each with its line feed.

    Raises:
        PlannerError: it cannot be opened.
        DocumentError: it is no UTF-8 text, has control characters, or a line that is too long.
    """
    try:
        with BufferedReader(FileIO(path), MAX_LINE) as file:
            _refuse_other_than_text(path, file.peek(MAX_LINE))
            number = 0
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    problem = Problem(too_long(MAX_LINE, "the line", "bytes"), Position(number, 1))
                    raise DocumentError(path, [problem])
                yield from _lines_of(path, line, number)
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}") from None
    except ValueError:
        raise PlannerError(f"{path!r}: is not a file name") from None


def _lines_of(path: str, line: bytes, number: int) -> list[str]:
    """The lines up to a line feed: more than one where old programs end them by a CR alone."""
    try:
        text = _one_line_end(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 text (byte 0x{error.object[error.start]:02X})"
        column = len(error.object[: error.start].decode()) + 1
        problem = Problem(message, Position(number, column), "save it as UTF-8")
        raise DocumentError(path, [problem]) from None
    match = CONTROL_CHARACTERS.search(text)
    if match is not None:
        message = f"control character U+{ord(match[0]):04X} in the file"
        raise DocumentError(path, [Problem(message, Position(number, match.start() + 1))])
    return text.splitlines(keepends=True)


def _shown_lines(text: str) -> list[str]:
    """Lines that can be shown: what a terminal would obey is replaced, sign by sign."""
    visible = CONTROL_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", _one_line_end(text))
    return visible.split("\n")


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
