"""Chooses the date and time of every visit: exactly, by least weighted distance from its aim.

The written rules become limits between candidate lists (both monotone, so feasibility is decided
by propagation and the best plan is a minimum cut; see `planner.network.placement`). A plan depends
on course, site, fixed dates and anchor date alone and is remembered.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from functools import cached_property, partial
from operator import is_
from typing import NamedTuple

from planner.errors import PlannerError
from planner.network.arc_consistency import LimitGraph
from planner.network.placement import Limit, Preference, TargetCost
from planner.network.windows import earliest, is_consistent, latest
from planner.protocol.course import Course, Point, TimingConstraint
from planner.schedule.aims import aims_of, target_weight
from planner.schedule.build import Schedule, allowed_window, bounding_window, build_schedule
from planner.site.calendar import SiteCalendar
from planner.time.distance import MAX_DAYS, MINUTES_A_DAY, ClockDistance, Window
from planner.time.local import day_of
from planner.timeline.apart import Apart, NeverApart, Search
from planner.timeline.availability import ANYTIME, Availability
from planner.timeline.business_days import counted_at
from planner.timeline.candidates import (
    Bounded,
    Candidates,
    VisitPattern,
    Way,
    visit_patterns,
)
from planner.timeline.deviation_bounds import furthest_target
from planner.timeline.dosing_slack import SlackRule, missing_slack, slack_rules
from planner.timeline.limits import Mapped, distance_off, led, positions_of, window_limits
from planner.timeline.minutes import Bound, Circumstances, Minutes
from planner.timeline.model import Timeline
from planner.timeline.placement_problem import DaySpan, PlacementProblem

MAX_DATES = 4_000_000
"""Dates of all visits together that are searched for a plan: some 600 MB of memory.

Visits that can take place at the same times of the same days share their dates.
"""

OPEN_END_DAYS = 400
"""How far beyond targets an open window is searched at first; further only when nothing fits."""


CLOCK_CHANGE = 180
"""No zone's clocks have been changed by more minutes than this within the years of its rules."""


class PlacedVisit(NamedTuple):
    """One visit of a plan: instants (UTC minutes), local dates as ordinals, and its room.

    ``first_day`` and ``last_day`` are the earliest and latest dates it can have in any plan that
    fits; ``None`` where the protocol leaves that side open.
    """

    start: int
    day: int
    end: int
    end_day: int
    first_day: int | None
    last_day: int | None


class Plan(NamedTuple):
    """The best plan from one anchor date; ``cost`` is in weighted days off target, rounded up.

    Days from the near end of a window without a target are weighed as much and are not in it.
    ``proven``: no other dates cost less; else days were too full for all to be tried.
    """

    anchor: int
    visits: tuple[PlacedVisit, ...]
    cost: int
    proven: bool = True


AllowedDays = Mapping[str, Sequence[int]]
"""By occurrence id the ordinals of the dates on which a visit may start, ascending."""
_KnownLimits = dict[frozenset[int] | None, tuple[Sequence[Candidates], list[Limit], LimitGraph]]


class NotProven(PlannerError):
    """Neither a plan was found nor that there is none."""

    def __init__(self, anchor: date) -> None:
        super().__init__(
            f"no plan was found for {anchor:%a} {anchor} on which no two visits of the participant"
            " are at the same time; that there is none is not proven, since days are too full for"
            " all to be tried: give visits of one day times of day that keep them apart"
        )


class CoursePlanner:
    """Plans one course at one site from any anchor date."""

    def __init__(
        self, course: Course, site: SiteCalendar, fixed: Mapping[str, date] | None = None
    ) -> None:
        self.course = course = counted_at(course, site)
        self.site = site
        self.fixed = {name: day.toordinal() for name, day in (fixed or {}).items()}
        self.schedule = build_schedule(course)
        self.available = ANYTIME
        self.patterns = visit_patterns(course, site)
        self.index = {occurrence.id: at for at, occurrence in enumerate(course.visits)}
        self.has_clock_links = any(pattern.has_clock_links for pattern in self.patterns)
        self.aims = aims_of(course)
        self.names = [occurrence.id for occurrence in course.visits]
        self.bounds = list(self._bounds())
        """The rules that bound the distance between two visits, numbered as the statements."""
        self.minutes = Minutes(course, self.patterns, self.aims, self.bounds)
        self.horizon = min(OPEN_END_DAYS + furthest_target(course), MAX_DAYS)
        self._spans: dict[int, list[DaySpan] | None] = {}
        self._plans: dict[date, Plan | None] = {}
        self.timelines: dict[tuple[date, bool], Timeline] = {}
        self._known_limits: _KnownLimits = {}
        self._own: dict[str, list[TimingConstraint]] | None = None
        self._beside: dict[tuple[int, ...], list[VisitPattern]] = {}

    def for_participant(self, available: Availability) -> "CoursePlanner":
        """The same course for one who is away on some dates, or would rather have others."""
        if available == self.available:
            return self
        other = copy(self)
        other.available = available
        same: dict[tuple[object, ...], VisitPattern] = {}
        other.patterns = [pattern.for_participant(available) for pattern in self.patterns]
        for pattern in other.patterns:
            pattern.share(same)
        other.minutes = self.minutes.held_by(other.patterns)
        other._plans = {}
        other.timelines = {}
        other._known_limits = {}
        other._beside = {}
        return other

    def plan(self, anchor: date) -> Plan | None:
        """The best plan whose anchor visit takes place on ``anchor``; ``None`` if nothing fits.

        Raises:
            NotProven: no plan was found, nor that there is none.
        """
        if anchor not in self._plans:
            self._plans[anchor] = self.plan_within(anchor, {})
        return self._plans[anchor]

    def plan_within(self, anchor: date, allowed: AllowedDays, *, slack: int = 0) -> Plan | None:
        """The best plan on the days that others leave; ``None`` if nothing fits. Not remembered.

        Nearest the targets; of plans that are equally near, the one that leaves the most days
        after dosing sessions, then the earliest.

        Args:
            anchor: the local date of the anchor visit.
            allowed: see `problem`.
            slack: so many days the windows of each session are to leave after its date.

        Raises:
            NotProven: no plan was found, nor that there is none.
        """
        return self._plan(anchor, allowed, slack)

    def fits(self, anchor: date, allowed: AllowedDays | None = None) -> bool:
        """Whether any plan exists; quicker than finding the best one.

        Args:
            anchor: the local date of the anchor visit.
            allowed: see `problem`.

        Raises:
            NotProven: no plan was found, nor that there is none.
        """
        is_proven = True
        for problem in self._problems(anchor, allowed):
            best = self.search(problem, [], []).best()
            if isinstance(best, Apart):
                return True
            is_proven = is_proven and best.proven
        if not is_proven:
            raise NotProven(anchor)
        return False

    def search(
        self, problem: PlacementProblem, pulls: "list[TargetCost]", preferences: "list[Preference]"
    ) -> Search:
        """Looks for the best dates of a problem on which all visits are apart."""
        return Search(self.minutes, problem, pulls, preferences)

    def _problems(
        self, anchor: date, allowed: AllowedDays | None = None
    ) -> "list[PlacementProblem]":
        """The problem near at hand, then, if open ends were cut, the one with far horizons."""
        near = self.problem(anchor, horizon=self.horizon, allowed=allowed)
        if near is None:
            return []
        if not any(span.open_first or span.open_last for span in near.spans):
            return [near]
        far = self.problem(anchor, horizon=MAX_DAYS, allowed=allowed)
        return [near] if far is None else [near, far]

    def _plan(self, anchor: date, allowed: AllowedDays, slack: int) -> Plan | None:
        for problem in self._problems(anchor, allowed):
            scale = self._scale()
            # No slack is worth a day off target.
            dearer = 2 * (1 + len(self.slack_rules) * slack) if slack else 1
            targets, near_ends = self._pulls(problem.candidates, scale * dearer)
            pulls = targets + near_ends
            preferences = self._preferences(problem)
            if slack:
                missing = missing_slack(
                    self.slack_rules, slack, scale, problem.candidates, self.index
                )
                pulls += missing.pulls
                preferences += missing.preferences
            preferences += self._wishes(problem, pulls, preferences)
            preferences += self._bookings(problem, pulls, preferences)
            best = self.search(problem, pulls, preferences).best()
            if isinstance(best, NeverApart):
                if not best.proven:
                    raise NotProven(anchor)
                continue
            visits = tuple(
                _placed(way, columns.days[low], columns.days[high], span)
                for way, columns, low, high, span in zip(
                    best.ways,
                    problem.candidates,
                    best.placement.least,
                    best.placement.greatest,
                    problem.spans,
                    strict=True,
                )
            )
            return Plan(anchor.toordinal(), visits, self.cost_of(best.ways), best.proven)
        return None

    def cost_of(self, ways: Sequence[Way]) -> int:
        """Weighted days off target, rounded up, of visits that lie so, by position."""
        total, scale = 0, self._scale()
        for rule, distance, is_target in self.aims:
            if is_target:
                tail, head = self.index[rule.reference.visit], self.index[rule.point.visit]
                weight = target_weight(self.course, self.course.visits[head])
                is_clock = isinstance(distance, ClockDistance)
                weight *= scale // MINUTES_A_DAY if is_clock else scale
                total += weight * distance_off(rule, distance, ways[tail], ways[head])
        return -(-total // scale)

    def problem(
        self, anchor: date, *, horizon: int | None = None, allowed: AllowedDays | None = None
    ) -> PlacementProblem | None:
        """The placement problem of an anchor date; ``None`` if the rules alone contradict.

        Args:
            anchor: the local date of the anchor visit.
            horizon: days to search beyond the last bound on an open side; ``None``: the planner's.
            allowed: by occurrence id the days (ordinals, ascending) on which a visit may start;
                visits that are missing may on any on which they can.

        Raises:
            PlannerError: the visits' windows hold more than `MAX_DATES` dates together; visits that
                can take place at the same times share theirs.
        """
        possible = self.spans(self.horizon if horizon is None else horizon)
        if possible is None:
            return None
        spans = self.on_common_dates(possible, anchor.toordinal())
        dates = self._dates(spans)
        if dates > MAX_DATES:
            raise PlannerError(
                f"`{self.course.protocol.id}`: the windows of {len(spans):,} visits hold"
                f" {dates:,} dates, at most {MAX_DATES:,} are searched; narrow the widest windows"
            )
        held, day_one = frozenset(self.fixed), anchor.toordinal()
        parts = [self.part(at, day_one, span, held) for at, span in enumerate(spans)]
        problem = self.problem_of(parts, spans, Circumstances())
        return problem.within(self.positions(allowed))

    def positions(self, allowed: AllowedDays | None) -> dict[int, Sequence[int]]:
        """Allowed days by the positions of visits."""
        return {self.index[name]: days for name, days in (allowed or {}).items()}

    @cached_property
    def slack_rules(self) -> tuple[SlackRule, ...]:
        """The windows that say how long dosing sessions can be put off."""
        return slack_rules(self.course, self.bounds)

    def on_common_dates(self, spans: Sequence[DaySpan], day_one: int) -> list[DaySpan]:
        """The same, of a visit that takes place on one date for everybody that date alone.

        Args:
            spans: days from the anchor between which each visit can lie.
            day_one: the ordinal of the anchor date.
        """
        dated = list(spans)
        for at, pattern in enumerate(self.patterns):
            if pattern.date is not None:
                day, span = pattern.date - day_one, spans[at]
                first = day if span.open_first else max(span.first, day)
                last = day if span.open_last else min(span.last, day)
                dated[at] = DaySpan(first, last, open_first=False, open_last=False)
        return dated

    def _dates(self, spans: Sequence[DaySpan]) -> int:
        """How many dates are searched, those that visits share counted once."""
        stretches: dict[int, tuple[int, int]] = {}
        for pattern, span in zip(self.patterns, spans, strict=True):
            first, last = stretches.get(pattern.shared, (span.first, span.last))
            stretches[pattern.shared] = min(first, span.first), max(last, span.last)
        return sum(last - first + 1 for first, last in stretches.values())

    def part(
        self, at: int, day_one: int, span: DaySpan, held: frozenset[str], *, anyhow: bool = False
    ) -> Bounded:
        """Where a visit can lie.

        Args:
            at: its position.
            day_one: the ordinal of the anchor date.
            span: days from there between which it is looked for.
            held: the fixed dates that hold.
            anyhow: nothing takes days or hours from it.
        """
        part = self.patterns[at].covering(day_one + span.first, day_one + span.last, anyhow=anyhow)
        name = self.names[at]
        return part.within(self.fixed[name], self.fixed[name]) if name in held else part

    def binding(self, rules: Iterable[int], held: frozenset[str]) -> frozenset[int]:  # noqa: ARG002
        """Those of some statements that still say something when these dates are fixed."""
        return frozenset(rules)

    def circumstances(self, held: frozenset[str], binding: frozenset[int]) -> Circumstances:  # noqa: ARG002
        """What holds besides the windows when these dates are fixed and these statements bind."""
        return Circumstances(only=binding)

    @property
    def origin_at(self) -> int:
        """The position of the visit that every date given to a method is of."""
        assert self.course.anchor is not None, "checked before planning"
        return self.index[self.course.anchor]

    def widest_span(self, anchor: date) -> DaySpan:
        """Days from the anchor between which visits lie, whichever of the rules hold.

        Where nothing bounds a visit it is as far from all fixed dates as the course is long.
        """
        days = [0, *(day - anchor.toordinal() for day in self.fixed.values())]
        return DaySpan(min(days) - self.reach, max(days) + self.reach, True, True)

    @cached_property
    def reach(self) -> int:
        """So many days from the anchor all visits and windows end; the horizon at least."""
        ends = [self.horizon]
        for span in self.spans(self.horizon) or ():
            ends += [-span.first, span.last]
        for _, _, window in self.bounds:
            for end in (window.earliest, window.latest):
                if isinstance(end, ClockDistance):
                    ends.append(abs(end.minutes) // MINUTES_A_DAY + 1)
                elif end is not None:
                    ends += map(abs, end.day_span)
        return max(ends)

    @cached_property
    def concerned(self) -> list[frozenset[str]]:
        """By number of the statement the ids of the visits that it says something of."""
        return [
            frozenset((statement.name.rpartition(".")[0],))
            if rule is None
            else frozenset((rule.reference.visit, rule.point.visit))
            for statement in self.schedule.statements
            for rule in (statement.rule,)
        ]

    def problem_of(
        self, parts: Sequence[Bounded], spans: Sequence[DaySpan], circumstances: Circumstances
    ) -> PlacementProblem:
        """The problem of these candidates; what the rules leave of them may be known already."""
        candidates, low, high = zip(*parts, strict=True)
        known = self._known_limits.get(circumstances.only)
        if known is None or not all(map(is_, known[0], candidates)):
            limits = self.limits_of(candidates, circumstances.only)
            known = candidates, limits, LimitGraph(len(candidates), limits)
            if circumstances.only is None:
                self._known_limits[None] = known
        return PlacementProblem(candidates, low, high, *known[1:], spans, circumstances)

    def spans(self, horizon: int) -> list[DaySpan] | None:
        """Between which days from the anchor each visit can lie; ``None``: rules contradict."""
        if horizon not in self._spans:
            self._spans[horizon] = self._find_spans(horizon)
        return self._spans[horizon]

    @cached_property
    def loose_schedule(self) -> Schedule:
        """The schedule with room for days on which clocks change."""
        return build_schedule(self.course, slack=CLOCK_CHANGE)

    def _find_spans(self, horizon: int) -> list[DaySpan] | None:
        schedule = self.loose_schedule
        if schedule.anchor is None or not is_consistent(schedule.network):
            return None
        low = earliest(schedule.network, schedule.anchor)
        high = latest(schedule.network, schedule.anchor)
        nodes = (schedule.nodes[Point(name)] for name in self.names)
        return [bounds_of(low[node], high[node], horizon) for node in nodes]

    def limits_of(
        self, candidates: Sequence[Candidates], only: frozenset[int] | None
    ) -> "list[Limit]":
        """What the rules leave between candidates.

        ``only`` are the numbers of the statements that hold; all when ``None``.
        """
        limits: list[Limit] = []
        for number, rule, window in self.bounds:
            if only is None or number in only:
                tail, head = self.index[rule.reference.visit], self.index[rule.point.visit]
                limits += window_limits(rule, window, tail, head, candidates, number)
        return limits

    def bounding_rules(
        self, only: frozenset[int] | None = None
    ) -> Iterator[tuple[TimingConstraint, Window]]:
        """The rules that bound the distance between two visits, and the distances they allow.

        ``only`` are the numbers of the statements that hold; all when ``None``.
        """
        return (
            (rule, window) for number, rule, window in self.bounds if only is None or number in only
        )

    def _bounds(self) -> Iterator[Bound]:
        for number, statement in enumerate(self.schedule.statements):
            rule = statement.rule
            if rule is not None and rule.reference.visit != rule.point.visit:
                window = bounding_window(rule, self.course)
                if window is not None:
                    yield number, rule, window

    def patterns_beside(self, offsets: tuple[int, ...]) -> list[VisitPattern]:
        """The patterns with minutes off the grid, too; as `VisitPattern.with_offsets`."""
        if offsets not in self._beside:
            self._beside[offsets] = [pattern.with_offsets(offsets) for pattern in self.patterns]
        return self._beside[offsets]

    def own_rules(self, name: str) -> list[TimingConstraint]:
        """The timings of a visit that allow its start some dates and no others.

        Not those of the whole protocol, nor those of which no window was published.
        """
        if self._own is None:
            self._own = {}
            for rule, _ in self.bounding_rules():
                is_own = not rule.is_constraint and not rule.point.end
                if is_own and allowed_window(rule, self.course) is not None:
                    self._own.setdefault(rule.point.visit, []).append(rule)
        return self._own.get(name, [])

    def _scale(self) -> int:
        """Cost units in a weighted day.

        A minute off a target costs more than all times of day together can be off what is
        preferred, so that preferences only ever decide between plans equally near their targets.
        """
        return MINUTES_A_DAY * (
            1 + MINUTES_A_DAY * len(self.patterns) if self.has_clock_links else 1
        )

    def _wishes(
        self,
        problem: PlacementProblem,  # noqa: ARG002
        pulls: "list[TargetCost]",  # noqa: ARG002
        preferences: "list[Preference]",  # noqa: ARG002
    ) -> "list[Preference]":
        """What it costs to have visits on other weekdays than the participant prefers."""
        return []

    def _bookings(
        self,
        problem: PlacementProblem,  # noqa: ARG002
        pulls: "list[TargetCost]",  # noqa: ARG002
        preferences: "list[Preference]",  # noqa: ARG002
    ) -> "list[Preference]":
        """What it costs to move visits that have an appointment: there are none yet."""
        return []

    def _preferences(self, problem: PlacementProblem) -> "list[Preference]":
        """What a visit's own time of day costs besides its distance from others."""
        return [
            Preference(at, candidates.off)
            for at, candidates in enumerate(problem.candidates)
            if self.patterns[at].has_clock_links
        ]

    def _pulls(
        self, candidates: Sequence[Candidates], scale: int
    ) -> "tuple[list[TargetCost], list[TargetCost]]":
        """What it costs to be off targets, and off the near ends of windows without one."""
        targets: list[TargetCost] = []
        near_ends: list[TargetCost] = []
        for rule, distance, is_target in self.aims:
            tail, head = self.index[rule.reference.visit], self.index[rule.point.visit]
            weight = target_weight(self.course, self.course.visits[head])
            reference, placed = candidates[tail], candidates[head]
            goal, shift = led(reference, rule.reference, distance)
            if is_target and isinstance(distance, ClockDistance):
                position = positions_of(placed, rule.point, distance)
                weight *= scale // MINUTES_A_DAY
            else:
                position = positions_of(placed, rule.point, None)
                weight *= scale
                if isinstance(distance, ClockDistance):
                    goal, shift = Mapped(goal, partial(self._day_after, shift)), 0
            (targets if is_target else near_ends).append(
                TargetCost(head, tail, weight, position, goal, shift)
            )
        return targets, near_ends

    def _day_after(self, minutes: int, instant: int) -> int:
        """The ordinal of the local date some minutes after an instant."""
        return day_of(instant + minutes, self.site.zone).toordinal()


def bounds_of(low: int | None, high: int | None, horizon: int) -> DaySpan:
    """The days between two minutes from the anchor's midnight; open ends cut to a horizon.

    Args:
        low: the earliest minute, included; ``None`` for an open end.
        high: the latest minute, included; ``None`` for an open end.
        horizon: days from an open end to the other one, or to the anchor where both are open.
    """
    first = None if low is None else low // MINUTES_A_DAY
    last = None if high is None else high // MINUTES_A_DAY
    if first is None and last is None:
        return DaySpan(-horizon, horizon, open_first=True, open_last=True)
    if first is None and last is not None:
        return DaySpan(last - horizon, last, open_first=True, open_last=False)
    if first is not None and last is None:
        return DaySpan(first, first + horizon, open_first=False, open_last=True)
    assert first is not None
    assert last is not None
    return DaySpan(first, last, open_first=False, open_last=False)


def _placed(way: Way, first: int, last: int, span: DaySpan) -> PlacedVisit:
    return PlacedVisit(
        way.start,
        way.day,
        way.end,
        way.end_day,
        None if span.open_first else first,
        None if span.open_last else last,
    )
