from collections.abc import Iterator

from planner.checks.citations import (
    Citation,
    citations,
    name_of,
    quoted,
)
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.document import Path


@check(
    "note",
    "a statement with a source and without a grade",
    what="A statement with a source and without a grade, its own or that of the visit, epoch"
    " or protocol that contains it: `verified`, `secondary`, `derived`, `assumed`,"
    " `unverified` or `retracted`. One finding per visit; one for the file where nothing in"
    " it has a grade.",
    why="A source can support a statement word for word, or hardly at all.",
    bad="""\
sources:
  paper: {kind: trial-paper, read: abstract}
source: []
grade: null
tracks:
  - {id: diary, from: dosing, times: 7, source: paper}
""",
    good="""\
sources:
  paper: {kind: trial-paper, read: abstract}
source: []
grade: null
tracks:
  - {id: diary, from: dosing, times: 7, source: paper, grade: verified}
""",
)
def no_grade(subject: Subject) -> Iterator[Flag]:
    cited = [citation for citation in subject.cached(citations) if citation.sources]
    bare = [citation for citation in cited if citation.grade is None]
    hint = "add a `grade:`, such as `verified` or `secondary`"
    if cited and len(bare) == len(cited):
        message = "no statement in this file has a grade"
        yield Flag(bare[0].path or ("source",), message, hint)
        return
    first: dict[Path, Citation] = {}
    for statement in bare:
        length = 4 if statement.path[:1] == ("epochs",) else 2
        first.setdefault(statement.path[:length], statement)
    for statement in first.values():
        message = f"{name_of(statement)} cites {quoted(statement.sources)} without a grade"
        yield Flag(statement.path, message, hint, about=statement.about)
