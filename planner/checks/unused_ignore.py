"""What a file accepts in vain: known only once the other checks have run, and of all their ids."""

from collections.abc import Collection, Iterator

from planner.checks.finding import Finding, Page
from planner.checks.framework import FAMILIES, Check
from planner.checks.subject import Subject
from planner.errors import did_you_mean
from planner.protocol.document import Path

ID = "unused-ignore"
_PAGE = Page(
    what="An entry of `ignore:` that names no check, or that no finding matches.",
    why="It accepts nothing: the finding was corrected, or the entry is misspelt.",
    bad="ignore:\n  - {rule: dosing-without-staf, reason: At home and alone}\n",
    good="""\
roles: {}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, mode: home, after: {visit: baseline, within: 1w}}
ignore:
  - {rule: dosing-without-staff, reason: At home and alone}
""",
)


def knowing(ids: Collection[str]) -> Check:
    """The check that judges by what those before it found; ``ids`` are those a file may name."""
    title = "an accepted finding that is not found"
    return Check(ID, "structure", "note", title, _PAGE, lambda subject: _examine(subject, ids))


def _examine(subject: Subject, ids: Collection[str]) -> Iterator[Finding]:
    for n, ignored in enumerate(subject.protocol.ignore):
        path: Path = ("ignore", n, "rule")
        rule, at = ignored.rule, ignored.at
        if rule not in ids:
            hint = did_you_mean(rule, ids) or "`planner rules` lists them"
            if rule in FAMILIES:
                hint = f"`{rule}` is a family; name its checks one by one"
            message = f"there is no check `{rule}` to ignore"
            yield Finding(ID, "note", message, path, hint, (), (rule,))
        elif rule in subject.ran and not any(
            found.check == rule and (at is None or at in found.about) for found in subject.found
        ):
            where = f" about `{at}`" if at else ""
            message = f"there is no finding of `{rule}`{where} to ignore"
            yield Finding(ID, "note", message, path, None, (), (rule,))
