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

from planner.network.arc_consistency import LimitGraph
from planner.network.placement import Limit, Preference, TargetCost, place_between
from planner.schedule.build import bounding_window
from planner.time.distance import CalendarDistance, Window
from planner.timeline.availability import ANYTIME
from planner.timeline.candidates import Way
from planner.timeline.course_planner import AllowedDays, CoursePlanner
from planner.timeline.history import RecordedTimes
from planner.timeline.minutes import Circumstances, TooFull
from planner.timeline.placement_problem import limits_to_days
from planner.timeline.replanning import CommittedVisits, most_cost
from planner.timeline.shared_limits import Horizon, RemainingCourse, RemainingKey, Shapes


class Rest(NamedTuple):
    """What is left of a course: by position of the visit, between which candidates it can lie.

    ``free`` are the positions of the visits that will take place. ``stuck`` are those that no date
    from today on can keep inside their windows, each held on the date fewest days outside; all
    other windows are kept. ``open_first`` and ``open_last`` may be as early, but for today, or as
    late as one likes: nothing but the horizon bounds them. ``limits`` are those between them and
    the days that others leave, and ``graph`` has them by what wakes them.
    """

    free: tuple[int, ...]
    low: list[int]
    high: list[int]
    stuck: frozenset[int]
    open_first: frozenset[int]
    open_last: frozenset[int]
    limits: Sequence[Limit]
    graph: LimitGraph


class CohortPlanner:
    """Plans the rest of one course for any number of participants on dates of one stretch.

    Args:
        planner: the course's planner; one that `serves` says yes to.
        today: ordinal of the date that participants are planned from.
    """

    def __init__(self, planner: CoursePlanner, today: int) -> None:
        self.planner = planner
        self.today = today
        stretch = Horizon(planner, today, today + planner.horizon)
        self.columns = stretch.columns
        self.shapes = Shapes(stretch)
        self.names = self.shapes.names

    @staticmethod
    def serves(planner: CoursePlanner) -> bool:
        """Whether a course is of the kind that tables are made for: no visit waits for a clock,
        nobody is away, and no event is counted, which today does not bound."""
        return (
            not planner.fixed
            and all(
                visit.kind != "event" or visit.visit.unscheduled for visit in planner.course.visits
            )
            and planner.available == ANYTIME
            and not planner.has_clock_links
            and all(map(_is_calendar, _windows(planner)))
        )

    def rest(
        self,
        so_far: CommittedVisits,
        *,
        pinned: Mapping[str, int],
        allowed: AllowedDays | None = None,
    ) -> Rest | None:
        """What is left; ``None`` where nothing fits, or only a search without tables can tell.

        Args:
            so_far: what is settled; its ``today`` is at least that of the tables.
            pinned: dates (ordinals), from today on, that unsettled visits are held on, by id.
            allowed: as of `CoursePlanner.problem`; says nothing of settled and of pinned visits.
        """
        held = self._held(so_far, pinned)
        shape = None if held is None else self._shape(held)
        if held is None or shape is None:
            return None
        today = self.today if so_far.today is None else so_far.today
        low, high = [0] * len(self.names), [0] * len(self.names)
        first = {}
        for at in shape.free:
            days = self.columns[at].days
            high[at] = bisect_right(days, today + self.planner.horizon) - 1
            first[at] = bisect_left(days, today)
            booked = so_far.booked.get(self.names[at])
            if booked is not None and not (self._holds(at, booked) or self._is_shut(at, booked)):
                return None
        _bound(shape, held, low, high)
        stuck = []
        for at, begin in first.items():
            chosen: int | None = -1
            if high[at] < begin:
                chosen = begin if low[at] <= begin < len(self.columns[at].days) else None
            elif high[at] < max(low[at], begin):
                chosen = self._least_outside(at, high[at], low[at], shape, held)
            if chosen is None:
                return None
            if chosen >= 0:
                stuck.append(at)
                low[at] = high[at] = chosen
            else:
                low[at] = max(low[at], begin)
        kept_to = {
            at: allowed[self.names[at]]
            for at in shape.free
            if allowed and self.names[at] in allowed
        }
        limits, graph = shape.limits, shape.graph
        if kept_to:
            own = limits_to_days(self.columns, kept_to)
            limits, graph = [*limits, *own], graph.extended(own)
        if not graph.rise(low, high, shape.free):
            return None
        graph.fall(high, low, shape.free)
        kept = tuple(self.planner.index[name] for name in pinned)
        for at in kept:
            low[at] = high[at] = bisect_left(self.columns[at].days, pinned[self.names[at]])
        return Rest(
            shape.free + kept,
            low,
            high,
            frozenset(stuck),
            shape.open_first,
            shape.open_last,
            limits,
            graph,
        )

    def _least_outside(
        self, at: int, before: int, after: int, shape: RemainingCourse, so_far: CommittedVisits
    ) -> int | None:
        """Of the candidates from the end of one window to the start of another the least outside.

        Of several the one nearest its target, where nothing else depends on it.
        """
        days = self.columns[at].days
        options = []
        for index in range(before, after + 1):
            if index < len(days):
                outside, off = self._outside(at, index, shape, so_far)
                options.append((outside, off, index))
        least = min(options)
        tied = [option for option in options if option[0] == least[0]]
        if len(tied) > 1 and (at in shape.tied or self.names[at] in so_far.booked):
            return None
        return least[2]

    def _outside(
        self, at: int, index: int, shape: RemainingCourse, so_far: CommittedVisits
    ) -> tuple[int, int]:
        """Days outside windows, and weighted days off targets, that count from settled visits."""
        outside = off = 0
        settled = so_far.fixed
        for side in (*shape.from_settled, *shape.pulls_from):
            if side.head == at:
                far = side.position[index] - side.reached(settled[side.rule.reference.visit])
                if side.is_aim:
                    off += side.weight * abs(far)
                else:
                    outside += max(0, far if side.is_latest else -far)
        for side in (*shape.to_settled, *shape.pulls_to):
            if side.tail == at:
                far = side.placed(settled[side.rule.point.visit]) - side.goal[index]
                if side.is_aim:
                    off += side.weight * abs(far)
                else:
                    outside += max(0, far if side.is_latest else -far)
        return outside, off

    def plan(
        self,
        rest: Rest,
        so_far: CommittedVisits,
        *,
        pinned: Mapping[str, int],
        wishes: Mapping[str, int] | None = None,
    ) -> dict[int, Way] | None:
        """The best plan between the bounds, by position of the visit; ``None`` for `Replanner`.

        Fewest appointments moved, then nearest to what visits want, then earliest, as it does. It
        has to do so itself where the days of the best dates are too full.

        Args:
            rest: as `rest` gives it.
            so_far: what is settled, and the appointments.
            pinned: as `rest` took them.
            wishes: dates (ordinals) that visits without an appointment are to stay near.
        """
        held = self._held(so_far, pinned)
        shape = None if held is None else self._shape(held)
        assert held is not None, "there is no rest without"
        assert shape is not None, "there is no rest without"
        pulls = shape.pulls[:]
        for side in shape.pulls_from:
            goal = side.reached(held.fixed[self.names[side.tail]])
            pulls.append(TargetCost(side.head, None, side.weight, side.position, goal))
        for side in shape.pulls_to:
            goal = side.placed(held.fixed[self.names[side.head]])
            pulls.append(TargetCost(side.tail, None, side.weight, side.goal, goal))
        for name, day in (wishes or {}).items():
            at = self.planner.index[name]
            pulls.append(TargetCost(at, None, 1, self.columns[at].days, day))
        bookings = self._bookings(rest, held, pulls) if held.booked else []
        best = place_between(rest.graph, rest.limits, rest.low, rest.high, pulls, bookings)
        return self._apart(rest, so_far, best.indices)

    def _apart(
        self, rest: Rest, so_far: CommittedVisits, indices: Sequence[int]
    ) -> dict[int, Way] | None:
        """Where visits lie on their dates when none overlaps another one."""
        index = self.planner.index
        free: dict[int, Way] = {}
        for at in rest.free:
            way = self.columns[at].way(indices[at])
            booked = so_far.booked.get(self.names[at])
            if booked is not None and booked.day == way.day:
                way = Way(booked.start, booked.day, booked.end, booked.end_day, 0)
            free[at] = way
        settled = {
            index[name]: Way(event.start, event.day, event.end, event.end_day, 0)
            for name, event in so_far.fixed.items()
            if name in index
        }
        circumstances = Circumstances(
            settled=frozenset(settled),
            booked={index[name]: event.start for name, event in so_far.booked.items()},
            void=frozenset(index[name] for name in so_far.not_done if name in index),
        )
        arranged = self.planner.minutes.arranged({**settled, **free}, circumstances)
        return None if isinstance(arranged, TooFull) else {at: arranged[at] for at in free}

    def _bookings(
        self, rest: Rest, so_far: CommittedVisits, pulls: list[TargetCost]
    ) -> list[Preference]:
        """No saving of days off target is worth moving an appointment."""
        price = 1 + most_cost(rest.low, rest.high, pulls, [])
        preferences = []
        for name, event in so_far.booked.items():
            at = self.planner.index[name]
            costs = [price] * (rest.high[at] + 1)
            kept = bisect_left(self.columns[at].days, event.day)
            if kept < len(costs) and self.columns[at].days[kept] == event.day:
                costs[kept] = 0  # else it has to move wherever it goes
            preferences.append(Preference(at, costs))
        return preferences

    def _shape(self, so_far: CommittedVisits) -> RemainingCourse | None:
        settled = frozenset(so_far.fixed)
        return self.shapes.shape(RemainingKey(settled, so_far.not_done - settled))

    def _held(self, so_far: CommittedVisits, pinned: Mapping[str, int]) -> CommittedVisits | None:
        """The same with pinned visits among the settled; ``None`` if one cannot be on its date."""
        if not pinned:
            return so_far
        settled, booked = dict(so_far.fixed), dict(so_far.booked)
        for name, pin in pinned.items():
            at = self.planner.index[name]
            starts, days, ends, end_days, _ = self.columns[at]
            index = bisect_left(days, pin)
            own = booked.pop(name, None)
            if index == len(days) or days[index] != pin:
                return None
            if own is not None and not self._holds(at, own):
                return None
            settled[name] = RecordedTimes(
                starts[index], pin, ends[index], end_days[index], timed=False
            )
        return so_far._replace(fixed=settled, booked=booked)

    def _holds(self, at: int, booked: RecordedTimes) -> bool:
        """Whether an appointment is on a day, and as long, as the tables have it."""
        column = self.columns[at]
        index = bisect_left(column.days, booked.day)
        return (
            index < len(column.days)
            and column.days[index] == booked.day
            and column.end_days[index] == booked.end_day
        )

    def _is_shut(self, at: int, booked: RecordedTimes) -> bool:
        """Whether nobody is there on the day of an appointment, so that it has to move."""
        day = date.fromordinal(booked.day)
        pattern = self.planner.patterns[at]
        return not pattern.at_home and not pattern.site.is_open(day)


def _bound(
    shape: RemainingCourse, so_far: CommittedVisits, low: list[int], high: list[int]
) -> None:
    """Narrows visits by the dates of settled ones, each rule by itself."""
    for side in shape.from_settled:
        goal = side.reached(so_far.fixed[side.rule.reference.visit])
        if side.is_latest:
            at = bisect_right(side.position, goal) - 1
            if at < high[side.head]:
                high[side.head] = at
        else:
            at = bisect_left(side.position, goal)
            if at > low[side.head]:
                low[side.head] = at
    for side in shape.to_settled:
        position = side.placed(so_far.fixed[side.rule.point.visit])
        if side.is_latest:
            at = bisect_left(side.goal, position)
            if at > low[side.tail]:
                low[side.tail] = at
        else:
            at = bisect_right(side.goal, position) - 1
            if at < high[side.tail]:
                high[side.tail] = at


def _windows(planner: CoursePlanner) -> list[Window]:
    """All windows and targets of a course."""
    windows = []
    for rule in planner.course.all_rules:
        if rule.target is not None:
            windows.append(Window(rule.target, rule.target))
        window = bounding_window(rule, planner.course)
        if window is not None:
            windows.append(window)
    return windows


def _is_calendar(window: Window) -> bool:
    return isinstance(window.earliest or window.latest, CalendarDistance)
