"""What all rules together leave of each, in the words and signs of the file."""

from collections.abc import Iterable
from typing import NamedTuple

from planner.checks.finding import Related
from planner.checks.subject import Subject, feasible_schedules
from planner.protocol.course import TimingConstraint
from planner.protocol.document import Path
from planner.schedule.build import RuleSource, Schedule
from planner.schedule.slack import LimitingStatements, Slack, rule_slack
from planner.time.distance import CalendarDistance, ClockDistance, Distance, Window, turned

MAX_RELATED = 6


class ArmSlack(NamedTuple):
    """A schedule whose rules can all hold, and what all of them together leave of each."""

    schedule: Schedule
    rules: list[Slack]
    limits: LimitingStatements


def slack_by_arm(subject: Subject) -> list[ArmSlack]:
    """What is left of each rule, for the different arms whose rules can all hold."""
    return subject.cached(_slack_by_arm)


def _slack_by_arm(subject: Subject) -> list[ArmSlack]:
    return [
        ArmSlack(schedule, rule_slack(schedule), LimitingStatements(schedule))
        for schedule in feasible_schedules(subject)
    ]


def written_window(slack: Slack, span: tuple[int | None, int | None]) -> Window:
    """A span of days or minutes as the window that one would write for its rule.

    Args:
        slack: the rule, and whether it counts minutes.
        span: both ends from the reference to the visit, included; ``None`` is open.

    Returns:
        With the signs of the file, where ``before`` counts backwards.
    """
    ends: list[Distance | None] = []
    for end in span:
        if end is None:
            ends.append(None)
        else:
            ends.append(ClockDistance(end) if slack.clock else CalendarDistance(0, end))
    window = Window(*ends)
    return turned(window) if slack.rule.backwards else window


def written_target(rule: TimingConstraint) -> str:
    """The target with the sign that it is written with."""
    target = rule.target
    return str(-target if rule.backwards and target is not None else target)


def side(rule: TimingConstraint) -> str:
    """The words ``after`` or ``before`` and the reference, as the rule is written.

    Args:
        rule: a rule of a course.
    """
    return f"{'before' if rule.backwards else 'after'} `{rule.reference}`"


def related_limits(statements: Iterable[RuleSource]) -> tuple[Related, ...]:
    """The places of statements that limit another, each line once, six at most."""
    limits: dict[Path, Related] = {}
    for statement in statements:
        limits[statement.path] = Related(statement.text, statement.path)
        if len(limits) == MAX_RELATED:
            break
    return tuple(limits.values())
