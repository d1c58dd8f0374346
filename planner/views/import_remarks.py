"""What an import left out, could not read or had to choose: for people, and for the file made."""

from collections.abc import Iterator, Sequence

from planner.protocol.imported_document import Remark
from planner.protocol.model import Protocol
from planner.text import counted

_HEADS = {
    "left-out": "Not supported by a protocol file, left out:",
    "mistake": "Not readable, left out:",
    "reading": "Ambiguous, with the interpretation used:",
}
"""What stands above the remarks of each kind, those that say what is missing first."""


def remark_lines(file: str, remarks: Sequence[Remark], protocol: Protocol) -> list[str]:
    """The remarks, a line each with the place in the source, and a summary below them.

    Args:
        file: the source, as it was named.
        remarks: in the order in which they are to stand.
        protocol: what has been read.
    """
    lines = []
    for remark in remarks:
        line, column = remark.origin.position
        hint = f" ({remark.hint})" if remark.hint else ""
        place = f"{file}:{line}:{column}: {remark.kind}"
        lines.append(f"{place}: {remark.message}{hint} [{remark.origin.text}]".replace("\n", " "))
    return [*lines, _summary(remarks, protocol)]


def remark_comment(remarks: Sequence[Remark], protocol: Protocol) -> str:
    """The remarks as lines to stand at the top of the file that is written; empty without any.

    Who gets the file alone reads there what it lacks of its source.

    Args:
        remarks: in the order in which they are to stand.
        protocol: what has been read.
    """
    if not remarks:
        return ""
    return "\n".join(("", "", f"{_summary(remarks, protocol)}.", *_items(remarks)))


def _items(remarks: Sequence[Remark]) -> Iterator[str]:
    for kind, head in _HEADS.items():
        of_kind = [remark for remark in remarks if remark.kind == kind]
        if of_kind:
            yield head
        for remark in of_kind:
            hint = f" ({remark.hint})" if remark.hint else ""
            place = f"line {remark.origin.position.line}, {remark.origin.text}"
            yield f"- {remark.message}{hint} [{place}]".replace("\n", " ")


def _summary(remarks: Sequence[Remark], protocol: Protocol) -> str:
    visits = [visit for epoch in protocol.epochs for visit in epoch.visits]
    rules = sum(
        len(timings)
        for visit in visits
        for timings in (visit.after, visit.before, visit.first, visit.next)
    )
    counts = {"left-out": 0, "mistake": 0, "reading": 0}
    for remark in remarks:
        counts[remark.kind] += 1
    parts = [
        f"{counted(len(visits), 'visit')}, {counted(rules + len(protocol.constraints), 'rule')}"
    ]
    if counts["left-out"]:
        parts.append(f"{counted(counts['left-out'], 'unsupported item')} left out")
    if counts["mistake"]:
        parts.append(f"{counted(counts['mistake'], 'unreadable item')}")
    if counts["reading"]:
        parts.append(
            f"{counted(counts['reading'], 'ambiguous item')}, with the interpretation used"
        )
    return "; ".join(parts)
