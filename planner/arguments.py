"""How messages write what a caller gives: as arguments of a function, or as options of a command.

Functions are called from Python and by the command line. Who calls them in other words than
Python's says so around the call, with `spelled`; no message names an option by itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar


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
