"""A line on stderr for work that takes longer than a second; silent in pipes and with `--quiet`."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from planner.cli.output import is_quiet

Item = TypeVar("Item")


def progress(items: Iterable[Item], total: int | None, what: str) -> Iterator[Item]:
    """Passes items on and, after a second, says on a terminal's stderr how many were done."""
    on_terminal = sys.stderr.isatty() and not is_quiet()
    begun = last = time.monotonic()
    written = False
    for count, item in enumerate(items, start=1):
        yield item
        if not on_terminal:
            continue
        now = time.monotonic()
        if now - begun > 1 and now - last > 0.2:
            last, written = now, True
            of = f" of {total:,}" if total else ""
            print(f"\r\x1b[K{count:,}{of} {what}", end="", file=sys.stderr, flush=True)
    if written:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
