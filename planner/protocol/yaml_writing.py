"""Writes plain data of our format as YAML text, in the style of the library's files.

What the text says is what the data says: `yaml_reading` gives the same data back. Only what no file
may hold is replaced: control characters by U+FFFD, and every line end by a line feed.
"""

import re
import textwrap

from planner.protocol.document import CONTROL_CHARACTERS

WIDTH = 100
"""Columns of a line, but for words and quoted texts that cannot be broken."""

_INDICATORS = "-?:,[]{}#&*!|>'\"%@`"
# To our reader only the first three are no texts. The others are quoted for the eyes and tools
# that take them for truth values, dates, times and numbers, as the library's files do.
_OTHER_THAN_TEXT = re.compile(
    r"|~|null|true|false|yes|no|on|off|y|n|<<|="
    r"|[-+]?[0-9_]*\.[0-9_]*(?:e[-+]?[0-9]+)?|[-+]?\.(?:inf|nan)"
    r"|[-+]?[0-9][0-9_]*(?::[0-9.]+)+(?:\.\..*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*",
    re.IGNORECASE,
)


def protocol_yaml(data: dict[str, object], comment: str = "") -> str:
    """The YAML text of plain data: text, bool, whole number, ``None``, list and dict.

    A mapping stands on one line where it fits into `WIDTH` columns and holds nothing long; long
    texts are folded where they read back equal. Numbers come back as text, as from any file.

    Args:
        data: the top of the document; keys are ids of at most 1000 characters.
        comment: stands above it, a line of its own for each line, folded to `WIDTH`.
    """
    blocks = [_commented(comment)] if comment.strip() else []
    plain: list[str] = []
    for key, value in data.items():
        lines = _entry(key, value, 0, top=True)
        if len(lines) == 1 or not isinstance(value, (dict, list)):
            plain += lines
            continue
        if plain:
            blocks.append(plain)
            plain = []
        blocks.append(lines)
    if plain or not data:
        blocks.append(plain or ["{}"])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _commented(comment: str) -> list[str]:
    lines = []
    for line in _clean(comment).split("\n"):
        hanging = "  " if line.startswith("- ") else ""
        folded = textwrap.wrap(
            line,
            WIDTH - 2,
            break_on_hyphens=False,
            break_long_words=False,
            subsequent_indent=hanging,
        )
        lines += [f"# {part}" for part in folded] or ["#"]
    return lines


def _clean(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text)


def _entry(key: str, value: object, indent: int, *, top: bool = False) -> list[str]:
    """The lines of one key and its value; ``top``: a section, never a mapping on one line."""
    start = " " * indent + _scalar(key, flow=True) + ":"
    if isinstance(value, (dict, list)) and value:
        short = None if top and isinstance(value, dict) else _flow(value, WIDTH - len(start) - 1)
        if short is not None:
            return [f"{start} {short}"]
        inside = (
            _entries(value, indent + 2) if isinstance(value, dict) else _items(value, indent + 2)
        )
        return [start, *inside]
    return _text_lines(start, value, indent + 2)


def _entries(data: dict[str, object], indent: int) -> list[str]:
    return [line for key, value in data.items() for line in _entry(key, value, indent)]


def _items(data: list[object], indent: int) -> list[str]:
    lines: list[str] = []
    start = " " * indent + "-"
    for value in data:
        if isinstance(value, (dict, list)) and value:
            short = _flow(value, WIDTH - len(start) - 1)
            if short is not None:
                lines.append(f"{start} {short}")
                continue
            inside = (
                _entries(value, indent + 2)
                if isinstance(value, dict)
                else _items(value, indent + 2)
            )
            lines += [start + inside[0][indent + 1 :], *inside[1:]]
        else:
            lines += _text_lines(start, value, indent + 2)
    return lines


def _flow(value: object, room: int, depth: int = 0) -> str | None:
    """The value on one line; ``None`` if it does not fit or reads better on lines of its own."""
    if isinstance(value, list):
        if depth > 2 or any(isinstance(part, (dict, list)) for part in value):
            return None
        parts = [_flow(part, room, depth + 1) for part in value]
        ends = "[]"
    elif isinstance(value, dict):
        if depth > 2:
            return None
        parts = []
        for key, part in value.items():
            inside = _flow(part, room, depth + 1)
            parts.append(None if inside is None else f"{_scalar(key, flow=True)}: {inside}")
        ends = "{}"
    else:
        text = _scalar(value, flow=True)
        return text if len(text) <= room else None
    known = [part for part in parts if part is not None]
    text = ends[0] + ", ".join(known) + ends[1]
    return text if len(known) == len(parts) and len(text) <= room else None


def _text_lines(start: str, value: object, indent: int) -> list[str]:
    """The lines of a value that holds no others, folded when it is long."""
    line = f"{start} {_scalar(value)}"
    if not isinstance(value, str) or (len(line) <= WIDTH and "\n" not in value):
        return [line]
    text = _clean(value)
    inside = " " * indent
    if "\n" in text:
        parts = text.split("\n")
        if "\t" in text or parts[0] != parts[0].strip() or not parts[0] or not parts[-1]:
            return [line]
        if any(part != part.rstrip() for part in parts):
            return [line]
        return [f"{start} |-", *(inside + part if part else "" for part in parts)]
    words = text.split(" ")
    if "\t" in text or "" in words or len(words) == 1:
        return [line]
    return [f"{start} >-", *_folded(words, inside)]


def _folded(words: list[str], inside: str) -> list[str]:
    # Not `textwrap`, which breaks at other blanks too and gives away what stood there.
    lines = [inside + words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= WIDTH:
            lines[-1] += " " + word
        else:
            lines.append(inside + word)
    return lines


def _scalar(value: object, *, flow: bool = False) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    if not isinstance(value, str):
        return str(value)
    text = _clean(value)
    if _reads_plain(text, flow=flow):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


def _reads_plain(text: str, *, flow: bool) -> bool:
    """Whether a text needs no quotes: careful rather than minimal."""
    if _OTHER_THAN_TEXT.fullmatch(text) or text != text.strip() or "\n" in text or "\t" in text:
        return False
    if text[0] in _INDICATORS and not re.match(r"-[0-9A-Za-z]", text):
        return False
    if ": " in text or " #" in text or text.endswith(":"):
        return False
    return not flow or re.search(r"[,?\[\]{}]|:[^0-9A-Za-z/]", text) is None
