from collections.abc import Iterator

from planner.checks.citations import (
    citations,
    cited_by,
    citing_places,
    name_of,
)
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject


@check(
    "warning",
    "a statement that relies on a retracted source",
    what="A source with a date of retraction that a statement cites, or a statement of grade"
    " `retracted`.",
    why="A withdrawn publication cannot support a schedule. If the visit took place all the"
    " same, another source says so.",
    bad="""\
sources:
  pooled: {kind: trial-paper, read: abstract, retracted: "2024-08-10"}
source: pooled
""",
    good="""\
sources:
  registry: {kind: registry, read: registry-record}
source: registry
""",
)
def retracted_source(subject: Subject) -> Iterator[Flag]:
    for key, cited in subject.cached(cited_by).items():
        source = subject.protocol.sources[key]
        if source.retracted is not None and cited:
            message = f"source `{key}` was retracted on {source.retracted}"
            number = len(cited)
            message += f"; {number} statement{' cites' if number == 1 else 's cite'} it"
            path = ("sources", key, "retracted")
            hint = "cite a source that is not retracted, or leave the statement out"
            related = citing_places(cited)
            yield Flag(path, message, hint, related=related, about=[key])
    for citation in subject.cached(citations):
        if citation.statement.grade == "retracted":
            message = f"{name_of(citation)} is graded `retracted` and still part of the schedule"
            place = (*citation.path, "grade")
            yield Flag(place, message, about=citation.about)
