from collections.abc import Iterator

from planner.checks.citations import (
    citations,
    name_of,
)
from planner.checks.framework import Flag, check
from planner.checks.subject import Subject


@check(
    "warning",
    "a derived statement without its arithmetic",
    what="A statement of grade `derived` whose note has no number in it.",
    why="A derived number can be checked only with its derivation: 10w - 2 x 4w = 2w.",
    bad="""\
constraints:
  - {from: baseline, to: endpoint, within: ..10w, grade: derived}
""",
    good="""\
constraints:
  - {from: baseline, to: endpoint, within: ..10w, grade: derived, note: 3w + 6w + 1w = 10w}
""",
)
def derived_without_arithmetic(subject: Subject) -> Iterator[Flag]:
    for citation in subject.cached(citations):
        has_number = any(letter.isdigit() for letter in citation.statement.note or "")
        if citation.statement.grade == "derived" and not has_number:
            message = f"{name_of(citation)} is graded `derived`, but no note shows the arithmetic"
            hint = "add a `note:` such as `18w - 8w = 10w`"
            path = (*citation.path, "grade")
            yield Flag(path, message, hint, about=citation.about)
