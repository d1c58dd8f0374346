"""Says what is wrong with a text that is no YAML in words of the text, and what to write instead.

A scanner tells what it expected of the grammar; who writes a protocol sees lines, blanks and
colons. Where the scanner stopped leads to the line that people have to change.
"""

import re
from typing import NamedTuple

from planner.protocol.document import Position
from planner.time.date import shortened

_KEY = re.compile(r"(?P<lead>\s*(?:- +)*)(?P<key>[^\s:#'\"\[\]{},&*!|>%@`-][^:#\[\]{},]*?):(?: |$)")
_ITEM = re.compile(r"(?P<key>[^\s:#'\"\[\]{},][^:#\[\]{},]*?): +(?P<value>[^,\[\]{}]*)")


class Mistake(NamedTuple):
    """What is wrong with a text, where, and what to write instead (if that can be told)."""

    message: str
    position: Position
    hint: str | None = None


def mistake(
    lines: list[str], at: Position, opened: Position | None, refusal: str, context: str
) -> Mistake:
    """The mistake behind a refusal of the scanner.

    Args:
        lines: the lines of the text.
        at: where the scanner stopped.
        opened: where what it was scanning then begins, if it said so.
        refusal: what the scanner said.
        context: what it was scanning, in its words.
    """
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    before, following = line[: at.column - 1], line[at.column - 1 : at.column]
    blanks = line[: len(line) - len(line.lstrip())]
    if following == "\t" or "tab character" in refusal or "\t" in blanks:
        return Mistake("not YAML: a tab cannot indent; use spaces", at)
    if "incompatible YAML document" in refusal:
        return Mistake("the file is of another version than YAML 1.2", at)
    if "unexpected end of stream" in refusal:
        return Mistake("not YAML: a quoted text does not end", opened or at)
    if "escape character" in refusal:
        hint = "write `\\\\` for a backslash, or put the text in single quotes"
        return Mistake("not YAML: a backslash in double quotes begins an escape", at, hint)
    if "flow node" in context and not line[at.column - 1 :].strip():
        opened, context = _innermost(lines, at), "flow"
    in_flow = opened is not None and context.endswith(("flow", "flow mapping", "flow sequence"))
    if in_flow and opened is not None and (following != ":" or opened.line != at.line):
        return _unclosed(lines, at, opened)
    if "could not find expected ':'" in refusal and opened is not None:
        return _without_colon(lines, opened)
    if following == ":" and ("mapping values" in refusal or in_flow):
        return _second_colon(lines, at, in_flow)
    if "directive" in context:
        return Mistake("not YAML: a line cannot begin with `%`", at, "put the text in quotes")
    if "plain scalar" in context:
        return Mistake("not YAML: a blank follows the colon behind a key", at)
    value = _value_before(line, at, following)
    is_tag = context.endswith("a tag")
    if value[:1] in ("*", "&") or is_tag or "alphabetic or numeric character" in refusal:
        sign = "!" if is_tag else value[:1] or line[at.column - 2 : at.column - 1]
        message = f"not YAML: `{sign}` at the beginning of a text means something else"
        return Mistake(message, at, "put the text in quotes")
    if "block scalar" in context:
        message = f"not YAML: the text after `{value[:1] or '|'}` stands on the lines below it"
        return Mistake(message, at, "or put it in quotes")
    if "cannot start any token" in refusal or "node content" in refusal:
        message = f"not YAML: `{following}` cannot start a value; put the value in quotes"
        return Mistake(message, at)
    if "sequence entries" in refusal or "mapping keys" in refusal:
        hint = "write it on a line of its own, or put the text in quotes"
        return Mistake(f"not YAML: `{following} ` cannot start a value here", at, hint)
    if not before.strip():
        return _indentation(lines, at, refusal)
    if before.rstrip()[-1:] in ("'", '"', "]", "}"):
        return _behind_the_end(before.rstrip(), at)
    if "document start" in refusal:
        return Mistake("a file holds one document", at)
    return Mistake(f"not YAML: {refusal}{f', {context}' if context else ''}", at)


def _value_before(line: str, at: Position, following: str) -> str:
    """What the value in which the scanner stopped begins with, on its line."""
    match = _KEY.match(line)
    if match is None or match.end() >= at.column + len(following):
        return ""
    return line[match.end() : at.column - 1].lstrip()


def _second_colon(lines: list[str], at: Position, in_flow: bool) -> Mistake:
    """A colon with a blank behind it where there was one already, or where none can be."""
    line = lines[at.line - 1]
    if in_flow:
        begin = max(line.rfind(sign, 0, at.column - 1) for sign in "{[,") + 1
        match = _ITEM.match(line, begin + len(line[begin:]) - len(line[begin:].lstrip()))
    else:
        match = _KEY.match(line)
    begun = 0 if match is None else match.start("value") if in_flow else match.end()
    if match is not None and begun < at.column - 1:
        key = match["key"]
        value = match["value"] if in_flow else line[begun:].partition(" #")[0]
        text = value.strip().replace("\\", "\\\\").replace('"', '\\"')
        hint = f'write `{shortened(key)}: "{text}"`' if len(text) <= 100 else None
        return Mistake("not YAML: a text with a colon in it stands in quotes", at, hint)
    above = _above(lines, at.line)
    if above is None:
        return Mistake("not YAML: a text with a colon in it stands in quotes", at)
    head = _KEY.match(lines[above - 1])
    if head is None:
        return _without_colon(lines, Position(above, _indent(lines[above - 1]) + 1))
    return _too_far_in(lines, at, above)


def _too_far_in(lines: list[str], at: Position, above: int) -> Mistake:
    own = _indent(lines[at.line - 1])
    there = _columns(lines[above - 1])[-1]
    message = (
        f"not YAML: this line is indented by {own}, and the line above, by {there}, has a value"
        " already"
    )
    return Mistake(message, at, f"indent it by {there}, as its neighbour")


def _without_colon(lines: list[str], at: Position) -> Mistake:
    """A line on which no key can be told from its value."""
    text = lines[at.line - 1].strip()
    match = re.match(r"(?:- +)*([A-Za-z_][A-Za-z_0-9-]*):?(\S?.*)", text)
    hint = "each line is `key: value`, with a blank behind the colon"
    if match is not None and match[2].strip():
        hint = f"write `{match[1]}: {shortened(match[2].strip())}`, with a colon and a blank"
    return Mistake("not YAML: this line has no `: ` between a key and its value", at, hint)


def _unclosed(lines: list[str], at: Position, opened: Position) -> Mistake:
    """A list or mapping on one line whose end, or a comma in which, is missing."""
    sign = _letter(lines, opened)
    end = "]" if sign == "[" else "}"
    if opened.line == at.line and _letter(lines, at):
        message = f"not YAML: a `,` or `{end}` is missing here"
        return Mistake(message, at, "put a text with commas, brackets or quotes in it in quotes")
    return Mistake(f"not YAML: this `{sign}` is never closed by a `{end}`", opened)


def _letter(lines: list[str], at: Position) -> str:
    """The letter at a place; empty behind the end of the line or of the file."""
    return lines[at.line - 1][at.column - 1 : at.column] if at.line <= len(lines) else ""


def _innermost(lines: list[str], at: Position) -> Position | None:
    """Where the bracket or brace begins that is still open at a place; ``None`` if none is."""
    opened: list[Position] = []
    for number, line in enumerate(lines[: at.line], 1):
        text = line[: at.column - 1] if number == at.line else line
        for match in _BRACKETS.finditer(text):
            if match[0] in ("[", "{"):
                opened.append(Position(number, match.start() + 1))
            elif match[0] in ("]", "}") and opened:
                opened.pop()
            elif match[0].startswith(" #"):
                break
    return opened[-1] if opened else None


_BRACKETS = re.compile(r"""[\[\]{}]|"[^"\\]*+(?:\\.[^"\\]*+)*"|'[^']*+'| \#""")


def _indentation(lines: list[str], at: Position, refusal: str) -> Mistake:
    """A line that stands in no column in which the lines above begin, or is of another kind."""
    line = lines[at.line - 1] if at.line <= len(lines) else ""
    own = at.column - 1
    columns = _open_columns(lines, at.line)
    if own in columns or not columns:
        if line.lstrip().startswith(":"):
            return Mistake("not YAML: a line begins with its key, not with `:`", at)
        if line.lstrip().startswith("- "):
            message = "not YAML: a list entry (`- `) stands among `key: value` lines"
        elif "document start" in refusal:
            return Mistake("a file holds one document", at)
        else:
            message = "not YAML: a `key: value` line stands among list entries (`- `)"
        return Mistake(message, at, "indent it as what it belongs to")
    deeper = [column for column in columns if column > own]
    neighbours = min(deeper) if deeper else max(columns)
    message = f"not YAML: this line is indented by {own}, its neighbours by {neighbours}"
    return Mistake(message, at, f"indent it by {neighbours}, or as what it belongs to")


def _behind_the_end(before: str, at: Position) -> Mistake:
    if before[-1] in "]}":
        message = f"not YAML: nothing may stand behind the `{before[-1]}` of a value"
        return Mistake(message, at, "put the whole value in quotes")
    message = "not YAML: nothing may stand behind the end of a quoted text"
    hint = "put the whole value in quotes"
    if before[-1] == "'":
        hint += "; an apostrophe in single quotes is written twice"
    return Mistake(message, at, hint)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _columns(line: str) -> list[int]:
    """The columns, from 0, in which a line begins: that of its `- ` and of what stands in it."""
    columns = [_indent(line)]
    while (entry := re.compile(r"- +(?=\S)").match(line, columns[-1])) is not None:
        columns.append(entry.end())
    return columns


def _open_columns(lines: list[str], number: int) -> set[int]:
    """The columns in which the lines above a line begin that it can go on from."""
    open_columns: set[int] = set()
    least: int | None = None
    for line in reversed(lines[: number - 1]):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        columns = _columns(line)
        if least is None or columns[0] < least:
            open_columns.update(column for column in columns if least is None or column < least)
            least = columns[0]
        if least == 0:
            break
    return open_columns


def _above(lines: list[str], number: int) -> int | None:
    """The number of the last line above one that is neither blank nor a comment."""
    for above in range(number - 1, 0, -1):
        line = lines[above - 1].strip()
        if line and not line.startswith("#"):
            return above
    return None
