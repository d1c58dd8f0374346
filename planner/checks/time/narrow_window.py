from collections.abc import Iterator
from itertools import chain

from planner.checks.framework import Flag, check
from planner.checks.slack_words import (
    ArmSlack,
    related_limits,
    slack_by_arm,
    written_window,
)
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.schedule.build import RuleSource
from planner.schedule.slack import Slack


@check(
    "warning",
    "a visit window that other rules cut to less than half",
    what="A window with two ends, of whose days all rules together leave less than half. The"
    " finding gives what is left and the rules that remove the rest.",
    why="The written window promises days that are not available: a visit planned by it alone"
    " can make later visits impossible.",
    bad="""\
constraints:
  - {id: short-study, from: dosing, to: endpoint, within: ..30d}
""",
    good="""\
constraints:
  - {id: short-study, from: dosing, to: endpoint, within: ..5w}
""",
)
def narrow_window(subject: Subject) -> Iterator[Flag]:
    worst: dict[Path, tuple[float, ArmSlack, Slack]] = {}
    for arm in slack_by_arm(subject):
        for slack in arm.rules:
            share = _share(slack)
            if share < 0.5 and share < worst.get(slack.rule.path, (1.0,))[0]:
                worst[slack.rule.path] = (share, arm, slack)
    for path, (_, arm, slack) in worst.items():
        related: list[Iterator[RuleSource]] = []
        for at, late in ((0, False), (1, True)):
            if slack.left[at] != slack.written[at]:
                related.append(arm.limits.limit(slack, late=late))
        rule = slack.rule
        unit = "minutes" if slack.clock else "days"
        written, left = (written_window(slack, span) for span in (slack.written, slack.left))
        message = (
            f"`{rule.name}` allows {written}, but all rules together leave {left} of it:"
            f" {_size(slack.left)} of {_size(slack.written)} {unit}"
        )
        about = [arm.schedule.course.visit(rule.point.visit)]
        yield Flag(path, message, related=related_limits(chain.from_iterable(related)), about=about)


def _size(span: tuple[int | None, int | None]) -> int:
    first, last = span
    return 0 if first is None or last is None else last - first + 1


def _share(slack: Slack) -> float:
    """How much of a window with two ends is left; all of it where it is exact or open."""
    window = slack.rule.window
    if window is None or window.earliest == window.latest or None in slack.written:
        return 1.0
    return _size(slack.left) / max(1, _size(slack.written))
