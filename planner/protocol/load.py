"""Loads a protocol from a path or a library id, with every rule's place in the file."""

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from planner.errors import PlannerError
from planner.protocol.document import Document, Path, Position
from planner.protocol.file_kinds import PROTOCOL, other_kind
from planner.protocol.library import library_ids, library_path
from planner.protocol.markers import spoken
from planner.protocol.model import Protocol
from planner.protocol.reading import read_document
from planner.protocol.validation import nearest, validate_model

if TYPE_CHECKING:
    from planner.protocol.imported import Imported, Origin


class OtherKindError(PlannerError):
    """A file of another kind than a protocol; carries it as far as it has been read."""

    def __init__(self, path: str, message: str, document: Document) -> None:
        super().__init__(f"{path}: {message}")
        self.document = document


class ProtocolFile(NamedTuple):
    """A protocol and the file it was read from.

    ``path`` is what messages show: the path as the user gave it, or the library file's.
    ``imported`` tells how a file of another standard was read.
    """

    path: str
    protocol: Protocol
    document: Document
    imported: "Imported | None" = None

    def position(self, path: Path) -> Position:
        """Where the statement at ``path`` stands in the file."""
        origin = self.origin(path)
        return self.document.value_position(path) if origin is None else origin.position

    def origin(self, path: Path) -> "Origin | None":
        """Where a file of another standard says it; ``None`` for files of our own format."""
        return None if self.imported is None else self.imported.origin(path)

    def line(self, number: int) -> str:
        """The text of one line, counted from 1; empty beyond the file's end."""
        lines = self.document.lines
        return lines[number - 1] if 0 < number <= len(lines) else ""


def locate(name: str) -> str:
    """The file that a path or a library id names.

    Raises:
        PlannerError: there is neither such a file nor such an id; names the nearest id.
    """
    if not name:
        raise PlannerError("an empty name names no file")
    # A folder of a protocol's name (exports, say) must not hide the protocol.
    if name == "-" or (os.path.exists(name) and not os.path.isdir(name)):
        return name
    if re.fullmatch(r"[a-z0-9-]{1,60}", name):
        path = library_path(name)
        if path is not None:
            return path
    if os.path.isdir(name):
        raise PlannerError(f"{name}: is a directory; name a file in it")
    stem = re.sub(r"\.(ya?ml|json|xml)$", "", re.split(r"[/\\]", name)[-1].lower())
    near = nearest(stem, library_ids()) if stem else None
    shown = spoken(name) if not name.isprintable() else name
    hint = f"did you mean `{near}`?" if near else "`planner list` shows the library"
    raise PlannerError(f"{shown}: no such file, and no protocol of the library; {hint}")


def load_protocol(name: str) -> ProtocolFile:
    """Loads the protocol that a path (``-`` is standard input) or a library id names.

    A USDM study (JSON) and ODM metadata (a file whose name ends in .xml) are read as protocols.

    Raises:
        PlannerError: the file cannot be read.
        OtherKindError: it is a site file, a record or of another standard.
        DocumentError: the file is no protocol; carries every problem with line and column.
    """
    path = locate(name)
    if path == name:
        return _load(path, name)
    # A claim on record is compared with the whole library, which is often being checked itself.
    state = os.stat(path)
    return _load_library_file(name, path, (state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=100)
def _load_library_file(name: str, path: str, state: tuple[int, int]) -> ProtocolFile:  # noqa: ARG001
    """A file of the library as it was in that state; nobody changes it, so all may share it."""
    return _load(path, name)


def protocol_file(path: str, imported: "Imported") -> ProtocolFile:
    """The protocol that a file of another standard was read as."""
    document = imported.document
    return ProtocolFile(path, validate_model(Protocol, document), document, imported)


def _load(path: str, name: str) -> ProtocolFile:
    if path.lower().endswith(".xml"):
        from planner.protocol.odm import read_odm

        return protocol_file(path, read_odm(path))
    document = read_document(path)
    data = document.data
    if isinstance(data, dict) and ("usdmVersion" in data or "study" in data):
        from planner.protocol.usdm import read_study

        return protocol_file(path, read_study(document))
    other = other_kind(data, PROTOCOL)
    if other is not None:
        raise OtherKindError(name, other, document)
    return ProtocolFile(path, validate_model(Protocol, document), document)
