from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.identifiers import declared, uses
from planner.checks.subject import Subject


@check(
    "note",
    "something declared and never used",
    what="A role, activity, source, decision, gate or footnote that nothing in the file uses.",
    why="The place that should use it may be missing, or it is left over from an earlier version.",
    bad="footnotes:\n  two-anchors: Counted from baseline and from the last session.\n",
    good="""\
footnotes:
  two-anchors: Counted from baseline and from the last session.
activities:
  caps: {title: CAPS-5, by: therapist, footnotes: [two-anchors]}
epochs:
  - id: treatment
    visits:
      - {id: baseline, activities: [caps]}
""",
)
def unused_declaration(subject: Subject) -> Iterator[Flag]:
    used = {(kind, used_id) for kind, used_id, _ in subject.cached(uses)}
    for kind, ids in subject.cached(declared).items():
        key = "activities" if kind == "activity" else f"{kind}s"
        for declared_id in ids:
            if kind != "arm" and (kind, declared_id) not in used:
                message = f"{kind} `{declared_id}` is declared and never used"
                yield Flag((key, declared_id), message, about=[declared_id])
