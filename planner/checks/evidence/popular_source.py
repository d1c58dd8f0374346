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
    "a timing supported only by the press",
    what="A timing or constraint whose sources are all popular articles or press reports.",
    why="Such texts round numbers, mix trials and copy each other. The registry record"
    " usually has the distance as it was planned.",
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
        citation
        for citation in subject.cached(citations)
        if isinstance(citation.statement, (Timing, Constraint)) and known_sources(subject, citation)
    ]
    popular_kinds = {"popular-article", "press"}
    weak = [timing for timing in timings if source_kinds(subject, timing) <= popular_kinds]
    hint = "look for the distance in a registry record or in the paper"
    if len(weak) > 1 and len(weak) == len(timings):
        message = "every timing of this file rests only on popular articles or press reports"
        related = [Related(name_of(timing), timing.path) for timing in weak[:MAX_RELATED]]
        yield Flag(("sources",), message, hint, related=related)
        return
    for timing in weak:
        popular = "popular-article" in source_kinds(subject, timing)
        message = f"{name_of(timing)} rests only on {quoted(timing.sources)}, a"
        message += " popular article" if popular else " press report"
        yield Flag(timing.path, message, hint, about=timing.about)
