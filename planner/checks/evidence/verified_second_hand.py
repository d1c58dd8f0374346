from collections.abc import Iterator

from planner.checks.citations import (
    citations,
    is_second_hand,
    known_sources,
    name_of,
    quoted,
)
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject


@check(
    "warning",
    "a verified statement that rests on nothing read at first hand",
    what="A statement of grade `verified` all of whose sources were read only in another text"
    " (`secondary`) or not at all.",
    why="`verified` means that someone read it in the text itself.",
    bad="""\
sources:
  paper: {kind: trial-paper, read: secondary}
source: paper
grade: verified
""",
    good="""\
sources:
  paper: {kind: trial-paper, read: secondary}
source: paper
grade: secondary
""",
)
def verified_second_hand(subject: Subject) -> Iterator[Flag]:
    for one in subject.cached(citations):
        if not (one.statement.source or one.statement.grade) or not is_second_hand(subject, one):
            continue
        read = {source.read for source in known_sources(subject, one)}
        how = "not read" if read == {"not-read"} else "read only in another text"
        number = "was" if len(one.sources) == 1 else "were"
        message = f"{name_of(one)} is graded `verified`, but {quoted(one.sources)} {number} {how}"
        path = (*one.path, "grade")
        hint = "grade it `secondary` or `unverified`, or say how far the source was read"
        yield Flag(path, message, hint, about=one.about)
