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
    "a verified statement without a source read first-hand",
    what="A statement of grade `verified` whose sources were all read only in another text"
    " (`secondary`) or not at all.",
    why="`verified` means that the author of the file read it in the text itself.",
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
    for citation in subject.cached(citations):
        has_own_evidence = citation.statement.source or citation.statement.grade
        if not has_own_evidence or not is_second_hand(subject, citation):
            continue
        read = {source.read for source in known_sources(subject, citation)}
        how = "not read" if read == {"not-read"} else "read only in another text"
        number = "was" if len(citation.sources) == 1 else "were"
        message = f"{name_of(citation)} is graded `verified`, but"
        message += f" {quoted(citation.sources)} {number} {how}"
        path = (*citation.path, "grade")
        hint = "grade it `secondary` or `unverified`, or say how far the source was read"
        yield Flag(path, message, hint, about=citation.about)
