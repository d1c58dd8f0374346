"""Everything written in a protocol, entry by entry with its place, and which ids it uses."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from planner.checks.subject import Subject
from planner.protocol.between_participants import BetweenParticipants
from planner.protocol.document import Path
from planner.protocol.evidence import Entry, Notice, Stated
from planner.protocol.model import Activity, Constraint, Cycle, Disagreement, Epoch, Track
from planner.protocol.reminder import Reminder
from planner.protocol.visit import RunSheetItem, Staffing, Timing, Visit

_USES: dict[type[Entry], tuple[tuple[str, str], ...]] = {
    Activity: (("by", "role"), ("footnotes", "footnote")),
    BetweenParticipants: (("gate", "gate"),),
    Constraint: (("arms", "arm"),),
    Cycle: (("times", "arm"), ("until", "decision")),
    Disagreement: (("readings", "source"),),
    Epoch: (("arms", "arm"),),
    RunSheetItem: (("activity", "activity"), ("when", "decision"), ("arms", "arm")),
    Staffing: (("roles", "role"),),
    Timing: (("arms", "arm"), ("until", "decision")),
    Track: (("arms", "arm"),),
    Reminder: (("arms", "arm"), ("role", "role")),
    Visit: (
        ("arms", "arm"),
        ("by_arm", "arm"),
        ("when", "decision"),
        ("requires", "gate"),
        ("activities", "activity"),
        ("footnotes", "footnote"),
    ),
}
_FILE_NAMES = {"start": "from", "end": "to"}


class Use(NamedTuple):
    """One place that names something declared elsewhere; ``kind`` is ``role``, ``arm``, ..."""

    kind: str
    id: str
    path: Path


def entries(subject: Subject) -> list[tuple[Path, Entry]]:
    """Every entry that is written in the file, the protocol first, in the order of the model."""
    every: list[tuple[Path, Entry]] = []
    _collect((), subject.protocol, every)
    return every


def _collect(path: Path, value: object, every: list[tuple[Path, Entry]]) -> None:
    if isinstance(value, Entry):
        every.append((path, value))
        written = value.model_fields_set
        for name, part in value.__dict__.items():
            if name in written and isinstance(part, (Entry, tuple, dict)):
                _collect((*path, _FILE_NAMES.get(name, name)), part, every)
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            if isinstance(part, Entry):
                _collect((*path, index), part, every)
    elif isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, Entry):
                _collect((*path, key), part, every)


def uses(subject: Subject) -> list[Use]:
    """Every place that names a role, activity, source, arm, decision, gate or footnote."""
    return list(_uses(subject))


def _uses(subject: Subject) -> Iterator[Use]:
    for path, entry in subject.cached(entries):
        for field, kind in _USES.get(type(entry), ()):
            yield from _named(kind, getattr(entry, field), (*path, field))
        if isinstance(entry, (Stated, Notice)) and entry.source:
            yield from _named("source", entry.source, (*path, "source"))


def _named(kind: str, value: object, path: Path) -> Iterator[Use]:
    if isinstance(value, str):
        yield Use(kind, value, path)
    elif isinstance(value, Mapping):
        for name in value:
            yield Use(kind, name, (*path, name))
    elif isinstance(value, tuple):
        for index, name in enumerate(value):
            yield Use(kind, name, (*path, index))


def declared(subject: Subject) -> dict[str, Collection[str]]:
    """The ids that the file declares, by kind."""
    protocol = subject.protocol
    return {
        "role": protocol.roles,
        "activity": protocol.activities,
        "source": protocol.sources,
        "arm": [arm.id for arm in protocol.arms],
        "decision": protocol.decisions,
        "gate": protocol.gates,
        "footnote": protocol.footnotes,
    }


def visits(subject: Subject) -> list[tuple[Path, Epoch, Visit]]:
    """Every visit as written, with its epoch, in listed order."""
    return [
        (("epochs", epoch_at, "visits", visit_at), epoch, visit)
        for epoch_at, epoch in enumerate(subject.protocol.epochs)
        for visit_at, visit in enumerate(epoch.visits)
    ]


def plural(ids: Iterable[str], maximum: int = 5) -> str:
    """Ids in backticks as words, such as "`a`, `b` and `c`".

    Args:
        ids: at least one.
        maximum: how many are named; of the others only the number is told.
    """
    every = list(ids)
    quoted = [f"`{name}`" for name in every[:maximum]]
    if len(every) > maximum:
        return f"{', '.join(quoted)} and {len(every) - maximum} more"
    return " and ".join(part for part in (", ".join(quoted[:-1]), quoted[-1]) if part)


def owner(subject: Subject, path: Path) -> str:
    """The id that a finding at a place is about.

    Args:
        subject: the protocol.
        path: keys and indices from the top of the file.

    Returns:
        A visit's id, else the id or key of an entry, else a key at the top of the file.
    """
    if len(path) >= 4 and path[0] == "epochs" and path[2] == "visits":
        return subject.protocol.epochs[int(path[1])].visits[int(path[3])].id
    if len(path) >= 2:
        key = path[1]
        if isinstance(key, str):
            return key
        entries_there = getattr(subject.protocol, str(path[0]), ())
        if isinstance(entries_there, tuple) and key < len(entries_there):
            entry = entries_there[key]
            named = getattr(entry, "id", None) or getattr(entry, "about", None)
            if isinstance(named, str):
                return named
    return str(path[0]) if path else subject.protocol.id
