"""How far apart a file says two visits lie: rules between them, else the targets that lead there.

Only what is written counts here, not what follows from all rules together; that is the matter of
`planner.schedule.slack`.
"""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from planner.protocol.course import Course, Occurrence, TimingConstraint
from planner.protocol.evidence import Stated
from planner.protocol.model import Constraint, Protocol
from planner.schedule.build import least_steps, most_steps
from planner.time.distance import CalendarDistance, Distance, Window, turned

ASSUMED = "assumed"
"""The grade of what no text read gives: the author of the file chose it."""
_MAX_PASSES = 50
"""Rules that contradict each other would push visits on for ever."""
Graded = tuple[TimingConstraint, str | None]
_ORDER = ("retracted", ASSUMED, "unverified", "secondary", "derived", "verified", None)


class Said(NamedTuple):
    """A distance in days as the file writes it.

    ``target`` and ``window`` are what rules between the two visits say, each with the grade of the
    weakest rule that says it; or the target is the sum of targets over other visits (``is_direct``
    is false). ``least`` and ``most`` are the days allowed, both included, ``None`` for an open end.
    """

    target: Distance | None
    target_grade: str | None
    window: Window | None
    window_grade: str | None
    least: int | None
    most: int | None
    is_direct: bool

    @property
    def grade(self) -> str | None:
        """The weaker of the two grades."""
        grades = [] if self.target is None else [self.target_grade]
        return weakest([*grades, *([] if self.window is None else [self.window_grade])])

    @property
    def text(self) -> str:
        """In the file's own terms, such as ``3w..5w, target 4w``."""
        return ", ".join(text for text, _ in self.parts)

    @property
    def parts(self) -> tuple[tuple[str, str | None], ...]:
        """What is written, each with its grade: one text for both where the grades are equal."""
        window, target = self.window, self.target
        if target is None or window is None or str(window) == str(target):
            grade = self.window_grade if target is None else self.target_grade
            return ((str(window if target is None else self._total()), grade),)
        if self.target_grade == self.window_grade:
            return ((f"{window}, target {target}", self.target_grade),)
        return (f"target {target}", self.target_grade), (f"{window}", self.window_grade)

    def _total(self) -> str:
        """The target; a sum of months and days against each other as the days it can be."""
        target = self.target
        if isinstance(target, CalendarDistance) and target.months * target.days < 0:
            least, most = (str(CalendarDistance(0, number)) for number in target.day_span)
            return least if least == most else f"{least}..{most}"
        return str(target)


def graded(*holders: Stated) -> str | None:
    """The grade that holds for the first: its own, else that of the next which holds it."""
    return next((holder.grade for holder in holders if holder.grade is not None), None)


def said(course: Course, start: str, end: str, *, assumed: bool = True) -> Said | None:
    """The distance from the start of one visit to the start of another, as far as it is written.

    Args:
        course: the course both visits belong to.
        start: occurrence id counted from.
        end: occurrence id counted to.
        assumed: whether what is graded `assumed` counts.

    Returns:
        What rules between the two say; else the sum of targets and exact distances on the shortest
        way over other visits; ``None`` where there is no way, or only one in clock time.
    """
    holders = {visit.id: visit for visit in course.visits}
    grades = [_grade(rule, holders, course.protocol) for rule in course.rules]
    read = [
        (rule, grade)
        for rule, grade in zip(course.rules, grades, strict=True)
        if assumed or grade != ASSUMED
    ]
    direct = [
        (rule, grade)
        for rule, grade in read
        if {rule.reference.visit, rule.point.visit} == {start, end}
    ]
    distance = _direct(direct, start) if start != end else None
    return _by_targets(read, start, end) if distance is None else distance


def _grade(
    rule: TimingConstraint, holders: dict[str, Occurrence], protocol: Protocol
) -> str | None:
    """The grade of a rule: its own, else that of the visit, epoch or protocol that holds it."""
    if isinstance(rule.stated, Constraint):
        return graded(rule.stated, protocol)
    holder = holders[rule.point.visit]
    return graded(rule.stated, holder.visit, holder.epoch, protocol)


def weakest(grades: Iterable[str | None]) -> str | None:
    """The least sure of several grades."""
    return min(grades, key=_ORDER.index, default=None)


def _direct(rules: list[Graded], start: str) -> Said | None:
    targets: list[tuple[Distance, str | None]] = []
    windows: list[Window] = []
    grades = []
    for rule, grade in rules:
        forward = rule.reference.visit == start
        window = rule.window if rule.window is None or forward else turned(rule.window)
        aim = rule.target if rule.target is None or forward else -rule.target
        ends = () if window is None else (window.earliest, window.latest)
        if not all(part is None or isinstance(part, CalendarDistance) for part in (aim, *ends)):
            continue  # clock time inside one day says nothing of days
        targets += [] if aim is None else [(aim, grade)]
        if window is not None:
            windows.append(window)
            grades.append(grade)
    if not targets and not windows:
        return None
    target, target_grade = targets[0] if targets else (None, None)
    least = max(
        (least_steps(window.earliest) or 0 for window in windows if window.earliest), default=None
    )
    most = min(
        (most_steps(window.latest) or 0 for window in windows if window.latest), default=None
    )
    if not windows:
        least, most = least_steps(target), most_steps(target)
    return Said(target, target_grade, _joint(windows), weakest(grades), least, most, True)


def _joint(windows: list[Window]) -> Window | None:
    """The one window that several make together, in the terms of those that bound it."""
    if not windows:
        return None
    opening = [window.earliest for window in windows if window.earliest is not None]
    closing = [window.latest for window in windows if window.latest is not None]
    return Window(
        max(opening, key=lambda end: least_steps(end) or 0, default=None),
        min(closing, key=lambda end: most_steps(end) or 0, default=None),
    )


def planned_days(course: Course, start: str) -> dict[str, int]:
    """About which day each visit has, counted from one of them; good for telling their order.

    Each visit lies as early as it can where every target is met or passed, and the near end of
    every window without one; months count the fewest days they can have. Visits that no rule in
    days ties to the rest are left out.

    Args:
        course: of any arm; an anchor is not needed.
        start: the id of the occurrence that lies on day 0.
    """
    steps = [step for rule in course.all_rules if (step := _step(rule)) is not None]
    days = {start: 0}
    known = 0
    while known < len(days):
        known = len(days)
        for _ in range(_MAX_PASSES):
            moved = [_moves_later(days, start, step) for step in steps]
            if not any(moved):
                break
        for earlier, later, apart in steps:
            if later in days and earlier not in days:
                days[earlier] = days[later] - apart
                break
    return days


def _step(rule: TimingConstraint) -> tuple[str, str, int] | None:
    """The earlier and the later visit of a rule, and how many days lie between them at least."""
    window = rule.window or rule.order or Window(None, None)
    ends = [end for end in (window.earliest, window.latest) if isinstance(end, CalendarDistance)]
    a, b = rule.reference.visit, rule.point.visit
    if isinstance(rule.target, CalendarDistance):
        number = rule.target.day_span[0]
    elif not ends:
        return None
    else:
        spans = [end.day_span[0] for end in ends]
        is_two_sided = len(ends) == 2 and spans[0] * spans[1] > 0
        number = min(spans, key=abs) if is_two_sided else 0
        if len(ends) == 1:
            number = max(0, spans[0]) if window.latest is None else min(0, spans[0])
    return (a, b, number) if number > 0 or not (number or rule.backwards) else (b, a, -number)


def _moves_later(days: dict[str, int], start: str, step: tuple[str, str, int]) -> bool:
    earlier, later, apart = step
    if later == start or earlier not in days:
        return False
    day = days[earlier] + apart
    if later in days and days[later] >= day:
        return False
    days[later] = day
    return True


def _by_targets(rules: list[Graded], start: str, end: str) -> Said | None:
    """The sum of targets and exact distances on a shortest way from one visit to the other."""
    reached = _reached(rules, start, end)
    if end not in reached or start == end:
        return None
    total, weak = reached[end]
    least, most = total.day_span
    return Said(total, weak, None, None, least, most, False)


def _reached(
    rules: list[Graded], start: str, end: str | None = None
) -> dict[str, tuple[CalendarDistance, str | None]]:
    """What lies on shortest ways from a visit: the sum of targets, and the weakest grade on them.

    Stops where the way to ``end`` is known.
    """
    ways: dict[str, list[tuple[str, CalendarDistance, str | None]]] = {}
    for rule, grade in rules:
        aim = rule.target
        if aim is None and rule.window is not None and rule.window.earliest == rule.window.latest:
            aim = rule.window.earliest
        if isinstance(aim, CalendarDistance) and not (rule.reference.end or rule.point.end):
            a, b = rule.reference.visit, rule.point.visit
            ways.setdefault(a, []).append((b, aim, grade))
            ways.setdefault(b, []).append((a, -aim, grade))
    reached: dict[str, tuple[CalendarDistance, str | None]]
    reached = {start: (CalendarDistance(0, 0), None)}
    queue = deque([start])
    while queue and end not in reached:
        name = queue.popleft()
        so_far, weak = reached[name]
        for there, step, grade in ways.get(name, ()):
            if there not in reached:
                reached[there] = so_far + step, weakest((weak, grade))
                queue.append(there)
    return reached
