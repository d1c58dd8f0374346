from collections.abc import Iterator

from planner.checks.citations import (
    citations,
)
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject


@check(
    "error",
    "a published protocol without any source",
    what="A protocol of status `published` in which nothing cites a source.",
    why="It is presented as the schedule of a real study, and nobody can look it up.",
    bad="""\
status: published
sources: {}
source: []
""",
    good="""\
status: published
sources:
  paper: {kind: trial-paper, read: abstract}
source: paper
""",
)
def no_sources(subject: Subject) -> Iterator[Flag]:
    if subject.protocol.status != "published":
        return
    if not any(citation.sources for citation in subject.cached(citations)):
        message = "nothing in this published protocol cites a source"
        hint = "declare `sources:` and cite them with `source:`, at the top or line by line"
        yield Flag(("status",), message, hint)
