"""Patterns of days that repeat but for one of them."""

from collections.abc import Collection, Iterator

from planner.checks.finding import Finding
from planner.checks.rooms import about
from planner.checks.targets import aim, target_days
from planner.protocol.course import Course, Occurrence, Rule
from planner.protocol.document import Path

_LEAST_VISITS = 5
_LEAST_ROUNDS = 3
_LONGEST_PATTERN = 4


def broken_patterns(course: Course, kinds: Collection[str]) -> Iterator[Finding]:
    """Visits of these kinds that lie one day beside the place that the others' pattern gives."""
    rules = {rule.point.visit: rule for rule in reversed(course.rules) if aim(rule) is not None}
    placed: set[str] = set()
    for occurrence in course.visits:
        if occurrence.kind not in kinds or occurrence.id in placed:
            continue
        days = target_days(course, occurrence.id)
        series = [one for one in course.visits if one.kind == occurrence.kind and one.id in days]
        placed |= {one.id for one in series}
        series.sort(key=lambda one: days[one.id])
        found = _odd_one([days[one.id] for one in series])
        if found is not None:
            odd, off, pattern = found
            yield _misplaced(course, series, odd, off, pattern, rules)


def _odd_one(days: list[int]) -> tuple[int, int, list[int]] | None:
    """Which of some days lies a day late (1) or early (-1), and the steps that the rest repeat.

    ``None`` where the days repeat no pattern, or one without exception.
    """
    for length in range(1, _LONGEST_PATTERN + 1):
        if len(days) < max(_LEAST_VISITS, _LEAST_ROUNDS * length + 1):
            return None
        if _repeats(days, length):
            return None
        for at in range(len(days)):
            for off in (1, -1):
                moved = [*days[:at], days[at] - off, *days[at + 1 :]]
                if _repeats(moved, length):
                    steps = [moved[n + 1] - moved[n] for n in range(length)]
                    return at, off, steps
    return None


def _repeats(days: list[int], length: int) -> bool:
    steps = {days[n + length] - days[n] for n in range(len(days) - length)}
    return len(steps) == 1 and 0 not in steps


def _misplaced(
    course: Course,
    series: list[Occurrence],
    at: int,
    off: int,
    pattern: list[int],
    rules: dict[str, Rule],
) -> Finding:
    odd = series[at]
    rule = rules.get(odd.id)
    steps = " and ".join(f"{step}" for step in pattern)
    side = "late" if off > 0 else "early"
    name = f"`{odd.id}` ({odd.visit.title})" if odd.visit.title else f"`{odd.id}`"
    message = (
        f"{name} lies a day too {side} for its series: the targets of {len(series)}"
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
            f" series: the targets of {len(series)} {odd.kind} visits repeat steps of {steps} days"
        )
        hint = f"{right} would fit; check the source, and keep its day only if it means it"
    names = about(course, odd.id)
    return Finding("irregular-cadence", "warning", message, path, hint, (), names)
