"""What the network proves about a protocol whose rules can all hold, in one line."""

from planner.checks.slack_words import slack_by_arm
from planner.checks.subject import Subject
from planner.schedule.build import Schedule, build_schedule
from planner.schedule.course_length import CourseLength, course_length
from planner.schedule.slack import Slack
from planner.schedule.undated import Choice, with_dates


def prove(subject: Subject) -> str | None:
    """The line such as `feasible; 23 visits; 15.1-27.3 weeks; 4 windows tightened`.

    ``None`` where nothing is proven: rules contradict each other, or references lead nowhere.
    Arms whose courses differ are told apart.
    """
    arms = subject.different_arms()
    for arm in arms:
        course = subject.course(arm)
        if course.flaws or course.anchor is None or not subject.is_consistent(arm):
            return None
    facts = [_facts(_planned(arm.schedule), arm.rules) for arm in slack_by_arm(subject)]
    if len(set(facts)) == 1:
        number = len(subject.arms)
        also = "" if number < 2 else " in both arms" if number == 2 else f" in all {number} arms"
        return f"feasible{also}; {facts[0]}"
    each = (f"arm {arm}: {fact}" for arm, fact in zip(arms, facts, strict=True))
    every = "both" if len(arms) == 2 else "all"
    return f"feasible in {every} arms; " + "; ".join(each)


def _planned(schedule: Schedule) -> Schedule:
    """The schedule of the visits with a date; the others have no say in how long it takes."""
    course = with_dates(schedule.course.protocol, schedule.course.arm, Choice())
    return schedule if len(course.visits) == len(schedule.course.visits) else build_schedule(course)


def _facts(schedule: Schedule, left: list[Slack]) -> str:
    visits = schedule.course.visits
    chosen = sum(1 for visit in visits if visit.visit.optional or visit.visit.when)
    optional = f" ({chosen} optional)" if chosen else ""
    facts = [f"{len(visits)} {_plural('visit', len(visits))}{optional}"]
    facts.append(length_words(course_length(schedule)))
    undated = len(schedule.course.undated)
    if undated:
        facts.append(f"{undated} without a date")
    tightened = sum(1 for slack in left if slack.is_tightened)
    if tightened:
        facts.append(f"{tightened} {_plural('window', tightened)} tightened")
    return "; ".join(facts)


def length_words(length: CourseLength) -> str:
    """The length in words, as in `15.1-27.3 weeks`, `26 weeks or more`, `14 weeks on target`."""
    minimum, maximum = length.least, length.most
    if maximum is None:
        aim = length.on_target
        more = " or more" if length.open_end else ""
        if length.told_on_target:
            return f"{_weeks(aim or 0)} weeks{more} on target"
        text = f"{_weeks(minimum or 0)} weeks or more"
        if aim is not None and aim > (minimum or 0):
            text += f" (on target {_weeks(aim)} weeks{more})"
        return text
    if maximum < 14:
        days = f"{minimum}" if minimum == maximum else f"{minimum}-{maximum}"
        return f"{days} {_plural('day', maximum)}"
    if minimum == maximum:
        return f"{_weeks(maximum)} weeks"
    return f"{_weeks(minimum or 0)}-{_weeks(maximum)} weeks"


def _weeks(days: int) -> str:
    whole, rest = divmod(days, 7)
    return f"{days / 7:.1f}" if rest else str(whole)


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"
