from collections.abc import Iterator

from planner.checks.framework import Flag, check, for_each
from planner.checks.slack_words import (
    ArmSlack,
    related_limits,
    side,
    slack_by_arm,
    written_target,
    written_window,
)
from planner.checks.targets import misses, written_span
from planner.schedule.build import most_steps


@check(
    "warning",
    "a target that no schedule can meet",
    what="A target inside its own window, but outside what all rules together leave of that"
    " window. The finding names the rules that keep it out of reach.",
    why="Every participant misses the preferred date; a plan can only come near it.",
    bad="""\
constraints:
  - {id: short-study, from: dosing, to: endpoint, within: ..32d}
""",
    good="""\
constraints:
  - {id: short-study, from: dosing, to: endpoint, within: ..5w}
""",
)
@for_each(slack_by_arm)
def target_unreachable(arm: ArmSlack) -> Iterator[Flag]:
    for slack in arm.rules:
        rule = slack.rule
        if misses(rule.target, written_span(rule)) or not misses(rule.target, slack.left):
            continue
        first = slack.left[0]
        early = first is not None and (most_steps(rule.target) or 0) < first
        left = written_window(slack, slack.left)
        yield Flag(
            (*rule.path, "target"),
            f"`{rule.point}` can never be {written_target(rule)} {side(rule)}, its target:"
            f" all rules together leave {left}",
            f"aim inside {left}, or relax a rule that keeps it away",
            related=related_limits(arm.limits.limit(slack, late=not early)),
            about=[arm.schedule.course.visit(rule.point.visit)],
        )
