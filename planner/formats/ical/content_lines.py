"""Content lines of any calendar, out of its bytes, each with its place in the file.

RFC 5545 3.1: lines end with CRLF, long ones are folded, and what is unfolded reads
``NAME;PARAMETER=VALUE:value``. What is wrong with the bytes is told to a function, and reading goes
on: this reader never raises, whatever the bytes are.
"""

import codecs
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

from planner.limits import MAX_FOLDS

LINE_OCTETS = 75
_BOM = codecs.BOM_UTF8

Told = Callable[[str, int, int, str], None]
"""Is told a rule's id, the line and column (both from 1) and what is wrong there."""


class ContentLine(NamedTuple):
    """An unfolded line.

    ``number`` is its first physical line, counted from 1. ``folds`` are its continuation lines:
    where in ``text`` each begins (in characters from 0), and its number.
    """

    number: int
    text: str
    folds: tuple[tuple[int, int], ...] = ()

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column in the file, both counted from 1, of a character of the text."""
        at = bisect_right(self.folds, offset, key=lambda fold: fold[0])
        if not at:
            return self.number, offset + 1
        begin, number = self.folds[at - 1]
        return number, offset - begin + 2  # a continuation line begins with a blank


class Parameter(NamedTuple):
    """A parameter: its name in capitals, its values with RFC 6868 undone, and where it begins."""

    name: str
    values: tuple[str, ...]
    quoted: tuple[bool, ...]
    offset: int


class Property(NamedTuple):
    """A content line taken apart; ``name`` is in capitals, ``offset`` is where the value begins."""

    name: str
    parameters: tuple[Parameter, ...]
    value: str
    offset: int
    line: ContentLine

    def parameter(self, name: str) -> Parameter | None:
        """The first parameter of that name (in capitals)."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        return None

    def single(self, name: str) -> str | None:
        """The first value of a parameter, or ``None`` where there is no such parameter."""
        parameter = self.parameter(name)
        return None if parameter is None else parameter.values[0]


class Malformed(NamedTuple):
    """A line that is no content line: where it stops being one, and why.

    ``name`` is the property's name in capitals where that much could be read, otherwise empty.
    """

    name: str
    offset: int
    message: str


def content_lines(data: bytes, tell: Told) -> Iterator[ContentLine]:
    """The unfolded lines of a calendar, in order, in linear time.

    Lines that end with LF alone are taken for lines; blank ones are left out. A line that is folded
    more often than anybody folds one is told as `too-many`, and nothing behind it is read.

    Args:
        data: the whole file; UTF-8, of which broken pieces become U+FFFD and are told.
        tell: is given a rule's id, the line and the column, both from 1, and a message.
    """
    probe = _Probe(data, tell)
    pieces: list[tuple[int, bytes]] = []
    for number, line in probe.lines():
        if line[:1] in (b" ", b"\t") and line:
            if not pieces:
                tell("stray-fold", number, 1, "a continuation line without a line to continue")
            elif len(line) == 1:
                tell("empty-fold", number, 1, "a continuation line that continues nothing")
            pieces.append((number, line[1:]))
            if len(pieces) > MAX_FOLDS:
                message = f"this line has more than {MAX_FOLDS:,} folds"
                tell("too-many", pieces[0][0], 1, message)
                return
            continue
        if pieces:
            yield probe.joined(pieces)
            pieces = []
        if line:
            pieces.append((number, line))
        else:
            tell("empty-line", number, 1, "an empty line")
    if pieces:
        yield probe.joined(pieces)


class _Probe:
    """Looks at physical lines; what the whole file is free of is not looked for in each."""

    def __init__(self, data: bytes, tell: Told) -> None:
        self._data = data
        self._tell = tell
        self._ascii = data.isascii()
        self._controls = _CONTROL.search(data)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        data, tell = self._data, self._tell
        begin, number = 0, 0
        if data.startswith(_BOM):
            tell("byte-order-mark", 1, 1, "the file begins with a byte-order mark")
            begin = len(_BOM)
        bare = first_bare = 0
        while begin < len(data):
            number += 1
            end = data.find(b"\n", begin)
            if end < 0:
                line, begin = data[begin:], len(data)
                ended = line.endswith(b"\r")
                line = line[:-1] if ended else line
                tell("last-line-end", number, _column(line), "the last line does not end with CRLF")
            else:
                line, begin = data[begin:end], end + 1
                if line.endswith(b"\r"):
                    line = line[:-1]
                else:
                    bare += 1
                    first_bare = first_bare or number
            if len(line) > LINE_OCTETS:
                tell(
                    "line-length",
                    number,
                    _column(line[:LINE_OCTETS]),
                    f"a line of {len(line)} octets; {LINE_OCTETS} are the most before a fold",
                )
            if self._controls is not None:
                self._tell_controls(number, line)
            yield number, line
        if bare:
            more = f", as do {bare - 1} more" if bare > 1 else ""
            tell("line-end", first_bare, 1, f"this line ends with LF instead of CRLF{more}")

    def _tell_controls(self, number: int, line: bytes) -> None:
        for match in _CONTROL.finditer(line):
            code = match.group()[0]
            name = "a CR without LF" if code == 13 else f"the control character 0x{code:02x}"
            self._tell("control-character", number, _column(line[: match.start()]), name)
            return

    def joined(self, pieces: list[tuple[int, bytes]]) -> ContentLine:
        """One unfolded line of its physical ones, which stand there without their blanks."""
        number, first = pieces[0]
        if len(pieces) == 1:
            text = self._decoded(number, first, 0)
            if not self._ascii:
                self._tell_separators(ContentLine(number, text))
            return ContentLine(number, text)
        last = len(pieces) - 1
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        texts: list[str] = []
        folds: list[tuple[int, int]] = []
        length = 0
        torn = False
        for at, (line, piece) in enumerate(pieces):
            if at:
                folds.append((length, line))
            try:
                text = decoder.decode(piece, at == last)
            except UnicodeDecodeError:
                decoder.reset()
                text = self._decoded(line, piece, 1 if at else 0)
            if decoder.getstate()[0] and not torn:
                torn = True
                column = _column(piece) + (1 if at else 0)
                self._tell("fold-in-character", line, column, "a fold inside a character")
            texts.append(text)
            length += len(text)
            if at < last and (len(piece) - len(piece.rstrip(b"\\"))) % 2:
                column = len(text) + (1 if at else 0)
                self._tell("fold-in-escape", line, column, "a fold inside an escape")
        whole = ContentLine(number, "".join(texts), tuple(folds))
        if not self._ascii:
            self._tell_separators(whole)
        return whole

    def _decoded(self, number: int, piece: bytes, lead: int) -> str:
        try:
            return piece.decode()
        except UnicodeDecodeError as error:
            column = _column(piece[: error.start]) + lead
            octet = piece[error.start]
            self._tell("encoding", number, column, f"0x{octet:02x} is not UTF-8 here")
            return piece.decode("utf-8", "replace")

    def _tell_separators(self, line: ContentLine) -> None:
        match = _SEPARATOR.search(line.text)
        if match:
            code = f"U+{ord(match.group()):04X}"
            self._tell(
                "line-separator",
                *line.place(match.start()),
                f"{code}, at which some readers break lines or stumble",
            )


# HTAB is allowed, and a CR only before LF.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")
_SEPARATOR = re.compile("[\x85\u2028\u2029\ufeff]")


def _column(before: bytes) -> int:
    """The column, from 1, of what follows these bytes of a line; characters count, not octets."""
    return len(before.decode("utf-8", "ignore")) + 1


_NAME = re.compile("[A-Za-z0-9-]+")
_QUOTED = re.compile('"([^"]*)"')
_PLAIN = re.compile('([^";:,]*)')
_CARET = re.compile(r"\^([n^'])")
_CARETS = {"n": "\n", "^": "^", "'": '"'}


class _Stop(Exception):
    """The place from which on a text is no content line."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


def parse_line(line: ContentLine) -> Property | Malformed:
    """A line's name, parameters and value, or where it stops being a content line."""
    text = line.text
    match = _NAME.match(text)
    if match is None:
        return Malformed("", 0, "no property name at the beginning of the line")
    name = match.group().upper()
    at = match.end()
    if text[at : at + 1] == ":":
        return Property(name, (), text[at + 1 :], at + 1, line)
    parameters: list[Parameter] = []
    try:
        while text[at : at + 1] == ";":
            parameter, at = _parameter(text, at + 1)
            parameters.append(parameter)
    except _Stop as stop:
        return Malformed(name, stop.offset, str(stop))
    if text[at : at + 1] == ":":
        return Property(name, tuple(parameters), text[at + 1 :], at + 1, line)
    if at >= len(text):
        return Malformed(name, len(text), "no colon between the name and the value")
    what = {'"': "a quotation mark", " ": "a blank", "\t": "a tab"}.get(text[at], f"`{text[at]}`")
    return Malformed(name, at, f"{what} where `;`, `:` or, in a parameter, `,` is expected")


def _parameter(text: str, begin: int) -> tuple[Parameter, int]:
    """The parameter that begins here and where it ends.

    Raises:
        _Stop: it is none.
    """
    match = _NAME.match(text, begin)
    if match is None:
        raise _Stop(begin, "no parameter name after `;`")
    name, at = match.group().upper(), match.end()
    if text[at : at + 1] != "=":
        raise _Stop(at, f"no `=` after the parameter name {name[:40]}")
    values: list[str] = []
    quoted: list[bool] = []
    while True:
        at += 1
        marked = text[at : at + 1] == '"'
        inside = (_QUOTED if marked else _PLAIN).match(text, at)
        if inside is None:
            raise _Stop(at, "a quotation mark that is never closed")
        value, at = inside.group(1), inside.end()
        quoted.append(marked)
        values.append(_CARET.sub(lambda match: _CARETS[match[1]], value) if "^" in value else value)
        if text[at : at + 1] != ",":
            return Parameter(name, tuple(values), tuple(quoted), begin), at
