"""How many reasons people are told at once: the first ones, unless they ask for all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

MAX_REASONS = 6
"""So many reasons are named where nobody asks for all."""
_names_all: ContextVar[bool] = ContextVar("names_all", default=False)


def brief(reasons: Sequence[str], thing: str = "reason") -> list[str]:
    """The first reasons, and how many more there are; all of them inside `all_reasons`.

    Args:
        reasons: each a sentence or a phrase, the plainest first.
        thing: what one of them is called.
    """
    if _names_all.get() or len(reasons) <= MAX_REASONS:
        return list(reasons)
    more = len(reasons) - MAX_REASONS
    return [*reasons[:MAX_REASONS], f"and {more:,} more {thing}{'s' * (more != 1)}"]


@contextmanager
def all_reasons(wanted: bool = True) -> Iterator[None]:
    """Has `brief` name all reasons until the end, if so wished."""
    before = _names_all.set(wanted)
    try:
        yield
    finally:
        _names_all.reset(before)
