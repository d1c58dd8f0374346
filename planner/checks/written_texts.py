"""Every text that is written in a file, and where one matches a pattern."""

import re
from collections.abc import Iterator

from planner.checks.subject import Subject
from planner.protocol.document import Path, Position


def _texts(subject: Subject) -> tuple[list[tuple[Path, str]], str]:
    """Every text of the file, keys too, but labels of arms and identifiers; and all in one."""
    written: list[tuple[Path, str]] = []
    waiting: list[tuple[Path, object]] = [((), subject.file.document.data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            written.append((path, value))
        elif isinstance(value, list):
            waiting += [((*path, n), part) for n, part in enumerate(value)]
        elif isinstance(value, dict):
            # Labels and identifiers stand near the top; below, nothing is left out.
            is_deep = len(path) >= 3
            for key, part in value.items():
                place = (*path, key)
                if is_deep or not (_is_label(place) or _is_identifier(place)):
                    written.append((place, key))
                    waiting.append((place, part))
    return written, "\n".join(text for _, text in written)


def _is_label(path: Path) -> bool:
    return len(path) == 3 and path[0] == "arms" and path[2] in ("label", "periods")


def _is_identifier(path: Path) -> bool:
    # `registry` is also what many files call a source: what that says is text like any other.
    if path[0] == "sources":
        return len(path) == 3 and path[2] in ("doi", "url")
    return path == ("registry",)


def matches(subject: Subject, pattern: str) -> Iterator[tuple[Path, str]]:
    """Where a text matches and what of it does, each place once, though aliases repeat it."""
    texts, everything = subject.cached(_texts)
    seen: set[tuple[str, Position]] = set()
    # Most files have nothing to find, and one long text is searched much faster than many short.
    for path, text in texts if re.search(pattern, everything) else ():
        match = re.search(pattern, text)
        # The letters and digits of an identity mean nothing: `5cc` in one is no amount.
        if match is not None and path[:1] != ("identity",):
            place = (match[0], subject.file.position(path))
            if place not in seen:
                seen.add(place)
                yield path, match[0].strip()
