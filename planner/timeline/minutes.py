"""The minutes of days on which a participant has several visits: nobody is in two places at a time.

The dates are given. Visits of one day take place in the listed order, unless a rule between them or
their times of day ask for the other one, each when those before it are over; a visit that falls
into a stay waits until the stay ends. What has taken place or is booked stays where it is, and
others lie around it, as listed where that is possible. What may be at the same time after all is
told in `planner.schedule.one_place`.

A day, with all that clock distances tie to it, is a placement of its own. Clock targets come first,
then the preferred times of day, of which a visit is rather late than early.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from math import gcd
from typing import NamedTuple

from planner.network.arc_consistency import Infeasible, Limit, extremes, minimal_subset
from planner.network.groups import Groups
from planner.network.placement import Preference, TargetCost, place
from planner.protocol.course import Course, TimingConstraint
from planner.schedule.aims import Aim, target_weight
from planner.schedule.one_place import is_anywhere, leads_on, pairs_inside
from planner.time.distance import ClockDistance, Distance, Window
from planner.time.local import changes_clock, to_local
from planner.timeline.candidates import Candidates, VisitPattern, Way, columns_of
from planner.timeline.limits import led, positions_of, window_limits
from planner.timeline.visit_length import ASSUMED_MINUTES, default_length

_LESS = (30, 1)
"""Where a day is too full for the assumed length of a visit of which nobody says how long it takes;
but no visit starts at another one's minute."""

Bound = tuple[int, TimingConstraint, Window]
"""A rule that bounds the distance between two visits, with the number of its statement."""
Pair = tuple[int, int]
"""Two visits by position, in listed order."""


class Circumstances(NamedTuple):
    """What holds of the visits of one plan besides their windows, by position.

    Attributes:
        settled: visits that stay where they are.
        booked: the instants of appointments; one that is kept stays, too.
        void: visits to which nobody comes.
        open_visits: visits from which nothing takes days or hours.
        only: numbers of the statements that hold; all when ``None``.
        pairs: those that are kept apart; all when ``None``.
    """

    settled: frozenset[int] = frozenset()
    booked: Mapping[int, int] = {}
    void: frozenset[int] = frozenset()
    open_visits: frozenset[int] = frozenset()
    only: frozenset[int] | None = None
    pairs: frozenset[Pair] | None = None


class TooFull(NamedTuple):
    """Visits, by position, on whose dates these pairs cannot be apart; without one of them all
    others could."""

    visits: tuple[int, ...]
    pairs: tuple[Pair, ...]


class Minutes:
    """Keeps the visits of one course apart within their days.

    Args:
        course: the course.
        patterns: how each visit can be held on a day, by position.
        aims: what visits want.
        bounds: the rules that bound the distance between two visits.
    """

    def __init__(
        self,
        course: Course,
        patterns: Sequence[VisitPattern],
        aims: Sequence[Aim],
        bounds: Sequence[Bound],
    ) -> None:
        self.course = course
        self.patterns = patterns
        self.index = {visit.id: at for at, visit in enumerate(course.visits)}
        self.clock_targets = [
            aim for aim in aims if aim.is_target and isinstance(aim.distance, ClockDistance)
        ]
        self._aims = aims
        self._bounds = bounds
        self._can_be_apart: dict[tuple[object, ...], bool] = {}
        self.has_length = [bool(pattern.minutes or pattern.nights) for pattern in patterns]
        usual = default_length(course.protocol, patterns[0].site.site) if patterns else None
        usual = ASSUMED_MINUTES if usual is None else usual
        self.assumed = (usual, *(less for less in _LESS if less < usual))
        self._anywhere = frozenset(
            at for at, visit in enumerate(course.visits) if is_anywhere(visit)
        )

    def held_by(self, patterns: Sequence[VisitPattern]) -> "Minutes":
        """The same for other ways to hold the visits."""
        return Minutes(self.course, patterns, self._aims, self._bounds)

    @cached_property
    def bounds_of(self) -> list[list[Bound]]:
        """The bounds of each visit, by position."""
        bounds: list[list[Bound]] = [[] for _ in self.patterns]
        for bound in self._bounds:
            for at in self.ends(bound[1]):
                bounds[at].append(bound)
        return bounds

    @cached_property
    def grid(self) -> int:
        """All times of day and lengths that are written are multiples of so many minutes."""
        steps = [30]
        for pattern in {pattern.site: pattern for pattern in self.patterns}.values():
            steps += pattern.site.minutes_in_use()
        for pattern in self.patterns:
            steps += pattern.times_in_use
        distances: list[Distance | None] = [aim.distance for aim in self.clock_targets]
        for _, _, window in self._bounds:
            distances += [window.earliest, window.latest]
        return gcd(
            *steps,
            *(distance.minutes for distance in distances if isinstance(distance, ClockDistance)),
        )

    @cached_property
    def _inside(self) -> frozenset[frozenset[int]]:
        """The pairs of which one is declared to take place inside the other."""
        pairs = pairs_inside(self.course, ((rule, window) for _, rule, window in self._bounds))
        return frozenset(frozenset(self.index[name] for name in pair) for pair in pairs)

    @cached_property
    def comes_first(self) -> frozenset[Pair]:
        """Visits and the ones that they precede by a rule in days, also on the same date."""
        pairs: set[Pair] = set()
        for _, rule, window in self._bounds:
            point, reference = self.ends(rule)
            is_before = leads_on(None if window.latest is None else -window.latest)
            if is_before and (rule.backwards or not leads_on(window.earliest)):
                # What lies before the end of a visit need not lie before the visit.
                pairs.update(() if rule.reference.end else [(point, reference)])
            elif leads_on(window.earliest):
                pairs.add((reference, point))
        return frozenset(pairs)

    def precedes(self, first: int, other: int) -> bool:
        """Whether a visit is to come before another one on the same date: by rule, or as listed."""
        if (first, other) in self.comes_first:
            return True
        return first < other and (other, first) not in self.comes_first

    def ends(self, rule: TimingConstraint) -> tuple[int, int]:
        """The positions of the visit that a rule places and of the one it counts from."""
        return self.index[rule.point.visit], self.index[rule.reference.visit]

    def until(self, at: int, way: Way, assumed: int | None = None) -> int:
        """The instant until which a participant is at a visit.

        Args:
            at: the visit's position.
            way: where it lies.
            assumed: its minutes where nobody says how long it takes; the usual ones when ``None``.
        """
        assumed = self.assumed[0] if assumed is None else assumed
        return way.end if self.has_length[at] else max(way.end, way.start + assumed)

    def stays(self, at: int, way: Way, circumstances: Circumstances) -> bool:
        """Whether a visit has its place already."""
        return at in circumstances.settled or circumstances.booked.get(at) == way.start

    def are_kept_apart(self, first: int, other: int, circumstances: Circumstances) -> bool:
        """Whether a participant cannot be at both visits at a time."""
        pair = (min(first, other), max(first, other))
        if circumstances.pairs is not None and pair not in circumstances.pairs:
            return False
        return self._anywhere.isdisjoint(pair) and frozenset(pair) not in self._inside

    def arranged(
        self, ways: Mapping[int, Way], circumstances: Circumstances
    ) -> Mapping[int, Way] | TooFull:
        """The same dates with visits apart; the ways themselves where they are.

        Exact: if the dates leave any times at which all visits are apart, these are the best ones.

        Args:
            ways: where visits lie, by position, while nothing keeps them from each other.
            circumstances: what else holds.
        """
        clashing = set(self._clashing(ways, circumstances))
        if not clashing:
            return ways
        arranged_ways = dict(ways)
        for members in self._groups(ways, circumstances):
            if clashing.isdisjoint(members):
                continue
            arranged = _Day(self, members, ways, circumstances).arranged()
            if isinstance(arranged, TooFull):
                return arranged
            arranged_ways.update(arranged)
        return arranged_ways

    def can_be_apart(self, ways: Mapping[int, Way], circumstances: Circumstances) -> bool:
        """Whether visits, by position, can be apart on their dates, whatever the rules say."""
        zone = self.patterns[0].site.zone
        first = min(way.day for way in ways.values())
        key: list[object] = []
        for at, way in ways.items():
            spans = self.patterns[at].start_spans(
                way.day, closures=at not in circumstances.open_visits
            )
            local = date.fromordinal(way.day)
            changes = changes_clock(local, zone) or changes_clock(local + timedelta(1), zone)
            key += [at, way.day - first, way.day if changes else 0, *spans]
        known = self._can_be_apart.get(tuple(key))
        if known is None:
            day = _Day(self, sorted(ways), ways, circumstances._replace(only=frozenset()))
            known = not isinstance(day.limits_apart(), TooFull)
            self._can_be_apart[tuple(key)] = known
        return known

    def _present(self, ways: Mapping[int, Way], circumstances: Circumstances) -> list[int]:
        """The visits that somebody comes to, by their starts."""
        present = (at for at in ways if at not in circumstances.void)
        return sorted(present, key=lambda at: (ways[at].start, at))

    def _clashing(self, ways: Mapping[int, Way], circumstances: Circumstances) -> Iterator[int]:
        """Visits that overlap, or lie on one day in another order than they are listed."""
        before: list[int] = []  # what is not over yet, or on the same day
        for at in self._present(ways, circumstances):
            start, day = ways[at].start, ways[at].day
            before = [
                other
                for other in before
                if ways[other].day == day or self.until(other, ways[other]) > start
            ]
            for other in before:
                in_order = ways[other].day < day or self.precedes(other, at)
                if in_order and self.until(other, ways[other]) <= start:
                    continue
                if self.stays(at, ways[at], circumstances) and self.stays(
                    other, ways[other], circumstances
                ):
                    continue
                if self.are_kept_apart(at, other, circumstances):
                    yield at
                    yield other
            before.append(at)

    def _groups(self, ways: Mapping[int, Way], circumstances: Circumstances) -> list[list[int]]:
        """Visits whose minutes depend on each other: on one day, or tied by the clock."""
        present = self._present(ways, circumstances)
        groups = Groups(present)
        last = -1
        for number, at in enumerate(present):
            if number and ways[at].day <= last:
                groups.join(at, present[number - 1])
            last = max(last, ways[at].end_day)
        for _, rule, window in self._bounds:
            if isinstance(window.earliest or window.latest, ClockDistance):
                point, reference = self.ends(rule)
                if point in groups and reference in groups:
                    groups.join(point, reference)
        return list(groups.members().values())


class _Day:
    """The minutes of visits that depend on each other.

    Variables are the visits, and those besides to which rules tie them, which stay.
    """

    def __init__(
        self,
        minutes: Minutes,
        members: Sequence[int],
        ways: Mapping[int, Way],
        circumstances: Circumstances,
    ) -> None:
        self.minutes = minutes
        self.ways = ways
        self.circumstances = circumstances
        self.members = members
        self.free = [at for at in members if not minutes.stays(at, ways[at], circumstances)]
        bounds = {
            bound[0]: bound
            for at in self.free
            for bound in minutes.bounds_of[at]
            if (circumstances.only is None or bound[0] in circumstances.only)
            and ways.keys() >= set(minutes.ends(bound[1]))
        }
        tied = {at for _, rule, _ in bounds.values() for at in minutes.ends(rule)}
        self.visits = [*members, *sorted(tied.difference(members))]
        self.variable = {at: number for number, at in enumerate(self.visits)}
        self.bounds = [bound for bound in bounds.values() if self._is_kept(bound)]
        self._fill(minutes.grid)

    def _fill(self, grid: int) -> None:
        """Finds the ways of all visits on the minutes of a grid, and what the rules leave."""
        offsets = self._offsets(grid)
        self.columns = [self._columns(at, grid, offsets) for at in self.visits]
        self.limits = [
            limit
            for bound in self.bounds
            for limit in window_limits(
                bound[1], bound[2], *self._ends(bound[1]), self.columns, bound[0]
            )
        ]

    def _ends(self, rule: TimingConstraint) -> tuple[int, int]:
        """The variables of the visit that a rule counts from and of the one that it places."""
        point, reference = self.minutes.ends(rule)
        return self.variable[reference], self.variable[point]

    def _offsets(self, grid: int) -> set[int]:
        """By how many minutes what stays begins and ends behind the grid."""
        zone = self.minutes.patterns[0].site.zone
        stays = (self.ways[at] for at in self.members if at not in self.free)
        local = [to_local(instant, zone) for way in stays for instant in (way.start, way.end)]
        return {(moment.hour * 60 + moment.minute) % grid for moment in local}

    def _columns(self, at: int, grid: int, offsets: set[int]) -> Candidates:
        columns = columns_of([self.ways[at]])
        if at not in self.free:
            return columns
        pattern, day = self.minutes.patterns[at], self.ways[at].day
        # On a day on which the site is shut anyway its hours say nothing.
        for closures in (at not in self.circumstances.open_visits, False):
            candidates = pattern.on(day, grid, offsets, closures=closures)
            if candidates.starts:
                return candidates
        return columns

    def _is_kept(self, bound: Bound) -> bool:
        """Whether the dates keep a rule; a plan outside the windows breaks some."""
        _, rule, window = bound
        point, reference = self.minutes.ends(rule)
        lies = [columns_of([self.ways[reference]]), columns_of([self.ways[point]])]
        return all(not limit.least[0] for limit in window_limits(rule, window, 0, 1, lies, 0))

    def arranged(self) -> dict[int, Way] | TooFull:
        """Where the visits that are free to move lie when all are apart."""
        limits = self.limits_apart()
        return limits if isinstance(limits, TooFull) else self._best(limits)

    def limits_apart(self) -> list[Limit] | TooFull:
        """The limits of the rules, and that no two visits overlap.

        Around what stays visits lie as listed, too, if that is possible.
        """
        order = self._order()
        pairs = [
            (first, other)
            for number, first in enumerate(order)
            for other in order[number + 1 :]
            if self.ways[first].end_day >= self.ways[other].day
            and not {first, other}.isdisjoint(self.free)
            and self.minutes.are_kept_apart(first, other, self.circumstances)
        ]
        has_fixed = len(self.free) < len(self.members)
        for as_listed in (True, False) if has_fixed else (True,):
            self._fill(self.minutes.grid)
            for assumed in self.minutes.assumed:
                if assumed < self.minutes.grid:
                    self._fill(assumed)
                apart = [self._apart(*pair, assumed, as_listed) for pair in pairs]
                if self._holds([*self.limits, *apart]):
                    return [*self.limits, *apart]
        return self._too_full(pairs)

    def _holds(self, limits: list[Limit]) -> bool:
        sizes = [len(columns.starts) for columns in self.columns]
        return not isinstance(extremes(sizes, limits), Infeasible)

    def _after(self, first: int, other: int, assumed: int) -> Limit:
        """That a visit does not start before another one is over."""
        earlier, later = self.columns[self.variable[first]], self.columns[self.variable[other]]
        ways = (Way(*way) for way in zip(*earlier, strict=True))
        over = [self.minutes.until(first, way, assumed) for way in ways]
        least = [bisect_left(later.starts, instant) for instant in over]
        return Limit(self.variable[first], self.variable[other], least, -1)

    def _apart(self, first: int, other: int, assumed: int, as_listed: bool) -> Limit:
        """That two visits do not overlap: the first one is over, or lies around what stays."""
        if as_listed or {first, other} <= set(self.free):
            return self._after(first, other, assumed)
        at, fixed = (first, other) if first in self.free else (other, first)
        begun = self.ways[fixed].start
        over = self.minutes.until(fixed, self.ways[fixed], assumed)
        columns = self.columns[self.variable[at]]
        following = len(columns.starts)
        least = [following] * following
        for index in range(following - 1, -1, -1):
            way = columns.way(index)
            if way.start >= over or self.minutes.until(at, way, assumed) <= begun:
                following = index
            least[index] = following
        return Limit(self.variable[at], self.variable[at], least, -1)

    def _order(self) -> list[int]:
        """The members by date, on one date as listed, but where only another order is possible."""
        days: dict[int, list[int]] = {}
        for at in sorted(self.members):
            days.setdefault(self.ways[at].day, []).append(at)
        order = []
        for day in sorted(days):
            left = days[day]
            first = {
                at: {other for other in left if other > at and self._must_follow(at, other)}
                for at in left
            }
            while left:
                # What must come first hardly runs in circles; the listed order fills the rest.
                chosen = next((at for at in left if first[at].isdisjoint(left)), left[0])
                left = [at for at in left if at != chosen]
                order.append(chosen)
        return order

    def _must_follow(self, follower: int, other: int) -> bool:
        """Whether a visit listed before another on the same day cannot start before it does.

        Or is to follow it, by a rule.
        """
        if {follower, other}.isdisjoint(self.free):
            return self.ways[follower].start > self.ways[other].start
        starts = self.columns[self.variable[follower]].starts
        later = self.columns[self.variable[other]].starts
        if starts[0] >= later[-1] or (other, follower) in self.minutes.comes_first:
            return True
        first = Limit(
            self.variable[follower],
            self.variable[other],
            [bisect_right(later, instant) for instant in starts],
            -1,
        )
        return bool(self.bounds) and not self._holds([*self.limits, first])

    def _too_full(self, pairs: Sequence[Pair]) -> TooFull:
        """The fewest pairs that cannot all be apart, and all visits on whose dates that depends."""
        guilty = minimal_subset(
            pairs,
            lambda some: self._holds(
                [*self.limits, *(self._apart(*pair, 1, as_listed=False) for pair in some)]
            ),
        )
        visits = {at for pair in guilty for at in pair}
        before = 0
        while len(visits) != before:
            before = len(visits)
            for _, rule, _ in self.bounds:
                ends = set(self.minutes.ends(rule)).intersection(self.members)
                if not ends.isdisjoint(visits):
                    visits |= ends
        in_order = tuple(sorted((min(pair), max(pair)) for pair in guilty))
        return TooFull(tuple(sorted(visits - self.circumstances.settled)), in_order)

    def _best(self, limits: list[Limit]) -> dict[int, Way]:
        early = len(self.free) + 1
        preferences = [
            Preference(self.variable[at], _costs(self.columns[self.variable[at]].off, early))
            for at in self.free
        ]
        price = 1 + sum(max(preference.costs) for preference in preferences)
        pulls = []
        for rule, distance, _ in self.minutes.clock_targets:
            if not set(self.minutes.ends(rule)) <= self.variable.keys():
                continue
            reference, point = self._ends(rule)
            placed = self.columns[point]
            occurrence = self.minutes.course.visits[self.visits[point]]
            weight = price * target_weight(self.minutes.course, occurrence)
            position = positions_of(placed, rule.point, distance)
            goal, shift = led(self.columns[reference], rule.reference, distance)
            pulls.append(TargetCost(point, reference, weight, position, goal, shift))
        best = place([len(column.starts) for column in self.columns], limits, pulls, preferences)
        assert best is not None, "these limits have been found to hold"
        return {
            at: columns.way(best.indices[self.variable[at]])
            for at, columns in zip(self.visits, self.columns, strict=True)
            if at in self.free
        }


def _costs(off: Sequence[int], early: int) -> list[int]:
    """What the minutes off a preferred time cost, each one before it ``early`` times as much."""
    nearest = off.index(min(off))
    return [minutes * early if at < nearest else minutes for at, minutes in enumerate(off)]
