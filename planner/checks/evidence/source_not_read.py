from collections.abc import Iterator

from planner.checks.citations import (
    cited_by,
    citing_places,
    is_second_hand,
    name_of,
)
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject


@check(
    "warning",
    "a source that was not read",
    what="A source with `read: not-read` that statements of grade `verified` or `secondary` cite."
    " As a note: such a source that only weaker grades cite, unless its kind is"
    " `general-knowledge`, which is no text.",
    why="A citation copied from elsewhere looks like support and is none.",
    bad="""\
sources:
  paper: {kind: trial-paper, read: not-read}
source: paper
grade: secondary
""",
    good="""\
sources:
  paper: {kind: trial-paper, read: abstract}
source: paper
grade: secondary
""",
)
def source_not_read(subject: Subject) -> Iterator[Flag]:
    for key, cited in subject.cached(cited_by).items():
        source = subject.protocol.sources[key]
        if source.read != "not-read" or not cited:
            continue
        strong = [
            citation
            for citation in cited
            if citation.grade in ("verified", "secondary") and not is_second_hand(subject, citation)
        ]
        path = ("sources", key, "read")
        if strong:
            message = f"source `{key}` was not read, but {name_of(strong[0])} relies on it"
            message += f" as `{strong[0].grade}`"
            if len(strong) > 1:
                message += f", and {len(strong) - 1} more"
            hint = "read it, or lower the grade of what rests on it"
            related = citing_places(strong)
            yield Flag(path, message, hint, related=related, about=[key])
        elif source.kind != "general-knowledge":
            message = f"source `{key}` was not read"
            related = citing_places(cited)
            yield Flag(path, message, related=related, about=[key], severity="note")
