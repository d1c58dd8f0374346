"""Reads JSON into plain data with positions: the same result as the YAML reader gives.

The grammar is RFC 8259; duplicate keys are problems, numbers stay text as they were written.
"""

import json
import re

from planner.limits import MAX_DEPTH, MAX_STUDY_VALUES, TOO_DEEP, too_many
from planner.protocol.document import CONTROL_CHARACTERS, DocumentError, Mark, Position, Problem
from planner.time.date import shortened

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORDS = (("null", None), ("true", True), ("false", False))


class _Reader:
    """The text, how far it has been read, and what was found wrong without stopping."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.at = 0
        self.line = 1
        self.line_start = 0
        self.counted = 0
        self.nodes = 0
        self.steps: list[str | int] = []
        self.problems: list[Problem] = []

    def position(self) -> Position:
        newlines = self.text.count("\n", self.counted, self.at)
        if newlines:
            self.line += newlines
            self.line_start = self.text.rfind("\n", 0, self.at) + 1
        self.counted = self.at
        return Position(self.line, self.at - self.line_start + 1)

    def stop(self, message: str) -> DocumentError:
        return self.refuse(f"not JSON: {message}")

    def refuse(self, message: str) -> DocumentError:
        problem = Problem(message, self.position())
        return DocumentError(self.path, [*self.problems, problem], self.text.split("\n"))

    def skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, mark: str) -> bool:
        self.skip()
        if self.text.startswith(mark, self.at):
            self.at += len(mark)
            return True
        return False

    def string(self) -> str:
        match = _STRING.match(self.text, self.at)
        if match is None:
            raise self.stop("a text in double quotes is expected, without line breaks")
        value = str(json.loads(match[0]))
        if CONTROL_CHARACTERS.search(value):
            self.note("an escape makes a control character here", self.position())
            value = CONTROL_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", value)
        self.at = match.end()
        return value

    def note(self, message: str, position: Position) -> None:
        self.problems.append(Problem(message, position, None, tuple(self.steps)))

    def value(self, depth: int) -> tuple[object, Mark]:
        self.skip()
        position = self.position()
        if depth > MAX_DEPTH:
            raise self.refuse(TOO_DEEP)
        self.nodes += 1
        if self.nodes > MAX_STUDY_VALUES:
            raise self.refuse(too_many(MAX_STUDY_VALUES, "values"))
        following = self.text[self.at : self.at + 1]
        if following == "{":
            return self.mapping(position, depth)
        if following == "[":
            return self.sequence(position, depth)
        if following == '"':
            return self.string(), Mark(*position, None)
        for word, meaning in _WORDS:
            if self.take(word):
                return meaning, Mark(*position, None)
        match = _NUMBER.match(self.text, self.at)
        if match is None:
            raise self.stop("a value is expected")
        self.at = match.end()
        return match[0], Mark(*position, None)

    def mapping(self, position: Position, depth: int) -> tuple[object, Mark]:
        self.at += 1
        data: dict[str, object] = {}
        entries: dict[str, tuple[Position, Mark]] = {}
        if self.take("}"):
            return data, Mark(*position, entries)
        while True:
            self.skip()
            key_position = self.position()
            key = self.string()
            if not self.take(":"):
                raise self.stop("`:` is expected after a key")
            self.steps.append(key)
            value, mark = self.value(depth + 1)
            if key in data:
                first = entries[key][0].line
                self.note(f"duplicate key `{shortened(key)}`, first on line {first}", key_position)
            else:
                data[key] = value
                entries[key] = (key_position, mark)
            self.steps.pop()
            if self.take("}"):
                return data, Mark(*position, entries)
            if not self.take(","):
                raise self.stop("`,` or `}` is expected")
            if self.take("}"):
                raise self.stop("a comma may not stand before `}`")

    def sequence(self, position: Position, depth: int) -> tuple[object, Mark]:
        self.at += 1
        data: list[object] = []
        entries: list[Mark] = []
        if self.take("]"):
            return data, Mark(*position, entries)
        while True:
            self.steps.append(len(data))
            value, mark = self.value(depth + 1)
            self.steps.pop()
            data.append(value)
            entries.append(mark)
            if self.take("]"):
                return data, Mark(*position, entries)
            if not self.take(","):
                raise self.stop("`,` or `]` is expected")
            if self.take("]"):
                raise self.stop("a comma may not stand before `]`")


def compose_json(path: str, text: str) -> tuple[object, Mark, list[Problem]]:
    """Composes one JSON value; returns data, marks and the problems that did not stop reading.

    Raises:
        DocumentError: the text is not JSON, empty, too large or nested too deep.
    """
    reader = _Reader(path, text)
    if not text.strip():
        raise DocumentError(path, [Problem("the file is empty", Position(1, 1))], [""])
    data, mark = reader.value(1)
    reader.skip()
    if reader.at != len(text):
        raise reader.stop("nothing may follow the value")
    return data, mark, reader.problems
