from collections.abc import Iterator
from itertools import permutations

from planner.checks.framework import Flag, check, for_each
from planner.checks.subject import Subject
from planner.checks.targets import target_days, target_steps
from planner.checks.visit_order import Order, visit_orders
from planner.protocol.course import Occurrence
from planner.schedule.slack import effective_windows
from planner.time.distance import CalendarDistance

_BEFORE_TREATMENT = ("screening", "run-in", "baseline", "randomization", "preparation")


class _Plan:
    """The course of one arm, with what of it comes before and after dosing."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.course = order.course
        self.windows = effective_windows(order.schedule)
        self.targets = target_days(target_steps(self.course), self.course.anchor or "")
        self.dosing = order.of_kind("dosing")

    def endpoints(self) -> list[str]:
        """The primary endpoints; the secondary ones where there are none."""
        activities = self.course.protocol.activities.items()
        for word in ("primary", "secondary"):
            names = [name for name, activity in activities if activity.endpoint == word]
            if names:
                return names
        return []

    def waiting(self, activity: str) -> list[Occurrence]:
        """Assessments after the anchor and before the first dosing session, in order."""
        if not self.dosing or self.course.anchor is None:
            return []
        anchor, first = self.course.anchor, self.dosing[0]
        return [
            visit
            for visit in self._with(activity)
            if visit.id != anchor
            and visit.kind not in _BEFORE_TREATMENT
            and self._is_before(visit.id, first.id)
            and self._is_before(anchor, visit.id)
        ]

    def treated(self, activity: str) -> list[Occurrence]:
        """Assessments after the last dosing session, in order."""
        if not self.dosing or self.course.anchor is None:
            return []
        last = self.dosing[-1].id
        return [visit for visit in self._with(activity) if self._is_before(last, visit.id)]

    def _is_before(self, visit: str, other: str) -> bool:
        """Whether one visit comes before another in every schedule, or is meant to."""
        if self.order.comes_before(visit, other):
            return True
        aimed, reached = self.targets.get(visit), self.targets.get(other, self.windows[other].first)
        return aimed is not None and reached is not None and aimed < reached

    def place(self, visit: str) -> str:
        """Where a visit lies after the anchor: `5w`, `4w..6w`, `5w (1d.. is allowed)`."""
        first, last = (
            "" if day is None else str(CalendarDistance(0, day)) for day in self.windows[visit]
        )
        window = first if first == last and first else f"{first}..{last}"
        target = self.targets.get(visit)
        if target is None or self.windows[visit] == (target, target):
            return window
        allowed = "any day" if window == ".." else window
        return f"{CalendarDistance(0, target)} ({allowed} is allowed)"

    def _with(self, activity: str) -> list[Occurrence]:
        visits = [visit for visit in self.course.visits if activity in visit.visit.activities]
        return self.order.in_time(visits)


def _waiting_beside_treated(subject: Subject) -> Iterator[tuple[_Plan, _Plan]]:
    """Each two different arms of a wait-list design, either one as that which waits."""
    if "wait-list" in subject.protocol.design:
        yield from permutations([_Plan(order) for order in visit_orders(subject)], 2)


@check(
    "note",
    "a wait list whose assessments may not match the other arm's in time",
    what="In a wait-list design, the endpoint assessments of the waiting arm before its first"
    " dosing session, each compared with the assessment of the same endpoint in the other arm"
    " after its dosing, in their order. Reported are those for which the rules allow"
    " different distances from the anchor, or more than one.",
    why="The comparison assumes the same time in both arms: five weeks of waiting against a"
    " week after treatment. If treatment takes longer in one participant than in another, the"
    " times differ.",
    bad="""\
design: [open-label, wait-list]
arms: [{id: immediate}, {id: waiting}]
activities:
  scale: {endpoint: primary}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 3w..5w}
        by_arm: {waiting: {after: {visit: baseline, within: 8w..10w}}}
      - {id: endpoint, arms: immediate, activities: [scale], after: {visit: dosing, within: 1w}}
      - {id: wait, arms: waiting, activities: [scale], after: {visit: baseline, within: 5w}}
""",
    good="""\
design: [open-label, wait-list]
arms: [{id: immediate}, {id: waiting}]
activities:
  scale: {endpoint: primary}
epochs:
  - id: treatment
    visits:
      - {id: baseline}
      - id: dosing
        after: {visit: baseline, within: 4w}
        by_arm: {waiting: {after: {visit: baseline, within: 8w..10w}}}
      - {id: endpoint, arms: immediate, activities: [scale], after: {visit: dosing, within: 1w}}
      - {id: wait, arms: waiting, activities: [scale], after: {visit: baseline, within: 5w}}
""",
)
@for_each(_waiting_beside_treated)
def wait_list_unmatched(plans: tuple[_Plan, _Plan]) -> Iterator[Flag]:
    waiting, other = plans
    for activity in waiting.endpoints():
        # What is not paired off at the end is longer follow-up of one arm alone.
        pairs = zip(waiting.waiting(activity), other.treated(activity), strict=False)
        for visit, counterpart in pairs:
            mine, theirs = waiting.windows[visit.id], other.windows[counterpart.id]
            if mine != theirs or mine.first != mine.last:
                yield _apart(waiting, visit, other, counterpart)


def _apart(waiting: _Plan, visit: Occurrence, other: _Plan, counterpart: Occurrence) -> Flag:
    message = (
        f"`{visit.id}` in `{waiting.course.arm}` is {waiting.place(visit.id)} after"
        f" `{waiting.course.anchor}`; `{counterpart.id}` in `{other.course.arm}`, which it stands"
        f" with, is {other.place(counterpart.id)}: their times should match, and need not"
    )
    hint = "say by windows how far apart they may be, or which distance the comparison means"
    return Flag(visit.path, message, hint, related=[counterpart], about=[visit, counterpart])
