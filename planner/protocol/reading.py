"""Reads a YAML 1.2 or JSON file into plain data that remembers where everything stood.

Files are hostile until read: size, encoding, nesting, aliases and control characters are bounded
here, once, for every kind of file the planner reads. All scalars but ``null``, ``true`` and
``false`` stay text; the models read numbers and dates where they mean numbers and dates (so
``1.10`` is no number that loses its zero, and ``on`` and ``08:30`` are words).
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from io import BufferedReader, FileIO
from typing import NamedTuple, TypeVar

from planner.errors import PlannerError
from planner.limits import MAX_ALIKE, MAX_FILE, MAX_LINE, MAX_STUDY, too_large, too_long
from planner.protocol.file_kinds import packed_kind, text_encoding

Path = tuple[str | int, ...]
"""Where in a document: keys and list positions from the top."""


class Position(NamedTuple):
    """A place in a file; ``line`` and ``column`` count from 1, columns in characters."""

    line: int
    column: int


class Problem(NamedTuple):
    """One thing wrong with a file, where it stands, and what to write instead (if known).

    ``path`` is where in the document it stands, if that is known: of a key that stands twice it is
    the same for both, unlike their positions.
    """

    message: str
    position: Position
    hint: str | None = None
    path: Path | None = None


class DocumentError(PlannerError):
    """A file that cannot be read as what it should be; carries the problems found in it.

    They stand in the order of the file; of each kind the first `MAX_ALIKE` are listed, and how many
    more there are.
    """

    def __init__(self, path: str, problems: Iterable[Problem], lines: list[str] | None = None):
        listed, more = first_alike(problems, lambda one: without_names(one.message))
        listed += [more_alike(count, last.position) for last, count in more]
        self.path = path
        self.problems = tuple(sorted(listed, key=lambda problem: problem.position))
        self.lines = lines or []
        super().__init__("\n".join(_one_line(path, problem) for problem in self.problems))


_Item = TypeVar("_Item")


def first_alike(
    items: Iterable[_Item], kind: Callable[[_Item], object], most: int = MAX_ALIKE
) -> tuple[list[_Item], list[tuple[_Item, int]]]:
    """The first ``most`` of each kind, and of each kind with more the last and how many more."""
    listed: list[_Item] = []
    counts: dict[object, int] = {}
    last: dict[object, _Item] = {}
    for item in items:
        key = kind(item)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= most:
            listed.append(item)
        else:
            last[key] = item
    return listed, [(item, counts[key] - most) for key, item in last.items()]


def more_alike(count: int, last: Position) -> Problem:
    """So many more problems of a kind, the last of them there."""
    return Problem(f"and {count:,} more such problem{'s' if count > 1 else ''} up to here", last)


_NAMED = re.compile(r"`[^`]*`|[0-9]+")


def without_names(message: str) -> str:
    """What a message has in common with others of its kind: all but what it names and counts."""
    return _NAMED.sub("", message)


def _one_line(path: str, problem: Problem) -> str:
    place = f"{path}:{problem.position.line}:{problem.position.column}"
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"{place}: {problem.message}{hint}"


class Mark(NamedTuple):
    """Where one value stands, and the marks of what it holds."""

    line: int
    column: int
    entries: "dict[str, tuple[Position, Mark]] | list[Mark] | None"


class Document(NamedTuple):
    """A file as read: plain data (dict, list, str, bool, None) and where each part stands.

    ``problems`` did not stop the reading (a duplicate key: the first one counts); whoever makes
    something of the data reports them together with its own.
    """

    path: str
    data: object
    mark: Mark
    lines: list[str]
    problems: tuple[Problem, ...] = ()

    def value_position(self, path: Path) -> Position:
        """Where the value at ``path`` starts; of the nearest enclosing value that exists."""
        return self._find(path, of_key=False)

    def refused(self, message: str, path: Path = (), hint: str | None = None) -> DocumentError:
        """The error that the value at ``path`` makes, beside what reading found already."""
        problem = Problem(message, self.value_position(path), hint)
        return DocumentError(self.path, [*self.problems, problem], self.lines)

    def key_position(self, path: Path) -> Position:
        """Where the key of ``path`` stands (the value itself for a list entry)."""
        return self._find(path, of_key=True)

    def _find(self, path: Path, *, of_key: bool) -> Position:
        mark = self.mark
        position = Position(mark.line, mark.column)
        for step in path:
            entries = mark.entries
            if isinstance(entries, dict) and isinstance(step, str) and step in entries:
                key, mark = entries[step]
                position = key if of_key else Position(mark.line, mark.column)
            elif isinstance(entries, list) and isinstance(step, int) and step < len(entries):
                mark = entries[step]
                position = Position(mark.line, mark.column)
            # Any other step is one that validation added, such as the index of a lone entry.
        return position


def read_document(path: str) -> Document:
    """Reads a file (``-`` is standard input) as YAML 1.2, or as JSON if its name ends in .json.

    Raises:
        PlannerError: it cannot be opened.
        DocumentError: it is no text, too large, malformed or a bomb.
    """
    text = read_text(path)
    if path.lower().endswith(".json"):
        from planner.protocol.json_reading import compose_json

        data, mark, problems = compose_json(path, text)
    else:
        from planner.protocol.yaml_reading import compose_yaml

        data, mark, problems = compose_yaml(path, text)
    lines = text.split("\n")
    if mark.line > len(lines):  # what is not there stands behind the end of the file
        mark = Mark(len(lines), len(lines[-1]) + 1, mark.entries)
    return Document(path, data, mark, lines, tuple(problems))


def read_text(path: str) -> str:
    """The text of a file (``-`` is standard input), with line feeds and no control characters.

    Raises:
        PlannerError: it cannot be opened.
        DocumentError: it is no UTF-8 text, too large, or has control characters.
    """
    return _text(path, _bytes(path))


def largest(path: str) -> int:
    """How many bytes a file of this name may have."""
    return MAX_STUDY if path.lower().endswith((".json", ".xml")) else MAX_FILE


def _bytes(path: str) -> bytes:
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
        raise PlannerError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except ValueError:
        raise PlannerError(f"{path!r}: is no file name") from None


CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""All but the tab and the line feed, to which every line end has been made."""
_MOST_CONTROL_CHARACTERS = 20


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
        shown = [] if b"\0" in content else _shown_lines(content.decode("utf-8-sig", "replace"))
        raise DocumentError(path, [problem], shown) from None
    problems = []
    for match in CONTROL_CHARACTERS.finditer(text):
        message = f"control character U+{ord(match[0]):04X} in the file"
        problems.append(Problem(message, position_at(text, match.start())))
        if len(problems) == _MOST_CONTROL_CHARACTERS:
            break
    if problems:
        raise DocumentError(path, problems, _shown_lines(text))
    return text


def _refuse_other_than_text(path: str, content: bytes) -> None:
    """Names what is no text, or text in another encoding."""
    kind = packed_kind(content)
    if kind is not None:
        is_table = path.lower().endswith(".csv")
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
        raise PlannerError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except ValueError:
        raise PlannerError(f"{path!r}: is no file name") from None


def _lines_of(path: str, line: bytes, number: int) -> list[str]:
    """The lines up to a line feed: more than one where old programs end them by a CR alone."""
    try:
        text = _one_line_end(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 text (byte 0x{error.object[error.start]:02X})"
        column = len(error.object[: error.start].decode()) + 1
        problem = Problem(message, Position(number, column), "save it as UTF-8")
        raise DocumentError(path, [problem]) from None
    found = CONTROL_CHARACTERS.search(text)
    if found is not None:
        message = f"control character U+{ord(found[0]):04X} in the file"
        raise DocumentError(path, [Problem(message, Position(number, found.start() + 1))])
    return text.splitlines(keepends=True)


def _shown_lines(text: str) -> list[str]:
    """Lines that can be shown: what a terminal would obey is replaced, sign by sign."""
    shown = CONTROL_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", _one_line_end(text))
    return shown.split("\n")


def _one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def position_at(text: str, at: int) -> Position:
    """The line and column of a letter of a text, counted from 0."""
    return Position(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
