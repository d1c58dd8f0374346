"""A file of another standard, read as a document of our own format that remembers its source.

Its marks point into the source file, so whatever reads, checks or shows a protocol does the same
with an imported one and names the source's lines.
"""

from collections.abc import Mapping
from functools import reduce
from typing import Literal, NamedTuple

from planner.protocol.document import Document, Mark, Path, Position

SOURCE = "$"
"""First step of a path that leads into the source instead of the document made of it."""


class Origin(NamedTuple):
    """Where a statement was read: a JSON path or an XPath, and its place in the source file."""

    text: str
    position: Position


Kind = Literal["reading", "left-out", "mistake"]


class Lost(NamedTuple):
    """What of a source's visits a plan by the document does not show.

    ``visits`` are not in it; ``loops`` are in it once, though they can be gone through again;
    ``unplanned`` visits are in it as unscheduled ones, since what begins them is no other visit.
    """

    visits: int = 0
    loops: int = 0
    unplanned: int = 0

    def plus(self, other: "Lost") -> "Lost":
        """Both together."""
        return Lost(*(number + more for number, more in zip(self, other, strict=True)))


NOTHING_LOST = Lost()


class Remark(NamedTuple):
    """What has to be known of how a source was read.

    ``reading``: it can be read in two ways, and the message names the one chosen and the other.
    ``left-out``: it has no place in a protocol file; nothing is dropped silently.
    ``mistake``: it cannot be read as anything.
    """

    kind: Kind
    message: str
    origin: Origin
    hint: str | None = None
    lost: Lost = NOTHING_LOST


class Imported(NamedTuple):
    """What a source became: a document of our format, and what to know about the way there.

    ``origins`` tell where a part of the document was read, for the part itself and all in it that
    has no origin of its own. ``study`` is the reader's own model of the source, ``source`` its text
    as read (``None`` where it is no JSON).
    """

    document: Document
    origins: Mapping[Path, Origin]
    remarks: tuple[Remark, ...]
    study: object
    source: Document | None

    @property
    def lost(self) -> Lost:
        """What of the source's visits a plan by the document does not show."""
        return reduce(Lost.plus, (remark.lost for remark in self.remarks), NOTHING_LOST)

    def origin(self, path: Path) -> Origin | None:
        """Where the part of the document, or of the source behind `SOURCE`, was read."""
        if path[:1] == (SOURCE,):
            return self._in_source(path[1:])
        for end in range(len(path), -1, -1):
            origin = self.origins.get(path[:end])
            if origin is not None:
                return origin
        return None

    def _in_source(self, path: Path) -> Origin | None:
        if self.source is not None:
            return Origin(json_path(path), self.source.value_position(path))
        # A source that is no JSON is pointed into by the texts of its origins.
        known = [*self.origins.values(), *(remark.origin for remark in self.remarks)]
        return next((origin for origin in known if (origin.text,) == path), None)


def json_path(path: Path) -> str:
    """A place in a document as a JSONPath (RFC 9535), as `$.study.versions[0].studyDesigns[0]`.

    Args:
        path: keys and indices from the top.
    """
    steps = ["$"]
    for step in path:
        if isinstance(step, int):
            steps.append(f"[{step}]")
        elif step.isidentifier() and step.isascii():
            steps.append(f".{step}")
        else:
            escaped = step.replace("\\", "\\\\").replace("'", "\\'")
            steps.append(f"['{escaped}']")
    return "".join(steps)


def imported_document(
    path: str, lines: list[str], data: object, origins: Mapping[Path, Origin]
) -> Document:
    """The document with marks that point into the source, wherever each part was read.

    Args:
        path: the source file, as messages call it.
        lines: the text of the source.
        data: plain data (dict, list, str, bool, None) of our format.
        origins: where parts of it were read; what has none takes that of what encloses it.
    """
    start = origins[()].position if () in origins else Position(1, 1)
    return Document(path, data, _mark(data, (), origins, start), lines)


def _mark(data: object, path: Path, origins: Mapping[Path, Origin], around: Position) -> Mark:
    origin = origins.get(path)
    position = around if origin is None else origin.position
    if isinstance(data, dict):
        entries = {key: _mark(part, (*path, key), origins, position) for key, part in data.items()}
        return Mark(*position, {key: (Position(*mark[:2]), mark) for key, mark in entries.items()})
    if isinstance(data, list):
        return Mark(
            *position, [_mark(part, (*path, at), origins, position) for at, part in enumerate(data)]
        )
    return Mark(*position, None)
