"""Reads CDISC Dataset-JSON 1.1 and its line form (NDJSON) a row at a time, however long they are.

Standard: CDISC Dataset-JSON 1.1, `columns` (metadata by column) and `rows` (a list of values each).
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn, TextIO

from planner.errors import PlannerError, os_reason
from planner.limits import MAX_DEPTH, MAX_ROW, MAX_VALUE, TOO_DEEP, too_long
from planner.protocol.field_types import quoted

CHUNK = 1 << 18
"""So many letters are read at once."""
_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(parse_constant=lambda word: _no_number(word))


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")


class DatasetJson:
    """A Dataset-JSON file: the names of its columns, and its rows as often as asked for."""

    def __init__(self, path: str) -> None:
        """Reads up to the columns, and no further unless they stand behind the rows.

        Raises:
            PlannerError: it cannot be opened, or is no Dataset-JSON.
        """
        self.path = path
        self.is_lines = path.lower().endswith(".ndjson")
        self.columns = _names(path, self._columns())

    def rows(self, wanted: list[int]) -> Iterator[tuple[object, ...]]:
        """The values of some columns, by their positions, of one row after another.

        Raises:
            PlannerError: a row is malformed or has too few or too many values; names its number.
        """
        width = len(self.columns)
        for number, row in enumerate(self._rows(), start=1):
            if not isinstance(row, list):
                raise PlannerError(
                    f"{self.path}: row {number}: a list of values is expected, found {quoted(row)}"
                )
            if len(row) != width:
                raise PlannerError(
                    f"{self.path}: row {number} has {len(row)} values, the dataset {width} columns"
                )
            yield tuple([row[at] for at in wanted])

    def _columns(self) -> object:
        with _opened(self.path) as file:
            if self.is_lines:
                head = next(_lines(self.path, file), None)
                return head.get("columns") if isinstance(head, dict) else None
            text = _Text(self.path, file)
            for key in text.take_keys():
                if key == "columns":
                    return text.value(MAX_VALUE)
                if key == "rows":
                    for _ in text.elements():
                        pass
                else:
                    text.value(MAX_VALUE)
        return None

    def _rows(self) -> Iterator[object]:
        with _opened(self.path) as file:
            if self.is_lines:
                lines = _lines(self.path, file)
                next(lines, None)
                yield from lines
                return
            text = _Text(self.path, file)
            has_rows = False
            for key in text.take_keys():
                if key != "rows":
                    text.value(MAX_VALUE)
                elif has_rows:
                    raise text.wrong("`rows` stands twice")
                else:
                    has_rows = True
                    yield from text.elements()
        if not has_rows:
            raise PlannerError(f"{self.path}: no Dataset-JSON 1.1: it has no `rows`")


def _names(path: str, columns: object) -> list[str]:
    """The names of the columns, in capitals as SDTM writes them."""
    if not isinstance(columns, list) or not columns:
        raise PlannerError(
            f"{path}: no Dataset-JSON 1.1: it has no list of `columns`"
            " (version 1.0 is not read; convert it, or use the XPT file)"
        )
    names = []
    for at, column in enumerate(columns, start=1):
        name = column.get("name") if isinstance(column, dict) else None
        if not isinstance(name, str) or not name.strip():
            raise PlannerError(f"{path}: column {at} has no `name`")
        names.append(name.strip().upper())
    return names


def _opened(path: str) -> TextIO:
    try:
        return open(path, encoding="utf-8-sig")
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}") from None


def _lines(path: str, file: TextIO) -> Iterator[object]:
    """The values of an NDJSON file: the metadata, then a row on each line."""
    number = 0
    while line := _read(path, file, MAX_VALUE + 1, line=True):
        number += 1
        if len(line) > MAX_VALUE:
            raise PlannerError(f"{path}:{number}: {too_long(MAX_VALUE, 'the line')}")
        if not line.strip():
            continue
        try:
            value, end = _DECODER.raw_decode(line, _space(line, 0))
        except (ValueError, RecursionError) as error:
            raise PlannerError(f"{path}:{number}: not JSON: {_reason(error)}") from None
        if line[end:].strip():
            raise PlannerError(f"{path}:{number}: not JSON: one value on each line is expected")
        if _is_too_deep(value, line, 0, end):
            raise PlannerError(f"{path}:{number}: not JSON: {TOO_DEEP}")
        yield value


def _read(path: str, file: TextIO, size: int, *, line: bool = False) -> str:
    try:
        return file.readline(size) if line else file.read(size)
    except UnicodeDecodeError:
        raise PlannerError(f"{path}: not UTF-8 text, as JSON is") from None
    except OSError as error:
        raise PlannerError(f"{path}: {os_reason(error)}") from None


def _is_too_deep(value: object, text: str, begin: int, end: int) -> bool:
    """Whether a value of a text holds others inside each other too deep; most rows hold none."""
    if text.find("[", begin + 1, end) < 0 and text.find("{", begin + 1, end) < 0:
        return False
    waiting = [(value, 1)]
    while waiting:
        part, depth = waiting.pop()
        if isinstance(part, (dict, list)):
            if depth > MAX_DEPTH:
                return True
            inside = part.values() if isinstance(part, dict) else part
            waiting += [(inner, depth + 1) for inner in inside]
    return False


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return error.msg.lower()
    return TOO_DEEP if isinstance(error, RecursionError) else str(error)


def _space(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


class _Text:
    """A file of one JSON object, held no further than the value that is being read."""

    def __init__(self, path: str, file: TextIO) -> None:
        self.path = path
        self.file = file
        self.text = ""
        self.at = 0
        self.line = 1
        self.ended = False

    def wrong(self, reason: str) -> PlannerError:
        line = self.line + self.text.count("\n", 0, self.at)
        return PlannerError(f"{self.path}:{line}: not JSON as expected: {reason}")

    def take_keys(self) -> Iterator[str]:
        """The keys of the object; whoever takes one reads its value before the next."""
        self._expect("{", "an object with `columns` and `rows` is expected")
        if not self._take("}"):
            while True:
                self._peek()
                key = self.value(MAX_ROW)
                if not isinstance(key, str):
                    raise self.wrong(f"a key is expected, found {quoted(key)}")
                self._expect(":", "`:` is expected after a key")
                yield key
                if self._take("}"):
                    break
                self._expect(",", "`,` or `}` is expected")
        if self._peek():
            raise self.wrong("nothing may follow the object")

    def elements(self) -> Iterator[object]:
        """The elements of a list, one at a time."""
        self._expect("[", "a list of rows is expected")
        if self._take("]"):
            return
        while True:
            yield self.value(MAX_ROW)
            if self._take("]"):
                return
            self._expect(",", "`,` or `]` is expected after a row")

    def value(self, most: int) -> Any:
        """The next value, of at most so many letters."""
        self._peek()
        reach = self.at
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except RecursionError as error:
                raise self.wrong(_reason(error)) from None
            except ValueError as error:
                # It may only be that the rest of the value has not been read yet.
                reach = len(self.text)
                if self.ended or reach - self.at > most:
                    raise self.wrong(self._why(error, most)) from None
            else:
                # Of a number that ends where the text does there may be more digits to come.
                if end < len(self.text) or self.ended:
                    if _is_too_deep(value, self.text, self.at, end):
                        raise self.wrong(TOO_DEEP)
                    self.at = end
                    return value
            self._more(max(CHUNK, reach - self.at))

    def _why(self, error: ValueError, most: int) -> str:
        if not self.ended:
            return f"malformed, or {too_long(most, 'one value')}"
        return _reason(error) if self.at < len(self.text) else "the file ends too early"

    def _more(self, size: int) -> None:
        """Reads on, and lets go of what has been taken."""
        piece = _read(self.path, self.file, size)
        self.ended = not piece
        self.line += self.text.count("\n", 0, self.at)
        self.text = self.text[self.at :] + piece
        self.at = 0

    def _peek(self) -> str:
        """The next letter that is no space; empty at the end."""
        while True:
            self.at = _space(self.text, self.at)
            if self.at < len(self.text) or self.ended:
                return self.text[self.at : self.at + 1]
            self._more(CHUNK)

    def _take(self, mark: str) -> bool:
        if self._peek() != mark:
            return False
        self.at += 1
        return True

    def _expect(self, mark: str, reason: str) -> None:
        if not self._take(mark):
            is_cut = self.ended and self.at == len(self.text) and mark != "{"
            raise self.wrong("the file ends too early" if is_cut else reason)
