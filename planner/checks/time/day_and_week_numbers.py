from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import different_courses
from planner.checks.targets import target_days, target_steps
from planner.checks.title_times import claimed
from planner.protocol.course import Course, Occurrence


@check(
    "note",
    "titles that count days from 1 and weeks from 0",
    what="Titles such as `Day 8` for the visit 7 days after a session and `Week 3` for the one 21"
    " days after it, in one file: the session's day is Day 1, and its week is Week 0.",
    why="Under that numbering Week 3 is Day 22. Whoever takes it for Day 21, or Day 8 for a week"
    " and a day, is off by one.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: day-8, title: Day 8, after: {visit: baseline, target: 7d, within: ±1d}}
      - {id: week-3, title: Week 3, after: {visit: baseline, target: 3w, within: ±2d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: day-8, title: Day 8, after: {visit: baseline, target: 7d, within: ±1d}}
      - {id: day-22, title: Day 22, after: {visit: baseline, target: 3w, within: ±2d}}
""",
)
@for_each(different_courses)
def day_and_week_numbers(course: Course) -> Iterator[Flag]:
    numbered = [
        (visit, number) for visit in course.visits if (number := _number(visit)) is not None
    ]
    starts = dict.fromkeys(
        rule.reference.visit
        for rule in course.rules
        if any(visit.id == rule.point.visit for visit, _ in numbered)
    )
    for start in starts:
        yield from _mixture(course, start, numbered)


def _number(occurrence: Occurrence) -> tuple[str, int] | None:
    """The unit and the number in a title such as `Day 8`; later than the first of them."""
    claim = claimed(occurrence.visit.title or "", day_zero=False)
    return (
        None if claim is None or claim.numbered is None or claim.numbered[1] < 1 else claim.numbered
    )


def _mixture(
    course: Course, start: str, numbered: list[tuple[Occurrence, tuple[str, int]]]
) -> Iterator[Flag]:
    """Where some titles count days from 1 and others weeks from 0, seen from one visit."""
    days = target_days(target_steps(course), start)
    from_one: list[Occurrence] = []
    from_zero: list[tuple[Occurrence, int]] = []
    for visit, (unit, number) in numbered:
        if unit == "day" and number > 1 and days.get(visit.id) == number - 1:
            from_one.append(visit)
        elif unit == "week" and days.get(visit.id) == 7 * number:
            from_zero.append((visit, 7 * number))
    if not from_one or not from_zero:
        return
    # The week of the primary endpoint is the one that most depends on it.
    endpoints = {name for name, activity in course.protocol.activities.items() if activity.endpoint}
    from_zero.sort(key=lambda pair: endpoints.isdisjoint(pair[0].visit.activities))
    (week, later), day = from_zero[0], from_one[-1]
    message = (
        f"titles count days from 1 and weeks from 0: `{day.visit.title}` is"
        f" {_days(days[day.id])} after `{start}`, and `{week.visit.title}` is {later} days"
        f" after it, which is Day {later + 1}"
    )
    hint = "explain in a footnote how days and weeks are numbered"
    yield Flag(
        (*week.path, "title"),
        message,
        hint,
        related=[Related(f"`{day.id}`", (*day.path, "title"))],
        about=[week, day, start],
        once=start,
    )


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
