"""One JSON object of a study, asked for its fields: what is missing or of another type is told.

Files made by programs leave fields out, write them as null or as another type; a study is read as
far as it can be, and every field that could not be is a problem with its place.
"""

import re
from typing import NamedTuple

from planner.protocol.document import Path
from planner.protocol.field_types import quoted
from planner.text import one_line

_BLANKS = re.compile(r"\s+")


class Unreadable(NamedTuple):
    """A field that is not what it should be; ``path`` is its JSON path."""

    message: str
    path: Path


class JsonObject:
    """An object of the file at ``path``; fields of the wrong type are added to ``problems``."""

    __slots__ = ("data", "path", "problems")

    def __init__(self, data: object, path: Path, problems: list[Unreadable]) -> None:
        self.path = path
        self.problems = problems
        if isinstance(data, dict):
            self.data: dict[str, object] = data
        else:
            self.data = {}
            if data is not None:
                problems.append(Unreadable(f"an object is expected, found {quoted(data)}", path))

    def text(self, *names: str) -> str | None:
        """The text of the first of these fields that is there; blank ones count as absent."""
        for name in names:
            value = self.data.get(name)
            if value is None:
                continue
            if isinstance(value, str):
                cleaned = value.strip()
                if cleaned:
                    return cleaned
            elif isinstance(value, bool):
                return "true" if value else "false"
            else:
                self._wrong(name, "a text", value)
        return None

    def line(self, *names: str) -> str | None:
        """The same on one line, every blank a plain one and without control characters."""
        text = self.text(*names)
        return None if text is None else one_line(_BLANKS.sub(" ", text)) or None

    def flag(self, *names: str) -> bool:
        """Whether the first of these fields that is there says true."""
        for name in names:
            value = self.data.get(name)
            if isinstance(value, bool):
                return value
            if value is not None:
                self._wrong(name, "true or false", value)
        return False

    def part(self, *names: str) -> "JsonObject | None":
        """The object in the first of these fields that is there."""
        for name in names:
            value = self.data.get(name)
            if value is not None:
                return JsonObject(value, (*self.path, name), self.problems)
        return None

    def parts(self, *names: str) -> "list[JsonObject]":
        """The objects in the list in the first of these fields that is there."""
        for name in names:
            value = self.data.get(name)
            if isinstance(value, list):
                return [
                    JsonObject(entry, (*self.path, name, at), self.problems)
                    for at, entry in enumerate(value)
                    if entry is not None
                ]
            if value is not None:
                self._wrong(name, "a list", value)
        return []

    def texts(self, *names: str) -> tuple[str, ...]:
        """The texts in the list in the first of these fields that is there."""
        for name in names:
            value = self.data.get(name)
            if isinstance(value, list):
                texts = []
                for at, entry in enumerate(value):
                    if isinstance(entry, str):
                        texts.append(entry)
                    elif entry is not None:
                        self.problems.append(
                            Unreadable(
                                f"a text is expected, found {quoted(entry)}", (*self.path, name, at)
                            )
                        )
                return tuple(texts)
            if isinstance(value, str):
                return (value,)
            if value is not None:
                self._wrong(name, "a list of texts", value)
        return ()

    def _wrong(self, name: str, expected: str, value: object) -> None:
        self.problems.append(
            Unreadable(
                f"`{name}`: {expected} is expected, found {quoted(value)}", (*self.path, name)
            )
        )
