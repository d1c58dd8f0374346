from collections.abc import Collection, Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import owner, plural
from planner.checks.subject import Subject
from planner.protocol.document import Path


@check(
    "error",
    "a reference to a visit that is not there",
    what="A timing, constraint, track or the anchor names a visit that the file does not have,"
    " or one of several occurrences without saying which.",
    why="The distance would count from nothing, and the planner would have to guess.",
    bad="constraints:\n  - {from: prep-2, to: dosing, within: 1d..}\n",
    good="constraints:\n  - {from: prep-1, to: dosing, within: 1d..}\n",
    misleads=True,
)
def unknown_visit(subject: Subject) -> Iterator[Flag]:
    found: dict[tuple[Path, str, str | None], list[str | None]] = {}
    for arm in subject.arms:
        for flaw in subject.course(arm).flaws:
            if flaw.check == "unknown-visit":
                found.setdefault((flaw.path, flaw.message, flaw.hint), []).append(arm)
    reported: set[Path] = set()
    for (path, message, hint), arms in found.items():
        if path not in reported:
            reported.add(path)
            where = "" if len(arms) == len(subject.arms) else f" (arm {plural(_named(arms))})"
            yield Flag(path, message + where, hint, about=[owner(subject, path)])


def _named(arms: Collection[str | None]) -> list[str]:
    return [arm for arm in arms if arm is not None]
