"""What a visit made impossible by taking place when it did: the plan before it, and after."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from planner.network.placement import Infeasible, extremes
from planner.timeline.deviation import Outside, outside, rules_broken
from planner.timeline.explain import NoFit, explain, sentences
from planner.timeline.history import Event
from planner.timeline.placing import CoursePlanner, Placed, sizes_of
from planner.timeline.replanning import Replanner, SoFar


class RuledOut(NamedTuple):
    """Later visits that could be inside their windows before, and cannot after; and why."""

    visits: tuple[str, ...]
    why: tuple[str, ...]


NOTHING = RuledOut((), ())


class Hindsight:
    """Plans a course as it stood after any of its visits, knowing nothing of what came later.

    Args:
        planner: the participant's course.
        settled: all visits that are settled by now.
        void: missed or cancelled visits; those without a date keep a place throughout.
    """

    def __init__(
        self, planner: CoursePlanner, settled: Mapping[str, Event], void: Collection[str]
    ) -> None:
        self.planner = planner
        self.settled = settled
        self.undated = frozenset(void) - settled.keys()
        self._known: dict[tuple[str, ...], RuledOut] = {}

    def ruled_out(self, before: Sequence[str], name: str) -> RuledOut:
        """What was possible after the visits ``before``, in their order, and not after ``name``."""
        after = self._cannot([*before, name])
        if not after.visits:
            return NOTHING
        known = self._cannot(before).visits
        visits = tuple(one for one in after.visits if one not in known)
        return RuledOut(visits, after.why) if visits else NOTHING

    def outside_of_missed(self, before: Sequence[str], name: str) -> list[Outside]:
        """The rules by which a visit counts from missed ones without a date, and does not fit.

        Such a visit keeps a place that others count from, on any date that the rules leave it;
        outside is what none of these dates would allow.
        """
        found = []
        for rule in self.planner.course.rules:
            if rule.point.visit != name or rule.reference.visit not in self.undated or not before:
                continue
            places = self._places(before, name, rule.reference.visit)
            if places is None:
                continue
            there = self._placed(name)
            early, late = (outside(rule, self.planner.course, place, there) for place in places)
            if early is not None and (early.days or early.minutes) < 0:
                found.append(early._replace(visit=name))
            elif late is not None and (late.days or late.minutes) > 0:
                found.append(late._replace(visit=name))
        return found

    def _places(
        self, before: Sequence[str], name: str, missed: str
    ) -> tuple[Placed, Placed] | None:
        """The first and the last place of a missed visit by the rules without those of ``name``.

        Closed days take nothing away: nobody comes there.
        """
        search, day = self._search(before)
        statements = search.schedule.statements
        only = frozenset(
            number
            for number, one in enumerate(statements)
            if one.rule is None or name not in (one.rule.point.visit, one.rule.reference.visit)
        )
        everyone = frozenset(range(len(search.patterns)))
        problem = search.problem(day, only=only, open_visits=everyone)
        if problem is None:
            return None
        reach = extremes(sizes_of(problem), problem.limits)
        if isinstance(reach, Infeasible):
            return None
        at = search.index[missed]
        starts, days, ends, end_days, _ = problem.candidates[at]
        first, last = (
            Placed(starts[k], days[k], ends[k], end_days[k], None, None)
            for k in (index[at] for index in reach)
        )
        return first, last

    def _placed(self, name: str) -> Placed:
        event = self.settled[name]
        return Placed(event.start, event.day, event.end, event.end_day, event.day, event.day)

    def _search(self, names: Sequence[str]) -> tuple[Replanner, date]:
        course = self.planner.course
        settled = {name: self.settled[name] for name in names}
        so_far = SoFar(settled, {}, self.undated, None)
        assert course.anchor is not None, "courses without an anchor have been refused"
        if course.anchor in settled:
            day = date.fromordinal(settled[course.anchor].day)
            return Replanner(self.planner, so_far), day
        origin = min(settled, key=lambda name: settled[name].start)
        return Replanner(self.planner, so_far, origin=origin), date.fromordinal(settled[origin].day)

    def _best_plan(self, search: Replanner, day: date) -> dict[str, Placed]:
        """The plan with the least total deviation; empty where none is known."""
        plan = search.least_deviation(day)
        if plan is None:
            return {}
        return dict(zip((one.id for one in self.planner.course.visits), plan.visits, strict=True))

    def _cannot(self, names: Sequence[str]) -> RuledOut:
        """The visits to come that cannot be inside their windows once these have taken place."""
        key = tuple(names)
        if not names:
            return NOTHING
        if key not in self._known:
            search, day = self._search(names)
            self._known[key] = NOTHING if search.fits(day) else self._outside(search, day)
        return self._known[key]

    def _outside(self, search: Replanner, day: date) -> RuledOut:
        why = explain(search, day)
        found = _named(why) if search.origin is not None else self._in_best_plan(search, day)
        settled = search.so_far.settled
        visits = tuple(
            one.id
            for one in self.planner.course.visits
            if one.id in found and one.id not in settled and one.id not in self.undated
        )
        return RuledOut(visits, tuple(sentences(why)))

    def _in_best_plan(self, search: Replanner, day: date) -> set[str]:
        """The visits that the plan with the least total deviation leaves outside."""
        settled = search.so_far.settled
        found = set()
        for one in rules_broken(self.planner.course, self._best_plan(search, day)):
            ends = (one.visit, one.rule.point.visit, one.rule.reference.visit)
            loose = [end for end in ends if end not in settled and end not in self.undated]
            found |= set(loose[:1])  # of two to come the later one
        return found


def _named(why: NoFit) -> set[str]:
    """The visits that a conflict is about."""
    found = {closed.visit for closed in why.closed}
    for statement in why.rules:
        if statement.rule is not None:
            found |= {statement.rule.point.visit, statement.rule.reference.visit}
    return found
