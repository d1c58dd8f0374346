"""Composes one TOML document with positions, bounded in depth.

The standard library reads it; where each key and value begins is looked up line by line.
"""

import re
import tomllib

from planner.limits import TOO_DEEP
from planner.protocol.document import DocumentError, Mark, Position, Problem

_TABLE = re.compile(r"\s*\[\s*([A-Za-z0-9_-]+)\s*\]\s*(?:#.*)?")
_ENTRY = re.compile(r"\s*(\"?)([A-Za-z0-9_-]+)\1\s*=\s*")
_PLACE = re.compile(r"(.*?)\s*\(at (?:line (\d+), column (\d+)|end of document)\)")


def compose_toml(path: str, text: str) -> tuple[object, Mark, list[Problem]]:
    """The data of a TOML text and where its keys stand: those at the top and of plain tables.

    Args:
        path: what messages call the file.
        text: the text, with line feeds at the ends of lines.

    Raises:
        DocumentError: it is no TOML.
    """
    lines = text.split("\n")
    end = Position(len(lines), len(lines[-1]) + 1)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = _PLACE.fullmatch(str(error))
        reason = match[1] if match else str(error)
        place = Position(int(match[2]), int(match[3])) if match and match[2] else end
        message = f"not TOML: {reason[:1].lower()}{reason[1:]}"
        hint = 'each line is `key = value`, with a text in quotes: `site = "site.yaml"`'
        raise DocumentError(path, [Problem(message, place, hint)], lines) from None
    except RecursionError:
        raise DocumentError(path, [Problem(TOO_DEEP, Position(1, 1))], lines) from None
    return data, Mark(1, 1, _entries(lines)), []


def _entries(lines: list[str]) -> dict[str, tuple[Position, Mark]]:
    top: dict[str, tuple[Position, Mark]] = {}
    entries = top
    for number, line in enumerate(lines, 1):
        table = _TABLE.fullmatch(line)
        entry = None if table else _ENTRY.match(line)
        if table is not None:
            entries = {}
            place = Position(number, table.start(1) + 1)
            top.setdefault(table[1], (place, Mark(*place, entries)))
        elif entry is not None:
            place = Position(number, entry.start(2) + 1)
            entries.setdefault(entry[2], (place, Mark(number, entry.end() + 1, None)))
    return top
