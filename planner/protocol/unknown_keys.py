"""What to write instead of a key that a file cannot have."""

import re
from typing import Any

from planner.errors import did_you_mean
from planner.protocol.document import Document, Path

_NO_DATES = (
    "a protocol has no dates: `after:` and `before:` count from another visit, `at:` is a time of"
    " day; the dates of a participant are given with the anchor's date or stand in a record"
)
_TIME = re.compile(r"[0-9]{1,2}:[0-9]{2}.*")


def advice(word: str, value: object, allowed: list[str]) -> str:
    """What to write instead of an unknown key.

    Args:
        word: the key.
        value: what stands behind it.
        allowed: the keys that there are.
    """
    if word in ("date", "day", "dates") and "after" in allowed:
        is_time = isinstance(value, str) and _TIME.fullmatch(value.strip())
        return "did you mean `at`?" if is_time and "at" in allowed else _NO_DATES
    if word == "date":
        for other in ("start", "from"):
            if other in allowed:
                return did_you_mean(other, allowed)
    sought = _key_within(word, allowed) or word
    return did_you_mean(sought, allowed) or f"allowed: {', '.join(allowed)}"


def _key_within(word: str, allowed: list[str]) -> str | None:
    """The key that is the last word of a longer one, as `hours` is of `opening_hours`."""
    words = re.split("[-_ ]", word)
    return words[-1] if len(words) > 1 and words[-1] in allowed else None


def text_cut_at_comma(
    document: Document, path: Path, allowed: list[str]
) -> tuple[Path, str] | None:
    """The text in braces that its commas have cut: `{title: Tea, coffee}` has a key `coffee`.

    Args:
        document: the file.
        path: of the unknown key, which has no value, as the file has it.
        allowed: the keys that there are.

    Returns:
        The path of the text and the whole of it; ``None`` where the key is no part of a text.
    """
    holder: Any = document.data
    for step in path[:-1]:
        holder = holder[step]
    keys = list(holder) if isinstance(holder, dict) else []
    parts = [key for key in keys if holder[key] is None and key not in allowed]
    at = keys.index(path[-1]) if path[-1] in parts else 0
    first = at
    while first and keys[first] in parts:
        first -= 1
    last = at
    while last + 1 < len(keys) and keys[last + 1] in parts:
        last += 1
    cut = keys[first + 1 : last + 1]
    if not cut or not isinstance(holder[keys[first]], str):
        return None
    if any(did_you_mean(key, allowed, likeness=0.8) for key in cut):
        return None
    begun: Path = (*path[:-1], keys[first])
    if not all(_follows_comma(document, (*path[:-1], key)) for key in cut):
        return None
    return begun, ", ".join([holder[keys[first]], *cut])


def _follows_comma(document: Document, path: Path) -> bool:
    line, column = document.key_position(path)
    text = document.lines[line - 1] if line <= len(document.lines) else ""
    return text[: column - 1].rstrip().endswith(",")
