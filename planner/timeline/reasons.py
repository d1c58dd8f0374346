"""Reasons why nothing fits at an anchor date, switched on and off to see which of them matter.

All that does not depend on the choice is made once: between which days visits are looked for, their
candidates with and without what takes days from them, and what each rule leaves between two of
them. Days are enough for all that a choice of reasons could lead to: no spans are worked out.
"""

from collections.abc import Collection, Sequence
from datetime import date
from operator import gt
from typing import NamedTuple

from planner.network.arc_consistency import Infeasible, Limit, LimitGraph, trail
from planner.timeline.apart import NeverApart
from planner.timeline.candidates import Bounded, Candidates
from planner.timeline.course_planner import CoursePlanner
from planner.timeline.limits import window_limits
from planner.timeline.minutes import Pair
from planner.timeline.placement_problem import DaySpan, PlacementProblem

TODAY = "(today)"
"""Stands among the fixed dates for: what has not taken place cannot lie before this date."""
_NOWHERE = Bounded(Candidates([0], [0], [0], [0], [0]), 0, 0)
"""Stands for a visit that nothing binds: it finds its place whatever the others do."""


class Reason(NamedTuple):
    """Something that could be otherwise: a rule, what takes days from a visit, a fixed date, or
    that two visits cannot overlap."""

    rule: int = -1
    closures_of: int = -1
    fixed: str = ""
    apart: Pair | None = None


class Question(NamedTuple):
    """What a choice of reasons leaves; lists are by position among the visits asked about."""

    candidates: list[Candidates]
    low: list[int]
    high: list[int]
    limits: list[Limit]
    void: frozenset[int]

    def has_solution(self) -> bool:
        """Whether there are dates, wherever visits overlap."""
        low = self.low[:]
        if any(map(gt, low, self.high)):
            return False
        return LimitGraph(len(low), self.limits).rise(low, self.high, range(len(low)))

    def extremes(self) -> tuple[list[int], list[int]] | None:
        """The least and the greatest solution as candidates, wherever visits overlap, if any."""
        low, high = self.low[:], self.high[:]
        graph = LimitGraph(len(low), self.limits)
        return (low, high) if graph.narrow(low, high) else None


class Reasons:
    """The reasons at one anchor date that have to do with some visits.

    Args:
        planner: the course's, or the participant's.
        anchor: the date.
        visits: positions of the visits asked about, ascending; nothing binds the others.
    """

    def __init__(self, planner: CoursePlanner, anchor: date, visits: Sequence[int]) -> None:
        self.planner = planner
        self.day_one = anchor.toordinal()
        self.visits = visits
        self.number = {at: number for number, at in enumerate(visits)}
        self.rules = {}
        for number, rule, window in planner.bounds:
            tail, head = planner.index[rule.reference.visit], planner.index[rule.point.visit]
            if tail in self.number and head in self.number:
                self.rules[number] = (rule, window, tail, head)
        self.span = planner.widest_span(anchor)
        self._parts: dict[tuple[int, bool, bool, bool], Bounded] = {}
        self._limits: dict[tuple[int, ...], list[Limit]] = {}

    def asked(self, reasons: Collection[Reason]) -> Question:
        """What is left of the visits when these reasons hold and no others."""
        held = frozenset(reason.fixed for reason in reasons if reason.fixed)
        closed = {reason.closures_of for reason in reasons}
        rules = self.planner.binding([reason.rule for reason in reasons if reason.rule >= 0], held)
        bounds = [(number, *self.rules[number]) for number in rules if number in self.rules]
        bound = {end for _, _, _, tail, head in bounds for end in (tail, head)}
        bound |= closed | {self.planner.origin_at}
        parts = [self._part(at, held, anyhow=at not in closed) for at in self.visits]
        void = set()
        for number, at in enumerate(self.visits):
            if at not in bound and self.planner.names[at] not in held:
                void.add(at)
                parts[number] = _NOWHERE
        candidates = [part.columns for part in parts]
        limits = []
        for number, rule, window, tail, head in bounds:
            ends = self.number[tail], self.number[head]
            key = (number, *(id(candidates[end]) for end in ends))
            if key not in self._limits:
                self._limits[key] = window_limits(rule, window, *ends, candidates, number)
            limits += self._limits[key]
        low, high = [part.low for part in parts], [part.high for part in parts]
        return Question(candidates, low, high, limits, frozenset(void))

    def hold_together(self, reasons: Collection[Reason]) -> bool:
        """Whether there is a plan, or it is not proven that there is none, when these hold."""
        question = self.asked(reasons)
        if not question.has_solution():
            return False
        pairs = frozenset(reason.apart for reason in reasons if reason.apart is not None)
        if not pairs:
            return True
        best = self.planner.search(self._problem(question, reasons, pairs), [], []).best()
        return not isinstance(best, NeverApart) or not best.proven

    def trail(self, reasons: Collection[Reason]) -> Infeasible:
        """On which rules it can be seen that nothing fits (expects that the limits alone show it).

        The variable is the position of the visit that has no date left.
        """
        question = self.asked(reasons)
        reach = trail(question.low, question.high, question.limits)
        return reach._replace(variable=self.visits[reach.variable])

    def days_left(self, at: int, reasons: Collection[Reason]) -> Sequence[int]:
        """The days (ordinals) that reasons leave a visit; none where they say nothing of it."""
        question, number = self.asked(reasons), self.number[at]
        reach = None if at in question.void else question.extremes()
        if reach is None:
            return ()
        return question.candidates[number].days[reach[0][number] : reach[1][number] + 1]

    def _problem(
        self, question: Question, reasons: Collection[Reason], pairs: frozenset[Pair]
    ) -> PlacementProblem:
        """The question as a problem; expects that all visits are asked about."""
        held = frozenset(reason.fixed for reason in reasons if reason.fixed)
        rules = [reason.rule for reason in reasons if reason.rule >= 0]
        closed = {reason.closures_of for reason in reasons}
        circumstances = self.planner.circumstances(held, self.planner.binding(rules, held))
        circumstances = circumstances._replace(
            void=circumstances.void | question.void,
            open_visits=frozenset(self.visits) - closed,
            pairs=pairs,
        )
        graph = LimitGraph(len(question.low), question.limits)
        return PlacementProblem(
            question.candidates,
            question.low,
            question.high,
            question.limits,
            graph,
            [self.span] * len(question.low),
            circumstances,
        )

    def _part(self, at: int, held: frozenset[str], *, anyhow: bool) -> Bounded:
        """Where a visit can lie; the same object for the same switches."""
        key = (at, anyhow, self.planner.names[at] in held, TODAY in held)
        if key not in self._parts:
            span = DaySpan(0, 0, False, False) if at == self.planner.origin_at else self.span
            self._parts[key] = self.planner.part(at, self.day_one, span, held, anyhow=anyhow)
        return self._parts[key]
