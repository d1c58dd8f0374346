from collections.abc import Iterator

from planner.checks.framework import Flag, check
from planner.checks.slack_words import (
    because,
    shown,
    slack_by_arm,
)
from planner.checks.subject import Subject
from planner.protocol.document import Path
from planner.schedule.build import RuleSource, Schedule
from planner.schedule.slack import Slack, limiting_statements


@check(
    "warning",
    "a window of which other rules leave less than half",
    what="A window with two ends, of whose days all rules together leave less than half. The"
    " finding names what is left and the rules that take the rest.",
    why="The written window promises room that is not there; whoever plans by it plans visits"
    " that cannot be followed up in time.",
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
    worst: dict[Path, tuple[float, Schedule, Slack]] = {}
    for schedule, slack in slack_by_arm(subject):
        for room in slack:
            share = _share(room)
            if share < 0.5 and share < worst.get(room.rule.path, (1.0,))[0]:
                worst[room.rule.path] = (share, schedule, room)
    for path, (_, schedule, room) in worst.items():
        related: list[RuleSource] = []
        for at, late in ((0, False), (1, True)):
            if room.left[at] != room.written[at]:
                related += limiting_statements(schedule, room, late=late)
        rule = room.rule
        unit = "minutes" if room.clock else "days"
        message = (
            f"`{rule.name}` allows {shown(room, room.written)}, but all rules together leave"
            f" {shown(room, room.left)} of it: {_size(room.left)} of {_size(room.written)} {unit}"
        )
        about = [schedule.course.visit(rule.point.visit)]
        yield Flag(path, message, related=because((*related,)), about=about)


def _size(span: tuple[int | None, int | None]) -> int:
    first, last = span
    return 0 if first is None or last is None else last - first + 1


def _share(room: Slack) -> float:
    """How much of a window with two ends is left; all of it where it is exact or open."""
    window = room.rule.window
    if window is None or window.earliest == window.latest or None in room.written:
        return 1.0
    return _size(room.left) / max(1, _size(room.written))
