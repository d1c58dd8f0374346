from collections.abc import Iterator

from planner.checks.citations import (
    Citation,
    citations,
    name_of,
)
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.evidence import Stated
from planner.protocol.model import Arm, Constraint, Cycle, Track
from planner.protocol.visit import Duration, Overnight, Staffing, Timing, Visit

_NAMED: tuple[tuple[type[Stated], str], ...] = (
    (Timing, "timing"),
    (Duration, "duration"),
    (Overnight, "stay"),
    (Staffing, "staffing"),
    (Visit, "visit"),
)


_MUST_CITE = (Timing, Duration, Overnight, Staffing, Visit, Constraint, Track, Arm, Cycle)


@check(
    "warning",
    "a statement without a source",
    what="A visit, timing, duration, stay, staffing, arm, cycle, constraint or track without"
    " a source, also at the visit, epoch or protocol that contains it. One finding per visit;"
    " one for the file where nothing in it cites a source.",
    why="A number without a source cannot be checked, and looks as certain as one that was read.",
    bad="""\
source: []
constraints:
  - {from: baseline, to: endpoint, within: ..10w}
""",
    good="""\
constraints:
  - {from: baseline, to: endpoint, within: ..10w, source: assumption, grade: assumed}
""",
)
def cites_nothing(subject: Subject) -> Iterator[Flag]:
    statements = [
        citation
        for citation in subject.cached(citations)
        if isinstance(citation.statement, _MUST_CITE)
    ]
    bare = [citation for citation in statements if not citation.sources]
    if not bare:
        return
    if len(bare) == len(statements):
        if subject.protocol.status != "published":
            message = "nothing in this file cites a source"
            hint = "declare `sources:` and cite them, if only one of kind `general-knowledge`"
            yield Flag(("id",), message, hint)
        return
    groups: dict[object, list[Citation]] = {}
    for citation in bare:
        place = citation.path[:4] if citation.path[0] == "epochs" else citation.path
        groups.setdefault(place, []).append(citation)
    for group in groups.values():
        names = _kinds(group)
        whose = f"`{group[0].owner}`" if group[0].owner else name_of(group[0])
        what = f"{whose}: {names}" if names else name_of(group[0])
        verb = "cites" if names.count(",") == 0 and " and " not in names else "cite"
        message = f"{what} {verb} no source"
        yield Flag(group[0].path, message, about=group[0].about)


def _kinds(group: list[Citation]) -> str:
    statements = [citation.statement for citation in group]
    words = [word for kind, word in _NAMED if any(isinstance(each, kind) for each in statements)]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
