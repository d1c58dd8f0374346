"""Plans what is left of a course: what has happened stays, what is booked moves last.

Rules between two settled visits are history and bind no longer; every other rule counts from the
date that its reference really has. When nothing fits, the plan with the least total deviation is
offered: days outside windows first, then bookings moved, then days off target, all in one cut.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from planner.network.placement import Preference, Pull, place
from planner.network.windows import earliest, is_consistent, latest
from planner.protocol.course import Point
from planner.schedule.build import IMPLIED, build_schedule
from planner.timeline.candidates import Candidates
from planner.timeline.explain import TODAY
from planner.timeline.history import Event
from planner.timeline.placing import (
    CoursePlanner,
    Placed,
    Plan,
    Problem,
    Span,
    bounds_of,
    shifted,
    sizes_of,
)
from planner.units import LONGEST_DAYS, MINUTES_A_DAY, ClockDistance

_ROOM_TO_DEVIATE = 35
"""Days beyond its window in which a visit is searched at first when nothing fits."""


class SoFar(NamedTuple):
    """What is settled about a course, by occurrence id.

    Attributes:
        settled: visits that stay where they are: those that took place, and missed or cancelled
            ones that had a date; later ones count from it.
        booked: appointments; they move only if they have to.
        void: missed or cancelled visits; without a date they keep a place, which others count
            from, but nothing will take place there.
        today: the ordinal of the first date on which anything can still take place, if known.
        ending: termination visits after a withdrawal: as soon as they can be, whatever their rules.
    """

    settled: Mapping[str, Event]
    booked: Mapping[str, Event]
    void: frozenset[str]
    today: int | None
    ending: frozenset[str] = frozenset()


class Replanner(CoursePlanner):
    """Plans the rest of one participant's course; shares what it can with the course's planner."""

    def __init__(self, course: CoursePlanner, so_far: SoFar) -> None:
        self.before = course
        self.course = course.course
        self.site = course.site
        self.schedule = course.schedule
        self.patterns = course.patterns
        self.index = course.index
        self.tied = course.tied
        self.near = course.near
        self.so_far = so_far
        self.fixed = {name: event.day for name, event in so_far.settled.items()}
        if so_far.today is not None:
            self.fixed[TODAY] = so_far.today
        self._plans = {}
        self.timelines = {}
        self._binding: dict[tuple[frozenset[int] | None, frozenset[str]], frozenset[int]] = {}

    def problem(
        self,
        anchor: date,
        *,
        only: frozenset[int] | None = None,
        open_visits: frozenset[int] = frozenset(),
        fixed: frozenset[str] | None = None,
        horizon: int | None = None,
    ) -> Problem | None:
        """The placement problem of what is left; as `CoursePlanner.problem`."""
        held = frozenset(self.fixed) if fixed is None else fixed
        binding = self._still_binding(only, held)
        spans = self._spans_after(anchor, binding, held, self.near if horizon is None else horizon)
        if spans is None:
            return None
        candidates = [
            self._candidates(at, anchor.toordinal(), span, held, closures=at not in open_visits)
            for at, span in enumerate(spans)
        ]
        return Problem(candidates, list(self._limits(candidates, binding)), spans)

    def _still_binding(self, only: frozenset[int] | None, held: frozenset[str]) -> frozenset[int]:
        """The statements that bind: none about settled visits alone."""
        key = (only, held)
        if key not in self._binding:
            numbers = []
            for number, statement in enumerate(self.schedule.statements):
                rule = statement.rule
                if rule is not None:
                    ends = {rule.reference.visit, rule.point.visit}
                    settled = ends <= held or bool(ends & self.so_far.ending)
                else:
                    settled = statement.name.rpartition(".")[0] in held
                if not settled and (only is None or number in only):
                    numbers.append(number)
            self._binding[key] = frozenset(numbers)
        return self._binding[key]

    def _spans_after(
        self, anchor: date, binding: frozenset[int], held: frozenset[str], horizon: int
    ) -> list[Span] | None:
        schedule = build_schedule(self.course, only=binding)
        if schedule.anchor is None:
            return None
        day_one = anchor.toordinal()
        for name, event in self.so_far.settled.items():
            if name in held:
                for point, day in ((Point(name), event.day), (Point(name, True), event.end_day)):
                    schedule.network.add_bound(
                        schedule.anchor,
                        schedule.nodes[point],
                        day - day_one,
                        day - day_one,
                        coarse=True,
                        rule=IMPLIED,
                    )
        if not is_consistent(schedule.network):
            return None
        low = earliest(schedule.network, schedule.anchor)
        high = latest(schedule.network, schedule.anchor)
        nodes = (schedule.nodes[Point(one.id)] for one in self.course.visits)
        return [bounds_of(low[node], high[node], horizon) for node in nodes]

    def _candidates(
        self, at: int, day_one: int, span: Span, held: frozenset[str], *, closures: bool
    ) -> Candidates:
        name = self.course.visits[at].id
        event = self.so_far.settled.get(name)
        if event is not None and name in held:
            return Candidates([event.start], [event.day], [event.end], [event.end_day], [0])
        first, last = day_one + span.first, day_one + span.last
        if self.so_far.today is not None and TODAY in held and name not in self.so_far.void:
            first = max(first, self.so_far.today)
        found = self.patterns[at].between(first, last, closures=closures)
        booked = self.so_far.booked.get(name)
        if booked is not None and first <= booked.day <= last:
            return _with_booking(found, booked, keep=self.patterns[at].tied)
        return found

    def _bookings(self, problem: Problem, pulls: list[Pull]) -> list[Preference]:
        """No saving of days off target, or of times of day, is worth moving a booking."""
        found = []
        price = 1 + most_cost(pulls, self._preferences(problem))
        for name, event in self.so_far.booked.items():
            at = self.index[name]
            starts = problem.candidates[at].starts
            found.append(Preference(at, [0 if start == event.start else price for start in starts]))
        return found

    def least_deviation(self, anchor: date) -> Plan | None:
        """The plan with the fewest days outside windows in all; ``None`` on a site never open.

        Calendar distances cost their days outside, clock distances their minutes as parts of a
        day. Exact: looked for further and further away until no visit ends at the edge.
        """
        room = _ROOM_TO_DEVIATE
        while True:
            plan, at_edge = self._deviating(anchor, room)
            if (plan is not None and not at_edge) or room > LONGEST_DAYS // 4:
                return plan
            room *= 4

    def _deviating(self, anchor: date, room: int) -> tuple[Plan | None, bool]:
        held = frozenset(self.fixed)
        spans = self._loose_spans(anchor, room)
        candidates = [
            self._candidates(at, anchor.toordinal(), span, held, closures=True)
            for at, span in enumerate(spans)
        ]
        problem = Problem(candidates, [], spans)
        if not all(sizes_of(problem)):
            return None, True
        scale = self._scale()
        pulls = list(self._pulls(problem, scale))
        preferences = [*self._preferences(problem), *self._bookings(problem, pulls)]
        price = 1 + most_cost(pulls, preferences)
        wants, amends = self._deviations(problem, held, price)
        # What may be as early as one likes stays near; a day of it costs less than any other.
        near = [
            Preference(at, [one.days[-1] - day for day in one.days])
            for at, (one, span) in enumerate(zip(candidates, spans, strict=True))
            if span.open_first
        ]
        best = place(sizes_of(problem), [], [*pulls, *wants], [*preferences, *amends, *near])
        assert best is not None, "nothing binds"
        visits = []
        at_edge = False
        today = self.so_far.today or 0
        for at, (one, chosen) in enumerate(zip(candidates, best.indices, strict=True)):
            day = one.days[chosen]
            # There is no room in a plan that breaks windows.
            visits.append(
                Placed(one.starts[chosen], day, one.ends[chosen], one.end_days[chosen], None, None)
            )
            if self.course.visits[at].id not in self.so_far.settled:
                # Nothing lies before today: that edge is no edge of the search.
                is_first = chosen == 0 and anchor.toordinal() + spans[at].first > today
                at_edge |= is_first or chosen == len(one.days) - 1
        off = sum(
            pull.weight * abs(pull.position[best.indices[pull.head]] - _goal(pull, best.indices))
            for pull in pulls
        )
        return Plan(anchor.toordinal(), tuple(visits), -(-off // scale)), at_edge

    def _loose_spans(self, anchor: date, room: int) -> list[Span]:
        """Where visits could lie if windows did not bind: as planned at first, and some way off."""
        spans = self.before.spans(None, self.near)
        assert spans is not None, "a contradiction has been told before"
        day_one = anchor.toordinal()
        late = early = 0
        for name, event in (*self.so_far.settled.items(), *self.so_far.booked.items()):
            span = spans[self.index[name]]
            late = max(late, event.day - day_one - span.last)
            early = max(early, span.first - (event.day - day_one))
        loose = []
        for at, span in enumerate(spans):
            last = span.last + late
            name = self.course.visits[at].id
            if self.so_far.today is not None and name not in self.so_far.settled:
                last = max(last, self.so_far.today - day_one)
            open_first = span.open_first and not span.open_last
            loose.append(Span(span.first - early - room, last + room, open_first, False))
        return loose

    def _deviations(
        self, problem: Problem, held: frozenset[str], price: int
    ) -> tuple[list[Pull], list[Preference]]:
        """Days outside each window, as costs.

        What lies ``max(0, g - p)`` short costs half of ``|g - p| + g - p``: a pull between the two
        visits and a part of either one's own.
        """
        wants: list[Pull] = []
        own: dict[int, list[int]] = {}
        binding = self._still_binding(None, held)
        for rule, window in self.bounding_rules(binding):
            tail, head = self.index[rule.reference.visit], self.index[rule.point.visit]
            reference, placed = problem.candidates[tail], problem.candidates[head]
            for distance, sign in ((window.earliest, 1), (window.latest, -1)):
                if distance is None:
                    continue
                goal = shifted(reference, rule.reference, distance)
                if isinstance(distance, ClockDistance):
                    position = placed.ends if rule.point.end else placed.starts
                    weight = price
                else:
                    position = placed.end_days if rule.point.end else placed.days
                    weight = price * MINUTES_A_DAY
                wants.append(Pull(head, tail, weight, position, goal))
                _add(own, tail, [sign * weight * value for value in goal])
                _add(own, head, [-sign * weight * value for value in position])
        return wants, [
            Preference(at, [cost - min(costs) for cost in costs]) for at, costs in own.items()
        ]


def _add(own: dict[int, list[int]], at: int, costs: list[int]) -> None:
    before = own.get(at)
    own[at] = costs if before is None else [a + b for a, b in zip(before, costs, strict=True)]


def _goal(pull: Pull, indices: tuple[int, ...]) -> int:
    if isinstance(pull.goal, int):
        return pull.goal
    assert pull.reference is not None, "a list of goals has a reference"
    return pull.goal[indices[pull.reference]]


def most_cost(pulls: list[Pull], preferences: list[Preference]) -> int:
    """No plan costs more than this."""
    most = sum(max(one.costs, default=0) for one in preferences)
    for pull in pulls:
        goals = (pull.goal, pull.goal) if isinstance(pull.goal, int) else _ends(pull.goal)
        first, last = _ends(pull.position)
        most += pull.weight * max(abs(last - goals[0]), abs(goals[1] - first))
    return most


def _ends(values: "list[int] | tuple[int, ...] | object") -> tuple[int, int]:
    assert isinstance(values, (list, tuple)), "columns of candidates are lists"
    return (values[0], values[-1]) if values else (0, 0)


def _with_booking(found: Candidates, booked: Event, *, keep: bool) -> Candidates:
    """The candidates with the booked instant in place of its day's own, or among them."""
    ways = [
        way
        for way in zip(*found, strict=True)
        if way[0] != booked.start and (keep or way[1] != booked.day)
    ]
    ways.append((booked.start, booked.day, booked.end, booked.end_day, 0))
    columns = zip(*sorted(ways), strict=True)
    return Candidates(*(list(column) for column in columns))
