from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check
from planner.checks.slack_words import written_target
from planner.checks.subject import Subject, different_courses
from planner.checks.targets import target_days, target_steps
from planner.checks.title_times import ClaimedDistance, claimed
from planner.protocol.course import Course, Occurrence, TimingConstraint
from planner.protocol.document import Path
from planner.schedule.build import least_steps, most_steps
from planner.schedule.slack import effective_windows
from planner.time.distance import CalendarDistance, Distance


@check(
    "warning",
    "a title that contradicts the timing",
    what="A title such as `Week 12`, `Day 15`, `D15`, `Month 3` or `6 months after`, where neither"
    " the visit's own timings nor its distance from the anchor agree; without a title, an id such"
    " as `follow-up-12-months`. Days are counted as the file declares: the anchor's date is Day 1,"
    " so that Day 15 is 14 days later, or Day 0 with `day_zero: true`. Numbers of visits and"
    " sessions mean nothing here, nor do days that are numbered within a cycle or a period.",
    why="Sites follow the title, the planner follows the timing: one of the two is wrong by days.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: endpoint, title: Day 15, after: {visit: baseline, within: ±1d, target: 15d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: endpoint, title: Day 15, after: {visit: baseline, within: ±1d, target: 14d}}
""",
)
def title_and_timing(subject: Subject) -> Iterator[Flag]:
    agreed: set[Path] = set()
    wrong: dict[Path, Flag] = {}
    for course in different_courses(subject):
        claims = {
            visit.path: claim
            for visit in course.visits
            if (claim := claimed(_title(visit), subject.protocol.day_zero)) is not None
        }
        if not claims:
            continue
        rules: dict[str, list[TimingConstraint]] = {}
        for rule in course.rules:
            rules.setdefault(rule.point.visit, []).append(rule)
        from_anchor = _from_anchor(subject, course.arm)
        for occurrence in course.visits:
            claim = claims.get(occurrence.path)
            if claim is None or occurrence.path in agreed:
                continue
            flag = _disagreement(
                course, occurrence, claim, rules.get(occurrence.id, []), from_anchor
            )
            if flag is None:
                agreed.add(occurrence.path)
            else:
                wrong.setdefault(occurrence.path, flag)
    yield from (flag for path, flag in wrong.items() if path not in agreed)


def _title(occurrence: Occurrence) -> str:
    """What people call a visit; its id in words where it has no title."""
    return occurrence.visit.title or occurrence.visit.id.replace("-", " ")


def _from_anchor(subject: Subject, arm: str | None) -> dict[str, tuple[int | None, int | None]]:
    """The days on which visits can take place; nothing where rules contradict each other.

    Where they have no last day, those on which targets put them.
    """
    if not subject.is_consistent(arm):
        return {}
    schedule = subject.schedule(arm)
    windows = effective_windows(schedule)
    days: dict[str, tuple[int | None, int | None]] = {
        name: (window.first, window.last) for name, window in windows.items()
    }
    if schedule.course.anchor is not None:
        steps = target_steps(schedule.course)
        for name, day in target_days(steps, schedule.course.anchor).items():
            if days.get(name, (None, day))[1] is None:
                days[name] = (day, day)
    return days


def _disagreement(
    course: Course,
    occurrence: Occurrence,
    claim: ClaimedDistance,
    rules: list[TimingConstraint],
    from_anchor: dict[str, tuple[int | None, int | None]],
) -> Flag | None:
    """What title and timings say, where no timing and no distance from the anchor agrees."""
    timings = []
    own_anchor = False
    for rule in rules:
        if rule.point.end or _days(rule) is None:
            continue
        at_anchor = rule.reference.visit == course.anchor
        own_anchor = own_anchor or at_anchor
        days = _days(rule)
        if days is None or _meet(claim.counted if at_anchor else claim.apart, days, rule.backwards):
            return None
        timings.append(rule)
    possible = from_anchor.get(occurrence.id)
    if not timings or (not own_anchor and (possible is None or _meet(claim.counted, possible))):
        return None
    rule = timings[0]
    field = "title" if occurrence.visit.title else "id"
    timing = written_target(rule) if rule.target is not None else str(rule.window)
    where = "before" if rule.backwards else "after"
    message = (
        f"the {field} of `{occurrence.visit.id}` says {claim.text}, which is"
        f" {_in_words(claim.counted)} from the anchor; its timing says {timing} {where}"
        f" `{rule.reference}`"
    )
    if not own_anchor and possible is not None:
        message += f", which is {_in_words(possible)} from the anchor"
    hint = None
    if claim.numbered is not None and claim.numbered[0] == "day" and not course.protocol.day_zero:
        hint = "the anchor's date is Day 1; if it is Day 0, declare `day_zero: true`"
    return Flag(
        (*occurrence.path, field),
        message,
        hint,
        related=[Related(f"`{rule.name}`", rule.path)],
        about=[occurrence],
    )


def _days(rule: TimingConstraint) -> tuple[int | None, int | None] | None:
    """The days of a rule's target, else of its window; ``None`` for a rule of hours."""
    if rule.target is not None:
        span: tuple[Distance | None, Distance | None] = (rule.target, rule.target)
    elif rule.window is not None:
        span = (rule.window.earliest, rule.window.latest)
    else:
        return None
    if not isinstance(span[0] or span[1], CalendarDistance):
        return None
    return least_steps(span[0]), most_steps(span[1])


def _meet(
    claim: tuple[int, int], days: tuple[int | None, int | None], backwards: bool = False
) -> bool:
    """Whether two spans of days have one in common; "2 weeks before" may be without a sign."""
    minimum, maximum = days
    if (minimum is None or minimum <= claim[1]) and (maximum is None or claim[0] <= maximum):
        return True
    return backwards and _meet((-claim[1], -claim[0]), days)


def _in_words(days: tuple[int | None, int | None]) -> str:
    minimum, maximum = days
    if minimum == maximum:
        return f"{minimum} days"
    if minimum is None or maximum is None:
        return f"at least {minimum} days" if maximum is None else f"at most {maximum} days"
    return f"{minimum} to {maximum} days"
