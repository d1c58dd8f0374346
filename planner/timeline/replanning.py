"""Plans what is left of a course: what has happened stays, what is booked moves last.

Rules between two settled visits are history and bind no longer; every other rule counts from the
date that its reference really has. When nothing fits, the plan with the least total deviation is
offered: days outside windows first, then bookings moved, then days off target, all in one cut.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from planner.network.arc_consistency import LimitGraph
from planner.network.placement import Preference, TargetCost
from planner.network.windows import earliest, is_consistent, latest
from planner.protocol.course import Point, TimingConstraint
from planner.schedule.build import IMPLIED
from planner.time.distance import MAX_DAYS, MINUTES_A_DAY, ClockDistance, Window
from planner.time.local import to_local
from planner.timeline.apart import NeverApart
from planner.timeline.candidates import Bounded, Candidates, Way, columns_of, whole
from planner.timeline.course_planner import (
    AllowedDays,
    CoursePlanner,
    NotProven,
    PlacedVisit,
    Plan,
    bounds_of,
)
from planner.timeline.deviation import outside_of
from planner.timeline.deviation_bounds import FixedDates, ReachableSpan, reached, unavoidable
from planner.timeline.history import RecordedTimes, usual_event
from planner.timeline.limits import positions_of, shifted
from planner.timeline.minutes import Circumstances
from planner.timeline.placement_problem import DaySpan, PlacementProblem
from planner.timeline.reasons import TODAY
from planner.timeline.shortfalls import Shortfalls

_ROOM_TO_DEVIATE = 35
"""Days beyond its window in which a visit is searched at first when nothing fits."""
_ANYWHERE = ReachableSpan(None, None)


class CommittedVisits(NamedTuple):
    """What is settled about a course, by occurrence id.

    Attributes:
        fixed: visits that stay where they are: those that took place, and missed or cancelled ones
            on their date or, without one, where they were planned; later ones count from it.
        booked: appointments; they move only if they have to.
        not_done: missed or cancelled visits; others count from their place, but nothing will take
            place there. Those that nothing dates have none yet.
        today: the ordinal of the first date on which anything can still take place, if known.
    """

    fixed: Mapping[str, RecordedTimes]
    booked: Mapping[str, RecordedTimes]
    not_done: frozenset[str]
    today: int | None


class Replanner(CoursePlanner):
    """Plans the rest of one participant's course; shares what it can with the course's planner."""

    def __init__(
        self, course: CoursePlanner, so_far: CommittedVisits, *, origin: str | None = None
    ) -> None:
        """Takes what is settled.

        ``origin`` is a settled visit that days are counted from where nothing dates the anchor
        visit yet; every date that a method is given is then that of this visit.
        """
        self.before = course
        self.origin = origin
        self.course = course.course
        self.site = course.site
        self.schedule = course.schedule
        self.bounds = course.bounds
        self.names = course.names
        self.reach = course.reach
        self.index = course.index
        self.has_clock_links = course.has_clock_links
        self.available = course.available
        self.patterns = course.patterns
        if self.has_clock_links:
            self.patterns = course.patterns_beside(self._offsets(so_far))
        self.aims = course.aims
        self.minutes = course.minutes
        if self.has_clock_links:
            self.minutes = course.minutes.held_by(self.patterns)
        self.horizon = course.horizon
        self.so_far = so_far
        self._kinds = {visit.id: visit.kind for visit in self.course.visits}
        self.fixed = {name: event.day for name, event in so_far.fixed.items()}
        if so_far.today is not None:
            self.fixed[TODAY] = so_far.today
        self._plans = {}
        self._known_limits = {}
        self.timelines = {}

    def _offsets(self, so_far: CommittedVisits) -> tuple[int, ...]:
        """By how many minutes recorded times lie behind the grid that clock distances are on."""
        grid = next(pattern.grid for pattern in self.before.patterns if pattern.has_clock_links)
        instants = {
            instant
            for events in (so_far.fixed, so_far.booked)
            for event in events.values()
            for instant in (event.start, event.end)
        }
        local = (to_local(instant, self.site.zone) for instant in instants)
        return tuple(sorted({(moment.hour * 60 + moment.minute) % grid for moment in local} - {0}))

    def problem(
        self,
        anchor: date,
        *,
        horizon: int | None = None,
        allowed: AllowedDays | None = None,
        only: frozenset[int] | None = None,
        open_visits: frozenset[int] = frozenset(),
    ) -> PlacementProblem | None:
        """The placement problem of what is left; as `CoursePlanner.problem`.

        ``only`` are numbers of the statements that hold, all when ``None``; ``open_visits`` are
        positions of visits from which nothing takes days or hours.
        """
        held = frozenset(self.fixed)
        numbers = range(len(self.schedule.statements)) if only is None else only
        binding = self.binding(numbers, held)
        day_one = anchor.toordinal()
        possible = self._spans_after(anchor, binding, self.horizon if horizon is None else horizon)
        if possible is None:
            return None
        spans = self.on_common_dates(possible, day_one)
        parts = [
            self.part(at, day_one, span, held, anyhow=at in open_visits)
            for at, span in enumerate(spans)
        ]
        circumstances = self.circumstances(held, binding)._replace(open_visits=open_visits)
        problem = self.problem_of(parts, spans, circumstances)
        # What has happened stays where it is, whoever else needs the day.
        days = {name: days for name, days in (allowed or {}).items() if name not in held}
        return problem.within(self.positions(days))

    def circumstances(self, held: frozenset[str], binding: frozenset[int]) -> Circumstances:
        """As `CoursePlanner.circumstances`."""
        so_far = self.so_far
        return Circumstances(
            settled=frozenset(self.index[name] for name in so_far.fixed if name in held),
            booked={self.index[name]: event.start for name, event in so_far.booked.items()},
            # What never had a date was in nobody's way.
            void=frozenset(self.index[name] for name in so_far.not_done if name in self.index),
            only=binding,
        )

    def own_rules(self, name: str) -> list[TimingConstraint]:
        """As the course's planner has them."""
        return self.before.own_rules(name)

    def binding(self, rules: Iterable[int], held: frozenset[str]) -> frozenset[int]:
        """As `CoursePlanner.binding`: none about settled visits alone."""
        concerned = self.before.concerned
        return frozenset(number for number in rules if not concerned[number] <= held)

    @property
    def origin_at(self) -> int:
        """As `CoursePlanner.origin_at`."""
        return super().origin_at if self.origin is None else self.index[self.origin]

    def _spans_after(
        self, anchor: date, binding: frozenset[int], horizon: int
    ) -> list[DaySpan] | None:
        schedule = self.before.loose_schedule
        if schedule.anchor is None:
            return None
        network = schedule.network.keeping(binding | {IMPLIED})
        origin = schedule.anchor if self.origin is None else schedule.nodes[Point(self.origin)]
        day_one = anchor.toordinal()
        for name, event in self.so_far.fixed.items():
            for point, day in ((Point(name), event.day), (Point(name, True), event.end_day)):
                network.add_bound(
                    origin,
                    schedule.nodes[point],
                    day - day_one,
                    day - day_one,
                    coarse=True,
                    rule=IMPLIED,
                )
        if not is_consistent(network):
            return None
        low, high = earliest(network, origin), latest(network, origin)
        nodes = (schedule.nodes[Point(name)] for name in self.names)
        return [bounds_of(low[node], high[node], horizon) for node in nodes]

    def part(
        self, at: int, day_one: int, span: DaySpan, held: frozenset[str], *, anyhow: bool = False
    ) -> Bounded:
        """As `CoursePlanner.part`."""
        name = self.names[at]
        event = self.so_far.fixed.get(name)
        if event is not None and name in held:
            return whole(columns_of([_way(event)]))
        first, last = day_one + span.first, day_one + span.last
        if self.so_far.today is not None and TODAY in held and self._is_to_come(name):
            first = max(first, self.so_far.today)
        closures = name not in self.so_far.not_done  # nobody comes there
        part = self.patterns[at].covering(first, last, closures=closures, anyhow=anyhow)
        booked = self.so_far.booked.get(name)
        is_kept = self.patterns[at].date in (None, None if booked is None else booked.day)
        if (
            booked is not None
            and is_kept
            and first <= booked.day <= last
            and not self._is_shut(at, booked)
        ):
            return whole(_with_booking(part.alone(), booked))
        return part

    def _is_to_come(self, name: str) -> bool:
        """Whether a visit that is not settled can take place only from today on.

        What does not take place keeps its place, and the date of an event is only counted.
        """
        return name not in self.so_far.not_done and self._kinds[name] != "event"

    def _is_shut(self, at: int, booked: RecordedTimes) -> bool:
        """Whether nobody is there on the day of an appointment; its hour is not judged."""
        day = date.fromordinal(booked.day)
        return not self.patterns[at].at_home and not self.patterns[at].site.is_open(day)

    def _wishes(
        self, problem: PlacementProblem, pulls: list[TargetCost], preferences: list[Preference]
    ) -> list[Preference]:
        """No saving of days off target, or of times of day, is worth an unwanted weekday."""
        weekdays = self.available.weekdays
        if not weekdays:
            return []
        price = 1 + most_cost(problem.low, problem.high, pulls, preferences)
        return [
            # The first day of all was a Monday.
            Preference(at, [0 if (day - 1) % 7 in weekdays else price for day in columns.days])
            for at, columns in enumerate(problem.candidates)
            if self.names[at] not in self.fixed and self.patterns[at].available.weekdays
        ]

    def _bookings(
        self, problem: PlacementProblem, pulls: list[TargetCost], preferences: list[Preference]
    ) -> list[Preference]:
        """No saving of days off target, or of times of day, is worth moving a booking."""
        costs = []
        price = 1 + most_cost(problem.low, problem.high, pulls, preferences)
        for name, event in self.so_far.booked.items():
            at = self.index[name]
            starts = problem.candidates[at].starts
            costs.append(Preference(at, [0 if start == event.start else price for start in starts]))
        return costs

    def least_deviation(self, anchor: date) -> Plan | None:
        """The plan with the fewest days outside windows in all; ``None`` on a site never open.

        Calendar distances cost their days outside, clock distances their minutes as parts of a
        day. Exact but for the horizon of open windows: what is outside by no more days than were
        searched beyond the dates that windows lead to is the best.

        See `planner.timeline.deviation_bounds`.

        Raises:
            NotProven: no plan was found, nor that there is none.
        """
        room = _ROOM_TO_DEVIATE
        is_proven = True
        while True:
            best = self._deviating(anchor, room)
            if isinstance(best, NeverApart):
                is_proven, best = is_proven and best.proven, None
            if best is not None and best[1] > room:
                room = best[1]
            elif best is None and room <= MAX_DAYS // 4:
                room *= 4
            elif best is None and not is_proven:
                raise NotProven(anchor)
            else:
                return None if best is None else best[0]

    def _deviating(self, anchor: date, room: int) -> tuple[Plan, int] | NeverApart | None:
        """The best plan within some days of where windows lead, and by how many it is outside."""
        held = frozenset(self.fixed)
        binding = self.binding(range(len(self.schedule.statements)), held)
        rules = list(self.bounding_rules(binding))
        fixed_dates = self._standpoint(anchor)
        spans = self._loose_spans(
            reached(list(self.index), rules, fixed_dates), anchor.toordinal(), room
        )
        candidates = [
            self._loose_part(at, anchor.toordinal(), span, held) for at, span in enumerate(spans)
        ]
        name = self.course.anchor
        assert name is not None, "courses without an anchor have been refused"
        if name not in self.so_far.fixed and self.origin is None:
            at = self.index[name]
            candidates[at] = self._anchor_candidates(name, candidates[at], anchor)
        low, high = [0] * len(candidates), [len(columns.starts) - 1 for columns in candidates]
        free = LimitGraph(len(candidates), ())
        circumstances = self.circumstances(held, binding)
        problem = PlacementProblem(candidates, low, high, (), free, spans, circumstances)
        if not problem.has_room():
            return None
        scale = self._scale()
        targets, near_ends = self._pulls(candidates, scale)
        aims = targets + near_ends
        wishes = self._preferences(problem)
        wishes += self._wishes(problem, aims, wishes)
        wishes += self._bookings(problem, aims, wishes)
        price = 1 + most_cost(low, high, aims, wishes)
        wants, amends = self._deviations(problem, rules, price)
        best = self.search(problem, [*aims, *wants], [*wishes, *amends]).best()
        if isinstance(best, NeverApart):
            return best
        # There is no room in a plan that breaks windows.
        visits = tuple(
            PlacedVisit(way.start, way.day, way.end, way.end_day, None, None) for way in best.ways
        )
        plan = Plan(anchor.toordinal(), visits, self.cost_of(best.ways), best.proven)
        return plan, self._days_outside(rules, visits) - unavoidable(rules, fixed_dates)

    def _loose_part(self, at: int, day_one: int, span: DaySpan, held: frozenset[str]) -> Candidates:
        """Where a visit can lie; a common date stays that of all, even if the site is closed."""
        candidates = self.part(at, day_one, span, held).alone()
        day = self.patterns[at].date
        if candidates.days or day is None:
            return candidates
        return self.patterns[at].anyhow(day, day)

    def _days_outside(
        self, rules: list[tuple[TimingConstraint, Window]], visits: tuple[PlacedVisit, ...]
    ) -> int:
        """The days outside all rules together; parts of a day count as one."""
        minutes = 0
        for rule, window in rules:
            reference = visits[self.index[rule.reference.visit]]
            breach = outside_of(window, rule, reference, visits[self.index[rule.point.visit]])
            if breach is not None:
                minutes += abs(breach.days) * MINUTES_A_DAY + abs(breach.minutes)
        return -(-minutes // MINUTES_A_DAY)

    def _standpoint(self, anchor: date) -> FixedDates:
        fixed = {name: (event.day, event.end_day) for name, event in self.so_far.fixed.items()}
        longest = {}
        for visit, pattern in zip(self.course.visits, self.patterns, strict=True):
            longest[visit.id] = pattern.nights + pattern.minutes // MINUTES_A_DAY + 1
        assert self.course.anchor is not None, "courses without an anchor have been refused"
        if self.course.anchor not in fixed and self.origin is None:
            day = anchor.toordinal()
            fixed[self.course.anchor] = (day, day + longest[self.course.anchor] - 1)
        held = frozenset(filter(self._is_to_come, self.index)) - fixed.keys()
        return FixedDates(fixed, longest, self.so_far.today, held)

    def _anchor_candidates(self, name: str, candidates: Candidates, day: date) -> Candidates:
        """Only the given date: nobody but the user moves the anchor, even from a closed day."""
        own = whole(candidates).within(day.toordinal(), day.toordinal())
        if own.low <= own.high:
            return own.alone()
        event = self.so_far.booked.get(name)
        if event is None or event.day != day.toordinal():
            event = usual_event(self.course.visit(name), self.course, day, self.site)
        return columns_of([_way(event)])

    def _loose_spans(
        self, led: Mapping[str, ReachableSpan], day_one: int, room: int
    ) -> list[DaySpan]:
        """Where visits are looked for: where rules lead them, and some way off on either side."""
        spans = []
        for visit in self.course.visits:
            first, last = led.get(visit.id, _ANYWHERE)
            span = bounds_of(
                None if first is None else (first - day_one) * MINUTES_A_DAY,
                None if last is None else (last - day_one) * MINUTES_A_DAY,
                self.horizon,
            )
            open_first = span.open_first and not span.open_last
            low, high = min(span.first, span.last), max(span.first, span.last)
            if self.so_far.today is not None and self._is_to_come(visit.id):
                high = max(high, self.so_far.today - day_one)
            spans.append(DaySpan(low - room, high + room, open_first, span.open_last))
        return spans

    def _deviations(
        self, problem: PlacementProblem, rules: list[tuple[TimingConstraint, Window]], price: int
    ) -> tuple[list[TargetCost], list[Preference]]:
        """Days outside each window, as costs."""
        costs = Shortfalls()
        for rule, window in rules:
            tail, head = self.index[rule.reference.visit], self.index[rule.point.visit]
            reference, placed = problem.candidates[tail], problem.candidates[head]
            for distance, is_latest in ((window.earliest, False), (window.latest, True)):
                if distance is None:
                    continue
                goal = shifted(reference, rule.reference, distance)
                weight = price if isinstance(distance, ClockDistance) else price * MINUTES_A_DAY
                position = positions_of(placed, rule.point, distance)
                costs.add(TargetCost(head, tail, weight, position, goal), is_latest=is_latest)
        return costs.pulls, costs.preferences


def most_cost(
    low: Sequence[int],
    high: Sequence[int],
    pulls: Sequence[TargetCost],
    preferences: Sequence[Preference],
) -> int:
    """No plan between these bounds costs more than this."""
    most = 0
    for at, costs in preferences:
        most += max(costs[low[at] : high[at] + 1], default=0)
    for head, reference, weight, position, goal, shift in pulls:
        if low[head] > high[head]:
            continue
        first, last = position[low[head]] - shift, position[high[head]] - shift
        if isinstance(goal, int):
            most += weight * max(abs(last - goal), abs(goal - first))
        elif reference is not None and low[reference] <= high[reference]:
            near, far = goal[low[reference]], goal[high[reference]]
            most += weight * max(abs(last - near), abs(far - first))
    return most


def _way(event: RecordedTimes) -> Way:
    return Way(event.start, event.day, event.end, event.end_day, 0)


def _with_booking(candidates: Candidates, booked: RecordedTimes) -> Candidates:
    """The candidates with the booked instant among them.

    Later starts have later ends; what would not, beside an appointment of another length, is left
    out.
    """
    own = (booked.start, booked.day, booked.end, booked.end_day, 0)
    ways = [
        way
        for way in zip(*candidates, strict=True)
        if (way[0] < own[0] and way[2] <= own[2] and way[3] <= own[3])
        or (way[0] > own[0] and way[2] >= own[2] and way[3] >= own[3])
    ]
    return columns_of(sorted([*ways, own]))
