from collections.abc import Iterator

from planner.checks.citations import (
    MAX_RELATED,
    citations,
    known_sources,
    name_of,
    quoted,
    source_kinds,
)
from planner.checks.finding import Related
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.protocol.model import Constraint
from planner.protocol.visit import Timing


@check(
    "warning",
    "a timing known only from the press",
    what="A timing or constraint all of whose sources are popular articles or press reports.",
    why="Such texts round, mix trials and repeat each other. The registry record usually has the"
    " distance as it was planned.",
    bad="""\
sources:
  article: {kind: popular-article, read: full-text}
source: article
""",
    good="""\
sources:
  article: {kind: popular-article, read: full-text}
  registry: {kind: registry, read: registry-record}
source: [article, registry]
""",
)
def popular_source(subject: Subject) -> Iterator[Flag]:
    timings = [
        one
        for one in subject.cached(citations)
        if isinstance(one.statement, (Timing, Constraint)) and known_sources(subject, one)
    ]
    weak = [one for one in timings if source_kinds(subject, one) <= {"popular-article", "press"}]
    hint = "look for the distance in a registry record or in the paper"
    if len(weak) > 1 and len(weak) == len(timings):
        message = "every timing of this file rests only on popular articles or press reports"
        related = [Related(name_of(one), one.path) for one in weak[:MAX_RELATED]]
        yield Flag(("sources",), message, hint, related=related)
        return
    for one in weak:
        popular = "popular-article" in source_kinds(subject, one)
        message = f"{name_of(one)} rests only on {quoted(one.sources)}, a"
        message += " popular article" if popular else " press report"
        yield Flag(one.path, message, hint, about=one.about)
