"""What every `planner import` of a study says on stderr: its remarks, and what came of the file."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planner.protocol.imported import Imported
    from planner.protocol.model import Protocol


def tell_import(file: str, imported: "Imported", protocol: "Protocol") -> None:
    """Tells the remarks, one line each with the place in the source, and a summary."""
    from planner.cli.output import tell

    for remark in imported.remarks:
        line, column = remark.origin.position
        hint = f" ({remark.hint})" if remark.hint else ""
        place = f"{file}:{line}:{column}: {remark.kind}"
        tell(f"{place}: {remark.message}{hint} [{remark.origin.text}]".replace("\n", " "))
    tell(_summary(imported, protocol))


def _summary(imported: "Imported", protocol: "Protocol") -> str:
    visits = [visit for epoch in protocol.epochs for visit in epoch.visits]
    rules = sum(
        len(timings)
        for visit in visits
        for timings in (visit.after, visit.before, visit.first, visit.next)
    )
    counts = {"left-out": 0, "mistake": 0, "reading": 0}
    for remark in imported.remarks:
        counts[remark.kind] += 1
    parts = [
        f"{_number(len(visits), 'visit')}, {_number(rules + len(protocol.constraints), 'rule')}"
    ]
    if counts["left-out"]:
        verb = "has" if counts["left-out"] == 1 else "have"
        parts.append(f"{_number(counts['left-out'], 'thing')} {verb} no place in a protocol file")
    if counts["mistake"]:
        parts.append(f"{_number(counts['mistake'], 'thing')} cannot be read")
    if counts["reading"]:
        parts.append(f"{_number(counts['reading'], 'thing')} can be read in another way too")
    return "; ".join(parts)


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
