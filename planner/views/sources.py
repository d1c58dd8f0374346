"""Where each timing of a protocol is written, and what each of its sources supports."""

from typing import NamedTuple

from planner.checks.statements import SUPPORTS, TIMINGS, Statement
from planner.checks.support import ProtocolSupport
from planner.notice import NOTICE
from planner.protocol.evidence import Source
from planner.protocol.model import Protocol
from planner.protocol.registries import registry_record
from planner.views.json_document import render_document
from planner.views.tables.grid import Grid, Line

_HOW = (
    (
        "Timings are all statements of when something takes place, how long it takes and how often;"
        " one without a source or grade of its own has that of the visit, epoch or protocol that"
        " holds it. `planner evidence` counts the other statements, too."
    ),
    (
        "Verified: read in a primary text; derived: computed from such; secondary: read in another"
        " text; unverified: known and not read; assumed: chosen by the file's author; retracted: so"
        " graded, or all its sources are retracted; ungraded: nobody says, or it cites nothing."
    ),
)
_MAX_NAMED = 4


class _Use(NamedTuple):
    """What a source supports: statements, notices about the study, readings of disagreements."""

    statements: list[Statement]
    notices: int
    readings: int


def timings_grid(trial: ProtocolSupport) -> Grid:
    """A line per timing, grouped by what holds it, with what was read of its sources."""
    protocol = trial.file.protocol
    lines: list[Line] = []
    group: str | None = None
    for statement in _timings(trial):
        holder = _holder(statement, protocol)
        if holder != group:
            group = holder
            lines.append(Line((holder,), "group"))
        cited = "; ".join(_cited(key, protocol) for key in statement.citation.sources)
        lines.append(Line((_short(statement), statement.text, statement.support, cited)))
    title = f"Sources of the timings of {protocol.id}"
    notes = tuple(
        f"{statement.name}: {' '.join(note.split())}"
        for statement in _timings(trial)
        if statement.support == "derived"
        and (note := statement.citation.statement.note) is not None
    )
    return Grid(title, (("Timing", "Says", "Grade", "Source, how far read"),), tuple(lines), notes)


def sources_grid(trial: ProtocolSupport) -> Grid:
    """A line per source with its numbers, how far it was read, and what it supports."""
    protocol = trial.file.protocol
    uses = _uses(trial)
    lines = []
    for key, source in protocol.sources.items():
        read = f"{source.kind.replace('-', ' ')}: {source.read.replace('-', ' ')}"
        if source.kind == "general-knowledge":
            read = "no text"
        if source.retracted is not None:
            read += f"; RETRACTED {source.retracted}"
        lines.append(Line((key, _reference(source), read, _supports(uses[key]))))
    heads = (("Source", "Title, number, address", "Kind, how far read", "Supports"),)
    return Grid(f"The sources of {protocol.id}", heads, tuple(lines), (*_HOW, NOTICE))


def _timings(trial: ProtocolSupport) -> list[Statement]:
    return [statement for statement in trial.statements if statement.kind in TIMINGS]


def _short(statement: Statement) -> str:
    """What a statement is called below the heading that names what holds it."""
    if statement.kind == "run-sheet line":
        return "run sheet"
    return (
        statement.kind
        if statement.kind in ("cycle", "break")
        else statement.name.rpartition(".")[2]
    )


def _holder(statement: Statement, protocol: Protocol) -> str:
    path = statement.citation.path
    if path[0] != "epochs":
        return "Constraints" if path[0] == "constraints" else "Parallel to the visits"
    epoch = protocol.epochs[int(path[1])]
    name = epoch.title or epoch.id
    if len(path) > 3 and path[2] == "visits":
        visit = epoch.visits[int(path[3])]
        return f"{name}: {visit.title} ({visit.id})" if visit.title else f"{name}: {visit.id}"
    return name


def _cited(key: str, protocol: Protocol) -> str:
    source = protocol.sources.get(key)
    if source is None:
        return f"{key} (undeclared)"
    if source.kind == "general-knowledge":
        return f"{key} (no text)"
    retracted = "" if source.retracted is None else f", RETRACTED {source.retracted}"
    return f"{key} ({source.read.replace('-', ' ')}{retracted})"


def _reference(source: Source) -> str:
    doi = None if source.doi is None else f"doi:{source.doi}"
    return "; ".join(part for part in (source.title, source.id, doi, source.url) if part)


def _uses(trial: ProtocolSupport) -> dict[str, _Use]:
    protocol = trial.file.protocol
    uses = {key: _Use([], 0, 0) for key in protocol.sources}
    for statement in trial.statements:
        for key in dict.fromkeys(statement.citation.sources):
            if key in uses:
                uses[key].statements.append(statement)
    for key, use in uses.items():
        notices = sum(key in notice.source for notice in protocol.notices)
        readings = sum(key in disagreement.readings for disagreement in protocol.disagreements)
        uses[key] = use._replace(notices=notices, readings=readings)
    return uses


def _supports(use: _Use) -> str:
    parts = []
    if use.statements:
        supports = [statement.support for statement in use.statements]
        graded = [f"{supports.count(name)} {name}" for name in SUPPORTS if name in supports]
        names = list(dict.fromkeys(statement.name for statement in use.statements))
        named = ", ".join(names[:_MAX_NAMED])
        more = len(names) - _MAX_NAMED
        named += f" and {more} more" if more > 0 else ""
        parts.append(f"{', '.join(graded)}: {named}")
    if use.notices:
        parts.append(f"{use.notices} notice{'s' if use.notices > 1 else ''}")
    if use.readings:
        parts.append(f"{use.readings} of the disagreements")
    return "; ".join(parts) or "nothing of the schedule"


def render_json(trial: ProtocolSupport) -> str:
    """Timings and sources as JSON, format 1; addresses are made from registry numbers and DOIs."""
    protocol = trial.file.protocol
    uses = _uses(trial)
    data = {
        "conventions": list(_HOW),
        "protocol": {
            "id": protocol.id,
            "version": protocol.version,
            "registry": list(protocol.registry),
        },
        "timings": [_timing(statement, protocol) for statement in _timings(trial)],
        "sources": [
            {
                "key": key,
                "kind": source.kind,
                "title": source.title,
                "id": source.id,
                "doi": source.doi,
                "url": source.url,
                "address": address(source),
                "read": source.read,
                "retracted": None if source.retracted is None else source.retracted.isoformat(),
                "note": None if source.note is None else source.note.strip(),
                "supports": {
                    "counts": {
                        name: sum(statement.support == name for statement in uses[key].statements)
                        for name in SUPPORTS
                    },
                    "statements": [
                        {
                            "name": statement.name,
                            "line": statement.line,
                            "support": statement.support,
                        }
                        for statement in uses[key].statements
                    ],
                    "notices": uses[key].notices,
                    "disagreements": uses[key].readings,
                },
            }
            for key, source in protocol.sources.items()
        ],
    }
    return render_document(data)


def _timing(statement: Statement, protocol: Protocol) -> dict[str, object]:
    own = statement.citation.statement
    declared = protocol.sources
    return {
        "name": statement.name,
        "kind": statement.kind,
        "line": statement.line,
        "says": statement.text,
        "grade": statement.citation.grade,
        "support": statement.support,
        "inherited": not own.source or own.grade is None,
        "sources": [
            {"key": key, "read": declared[key].read if key in declared else None}
            for key in statement.citation.sources
        ],
        "note": None if own.note is None else own.note.strip(),
    }


def address(source: Source) -> str | None:
    """Where a source can be read: its own address, its DOI's, or its registry record's."""
    if source.url is not None:
        return source.url
    if source.doi is not None:
        return f"https://doi.org/{source.doi}"
    record = None if source.id is None else registry_record(source.id)
    return None if record is None else record.url
