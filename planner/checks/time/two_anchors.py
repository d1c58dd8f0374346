from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from planner.checks.finding import Related
from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import feasible_schedules
from planner.network.windows import distance
from planner.protocol.course import Course, Point, TimingConstraint
from planner.schedule.build import Schedule, allowed_window, least_steps, most_steps
from planner.time.distance import CalendarDistance, Window, turned


@check(
    "warning",
    "a visit with windows from two references that may not overlap",
    what="A visit with windows in days from two references. The windows overlap only for some"
    " of the distances that the other rules allow between the two references. The finding"
    " names these distances and what the other rules allow. References that only this visit"
    " connects, and those with a fixed distance, are not reported.",
    why="A participant may follow all other rules and still have no day left for this visit;"
    " or the visit rules out dates of sessions that the protocol permits.",
    bad="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..5w, target: 3w}}
      - id: endpoint
        after:
          - {visit: baseline, within: 7w..9w}
          - {visit: dosing, within: 4w..5w}
""",
    good="""\
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - {id: dosing, after: {visit: baseline, within: 1w..5w, target: 3w}}
      - id: endpoint
        after:
          - {visit: baseline, within: 7w..9w}
          - {visit: dosing, within: 4w..6w}
""",
)
@for_each(feasible_schedules)
def two_anchors(schedule: Schedule) -> Iterator[Flag]:
    own = _timings_of_visits(schedule)
    for point, tethers in _tethered(schedule.course).items():
        for tether, other in combinations(tethers, 2):
            apart = _parting(schedule, own[point.visit], tether, other)
            if apart is not None:
                yield _drifting(schedule.course, point, tether, other, apart)


class _Tether(NamedTuple):
    """What all rules of one visit together allow from one reference, in days with both ends."""

    reference: Point
    minimum: int
    maximum: int
    rules: tuple[TimingConstraint, ...]


_Span = tuple[int | None, int | None]


def _tethered(course: Course) -> dict[Point, list[_Tether]]:
    """The points with windows of two ends from several visits, and these windows."""
    rules: dict[Point, dict[Point, list[TimingConstraint]]] = {}
    for rule in course.rules:
        # A constraint is written to limit what timings leave; it gives a visit no second anchor.
        if rule.path[0] == "epochs" and rule.reference.visit != rule.point.visit:
            rules.setdefault(rule.point, {}).setdefault(rule.reference, []).append(rule)
    by_point = {}
    for point, by_reference in rules.items():
        if len(by_reference) > 1:
            each = (_tether(course, *pair) for pair in by_reference.items())
            tethers = [tether for tether in each if tether is not None]
            if len(tethers) > 1:
                by_point[point] = tethers
    return by_point


def _tether(course: Course, reference: Point, rules: list[TimingConstraint]) -> _Tether | None:
    minimums: list[int] = []
    maximums: list[int] = []
    bounding = []
    for rule in rules:
        window = allowed_window(rule, course)
        if window is None or not isinstance(window.earliest or window.latest, CalendarDistance):
            continue
        bounding.append(rule)
        minimum, maximum = least_steps(window.earliest), most_steps(window.latest)
        minimums += [] if minimum is None else [minimum]
        maximums += [] if maximum is None else [maximum]
    if not minimums or not maximums:
        return None
    return _Tether(reference, max(minimums), min(maximums), tuple(bounding))


def _timings_of_visits(schedule: Schedule) -> dict[str, frozenset[int]]:
    """The numbers of the statements that place each visit."""
    numbers: dict[str, list[int]] = {}
    for number, statement in enumerate(schedule.statements):
        rule = statement.rule
        if rule is not None and rule.path[0] == "epochs":
            numbers.setdefault(rule.point.visit, []).append(number)
    return {visit: frozenset(timings) for visit, timings in numbers.items()}


def _parting(
    schedule: Schedule, own: frozenset[int], tether: _Tether, other: _Tether
) -> tuple[_Span, _Span] | None:
    """Days between the references: which let both windows hold, and which the other rules allow.

    ``None`` where all of the latter are among the former. A point ``d1`` after one reference and
    ``d2`` after the other puts them ``d1 - d2`` apart. ``own`` are the timings of the point's
    visit, which are not among the other rules.
    """
    if tether.reference.visit == other.reference.visit:
        return None
    needed = tether.minimum - other.maximum, tether.maximum - other.minimum
    start, end = schedule.nodes[tether.reference], schedule.nodes[other.reference]
    minimum, maximum = distance(schedule.network, start, end, left_out=own)
    if minimum is None or maximum is None:
        # Then it may be this visit that places its reference, unless both come before it.
        backwards = any(rule.backwards for rule in (*tether.rules, *other.rules))
        if backwards or (minimum is None and maximum is None):
            return None
    if (minimum is None or minimum < needed[0]) or (maximum is None or maximum > needed[1]):
        return needed, (minimum, maximum)
    return None


def _drifting(
    course: Course, point: Point, tether: _Tether, other: _Tether, apart: tuple[_Span, _Span]
) -> Flag:
    start, end = tether.reference, other.reference
    if tether.minimum - other.maximum + tether.maximum - other.minimum < 0:
        start, end = end, start
        apart = _negative(apart[0]), _negative(apart[1])
    needed, allowed = map(_written, apart)
    message = (
        f"`{point}`: {_in_words(tether)} and {_in_words(other)} agree only while `{end}` is"
        f" {needed} after `{start}`; the other rules allow {allowed}"
    )
    hint = "widen a window until it holds all of that, or leave one of the two out"
    rules = (*tether.rules, *other.rules)
    return Flag(
        rules[-1].path,
        message,
        hint,
        related=[Related(f"`{rule.name}`", rule.path) for rule in rules[:-1]],
        about=[course.visit(point.visit)],
        once=frozenset(rule.path for rule in rules),
    )


def _negative(span: _Span) -> _Span:
    first, last = span
    return None if last is None else -last, None if first is None else -first


def _written(span: _Span) -> Window:
    first, last = (None if end is None else CalendarDistance(0, end) for end in span)
    return Window(first, last)


def _in_words(tether: _Tether) -> str:
    """The window as written, where one rule makes it: `17w..19w after baseline`."""
    window = _written((tether.minimum, tether.maximum))
    rules = tether.rules
    if len(rules) == 1 and rules[0].window is not None:
        window = rules[0].window
    backwards = all(rule.backwards for rule in rules)
    side = "before" if backwards else "after"
    return f"{turned(window) if backwards else window} {side} `{tether.reference}`"
