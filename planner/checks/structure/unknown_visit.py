from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.identifiers import owner, plural
from planner.checks.subject import Subject
from planner.protocol.course import Flaw


def _flaws(subject: Subject) -> Iterator[tuple[Flaw, str, str]]:
    """References to nothing, in which arms they are, and the name of what they belong to."""
    arms_of: dict[Flaw, list[str]] = {}
    for arm in subject.arms:
        for flaw in subject.course(arm).flaws:
            if flaw.check == "unknown-visit":
                arms_of.setdefault(flaw, []).append(arm or "")
    for flaw, arms in arms_of.items():
        where = "" if len(arms) == len(subject.arms) else f" (arm {plural(arms)})"
        yield flaw, where, owner(subject, flaw.path)


@check(
    "error",
    "a reference to a visit that does not exist",
    what="A timing, constraint, track, reminder or the anchor names a visit that the file does not"
    " have, or a visit that repeats without saying which occurrence.",
    why="The distance would have no starting point, and the planner would have to guess.",
    bad="constraints:\n  - {from: prep-2, to: dosing, within: 1d..}\n",
    good="constraints:\n  - {from: prep-1, to: dosing, within: 1d..}\n",
    misleads=True,
)
@for_each(_flaws)
def unknown_visit(place: tuple[Flaw, str, str]) -> Iterator[Flag]:
    flaw, arms, name = place
    yield Flag(flaw.path, flaw.message + arms, flaw.hint, about=[name])
