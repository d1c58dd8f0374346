"""A protocol and the place of every rule in its file, which is read here if the format is ours."""

import os
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from planner.display import drawn_html, drawn_svg
from planner.errors import PlannerError
from planner.protocol.document import Document, Path, Position
from planner.protocol.file_kinds import PROTOCOL, other_kind
from planner.protocol.model import Protocol
from planner.protocol.reading import document_of, read_document
from planner.protocol.validation import validate_model

if TYPE_CHECKING:
    from planner.protocol.imported_document import Imported, Origin


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
        """The line and column of a statement; in a file of another standard, where that says it.

        Args:
            path: keys and indices from the top of the document, as ``("epochs", 0, "id")``.
        """
        origin = self.origin(path)
        return self.document.value_position(path) if origin is None else origin.position

    def origin(self, path: Path) -> "Origin | None":
        """The place in a file of another standard that a statement was read from.

        Args:
            path: keys and indices from the top of the document.

        Returns:
            ``None`` for a file of our own format.
        """
        return None if self.imported is None else self.imported.origin(path)

    def line(self, number: int) -> str:
        """The text of one line of the file.

        Args:
            number: counted from 1.

        Returns:
            Empty for a number beyond the file.
        """
        lines = self.document.lines
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def _repr_html_(self) -> str | None:
        return drawn_html(self)

    def _repr_svg_(self) -> str | None:
        return drawn_svg(self)


def read_protocol(document: Document, name: str) -> ProtocolFile:
    """A protocol from a document of our own format.

    Args:
        document: the data of the file, with the places for messages.
        name: what errors call the file.

    Raises:
        OtherKindError: it is a site file, a record or of another standard.
        DocumentError: it is no protocol; carries every problem with line and column.
    """
    other = other_kind(document.data, PROTOCOL)
    if other is not None:
        raise OtherKindError(name, other, document)
    return ProtocolFile(document.path, validate_model(Protocol, document), document)


def protocol_file(path: str, imported: "Imported") -> ProtocolFile:
    """The protocol that a file of another standard was read as."""
    document = imported.document
    return ProtocolFile(path, validate_model(Protocol, document), document, imported)


def file_of_protocol(protocol: Protocol) -> ProtocolFile:
    """A protocol that was built in code, with its statements where a file of it would have them.

    Args:
        protocol: its id in angle brackets is what messages call it: there is no such file.
    """
    from planner.protocol.short_form import short_form
    from planner.protocol.yaml_writing import protocol_yaml

    name = f"<{protocol.id}>"
    return ProtocolFile(name, protocol, document_of(name, protocol_yaml(short_form(protocol))))


def read_library_file(name: str, path: str) -> ProtocolFile:
    """The library's protocol of an id, whose file is at ``path``.

    A claim on record is compared with the whole library, which is often being checked itself: a
    file that has not changed is read once, and nobody changes what was read.

    Raises:
        PlannerError: as `read_protocol`; or the file cannot be read.
    """
    state = os.stat(path)
    return _read_library_file(name, path, (state.st_mtime_ns, state.st_size))


@lru_cache(maxsize=100)
def _read_library_file(name: str, path: str, state: tuple[int, int]) -> ProtocolFile:  # noqa: ARG001
    """A file of the library as it was in that state."""
    return read_protocol(read_document(path), name)
