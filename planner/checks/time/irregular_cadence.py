from collections import Counter
from collections.abc import Iterator, Sequence

from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import different_courses
from planner.checks.targets import aim, target_days, target_steps
from planner.protocol.course import Course, Occurrence, TimingConstraint
from planner.protocol.document import Path

_LEAST_VISITS = 5
_LEAST_ROUNDS = 3
_MAX_PATTERN_LENGTH = 4


@check(
    "warning",
    "one target that breaks a regular series",
    what="Five or more visits of one kind whose targets repeat a pattern (such as 3 and 4"
    " days in turn) for three rounds or more, except for one that is a day off.",
    why="It is most likely a misprint, here or in the source. Inside a window of a day or two"
    " nobody notices it until the dates of two parts of the study do not fit.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: talk-1, kind: contact, after: {visit: baseline, target: 7d, within: ±1d}}
      - {id: talk-2, kind: contact, after: {visit: baseline, target: 14d, within: ±1d}}
      - {id: talk-3, kind: contact, after: {visit: baseline, target: 20d, within: ±1d}}
      - {id: talk-4, kind: contact, after: {visit: baseline, target: 28d, within: ±1d}}
      - {id: talk-5, kind: contact, after: {visit: baseline, target: 35d, within: ±1d}}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: talk-1, kind: contact, after: {visit: baseline, target: 7d, within: ±1d}}
      - {id: talk-2, kind: contact, after: {visit: baseline, target: 14d, within: ±1d}}
      - {id: talk-3, kind: contact, after: {visit: baseline, target: 21d, within: ±1d}}
      - {id: talk-4, kind: contact, after: {visit: baseline, target: 28d, within: ±1d}}
      - {id: talk-5, kind: contact, after: {visit: baseline, target: 35d, within: ±1d}}
""",
)
@for_each(different_courses)
def irregular_cadence(course: Course) -> Iterator[Flag]:
    number = Counter(visit.kind for visit in course.visits)
    # What a cycle repeats has no exception, so one of them is written out beside it.
    kinds = {
        visit.kind
        for visit in course.visits
        if visit.cycle is None and number[visit.kind] >= _LEAST_VISITS
    }
    if not kinds:
        return
    rules = {rule.point.visit: rule for rule in reversed(course.rules) if aim(rule) is not None}
    steps = target_steps(course)
    placed: set[str] = set()
    for occurrence in course.visits:
        if occurrence.kind not in kinds or occurrence.id in placed:
            continue
        days = target_days(steps, occurrence.id)
        if len(days) < _LEAST_VISITS:
            continue
        series = [
            visit for visit in course.visits if visit.kind == occurrence.kind and visit.id in days
        ]
        placed |= {visit.id for visit in series}
        series.sort(key=lambda visit: days[visit.id])
        misplaced = _odd_one([days[visit.id] for visit in series])
        if misplaced is not None:
            at, off, pattern = misplaced
            odd = series[at]
            yield _misplaced(odd, rules.get(odd.id), off, len(series), pattern)


def _odd_one(days: list[int]) -> tuple[int, int, list[int]] | None:
    """Which of some days lies a day late (1) or early (-1), and the steps that the rest repeat.

    ``None`` where the days repeat no pattern, or one without exception.
    """
    for length in range(1, _MAX_PATTERN_LENGTH + 1):
        if len(days) < max(_LEAST_VISITS, _LEAST_ROUNDS * length + 1):
            return None
        if _repeats(days, length):
            return None
        for at in _suspects(days, length):
            for off in (1, -1):
                moved = [*days[:at], days[at] - off, *days[at + 1 :]]
                if _repeats(moved, length):
                    steps = [moved[n + 1] - moved[n] for n in range(length)]
                    return at, off, steps
    return None


def _suspects(days: list[int], length: int) -> Sequence[int]:
    """Which of some days can be the only one that breaks a pattern: it makes two steps odd."""
    steps = [days[n + length] - days[n] for n in range(len(days) - length)]
    if len(steps) < 5:  # too few to tell the usual step from the odd ones
        return range(len(days))
    ((usual, _),) = Counter(steps).most_common(1)
    odd = [n for n, step in enumerate(steps) if step != usual]
    return sorted({at for n in odd for at in (n, n + length)}) if len(odd) <= 2 else ()


def _repeats(days: list[int], length: int) -> bool:
    steps = {days[n + length] - days[n] for n in range(len(days) - length)}
    return len(steps) == 1 and 0 not in steps


def _misplaced(
    odd: Occurrence, rule: TimingConstraint | None, off: int, number: int, pattern: list[int]
) -> Flag:
    steps = " and ".join(f"{step}" for step in pattern)
    side = "late" if off > 0 else "early"
    name = f"`{odd.id}` ({odd.visit.title})" if odd.visit.title else f"`{odd.id}`"
    message = (
        f"{name} is a day too {side} for its series: the targets of {number}"
        f" {odd.kind} visits repeat steps of {steps} days"
    )
    path: Path = odd.path
    hint = None
    if rule is not None:
        path = (*rule.path, "within" if rule.target is None else "target")
        days = aim(rule) or 0
        sign = -1 if rule.backwards else 1
        # In days both, for a week more or less is easily overread: 34d and 35d, not 34d and 5w.
        written, right = (f"{sign * each}d" for each in (days, days - off))
        where = "before" if rule.backwards else "after"
        message = (
            f"{name} aims at {written} {where} `{rule.reference}`, a day too {side} for its"
            f" series: the targets of {number} {odd.kind} visits repeat steps of {steps} days"
        )
        hint = f"{right} would fit; check the source, and keep this day only if the source gives it"
    return Flag(path, message, hint, about=[odd])
