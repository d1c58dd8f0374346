"""What a visit made impossible by taking place when it did: the plan before it, and after."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from planner.time.distance import MAX_DAYS
from planner.timeline.course_planner import CoursePlanner, NotProven
from planner.timeline.explain import explain, in_words
from planner.timeline.history import RecordedTimes
from planner.timeline.replanning import CommittedVisits, Replanner


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
        void: missed or cancelled visits; those that nothing dates are planned as void throughout.
    """

    def __init__(
        self, planner: CoursePlanner, settled: Mapping[str, RecordedTimes], void: Collection[str]
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
        visits = tuple(visit for visit in after.visits if visit not in known)
        return RuledOut(visits, after.why) if visits else NOTHING

    def _search(self, names: Sequence[str]) -> tuple[Replanner, date]:
        course = self.planner.course
        settled = {name: self.settled[name] for name in names}
        so_far = CommittedVisits(settled, {}, self.undated, None)
        assert course.anchor is not None, "courses without an anchor have been refused"
        if course.anchor in settled:
            day = date.fromordinal(settled[course.anchor].day)
            return Replanner(self.planner, so_far), day
        origin = min(settled, key=lambda name: settled[name].start)
        return Replanner(self.planner, so_far, origin=origin), date.fromordinal(settled[origin].day)

    def _cannot(self, names: Sequence[str]) -> RuledOut:
        """The visits to come that cannot be inside their windows once these have taken place."""
        key = tuple(names)
        if not names:
            return NOTHING
        if key not in self._known:
            search, day = self._search(names)
            try:
                fits = search.fits(day)
            except NotProven:
                fits = True  # only what is proven is said to be ruled out
            self._known[key] = NOTHING if fits else self._outside(search, day)
        return self._known[key]

    def _outside(self, search: Replanner, day: date) -> RuledOut:
        """Visit by visit in the order of the course: with those before it inside their windows.

        A visit that then has no date cannot be inside; what counts from it is asked as if it could
        be anywhere.
        """
        settled, index = search.so_far.fixed, search.index
        owned: dict[str, set[int]] = {}
        for number, statement in enumerate(search.schedule.statements):
            rule = statement.rule
            ends = (
                (statement.name.rpartition(".")[0],)
                if rule is None
                else (rule.reference.visit, rule.point.visit)
            )
            loose = [end for end in ends if end not in settled]
            if loose:
                owned.setdefault(max(loose, key=index.__getitem__), set()).add(number)
        holding: frozenset[int] = frozenset()
        anywhere = frozenset(range(len(search.patterns)))
        names = []
        for at, visit in enumerate(self.planner.course.visits):
            if visit.id in settled:
                continue
            more = holding | owned.get(visit.id, set())
            if _is_possible(search, day, more, anywhere - {at}):
                holding, anywhere = more, anywhere - {at}
            elif visit.id not in self.undated:
                names.append(visit.id)
        return RuledOut(tuple(names), in_words(explain(search, day)))


def _is_possible(
    search: Replanner, day: date, only: frozenset[int], anywhere: frozenset[int]
) -> bool:
    """Whether these statements can hold on the dates on which the other visits can be."""
    for horizon in (search.horizon, MAX_DAYS):
        problem = search.problem(day, only=only, open_visits=anywhere, horizon=horizon)
        if problem is None:
            return False
        if problem.extremes() is not None:
            return True
        if not any(span.open_first or span.open_last for span in problem.spans):
            return False
    return False
