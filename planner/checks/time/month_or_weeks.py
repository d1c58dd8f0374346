import re
from collections.abc import Iterator

from planner.checks.finding import Related
from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import different_courses
from planner.protocol.course import Course, TimingConstraint
from planner.protocol.document import Path
from planner.schedule.build import least_steps, most_steps
from planner.time.distance import CalendarDistance


@check(
    "warning",
    "a month where the sources say four weeks, or the reverse",
    what="A timing in calendar months although the visit's notes, footnotes or other timings"
    " give the same number of four-week periods or of 28 days, or, for one month, 3-5 weeks."
    " Also a target of four weeks although its notes or footnotes say monthly or a month,"
    " without a window that includes both: 28 to 31 days.",
    why="A month is 28 to 31 days and ends on another weekday; four weeks are always 28 days."
    " Over three sessions the two differ by a week.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: endpoint
        note: The publication says 12 weeks.
        after: {visit: baseline, target: 3mo, within: ±1w}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: endpoint
        note: The publication says 12 weeks.
        after: {visit: baseline, target: 12w, within: ±1w}
""",
)
@for_each(different_courses)
def month_or_weeks(course: Course) -> Iterator[Flag]:
    for rule in course.rules:
        months = _months(rule)
        if rule.target == _FOUR_WEEKS or rule.target == -_FOUR_WEEKS:
            yield from _says_month(course, rule)
        elif months:
            yield from _says_weeks(course, rule, months)


_FOUR_WEEKS = CalendarDistance(0, 28)


def _says_month(course: Course, rule: TimingConstraint) -> Iterator[Flag]:
    """Four weeks that a note calls a month, where no window has room for both."""
    for other in course.rules:
        window = other.window
        if window is None or {other.point, other.reference} != {rule.point, rule.reference}:
            continue
        ends = sorted(
            abs(end)
            for end in (least_steps(window.earliest), most_steps(window.latest))
            if end is not None
        )
        if len(ends) == 2 and ends[0] <= 28 and ends[1] >= 31:
            return
    for text, path in _texts(course, rule):
        match = re.search(r"\b(?:monthly|(?:a|one|1|per|each|every) month)\b", text.lower())
        if match is not None:
            message = (
                f"`{rule.name}` counts 4 weeks, but its note says {match[0]}, which is 28 to 31"
                " days; no window holds both"
            )
            hint = "write the range as a window, as in `within: 3w..5w`, if the sources have one"
            visit = course.visit(rule.point.visit)
            yield Flag(rule.path, message, hint, related=[Related("there", path)], about=[visit])
            return


def _months(rule: TimingConstraint) -> int:
    """Months of a timing's target, or of the two equal ends of its window; 0 where it has none."""
    distance = rule.target
    if distance is None and rule.window is not None and rule.window.earliest == rule.window.latest:
        distance = rule.window.earliest
    if isinstance(distance, CalendarDistance) and not distance.days:
        return abs(distance.months)
    return 0


_WORDS = {4: "four", 8: "eight", 12: "twelve"}


def _says_weeks(course: Course, rule: TimingConstraint, months: int) -> Iterator[Flag]:
    """A timing in months, where the file speaks of weeks elsewhere."""
    elsewhere = _weeks_elsewhere(course, rule, months)
    if elsewhere is not None:
        says, path = elsewhere
        unit = "month" if months == 1 else "months"
        message = f"`{rule.name}` counts {months} calendar {unit}, but {says}"
        hint = f"write `{4 * months}w` if weeks are meant, or write the range as a window"
        visit = course.visit(rule.point.visit)
        yield Flag(rule.path, message, hint, related=[Related("there", path)], about=[visit])


def _weeks_elsewhere(
    course: Course, rule: TimingConstraint, months: int
) -> tuple[str, Path] | None:
    """What the notes of a timing or other timings of its visit say of weeks, and the place."""
    weeks = 4 * months
    numbers = f"{weeks}|{_WORDS[weeks]}" if weeks in _WORDS else f"{weeks}"
    if months == 1:
        numbers += "|3 ?(?:-|–|to) ?5"
    pattern = rf"\b(?:(?:{numbers})[\s-]weeks?|{28 * months}[\s-]days?)\b"
    for text, path in _texts(course, rule):
        match = re.search(pattern, text.lower())
        if match:
            return f"its note says {match[0]}", path
    for other in course.rules:
        if other.point.visit == rule.point.visit and other.path != rule.path:
            distance = other.target
            if isinstance(distance, CalendarDistance) and abs(distance.days) == 7 * weeks:
                return f"`{other.name}` counts {weeks} weeks", other.path
    return None


def _texts(course: Course, rule: TimingConstraint) -> Iterator[tuple[str, Path]]:
    """Notes of the timing, its visit, epoch and cycle, footnotes, and what its sources note."""
    occurrence, protocol = course.visit(rule.point.visit), course.protocol
    visit, epoch = occurrence.visit, occurrence.epoch
    yield rule.stated.note or "", (*rule.path, "note")
    yield visit.note or "", (*occurrence.path, "note")
    yield epoch.note or "", (*occurrence.path[:2], "note")
    if epoch.cycle is not None:
        yield epoch.cycle.note or "", (*occurrence.path[:2], "cycle", "note")
    for key in visit.footnotes:
        yield protocol.footnotes.get(key, ""), ("footnotes", key)
    for key in rule.stated.source or visit.source:
        source = protocol.sources.get(key)
        if source is not None:
            yield source.note or "", ("sources", key, "note")
