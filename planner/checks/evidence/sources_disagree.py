from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject


@check(
    "note",
    "sources that contradict each other",
    what="Each entry of `disagreements:`: what the sources say, and which one the file follows.",
    why="A schedule can follow only one of them. Its users must see that another reading"
    " exists, and in which source.",
    bad="""\
sources:
  assumption: {kind: general-knowledge, read: not-read}
  registry: {kind: registry, read: registry-record}
  paper: {kind: trial-paper, read: abstract}
disagreements:
  - about: dosing
    what: length of the session
    readings: {registry: 7 hours, paper: 8 hours}
    follows: paper
""",
    good="""\
sources:
  assumption: {kind: general-knowledge, read: not-read}
  registry: {kind: registry, read: registry-record}
  paper: {kind: trial-paper, read: abstract}
footnotes:
  length: Registry and paper say 8 hours.
""",
)
def sources_disagree(subject: Subject) -> Iterator[Flag]:
    for n, disagreement in enumerate(subject.protocol.disagreements):
        readings = "; ".join(f"`{key}` says {text}" for key, text in disagreement.readings.items())
        follows = f"`{disagreement.follows}`" if disagreement.follows else "none of them"
        message = (
            f"`{disagreement.about}`, {disagreement.what}: {readings}; this file follows {follows}"
        )
        known = subject.protocol.sources
        related = [
            Related(f"`{key}`", ("sources", key)) for key in disagreement.readings if key in known
        ]
        yield Flag(("disagreements", n), message, related=related, about=[disagreement.about])
