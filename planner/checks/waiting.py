"""A wait list: the assessments of those who wait beside those of the arm that does not."""

from collections.abc import Iterator

from planner.checks.finding import Finding, Related
from planner.checks.order import Order
from planner.checks.rooms import about
from planner.checks.subject import Subject
from planner.checks.targets import target_days
from planner.protocol.course import Occurrence
from planner.schedule.windows import effective_windows
from planner.units import CalendarDistance

_BEFORE_TREATMENT = ("screening", "baseline", "preparation")


def unmatched(subject: Subject) -> Iterator[Finding]:
    """Assessments of a waiting arm that need not be as far from the anchor as the other arm's."""
    arms = [arm for arm in subject.different_arms() if subject.is_consistent(arm)]
    plans = [_Plan(subject, arm) for arm in arms]
    told = set()
    for waiting in plans:
        for other in plans:
            if other is waiting:
                continue
            for activity in waiting.endpoints():
                # What is not paired off at the end is longer follow-up of one arm alone.
                pairs = zip(waiting.waiting(activity), other.treated(activity), strict=False)
                for one, counterpart in pairs:
                    mine, theirs = waiting.windows[one.id], other.windows[counterpart.id]
                    if (mine == theirs and mine.first == mine.last) or one.path in told:
                        continue
                    told.add(one.path)
                    yield _apart(waiting, one, other, counterpart)


class _Plan:
    """The course of one arm, with what of it comes before and after dosing."""

    def __init__(self, subject: Subject, arm: str | None) -> None:
        self.arm = arm
        self.protocol = subject.protocol
        self.schedule = subject.schedule(arm)
        self.course = self.schedule.course
        self.order = Order(self.schedule)
        self.windows = effective_windows(self.schedule)
        self.targets = target_days(self.course, self.course.anchor or "")
        dosing = [one for one in self.course.visits if one.kind == "dosing"]
        self.dosing = self.order.in_time(dosing)

    def endpoints(self) -> list[str]:
        """The primary endpoints; the secondary ones where there are none."""
        for word in ("primary", "secondary"):
            found = [name for name, one in self.protocol.activities.items() if one.endpoint == word]
            if found:
                return found
        return []

    def waiting(self, activity: str) -> list[Occurrence]:
        """Assessments after the anchor and before the first dosing session, in order."""
        if not self.dosing or self.course.anchor is None:
            return []
        anchor, first = self.course.anchor, self.dosing[0]
        return [
            one
            for one in self._with(activity)
            if one.id != anchor
            and one.kind not in _BEFORE_TREATMENT
            and self._is_before(one.id, first.id)
            and self._is_before(anchor, one.id)
        ]

    def treated(self, activity: str) -> list[Occurrence]:
        """Assessments after the last dosing session, in order."""
        if not self.dosing or self.course.anchor is None:
            return []
        last = self.dosing[-1].id
        return [one for one in self._with(activity) if self._is_before(last, one.id)]

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
        found = [one for one in self.course.visits if activity in one.visit.activities]
        return self.order.in_time(found)


def _apart(waiting: _Plan, one: Occurrence, other: _Plan, counterpart: Occurrence) -> Finding:
    message = (
        f"`{one.id}` in `{waiting.arm}` lies {waiting.place(one.id)} after"
        f" `{waiting.course.anchor}`; `{counterpart.id}` in `{other.arm}`, which it stands"
        f" against, lies {other.place(counterpart.id)}: they are to match and need not"
    )
    hint = "say by windows how far apart they may be, or which distance the comparison means"
    related = (Related(f"`{counterpart.id}`", counterpart.path),)
    names = (*about(waiting.course, one.id), *about(other.course, counterpart.id))
    return Finding("wait-list-unmatched", "note", message, one.path, hint, related, names)
