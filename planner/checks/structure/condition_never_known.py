from collections.abc import Iterator
from typing import TYPE_CHECKING

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject
from planner.errors import did_you_mean
from planner.protocol.document import Path

if TYPE_CHECKING:
    from planner.protocol.conditions import Condition


ARM = "arm"


@check(
    "warning",
    "a condition that no record can answer",
    what="An `expression:` that compares `arm` with an arm that the study does not have, that"
    " needs the arm of a blinded study without a visit of kind `unblinding`, or that names a"
    " gate as if it were a fact.",
    why="Records state facts, and gates with the date on which they were passed; the arm is"
    " known only after unblinding. The decision would stay open, and the visits that depend"
    " on it provisional, forever.",
    bad="""\
arms: [{id: active}, {id: control}]
decisions:
  second-session: {condition: The active arm, expression: arm == activ}
""",
    good="""\
arms: [{id: active}, {id: control}]
decisions:
  second-session: {condition: The active arm, expression: arm == active}
""",
)
def condition_never_known(subject: Subject) -> Iterator[Flag]:
    for name, decision in subject.protocol.decisions.items():
        if decision.expression is None:
            continue
        path: Path = ("decisions", name, "expression")
        for message, hint in _never_known(subject, decision.expression):
            yield Flag(path, f"decision `{name}` {message}", hint, about=[name])


def _never_known(subject: Subject, condition: "Condition") -> Iterator[tuple[str, str]]:
    """What is wrong with the facts that a condition asks for, and what to do about it."""
    protocol = subject.protocol
    for fact in condition.facts:
        if fact in protocol.gates:
            hint = "gates are recorded with a date; name the visit's gates under `requires:`"
            yield f"asks for `{fact}`, which is a gate and no fact", hint
    if ARM not in condition.facts:
        return
    arms = [arm.id for arm in protocol.arms]
    for value in condition.compared_with(ARM):
        if value not in arms:
            hint = did_you_mean(str(value), arms) or f"its arms: {', '.join(arms) or 'none'}"
            yield f"compares the arm with `{value}`, which is none", hint
    visits = [visit for arm in subject.arms for visit in subject.course(arm).visits]
    if protocol.hides_plans and not any(visit.kind == "unblinding" for visit in visits):
        hint = "give the unblinding a visit of `kind: unblinding`"
        yield "asks for the arm, which is never known: there is no unblinding", hint
