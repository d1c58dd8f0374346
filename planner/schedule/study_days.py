"""On which study days a visit lies: where its targets put it, and what all timings leave it."""

from collections import deque

from planner.protocol.course import Course, Occurrence, Point, Rule
from planner.schedule.windows import DayWindow
from planner.units import MINUTES_A_DAY, CalendarDistance, Distance

Days = tuple[int, int]
"""The fewest and the most days from the anchor's date, both included; a month is not exact."""


def target_days(course: Course) -> dict[str, Days]:
    """Where the chain of targets puts each visit, by occurrence id; the anchor lies on day 0.

    A visit's own target comes before one that another visit has from it. Visits that no chain of
    targets (or of windows of a single length) ties to the anchor are left out.
    """
    if course.anchor is None:
        return {}
    visits = {one.id: one for one in course.visits}
    ahead: dict[str, list[tuple[Rule, Days]]] = {}
    back: dict[str, list[tuple[Rule, Days]]] = {}
    for rule in course.rules:
        gap = _gap(rule, visits)
        if gap is not None:
            ahead.setdefault(rule.reference.visit, []).append((rule, gap))
            back.setdefault(rule.point.visit, []).append((rule, gap))
    found: dict[str, Days] = {course.anchor: (0, 0)}
    forward, backward = deque([course.anchor]), deque([course.anchor])
    while forward or backward:
        is_forward = bool(forward)
        here = forward.popleft() if is_forward else backward.popleft()
        least, most = found[here]
        for rule, (low, high) in (ahead if is_forward else back).get(here, ()):
            other = rule.point.visit if is_forward else rule.reference.visit
            if other not in found:
                found[other] = (
                    (least + low, most + high) if is_forward else (least - high, most - low)
                )
                forward.append(other)
                backward.append(other)
    return found


def _gap(rule: Rule, visits: dict[str, Occurrence]) -> Days | None:
    """Days from the start of the reference to the start of the visit, where a target fixes them."""
    distance = rule.target
    window = rule.window
    if distance is None and window is not None and window.earliest == window.latest:
        distance = window.earliest
    is_own = not rule.name.startswith("constraints.")
    if distance is None or not is_own or rule.reference.visit == rule.point.visit:
        return None
    days = _whole_days(distance, rule)
    if days is None:
        return None
    moved = _nights(rule.reference, visits) - _nights(rule.point, visits)
    return days[0] + moved, days[1] + moved


def _whole_days(distance: Distance, rule: Rule) -> Days | None:
    if isinstance(distance, CalendarDistance):
        return distance.day_span
    if rule.reference.end or rule.point.end or distance.minutes % MINUTES_A_DAY:
        return None
    days = distance.minutes // MINUTES_A_DAY
    return days, days


def _nights(point: Point, visits: dict[str, Occurrence]) -> int:
    stay = visits[point.visit].visit.overnight
    return stay.nights if point.end and stay is not None else 0


def study_day_text(target: Days | None, window: DayWindow | None, *, day_zero: bool) -> str:
    """Study days as a schedule of activities writes them; empty where nothing is known.

    Such as `15`, `29 ± 7`, `43 (40..57)`, `22..36` or `≥ 100`: the target and around it, or else
    alone, the days that all timings together leave. Both are counted from the anchor's date, which
    is Day 1 with Day -1 before it, or Day 0 with ``day_zero``.
    """

    def number(day: int) -> int:
        return day if day_zero or day < 0 else day + 1

    first, last = (None, None) if window is None else window
    room = _range(None if first is None else number(first), None if last is None else number(last))
    if target is None:
        return room
    aim = _range(number(target[0]), number(target[1]))
    if room in ("", aim):
        return aim
    day = target[0]
    if first is not None and last is not None and day == target[1]:
        crosses_zero = not day_zero and first < 0 <= last
        if day - first == last - day and not crosses_zero:
            return f"{aim} ± {day - first}"
    return f"{aim} ({room})"


def _range(first: int | None, last: int | None) -> str:
    if first is None:
        return "" if last is None else f"≤ {last}"
    if last is None:
        return f"≥ {first}"
    return str(first) if first == last else f"{first}..{last}"
