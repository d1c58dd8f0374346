"""Plans what is left of very many courses at one site, from tables that participants share.

`Replanner` builds candidates and limits for one participant. Where a protocol counts in calendar
days alone, both depend on the date and not on the participant: made once for a stretch of dates,
they leave each participant a few lookups. The answers are the same, and what cannot be answered
this way (`None`) is for `Replanner`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from planner.network.arc_consistency import Limit, LimitGraph
from planner.network.placement import Preference, Pull, place_between
from planner.protocol.course import Rule
from planner.schedule.build import bounding_window
from planner.timeline.history import Event
from planner.timeline.placing import CoursePlanner, shifted, target_weight
from planner.timeline.replanning import SoFar, most_cost
from planner.units import CalendarDistance, Distance, Window


class Rest(NamedTuple):
    """What is left of a course: by position of the visit, between which candidates it can lie.

    ``free`` are the positions of the visits that will take place. ``stuck`` are those that no date
    from today on can keep inside their windows, each held on the first date that there is; all
    other windows are kept. ``open_first`` and ``open_last`` may be as early, but for today, or as
    late as one likes: nothing but the horizon bounds them.
    """

    free: tuple[int, ...]
    low: list[int]
    high: list[int]
    stuck: frozenset[int]
    open_first: frozenset[int]
    open_last: frozenset[int]


class _Side(NamedTuple):
    """One side of a rule: ``position[head] >= goal[tail]``, or ``<=`` it where ``is_latest``."""

    rule: Rule
    tail: int
    head: int
    distance: CalendarDistance
    is_latest: bool
    position: list[int]
    goal: list[int]


class _Key(NamedTuple):
    """What a shape depends on: the settled, the void, the ending and the pinned visits."""

    settled: frozenset[str]
    void: frozenset[str]
    ending: frozenset[str]
    pinned: frozenset[str]


class _Shape(NamedTuple):
    """What holds for all participants who have the same visits still to come."""

    free: tuple[int, ...]
    limits: list[Limit]
    graph: LimitGraph
    from_settled: list[_Side]
    to_settled: list[_Side]
    pulls: list[Pull]
    pulls_from: list[tuple[_Side, int]]
    pulls_to: list[tuple[_Side, int]]
    costly: frozenset[int]
    open_first: frozenset[int]
    open_last: frozenset[int]


class CohortPlanner:
    """Plans the rest of one course for any number of participants on dates of one stretch.

    Args:
        planner: the course's planner.
        today: ordinal of the date that participants are planned from.
    """

    def __init__(self, planner: CoursePlanner, today: int) -> None:
        self.planner = planner
        self.today = today
        self.first, self.last = today - planner.near, today + planner.near
        self.columns = [
            pattern.between(self.first, self.last, closures=True) for pattern in planner.patterns
        ]
        self.count = len(self.columns)
        self.names = [one.id for one in planner.course.visits]
        self._sides = [
            _Side(
                rule,
                planner.index[rule.reference.visit],
                planner.index[rule.point.visit],
                distance,
                is_latest,
                self._positions(rule),
                self._goals(rule, distance),
            )
            for rule, window in planner.bounding_rules()
            for distance, is_latest in ((window.earliest, False), (window.latest, True))
            if isinstance(distance, CalendarDistance)
        ]
        self._targets = [
            (
                _Side(
                    rule,
                    planner.index[rule.reference.visit],
                    planner.index[rule.point.visit],
                    rule.target,
                    False,
                    self._positions(rule),
                    self._goals(rule, rule.target),
                ),
                target_weight(
                    planner.course, planner.course.visits[planner.index[rule.point.visit]]
                ),
            )
            for rule in planner.course.rules
            if isinstance(rule.target, CalendarDistance)
            and rule.reference.visit != rule.point.visit
        ]
        self._tables: dict[int, Limit] = {}
        self._shapes: dict[_Key, _Shape | None] = {}

    @staticmethod
    def serves(planner: CoursePlanner) -> bool:
        """Whether a course is of the kind that tables are made for: no visit waits for a clock."""
        return not planner.fixed and not planner.tied and all(map(_is_calendar, _windows(planner)))

    def _positions(self, rule: Rule) -> list[int]:
        column = self.columns[self.planner.index[rule.point.visit]]
        return column.end_days if rule.point.end else column.days

    def _goals(self, rule: Rule, distance: Distance) -> list[int]:
        column = self.columns[self.planner.index[rule.reference.visit]]
        return shifted(column, rule.reference, distance)

    def rest(self, so_far: SoFar, *, pinned: Mapping[str, int]) -> Rest | None:
        """What is left; ``None`` where nothing fits, or only a search without tables can tell.

        Args:
            so_far: what is settled; its ``today`` is at least that of the tables.
            pinned: dates (ordinals) that unsettled visits are held on, by occurrence id; one whose
                date has passed is stuck.
        """
        today = self.today if so_far.today is None else so_far.today
        held = self._held(so_far, pinned, today)
        shape = None if held is None else self._shape(held, pinned)
        if held is None or shape is None:
            return None
        names = self.names
        low, high, first = [0] * self.count, [0] * self.count, [0] * self.count
        for at in shape.free:
            name, days = names[at], self.columns[at].days
            high[at] = bisect_right(days, today + self.planner.near) - 1
            first[at] = bisect_left(days, today)
            if name in pinned:
                high[at] = -1
            booked = so_far.booked.get(name)
            if booked is not None and not self._holds(at, booked):
                return None
        self._bound(shape, held, low, high)
        stuck = []
        for at in shape.free:
            if high[at] < first[at]:
                if low[at] > first[at] or first[at] >= len(self.columns[at].days):
                    return None
                stuck.append(at)
                low[at] = high[at] = first[at]
            elif first[at] > low[at]:
                low[at] = first[at]
            if high[at] < low[at]:
                return None
        if not shape.graph.rise(low, high, shape.free):
            return None
        shape.graph.fall(high, shape.free)
        kept = tuple(self.planner.index[name] for name in held.settled.keys() - so_far.settled)
        for at in kept:
            low[at] = high[at] = bisect_left(self.columns[at].days, pinned[names[at]])
        free = shape.free + kept
        return Rest(free, low, high, frozenset(stuck), shape.open_first, shape.open_last)

    def _held(self, so_far: SoFar, pinned: Mapping[str, int], today: int) -> SoFar | None:
        """The same with pinned visits among the settled; ``None`` if one cannot be on its date."""
        if not pinned:
            return so_far
        settled, booked = dict(so_far.settled), dict(so_far.booked)
        for name, pin in pinned.items():
            at = self.planner.index[name]
            starts, days, ends, end_days, _ = self.columns[at]
            index = bisect_left(days, pin)
            if pin >= today:
                if index == len(days) or days[index] != pin:
                    return None
                own = booked.pop(name, None)
                if own is not None and not self._holds(at, own):
                    return None
                settled[name] = Event(starts[index], pin, ends[index], end_days[index], False)
        return so_far._replace(settled=settled, booked=booked)

    def _holds(self, at: int, booked: Event) -> bool:
        """Whether an appointment is on a day, and as long, as the tables have it."""
        column = self.columns[at]
        index = bisect_left(column.days, booked.day)
        return (
            index < len(column.days)
            and column.days[index] == booked.day
            and column.end_days[index] == booked.end_day
        )

    def _bound(self, shape: _Shape, so_far: SoFar, low: list[int], high: list[int]) -> None:
        """Narrows visits by the dates of settled ones, each rule by itself."""
        visits = self.planner.course.visits
        for side in shape.from_settled:
            goal = _reached(so_far.settled[visits[side.tail].id], side)
            if side.is_latest:
                at = bisect_right(side.position, goal) - 1
                if at < high[side.head]:
                    high[side.head] = at
            else:
                at = bisect_left(side.position, goal)
                if at > low[side.head]:
                    low[side.head] = at
        for side in shape.to_settled:
            event = so_far.settled[visits[side.head].id]
            position = event.end_day if side.rule.point.end else event.day
            if side.is_latest:
                at = bisect_left(side.goal, position)
                if at > low[side.tail]:
                    low[side.tail] = at
            else:
                at = bisect_right(side.goal, position) - 1
                if at < high[side.tail]:
                    high[side.tail] = at

    def plan(
        self,
        rest: Rest,
        so_far: SoFar,
        *,
        pinned: Mapping[str, int],
        wishes: Mapping[str, int] | None = None,
    ) -> Sequence[int]:
        """The best plan between the bounds: by position of the visit the index of its candidate.

        Fewest appointments moved, then nearest the targets, then earliest, as `Replanner` does.

        Args:
            rest: as `rest` gives it.
            so_far: what is settled, and the appointments.
            pinned: as `rest` took them.
            wishes: dates (ordinals) that visits without an appointment are to stay near.
        """
        today = self.today if so_far.today is None else so_far.today
        held = self._held(so_far, pinned, today)
        assert held is not None, "there is no rest without"
        so_far, shape = held, self._shape(held, pinned)
        assert shape is not None, "there is no rest without a shape"
        visits = self.planner.course.visits
        pulls = shape.pulls[:]
        for side, weight in shape.pulls_from:
            goal = _reached(so_far.settled[visits[side.tail].id], side)
            pulls.append(Pull(side.head, None, weight, side.position, goal))
        for side, weight in shape.pulls_to:
            event = so_far.settled[visits[side.head].id]
            position = event.end_day if side.rule.point.end else event.day
            pulls.append(Pull(side.tail, None, weight, side.goal, position))
        preferences = []
        for name, day in (wishes or {}).items():
            at = self.planner.index[name]
            pulls.append(Pull(at, None, 1, self.columns[at].days, day))
        price = 1 + most_cost(pulls, []) if so_far.booked else 0
        for name, event in so_far.booked.items():
            at = self.planner.index[name]
            costs = [price] * (rest.high[at] + 1)
            kept = bisect_left(self.columns[at].days, event.day)
            if kept < len(costs):
                costs[kept] = 0  # else it has to move wherever it goes
            preferences.append(Preference(at, costs))
        best = place_between(shape.graph, shape.limits, rest.low, rest.high, pulls, preferences)
        costly = shape.costly.union(self.planner.index[name] for name in so_far.booked)
        return _next_to_what_follows(shape, rest, best.indices, costly)

    def _shape(self, so_far: SoFar, pinned: Mapping[str, int]) -> _Shape | None:
        settled = frozenset(so_far.settled)
        key = _Key(settled, so_far.void - settled, so_far.ending, frozenset(pinned))
        if key not in self._shapes:
            self._shapes[key] = self._make_shape(key)
        return self._shapes[key]

    def _make_shape(self, key: _Key) -> _Shape | None:
        """The shape; ``None`` where a visit to come counts from a void one without a date.

        Such a one keeps a place, closed days or not, for which there are no tables; of others
        nothing depends on their place.
        """
        is_free = [name not in key.settled and name not in key.void for name in self.names]
        is_void = [name in key.void for name in self.names]
        from_below, from_above = [], []
        for side in (*self._sides, *(side for side, _ in self._targets)):
            ends = (side.tail, side.head)
            bound = not any(self.names[end] in key.ending for end in ends)
            if bound and any(is_free[end] for end in ends) and any(is_void[end] for end in ends):
                return None
        limits, from_settled, to_settled = [], [], []
        for number, side in enumerate(self._sides):
            if self.names[side.tail] in key.ending or self.names[side.head] in key.ending:
                continue
            if is_void[side.tail] or is_void[side.head]:
                continue
            way = (side.head, side.tail) if side.is_latest else (side.tail, side.head)
            from_below.append(way)
            from_above.append(way[::-1])
            if is_free[side.tail] and is_free[side.head]:
                limits.append(self._table(number, side))
            elif is_free[side.head]:
                from_settled.append(side)
            elif is_free[side.tail]:
                to_settled.append(side)
        pulls, pulls_from, pulls_to = [], [], []
        costly = set()
        for side, weight in self._targets:
            costly |= {side.tail, side.head}
            if is_void[side.tail] or is_void[side.head]:
                continue
            if is_free[side.tail] and is_free[side.head]:
                pulls.append(Pull(side.head, side.tail, weight, side.position, side.goal))
            elif is_free[side.head]:
                pulls_from.append((side, weight))
            elif is_free[side.tail]:
                pulls_to.append((side, weight))
        free = tuple(at for at in range(self.count) if is_free[at])
        roots = {at for at, name in enumerate(self.names) if name in key.settled | key.pinned}
        return _Shape(
            free,
            limits,
            LimitGraph(self.count, limits),
            from_settled,
            to_settled,
            pulls,
            pulls_from,
            pulls_to,
            frozenset(costly),
            frozenset(free) - _reachable(roots, from_below),
            frozenset(free) - _reachable(roots, from_above),
        )

    def _table(self, number: int, side: _Side) -> Limit:
        """The lower side as a limit on the placed visit, the upper one as one on its reference."""
        if number not in self._tables:
            if side.is_latest:
                least = [bisect_left(side.goal, value) for value in side.position]
                self._tables[number] = Limit(side.head, side.tail, least, number)
            else:
                least = [bisect_left(side.position, value) for value in side.goal]
                self._tables[number] = Limit(side.tail, side.head, least, number)
        return self._tables[number]


def _reachable(roots: set[int], ways: list[tuple[int, int]]) -> set[int]:
    """All that ways lead to from the roots."""
    found = set(roots)
    before = -1
    while len(found) != before:
        before = len(found)
        found |= {head for tail, head in ways if tail in found}
    return found


def _next_to_what_follows(
    shape: _Shape, rest: Rest, indices: Sequence[int], costly: frozenset[int]
) -> Sequence[int]:
    """The plan with visits that may be as early as one likes put next to what they precede.

    As a course's planner does: only those without a target, from which no target counts, move.
    """
    free = rest.open_first - rest.open_last - costly
    if not free:
        return indices
    high = list(indices)
    for at in free:
        high[at] = rest.high[at]
    shape.graph.fall(high, shape.free[::-1])
    return high


def _windows(planner: CoursePlanner) -> list[Window]:
    """All windows and targets of a course; a rule of a visit on itself stands as a clock's."""
    found = []
    for rule in planner.course.rules:
        if rule.target is not None:
            found.append(Window(rule.target, rule.target))
        window = bounding_window(rule, planner.course)
        if window is not None:
            found.append(window)
    return found


def _is_calendar(window: Window) -> bool:
    return isinstance(window.earliest or window.latest, CalendarDistance)


def _reached(event: Event, side: _Side) -> int:
    """The ordinal of the date that a distance from a settled visit leads to."""
    day = event.end_day if side.rule.reference.end else event.day
    if not side.distance.months:
        return day + side.distance.days
    return side.distance.after(date.fromordinal(day)).toordinal()
