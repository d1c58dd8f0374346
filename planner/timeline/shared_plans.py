"""Plans of participants under way from the tables that they share, where these tell the plan.

They are those of a search (`planner.timeline.replanning`): where no plan keeps every window, too.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from planner.timeline.candidates import Way
from planner.timeline.cohort import CohortPlanner
from planner.timeline.course_planner import CoursePlanner, PlacedVisit, Plan
from planner.timeline.deviation import outside_of
from planner.timeline.replanning import Replanner


class SharedPlan(NamedTuple):
    """A plan, and whether it keeps every window."""

    plan: Plan
    keeps_windows: bool


class SharedPlans:
    """Plans any number of participants from one date on.

    Args:
        today: the first date on which what is not settled can take place.
    """

    def __init__(self, today: date) -> None:
        self.today = today.toordinal()
        self._tables: dict[CoursePlanner, CohortPlanner | None] = {}

    def plan(self, planner: Replanner, start: date) -> SharedPlan | None:
        """The best plan of one participant, or the one with the least total deviation.

        Args:
            planner: the participant's.
            start: the date of the anchor visit, or of the visit that days are counted from.

        Returns:
            ``None`` where a search has to tell: for courses with clock distances, beside visits
            that did not take place and have no date, and where nothing is known.
        """
        so_far, course = planner.so_far, planner.before
        nowhere = so_far.not_done & planner.index.keys() - so_far.fixed.keys()
        if so_far.today is None or so_far.today < self.today or nowhere:
            return None
        if course not in self._tables:
            serves = CohortPlanner.serves(course)
            self._tables[course] = CohortPlanner(course, self.today) if serves else None
        tables = self._tables[course]
        anchor = planner.course.anchor
        pinned = {}
        if anchor is not None and anchor not in so_far.fixed and planner.origin is None:
            pinned = {anchor: start.toordinal()}
        rest = None if tables is None else tables.rest(so_far, pinned=pinned)
        if tables is None or rest is None:
            return None
        placed = tables.plan(rest, so_far, pinned=pinned)
        if placed is None:
            return None
        ways, visits = [], []
        for at, name in enumerate(planner.names):
            way, first, last = placed.get(at), None, None
            if way is None:
                event = so_far.fixed[name]
                way = Way(event.start, event.day, event.end, event.end_day, 0)
                first = last = event.day
            else:
                days = tables.columns[at].days
                first = None if at in rest.open_first else days[rest.low[at]]
                last = None if at in rest.open_last else days[rest.high[at]]
            if rest.stuck:
                first = last = None  # there is no room in a plan that breaks windows
            ways.append(way)
            visits.append(PlacedVisit(way.start, way.day, way.end, way.end_day, first, last))
        plan = Plan(start.toordinal(), tuple(visits), planner.cost_of(ways))
        if pinned and _breaks(planner, plan, {*so_far.fixed, *pinned}):
            return None  # the tables do not ask whether what took place lets the anchor stay
        return SharedPlan(plan, not rest.stuck)


def _breaks(planner: Replanner, plan: Plan, visits: Collection[str]) -> bool:
    """Whether a plan breaks a rule between two of some visits that binds still."""
    for number, rule, window in planner.bounds:
        reference, point = rule.reference.visit, rule.point.visit
        if (
            reference in visits
            and point in visits
            and planner.binding((number,), frozenset(planner.so_far.fixed))
        ):
            placed = (plan.visits[planner.index[name]] for name in (reference, point))
            if outside_of(window, rule, *placed) is not None:
                return True
    return False
