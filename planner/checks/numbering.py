"""How titles number days and weeks, seen from the visit that they count from."""

from collections.abc import Iterator

from planner.checks.finding import Finding, Related
from planner.checks.rooms import about
from planner.checks.subject import Subject
from planner.checks.targets import target_days
from planner.checks.time_titles import claimed
from planner.protocol.course import Course, Occurrence


def mixed_numbering(subject: Subject) -> Iterator[Finding]:
    """One note per visit from which some titles count days from 1 and others weeks from 0."""
    told: set[str] = set()
    for arm in subject.different_arms():
        course = subject.course(arm)
        numbered = [(one, number) for one in course.visits if (number := _number(one)) is not None]
        starts = dict.fromkeys(
            rule.reference.visit
            for rule in course.rules
            if any(one.id == rule.point.visit for one, _ in numbered)
        )
        for start in starts:
            found = None if start in told else _mixture(course, start, numbered)
            if found is not None:
                told.add(start)
                yield found


def _number(occurrence: Occurrence) -> tuple[str, int] | None:
    """The unit and the number in a title such as `Day 8`; later than the first of them."""
    claim = claimed(occurrence.visit.title or "", day_zero=False)
    unit, _, number = ("", "", "") if claim is None else claim.text.partition(" ")
    if unit not in ("day", "week") or not number.isdigit() or int(number) < 1:
        return None
    return unit, int(number)


def _mixture(
    course: Course, start: str, numbered: list[tuple[Occurrence, tuple[str, int]]]
) -> Finding | None:
    days = target_days(course, start)
    from_one: list[Occurrence] = []
    from_zero: list[tuple[Occurrence, int]] = []
    for one, (unit, number) in numbered:
        if unit == "day" and number > 1 and days.get(one.id) == number - 1:
            from_one.append(one)
        elif unit == "week" and days.get(one.id) == 7 * number:
            from_zero.append((one, 7 * number))
    if not from_one or not from_zero:
        return None
    # The week of the primary endpoint is the one that most depends on it.
    endpoints = {name for name, one in course.protocol.activities.items() if one.endpoint}
    from_zero.sort(key=lambda pair: endpoints.isdisjoint(pair[0].visit.activities))
    (week, later), day = from_zero[0], from_one[-1]
    message = (
        f"titles count days from 1 and weeks from 0: `{day.visit.title}` lies"
        f" {_days(days[day.id])} after `{start}`, and `{week.visit.title}` lies {later} days"
        f" after it, which is Day {later + 1}"
    )
    hint = "say in a footnote how days and weeks are numbered"
    related = (Related(f"`{day.id}`", (*day.path, "title")),)
    names = tuple(dict.fromkeys((*about(course, week.id, day.id), start)))
    path = (*week.path, "title")
    return Finding("day-and-week-numbers", "note", message, path, hint, related, names)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"
