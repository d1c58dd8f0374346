"""A file as it was read: plain data that remembers where it stood, and what is wrong with it.

What every reader of files shares, whatever the format; `planner.protocol.reading` reads them.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from planner.errors import PlannerError
from planner.limits import MAX_ALIKE

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
        first_ones, more = first_alike(problems, lambda problem: without_names(problem.message))
        first_ones += [more_alike(count, last.position) for last, count in more]
        self.path = path
        self.problems = tuple(sorted(first_ones, key=lambda problem: problem.position))
        self.lines = lines or []
        super().__init__("\n".join(_one_line(path, problem) for problem in self.problems))


_Item = TypeVar("_Item")


def first_alike(
    items: Iterable[_Item], kind: Callable[[_Item], object], maximum: int = MAX_ALIKE
) -> tuple[list[_Item], list[tuple[_Item, int]]]:
    """The first of those alike, so that a file full of one mistake is told in a few lines.

    Args:
        items: what is counted, in order.
        kind: what those alike have in common.
        maximum: how many of each kind are taken.

    Returns:
        Those taken, in order; and of each kind with more its last one and how many more there are.
    """
    first: list[_Item] = []
    counts: dict[object, int] = {}
    last: dict[object, _Item] = {}
    for item in items:
        key = kind(item)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= maximum:
            first.append(item)
        else:
            last[key] = item
    return first, [(item, counts[key] - maximum) for key, item in last.items()]


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
        """The line and column at which a value starts.

        Args:
            path: keys and indices from the top; where there is no such value, that of the nearest
                one around it is given.
        """
        return self._find(path, of_key=False)

    def refused(self, message: str, path: Path = (), hint: str | None = None) -> DocumentError:
        """The error that one value makes, beside the problems that reading found already.

        Args:
            message: what is wrong.
            path: keys and indices of the value, from the top; empty for the whole document.
            hint: what to write instead.
        """
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


CONTROL_CHARACTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""All but the tab and the line feed, to which every line end has been made."""


def position_at(text: str, at: int) -> Position:
    """The line and column of a letter of a text, counted from 0."""
    return Position(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
