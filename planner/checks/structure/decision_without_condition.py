from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.subject import Subject


@check(
    "error",
    "a decision without its condition",
    what="A decision with neither a `condition:`, in words, nor an `expression:`, on recorded"
    " facts.",
    why="Nobody could decide whether the visits that depend on it take place.",
    bad="decisions:\n  second-session: {title: Whether there is a second session}\n",
    good="""\
decisions:
  second-session:
    title: Whether there is a second session
    condition: No remission four weeks after the first
""",
)
def decision_without_condition(subject: Subject) -> Iterator[Flag]:
    for name, decision in subject.protocol.decisions.items():
        if not (decision.condition or "").strip() and decision.expression is None:
            message = f"decision `{name}` has no condition"
            hint = "add `condition:` in the protocol's words"
            yield Flag(("decisions", name), message, hint, about=[name])
