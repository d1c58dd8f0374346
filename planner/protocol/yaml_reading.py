"""Composes one YAML 1.2 document with positions, without recursion, bounded in depth and size.

libyaml scans; what a scalar means is decided here by YAML 1.2's core schema, of which only null
and the two truth values matter: numbers stay text until a model asks for one.
"""

from collections.abc import Iterator

import yaml

from planner.limits import LETTERS_A_VALUE, MAX_DEPTH, MAX_VALUES, TOO_DEEP, too_many
from planner.protocol.document import CONTROL_CHARACTERS, DocumentError, Mark, Position, Problem
from planner.protocol.yaml_mistakes import mistake
from planner.time.date import shortened

_PLAIN = {"": None, "~": None, "null": None, "Null": None, "NULL": None,
          "true": True, "True": True, "TRUE": True,
          "false": False, "False": False, "FALSE": False}  # fmt: skip
_LOADER = getattr(yaml, "CLoader", yaml.Loader)


class _Open:
    """A mapping or list whose end has not been read yet."""

    __slots__ = (
        "anchor",
        "data",
        "entries",
        "is_mapping",
        "key",
        "key_position",
        "position",
        "size",
    )

    def __init__(self, anchor: str | None, position: Position, *, mapping: bool) -> None:
        self.anchor = anchor
        self.position = position
        self.is_mapping = mapping
        self.data: dict[str, object] | list[object] = {} if mapping else []
        self.entries: dict[str, tuple[Position, Mark]] | list[Mark] = {} if mapping else []
        self.key: str | None = None
        self.key_position = position
        self.size = 1

    @property
    def wants_key(self) -> bool:
        return self.key is None and self.is_mapping


class _Composer:
    """The document as far as it has been composed."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.problems: list[Problem] = []
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[object, Mark, int]] = {}
        self.result: tuple[object, Mark] | None = None

    def stop(self, message: str, position: Position, hint: str | None = None) -> DocumentError:
        lines = self.text.split("\n")
        if position.line > len(lines):
            # libyaml ends the last line even where the file does not.
            position = Position(len(lines), len(lines[-1]) + 1)
        return DocumentError(self.path, [*self.problems, Problem(message, position, hint)], lines)

    def scalar(self, event: yaml.ScalarEvent, position: Position) -> None:
        plain, _ = event.implicit
        if event.tag:
            self.refuse_tag(event.tag, position)
        text = event.value
        if not plain and CONTROL_CHARACTERS.search(text):
            self.problems.append(Problem("an escape makes a control character here", position))
            text = CONTROL_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text)
        parent = self.stack[-1] if self.stack else None
        if parent is not None and parent.is_mapping and parent.key is None:
            if plain and text == "<<":
                message = "`<<` merges nothing in YAML 1.2; write out what it stands for"
                raise self.stop(message, position)
            if event.anchor:
                self.anchors[event.anchor] = (text, Mark(*position, None), 1)
            parent.key, parent.key_position = text, position
            return
        value = _PLAIN.get(text, text) if plain else text
        mark = Mark(position.line, position.column, None)
        size = 1 + len(text) // LETTERS_A_VALUE
        if event.anchor:
            self.anchors[event.anchor] = (value, mark, size)
        self.place(value, mark, size, position)

    def refuse_tag(self, tag: str | None, position: Position) -> None:
        if tag and tag != "!":
            short_tag = tag.replace("tag:yaml.org,2002:", "!!")[:60]
            hint = "put a text that begins with `!` in quotes"
            self.problems.append(Problem(f"tags are not used here: `{short_tag}`", position, hint))

    def start(self, anchor: str | None, position: Position, *, mapping: bool) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise self.stop(TOO_DEEP, position)
        if self.stack and self.stack[-1].wants_key:
            raise self.stop("a key must be a word, not a list or mapping", position)
        self.stack.append(_Open(anchor, position, mapping=mapping))

    def end(self) -> None:
        done = self.stack.pop()
        mark = Mark(done.position.line, done.position.column, done.entries)
        if done.anchor:
            self.anchors[done.anchor] = (done.data, mark, done.size)
        self.place(done.data, mark, done.size, done.position)

    def alias(self, name: str, position: Position) -> None:
        if name not in self.anchors:
            hint = "put a text that begins with `*` in quotes"
            raise self.stop(f"`*{name}` refers to nothing complete above it", position, hint)
        self.place(*self.anchors[name], position)

    def place(self, value: object, mark: Mark, size: int, position: Position) -> None:
        if not self.stack:
            if self.result is not None:
                raise self.stop("a file holds one document", position)
            self.result = value, mark
            return
        parent = self.stack[-1]
        parent.size += size
        if parent.size > MAX_VALUES:
            message = f"{too_many(MAX_VALUES, 'values')}, or its aliases expand without bound"
            raise self.stop(message, position)
        if isinstance(parent.data, list) and isinstance(parent.entries, list):
            parent.data.append(value)
            parent.entries.append(mark)
        elif isinstance(parent.data, dict) and isinstance(parent.entries, dict):
            if parent.key is None:
                raise self.stop("a key must be a word, not an alias", position)
            if parent.key in parent.data:
                first = parent.entries[parent.key][0].line
                message = f"duplicate key `{shortened(parent.key)}`, first on line {first}"
                self.problems.append(Problem(message, parent.key_position))
            else:
                parent.data[parent.key] = value
                parent.entries[parent.key] = (parent.key_position, mark)
            parent.key = None


def _events(text: str) -> Iterator[yaml.Event]:
    """As `yaml.parse` has them, which asks about each event before it takes it."""
    loader = _LOADER(text)
    take = loader.get_event
    try:
        while (event := take()) is not None:
            yield event
            if type(event) is yaml.StreamEndEvent:
                return
    finally:
        loader.dispose()


def compose_yaml(path: str, text: str) -> tuple[object, Mark, list[Problem]]:
    """Composes the one document of ``text``; problems are those that did not stop the reading.

    Raises:
        DocumentError: malformed, empty, several documents, too deep, or a bomb of aliases.
    """
    composer = _Composer(path, text)
    try:
        for event in _events(text):
            mark = event.start_mark
            position = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
            kind = type(event)
            if type(event) is yaml.ScalarEvent:  # three events of four
                composer.scalar(event, position)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                composer.end()
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                composer.refuse_tag(event.tag, position)
                composer.start(event.anchor, position, mapping=kind is yaml.MappingStartEvent)
            elif isinstance(event, yaml.AliasEvent) and event.anchor:
                composer.alias(event.anchor, position)
    except yaml.MarkedYAMLError as error:
        where = error.problem_mark or error.context_mark
        position = Position(where.line + 1, where.column + 1) if where else Position(1, 1)
        deep = _too_deep(text[: where.index] if where else "")
        if deep is not None:
            raise composer.stop(TOO_DEEP, deep) from None
        opened = error.context_mark
        begun = None if opened is None else Position(opened.line + 1, opened.column + 1)
        context, refusal = error.context or "", error.problem or "malformed"
        raise composer.stop(*mistake(text.split("\n"), position, begun, refusal, context)) from None
    except yaml.YAMLError as error:
        raise composer.stop(f"not YAML: {error}", Position(1, 1)) from None
    if composer.result is None:
        raise composer.stop("the file is empty", Position(1, 1))
    return *composer.result, composer.problems


def _too_deep(text: str) -> Position | None:
    """Where lists and mappings first lie deeper than is allowed, if the text can be scanned so far.

    A scanner reads ahead of what it hands over, as far as a key can be long, and may have a limit
    of its own there: what it refuses can lie behind the place where ours is passed. Asked about
    what stands before the refusal alone, it hands over everything.
    """
    depth = 0
    try:
        for event in _events(text):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH and (mark := event.start_mark):
                    return Position(mark.line + 1, mark.column + 1)
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        pass  # what stands before the end has been handed over
    return None
