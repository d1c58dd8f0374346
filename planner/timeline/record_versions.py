"""Writes into a participant's file from which date on which version holds, and nothing else.

The text is edited where the entry belongs; comments, order and line ends stay. Every edit is read
again before it counts: the file has to say what it said, and the new entry.
"""

import json
import re
from collections.abc import Iterator
from datetime import date

from planner.errors import PlannerError
from planner.protocol.document import Mark, Position
from planner.protocol.reading import read_text
from planner.timeline.record import Actual, Record, RecordFile, VersionFrom
from planner.timeline.record_writing import record_yaml

_AFTER = ("protocol", "participant", "format")
"""The entries after which a list of versions is begun, the best place first."""


def with_version(path: str, content: bytes, version: str, start: date) -> bytes:
    """The content of a YAML or JSON record with one more version, from a date on.

    Args:
        path: of the record, whose suffix tells JSON from YAML.
        content: UTF-8, with or without a BOM, which stays.
        version: of the protocol, as its file writes it.
        start: the first date on which it holds.

    Raises:
        PlannerError: there is no place in this file where the entry can be put by itself.
    """
    is_json = path.lower().endswith(".json")
    text = content.decode("utf-8-sig")
    bom = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    data, mark = _read(path, text, is_json=is_json)
    assert isinstance(data, dict), "a record has been read from it"
    entry = {"version": version, "from": start.isoformat()}
    wanted = {**data, "versions": [*(data.get("versions") or []), entry]}
    for candidate in _Edits(text, mark, _spelled(entry, is_json=is_json), is_json=is_json).all():
        try:
            read_back, _ = _read(path, candidate, is_json=is_json)
        except PlannerError:
            continue
        if read_back == wanted:
            return bom + candidate.encode()
    raise PlannerError(
        f"{path}: found no place for the new version; write it in by hand: versions:"
        f" [{_spelled(entry, is_json=is_json)}]"
    )


def csv_as_yaml(file: RecordFile, version: str, start: date) -> bytes:
    """A record that is in CSV as YAML, where the version that holds from a date on has a place.

    Args:
        file: read from CSV.
        version: of the protocol, as its file writes it.
        start: the first date on which it holds.

    Raises:
        PlannerError: YAML does not read back the same.
    """
    versions = (VersionFrom(version=version, start=start),)
    text = record_yaml(file.record.model_copy(update={"versions": versions}))
    data, _ = _read(file.path, text, is_json=False)
    read_again = Record.model_validate(data, by_alias=True, by_name=False)
    if not says_the_same(file, file._replace(record=read_again)):
        raise PlannerError(f"{file.path}: cannot be written as YAML word for word; do it by hand")
    return text.encode()


def says_the_same(file: RecordFile, other: RecordFile) -> bool:
    """Whether two files are of one participant and record the same of the same visits."""
    return file.record.participant == other.record.participant and list(
        map(_said, file.record.visits)
    ) == list(map(_said, other.record.visits))


def _said(actual: Actual) -> tuple[object, ...]:
    """What a line says, without remarks, in which runs of blanks are made one."""
    return (actual.name, actual.visit, actual.status, actual.start, actual.end)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _spelled(entry: dict[str, str], *, is_json: bool) -> str:
    if is_json:
        return json.dumps(entry, ensure_ascii=False)
    return f"{{version: {_quoted(entry['version'])}, from: {entry['from']}}}"


def _read(path: str, text: str, *, is_json: bool) -> tuple[object, Mark]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if is_json:
        from planner.protocol.json_reading import compose_json

        data, mark, _ = compose_json(path, plain)
    else:
        from planner.protocol.yaml_reading import compose_yaml

        data, mark, _ = compose_yaml(path, plain)
    return data, mark


class _Edits:
    """Texts that may have the new entry and nothing else changed; the best first."""

    def __init__(self, text: str, mark: Mark, entry: str, *, is_json: bool) -> None:
        self.text = text
        self.entry = entry
        self.key = '"versions"' if is_json else "versions"
        self.starts = [0, *(match.end() for match in re.finditer("\r\n|\r|\n", text))]
        end = re.search("\r\n|\r|\n", text)
        self.line_end = end[0] if end else "\n"
        self.mark = mark
        assert isinstance(mark.entries, dict), "a record is a mapping"
        self.keys = mark.entries

    def all(self) -> Iterator[str]:
        if "versions" in self.keys:
            yield from self._in_list(self.keys["versions"][1])
        else:
            yield from self._after_entries()
            yield from self._before_keys()
            yield from self._at_end()

    def _offset(self, position: Position) -> int:
        return self.starts[position.line - 1] + position.column - 1

    def _inserted(self, at: int, text: str) -> str:
        return self.text[:at] + text + self.text[at:]

    def _line_after(self, line: int) -> tuple[int, str]:
        """Where the line after ``line`` begins, and what has to be put before it."""
        if line < len(self.starts):
            return self.starts[line], ""
        return len(self.text), self.line_end

    def _in_list(self, versions: Mark) -> Iterator[str]:
        items = versions.entries if isinstance(versions.entries, list) else []
        last = _last_line(items[-1]) if items else versions.line
        if items:
            item = items[-1]
            begin = self.starts[item.line - 1]
            dash = self.text.rfind("-", begin, self._offset(Position(item.line, item.column)))
            indent = self.text[begin:dash] if dash >= 0 else ""
            if dash >= 0 and not indent.strip():
                at, before = self._line_after(last)
                yield self._inserted(at, f"{before}{indent}- {self.entry}{self.line_end}")
        # A list in brackets: before the one that closes it.
        begin = self._offset(Position(versions.line, versions.column))
        for match in re.finditer(r"\]", self.text[begin:]):
            bracket = begin + match.start()
            at = bracket
            while at > begin and self.text[at - 1] in " \t\r\n":
                at -= 1
            comma = ", " if items else ""
            between = self.text[at:bracket]
            if items and re.search("[\r\n]", between):
                # An entry on a line of its own, as deep as the last one.
                line = self.starts[items[-1].line - 1]
                depth = re.match("[ \t]*", self.text[line:])
                comma = f",{self.line_end}{depth[0] if depth else ''}"
            yield self._inserted(at, f"{comma}{self.entry}")

    def _after_entries(self) -> Iterator[str]:
        """A list of its own, on the line after an entry that is on one line."""
        for name in (*_AFTER, *self.keys):
            if name in self.keys:
                key, value = self.keys[name]
                indent = self.text[self.starts[key.line - 1] : self._offset(key)]
                if not indent.strip() and value.entries is None:
                    at, before = self._line_after(value.line)
                    yield self._inserted(at, before + self._block(indent))

    def _before_keys(self) -> Iterator[str]:
        """In a mapping in braces: before a key, with the blanks that are before it."""
        names = list(self.keys)
        after = next((names.index(name) for name in _AFTER if name in names), -1)
        for name in (*names[after + 1 : after + 2], *names):
            at = self._offset(self.keys[name][0])
            blanks = re.search(r"\s*$", self.text[:at])
            between = blanks[0] if blanks else ""
            yield self._inserted(at, f"{self.key}: [{self.entry}],{between or ' '}")

    def _at_end(self) -> Iterator[str]:
        key = next(iter(self.keys.values()))[0]
        indent = " " * (key.column - 1)
        before = "" if self.text.endswith(("\n", "\r")) else self.line_end
        yield self.text + before + self._block(indent)

    def _block(self, indent: str) -> str:
        return f"{indent}versions:{self.line_end}{indent}  - {self.entry}{self.line_end}"


def _last_line(mark: Mark) -> int:
    """The last line on which anything of a value begins."""
    if isinstance(mark.entries, dict):
        return max([mark.line, *(_last_line(inner) for _, inner in mark.entries.values())])
    if isinstance(mark.entries, list):
        return max([mark.line, *map(_last_line, mark.entries)])
    return mark.line


def read_bytes(path: str) -> bytes:
    """A record file as it is, for editing.

    Raises:
        PlannerError: it cannot be read.
    """
    read_text(path)  # refuses what is no text, as reading the record did
    with open(path, "rb") as file:
        return file.read()
