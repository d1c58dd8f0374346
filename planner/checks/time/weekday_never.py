from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check, for_each
from planner.checks.slack_words import ArmSlack, side, slack_by_arm, written_window
from planner.protocol.course import Course, Occurrence
from planner.protocol.document import Path
from planner.protocol.fields import WEEKDAYS
from planner.schedule.slack import Slack

_ALL_DAYS = (1 << 7) - 1


@check(
    "error",
    "a window that can never contain a permitted weekday",
    what="A visit whose `weekdays:` cannot be met on any date: from every permitted weekday"
    " of the visits that it counts from, its distances lead to other weekdays.",
    why="The visit cannot take place at all, whatever the start date.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline, weekdays: monday}
      - {id: dosing, weekdays: [monday, friday], after: {visit: baseline, within: 8d..10d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline, weekdays: monday}
      - {id: dosing, weekdays: [monday, friday], after: {visit: baseline, within: 8d..11d}}
""",
)
@for_each(slack_by_arm)
def weekday_never(arm: ArmSlack) -> Iterator[Flag]:
    course = arm.schedule.course
    if not any(visit.visit.weekdays for visit in course.visits):
        return
    impossible = _impossible_weekday(course, arm.rules)
    if impossible is not None:
        yield _no_weekday(*impossible)


def _impossible_weekday(course: Course, rules: list[Slack]) -> tuple[Occurrence, Slack, int] | None:
    """The visit that is left without a weekday, the rule that does it, and what it would allow.

    Arc consistency over sets of weekdays: it only takes away what no schedule has, so that an
    empty set is a proof.
    """
    visits = course.visits
    days = {visit.id: _mask(visit.visit.weekdays) for visit in visits}
    bounding = [
        slack for slack in rules if not slack.clock and _is_short(slack) and _is_of_starts(slack)
    ]
    changed = True
    while changed:
        changed = False
        for slack in bounding:
            minimum, maximum = slack.left
            assert minimum is not None
            assert maximum is not None
            reference, point = slack.rule.reference.visit, slack.rule.point.visit
            forward = _shifted(days[reference], minimum, maximum)
            if not forward & days[point]:
                return course.visit(point), slack, forward
            back = _shifted(days[point], -maximum, -minimum)
            if not back & days[reference]:
                return course.visit(reference), slack, back
            for name, allowed in ((point, forward), (reference, back)):
                if days[name] & ~allowed:
                    days[name] &= allowed
                    changed = True
    return None


def _is_short(slack: Slack) -> bool:
    first, last = slack.left
    return first is not None and last is not None and last - first < 6


def _is_of_starts(slack: Slack) -> bool:
    return not slack.rule.reference.end and not slack.rule.point.end


def _mask(weekdays: tuple[str, ...]) -> int:
    return sum(1 << WEEKDAYS.index(weekday) for weekday in set(weekdays)) if weekdays else _ALL_DAYS


def _shifted(days: int, minimum: int, maximum: int) -> int:
    """Weekdays that lie so many days after others, as bits; Monday is the lowest."""
    reached = 0
    for distance_in_days in range(minimum, maximum + 1):
        turn = distance_in_days % 7
        reached |= (days << turn | days >> (7 - turn)) & _ALL_DAYS
    return reached


def _no_weekday(occurrence: Occurrence, slack: Slack, reached: int) -> Flag:
    rule = slack.rule
    names = [day for at, day in enumerate(WEEKDAYS) if reached >> at & 1]
    wanted = ", ".join(occurrence.visit.weekdays)
    path: Path = (*occurrence.path, "weekdays") if wanted else occurrence.path
    limit = f"takes place on {wanted} only" if wanted else "is left no weekday"
    message = (
        f"`{occurrence.id}` {limit}, but {rule.point} is"
        f" {written_window(slack, slack.left)} {side(rule)}: that leaves"
        f" {', '.join(names) or 'no day'}"
    )
    related = [Related(f"`{rule.name}`", rule.path)]
    return Flag(path, message, related=related, about=[occurrence], once=occurrence.path)
