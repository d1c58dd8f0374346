from collections.abc import Iterator

from planner.checks.framework import FAMILIES, Flag, check
from planner.checks.subject import Subject
from planner.errors import did_you_mean


@check(
    "note",
    "an accepted finding that does not occur",
    what="An entry of `ignore:` that names no check, or that no finding matches.",
    why="The entry has no effect: the finding was corrected, or the entry is misspelt.",
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
def unused_ignore(subject: Subject) -> Iterator[Flag]:
    for n, ignored in enumerate(subject.protocol.ignore):
        rule, at = ignored.rule, ignored.at
        if rule not in subject.known:
            hint = did_you_mean(rule, subject.known) or "`planner rules` lists them"
            if rule in FAMILIES:
                hint = f"`{rule}` is a family; name its checks one by one"
            message = f"there is no check `{rule}` to ignore"
            yield Flag(("ignore", n, "rule"), message, hint, about=[rule])
        elif rule in subject.ran and not any(
            finding.check == rule and (at is None or at in finding.about)
            for finding in subject.found
        ):
            where = f" about `{at}`" if at else ""
            message = f"there is no finding of `{rule}`{where} to ignore"
            yield Flag(("ignore", n, "rule"), message, about=[rule])
