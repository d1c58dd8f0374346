"""Writes a changed record into the text of its file, and changes nothing else there.

Comments, order, columns and line ends stay. Every edit is read again before it counts: the file has
to say the new record. Where it does not, or a comment would be lost, the edit is refused.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.errors import PlannerError
from planner.protocol.csv_reading import Row, column_names, csv_rows, separator
from planner.protocol.document import Mark
from planner.timeline.record import COLUMNS, Actual, Record
from planner.timeline.record_changes import RecordChange, changes_between, plain
from planner.timeline.record_reading import record_of_text
from planner.timeline.record_writing import csv_row, key_text, line_text, record_csv, record_yaml

_COMMENT = re.compile(r"(?:^|\s)#.*", re.MULTILINE)
_QUOTED = re.compile(r"""(?<=[\s,:{\[-])(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')""")
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class _NoPlaceError(Exception):
    """A change has no place in this text where it could be put by itself."""


def edited_record(path: str, content: bytes, new: Record) -> bytes:
    """The content of a record's file with what it is to say.

    Args:
        path: whose suffix tells CSV and JSON from YAML, and whose name a CSV's participant.
        content: UTF-8, with or without a BOM, which stays.
        new: the record as it is to be; of the same participant.

    Raises:
        PlannerError: the file has no place for it; says what to do.
    """
    text = content.decode("utf-8-sig")
    bom = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    old, wanted = _plain(path, text), _without_empty(plain(new))
    changes = changes_between(old, wanted)
    if not changes:
        return content
    suffix = path.lower().rpartition(".")[2]
    keys = sorted({change.key for change in changes} - {"visits"})
    if suffix == "csv" and keys:
        raise PlannerError(
            f"{path}: a record in CSV has no place for `{'`, `'.join(keys)}`; keep this"
            " participant's record in YAML"
        )
    for candidate in _candidates(suffix, text, new, changes):
        try:
            read_back = _plain(path, candidate)
        except PlannerError:
            continue
        if read_back == wanted:
            return bom + candidate.encode()
    raise PlannerError(
        f"{path}: cannot be changed without changing or losing more, such as a comment; write it in"
        f" by hand: {'; '.join(_in_words(change) for change in changes)}"
    )


def _plain(path: str, text: str) -> dict[str, Any]:
    """What a text says, as plain data."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _without_empty(plain(record_of_text(path, text).record))


def _without_empty(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in ([], {})}


def _candidates(
    suffix: str, text: str, new: Record, changes: Sequence[RecordChange]
) -> Iterator[str]:
    """Texts that may say the new record and keep the rest; the best first."""
    try:
        if suffix == "csv":
            yield _with_rows(text, changes)
        elif suffix != "json":
            yield _with_keys(text, new, changes)
    except _NoPlaceError:
        pass
    end = _line_end(text)
    if suffix == "csv":
        comments = [line[1:].strip() for line in text.splitlines() if line.startswith("#")]
        yield record_csv(new, comments).replace("\n", end)
    elif suffix == "json":
        data = json.loads(text)
        depth = re.search(r"\n( +)\"", text)
        indent = len(depth[1]) if depth else None
        written = {key: data[key] for key in data if key in plain(new)} | plain(new)
        tail = end if text.endswith(("\n", "\r")) else ""
        yield json.dumps(written, ensure_ascii=False, indent=indent).replace("\n", end) + tail
    elif not _COMMENT.search(_without_quoted(text.replace("\r", "\n"))):
        yield record_yaml(new).replace("\n", end)


def _with_rows(text: str, changes: Sequence[RecordChange]) -> str:
    """A CSV text with rows replaced, added and removed."""
    lines = _LINES.findall(text)
    plain_lines = [line.rstrip("\r\n") for line in lines]
    rows = [
        row
        for row in csv_rows("", io.StringIO(text, newline=None), COLUMNS)
        if not row.cells[0].startswith("#")
    ]
    columns = column_names("", rows[0], COLUMNS, ("visit", "status"), plain_lines)
    sign = separator(plain_lines[rows[0].line - 1], COLUMNS)
    spans = _row_spans(rows[1:], lines)
    end = _line_end(text)
    for change in changes:
        if not isinstance(change.item, int):
            raise _NoPlaceError
        row = "" if change.new is None else csv_row(_actual(change.new), columns, sign, end)
        if row is None:
            raise _NoPlaceError
        _put(lines, spans, change.item, row, is_new=change.old is None, end=end)
    return "".join(lines)


def _actual(data: Any) -> Actual:
    return Actual.model_validate(data, by_alias=True, by_name=False)


def _row_spans(rows: Sequence[Row], lines: Sequence[str]) -> list[tuple[int, int]]:
    """First line and line after the last one of each row, counted from 0."""
    starts = [row.line - 1 for row in rows]
    ends = [*starts[1:], len(lines)] if rows else []
    spans = []
    for start, end in zip(starts, ends, strict=True):
        last = end
        while last > start + 1 and (not lines[last - 1].strip() or lines[last - 1][0] == "#"):
            last -= 1
        spans.append((start, last))
    return spans


def _put(
    lines: list[str],
    spans: list[tuple[int, int]],
    at: int,
    text: str,
    *,
    is_new: bool,
    end: str,
) -> None:
    """Replaces, adds or removes the lines of an entry, and keeps the places of the others right."""
    if is_new:
        start = spans[at][0] if at < len(spans) else (spans[-1][1] if spans else len(lines))
        stop = start
    else:
        start, stop = spans[at]
    if start > 0 and start <= len(lines) and not lines[start - 1].endswith(("\n", "\r")):
        lines[start - 1] += end
    new = [text] if text else []
    lines[start:stop] = new
    moved = len(new) - (stop - start)
    rest = spans[at if is_new else at + 1 :]
    spans[at:] = [
        *([(start, start + 1)] if new else []),
        *((first + moved, last + moved) for first, last in rest),
    ]


def _with_keys(text: str, new: Record, changes: Sequence[RecordChange]) -> str:
    """A YAML text with entries replaced, added and removed, each on lines of its own."""
    lines = _LINES.findall(text)
    end = _line_end(text)
    visits = [change for change in changes if change.key == "visits"]
    entries = _entry_spans(text, lines) if visits else None
    if visits and entries is not None and all(isinstance(change.item, int) for change in visits):
        spans, indent = entries
        for change in visits:
            assert isinstance(change.item, int)
            comment = ""
            if change.old is not None:
                start, stop = spans[change.item]
                comment = _kept_comment(lines[start:stop], is_removed=change.new is None)
            entry = "" if change.new is None else f"{indent}- {line_text(_actual(change.new))}"
            put = f"{entry}{comment}{end}" if entry else ""
            _put(lines, spans, change.item, put, is_new=change.old is None, end=end)
        if not spans:
            raise _NoPlaceError
        keys = {change.key for change in changes} - {"visits"}
    else:
        keys = {change.key for change in changes}
    order = list(Record.model_fields)
    names = {field.alias or name: name for name, field in Record.model_fields.items()}
    for key in sorted(keys, key=lambda key: order.index(names[key])):
        _put_key(lines, key, new, order, names, end)
    return "".join(lines)


def _put_key(
    lines: list[str], key: str, new: Record, order: list[str], names: Mapping[str, str], end: str
) -> None:
    """Replaces, adds or removes an entry of the record itself."""
    spans = _key_spans("".join(lines), lines)
    block = key_text(new, names[key]).replace("\n", end)
    if key in spans:
        start, stop = spans[key]
        comment = _kept_comment(lines[start:stop], is_removed=not block)
        if comment:
            head, line_end, rest = block.partition(end)
            block = head + comment + line_end + rest
        lines[start:stop] = [block] if block else []
        return
    before = [name for name in spans if order.index(names[name]) < order.index(names[key])]
    at = max((spans[name][1] for name in before), default=min(start for start, _ in spans.values()))
    if at > 0 and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += end
    lines[at:at] = [block]


def _kept_comment(lines: Sequence[str], *, is_removed: bool) -> str:
    """The comment at the end of an entry's only line.

    Raises:
        _NoPlaceError: there are comments that would be lost.
    """
    rest = [line.rstrip("\r\n") for line in lines]
    comments = [match for line in rest if (match := _COMMENT.search(_without_quoted(line)))]
    if not comments:
        return ""
    if is_removed or len(lines) > 1:
        raise _NoPlaceError
    return rest[0][len(rest[0][: comments[0].start()].rstrip()) :]


def _without_quoted(text: str) -> str:
    """The text with as many other letters where something is in quotes."""
    return _QUOTED.sub(lambda match: "x" * len(match[0]), text)


def _composed(text: str) -> Mark:
    from planner.protocol.yaml_reading import compose_yaml

    _, mark, _ = compose_yaml("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return mark


def _key_spans(text: str, lines: Sequence[str]) -> dict[str, tuple[int, int]]:
    """First line and line after the last one of each entry of the record, counted from 0."""
    keys = _composed(text).entries
    if not isinstance(keys, dict) or any(key.column != 1 for key, _ in keys.values()):
        raise _NoPlaceError
    starts = [key.line - 1 for key, _ in keys.values()]
    return dict(zip(keys, _spans(starts, len(lines), lines), strict=True))


def _entry_spans(text: str, lines: Sequence[str]) -> tuple[list[tuple[int, int]], str] | None:
    """Likewise of each visit, and the blanks before its dash; ``None`` without such a list."""
    keys = _composed(text).entries
    if not isinstance(keys, dict) or "visits" not in keys:
        return None
    _, stop = _key_spans(text, lines)["visits"]
    entries = keys["visits"][1].entries
    if not isinstance(entries, list) or not entries:
        return None
    indents = set()
    for entry in entries:
        before = lines[entry.line - 1][: entry.column - 1]
        match = re.fullmatch(r"(\s*)-\s+", before)
        if match is None:
            return None
        indents.add(match[1])
    if len(indents) != 1:
        return None
    return _spans([entry.line - 1 for entry in entries], stop, lines), indents.pop()


def _spans(starts: Sequence[int], stop: int, lines: Sequence[str]) -> list[tuple[int, int]]:
    """From each start to the next, without the blank lines and comments before that."""
    spans = []
    for start, limit in zip(starts, [*starts[1:], stop], strict=True):
        end = limit
        while end > start + 1 and (
            not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")
        ):
            end -= 1
        if end <= start:
            raise _NoPlaceError
        spans.append((start, end))
    return spans


def _line_end(text: str) -> str:
    end = re.search("\r\n|\r|\n", text)
    return end[0] if end else "\n"


def _in_words(change: RecordChange) -> str:
    name = change.key if change.item is None else f"{change.key} {change.item}"
    if change.new is None:
        return f"remove {name}"
    return f"{name}: {json.dumps(change.new, ensure_ascii=False)}"
