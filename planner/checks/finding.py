"""What a check finds at one place of a file, and what the page of a check tells."""

from typing import NamedTuple

from planner.display import drawn_html
from planner.protocol.document import Path, Position
from planner.protocol.file import ProtocolFile
from planner.protocol.imported_document import Origin


class Related(NamedTuple):
    """Another place in the file that a finding is about."""

    message: str
    path: Path


class Finding(NamedTuple):
    """What one check found at one place; ``path`` points into the file.

    ``about`` are the ids the finding is about, by which a file can ignore it. ``origin`` is where
    it stands, if that is not where ``path`` leads: the second of two keys, of which the first
    counts. ``line`` and ``column`` are its place in the file, both counted from 1, columns in
    characters; 0 until all checks have run.
    """

    check: str
    severity: str
    message: str
    path: Path
    hint: str | None = None
    related: tuple[Related, ...] = ()
    about: tuple[str, ...] = ()
    origin: Origin | None = None
    line: int = 0
    column: int = 0

    def position(self, file: ProtocolFile) -> Position:
        """Where it stands in the file."""
        return file.position(self.path) if self.origin is None else self.origin.position


class Findings(list[Finding]):
    """Findings in the order of the file; a notebook shows them as a table."""

    def _repr_html_(self) -> str | None:
        return drawn_html(self)


class Page(NamedTuple):
    """The page of a check: what it finds, why that matters, and two examples.

    ``bad`` and ``good`` are YAML fragments; the tests lay them over a small protocol, key by key,
    or, in the family `imported`, over a small USDM study.
    """

    what: str
    why: str
    bad: str
    good: str
