"""The errors that a user can cause, and the words that their messages share.

Functions are called from Python and by the command line, and messages write what is given to them
as the caller does: who calls them in other words than Python's says so around the call, with
`spelled`. No message names an option by itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_MAX_WORD_LENGTH = 80
"""Longer texts are no misspelt words, and comparing them takes long."""
_MAX_NAMED = 5
"""So many files are named in a message."""


class PlannerError(Exception):
    """Something could not be done; the message says what, where and what is allowed.

    The command line prints the message and exits with code 2. It crosses processes as it is,
    whatever it was made from.
    """

    def __reduce__(self) -> tuple[object, ...]:
        return _as_it_was, (type(self), self.args), self.__dict__


def _as_it_was(kind: type[PlannerError], args: tuple[object, ...]) -> PlannerError:
    """An error with the message that it had; what it was made from is not asked for again."""
    error = kind.__new__(kind)
    error.args = args
    return error


class AnswerNo(PlannerError):
    """It could be answered, and the answer is no: nothing fits, or rules contradict each other.

    The command line prints the message and exits with code 1.
    """

    def in_full(self) -> "AnswerNo":
        """The same answer with all reasons in its message, of which it may name the first ones."""
        return self


class FilesInTheWay(PlannerError):
    """Files that people go on with by hand would be replaced, and nobody asked for that.

    ``paths`` are those that say something else; nothing was changed.
    """

    def __init__(self, paths: list[str]) -> None:
        stand = "already exists with" if len(paths) == 1 else "already exist with"
        more = f" and {len(paths) - _MAX_NAMED:,} more" if len(paths) > _MAX_NAMED else ""
        super().__init__(
            f"{', '.join(paths[:_MAX_NAMED])}{more}: {stand} other content; nothing was changed"
        )
        self.paths = paths


def did_you_mean(
    word: str,
    allowed: Iterable[str],
    *,
    spelled: Mapping[str, str] | None = None,
    before: str = "",
    likeness: float = 0.6,
) -> str:
    """The question "did you mean `x`?" with the allowed word most like one; empty if none is near.

    Args:
        word: what the user wrote.
        allowed: the words there are.
        spelled: for spellings that stand for another word, that word.
        before: stands before the question, where there is one.
        likeness: how much alike they are at least, from 0 to 1 for equal words.
    """
    from difflib import get_close_matches

    known = list(allowed)
    if word in known:
        matches = [word]
    elif len(word) > _MAX_WORD_LENGTH:
        return ""
    else:
        matches = get_close_matches(word, known, n=1, cutoff=likeness)
    if not matches:
        return ""
    near = (spelled or {}).get(matches[0], matches[0]).replace("\n", "\\n")
    return f"{before}did you mean `{near}`?"


def os_reason(error: OSError) -> str:
    """What the operating system has against a file, in small letters: `permission denied`."""
    return (error.strerror or str(error) or "refused by the system").lower()


class Spelling:
    """Arguments as Python writes them."""

    def name(self, argument: str) -> str:
        """An argument alone, such as ``start``."""
        return argument

    def value(self, argument: str, value: str | bool) -> str:
        """An argument with what it is given, such as ``start=DATE``."""
        return f"{argument}={value}"


_PYTHON = Spelling()
_spelling: ContextVar[Spelling | None] = ContextVar("spelling", default=None)


def argument(name: str, value: str | bool | None = None) -> str:
    """An argument as the caller writes it.

    Args:
        name: of the public function's argument.
        value: what it is given, or a word for that; only its name when ``None``.
    """
    spelling = _spelling.get() or _PYTHON
    return spelling.name(name) if value is None else spelling.value(name, value)


@contextmanager
def spelled(spelling: Spelling) -> Iterator[None]:
    """Has messages write arguments so until the end."""
    before = _spelling.set(spelling)
    try:
        yield
    finally:
        _spelling.reset(before)
