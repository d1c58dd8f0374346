"""What every statement of a protocol cites and how sure it is, inherited from what holds it."""

from typing import NamedTuple

from planner.checks.finding import Related
from planner.checks.identifiers import entries, owner
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.protocol.evidence import Source, Stated
from planner.protocol.visit import RunSheetItem

PRIMARY = ("trial-paper", "protocol-paper", "registry", "label", "guidance")
"""Kinds of sources that say themselves what was done or is to be done."""
MAX_RELATED = 5


class Citation(NamedTuple):
    """One statement with the sources and the grade that hold for it.

    A statement without its own takes those of the visit, epoch or protocol that holds it.
    ``owner`` is the id of the visit or declaration it belongs to, ``None`` for the protocol.
    """

    path: Path
    statement: Stated
    sources: tuple[str, ...]
    grade: str | None
    owner: str | None

    @property
    def about(self) -> tuple[str, ...]:
        """The ids by which a file can ignore a finding about it."""
        return (self.owner,) if self.owner else ()


def citations(subject: Subject) -> list[Citation]:
    """Every statement written in the file, the protocol itself first."""
    every: list[Citation] = []
    held: dict[Path, tuple[tuple[str, ...], str | None]] = {}
    for path, entry in subject.cached(entries):
        if not isinstance(entry, Stated):
            continue
        sources: tuple[str, ...] = entry.source
        grade: str | None = entry.grade
        if not sources or grade is None:
            above = next(
                (held[path[:end]] for end in range(len(path) - 1, -1, -1) if path[:end] in held),
                ((), None),
            )
            sources, grade = sources or above[0], grade or above[1]
        held[path] = sources, grade
        every.append(Citation(path, entry, sources, grade, owner(subject, path)))
    return every


def known_sources(subject: Subject, citation: Citation) -> list[Source]:
    """The sources of a statement that the file declares."""
    declared = subject.protocol.sources
    return [declared[key] for key in citation.sources if key in declared]


def name_of(citation: Citation) -> str:
    """What messages call a statement: `dosing.next`, `constraints.1`, the protocol."""
    path, statement, owner = citation.path, citation.statement, citation.owner
    if not path:
        return "the protocol"
    if path[0] != "epochs":
        place = path[1] + 1 if len(path) > 1 and isinstance(path[1], int) else path[-1]
        return f"`{path[0]}.{getattr(statement, 'id', None) or place}`"
    if len(path) < 4:
        return f"{'the cycle of' if path[-1] == 'cycle' else 'epoch'} `{owner}`"
    if isinstance(statement, RunSheetItem):
        return f"`{owner}.run_sheet.{statement.id}`"
    fields = [step for step in path[4:] if isinstance(step, str)]
    return f"`{'.'.join([str(owner), *fields])}`"


def quoted(keys: tuple[str, ...]) -> str:
    """Keys of sources in backticks, with commas."""
    return ", ".join(f"`{key}`" for key in keys)


def source_kinds(subject: Subject, citation: Citation) -> set[str]:
    """The kinds of a statement's sources that the file declares."""
    return {source.kind for source in known_sources(subject, citation)}


def is_second_hand(subject: Subject, citation: Citation) -> bool:
    """Whether a statement counts as verified while none of its sources was read itself."""
    sources = known_sources(subject, citation)
    return (
        citation.grade == "verified"
        and bool(sources)
        and all(source.read in ("secondary", "not-read") for source in sources)
    )


def cited_by(subject: Subject) -> dict[str, list[Citation]]:
    """The statements that name each source themselves, by its key."""
    by_source: dict[str, list[Citation]] = {key: [] for key in subject.protocol.sources}
    for citation in subject.cached(citations):
        for key in citation.statement.source:
            if key in by_source:
                by_source[key].append(citation)
    return by_source


def citing_places(cited: list[Citation]) -> tuple[Related, ...]:
    """Where a source is cited, five places at most."""
    return tuple(
        Related(f"{name_of(citation)} cites it", (*citation.path, "source"))
        for citation in cited[:MAX_RELATED]
    )
